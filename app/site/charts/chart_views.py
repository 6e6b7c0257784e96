"""View models of the estimates chart: what its templates print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.site.charts.glyphs import Box, Figure, Mark
from app.site.charts.label_layout import Bracket, Label

# What goes in -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Acts:
    """How many events could have begun on one day at the earliest, by whether each side ordered them."""

    day: date
    sides: frozenset[str]
    count: int


# What comes out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Silence:
    """From the last day that the newest figure for people present may be true of, to the day of the edition."""

    path: str
    x: float
    y: float
    words: str
    box: Box


@dataclass(frozen=True)
class Tick:
    """A number or a year beside its scale."""

    at: float
    words: str


@dataclass(frozen=True)
class Heading:
    title: str
    note: str


@dataclass(frozen=True)
class Panel:
    """All figures of one kind, on one scale from zero."""

    heading: Heading
    description: str
    width: int
    height: int
    left: float
    right: float
    base: float
    lines: Sequence[Tick]
    """Heights of the scale, zero among them, with their numbers."""
    years: Sequence[float]
    """Where each year begins."""
    year_names: Sequence[Tick]
    """In the middle of each year; where there is no room for that, of some only, where they begin."""
    names_are_centred: bool
    now: float
    silence: Silence | None
    brackets: Sequence[Bracket]
    marks: Sequence[tuple[Mark, Label]]


@dataclass(frozen=True)
class Lane:
    """What one side did, as strokes on the years of the panels."""

    side: str
    label: str
    y: float
    strokes: Sequence[int]


@dataclass(frozen=True)
class Strip:
    """Events on the same years, one stroke at the earliest day of each."""

    description: str
    width: int
    height: int
    left: float
    right: float
    lanes: Sequence[Lane]
    earlier: int
    """Events that could have begun before the first of the years."""


@dataclass(frozen=True)
class Drawing:
    """All panels at one width. Words in it are never scaled, so a narrow page has a drawing of its own."""

    panels: Sequence[Panel]
    strip: Strip | None


@dataclass(frozen=True)
class LeftOut:
    """Figures that are in the table but not in the drawing, and why."""

    reason: str
    letters: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """Everything that a page prints of the figures of a place, but for the table below it."""

    figures: Sequence[Figure]
    """In the order of the panels and of time, what is not drawn last."""
    letters: Mapping[str, str]
    """By a figure's id."""
    drawn: int
    wide: Drawing
    narrow: Drawing
    left_out: Sequence[LeftOut]
    groups: Sequence[tuple[str, str]]
    """The kinds of speaker that the drawing has shapes for, in words."""
    signs: Sequence[tuple[str, str]]
    """The signs in it that need explaining."""
    conflicts: Sequence[tuple[str, str]]
    """Letters of figures that exclude each other."""
