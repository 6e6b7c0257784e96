"""Placement of labels beside marks, and of brackets between conflicting estimates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal
from unicodedata import east_asian_width

from app.i18n.translate import _
from app.site.charts.glyphs import (
    Box,
    EstimateMark,
    PlaceEstimate,
    Shape,
    Years,
    round_pixels,
    symbol,
)
from app.vocabulary.estimates import Population

MARGIN_RIGHT_PIXELS = 20
"""Pixels right of the time axis that labels may use."""
MAX_DISTANCE_PIXELS = 132
"""Maximum distance in pixels of a label from its mark, or of a bracket from its marks."""


@dataclass(frozen=True)
class Label:
    """Text beside a mark. Marks that are a bar or an arrow have the speaker's symbol here."""

    x: float
    y: float
    is_left: bool
    words: str
    below: str
    edge: float
    """Start of the second line, or its end if the label is left of the mark."""
    icon: Shape | None
    leader: str
    """SVG path of a line to the mark; empty if the label is near."""

    @property
    def y_below(self) -> float:
        return self.y + SECOND_LINE


@dataclass(frozen=True)
class Bracket:
    """A bracket beside two conflicting estimates. (`x`, `y`) is the position of its sign."""

    letters: tuple[str, str]
    path: str
    x: float
    y: float
    box: Box


FIRST_LINE_LETTER_PIXELS, SECOND_LINE_LETTER_PIXELS, WIDE_LETTER = 7.4, 6.4, 13
"""Pixels per letter of the first and second line of a label, and per Chinese or Korean letter."""


def width_in_pixels(words: str, letter: float) -> float:
    if words.isascii():
        return letter * len(words)
    return sum(WIDE_LETTER if east_asian_width(sign) in "WF" else letter for sign in words)


# Labels -----------------------------------------------------------------------------------------

EMPTY_LABEL = Label(0, 0, False, "", "", 0, None, "")
Detail = Literal["speaker", "figure", "letter"]
DETAILS: tuple[Detail, ...] = ("speaker", "figure", "letter")
"""Contents of a label: letter, amount, speaker and time; letter and amount; or only the letter."""

STEP_PIXELS, LEADER_FROM_PIXELS = 6, 18
"""Pixels by which a label is moved up or down, and distance from which it has a leader line."""
MOVES = [
    0,
    *(
        move
        for distance in range(STEP_PIXELS, MAX_DISTANCE_PIXELS + 1, STEP_PIXELS)
        for move in (-distance, distance)
    ),
]


def labels(
    marks: Sequence[EstimateMark], obstacles: Sequence[Box], years: Years, base: float, most: Detail
) -> list[Label]:
    """Return a label for each mark, with as much detail (at most `most`) as there is room for."""
    used, room = (
        [*(mark.box for mark in marks), *obstacles],
        (years.left, 0, years.right + MARGIN_RIGHT_PIXELS, base),
    )
    order, found = list(marks), _place_labels(marks, used, room, most)
    for _attempt in marks:
        crossing = [mark for mark in order if found[mark.letter][1]]
        if not crossing:
            break
        # Place the marks whose leader line crosses text first: there may be room for them then.
        order = [*crossing, *(mark for mark in order if mark not in crossing)]
        again = _place_labels(order, used, room, most)
        if sum(crosses for _label_at, crosses in again.values()) >= len(crossing):
            break
        found = again
    return [found[mark.letter][0] for mark in marks]


def _place_labels(
    marks: Sequence[EstimateMark], used: Sequence[Box], room: Box, most: Detail
) -> dict[str, tuple[Label, bool]]:
    """Place labels in the order of `marks`. Returns label and "leader crosses text" by letter."""
    # A leader line may cross text only to place a letter that refers to the table. The preview
    # picture has no table, so its labels are left out instead.
    has_table = most != "figure"
    attempts: list[tuple[Detail, bool]] = [
        (detail, False) for detail in DETAILS[DETAILS.index(most) :]
    ]
    if has_table:
        attempts.append(("letter", True))
    taken, found = list(used), {}
    for mark in marks:
        (label, boxes), crosses = next(
            (
                (place, may_cross)
                for detail, may_cross in attempts
                for place in _free_places(mark, detail, taken, room, may_cross)
            ),
            (_label_at(mark, "letter", 0, False) if has_table else (EMPTY_LABEL, []), True),
        )
        found[mark.letter] = label, crosses
        taken += boxes
    return found


def _free_places(
    mark: EstimateMark, detail: Detail, used: Sequence[Box], room: Box, may_cross: bool
) -> Iterator[tuple[Label, list[Box]]]:
    """Yield free places: right of the mark, left of it, then with increasing vertical distance."""
    sides = []
    for is_left in (False, True):
        [box] = _label_at(mark, detail, 0, is_left)[1]
        if box[0] >= room[0] and box[2] <= room[2]:
            near = [
                b
                for b in used
                if b[0] < box[2] + LEADER and box[0] - LEADER < b[2] and b != mark.box
            ]
            sides.append((is_left, box, near))
    for move in MOVES:
        for is_left, (left, top, right, bottom), near in sides:
            # Most places are occupied, so the label is built only for a free one.
            moved = (left, top + move, right, bottom + move)
            if (
                moved[1] >= room[1]
                and moved[3] <= room[3]
                and not any(overlap(other, moved) for other in near)
            ):
                label, taken = _label_at(mark, detail, move, is_left)
                if may_cross or not any(
                    overlap(other, line) for line in taken[1:] for other in near
                ):
                    yield label, taken


ABOVE_LINE, BELOW_LINE, SECOND_LINE, MIDDLE = 11, 4, 15, 4
"""Pixels from the baseline to the top and bottom of text, to the second line, and to the middle."""
LEADER = 5
"""Pixels between a mark and its label."""


def _label_at(
    mark: EstimateMark, detail: Detail, move: int, is_left: bool
) -> tuple[Label, list[Box]]:
    """Return a label moved vertically by `move`, and the boxes of its text and its leader line."""
    view = mark.figure.view
    words = mark.letter if detail == "letter" else f"{mark.letter}\N{EN SPACE}{view.amount}"
    below = _who_and_when(mark.figure) if detail == "speaker" else ""
    out, side = (-1, mark.box[0]) if is_left else (1, mark.box[2])
    edge = side + out * LEADER
    line = mark.middle + move + MIDDLE - (SECOND_LINE / 2 if below else 0)
    has_shape = "point" in mark.figure.numbers
    icon = None if has_shape else symbol(mark.figure, edge + out * 5, line - MIDDLE, 0.8)
    start = edge if has_shape else edge + out * 14
    end = edge + out * max(
        width_in_pixels(words, FIRST_LINE_LETTER_PIXELS) + abs(start - edge),
        width_in_pixels(below, SECOND_LINE_LETTER_PIXELS),
    )
    bottom = line + BELOW_LINE + (SECOND_LINE if below else 0)
    taken, leader = [(min(edge, end), line - ABOVE_LINE, max(edge, end), bottom)], ""
    if abs(move) > LEADER_FROM_PIXELS:
        leader = f"M{side} {mark.middle}L{round_pixels(edge)} {round_pixels(line - MIDDLE)}"
        upper, lower = sorted((mark.middle, line - MIDDLE))
        taken.append((min(side, edge), upper, max(side, edge), lower))
    return Label(
        round_pixels(start),
        round_pixels(line),
        is_left,
        words,
        below,
        round_pixels(edge),
        icon,
        leader,
    ), taken


MAX_LINE_CHARACTERS = 56


def _who_and_when(figure: PlaceEstimate) -> str:
    """Return speaker and time, preceded by other places and by a population that is not all.

    Long text is shortened before the time.
    """
    view, of = figure.view, figure.form["population"]
    who = view.speaker
    if figure.is_calculated:
        who = _("worked out by us from {speaker}").format(speaker=who)
    said = (
        who
        if of == Population.WORKERS and not figure.is_part
        else _("{whom}; {who}").format(whom=view.population, who=who)
    )
    if figure.whereabouts:
        said = _("{where}; {said}").format(where=figure.whereabouts, said=said)
    said, room = said[:1].upper() + said[1:], MAX_LINE_CHARACTERS - len(view.time)
    shown = (
        said
        if len(said) <= room
        else f"{said[:room].rpartition(' ')[0].rstrip(' ,;') or said[:room]}…"
    )
    return _("{who}, {time}").format(who=shown, time=view.time)


# Brackets ---------------------------------------------------------------------------------------

BRACKET_GAP_PIXELS, BRACKET_WIDTH_PIXELS, MIN_BRACKET_HEIGHT_PIXELS = 10, 20, 8
"""Pixels between marks and bracket, width of a bracket with its sign, and its minimum height."""


def brackets(marks: Sequence[EstimateMark], years: Years) -> list[Bracket]:
    """Return a bracket for each pair of conflicting estimates, if possible without overlap."""
    taken = [mark.box for mark in marks]
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
        middle = round_pixels((upper + lower) / 2 + MIDDLE)
        found.append(
            Bracket((one.letter, other.letter), path, round_pixels(x + 9 * out), middle, box)
        )
    return found


def _bracket_places(
    one: EstimateMark, other: EstimateMark, upper: float, lower: float, years: Years
) -> Iterator[tuple[float, Box, int]]:
    """Yield places for a bracket, nearest first: x, box, and side (1 = right, -1 = left)."""
    left, right = min(one.box[0], other.box[0]), max(one.box[2], other.box[2])
    for distance in range(BRACKET_GAP_PIXELS, MAX_DISTANCE_PIXELS, BRACKET_GAP_PIXELS):
        x = right + distance
        if x + BRACKET_WIDTH_PIXELS <= years.right + MARGIN_RIGHT_PIXELS:
            yield x, (x - 5, upper - 2, x + BRACKET_WIDTH_PIXELS, lower + 2), 1
        x = left - distance
        if x - BRACKET_WIDTH_PIXELS >= years.left:
            yield x, (x - BRACKET_WIDTH_PIXELS, upper - 2, x + 5, lower + 2), -1


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
