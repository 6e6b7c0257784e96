"""The filter of a list in words: title, summary sentence, chips and notices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.dates import edtf
from app.dates import wording as dates_wording
from app.filtering import NONE, DroppedParameter, Filters, Terms, Words
from app.i18n.formats import day
from app.i18n.translate import N_, _, ngettext
from app.record import search
from app.record.filters import EstimateFilters, EventFilters, ListFilters, SourceFilters
from app.record.index.results import ListCounts
from app.record.names.directory import Directory
from app.record.sql import conditions
from app.record.terms import TermPair
from app.record.words.query import is_too_common, parse
from app.site.components.linked_text import TextPart
from app.site.components.urls import address
from app.site.lists.chips import chips
from app.vocabulary.estimates import Counts as Counted
from app.vocabulary.estimates import Rivalry
from app.vocabulary.record import NAMED_NOUNS, RecordNoun
from app.vocabulary.sources import PublishedBasis
from app.vocabulary.support import Corroboration


@dataclass(frozen=True)
class ListWording:
    """Messages of the lists of one kind of record."""

    title: str
    search: str
    """Label of the list's own search field."""
    some: Callable[[int], str]
    none: str
    could: str
    """Precedes a period that rows could fall in; `must`: a period that they must fall in."""
    must: str
    place: str
    drawn: str
    """Caption of the histogram."""
    in_many: str
    """Note on rows that count in several bars."""
    aside: Callable[[ListFilters, ListCounts], "list[TextPart]"]
    """Returns the end of the summary: how many rows are weak, disputed or in conflict."""
    weighed: Sequence[TermPair]
    """The codes that `aside` needs counted."""


def title(filters: ListFilters, directory: Directory) -> str:
    """Return the title of a list page: searched words, places and period."""
    words = filters.one("q")
    parts = [f"“{words}”"] if words else []
    if filters["place"]:
        parts.append(
            _("in {places}").format(
                places=_labels_joined_by_or("place", filters["place"], directory)
            )
        )
    bounds = [filters.one(key) for key in filters.PERIODS[0]]
    if any(bounds):
        parts.append(
            _(" to ").join(dates_wording.in_words(text) for text in dict.fromkeys(bounds) if text)
        )
    return f"{_(WORDING[filters.KIND].title)} {', '.join(parts)}".strip()


def sentence(filters: ListFilters, counted: ListCounts, directory: Directory) -> list[TextPart]:
    """Return the summary of a list. Counts link to the rows that they count."""
    total, wording = counted.total, WORDING[filters.KIND]
    # Words that nothing has do not tell that a thing is not on record.
    has_number = total or filters.one("q")
    parts = [TextPart(wording.some(total) if has_number else _(wording.none), is_strong=True)]
    window = conditions.window_of(filters)
    if window != edtf.Days():
        parts.append(
            TextPart(_(wording.must if filters["match"] == ("certain",) else wording.could))
        )
    if filters["place"]:
        parts += [
            TextPart(_(wording.place)),
            TextPart(_labels_joined_by_or("place", filters["place"], directory), is_strong=True),
        ]
    if filters.excluded.get("place"):
        parts += [
            TextPart(_(", not in ")),
            TextPart(
                _labels_joined_by_or("place", filters.excluded["place"], directory), is_strong=True
            ),
        ]
    if window.first and window.last:
        first, last = (
            day(window.first, with_year=window.first.year != window.last.year),
            day(window.last),
        )
        parts += [
            TextPart(_(" between ")),
            TextPart(first, is_strong=True),
            TextPart(_(" and ")),
            TextPart(last, is_strong=True),
        ]
    elif window.first:
        parts += [TextPart(_(" on or after ")), TextPart(day(window.first), is_strong=True)]
    elif window.last:
        parts += [TextPart(_(" on or before ")), TextPart(day(window.last), is_strong=True)]
    if filters.one("q"):
        parts += [TextPart(_(" with ")), TextPart(f"“{filters.one('q')}”", is_strong=True)]
    rest = [
        chip.label
        for chip in chips(filters, directory, but=("q", *filters.PERIODS[0], "match", "place"))
    ]
    if rest:
        parts.append(TextPart("; " + "; ".join(rest)))
    parts.append(TextPart(". "))
    aside = wording.aside(filters, counted) if total else []
    return parts + [replace(part, is_aside=True) for part in aside]


def summary_text(filters: ListFilters, counted: ListCounts, directory: Directory) -> str:
    """Return the summary as plain text, for files."""
    return (
        "".join(part.text for part in sentence(filters, counted, directory))
        .replace("\u00a0", " ")
        .strip()
    )


def _linked_count(filters: ListFilters, counted: ListCounts, key: str, code: str) -> TextPart:
    """Return the number of rows with a code, linked to the list of them."""
    count = counted.having(key, code)
    return TextPart(f"{count:,}", address(filters.with_(**{key: code})) if count else "")


def _support_and_disputes(filters: ListFilters, counted: ListCounts) -> list[TextPart]:
    disputed = counted.total - counted.having("disputed", NONE)
    without = filters.made_of(filters.included, {**filters.excluded, "disputed": (NONE,)})
    anonymous = counted.having("corroboration", Corroboration.SINGLE_ANONYMOUS)
    return [
        _linked_count(filters, counted, "corroboration", Corroboration.SINGLE_ANONYMOUS),
        TextPart(
            ngettext(
                " has a single anonymous source, ", " have a single anonymous source, ", anonymous
            )
        ),
        _linked_count(filters, counted, "corroboration", Corroboration.INDEPENDENT),
        TextPart(_(" independent sources, ")),
        _linked_count(filters, counted, "corroboration", Corroboration.DOCUMENTED),
        TextPart(_(" an official document; ")),
        TextPart(f"{disputed:,}", address(without) if disputed else ""),
        TextPart(ngettext(" is disputed.", " are disputed.", disputed)),
    ]


def _kinds_and_conflicts(filters: ListFilters, counted: ListCounts) -> list[TextPart]:
    rivals = counted.having("conflict", Rivalry.CONFLICTS)
    present = counted.having("counts", Counted.PRESENT)
    return [
        _linked_count(filters, counted, "counts", Counted.PRESENT),
        TextPart(ngettext(" counts people present; ", " count people present; ", present)),
        _linked_count(filters, counted, "conflict", Rivalry.CONFLICTS),
        TextPart(
            ngettext(" is in conflict with another. ", " are in conflict with another. ", rivals)
        ),
        TextPart(_("Figures of different kinds are never added up.")),
    ]


def _date_basis_and_archives(filters: ListFilters, counted: ListCounts) -> list[TextPart]:
    stated, inferred = (
        counted.having("basis", basis) for basis in (PublishedBasis.STATED, PublishedBasis.INFERRED)
    )
    archived = counted.having("has", "archive")
    return [
        _linked_count(filters, counted, "basis", PublishedBasis.STATED),
        TextPart(ngettext(" states its date, ", " state their date, ", stated)),
        _linked_count(filters, counted, "basis", PublishedBasis.INFERRED),
        TextPart(
            ngettext(" has a date that we inferred; ", " have a date that we inferred; ", inferred)
        ),
        _linked_count(filters, counted, "has", "archive"),
        TextPart(ngettext(" has an archived copy.", " have an archived copy.", archived)),
    ]


WORDING: dict[str, ListWording] = {
    EventFilters.KIND: ListWording(
        title=N_("Events"),
        search=N_("Search events"),
        some=lambda count: ngettext("{count} event", "{count} events", count),
        none=N_("No event on record"),
        could=N_(" that could have happened"),
        must=N_(" that must have happened"),
        place=N_(" in "),
        drawn=N_("Events by when they happened; each bar opens its time"),
        in_many=N_("What is known only to the year, or goes on, counts as possible in many."),
        aside=_support_and_disputes,
        weighed=[
            ("corroboration", Corroboration.SINGLE_ANONYMOUS),
            ("corroboration", Corroboration.INDEPENDENT),
            ("corroboration", Corroboration.DOCUMENTED),
            ("disputed", NONE),
        ],
    ),
    EstimateFilters.KIND: ListWording(
        title=N_("Estimates"),
        search=N_("Search estimates"),
        some=lambda count: ngettext("{count} figure", "{count} figures", count),
        none=N_("No figure on record"),
        could=N_(" that could hold"),
        must=N_(" that must hold"),
        place=N_(" for "),
        drawn=N_("Figures by the time they hold for; each bar opens its time"),
        in_many=N_(
            "What is known only to the year, or holds for long, counts as possible in many."
        ),
        aside=_kinds_and_conflicts,
        weighed=[("counts", Counted.PRESENT), ("conflict", Rivalry.CONFLICTS)],
    ),
    SourceFilters.KIND: ListWording(
        title=N_("Sources"),
        search=N_("Search sources"),
        some=lambda count: ngettext("{count} source", "{count} sources", count),
        none=N_("No source on record"),
        could=N_(" that could have been published"),
        must="",
        place=N_(" about "),
        drawn=N_("Sources by when they were published; each bar opens its time"),
        in_many=N_("What is dated only to the year counts as possible in many."),
        aside=_date_basis_and_archives,
        weighed=[
            ("basis", PublishedBasis.STATED),
            ("basis", PublishedBasis.INFERRED),
            ("has", "archive"),
        ],
    ),
}


def _labels_joined_by_or(vocabulary: str, codes: Sequence[str], directory: Directory) -> str:
    return _(" or ").join(directory.label(vocabulary, code) for code in codes)


def notices(
    filters: Filters, dropped: Sequence[DroppedParameter], directory: Directory
) -> list[str]:
    """Return messages on invalid, unknown and retired parts of the query."""
    found = [
        _("“{key}={value}” is left out: {reason}.").format(
            key=_shortened(item.key),
            value=_shortened(item.value),
            reason=_as_clause(_(item.reason)),
        )
        for item in dropped[:MAX_NOTICES]
    ]
    if more := len(dropped) - MAX_NOTICES if len(dropped) > MAX_NOTICES else 0:
        found.append(
            ngettext(
                "{count} more part of the address could not be understood.",
                "{count} more parts of the address could not be understood.",
                more,
            )
        )
    found += [
        _("“{words}” has no word to look for, and leaves nothing out.").format(
            words=_shortened(typed)
        )
        for key in filters.FILTERS
        if isinstance(key, Words)
        and (typed := filters.one(key.key))
        and not search.parse_query(typed)
    ]
    found += [
        too_common(typed)
        for key in filters.FILTERS
        if isinstance(key, Words)
        and (typed := filters.one(key.key))
        and is_too_common(parse(typed, directory))
    ]
    for key, value in unknown_codes(filters, directory):
        if key.vocabulary in NAMED_NOUNS:
            message = _("There is no {kind} “{value}” in this edition, so nothing matches.")
            kind = _(RecordNoun(key.vocabulary).label)
        else:
            message = _("There is no “{value}” under {kind} in this edition, so nothing matches.")
            kind = _(key.title)
        found.append(message.format(value=value, kind=kind.lower()))
    for key in filters.terms():
        for code in (*filters[key.key], *filters.excluded.get(key.key, ())):
            if successor := directory.successor(key.vocabulary, code):
                message = _(
                    "“{old}” was retired; “{new}” stands for it, and this is what that finds."
                )
                labels = (directory.label(key.vocabulary, each) for each in (code, successor))
                found.append(message.format(**dict(zip(("old", "new"), labels, strict=True))))
    return found


MAX_NOTICES = 5


def too_common(words: str) -> str:
    """Return what to type instead of words that nearly every text has."""
    return _(
        "“{words}” is in nearly every text. Type a name, a topic, a number or an id, such as "
        "“Dandong”, “unpaid wages”, “2397” or “E57”."
    ).format(words=_shortened(words))


def unknown_codes(filters: Filters, directory: Directory) -> list[tuple[Terms, str]]:
    """Return well-formed codes that do not exist in this edition."""
    return [
        (key, value)
        for key in filters.terms()
        for value in (*filters[key.key], *filters.excluded.get(key.key, ()))
        if not directory.knows(key, value)
    ]


def _as_clause(reason: str) -> str:
    """Add "it" to reasons without a subject, such as "is not a code"."""
    return f"it {reason}" if reason.startswith(("is ", "was ")) else reason


def _shortened(value: str) -> str:
    printable = " ".join(
        "".join(letter if letter.isprintable() else " " for letter in value).split()
    )
    return printable if len(printable) <= 40 else printable[:39] + "…"
