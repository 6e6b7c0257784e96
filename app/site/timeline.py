"""The timeline as a reader sees it: the filter in words, facets, histogram, and the events in groups."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.dates import format_date
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
from app.site.marking import Marked, marked
from app.site.spans import Bar, bar
from app.vocabulary import Attribution, Corroboration, PlaceKind, Side, Step, Track
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


@dataclass(frozen=True)
class Part:
    """A piece of the sentence; with an address it is a link."""

    text: str
    address: str = ""
    is_strong: bool = False


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
    scale: str = ""
    """The calendar year that the bars of this group are drawn on, or the window."""
    month: int | None = None


@dataclass(frozen=True)
class Lane:
    side: str
    label: str
    cards: Sequence[Card]


@dataclass(frozen=True)
class Dot:
    """A city on the map, and how many of the events found are there."""

    code: str
    label: str
    names: Sequence[tuple[str, str]]
    latitude: float
    longitude: float
    count: int
    address: str


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
    dots: Sequence[Dot]
    elsewhere: Sequence[Option]
    """For the map: provinces, countries and regions, which are never drawn as a dot, and places without a position."""
    wider: Sequence[Wider]
    next_address: str
    first_address: str
    clear_address: str
    json_address: str
    csv_address: str
    lasting_address: str
    kept: Sequence[tuple[str, str]] = field(default=())
    """Keys that the filter form carries along without showing them: sort, view, edition."""
