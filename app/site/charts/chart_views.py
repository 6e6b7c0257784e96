"""View models of the estimates chart: what its templates print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.site.charts.conflict_pairs import ConflictPairs
from app.site.charts.glyphs import EstimateMark, PlaceEstimate
from app.site.charts.label_layout import Bracket, Label

# Input -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventCount:
    """Number of events with the same first possible day."""

    day: date
    count: int


FIRST_ROW_Y, ROW_PIXELS, YEARS_PIXELS = 11, 21, 24
"""The middle of the first row of a strip, the distance of rows, and the room for the years."""

# Output -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tick:
    """A label of an axis: a number or a year."""

    at: float
    words: str


@dataclass(frozen=True)
class Heading:
    title: str
    note: str


@dataclass(frozen=True)
class Panel:
    """All estimates of one measure, on one scale from zero."""

    heading: Heading
    description: str
    width: int
    height: int
    left: float
    right: float
    base: float
    lines: Sequence[Tick]
    """Horizontal lines of the scale with their numbers, including zero."""
    years: Sequence[float]
    """x of the first day of each year."""
    year_names: Sequence[Tick]
    """Centred in each year; with too little room, at the start of every second, fourth … year."""
    names_are_centred: bool
    now: float
    brackets: Sequence[Bracket]
    marks: Sequence[tuple[EstimateMark, Label | None]]
    """Only in a preview picture may a mark have no label, if there is no room."""
    is_of_parts: bool
    """Whether its estimates count only some of the people: a whole is never on their scale."""


@dataclass(frozen=True)
class EventStrip:
    """Events on the time axis of the panels, one stroke at the first possible day of each."""

    description: str
    width: int
    left: float
    right: float
    strokes: Sequence[int]
    earlier: int
    """Number of events whose first possible day is before the first year."""
    first_year: int
    last_year: int
    years: Sequence[float]
    year_names: Sequence[Tick]
    names_are_centred: bool
    now: float

    def rule_y(self, index: int) -> int:
        """Return the middle of the bar of a rule. Rules are above the events."""
        return FIRST_ROW_Y + ROW_PIXELS * index

    def event_y(self, rules: int) -> int:
        return FIRST_ROW_Y + ROW_PIXELS * rules

    def base(self, rules: int) -> int:
        """Return y of the time axis."""
        return self.event_y(rules) + ROW_PIXELS - 6

    def height(self, rules: int) -> int:
        return self.base(rules) + YEARS_PIXELS


@dataclass(frozen=True)
class ChartDrawing:
    """All panels at one width. Text is never scaled, so each kind of screen has its drawing."""

    panels: Sequence[Panel]
    strip: EventStrip | None


@dataclass(frozen=True)
class LeftOut:
    """Letters of estimates that are in the table but not drawn, and the reason."""

    reason: str
    letters: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """Everything that a page shows of the estimates of a place, except the table."""

    figures: Sequence[PlaceEstimate]
    """Ordered by panel and time. Estimates that are not drawn are last."""
    letters: Mapping[str, str]
    """Letter of each estimate, by its id."""
    drawn: int
    wide: ChartDrawing
    """For screens with room for the list of letters beside it."""
    medium: ChartDrawing
    narrow: ChartDrawing
    headline: str
    """Id of the latest estimate for the whole place; empty if there is none."""
    left_out: Sequence[LeftOut]
    groups: Sequence[tuple[str, str]]
    """Groups of speakers in the drawing, with labels for the legend."""
    signs: Sequence[tuple[str, str]]
    """Signs in the drawing, with labels for the legend."""
    conflicts: ConflictPairs
