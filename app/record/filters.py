"""The filters of each list, one line a key. publish() writes the terms of rows by them."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self

from app.dates import edtf
from app.dates.day_ranges import parse_period
from app.filter_values import Id, OneDay, Position, WebAddress
from app.filtering import (
    Choice,
    Day,
    DroppedParameter,
    Filter,
    Filters,
    Number,
    Pairs,
    Since,
    Terms,
    Words,
    is_arrangement,
)
from app.i18n.translate import N_
from app.kinds import FORMS
from app.kinds.base import kind_codes
from app.vocabulary.citations import Attribution
from app.vocabulary.code import Code
from app.vocabulary.estimates import (
    CURRENCY_UNITS,
    Counts,
    FigureForm,
    Nature,
    PapersWere,
    Per,
    Population,
    Rivalry,
    Unit,
    WholeOrPart,
)
from app.vocabulary.events import DIRECTIONS, Side, Step
from app.vocabulary.kinds import NAMED_KINDS, NOUN_OF_KIND, RecordKind, RecordNoun
from app.vocabulary.named import ActorKind, LawKind
from app.vocabulary.record import PlaceKind, Why
from app.vocabulary.sources import OutletKind, PublishedBasis, SourceKind
from app.vocabulary.support import SUCCESSORS, ClaimCertainty, Corroboration, Disputed

PRECISIONS = ("day", "month", "season", "year", "unknown")
EVENT_HAS = ("estimate", "quote", "archive", "deadline")
CITY_HAS = ("stock", "figures", "events")
SOURCE_HAS = ("link", "archive", "full-text", "read", "quote", "derived")

SORTS_BY_EDITION = {"newest", "oldest"}
"""Sorts of changes: by edition, then by kind and record."""
SORTS_BY_DATE = {"happened", "as-of", "published"}
"""Sorts by the earliest possible day, ascending; with a minus, descending. All others descend."""


DATE_UNITS = {"year": 12, "half-year": 6, "month": 1}
"""Months of each calendar unit to which a date may be known, coarsest first."""

"""An address of a source is longer than words are."""

EDITION_FILTER = Since(
    "edition", "Edition", "An edition, or a UTC day for the last edition of that day."
)
AFTER_NUMBER_FILTER = Number(
    "after",
    "After",
    "The number in the last id of the page before, taken from a link to the next page.",
)
ALL_FACETS = "filters"
ALL_FILTER = Choice(
    "all",
    "Show all",
    "The filter whose values are all shown, or all filters.",
    {
        "none": "No filter",
        ALL_FACETS: "All filters",
        "place": "Place",
        "type": "Type of event",
        "stage": "Status",
        "paper": "Visa or permit",
        "exempt": "Exempt",
        "nationality": "Nationality",
        "group": "Group of workers",
        "sector": "Industry",
        "right": "Right or service",
        "actor": "Actor",
        "actor_role": "Role of an actor",
        "law": "Law",
        "attribution": "Attributed to",
        "outlet": "Outlet",
        "origin": "First reported by",
        "lang": "Language",
        "shown": "Pictured only",
        "unit": "Unit",
        "population": "Population",
    },
)
"""Keys that may have more codes than a page shows at first, and `ALL_FACETS`."""
LIMIT_FILTER = Number("limit", "Limit", "The number of rows on a page, up to 1,000.", 1_000)

PAGE_FILTERS = (
    LIMIT_FILTER,
    Position("after", "After", "The first row of the page, taken from a link to the next page."),
    EDITION_FILTER,
)
WORDS_FILTER = Words(
    "q", "Search", "Words in any script. Use quotes for a phrase and a minus to exclude a word."
)
MATCH_FILTER = Choice(
    "match",
    "Match",
    "Whether the date is possibly or definitely in the period.",
    {"possible": "Possibly in this period", "certain": "Definitely in this period"},
)
EDITION_FILTERS = (
    Since(
        "added_since", "Added since", "Added on or after this UTC day, or in or after this edition."
    ),
    Since(
        "changed_since",
        "Changed since",
        "Added, corrected or updated since this UTC day or edition.",
    ),
)
"""Of lists of events and estimates."""


def is_by_date(sort: str) -> bool:
    return sort.removeprefix("-") in SORTS_BY_DATE


def parse_after(after: str, sort: str) -> tuple[date | float | int | None, ...]:
    """Parse the `after` of a page: the sort values and the number of the row before the page.

    The sort values of a date are the earliest day (None if undated) and the days of uncertainty.
    The sort values of a change are its edition and the rank of its kind.
    """
    value, _, number = after.rpartition("_")
    if is_by_date(sort):
        day, _, days = value.partition(".")
        return None if day == "none" else date.fromisoformat(day), int(days), int(number)
    if sort == "relevance":
        return float(value), int(number)
    if sort in SORTS_BY_EDITION:
        opened, _, rank = value.partition(".")
        return int(opened[:9]), int(rank[:1]), int(number)
    if len(value) > 9:
        raise ValueError("no edition has such a number")
    return int(value), int(number)


CHANGES = "C"
"""The kind of the list of changes, whose rows are of all kinds."""


class ListFilters(Filters):
    """The filters of a list of rows of one kind.

    The first pair of PERIODS is the time of the rows; the second, the publication of their sources.
    """

    KIND: ClassVar[str]
    """The kind of the rows (`RecordKind`), or `CHANGES`."""
    COUNTED: ClassVar[tuple[str, ...]] = ()
    """Keys of terms without a filter that are counted: see `derivation` and `sql.rows`."""
    FIRST_FACETS: ClassVar[tuple[str, ...]] = ()
    """Keys whose facets a page shows at first; the others are under "More filters"."""

    @classmethod
    def of(cls, *keys: str) -> list[Filter]:
        """Return the filters with these keys, for another list that has the same ones."""
        return [cls.by_key()[key] for key in keys]

    @classmethod
    def from_pairs(cls, pairs: Pairs) -> tuple[Self, list[DroppedParameter]]:
        filters, dropped = super().from_pairs(pairs)
        if after := filters.one("after"):
            try:
                parse_after(after, filters.one("sort"))
            except ValueError:
                dropped.append(
                    DroppedParameter(
                        "after", after, "is no place in a list that is sorted this way"
                    )
                )
                filters = filters.with_(after=None)
        return filters, dropped


WINDOW = "window"
"""Key of the condition for the period, which two filters bound."""


def window_of(filters: ListFilters) -> edtf.Days:
    """Return the period that the filters select."""
    return period_of(filters, *filters.PERIODS[0])


def period_of(filters: ListFilters, first: str, last: str) -> edtf.Days:
    return parse_period(filters.one(first) or None, filters.one(last) or None)


class EventFilters(ListFilters):
    """The filters of events, in the order in which URLs write them."""

    KIND = RecordKind.EVENT
    COUNTED = ("part", "names", "uses")
    FIRST_FACETS = ("direction", "place", "type", "paper", "side", "corroboration")
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("from", "to"),
        ("published_from", "published_to"),
    )
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        WORDS_FILTER,
        Day("from", "From", "Events possibly on or after this day, month or year."),
        Day("to", "To", "Events possibly on or before this day, month or year."),
        MATCH_FILTER,
        Choice("vague", "Uncertain date", "Events whose year, half-year or month is uncertain.", {"any": "Any date", "year": "Year uncertain", "half-year": "Half-year uncertain", "month": "Month uncertain"}),
        Terms("place", "Place", "A place. Places within it are included.", lambda e: e.places, "place"),
        Terms("type", "Kind of event", "The kind of event.", lambda e: e.context.with_parents("type", e.form.type), "type"),
        Terms("direction", "Direction", "What it means for the workers.", lambda e: [e.direction], "direction", DIRECTIONS, has_none=True),
        Terms("stage", "Status", "The last reported status, in law and in practice.", lambda e: e.stages_found, "stage", tuple(Step), has_none=True),
        Terms("corroboration", "How sure", "How many independent sources support it.", lambda e: e.corroboration_terms, "corroboration", tuple(Corroboration), retired=tuple(SUCCESSORS.items())),
        Terms("claim", "Certainty", "How certain its sources are.", lambda e: [e.certainty or ""], "claim", tuple(ClaimCertainty), has_none=True),
        Terms("disputed", "Disputed", "What its sources dispute.", lambda e: e.disputed, "disputed", tuple(Disputed), has_none=True),
        Terms("paper", "Visa or permit", "The visa, permit or pass that it covers.", lambda e: e.covered("paper"), "paper", has_none=True),
        Terms("exempt", "Exempt", "People or permits that it explicitly does not cover.", lambda e: e.exempt, "exempt", has_none=True),
        Terms("nationality", "Nationality", "The nationality of the people concerned.", lambda e: e.covered("nationality"), "nationality", has_none=True),
        Terms("group", "Group of workers", "The group of workers concerned.", lambda e: e.covered("group"), "group", has_none=True),
        Terms("sector", "Industry", "The industry in which the people work.", lambda e: e.covered("sector"), "sector", has_none=True),
        Terms("right", "Right or service", "The right or service that people lose.", lambda e: e.covered("right"), "right", has_none=True),
        Terms("actor", "Actor", "A body with any role in it. Bodies under it are included.", lambda e: e.actors, "actor", has_none=True),
        Terms("actor_role", "Role of an actor", "An actor in one role, such as a government that ordered it.", lambda e: e.actor_roles, "actor_role", has_none=True),
        Terms("law", "Law", "A law, resolution or agreement that it concerns.", lambda e: e.laws, "law", has_none=True),
        Terms("side", "Who ordered it", "The country or body that ordered it.", lambda e: e.sides, "side", tuple(Side), has_none=True),
        Terms("attribution", "Attributed to", "The speaker that a source quotes.", lambda e: e.attributions, "attribution", tuple(Attribution), has_none=True),
        Terms("outlet", "Outlet", "The publisher of a source that was read.", lambda e: e.outlets, "outlet", has_none=True),
        Terms("origin", "First reported by", "The outlet that reported it first.", lambda e: e.origin_outlets, "outlet", has_none=True),
        Terms("lang", "Language", "The language of a source that was read.", lambda e: e.languages, "language", has_none=True),
        Terms("basis", "Publication date", "How the date of a source is known.", lambda e: e.bases, "basis", tuple(PublishedBasis), has_none=True),
        Day("published_from", "Published from", "At least one source was possibly published on or after this day."),
        Day("published_to", "Published to", "At least one source was possibly published on or before this day."),
        Terms("precision", "Precision", "Whether the date is known to the day, month, season or year.", lambda e: [e.precision], "precision", PRECISIONS),
        Terms("date", "Date", "Whether the date is known.", lambda e: ["stated"] if e.spans.possible else [], "date", ("stated",), has_none=True),
        Terms("has", "Contents", "What the record also contains.", lambda e: e.has, "has", EVENT_HAS, has_none=True),
        Terms("shown", "Pictured only", "A place that is only seen in a picture.", lambda e: e.shown, "place", has_none=True),
        *EDITION_FILTERS,
        Choice("sort", "Sort", "The order of the list.", {"happened": "Oldest first", "-happened": "Newest first", "added": "Newly added", "changed": "Newly changed", "relevance": "Best match"}, is_default_in_urls=True),
        Choice("view", "View", "How the list is shown.", {"list": "List", "table": "Table", "lanes": "List", "map": "Map"}),
        ALL_FILTER,
        *PAGE_FILTERS,
    )  # fmt: skip


class EstimateFilters(ListFilters):
    """The filters of estimates, in the order in which URLs write them."""

    KIND = RecordKind.ESTIMATE
    COUNTED = ("names", "uses", "whole-at")
    FIRST_FACETS = ("place", "counts", "population", "nationality", "sector")
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = (("from", "to"),)
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        WORDS_FILTER,
        Terms("place", "Place", "A place. Estimates for places within it are included.", lambda m: m.places, "place"),
        Terms("level", "Level", "The kind of place that an estimate is for.", lambda m: m.levels, "level", tuple(PlaceKind)),
        Terms("counts", "Measures", "What an estimate measures.", lambda m: [m.form.counts], "counts", tuple(Counts)),
        Terms("papers_were", "Permits were", "Whether they were issued, in force, refused or revoked.", lambda m: [m.form.papers_were], "papers_were", tuple(PapersWere), has_none=True),
        Terms("nature", "Nature", "Whether it was observed, planned or forecast, or is part of a rule.", lambda m: [m.form.nature], "nature", tuple(Nature)),
        Terms("unit", "Unit", "The unit of the number.", lambda m: [m.form.unit], "unit", tuple(Unit), rare=CURRENCY_UNITS),
        Terms("per", "Per", "The base of a rate, such as an hour or a person.", lambda m: [m.form.per], "per", tuple(Per), has_none=True),
        Terms("form", "Type of number", "Whether it is a count, share, change or average.", lambda m: [m.form.form], "form", tuple(FigureForm)),
        Terms("population", "Population", "The people counted.", lambda m: [m.form.population], "population", tuple(Population)),
        Terms("coverage", "Covers", "Whether it covers everyone of its population there.", lambda m: [m.coverage], "coverage", tuple(WholeOrPart), has_none=True),
        *EventFilters.of("nationality"),
        Terms("paper", "Visa or permit", "The visa, permit or pass that it is about.", lambda m: m.covered("paper"), "paper", has_none=True),
        Terms("group", "Group of workers", "The group that is counted.", lambda m: m.covered("group"), "group", has_none=True),
        *EventFilters.of("sector", "actor"),
        Terms("actor_role", "Role of an actor", "An actor in one role, such as a government that stated it.", lambda m: m.actor_roles, "actor_role", has_none=True),
        Day("from", "From", "Estimates possibly for this day, month or year, or later."),
        Day("to", "To", "Estimates possibly for this day, month or year, or earlier."),
        MATCH_FILTER,
        *EventFilters.of("outlet", "origin", "lang", "attribution", "claim"),
        Terms("conflict", "Conflict", "Whether another estimate of the same thing contradicts it.", lambda m: m.rivalries, "conflict", tuple(Rivalry), has_none=True),
        *EDITION_FILTERS,
        Choice("sort", "Sort", "The order of the list.", {"-as-of": "Newest first", "as-of": "Oldest first", "added": "Newly added", "changed": "Newly changed", "relevance": "Best match"}),
        ALL_FILTER,
        *PAGE_FILTERS,
    )  # fmt: skip


class SourceFilters(ListFilters):
    """The filters of sources, in the order in which URLs write them."""

    KIND = RecordKind.SOURCE
    COUNTED = ("uses",)
    FIRST_FACETS = ("outlet", "lang", "kind", "basis", "place")
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = (("published_from", "published_to"),)
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        WORDS_FILTER,
        Terms("outlet", "Outlet", "The publisher of the source.", lambda s: [s.form.outlet], "outlet"),
        Terms("lang", "Language", "The language of the text that was read.", lambda s: [s.form.language.lower()], "language", has_none=True),
        Terms("kind", "Kind", "The kind of text.", lambda s: [s.form.kind], "kind", tuple(SourceKind)),
        Terms("basis", "Publication date", "How the date of the source is known.", lambda s: [s.form.published_basis], "basis", tuple(PublishedBasis)),
        Day("published_from", "Published from", "Sources possibly published on or after this day, month or year."),
        Day("published_to", "Published to", "Sources possibly published on or before this day, month or year."),
        Terms("has", "Contents", "What the record also contains.", lambda s: s.has, "has", SOURCE_HAS, has_none=True),
        Terms("attribution", "Attributed to", "The speakers that it quotes.", lambda s: s.attributions, "attribution", tuple(Attribution), has_none=True),
        Terms("place", "Place", "A place of the events and estimates that cite it.", lambda s: s.places, "place", has_none=True),
        Terms("actor", "Actor", "An actor in the events and estimates that cite it. Bodies under it are included.", lambda s: s.actors, "actor", has_none=True),
        Terms("actor_role", "Role of an actor", "An actor in one role in the events and estimates that cite it.", lambda s: s.actor_roles, "actor_role", has_none=True),
        Terms("law", "Law", "A law in the events that cite it.", lambda s: s.laws, "law", has_none=True),
        Choice("sort", "Sort", "The order of the list.", {"-published": "Newest first", "published": "Oldest first", "added": "Newly added", "changed": "Newly changed", "relevance": "Best match"}),
        ALL_FILTER,
        *PAGE_FILTERS,
    )  # fmt: skip


class StatusFilters(Filters):
    """The filters of the status page."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        OneDay("on", "On", "The day to look up. The default is the day of the edition."),
        *EventFilters.of("place", "type", "nationality", "actor", "law"),
        EDITION_FILTER,
    )


class CompareFilters(Filters):
    """Places side by side. Unlike in lists, two places are no "or"."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        *EventFilters.of("place"),
        OneDay("date", "Date", "The day of the rules. The default is the day of the edition."),
        EDITION_FILTER,
    )


class CityFilters(Filters):
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Terms("place", "Place", "A country, province or region with its cities.", lambda city: city.lies_in, "place"),
        Terms("has", "With", "What the record has on a city.", lambda city: city.has, "has", CITY_HAS),
        Choice("sort", "Sort", "The order of the table.", {"newest": "Newest estimate first", "name": "By name", "figures": "Most estimates first", "events": "Most events first"}),
        Choice("size", "Size of dots", "What the size of a dot on the map shows.", {"events": "Number of events", "people": "People present"}),
        EDITION_FILTER,
    )  # fmt: skip


def _keys(*lists: type[ListFilters]) -> list[Filter]:
    """The terms of these lists, each key once."""
    return list({key.key: key for each in lists for key in each.terms()}.values())


class ChangeFilters(ListFilters):
    """The filters of changes: kind, reason, and the filters of events and estimates."""

    KIND = CHANGES
    WHY: ClassVar[tuple[Why, ...]] = tuple(why for why in Why if why is not Why.REINDEXED)
    """The default of `why`: all reasons except recalculation."""
    TELLS_REMOVALS: ClassVar[bool] = False
    """Whether purged records are listed."""
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = (("from", "to"),)
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        WORDS_FILTER,
        Id("id", "Record", "The id of a record, for all its changes."),
        Terms("what", "Kind", "The kind of record that changed.", lambda change: [change.noun], "what", tuple(RecordNoun)),
        Terms("why", "Reason", "The reason for a change. Recalculations are included only if chosen.", lambda change: [change.why], "why", tuple(Why)),
        Since("since", "Since", "Changes since this edition or UTC day.", from_zero=True),
        Day("from", "From", "Changes to events and estimates possibly on or after this day, month or year."),
        Day("to", "To", "Changes to events and estimates possibly on or before this day, month or year."),
        MATCH_FILTER,
        *_keys(EventFilters, EstimateFilters),
        Choice("sort", "Sort", "The order of the list.", {"newest": "Newest first", "oldest": "Oldest first"}),
        *PAGE_FILTERS,
    )  # fmt: skip


class MirrorFilters(ChangeFilters):
    """The filters for a mirror of the record: every written row, in the order of writing."""

    WHY = tuple(Why)
    TELLS_REMOVALS = True
    FILTERS: ClassVar[tuple[Filter, ...]] = tuple(
        {
            **ChangeFilters.by_key(),
            "why": Terms("why", "Reason", "The reason for the change.", lambda change: [change.why], "why", tuple(Why)),
            "sort": Choice("sort", "Sort", "The order of the list.", {"oldest": "Oldest first", "newest": "Newest first"}),
        }.values()
    )  # fmt: skip


class NamedFilters(Filters):
    """The filters of a kind of named records: in the API here, on its page with `page_filters`."""

    OWN: ClassVar[tuple[Filter, ...]]


OF_NAMED: dict[str, tuple[Filter, ...]] = {
    RecordKind.PLACE: (
        Terms("place", "Within", "A place with all places within it.", lambda place: place.lies_in, "place"),
        Terms("level", "Level", "The kind of place.", lambda place: [place.form.kind], "level", tuple(PlaceKind)),
    ),
    RecordKind.OUTLET: (
        Terms("kind", "Kind", "The kind of publisher.", lambda outlet: [outlet.form.kind], "outlet-kind", tuple(OutletKind)),
        Terms("lang", "Language", "A language that the outlet publishes in.", lambda outlet: outlet.languages, "language", has_none=True),
    ),
    RecordKind.ACTOR: (
        Terms("actor", "Part of", "An actor with the bodies under it.", lambda actor: actor.within, "actor"),
        Terms("kind", "Kind", "The kind of body.", lambda actor: [actor.form.kind], "actor-kind", tuple(ActorKind)),
    ),
    RecordKind.LAW: (
        Terms("law", "Part of", "A law with the laws under it.", lambda law: law.within, "law"),
        Terms("kind", "Kind", "The kind of text.", lambda law: [law.form.kind], "law-kind", tuple(LawKind)),
        Terms("actor", "Issued by", "The body that issued it. Bodies under an actor are included.", lambda law: law.issuers, "actor", has_none=True),
    ),
}  # fmt: skip
"""The filters of kinds that have more to filter by than the codes of their field `kind`."""


def _of_named(kind: RecordKind) -> type[NamedFilters]:
    form, noun = FORMS[kind], NOUN_OF_KIND[kind]
    own = OF_NAMED.get(kind, ())
    if not own and (codes := kind_codes(form)):
        description = form.model_fields["kind"].description or ""
        own = (Terms("kind", "Kind", description, lambda named: [named.form.kind], f"{noun}-kind", tuple(codes)),)  # fmt: skip
    filters = (*own, LIMIT_FILTER, AFTER_NUMBER_FILTER, EDITION_FILTER)
    return type(f"{noun.label}Filters", (NamedFilters,), {"OWN": own, "FILTERS": filters})


class NamedListFilters(Filters):
    """The filters that every list of named records has, around those of its own."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Words("q", "Search", "A name in any script, or part of a name."),
        Choice(
            "sort", "Sort", "The order of the list.", {"uses": "Most used first", "name": "By name"}
        ),
        Number("after", "After", "The number of rows before this page."),
        EDITION_FILTER,
    )


def page_filters(kind: RecordKind) -> type[NamedListFilters]:
    words, *arrangement = NamedListFilters.FILTERS
    filters = (words, *NAMED_FILTERS[kind].OWN, *arrangement)
    return type(f"{NOUN_OF_KIND[kind].label}ListFilters", (NamedListFilters,), {"FILTERS": filters})


class EditionFilters(Filters):
    """The parameters of one record and of the vocabulary: only the edition."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (EDITION_FILTER,)


class LookupFilters(Filters):
    """The parameters of the search for a source by its URL."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        WebAddress("url", "Address", "The address of a publication. Scheme, www., tracking and a last slash are ignored."),
        EDITION_FILTER,
    )  # fmt: skip


class SearchFilters(Filters):
    """The parameters of the search over everything."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Words("q", "Search", "Words in any script, a number, an id or the address of a source. Use quotes for a phrase and a minus to exclude a word.", has_addresses=True),
        EDITION_FILTER,
    )  # fmt: skip


LISTS: dict[str, type[ListFilters]] = {
    lists.KIND: lists for lists in (EventFilters, EstimateFilters, SourceFilters)
}
"""The filters of each list, by the letter of its kind."""
NAMED_FILTERS: dict[str, type[NamedFilters]] = {kind: _of_named(kind) for kind in NAMED_KINDS}
WITH_LABELS: Sequence[type[Filters]] = (
    *LISTS.values(),
    ChangeFilters,
    *NAMED_FILTERS.values(),
)
CODES_BY_VOCABULARY: dict[str, type[Code]] = {
    key.vocabulary: type(code)
    for filters in WITH_LABELS
    for key in filters.terms()
    for code in key.closed
    if isinstance(code, Code)
}
"""The fixed lists of codes whose labels keys have."""


UNIT_TITLES = {"year": N_("Year"), "half-year": N_("Half-year"), "month": N_("Month")}
"""Titles of the calendar units of `DATE_UNITS`."""
KEY_TITLES = {key.key: key.title for key in (*EventFilters.terms(), *EstimateFilters.terms())}


class BreakdownFilters(Filters):
    """Two keys to count the rows of a list by, and the filter of the rows."""

    LIST: ClassVar[type[ListFilters]] = EventFilters
    FIRST: ClassVar[str] = "type"
    """The key of the rows of the table if none is chosen."""
    ROWS: ClassVar[Choice]
    COLUMNS: ClassVar[Choice]

    def __init_subclass__(cls) -> None:
        keys = {key.key: key.title for key in cls.LIST.terms()}
        options = {cls.FIRST: keys[cls.FIRST], **keys, **UNIT_TITLES}  # the first is the default
        cls.PERIODS = cls.LIST.PERIODS
        cls.ROWS = Choice("rows", "Rows", "What the rows of the table show.", options)
        cls.COLUMNS = Choice(
            "columns", "Columns", "What the columns of the table show.", {**UNIT_TITLES, **options}
        )
        cls.FILTERS = (
            cls.ROWS,
            cls.COLUMNS,
            *(key for key in cls.LIST.FILTERS if not is_arrangement(key)),
            EDITION_FILTER,
        )

    @classmethod
    def from_pairs(cls, pairs: Pairs) -> tuple[Self, list[DroppedParameter]]:
        filters, dropped = super().from_pairs(pairs)
        rows, columns = filters.one("rows"), next(iter(filters["columns"]), "")
        if columns and (columns == rows or {rows, columns} <= UNIT_TITLES.keys()):
            dropped.append(
                DroppedParameter("columns", columns, "must be another key than that of the rows")
            )
        elif columns != filters.with_(columns=None).axes[1]:
            return filters, dropped
        return filters.with_(columns=None), dropped

    @property
    def axes(self) -> tuple[str, str]:
        """The keys of rows and columns. By default columns are years, or `FIRST` beside dates."""
        rows = self.one("rows")
        if self["columns"]:
            return rows, self.one("columns")
        return rows, self.FIRST if rows in UNIT_TITLES else "year"

    @classmethod
    def of(cls, listed: ListFilters) -> Self:
        """Return the default table of a list."""
        return cls.made_of(listed.narrowing.included, listed.excluded)

    @property
    def listed(self) -> ListFilters:
        """The filter of the rows that are counted."""
        keys = self.LIST.by_key().keys()
        return self.LIST.made_of(
            {key: values for key, values in self.included.items() if key in keys}, self.excluded
        )


class EventBreakdownFilters(BreakdownFilters):
    """The filters of `/events/breakdown`."""


class EstimateBreakdownFilters(BreakdownFilters):
    """The filters of `/estimates/breakdown`."""

    LIST = EstimateFilters
    FIRST = "place"
