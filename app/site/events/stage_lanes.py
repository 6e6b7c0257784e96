"""Where a restriction stood and when, drawn on two lanes: what the rule says, and what is done about it.

Each step stands at the day on which it was first attested, under the rules for dates of `spans`. Two drawings of the
same, for a wide and for a narrow page, as data in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.dates import edtf as dates
from app.dates.bar import Bar, Piece, Ruler
from app.dates.edtf import Days
from app.i18n.translate import _
from app.vocabulary.events import Track

WIDE, NARROW = 640, 358
EDGE = 12
"""Pixels left free at either end of a lane, so that what stands at its edge is seen whole."""
BOLD, DIM = 8.4, 7
"""Pixels that a letter takes: of a step's name, in bold, and of its date, in the widest type in use."""
MARK = 21
"""Pixels from the left edge of a step's mark to its name."""
GAP = 10
"""Pixels between two names on one level."""
LEVEL, NAME, FLAG, YEARS = 34, 18, 20, 20
"""Pixels that a step's name and date take up, one above the other; a lane's name; a flag's words; the words of the
scale."""
TRIANGLE = 9
BELOW = 14
"""Pixels under a lane's line."""


@dataclass(frozen=True)
class DatedStep:
    """One step as it is drawn: its date in EDTF, empty where nobody knows it, and what must be said beside it."""

    track: Track
    code: str
    label: str
    date: str
    words: str
    is_hedged: bool = False
    is_plan: bool = False
    """Whether this is the day for which something is planned, not a day on which anything was attested."""


@dataclass(frozen=True)
class PlacedStep:
    """A step's shape on its lane, and its name and date above."""

    step: DatedStep
    x: float
    y: float
    """Left edge of its name, and the line on which the name stands."""
    leader: str
    """A line from its name down to its shape, where other names stand between."""
    shapes: Sequence[Bar]


@dataclass(frozen=True)
class Lane:
    label: str
    label_y: float
    y: float
    """Where its line runs."""
    steps: Sequence[PlacedStep]


@dataclass(frozen=True)
class Flag:
    """A deadline: a day by which, never an end."""

    x: float
    words: str
    words_x: float
    is_left: bool


@dataclass(frozen=True)
class Drawing:
    width: int
    height: float
    lanes: Sequence[Lane]
    ticks: Sequence[float]
    names: Sequence[tuple[float, str]]
    known_to: float
    """Up to here the lines are solid; after a deadline nothing is known."""
    flag: Flag | None

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
class TrackView:
    wide: Drawing
    narrow: Drawing
    label: str
    """The same in words."""


def track_view(steps: Sequence[DatedStep], deadline: str, deadline_words: str) -> TrackView | None:
    """The drawing of all steps that have a date; none where nothing has one."""
    dated = [step for step in steps if step.date]
    scale = _scale([step.date for step in dated] + ([deadline] if deadline else []))
    if not dated or scale is None:
        return None
    flag = _("Deadline {day}").format(day=deadline_words) if deadline else ""
    return TrackView(
        wide=drawing(dated, scale, deadline, flag, WIDE),
        narrow=drawing(dated, scale, deadline, flag, NARROW),
        label=_label(dated, flag),
    )


def _label(steps: Sequence[DatedStep], flag: str) -> str:
    said = []
    for lane in Track:
        names = [f"{step.label.lower()} {step.words}" for step in steps if step.track is lane]
        said.append(f"{_(lane.label)}: {'; '.join(names) or _('nothing reported')}.")
    return " ".join([*said, f"{flag}." if flag else ""]).strip()


def _scale(texts: Sequence[str]) -> Days | None:
    """Whole calendar years that hold every day named."""
    wholes = [whole for text in texts if (whole := dates.parse(text).whole)]
    days = [day for whole in wholes for day in (whole.first, whole.last) if day]
    return Days(date(min(days).year, 1, 1), date(max(days).year, 12, 31)) if days else None


def drawing(
    steps: Sequence[DatedStep], scale: Days, deadline: str, flag: str, width: int
) -> Drawing:
    assert scale.first and scale.last
    ruler = Ruler(scale.first, scale.last, width - 2 * EDGE)
    top = float(FLAG if flag else 0)
    lanes = []
    for track in Track:
        lane = _lane(track, [step for step in steps if step.track is track], ruler, top)
        lanes.append(lane)
        top = lane.y + BELOW
    at = ruler.flag(dates.parse(deadline)) if deadline else None
    ticks, names = _names(ruler)
    return Drawing(
        width=width,
        height=top + YEARS,
        lanes=lanes,
        ticks=ticks,
        names=names,
        known_to=width - EDGE if at is None else at + EDGE,
        flag=None if at is None else _flag(at + EDGE, flag, width),
    )


def _flag(x: float, words: str, width: int) -> Flag:
    is_left = x + GAP + len(words) * BOLD > width
    return Flag(x, words, x - TRIANGLE - 4 if is_left else x + GAP, is_left)


def _lane(track: Track, steps: Sequence[DatedStep], ruler: Ruler, top: float) -> Lane:
    """Names stand on the lowest level on which they are free, the earliest first."""
    found = []
    levels: list[float] = []
    """How far to the right each level is taken, the one nearest the line first."""
    for step in sorted(steps, key=lambda step: _first(step.date)):
        shapes = _shapes(step.date, ruler)
        start = EDGE + min(_left(shape) for shape in shapes)
        room = MARK + max(len(step.label) * BOLD, len(step.words) * DIM)
        x = max(0.0, min(start, ruler.width + 2 * EDGE - room))
        level = next((level for level, taken in enumerate(levels) if taken + GAP <= x), len(levels))
        levels[level : level + 1] = [x + room]
        found.append((step, round(x, 1), level, start, shapes))
    line = top + NAME + LEVEL * len(levels) + 10
    return Lane(
        label=_(track.label),
        label_y=top + 12,
        y=line,
        steps=[
            PlacedStep(
                step=step,
                x=x,
                y=(y := line - 10 - LEVEL * (level + 1) + 12),
                leader=f"M{round(start, 1)} {y + 22}V{line - 8}" if level else "",
                shapes=shapes,
            )
            for step, x, level, start, shapes in found
        ],
    )


def _first(text: str) -> date:
    whole = dates.parse(text).whole
    return (whole and (whole.first or whole.last)) or date.min


def _shapes(text: str, ruler: Ruler) -> list[Bar]:
    """A step is attested on some day of its date, so that even "from March to May" is a box and no bar."""
    edtf = dates.parse(text)
    pieces = [
        Piece(part.days, about_first=part.mark in ABOUT, about_last=part.mark in ABOUT)
        for part in edtf.parts
    ]
    if edtf.shape == "interval":
        first, last = edtf.parts
        whole = edtf.whole or Days()
        pieces = [
            Piece(
                whole,
                False,
                first.mark in ABOUT,
                last.mark in ABOUT,
                first == dates.OPEN,
                last == dates.OPEN,
            )
        ]
    return [shape for piece in pieces if (shape := ruler.shape(piece))]


ABOUT = {"~", "%"}


def _left(shape: Bar) -> float:
    edges = [*shape.days, *(x for x, _width, _lasted in shape.boxes)]
    return min(edges) if edges else 0.0


MOST_MONTHS = 12
ROOM_FOR_A_MONTH, ROOM_FOR_A_YEAR = 40, 44


def _names(ruler: Ruler) -> tuple[list[float], list[tuple[float, str]]]:
    """Ticks at months or quarters, and as many names of months or years as there is room for."""
    months = list(ruler.months())
    is_one_year = len(months) <= MOST_MONTHS
    every = 1 if is_one_year else 3 if len(months) <= 3 * MOST_MONTHS else 12
    ticks = [(first, left) for first, left, _right in months if (first.month - 1) % every == 0]
    if is_one_year:
        named = 1 if ruler.width / len(months) >= ROOM_FOR_A_MONTH else 3
        names = [
            (_at(left), _month(first)) for first, left in ticks if (first.month - 1) % named == 0
        ]
    else:
        years = [(first, left) for first, left in ticks if first.month == 1]
        step = -(-len(years) * ROOM_FOR_A_YEAR // ruler.width)
        names = [(_at(left), str(first.year)) for first, left in years[:: max(step, 1)]]
    return [_at(left) for _first_day, left in ticks], names


def _month(first: date) -> str:
    """A month in short; the first of a year by the year."""
    return str(first.year) if first.month == 1 else _(dates.MONTHS[first.month - 1])[:3]


def _at(left: float) -> float:
    return round(left + EDGE, 1)
