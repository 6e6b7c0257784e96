"""The status page: what was last reported of measures by a date, in groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import NONE, DroppedParameter
from app.i18n.formats import day, enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads import measures
from app.record.reads.measures import Measure
from app.record.rules.reported_status import CONFIRMED_FOR_MONTHS
from app.record.rules.reported_steps import days_of_change, reported_steps
from app.site.components.badges import Badge
from app.site.components.linked_text import TextPart
from app.site.components.place_links import PlaceLink
from app.site.components.related_lists import related_lists
from app.site.components.reported_status import last_reported_badges
from app.site.components.urls import PageLink, address, place_page_address
from app.site.lists.summary import notices
from app.site.references.citable import CitableView, plain_title
from app.site.status.entries import MeasureEntry, measure_entry
from app.site.status.life_bar import YearScale, scale_of
from app.site.status.on_day import (
    DayStatus,
    ReportedMeasure,
    covers_of,
    day_of,
    day_status,
    days_around,
    in_group,
    status_address,
)
from app.site.status.summary import place_labels, places_in_words, sentences
from app.vocabulary.events import EventLink, StatusGroup, Step
from app.vocabulary.record import PlaceKind
from app.web.urls import url


def view_of_day(
    edition: IndexedEdition, filters: StatusFilters, directory: Directory
) -> CitableView:
    on = day_of(filters, edition)
    return CitableView(
        edition=edition,
        page=status_address(filters.with_(on=on.isoformat(), edition=None)),
        name="-".join(["status", *filters["place"][:3], on.isoformat()]),
        title=plain_title([title_of_day(filters, on, directory)]),
        remark=_("a last report does not show that a rule was in force on the day"),
    )


# Page model -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """The measures of one group."""

    code: str
    anchor: str
    label: str
    note: str
    is_folded: bool
    """Whether it is listed as a closed table: older reports and plans may no longer apply."""
    count: int
    entries: Sequence[MeasureEntry]


@dataclass(frozen=True)
class Deadline:
    day: str
    distance: str
    title: str
    address: str
    covers: str


@dataclass(frozen=True)
class Undated:
    """A measure without any dated step, which no status page can place."""

    steps: Sequence[Badge]
    title: str
    address: str


@dataclass(frozen=True)
class StatusPage:
    """The page model of `site/status/page.html`."""

    title: str
    day: date
    where: str
    """Content of the form's place field: names of the selected places, and unknown input."""
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the form: (key, value)."""
    sentence: Sequence[TextPart]
    """One sentence for each part: the total, then each group with a link to it."""
    notices: Sequence[str]
    related: Sequence[PageLink]
    """The page and lists of the place; empty unless one is selected."""
    around: Sequence[PlaceLink]
    """Places that contain the selected ones, with links to their status pages."""
    scale: YearScale
    months: int
    """How long a report counts as recent."""
    open_groups: Sequence[Group]
    folded_groups: Sequence[Group]
    done: Group | None
    """Acts done once, which are no rules."""
    deadlines: Sequence[Deadline]
    undated: Sequence[Undated]
    further: int
    further_address: str
    acts: str
    acts_address: str
    steps: Sequence[tuple[str, str]]
    """Links to other days: (label, address)."""
    json_address: str
    csv_address: str
    lasting_address: str


# The page ---------------------------------------------------------------------------------------


def status(
    db: Session,
    edition: IndexedEdition,
    query: tuple[StatusFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> StatusPage:
    filters, dropped = query
    result = day_status(db, edition, filters, directory)
    bare = filters.with_(edition=None)
    covers = covers_of(filters, directory)
    scale = scale_of((each for group in OPEN for each in in_group(result, group)), result.on)
    groups = [_group(group, result, scale, covers, directory) for group in StatusGroup]
    groups = [group for group in groups if group.count]
    return StatusPage(
        title=title_of_day(filters, result.on, directory),
        day=result.on,
        where=enumerate_words(
            [
                *place_labels(filters, directory),
                *(item.value for item in dropped if item.key == "place"),
            ]
        ),
        kept=[pair for pair in filters.pairs() if pair[0] not in {"on", "place"}],
        sentence=sentences(
            filters,
            edition,
            result,
            [(StatusGroup(group.code), group.count, f"#{group.anchor}") for group in groups],
            directory,
        ),
        notices=_notices(filters, dropped, result, edition, directory),
        related=_related_pages(filters, edition, directory),
        around=_wider_places(bare, directory),
        scale=scale,
        months=CONFIRMED_FOR_MONTHS,
        open_groups=[group for group in groups if not group.is_folded],
        folded_groups=[g for g in groups if g.is_folded and g.code != StatusGroup.DONE],
        done=next((group for group in groups if group.code == StatusGroup.DONE), None),
        deadlines=_deadlines(result, covers),
        undated=[
            Undated(
                last_reported_badges(measure.payload),
                measure.form["title"],
                url("event", id=measure.id),
            )
            for measure in result.undated
        ],
        further=result.further,
        further_address=address(
            EventFilters.made_of({"place": filters["place"]}, {"stage": (NONE,)})
        ),
        acts=ngettext("{count} event", "{count} events", result.other_event_count),
        acts_address=address(result.other_events) if result.other_event_count else "",
        steps=_other_days(bare, result),
        json_address=status_address(filters, ".json"),
        csv_address=status_address(filters, ".csv"),
        lasting_address=status_address(
            filters.with_(on=result.on.isoformat(), edition=str(edition.no))
        ),
    )


OPEN = (StatusGroup.RECENT, StatusGroup.LAW, StatusGroup.ENDED)
"""Groups that are shown in full. The others are folded, with their number."""
ANCHORS = {
    StatusGroup.RECENT: "recent",
    StatusGroup.LAW: "laws",
    StatusGroup.ENDED: "ended",
    StatusGroup.UNCONFIRMED: "old",
    StatusGroup.PLANNED: "plans",
    StatusGroup.CARRIED_OUT: "carried-out",
    StatusGroup.DONE: "done",
}
HEADINGS = {
    StatusGroup.RECENT: N_("Reported in the past 24 months"),
    StatusGroup.LAW: N_("Laws and listings with no recorded end"),
    StatusGroup.ENDED: N_("Reported ended, or stated end passed"),
    StatusGroup.UNCONFIRMED: N_("Not confirmed in the past 24 months"),
    StatusGroup.PLANNED: N_("Planned; start not reported"),
    StatusGroup.CARRIED_OUT: N_("Planned; carried out by another event"),
    StatusGroup.DONE: N_("Acts done once"),
}


def _group(
    group: StatusGroup,
    result: DayStatus,
    scale: YearScale,
    covers: Callable[[Measure], str],
    directory: Directory,
) -> Group:
    found = in_group(result, group)
    entries = [measure_entry(each, result, scale, covers, directory) for each in found]
    return Group(
        code=group,
        anchor=ANCHORS[group],
        label=_(HEADINGS[group]),
        note=_group_note(group, found, entries),
        is_folded=group not in OPEN,
        count=len(found),
        entries=entries,
    )


def _group_note(
    group: StatusGroup, found: Sequence[ReportedMeasure], entries: Sequence[MeasureEntry]
) -> str:
    match group:
        case StatusGroup.LAW:
            return _("A law is listed until its end is recorded, even without recent reports.")
        case StatusGroup.UNCONFIRMED:
            unconfirmed = _("No report that we read confirms them for a later day.")
            if any(map(_is_eased, found)) or any(map(_is_reversed, entries)):
                some = _("Some were reported as eased or reversed.")
                return " ".join((unconfirmed, some))
            return unconfirmed
        case StatusGroup.DONE:
            return ngettext("{count} act", "{count} acts", len(found))
    return ngettext("{count} measure", "{count} measures", len(found))


def _is_eased(each: ReportedMeasure) -> bool:
    tracks = (each.status.main, each.status.other)
    return any(track.last.step is Step.EASED for track in tracks if track)


def _is_reversed(entry: MeasureEntry) -> bool:
    reversals = {EventLink.REVERSES, EventLink.PARTLY_REVERSES}
    return any(line.type in reversals for line in entry.objections)


# Title, summary and neighbours ------------------------------------------------------------------


def title_of_day(filters: StatusFilters, on: date, directory: Directory) -> str:
    within = [places_in_words(filters, directory)] if filters["place"] else []
    within += [directory.label(noun, code) for noun in ("law", "actor") for code in filters[noun]]
    if not within:
        return _("Rules last reported for {day}").format(day=day(on))
    return _("Rules last reported for {day}: {place}").format(
        day=day(on), place=enumerate_words(within)
    )


def _notices(
    filters: StatusFilters,
    dropped: Sequence[DroppedParameter],
    result: DayStatus,
    edition: IndexedEdition,
    directory: Directory,
) -> list[str]:
    found = notices(filters, dropped, directory)
    if result.on > edition.at.date():
        found.append(
            _("Edition {no} is of {day} and has no later reports.").format(
                no=edition.no, day=day(edition.at.date())
            )
        )
    if len(result.measures) == measures.MAX_MEASURES:
        found.append(
            _(
                "This page shows only the newest {count} measures. Choose a place to see all "
                "of its measures."
            ).format(count=measures.MAX_MEASURES)
        )
    return found


def _related_pages(
    filters: StatusFilters, edition: IndexedEdition, directory: Directory
) -> list[PageLink]:
    if len(filters["place"]) != 1 or filters.one("place") not in directory.places:
        return []
    code = filters.one("place")
    label = _("Open {name}").format(name=directory.label("place", code))
    # The last link is to this page.
    lists = related_lists(edition, code)[:-1]
    return [PageLink(label, place_page_address(directory, code)), *lists]


def _wider_places(filters: StatusFilters, directory: Directory) -> list[PlaceLink]:
    codes = measures.ancestors_of(filters["place"], directory)
    return [
        PlaceLink(directory.label("place", code), status_address(filters.with_(place=code)), ())
        for code in sorted(codes, key=lambda code: PLACE_KINDS.index(directory.places[code].kind))
        if code in directory.places
    ]


PLACE_KINDS = list(PlaceKind)


def _deadlines(result: DayStatus, covers: Callable[[Measure], str]) -> list[Deadline]:
    some = [
        (m, m.deadline)
        for m in result.measures
        if m.deadline and m.deadline.overlaps(result.nearby)
    ]
    return [
        Deadline(
            measure.payload["deadline_words"],
            _distance(deadline, result.on),
            measure.form["title"],
            url("event", id=measure.id),
            covers(measure),
        )
        for measure, deadline in sorted(some, key=lambda pair: pair[1].last or date.max)
    ]


def _distance(deadline: edtf.Days, on: date) -> str:
    """Return the distance in words. A deadline passes at the end of its last possible day."""
    if deadline.last and deadline.last < on:
        days = (on - deadline.last).days
        return ngettext("{count} day before", "{count} days before", days)
    if deadline.first and deadline.first > on:
        days = (deadline.first - on).days
        return ngettext("{count} day later", "{count} days later", days)
    return _("that day") if deadline.first == deadline.last else _("includes that day")


def _other_days(filters: StatusFilters, result: DayStatus) -> list[tuple[str, str]]:
    """Return links to the adjacent days, and to the nearest days with a change of stage."""
    on, (first, last) = result.on, days_around(result.on)
    reached = {
        changes
        for m in result.measures
        for step in reported_steps(m.payload)
        for changes in days_of_change(step)
    }
    others = [
        (_("Last change before: {day}"), max((d for d in reached if d < on), default=None)),
        (_("One day earlier"), on - timedelta(days=1) if on > first else None),
        (_("One day later"), on + timedelta(days=1) if on < last else None),
        (_("Next change: {day}"), min((d for d in reached if d > on), default=None)),
    ]
    return [
        (label.format(day=day(other)), status_address(filters.with_(on=other.isoformat())))
        for label, other in others
        if other
    ]
