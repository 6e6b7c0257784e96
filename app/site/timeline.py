"""The timeline as a reader sees it: the filter in words, facets, histogram, and the events in groups."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from babel.dates import format_date
from babel.languages import get_official_languages
from sqlalchemy.orm import Session

from app import dates
from app.filtering import NONE, Choice, Dropped, Terms, Words
from app.forms import EventForm
from app.record import queries
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.filters import EventFilters
from app.record.queries import Counts, Found, Histogram
from app.record.search import words_to_mark
from app.site.dots import Dot, MapView, maps
from app.site.marking import Marked, marked
from app.site.spans import Bar, Strip, bar, strip
from app.vocabulary import Attribution, Corroboration, PlaceKind, Side
from app.web import url

PAGE = 50


# What a page prints -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """One value of a facet. `glyph` names its mark in the sprite."""

    code: str
    label: str
    count: int
    is_chosen: bool = False
    names: Sequence[tuple[str, str]] = ()
    glyph: str = ""
    children: Sequence["Option"] = ()

    @property
    def shows(self) -> bool:
        return bool(self.count or self.is_chosen or any(child.shows for child in self.children))


@dataclass(frozen=True)
class OptionGroup:
    """Options under one heading, which is empty where there is no need for one."""

    title: str
    options: Sequence[Option]

    @property
    def count(self) -> int:
        return sum(option.count for option in self.options)


@dataclass(frozen=True)
class Facet:
    """The values of one key, each counted with the other keys applied."""

    key: str
    title: str
    description: str
    groups: Sequence[OptionGroup]
    chosen: int
    is_not: bool
    """Whether the chosen values are excluded: "none of these"."""
    is_open: bool
    is_tree: bool = False
    shown_at_first: int = 12

    @property
    def length(self) -> int:
        return sum(len(group.options) for group in self.groups)

    def split(self, group: OptionGroup) -> tuple[Sequence[Option], Sequence[Option]]:
        """What stands open, and what waits behind "show all": the end of a long list or, where there are headings,
        what finds nothing. What is chosen never waits."""
        has_headings = len(self.groups) > 1
        open_: list[Option] = []
        waiting: list[Option] = []
        for index, option in enumerate(group.options):
            is_open = option.is_chosen or (option.shows if has_headings else index < self.shown_at_first)
            (open_ if is_open else waiting).append(option)
        return open_, waiting


@dataclass(frozen=True)
class Part:
    """A piece of the sentence; with an address it is a link."""

    text: str
    address: str = ""
    is_strong: bool = False
    is_aside: bool = False


@dataclass(frozen=True)
class Chip:
    label: str
    address: str
    is_excluded: bool = False


@dataclass(frozen=True)
class HistogramBar:
    label: str
    title: str
    certain: int
    possible: int
    address: str
    certain_percent: float
    possible_percent: float


@dataclass(frozen=True)
class HistogramView:
    unit: str
    bars: Sequence[HistogramBar]


@dataclass(frozen=True)
class PlaceLink:
    label: str
    address: str
    names: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Mark:
    """A code with its words, and the sprite's shape for it."""

    code: str
    label: str


@dataclass(frozen=True)
class Card:
    """One event in a list."""

    id: str
    address: str
    title: Marked
    summary: Marked
    type: str
    stages: Sequence[Mark]
    when: str
    deadline: str
    bar: Bar | None
    places: Sequence[PlaceLink]
    corroboration: Sequence[Mark]
    disputed: Sequence[str]
    sources: int
    outlets: int
    sides: Sequence[str]
    papers: Sequence[str]


@dataclass(frozen=True)
class Group:
    """Events under one heading: a month, "2019, month not known", "began before 2019"."""

    heading: str
    cards: Sequence[Card]
    strip: Strip | None = None
    """The scale that the bars of this group are drawn on; None where each has its own."""


@dataclass(frozen=True)
class Lane:
    side: str
    label: str
    cards: Sequence[Card]
    count: int


@dataclass(frozen=True)
class LaneRow:
    """What two sides did in the same month."""

    heading: str
    lanes: Sequence[Lane]


@dataclass(frozen=True)
class PlaceCount:
    label: str
    address: str
    count: int
    names: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Wider:
    label: str
    address: str
    count: int


@dataclass(frozen=True)
class Timeline:
    """Everything that `site/timeline.html` prints."""

    filters: EventFilters
    title: str
    total: int
    undated: int
    undated_address: str
    counts: Counts
    sentence: Sequence[Part]
    chips: Sequence[Chip]
    notices: Sequence[str]
    facets: Sequence[Facet]
    histogram: HistogramView | None
    view: str
    views: Sequence[tuple[str, str, str]]
    sorts: Sequence[tuple[str, str, bool]]
    groups: Sequence[Group]
    lanes: Sequence[Lane]
    """Everybody but the host state and the home state, who stand against each other in `lane_rows`."""
    lane_heads: Sequence[Lane]
    lane_rows: Sequence[LaneRow]
    maps: Sequence[MapView]
    """All cities found and, if they lie far apart, the thickest cluster of them once more; none in other views."""
    elsewhere: Sequence[PlaceCount]
    """For the map: provinces, countries and regions, which are never drawn as a dot, and places without a position."""
    wider: Sequence[Wider]
    next_address: str
    first_address: str
    clear_address: str
    json_address: str
    csv_address: str
    lasting_address: str
    turned_address: str
    """The same list by date, the other way round."""
    kept: Sequence[tuple[str, str]] = field(default=())
    """Keys that the filter form carries along without showing them: view, edition."""
    before: int | None = None
    """How many events stand on the pages before this one, where that is known."""


# How it is made ---------------------------------------------------------------------------------------------------


def timeline(
    db: Session, edition: Reading, filters: EventFilters, dropped: Sequence[Dropped], directory: Directory
) -> Timeline:
    """Three statements, whatever is asked and found: counts, histogram, rows."""
    counted = queries.counts(db, edition, filters, directory)
    view = filters.one("view")
    limit = PAGE if view in {"list", "table"} else MOST_IN_ONE_VIEW
    page = queries.page(db, edition, filters, directory, limit)
    drawn = queries.histogram(db, edition, filters, directory, counted.extent)
    bare = filters.with_(after=None, edition=None, limit=None)
    words = words_to_mark(filters.one("q"))
    window = queries.window_of(filters)
    rows = [(_card(row, _scale(row, window), words, directory), row) for row in page.rows]
    cards = [card for card, _ in rows]
    lane_heads, lane_rows, lanes = _lanes(rows, window) if view == "lanes" else ([], [], [])
    return Timeline(
        filters=filters,
        title=_title(filters, directory),
        total=counted.total,
        undated=counted.undated,
        undated_address=address(bare.with_(from_=None, to=None, date="none")),
        counts=counted,
        sentence=_sentence(bare, counted, directory),
        chips=_chips(bare, directory),
        notices=_notices(filters, dropped, directory),
        facets=_facets(bare, counted, directory),
        histogram=_histogram(bare, drawn) if drawn else None,
        view=view,
        views=[(code, label, address(bare.with_(view=code))) for code, label in _choices("view")],
        sorts=[
            (code, label, code == filters.one("sort"))
            for code, label in _choices("sort")
            if code != "relevance" or filters.one("q")
        ],
        groups=_groups(rows, filters) if view == "list" else [Group("", cards, strip(_one_scale(window), None))],
        lanes=lanes,
        lane_heads=lane_heads,
        lane_rows=lane_rows,
        maps=maps(_dots(bare, counted, directory)) if view == "map" else [],
        elsewhere=_elsewhere(bare, counted, directory) if view == "map" else [],
        wider=_wider(db, edition, bare, directory) if not counted.total else [],
        next_address=address(filters.with_(after=page.next, edition=str(edition.no))) if page.next else "",
        first_address=address(bare) if filters.one("after") else "",
        clear_address=address(EventFilters.made_of({k: bare[k] for k in ("sort", "view")}, {})),
        json_address=address(bare, ".json"),
        csv_address=address(bare, ".csv"),
        lasting_address=address(bare.with_(edition=str(edition.no))),
        turned_address=address(bare.with_(sort="happened" if filters.one("sort") == "-happened" else "-happened")),
        kept=[(key, filters.one(key)) for key in ("view", "edition") if filters[key]],
    )


MOST_IN_ONE_VIEW = 500
"""Lanes and map show all that was found at once, up to here."""

NARROW = 36  # months; a window no longer than this is the scale of all bars


def address(filters: EventFilters, suffix: str = "") -> str:
    query = filters.query_string()
    return f"{url('timeline')}{suffix}{'?' + query if query else ''}"


def _choices(key: str) -> list[tuple[str, str]]:
    choice = EventFilters.by_key()[key]
    assert isinstance(choice, Choice)
    return list(choice.choices.items())


# The filter in words ----------------------------------------------------------------------------------------------


def _title(filters: EventFilters, directory: Directory) -> str:
    """The page's title: places and window, since those tell one view from another."""
    places = " or ".join(directory.label("place", code) for code in filters["place"])
    first, last = filters.one("from"), filters.one("to")
    window = " to ".join(dates.words(dates.parse(text)) for text in dict.fromkeys((first, last)) if text)
    found = [f"“{filters.one('q')}”" if filters.one("q") else "", f"in {places}" if places else "", window]
    return " ".join(["Events", ", ".join(part for part in found if part)]).strip()


def _sentence(filters: EventFilters, counted: Counts, directory: Directory) -> list[Part]:
    noun = "event" if counted.total == 1 else "events"
    parts = [Part(f"{counted.total:,} {noun}", is_strong=True)]
    window = queries.window_of(filters)
    if window != dates.Days():
        verb = "must" if filters.one("match") == "certain" else "could"
        parts.append(Part(f" that {verb} have happened"))
    if filters["place"]:
        parts += [Part(" in "), Part(_one_of("place", filters["place"], directory), is_strong=True)]
    if filters.excluded.get("place"):
        parts += [Part(", not in "), Part(_one_of("place", filters.excluded["place"], directory), is_strong=True)]
    if window.first and window.last:
        first, last = _day(window.first, with_year=window.first.year != window.last.year), _day(window.last)
        parts += [Part(" between "), Part(first, is_strong=True), Part(" and "), Part(last, is_strong=True)]
    elif window.first or window.last:
        day = window.first or window.last
        assert day
        parts += [Part(" on or after " if window.first else " on or before "), Part(_day(day), is_strong=True)]
    if filters.one("q"):
        parts += [Part(" with "), Part(f"“{filters.one('q')}”", is_strong=True)]
    rest = [chip.label for chip in _chips(filters, directory, but=("q", "from", "to", "place"))]
    if rest:
        parts.append(Part("; " + "; ".join(rest)))
    parts.append(Part(". "))
    aside = _weak_and_disputed(filters, counted) if counted.total else []
    return parts + [replace(part, is_aside=True) for part in aside]


def in_words(filters: EventFilters, counted: Counts, directory: Directory) -> str:
    """The sentence as plain text, for files."""
    return "".join(part.text for part in _sentence(filters, counted, directory)).strip()


def _weak_and_disputed(filters: EventFilters, counted: Counts) -> list[Part]:
    """How many are weak, how many strong, how many disputed: each count leads to those."""
    support, disputed = counted.within.get("corroboration", {}), counted.within.get("disputed", {})
    anonymous = support.get(Corroboration.SINGLE_ANONYMOUS, 0)
    independent = support.get(Corroboration.INDEPENDENT, 0)
    documented = support.get(Corroboration.DOCUMENTED, 0)
    not_disputed = disputed.get(NONE, 0)

    def link(count: int, key: str, code: str) -> Part:
        return Part(f"{count:,}", address(filters.with_(**{key: code})) if count else "")

    parts = [
        link(anonymous, "corroboration", Corroboration.SINGLE_ANONYMOUS),
        Part(f" {'rests' if anonymous == 1 else 'rest'} on one anonymous source, "),
        link(independent, "corroboration", Corroboration.INDEPENDENT),
        Part(" on several independent ones, "),
        link(documented, "corroboration", Corroboration.DOCUMENTED),
        Part(" on a document; "),
    ]
    count = counted.total - not_disputed
    without = EventFilters.made_of(filters.included, {**filters.excluded, "disputed": (NONE,)})
    return [
        *parts,
        Part(f"{count:,}", address(without) if count else ""),
        Part(f" {'is' if count == 1 else 'are'} disputed."),
    ]


def _one_of(vocabulary: str, codes: Sequence[str], directory: Directory) -> str:
    return " or ".join(directory.label(vocabulary, code) for code in codes)


def _chips(filters: EventFilters, directory: Directory, but: Sequence[str] = ()) -> list[Chip]:
    chips = []
    for key in EventFilters.FILTERS:
        if key.key in but or key.key in {"sort", "view", "after", "limit", "edition"}:
            continue
        for value in filters[key.key]:
            if isinstance(key, Terms):
                label = f"{key.title}: {directory.label(key.vocabulary, value)}"
                if key.key == "place" and value in directory.places:
                    label += " and everything inside it"
            elif isinstance(key, Words):
                label = f"{key.title}: {value}"
            elif isinstance(key, Choice):
                label = key.choices[value]
            else:
                label = f"{key.title} {dates.words(dates.parse(value)) if _is_date(value) else 'edition ' + value}"
            chips.append(Chip(label, address(filters.without(key.key, value))))
        for value in filters.excluded.get(key.key, ()):
            assert isinstance(key, Terms)
            label = f"{key.title}: not {directory.label(key.vocabulary, value)}"
            chips.append(Chip(label, address(filters.without(key.key, value, excluded=True)), is_excluded=True))
    return chips


def _is_date(value: str) -> bool:
    try:
        dates.parse(value)
    except dates.BadDate:
        return False
    return True


def _notices(filters: EventFilters, dropped: Sequence[Dropped], directory: Directory) -> list[str]:
    """What the address asks for that this edition does not know, and what could not be understood at all."""
    found = [f"{item.key}={_short(item.value)} {item.reason}, so it is left out." for item in dropped[:MOST_NOTICES]]
    if len(dropped) > MOST_NOTICES:
        found.append(f"{len(dropped) - MOST_NOTICES:,} more parts of the address could not be understood.")
    for key, value in unknown_codes(filters, directory):
        found.append(f"There is no “{value}” under {key.title.lower()} in this edition; nothing answers to it.")
    return found


MOST_NOTICES = 5


def unknown_codes(filters: EventFilters, directory: Directory) -> list[tuple[Terms, str]]:
    """Codes that are well formed but that the edition has no name for."""
    return [
        (key, value)
        for key in EventFilters.terms()
        for value in (*filters[key.key], *filters.excluded.get(key.key, ()))
        if not directory.knows(key, value)
    ]


def _short(value: str) -> str:
    tidy = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    return tidy if len(tidy) <= 40 else tidy[:39] + "…"


def _day(day: date, with_year: bool = True) -> str:
    return format_date(day, "d MMMM y" if with_year else "d MMMM", locale="en")


# Facets -----------------------------------------------------------------------------------------------------------

OPEN_AT_FIRST = {"place", "corroboration", "stage"}
SIDE_TITLES = {str(side): side.label for side in Side} | {"seen": "Seen on the ground"}
GLYPHS = {"stage": "st-", "corroboration": "co-"}
SPEAKER_GROUPS = {
    "doc": {Attribution.DOCUMENT},
    "rec": {Attribution.GOVERNMENT, Attribution.NAMED_OFFICIAL, Attribution.COMPANY},
    "anon": {Attribution.ANONYMOUS_OFFICIAL, Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT},
    "ana": {Attribution.EXPERT, Attribution.NGO, Attribution.UN_PANEL, Attribution.INTELLIGENCE, Attribution.OBSERVERS},
}


def speaker_group(attribution: str) -> str:
    """The shape that stands for a kind of speaker; the outlet's own voice and relays for all the rest."""
    return next((group for group, members in SPEAKER_GROUPS.items() if attribution in members), "out")


def _facets(filters: EventFilters, counted: Counts, directory: Directory) -> list[Facet]:
    return [_facet(key, filters, counted, directory) for key in EventFilters.terms()]


def _facet(key: Terms, filters: EventFilters, counted: Counts, directory: Directory) -> Facet:
    included, excluded = filters[key.key], filters.excluded.get(key.key, ())
    chosen = included or excluded
    counts = counted.facets.get(key.key, {})

    def option(code: str, children: Sequence[Option] = ()) -> Option:
        return Option(
            code,
            directory.label(key.vocabulary, code),
            counts.get(code, 0),
            code in chosen,
            short_names(directory, code, most=1) if key.vocabulary == "place" else (),
            _glyph(key, code),
            children,
        )

    if key.key == "place":
        groups = _place_tree(option, directory)
    elif key.key == "type":
        groups = _by_side(option, directory)
    else:
        codes = list(key.closed) if key.closed else []
        others = {*counts, *chosen} - {*codes, NONE}
        codes += sorted(others, key=lambda code: (-counts.get(code, 0), directory.label(key.vocabulary, code)))
        if key.has_none:
            codes.append(NONE)
        groups = [OptionGroup("", [option(code) for code in codes])]
    return Facet(
        key.key,
        key.title,
        key.description,
        groups,
        chosen=len(chosen),
        is_not=bool(excluded and not included),
        is_open=key.key in OPEN_AT_FIRST or bool(chosen),
        is_tree=key.key == "place",
    )


def _glyph(key: Terms, code: str) -> str:
    if key.key == "attribution":
        return "" if code == NONE else f"at-{speaker_group(code)}"
    return f"{GLYPHS[key.key]}{code}" if key.key in GLYPHS else ""


def _place_tree(option: Any, directory: Directory) -> list[OptionGroup]:
    """The tree by level, only what holds events or is chosen; regions cut across it and stand by themselves."""
    regions = [code for code in directory.places if directory.kind_of_place(code) is PlaceKind.REGION]

    def in_order(made: Iterable[Option]) -> list[Option]:
        return sorted((o for o in made if o.shows), key=lambda o: (-o.count, o.label))

    def below(parent: str) -> list[Option]:
        codes = [code for code in directory.children.get(parent, ()) if code != parent]
        # What lies in a region by administration as well keeps its place in the tree.
        nested = [inner for code in codes if code in regions for inner in below(code)]
        return in_order([*(option(code, below(code)) for code in codes if code not in regions), *nested])

    # What lies everywhere is left out: the whole world holds every event and tells nothing apart.
    roots = below("")
    worlds = [o for o in roots if directory.kind_of_place(o.code) is PlaceKind.WORLD]
    countries = in_order(
        [*(child for world in worlds for child in world.children), *(o for o in roots if o not in worlds)]
    )
    groups = [OptionGroup("", countries)]
    if across := in_order(option(code) for code in regions):
        groups.append(OptionGroup("Regions", across))
    return groups


def _by_side(option: Any, directory: Directory) -> list[OptionGroup]:
    groups = []
    for side, title in SIDE_TITLES.items():
        codes = [form.code for form in directory.codes.values() if form.list == "type" and form.group == side]
        options = sorted((option(code) for code in codes), key=lambda o: (-o.count, o.label))
        if options:
            groups.append(OptionGroup(title, options))
    return groups


# The picture over the list ----------------------------------------------------------------------------------------


def _histogram(filters: EventFilters, drawn: Histogram) -> HistogramView:
    highest = max((bar.possible for bar in drawn.bars), default=0) or 1
    bars = []
    for each in drawn.bars:
        assert each.days.first and each.days.last
        first, last = each.days.first, each.days.last
        label = {
            "month": format_date(first, "MMM", locale="en"),
            "quarter": f"Q{(first.month + 2) // 3}",
            "year": str(first.year),
        }[drawn.bin]
        title = {
            "month": format_date(first, "MMMM y", locale="en"),
            "quarter": f"{format_date(first, 'MMMM', locale='en')} to {format_date(last, 'MMMM y', locale='en')}",
            "year": str(first.year),
        }[drawn.bin]
        bounds = (str(first.year),) * 2 if drawn.bin == "year" else (f"{first:%Y-%m}", f"{last:%Y-%m}")
        bars.append(
            HistogramBar(
                label if drawn.bin == "year" or first.month > 1 else f"{label} {first.year}",
                title,
                each.certain,
                each.possible,
                address(filters.with_(from_=bounds[0], to=bounds[1])),
                round(100 * each.certain / highest, 1),
                round(100 * each.possible / highest, 1),
            )
        )
    return HistogramView(drawn.bin, bars)


# The events -------------------------------------------------------------------------------------------------------


def _scale(row: Found, window: dates.Days) -> dates.Days | None:
    """The window, if it is short enough to draw every bar on it; else the calendar year that the row is listed in."""
    if scale := _one_scale(window):
        return scale
    if row.sort_day is None:
        return None
    year = max(row.sort_day, window.first or row.sort_day).year
    return dates.Days(date(year, 1, 1), date(year, 12, 31))


def _one_scale(window: dates.Days) -> dates.Days | None:
    if not (window.first and window.last):
        return None
    months = (window.last.year - window.first.year) * 12 + window.last.month - window.first.month + 1
    return window if months <= NARROW else None


def _card(row: Found, scale: dates.Days | None, words: Sequence[str], directory: Directory) -> Card:
    form, payload = EventForm.model_validate(row.payload["form"]), row.payload
    return Card(
        id=form.id,
        address=url("event", id=form.id),
        title=marked(form.title, words),
        summary=marked(form.summary, words),
        type=directory.label("type", form.type),
        stages=[Mark(step, directory.label("stage", step)) for step in payload["stage"].values()],
        when=payload["happened_words"] or "Date not known",
        deadline=payload["deadline_words"],
        bar=bar(row.span, row.lo, row.hi, form.happened, form.deadline, scale) if scale and row.span else None,
        places=place_links(form, directory),
        corroboration=corroboration_marks(payload, directory),
        disputed=[directory.label("disputed", code) for code in payload["disputed"]],
        sources=len(payload["sources"]),
        outlets=len(payload["outlets"]),
        sides=list(dict.fromkeys(term.side for term in form.terms if term.side)),
        papers=[directory.label("paper", term.code) for term in form.terms if term.key == "paper" and term.code],
    )


def place_links(form: EventForm, directory: Directory, but: Sequence[str] = ("shown-only",)) -> list[PlaceLink]:
    codes = dict.fromkeys(t.code for t in form.terms if t.key == "place" and t.code and t.role not in but)
    return [
        PlaceLink(
            directory.label("place", code),
            address(EventFilters.made_of({"place": (code,)}, {})),
            short_names(directory, code),
        )
        for code in codes
    ]


def short_names(directory: Directory, code: str, most: int = 2) -> list[tuple[str, str]]:
    """As many names as a list has room for, one in each script, the one used there first: 丹东 단둥, without 丹東."""
    chosen: dict[str, tuple[str, str]] = {}
    for language, name in directory.names_of_place(code):
        script = "Han" if language.startswith("ja") else unicodedata.name(name[0], "").partition(" ")[0]
        chosen.setdefault("Han" if script == "CJK" else script, (language, name))
    there = _languages_of(_country_of(directory, code))
    return sorted(chosen.values(), key=lambda name: name[0].partition("-")[0] not in there)[:most]


def _country_of(directory: Directory, code: str) -> str:
    place = directory.places.get(code)
    while place and not place.country:
        place = directory.places.get(place.parent)
    return place.country if place else ""


@cache
def _languages_of(country: str) -> frozenset[str]:
    return frozenset(get_official_languages(country.upper(), de_facto=True)) if country else frozenset()


def corroboration_marks(payload: Any, directory: Directory) -> list[Mark]:
    return [Mark(code, directory.label("corroboration", code)) for code in payload["corroboration"]]


def _groups(rows: Sequence[tuple[Card, Found]], filters: EventFilters) -> list[Group]:
    """By month of the earliest possible day; by nothing where the list is sorted by something else."""
    if not filters.one("sort").endswith("happened"):
        return [Group("", [card for card, _ in rows])]
    window = queries.window_of(filters)
    found: dict[str, list[tuple[Card, Found]]] = {}
    for card, row in rows:
        found.setdefault(_heading(row, window), []).append((card, row))
    return [
        Group(heading, [card for card, _ in some], strip(_scale(some[0][1], window), _month(some[0][1], window)))
        for heading, some in found.items()
    ]


def _heading(row: Found, window: dates.Days) -> str:
    """A heading follows from the order of the list, else it would come twice: from the earliest possible day."""
    if row.sort_day is None:
        return "Date not known"
    if month := _month(row, window):
        return format_date(month, "MMMM y", locale="en")
    if window.first and row.sort_day < window.first:
        return f"Began, or may have begun, before {_day(window.first)}"
    return f"{row.sort_day.year}, month not known"


def _month(row: Found, window: dates.Days) -> date | None:
    """The month under which a list has the row: none if it may have begun before the window, or has only a year."""
    day = row.sort_day
    if day is None or (window.first and day < window.first):
        return None
    is_year_only = row.payload["precision"] in {"year", "unknown"} and (day.month, day.day) == (1, 1)
    return None if is_year_only else day


def _lanes(rows: Sequence[tuple[Card, Found]], window: dates.Days) -> tuple[list[Lane], list[LaneRow], list[Lane]]:
    """Host state against home state, month by month; then the others. What two sides ordered stands with both."""

    def lane(side: str, label: str, some: Iterable[tuple[Card, Found]]) -> Lane:
        cards = [card for card, _ in some if side in card.sides or (side == NONE and not card.sides)]
        return Lane(side, label, cards, len(cards))

    facing = [(side, side.label) for side in (Side.HOST_STATE, Side.HOME_STATE)]
    others = [(side, side.label) for side in Side if side not in dict(facing)]
    months: dict[str, list[tuple[Card, Found]]] = {}
    for card, row in rows:
        if set(card.sides) & {side for side, _ in facing}:
            months.setdefault(_heading(row, window), []).append((card, row))
    return (
        [lane(side, label, rows) for side, label in facing],
        [LaneRow(month, [lane(side, label, some) for side, label in facing]) for month, some in months.items()],
        [lane(side, label, rows) for side, label in [*others, (NONE, "Nobody ordered, or not said")]],
    )


DRAWN = {PlaceKind.CITY, PlaceKind.TOWN}


def _dots(filters: EventFilters, counted: Counts, directory: Directory) -> list[Dot]:
    """Cities and towns only: a province is never drawn as a dot on its capital."""
    return [
        Dot(
            code,
            directory.label("place", code),
            short_names(directory, code),
            place.latitude,
            place.longitude,
            count,
            address(filters.with_(place=code, view=None)),
        )
        for code, count in sorted(counted.within.get("place", {}).items(), key=lambda item: (-item[1], item[0]))
        if (place := directory.places.get(code))
        and place.kind in DRAWN
        and place.latitude is not None
        and place.longitude is not None
    ]


def _elsewhere(filters: EventFilters, counted: Counts, directory: Directory) -> list[PlaceCount]:
    """Everything larger than a town, and what has no position, with its number of events."""
    return [
        PlaceCount(
            directory.label("place", code),
            address(filters.with_(place=code, view=None)),
            count,
            short_names(directory, code),
        )
        for code, count in sorted(counted.within.get("place", {}).items(), key=lambda item: (-item[1], item[0]))
        if (place := directory.places.get(code))
        and place.kind is not PlaceKind.WORLD
        and (place.kind not in DRAWN or place.latitude is None)
    ]


def _wider(db: Session, edition: Reading, filters: EventFilters, directory: Directory) -> list[Wider]:
    """What the filter would find without each one of its parts: counted in one statement."""
    asked = queries.conditions(filters, directory)
    found = queries.counts_without(db, edition, asked)
    titles = {queries.WINDOW: "the dates", "published": "the dates of publication", "q": "the words"}
    wider = []
    for key, count in found.items():
        if not count:
            continue
        if key == queries.WINDOW:
            without = filters.with_(from_=None, to=None, match=None)
        elif key == "published":
            without = filters.with_(published_from=None, published_to=None)
        else:
            without = filters.without(key).without(key, excluded=True)
        title = titles.get(key) or EventFilters.by_key()[key].title.lower()
        wider.append(Wider(f"Without {title}", address(without), count))
    return wider
