"""The filters of each list, one line a key. publish() writes the terms of rows by them."""

from datetime import date
from typing import ClassVar, Self

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
)
from app.vocabulary.actors import ActorKind
from app.vocabulary.citations import Attribution
from app.vocabulary.estimates import (
    CURRENCY_UNITS,
    Counts,
    FigureForm,
    Money,
    Nature,
    PapersWere,
    Per,
    Population,
    Rivalry,
    Unit,
    WholeOrPart,
)
from app.vocabulary.events import Side, Step
from app.vocabulary.kinds import RecordKind
from app.vocabulary.laws import LawKind
from app.vocabulary.pages import PageKind
from app.vocabulary.record import PlaceKind, RecordNoun, Why
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

MAX_QUERY_CHARACTERS = 1_000
"""An address of a source is longer than words are."""

EDITION_FILTER = Since(
    "edition", "Edition", "The record as of an edition, or of the last edition of a UTC day."
)
AFTER_NUMBER_FILTER = Number(
    "after", "After", "The number in the id of the last record before; taken from the link to it."
)
ALL_FACETS = "filters"
ALL_FILTER = Choice(
    "all",
    "Show all",
    "The key of which a page offers every code, however many there are; or all filters.",
    {
        "none": "Of none",
        ALL_FACETS: "All filters",
        "place": "Place",
        "type": "Type of event",
        "stage": "Stage",
        "paper": "Visa or permit",
        "exempt": "Exempt",
        "nationality": "Nationality",
        "group": "Group of workers",
        "sector": "Sector",
        "right": "What is barred",
        "actor": "Actor",
        "actor_role": "Part of an actor",
        "law": "Law",
        "attribution": "Who said it",
        "outlet": "Outlet",
        "origin": "First reported by",
        "lang": "Language",
        "shown": "Shown only",
        "unit": "Unit",
        "population": "Of whom",
    },
)
"""Keys that may have more codes than a page shows at first, and `ALL_FACETS`."""
LIMIT_FILTER = Number("limit", "Limit", "Rows on a page, up to 1,000.", 1_000)


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
    """Keys of terms without a filter that are counted: see `derivation` and `lists.code_usage`."""
    FIRST_FACETS: ClassVar[tuple[str, ...]] = ()
    """Keys whose facets a page shows at first; the others are under "More filters"."""

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


class EventFilters(ListFilters):
    """The filters of events, in the order in which URLs write them."""

    KIND = RecordKind.EVENT
    COUNTED = ("part", "names", "uses")
    FIRST_FACETS = ("place", "type", "nationality", "sector", "corroboration")
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("from", "to"),
        ("published_from", "published_to"),
    )
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Words("q", "Search", "Words in any script; quotes keep words together, a minus leaves out."),
        Day("from", "From", "Events that could have happened on or after this day, month or year."),
        Day("to", "To", "Events that could have happened on or before this day, month or year."),
        Choice("match", "Match", "Whether the date could or must fall in the window.", {"possible": "Could fall in these dates", "certain": "Must fall in these dates"}),
        Choice("vague", "Date not certain", "Events with a date that is certain in no single year, half-year or month of the period.", {"any": "Any date", "year": "Date not certain to the year", "half-year": "Date not certain to the half-year", "month": "Date not certain to the month"}),
        Terms("place", "Place", "Where; everything inside a place is found too.", lambda e: e.places, "place"),
        Terms("type", "Type of event", "What kind of thing happened.", lambda e: e.context.with_parents("type", e.form.type), "type"),
        Terms("stage", "Stage", "The newest step known on each track, and whether its stated end has passed.", lambda e: e.stages_found, "stage", tuple(Step), has_none=True),
        Terms("corroboration", "Support", "How many independent sources support it.", lambda e: e.corroboration_terms, "corroboration", tuple(Corroboration), retired=tuple(SUCCESSORS.items())),
        Terms("claim", "Certainty", "How firmly the sources that support it put it.", lambda e: [e.certainty or ""], "claim", tuple(ClaimCertainty), has_none=True),
        Terms("disputed", "Disputed", "What is disputed about it.", lambda e: e.disputed, "disputed", tuple(Disputed), has_none=True),
        Terms("paper", "Visa or permit", "Which visa, permit or pass it covers.", lambda e: e.covered("paper"), "paper", has_none=True),
        Terms("exempt", "Exempt", "Who or what is left out, as key:code, such as paper:student.", lambda e: e.exempt, "exempt", has_none=True),
        Terms("nationality", "Nationality", "Whose nationals.", lambda e: e.covered("nationality"), "nationality", has_none=True),
        Terms("group", "Group of workers", "Which people are meant.", lambda e: e.covered("group"), "group", has_none=True),
        Terms("sector", "Sector", "In which trade.", lambda e: e.covered("sector"), "sector", has_none=True),
        Terms("right", "What is barred", "Which right or service people lose.", lambda e: e.covered("right"), "right", has_none=True),
        Terms("actor", "Actor", "A body that has any part in it; bodies under it are found too.", lambda e: e.actors, "actor", has_none=True),
        Terms("actor_role", "Part of an actor", "Who has which part, as role:code, such as orders:government-of-china.", lambda e: e.actor_roles, "actor_role", has_none=True),
        Terms("law", "Law", "A law, resolution or agreement that it carries out, breaks or signs.", lambda e: e.laws, "law", has_none=True),
        Terms("side", "Side", "On whose side the one stands who orders it, agrees to it, says it or carries it out.", lambda e: e.sides, "side", tuple(Side), has_none=True),
        Terms("attribution", "Who said it", "Who speaks, according to a source.", lambda e: e.attributions, "attribution", tuple(Attribution), has_none=True),
        Terms("outlet", "Outlet", "Who published a source that was read.", lambda e: e.outlets, "outlet", has_none=True),
        Terms("origin", "First reported by", "The outlet where a chain of reports begins.", lambda e: e.origin_outlets, "outlet", has_none=True),
        Terms("lang", "Language", "Language of a source that was read.", lambda e: e.languages, "language", has_none=True),
        Terms("basis", "Publication date", "How sure the date of a source is.", lambda e: e.bases, "basis", tuple(PublishedBasis), has_none=True),
        Day("published_from", "Published from", "At least one source may have been published on or after this day."),
        Day("published_to", "Published to", "At least one source may have been published on or before this day."),
        Terms("precision", "Precision", "The coarsest part of the date as written.", lambda e: [e.precision], "precision", PRECISIONS),
        Terms("date", "Date", "Whether there is a date at all that a window could find.", lambda e: ["stated"] if e.spans.possible else [], "date", ("stated",), has_none=True),
        Terms("has", "Has", "What else there is to see.", lambda e: e.has, "has", EVENT_HAS, has_none=True),
        Terms("shown", "Shown only", "A place seen in a picture, where nothing is said to have happened.", lambda e: e.shown, "place", has_none=True),
        Since("added_since", "Added since", "First published on or after this UTC day, or in or after this edition."),
        Since("changed_since", "Changed since", "Added, corrected or updated on or after this UTC day or edition."),
        Choice("sort", "Sort", "The order of the list.", {"happened": "Earliest possible date", "-happened": "Latest first", "added": "Newly added", "changed": "Newly changed", "relevance": "Best match"}),
        Choice("view", "View", "How the list is shown.", {"list": "List", "table": "Table", "lanes": "Lanes by side", "map": "Map"}),
        ALL_FILTER,
        LIMIT_FILTER,
        Position("after", "After", "Where the page begins; taken from the link to it."),
        EDITION_FILTER,
    )  # fmt: skip


class EstimateFilters(ListFilters):
    """The filters of estimates, in the order in which URLs write them."""

    KIND = RecordKind.ESTIMATE
    COUNTED = ("names", "uses", "whole-at", "elsewhere", "may-count")
    FIRST_FACETS = ("place", "counts", "population", "nationality", "sector")
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = (("from", "to"),)
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Words("q", "Search", "Words in any script; quotes keep words together, a minus leaves out."),
        Terms("place", "Place", "Where; figures for everything inside a place are found too.", lambda m: m.places, "place"),
        Terms("level", "Level", "The kind of place a figure is for; a province's figure is never its cities'.", lambda m: m.levels, "level", tuple(PlaceKind)),
        Terms("counts", "Counts", "What it counts: people present, movements and papers are never added up.", lambda m: [m.form.counts], "counts", tuple(Counts)),
        Terms("papers_were", "Papers were", "Whether visas and permits were issued, in force, refused or revoked.", lambda m: [m.form.papers_were], "papers_were", tuple(PapersWere), has_none=True),
        Terms("money", "Money is", "What an amount of money is.", lambda m: [m.form.money], "money", tuple(Money), has_none=True),
        Terms("nature", "Nature", "Whether it was seen or is to come.", lambda m: [m.form.nature], "nature", tuple(Nature)),
        Terms("unit", "Unit", "The thing that is counted.", lambda m: [m.form.unit], "unit", tuple(Unit), rare=CURRENCY_UNITS),
        Terms("per", "Per", "What it is counted by, if it is a rate.", lambda m: [m.form.per], "per", tuple(Per), has_none=True),
        Terms("form", "Form", "What kind of number it is.", lambda m: [m.form.form], "form", tuple(FigureForm)),
        Terms("population", "Of whom", "Whom it counts.", lambda m: [m.form.population], "population", tuple(Population)),
        Terms("coverage", "Covers", "Whether it is for the whole of its population there, or for a part.", lambda m: [m.coverage], "coverage", tuple(WholeOrPart), has_none=True),
        Terms("nationality", "Nationality", "Whose nationals.", lambda m: m.covered("nationality"), "nationality", has_none=True),
        Terms("paper", "Visa or permit", "Which visa, permit or pass it is about.", lambda m: m.covered("paper"), "paper", has_none=True),
        Terms("group", "Group of workers", "Which group is counted.", lambda m: m.covered("group"), "group", has_none=True),
        Terms("sector", "Sector", "In which trade.", lambda m: m.covered("sector"), "sector", has_none=True),
        Terms("actor", "Actor", "A body that says or denies the number, or has another part in it; bodies under it are found too.", lambda m: m.actors, "actor", has_none=True),
        Terms("actor_role", "Part of an actor", "Who has which part, as role:code, such as says:government-of-china.", lambda m: m.actor_roles, "actor_role", has_none=True),
        Terms("law", "Law", "A law or resolution that it is counted under.", lambda m: m.laws, "law", has_none=True),
        Day("from", "From", "Figures that could be true of this day, month or year, or later."),
        Day("to", "To", "Figures that could be true of this day, month or year, or earlier."),
        Choice("match", "Match", "Whether its time could or must fall in the window.", {"possible": "Could fall in these dates", "certain": "Must fall in these dates"}),
        Terms("outlet", "Outlet", "Who published a source that was read.", lambda m: m.outlets, "outlet", has_none=True),
        Terms("origin", "First reported by", "The outlet where a chain of reports begins.", lambda m: m.origin_outlets, "outlet", has_none=True),
        Terms("lang", "Language", "Language of a source that was read.", lambda m: m.languages, "language", has_none=True),
        Terms("attribution", "Who said it", "Who speaks, according to a source.", lambda m: m.attributions, "attribution", tuple(Attribution), has_none=True),
        Terms("claim", "Certainty", "How firmly the sources that support it put it.", lambda m: [m.certainty or ""], "claim", tuple(ClaimCertainty), has_none=True),
        Terms("conflict", "Conflict", "Whether another figure for the same thing excludes it.", lambda m: m.rivalries, "conflict", tuple(Rivalry), has_none=True),
        Since("added_since", "Added since", "First published on or after this UTC day, or in or after this edition."),
        Since("changed_since", "Changed since", "Added, corrected or updated on or after this UTC day or edition."),
        Choice("sort", "Sort", "The order of the list.", {"-as-of": "Newest first", "as-of": "Oldest first", "added": "Newly added", "changed": "Newly changed", "relevance": "Best match"}),
        ALL_FILTER,
        LIMIT_FILTER,
        Position("after", "After", "Where the page begins; taken from the link to it."),
        EDITION_FILTER,
    )  # fmt: skip


class SourceFilters(ListFilters):
    """The filters of sources, in the order in which URLs write them."""

    KIND = RecordKind.SOURCE
    COUNTED = ("uses",)
    FIRST_FACETS = ("outlet", "lang", "kind", "basis", "place")
    PERIODS: ClassVar[tuple[tuple[str, str], ...]] = (("published_from", "published_to"),)
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Words("q", "Search", "Words in any script; quotes keep words together, a minus leaves out."),
        Terms("outlet", "Outlet", "Who published it.", lambda s: [s.form.outlet], "outlet"),
        Terms("lang", "Language", "Language of the text that was read.", lambda s: [s.form.language.lower()], "language", has_none=True),
        Terms("kind", "Kind", "What kind of text it is.", lambda s: [s.form.kind], "kind", tuple(SourceKind)),
        Terms("basis", "Publication date", "How sure its date is.", lambda s: [s.form.published_basis], "basis", tuple(PublishedBasis)),
        Day("published_from", "Published from", "It may have been published on or after this day, month or year."),
        Day("published_to", "Published to", "It may have been published on or before this day, month or year."),
        Terms("has", "Has", "What else there is to see.", lambda s: s.has, "has", SOURCE_HAS, has_none=True),
        Terms("attribution", "Who speaks", "Who speaks in it.", lambda s: s.attributions, "attribution", tuple(Attribution), has_none=True),
        Terms("place", "Place", "Where what rests on it happened or was counted.", lambda s: s.places, "place", has_none=True),
        Terms("actor", "Actor", "Who acts or is affected in what cites it; bodies under an actor are found too.", lambda s: s.actors, "actor", has_none=True),
        Terms("actor_role", "Part of an actor", "Who has which part in what cites it, as role:code.", lambda s: s.actor_roles, "actor_role", has_none=True),
        Terms("law", "Law", "A law that is named in what cites it.", lambda s: s.laws, "law", has_none=True),
        Choice("sort", "Sort", "The order of the list.", {"-published": "Newest first", "published": "Oldest first", "added": "Newly added", "changed": "Newly changed", "relevance": "Best match"}),
        ALL_FILTER,
        LIMIT_FILTER,
        Position("after", "After", "Where the page begins; taken from the link to it."),
        EDITION_FILTER,
    )  # fmt: skip


class StatusFilters(Filters):
    """The filters of the status page."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        OneDay("on", "On", "The day asked about; without it, the day of the edition."),
        *(EventFilters.by_key()[key] for key in ("place", "type", "nationality", "actor", "law")),
        EDITION_FILTER,
    )


class CityFilters(Filters):
    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Terms("place", "Place", "A country, province or region; all cities in it are shown.", lambda city: city.lies_in, "place"),
        Terms("has", "On record", "What there is to see of a city.", lambda city: city.has, "has", CITY_HAS),
        Choice("sort", "Sort", "The order of the table.", {"newest": "Newest figure first", "name": "By name", "figures": "Most figures first", "events": "Most events first"}),
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
        Words("q", "Search", "Words in any script; quotes keep words together, a minus leaves out."),
        Id("id", "Record", "The id of one record: all that ever changed in it."),
        Terms("what", "What", "What kind of record changed.", lambda change: [change.noun], "what", tuple(RecordNoun)),
        Terms("why", "Why", "Why it changed; what was only derived again is left out unless asked for.", lambda change: [change.why], "why", tuple(Why)),
        Since("since", "Since", "In or after this edition, or on or after this UTC day.", from_zero=True),
        Day("from", "From", "Of what could have happened, or held, on or after this day, month or year."),
        Day("to", "To", "Of what could have happened, or held, on or before this day, month or year."),
        Choice("match", "Match", "Whether its time could or must fall in the window.", {"possible": "Could fall in these dates", "certain": "Must fall in these dates"}),
        *_keys(EventFilters, EstimateFilters),
        Choice("sort", "Sort", "The order of the list.", {"newest": "Newest first", "oldest": "Oldest first"}),
        LIMIT_FILTER,
        Position("after", "After", "Where the page begins; taken from the link to it."),
        EDITION_FILTER,
    )  # fmt: skip


class MirrorFilters(ChangeFilters):
    """The filters for a mirror of the record: every written row, in the order of writing."""

    WHY = tuple(Why)
    TELLS_REMOVALS = True
    FILTERS: ClassVar[tuple[Filter, ...]] = tuple(
        Choice(
            "sort",
            "Sort",
            "The order of the list.",
            {"oldest": "Oldest first", "newest": "Newest first"},
        )
        if key.key == "sort"
        else Terms("why", "Why", "Why it changed.", lambda change: [change.why], "why", tuple(Why))
        if key.key == "why"
        else key
        for key in ChangeFilters.FILTERS
    )


class PlaceFilters(Filters):
    """The filters of places, which are listed by the API only."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Terms("place", "Lies in", "A place; it and everything inside it is shown.", lambda place: place.lies_in, "place"),
        Terms("level", "Level", "What kind of place it is.", lambda place: [place.form.kind], "level", tuple(PlaceKind)),
        LIMIT_FILTER,
        AFTER_NUMBER_FILTER,
        EDITION_FILTER,
    )  # fmt: skip


class OutletFilters(Filters):
    """The filters of outlets, which are listed by the API only."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Terms("kind", "Kind", "What kind of publisher it is.", lambda outlet: [outlet.form.kind], "kind", tuple(OutletKind)),
        Terms("lang", "Language", "A language it publishes in.", lambda outlet: outlet.languages, "language", has_none=True),
        LIMIT_FILTER,
        AFTER_NUMBER_FILTER,
        EDITION_FILTER,
    )  # fmt: skip


class ActorFilters(Filters):
    """The filters of the list of actors."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Terms("actor", "Part of", "An actor; it and the bodies under it are shown.", lambda actor: actor.within, "actor"),
        Terms("kind", "Kind", "What kind of body it is.", lambda actor: [actor.form.kind], "actor-kind", tuple(ActorKind)),
        LIMIT_FILTER,
        AFTER_NUMBER_FILTER,
        EDITION_FILTER,
    )  # fmt: skip


class LawFilters(Filters):
    """The filters of the list of laws."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Terms("law", "Part of", "A law; it and the laws under it are shown.", lambda law: law.within, "law"),
        Terms("kind", "Kind", "What kind of text it is.", lambda law: [law.form.kind], "law-kind", tuple(LawKind)),
        Terms("actor", "Issued by", "Who made it; bodies under an actor are found too.", lambda law: law.issuers, "actor", has_none=True),
        LIMIT_FILTER,
        AFTER_NUMBER_FILTER,
        EDITION_FILTER,
    )  # fmt: skip


class PageFilters(Filters):
    """The filters of the list of pages."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Terms("kind", "Kind", "Where the site shows the page.", lambda page: [page.form.kind], "page-kind", tuple(PageKind)),
        LIMIT_FILTER,
        AFTER_NUMBER_FILTER,
        EDITION_FILTER,
    )  # fmt: skip


class NamedListFilters(Filters):
    """The filters that every list of named records has, around those of its own."""

    WORDS: ClassVar[Filter] = Words("q", "Search", "A name in any script, or a part of one.")
    ARRANGEMENT: ClassVar[tuple[Filter, ...]] = (
        Choice(
            "sort", "Sort", "The order of the list.", {"uses": "Most used first", "name": "By name"}
        ),
        Number("after", "After", "How many rows come before; taken from the link to the page."),
        EDITION_FILTER,
    )


class PlaceListFilters(NamedListFilters):
    """The filters of the page of places."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        NamedListFilters.WORDS,
        PlaceFilters.by_key()["level"],
        PlaceFilters.by_key()["place"],
        *NamedListFilters.ARRANGEMENT,
    )


class OutletListFilters(NamedListFilters):
    """The filters of the page of outlets."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        NamedListFilters.WORDS,
        OutletFilters.by_key()["kind"],
        OutletFilters.by_key()["lang"],
        *NamedListFilters.ARRANGEMENT,
    )


class ActorListFilters(NamedListFilters):
    """The filters of the page of actors."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        NamedListFilters.WORDS,
        ActorFilters.by_key()["kind"],
        ActorFilters.by_key()["actor"],
        *NamedListFilters.ARRANGEMENT,
    )


class LawListFilters(NamedListFilters):
    """The filters of the page of laws."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        NamedListFilters.WORDS,
        LawFilters.by_key()["kind"],
        LawFilters.by_key()["actor"],
        LawFilters.by_key()["law"],
        *NamedListFilters.ARRANGEMENT,
    )


class EditionFilters(Filters):
    """The parameters of one record and of the vocabulary: only the edition."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (EDITION_FILTER,)


class LookupFilters(Filters):
    """The parameters of the search for a source by its URL."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        WebAddress("url", "Address", "Where something was published. Scheme, www., tracking and a last slash don’t matter."),
        EDITION_FILTER,
    )  # fmt: skip


class SearchFilters(Filters):
    """The parameters of the search over everything."""

    FILTERS: ClassVar[tuple[Filter, ...]] = (
        Words("q", "Search", "Words in any script, a number, an id or the address of a source; quotes keep words together, a minus leaves out.", most=MAX_QUERY_CHARACTERS),
        EDITION_FILTER,
    )  # fmt: skip


LISTS: dict[str, type[ListFilters]] = {
    lists.KIND: lists for lists in (EventFilters, EstimateFilters, SourceFilters)
}
"""The filters of each list, by the letter of its kind."""
