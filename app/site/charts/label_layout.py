"""Placement of letters beside marks, and of brackets between conflicting estimates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal
from unicodedata import east_asian_width

from app.site.charts.glyphs import Box, EstimateMark, Years, round_pixels

MARGIN_RIGHT_PIXELS = 20
"""Pixels right of the time axis that letters may use."""
MAX_DISTANCE_PIXELS = 132
"""Maximum distance in pixels of a letter from its mark, or of a bracket from its marks."""


@dataclass(frozen=True)
class Label:
    """The letter of a mark in a box, which refers to a list; in a preview picture, the amount."""

    words: str
    box: Box
    is_boxed: bool
    is_headline: bool
    """Whether the mark is the headline estimate, whose box is black."""
    leader: str
    """SVG path of a line to the mark; empty if the label is near."""

    @property
    def x(self) -> float:
        """The middle of the words."""
        return round_pixels((self.box[0] + self.box[2]) / 2)

    @property
    def y(self) -> float:
        """The baseline of the words."""
        return round_pixels((self.box[1] + self.box[3]) / 2 + BASELINE_PIXELS)

    @property
    def rectangle(self) -> Box:
        """Left edge, top edge, width and height of the box."""
        left, top, right, bottom = map(round_pixels, self.box)
        return left, top, round_pixels(right - left), round_pixels(bottom - top)


@dataclass(frozen=True)
class Bracket:
    """A bracket beside two conflicting estimates. (`x`, `y`) is the position of its sign."""

    letters: tuple[str, str]
    path: str
    x: float
    y: float
    box: Box


FIRST_LINE_LETTER_PIXELS, SECOND_LINE_LETTER_PIXELS, WIDE_LETTER = 7.4, 6.4, 13
"""Pixels per letter of bold and of small text, and per Chinese or Korean letter."""


def width_in_pixels(words: str, letter: float) -> float:
    if words.isascii():
        return letter * len(words)
    return sum(WIDE_LETTER if east_asian_width(sign) in "WF" else letter for sign in words)


# Letters ----------------------------------------------------------------------------------------

Detail = Literal["amount", "letter"]
"""What a label says: a letter that refers to a list, or in a preview picture the amount."""
BOX_PIXELS, LETTER_PADDING_PIXELS = 17, 10
"""Height and least width of a letter's box, and its width without the letters."""
AMOUNT_HEIGHT_PIXELS = 15
BASELINE_PIXELS = 4
"""Pixels from the middle of a line of text down to its baseline."""
GAP_PIXELS, STEP_PIXELS, LEADER_FROM_PIXELS = 3, 6, 15
"""Pixels between a mark and its letter, pixels by which a letter is moved to find room, and the
distance from which it has a leader line."""


def labels(  # noqa: PLR0917 - the marks, what they must not cover, the axes, and what is written
    marks: Sequence[EstimateMark],
    obstacles: Sequence[Box],
    years: Years,
    base: float,
    detail: Detail,
    headline: str,
) -> list[Label | None]:
    """Return a label for each mark. Only a preview picture leaves out those without room."""
    used = [*(box for mark in marks for box in mark.boxes), *obstacles]
    room = (years.left, 0, years.right + MARGIN_RIGHT_PIXELS, base)
    layout = _Layout(used, room, detail, headline)
    order, found = list(marks), layout.place(marks)
    for _attempt in marks:
        crossing = [mark for mark in order if found[mark.letter][1]]
        if not crossing:
            break
        # Place the marks without room first: there may be room for all of them then.
        order = [*crossing, *(mark for mark in order if mark not in crossing)]
        again = layout.place(order)
        if sum(crosses for _label, crosses in again.values()) >= len(crossing):
            break
        found = again
    return [found[mark.letter][0] for mark in marks]


@dataclass(frozen=True)
class _Layout:
    """The room of one panel, and what its labels must not cover."""

    used: Sequence[Box]
    room: Box
    detail: Detail
    headline: str

    def place(self, marks: Sequence[EstimateMark]) -> dict[str, tuple[Label | None, bool]]:
        """Place labels in the order of `marks`. Returns label and "has no room" by letter."""
        taken = list(self.used)
        found: dict[str, tuple[Label | None, bool]] = {}
        for mark in marks:
            label, crosses = next(self._free_places(mark, taken), (None, True))
            if label is None and self.detail == "letter":
                label = self._label(mark, self._places(mark)[0], 0)
            found[mark.letter] = label, crosses
            if label:
                taken.append(label.box)
                if label.leader:
                    taken.append(_leader_box(mark, label.box))
        return found

    def _free_places(
        self, mark: EstimateMark, taken: Sequence[Box]
    ) -> Iterator[tuple[Label, bool]]:
        """Yield free places, nearest first; then those whose leader line crosses something."""
        left, top, right, bottom = self.room
        crossing = []
        for place in self._places(mark):
            box, distance = place
            if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
                continue
            if any(overlap(other, box) for other in taken):
                continue
            label = self._label(mark, place, distance)
            if label.leader and any(
                overlap(other, _leader_box(mark, box)) for other in taken if other != mark.box
            ):
                crossing.append(label)
                continue
            yield label, False
        if self.detail == "letter":
            yield from ((label, True) for label in crossing)

    def _label(self, mark: EstimateMark, place: tuple[Box, float], distance: float) -> Label:
        box = place[0]
        leader = ""
        if distance > LEADER_FROM_PIXELS:
            (x, y), (to_x, to_y) = _leader_ends(mark, box)
            leader = (
                f"M{round_pixels(x)} {round_pixels(y)}L{round_pixels(to_x)} {round_pixels(to_y)}"
            )
        is_letter = self.detail == "letter"
        return Label(
            mark.letter if is_letter else mark.figure.amount,
            box,
            is_letter,
            mark.figure.id == self.headline,
            leader,
        )

    def _size(self, mark: EstimateMark) -> tuple[float, float]:
        if self.detail == "letter":
            width = width_in_pixels(mark.letter, FIRST_LINE_LETTER_PIXELS) + LETTER_PADDING_PIXELS
            return max(width, BOX_PIXELS), BOX_PIXELS
        amount = width_in_pixels(mark.figure.amount, FIRST_LINE_LETTER_PIXELS)
        return amount, AMOUNT_HEIGHT_PIXELS

    def _places(self, mark: EstimateMark) -> list[tuple[Box, float]]:
        """Return places around the mark with their distance from the nearest ones, in order."""
        width, height = self._size(mark)
        left, top, right, bottom = mark.box
        middle = min(max(mark.middle, top), bottom)
        beside = [
            (right + GAP_PIXELS, middle - height / 2),
            (left - GAP_PIXELS - width, middle - height / 2),
        ]
        stacked = [
            (mark.x - width / 2, top - GAP_PIXELS - height),
            (mark.x - width / 2, bottom + GAP_PIXELS),
        ]
        # An arrow or a bar has its letter above; a point has it beside.
        near = [*beside, *stacked] if bottom - top < 2 * height else [*stacked, *beside]
        found = [(x, y, 0.0) for x, y in near]
        for distance in range(STEP_PIXELS, MAX_DISTANCE_PIXELS + 1, STEP_PIXELS):
            found += [
                (x, y + move, float(distance)) for x, y in beside for move in (-distance, distance)
            ]
            found += [
                (x + move, y, float(distance)) for x, y in stacked for move in (-distance, distance)
            ]
            (_x, above), (_x, below) = stacked
            (after, y), (before, _y) = beside
            found += [
                (mark.x - width / 2, above - distance, float(distance)),
                (after + distance, y, float(distance)),
                (before - distance, y, float(distance)),
                (mark.x - width / 2, below + distance, float(distance)),
            ]
        return [((x, y, x + width, y + height), distance) for x, y, distance in found]


def _leader_ends(mark: EstimateMark, box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of the leader line: at the edge of the mark, and at that of the box."""
    middle = (box[1] + box[3]) / 2
    if box[0] >= mark.box[2]:
        return (mark.box[2], mark.middle), (box[0], middle)
    if box[2] <= mark.box[0]:
        return (mark.box[0], mark.middle), (box[2], middle)
    x = (box[0] + box[2]) / 2
    if box[3] <= mark.box[1]:
        return (mark.x, mark.box[1]), (x, box[3])
    return (mark.x, mark.box[3]), (x, box[1])


def _leader_box(mark: EstimateMark, box: Box) -> Box:
    (x, y), (to_x, to_y) = _leader_ends(mark, box)
    # The line ends at both edges, so that it must not count as crossing its own box.
    return min(x, to_x), min(y, to_y) - 0.5, max(x, to_x), max(y, to_y) + 0.5


# Brackets ---------------------------------------------------------------------------------------

BRACKET_GAP_PIXELS, BRACKET_WIDTH_PIXELS, MIN_BRACKET_HEIGHT_PIXELS = 10, 20, 8
"""Pixels between marks and bracket, width of a bracket with its sign, and its minimum height."""


def brackets(marks: Sequence[EstimateMark], years: Years) -> list[Bracket]:
    """Return a bracket for each pair of conflicting estimates, if possible without overlap."""
    taken = [box for mark in marks for box in mark.boxes]
    found = []
    for one, other in combinations(marks, 2):
        if other.figure.id not in one.figure.payload["conflicts"]:
            continue
        upper, lower = sorted((one.middle, other.middle))
        lower = max(lower, upper + MIN_BRACKET_HEIGHT_PIXELS)
        places = list(_bracket_places(one, other, upper, lower, years))
        free = (place for place in places if not any(overlap(place[1], box) for box in taken))
        x, box, out = next(free, places[0])
        taken.append(box)
        path = (
            f"M{round_pixels(x - 5 * out)} "
            f"{round_pixels(upper)}H{round_pixels(x)}V{round_pixels(lower)}h{-5 * out}"
        )
        middle = round_pixels((upper + lower) / 2 + BASELINE_PIXELS)
        found.append(
            Bracket((one.letter, other.letter), path, round_pixels(x + 9 * out), middle, box)
        )
    return found


def _bracket_places(
    one: EstimateMark, other: EstimateMark, upper: float, lower: float, years: Years
) -> Iterator[tuple[float, Box, int]]:
    """Yield places for a bracket, nearest first: x, box, and side (1 = right, -1 = left)."""
    boxes = [*one.boxes, *other.boxes]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    for distance in range(BRACKET_GAP_PIXELS, MAX_DISTANCE_PIXELS, BRACKET_GAP_PIXELS):
        x = right + distance
        if x + BRACKET_WIDTH_PIXELS <= years.right + MARGIN_RIGHT_PIXELS:
            yield x, (x - 5, upper - 2, x + BRACKET_WIDTH_PIXELS, lower + 2), 1
        x = left - distance
        if x - BRACKET_WIDTH_PIXELS >= years.left:
            yield x, (x - BRACKET_WIDTH_PIXELS, upper - 2, x + 5, lower + 2), -1


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
