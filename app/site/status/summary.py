"""The summary of the status page: how many measures the record has, and in which groups."""

from collections.abc import Sequence

from app.i18n.formats import alternatives, day, enumerate_words
from app.i18n.translate import _, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import StatusFilters
from app.record.names.directory import Directory
from app.site.components.linked_text import TextPart
from app.site.status.on_day import DayStatus, covers_of
from app.vocabulary.events import StatusGroup


def places_in_words(filters: StatusFilters, directory: Directory) -> str:
    return alternatives(place_labels(filters, directory))


def place_labels(filters: StatusFilters, directory: Directory) -> list[str]:
    return [directory.label("place", code) for code in filters["place"]]


def _counted_by_place(here: int, larger: int, place: str) -> str:
    """Return how many measures name the place, and how many only a larger one."""
    named = ngettext(
        "{count} measure for {{place}} or a place in it",
        "{count} measures for {{place}} or a place in it",
        here,
    ).format(place=place)
    if not larger:
        return named
    wider = ngettext(
        "{count} for a larger place around it",
        "{count} for larger places around it",
        larger,
    )
    # l10n: numbers of measures: of a place, and of larger places around it
    return _("{named}, and {wider}").format(named=named, wider=wider)


def sentences(
    filters: StatusFilters,
    edition: SelectedEdition,
    result: DayStatus,
    groups: Sequence[tuple[StatusGroup, int, str]],
    directory: Directory,
) -> list[TextPart]:
    """Return the summary, of groups with their numbers and addresses.

    These numbers add up to that of the first sentence. Acts done once are no measures that go on:
    they are counted apart, last.
    """
    covers = covers_of(filters, directory)
    rules = [each for each in result.reported if each.status.group is not StatusGroup.DONE]
    larger = sum(bool(covers(each.measure)) for each in rules)
    total, on = len(rules), day(result.on)
    counted = ngettext("{count} measure", "{count} measures", total)
    if filters["place"]:
        counted = _counted_by_place(total - larger, larger, places_in_words(filters, directory))
    if result.on < edition.at.date():
        # Reports of later years also tell of it.
        first = _("For {day}, the record has {measures}, according to reports known today.")
    else:
        first = _("For {day}, the record has {measures}.")
    first = first.format(day=on, measures=counted)
    if result.people:
        labels = enumerate_words(directory.label("nationality", code) for code in result.people)
        # l10n: whose rules on stay, entry, work and exit these are
        first = _("{sentence} Nationality: {names}.").format(sentence=first, names=labels)
    parts = [TextPart(first, is_strong=True)]
    if not total:
        parts.append(TextPart(_("No entry does not mean that nothing happened.")))
    return parts + [
        TextPart(_group_sentence(group, count), address) for group, count, address in groups
    ]


def _group_sentence(group: StatusGroup, count: int) -> str:
    match group:
        case StatusGroup.RECENT:
            return ngettext(
                "{count} was reported in the past 24 months.",
                "{count} were reported in the past 24 months.",
                count,
            )
        case StatusGroup.LAW:
            return ngettext(
                "{count} is a law or listing with no recorded end.",
                "{count} are laws or listings with no recorded end.",
                count,
            )
        case StatusGroup.ENDED:
            return ngettext(
                "{count} was reported as ended or has passed its stated end.",
                "{count} were reported as ended or have passed their stated end.",
                count,
            )
        case StatusGroup.UNCONFIRMED:
            return ngettext(
                "{count} was not confirmed in the past 24 months.",
                "{count} were not confirmed in the past 24 months.",
                count,
            )
        case StatusGroup.CARRIED_OUT:
            return ngettext(
                "{count} was planned and is carried out by another event in the record.",
                "{count} were planned and are carried out by other events in the record.",
                count,
            )
        case StatusGroup.DONE:
            return ngettext(
                "{count} single act is listed separately.",
                "{count} single acts are listed separately.",
                count,
            )
    return ngettext(
        "{count} was planned, with no report of a start.",
        "{count} were planned, with no report of a start.",
        count,
    )
