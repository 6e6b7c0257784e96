"""The stages of a measure as a drawing with two lanes, the rule and its practice.

Each step is drawn at its date by the rules of `app.dates.bar`. All lengths are in pixels.
Every drawing exists twice, for a wide and for a narrow page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.dates import edtf as dates
from app.dates.bar import Bar, Piece, Ruler
from app.dates.edtf import Days
from app.i18n.translate import _, inside
from app.vocabulary.events import Track

WIDE, NARROW = 640, 358
EDGE = 12
"""Margin at both ends of a lane, so that shapes at its edge are not cut off."""
BOLD_LETTER_WIDTH, DATE_LETTER_WIDTH = 8.4, 7
"""Width of a letter in a step's name (bold) and in its date, in the widest font used."""
MARK_WIDTH = 21
"""Distance from the left edge of a step's mark to its name."""
NAME_GAP = 10
"""Minimum distance between two names on one level."""
LEVEL_HEIGHT, LANE_NAME_HEIGHT, FLAG_HEIGHT, SCALE_HEIGHT = 34, 18, 20, 20
"""Heights: a step's name above its date, a lane's name, a flag's words, the scale's labels."""
FLAG_WIDTH = 9
BELOW_LINE = 14
"""Space below a lane's line."""


@dataclass(frozen=True)
class DrawnStep:
    """One step to draw. `date` is EDTF and empty if unknown; `words` is printed with the name."""

    track: Track
    code: str
    label: str
    date: str
    words: str
    is_hedged: bool = False
    is_plan: bool = False
    """Whether the date is the planned day, not the day of a report."""


@dataclass(frozen=True)
class PlacedStep:
    """A step's shapes on its lane, with the position of its name and date above."""

    step: DrawnStep
    x: float
    y: float
    """`x` is the left edge of the name, `y` its baseline."""
    leader: str
    """SVG path from the name down to the shape; empty if no other name is between them."""
    shapes: Sequence[Bar]


@dataclass(frozen=True)
class StageLane:
    label: str
    label_y: float
    y: float
    """Vertical position of the lane's line."""
    steps: Sequence[PlacedStep]
    empty: str
    """Words for a lane without steps."""


@dataclass(frozen=True)
class DeadlineFlag:
    """The flag of a deadline. A deadline is not an end, so lanes continue behind it."""

    x: float
    words: str
    words_x: float
    is_left: bool


@dataclass(frozen=True)
class LanesDrawing:
    width: int
    height: float
    lanes: Sequence[StageLane]
    ticks: Sequence[float]
    names: Sequence[tuple[float, str]]
    known_to: float
    """Where the solid lines end: at the deadline, because nothing is known after it."""
    flag: DeadlineFlag | None

    @property
    def start(self) -> int:
        return EDGE

    @property
    def end(self) -> int:
        return self.width - EDGE

    @property
    def scale_y(self) -> float:
        return self.height - 4


@dataclass(frozen=True)
class StageLanesView:
    wide: LanesDrawing
    narrow: LanesDrawing
    label: str
    """The text alternative of the drawings."""


def stage_lanes_view(
    steps: Sequence[DrawnStep], deadline: str, deadline_words: str, is_practice_told: bool = False
) -> StageLanesView | None:
    """Return the drawings of all dated steps; None if no step has a date.

    `is_practice_told` is whether other reports tell how a measure was applied.
    """
    dated = [step for step in steps if step.date]
    scale = _scale([step.date for step in dated] + ([deadline] if deadline else []))
    if not dated or scale is None:
        return None
    flag = _("Deadline {day}").format(day=deadline_words) if deadline else ""
    empty = {lane: _without_steps(lane, steps, is_practice_told) for lane in Track}
    return StageLanesView(
        wide=drawing(dated, scale, deadline, flag, WIDE, empty=empty),
        narrow=drawing(dated, scale, deadline, flag, NARROW, empty=empty),
        label=_lanes_in_words(dated, flag, empty),
    )


def _without_steps(lane: Track, steps: Sequence[DrawnStep], is_practice_told: bool) -> str:
    if any(step.track is lane for step in steps):
        return _("date not known")
    if lane is Track.PRACTICE and is_practice_told:
        return _("see the reports below")
    return _("nothing reported")


def _lanes_in_words(steps: Sequence[DrawnStep], flag: str, empty: Mapping[Track, str]) -> str:
    sentences = []
    for lane in Track:
        names = [f"{inside(step.label)} {step.words}" for step in steps if step.track is lane]
        sentences.append(f"{_(lane.label)}: {'; '.join(names) or empty[lane]}.")
    return " ".join([*sentences, f"{flag}." if flag else ""]).strip()


def _scale(texts: Sequence[str]) -> Days | None:
    """Return the calendar years that include every date."""
    return dates.years_around(whole for text in texts if (whole := dates.parse(text).whole))


def drawing(
    steps: Sequence[DrawnStep],
    scale: Days,
    deadline: str,
    flag: str,
    width: int,
    *,
    empty: Mapping[Track, str],
) -> LanesDrawing:
    assert scale.first and scale.last
    ruler = Ruler(scale.first, scale.last, width - 2 * EDGE)
    top = float(FLAG_HEIGHT if flag else 0)
    lanes = []
    for track in Track:
        lane = _lane(
            track, [step for step in steps if step.track is track], ruler, top, empty[track]
        )
        lanes.append(lane)
        top = lane.y + BELOW_LINE
    at = ruler.flag(dates.parse(deadline)) if deadline else None
    ticks, names = _scale_marks(ruler)
    return LanesDrawing(
        width=width,
        height=top + SCALE_HEIGHT,
        lanes=lanes,
        ticks=ticks,
        names=names,
        known_to=width - EDGE if at is None else at + EDGE,
        flag=None if at is None else _flag(at + EDGE, flag, width),
    )


def _flag(x: float, words: str, width: int) -> DeadlineFlag:
    is_left = x + NAME_GAP + len(words) * BOLD_LETTER_WIDTH > width
    return DeadlineFlag(x, words, x - FLAG_WIDTH - 4 if is_left else x + NAME_GAP, is_left)


def _lane(
    track: Track, steps: Sequence[DrawnStep], ruler: Ruler, top: float, empty: str
) -> StageLane:
    """Place the steps by date, each name on the lowest level where it fits."""
    found = []
    levels: list[float] = []
    """The right edge of the last name on each level, lowest level first."""
    for step in sorted(steps, key=lambda step: _earliest_day(step.date)):
        shapes = _shapes(step.date, ruler)
        start = EDGE + min(_left_edge(shape) for shape in shapes)
        room = MARK_WIDTH + max(
            len(step.label) * BOLD_LETTER_WIDTH, len(step.words) * DATE_LETTER_WIDTH
        )
        x = max(0.0, min(start, ruler.width + 2 * EDGE - room))
        level = next(
            (level for level, taken in enumerate(levels) if taken + NAME_GAP <= x), len(levels)
        )
        levels[level : level + 1] = [x + room]
        found.append((step, round(x, 1), level, start, shapes))
    line = top + LANE_NAME_HEIGHT + LEVEL_HEIGHT * len(levels) + 10
    return StageLane(
        label=_(track.label),
        label_y=top + 12,
        y=line,
        empty=empty,
        steps=[
            PlacedStep(
                step=step,
                x=x,
                y=(y := line - 10 - LEVEL_HEIGHT * (level + 1) + 12),
                leader=f"M{round(start, 1)} {y + 22}V{line - 8}" if level else "",
                shapes=shapes,
            )
            for step, x, level, start, shapes in found
        ],
    )


def _earliest_day(text: str) -> date:
    whole = dates.parse(text).whole
    return (whole and (whole.first or whole.last)) or date.min


def _shapes(text: str, ruler: Ruler) -> list[Bar]:
    # A step happens on one day, so an interval is drawn as a box, not as a bar.
    edtf = dates.parse(text)
    pieces = [
        Piece(
            part.days,
            about_first=part.mark in APPROXIMATE_MARKS,
            about_last=part.mark in APPROXIMATE_MARKS,
        )
        for part in edtf.parts
    ]
    if edtf.shape in {"interval", "between"}:
        first, last = edtf.parts[0], edtf.parts[-1]
        whole = edtf.whole or Days()
        pieces = [
            Piece(
                whole,
                False,
                first.mark in APPROXIMATE_MARKS,
                last.mark in APPROXIMATE_MARKS,
                first == dates.OPEN,
                last == dates.OPEN,
            )
        ]
    return [shape for piece in pieces if (shape := ruler.shape(piece))]


APPROXIMATE_MARKS = {"~", "%"}


def _left_edge(shape: Bar) -> float:
    edges = [*shape.days, *(x for x, _width, _lasted in shape.boxes)]
    return min(edges) if edges else 0.0


MONTHS_PER_YEAR = 12
MIN_MONTH_WIDTH, MIN_YEAR_WIDTH = 40, 44


def _scale_marks(ruler: Ruler) -> tuple[list[float], list[tuple[float, str]]]:
    """Return the ticks (by month, quarter or year), and as many month or year names as fit."""
    months = list(ruler.months())
    is_one_year = len(months) <= MONTHS_PER_YEAR
    months_per_tick = 1 if is_one_year else 3 if len(months) <= 3 * MONTHS_PER_YEAR else 12
    ticks = [
        (first, left) for first, left, _right in months if (first.month - 1) % months_per_tick == 0
    ]
    if is_one_year:
        named = 1 if ruler.width / len(months) >= MIN_MONTH_WIDTH else 3
        names = [
            (_x_of_tick(left), _short_month(first))
            for first, left in ticks
            if (first.month - 1) % named == 0
        ]
    else:
        years = [(first, left) for first, left in ticks if first.month == 1]
        step = -(-len(years) * MIN_YEAR_WIDTH // ruler.width)
        names = [(_x_of_tick(left), str(first.year)) for first, left in years[:: max(step, 1)]]
    return [_x_of_tick(left) for _first_day, left in ticks], names


def _short_month(first: date) -> str:
    """Return the month in three letters; for January, the year."""
    return str(first.year) if first.month == 1 else _(dates.MONTHS[first.month - 1])[:3]


def _x_of_tick(left: float) -> float:
    return round(left + EDGE, 1)
