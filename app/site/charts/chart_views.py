"""View models of the estimates chart: what its templates print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.site.charts.conflict_pairs import ConflictPairs
from app.site.charts.glyphs import Box, EstimateMark, PlaceEstimate
from app.site.charts.label_layout import Bracket, Label

# Input -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventCount:
    """Number of events with the same first possible day and the same sides that ordered them."""

    day: date
    sides: frozenset[str]
    count: int


# Output -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Silence:
    """The time between the newest estimate of people present and the day of the edition."""

    path: str
    x: float
    y: float
    words: str
    box: Box


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
    silence: Silence | None
    brackets: Sequence[Bracket]
    marks: Sequence[tuple[EstimateMark, Label]]


@dataclass(frozen=True)
class EventLane:
    """Events of one side as strokes, on the time axis of the panels."""

    side: str
    label: str
    y: float
    strokes: Sequence[int]


@dataclass(frozen=True)
class EventStrip:
    """Events on the time axis of the panels, one stroke at the first possible day of each."""

    description: str
    width: int
    height: int
    left: float
    right: float
    lanes: Sequence[EventLane]
    earlier: int
    """Number of events whose first possible day is before the first year."""


@dataclass(frozen=True)
class ChartDrawing:
    """All panels at one width. Text is never scaled, so narrow screens have their own drawing."""

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
    narrow: ChartDrawing
    left_out: Sequence[LeftOut]
    groups: Sequence[tuple[str, str]]
    """Groups of speakers in the drawing, with labels for the legend."""
    signs: Sequence[tuple[str, str]]
    """Signs in the drawing, with labels for the legend."""
    conflicts: ConflictPairs
