"""What stands beside the marks of a chart: labels, each in the first free place, and brackets between rivals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal
from unicodedata import east_asian_width

from app.i18n.translate import _
from app.site.charts.glyphs import Box, Figure, Mark, Shape, Years, symbol, tidy
from app.vocabulary.estimates import Population

ROOM = 20
"""Pixels right of the scale that labels may use too."""
FARTHEST = 132
"""Pixels: no label is farther from its mark, and no bracket from its two."""


@dataclass(frozen=True)
class Label:
    """Words beside a mark. A bar or an arrow has its speaker's shape here."""

    x: float
    y: float
    is_left: bool
    words: str
    below: str
    edge: float
    """Where the second line begins or, left of the mark, ends; an icon may stand between it and the first."""
    icon: Shape | None
    leader: str
    """A line to the mark, where that is far."""

    @property
    def y_below(self) -> float:
        return self.y + SECOND_LINE


@dataclass(frozen=True)
class Bracket:
    """Joins two figures that exclude each other, beside them; the sign for that stands beside its middle."""

    letters: tuple[str, str]
    path: str
    x: float
    y: float
    box: Box


HEAD, SUB, SIGN = 7.4, 6.4, 13
"""Pixels that a letter of a label's first and second line takes, and a Chinese or Korean sign."""


def width_of(words: str, letter: float) -> float:
    if words.isascii():
        return letter * len(words)
    return sum(SIGN if east_asian_width(sign) in "WF" else letter for sign in words)


# Labels -----------------------------------------------------------------------------------------------------------

NO_WORDS = Label(0, 0, False, "", "", 0, None, "")
Detail = Literal["speaker", "figure", "letter"]
DETAILS: tuple[Detail, ...] = ("speaker", "figure", "letter")
"""How much a label says: nothing but the letter, the figure too, or also who said it and when."""

STEP, LEADER_FROM = 6, 18
"""Pixels: a label that is in the way moves up and down by steps, and beyond a distance gets a line."""
MOVES = [0, *(move for away in range(STEP, FARTHEST + 1, STEP) for move in (-away, away))]


def labels(
    marks: Sequence[Mark], in_the_way: Sequence[Box], years: Years, base: float, most: Detail
) -> list[Label]:
    """One for each mark, in as many words as find room near it."""
    used, room = (
        [*(mark.box for mark in marks), *in_the_way],
        (years.left, 0, years.right + ROOM, base),
    )
    order, found = list(marks), _placed(marks, used, room, most)
    for _attempt in marks:
        crossing = [mark for mark in order if found[mark.letter][1]]
        if not crossing:
            break
        # Whose line crossed the words of others chooses first: their words find another place, or there are fewer.
        order = [*crossing, *(mark for mark in order if mark not in crossing)]
        again = _placed(order, used, room, most)
        if sum(crosses for _label, crosses in again.values()) >= len(crossing):
            break
        found = again
    return [found[mark.letter][0] for mark in marks]


def _placed(
    marks: Sequence[Mark], used: Sequence[Box], room: Box, most: Detail
) -> dict[str, tuple[Label, bool]]:
    """By the letters of marks, which choose in this order: a label, and whether its line crosses something."""
    # A line across other words is better than no letter, but nothing else is worth one; and in a picture without the
    # table that letters lead to, not even that.
    has_table = most != "figure"
    ways: list[tuple[Detail, bool]] = [(detail, False) for detail in DETAILS[DETAILS.index(most) :]]
    if has_table:
        ways.append(("letter", True))
    taken, found = list(used), {}
    for mark in marks:
        (label, boxes), crosses = next(
            (
                (place, may_cross)
                for detail, may_cross in ways
                for place in _free(mark, detail, taken, room, may_cross)
            ),
            (_label(mark, "letter", 0, False) if has_table else (NO_WORDS, []), True),
        )
        found[mark.letter] = label, crosses
        taken += boxes
    return found


def _free(
    mark: Mark, detail: Detail, used: Sequence[Box], room: Box, may_cross: bool
) -> Iterator[tuple[Label, list[Box]]]:
    """Free places: right of the mark, then left, then a little higher or lower, and so on."""
    sides = []
    for is_left in (False, True):
        [box] = _label(mark, detail, 0, is_left)[1]
        if box[0] >= room[0] and box[2] <= room[2]:
            near = [
                b
                for b in used
                if b[0] < box[2] + LEADER and box[0] - LEADER < b[2] and b != mark.box
            ]
            sides.append((is_left, box, near))
    for move in MOVES:
        for is_left, (left, top, right, bottom), near in sides:
            # Most places are taken: the label is made for one that is free.
            moved = (left, top + move, right, bottom + move)
            if (
                moved[1] >= room[1]
                and moved[3] <= room[3]
                and not any(overlap(other, moved) for other in near)
            ):
                label, taken = _label(mark, detail, move, is_left)
                if may_cross or not any(
                    overlap(other, line) for line in taken[1:] for other in near
                ):
                    yield label, taken


ABOVE_LINE, BELOW_LINE, SECOND_LINE, MIDDLE = 11, 4, 15, 4
"""Pixels: how far words reach above and below their line, how far down the second line is, how far up a letter's
middle."""
LEADER = 5
"""Pixels between a mark and its label, which a line to it has to cross."""


def _label(mark: Mark, detail: Detail, move: int, is_left: bool) -> tuple[Label, list[Box]]:
    """A label so far above or below the place beside its mark; the room that its words take, and a line to them."""
    view = mark.figure.view
    words = mark.letter if detail == "letter" else f"{mark.letter}\N{EN SPACE}{view.amount}"
    below = _who_and_when(mark.figure) if detail == "speaker" else ""
    out, side = (-1, mark.box[0]) if is_left else (1, mark.box[2])
    edge = side + out * LEADER
    line = mark.middle + move + MIDDLE - (SECOND_LINE / 2 if below else 0)
    has_shape = "point" in mark.figure.numbers
    icon = None if has_shape else symbol(mark.figure, edge + out * 5, line - MIDDLE, 0.8)
    start = edge if has_shape else edge + out * 14
    end = edge + out * max(width_of(words, HEAD) + abs(start - edge), width_of(below, SUB))
    bottom = line + BELOW_LINE + (SECOND_LINE if below else 0)
    taken, leader = [(min(edge, end), line - ABOVE_LINE, max(edge, end), bottom)], ""
    if abs(move) > LEADER_FROM:
        leader = f"M{side} {mark.middle}L{tidy(edge)} {tidy(line - MIDDLE)}"
        upper, lower = sorted((mark.middle, line - MIDDLE))
        taken.append((min(side, edge), upper, max(side, edge), lower))
    return Label(tidy(start), tidy(line), is_left, words, below, tidy(edge), icon, leader), taken


LONGEST = 56


def _who_and_when(figure: Figure) -> str:
    """Who said it and when; and of what, where that is not simply workers. Whatever is too long, the time stays."""
    view, of = figure.view, figure.form["population"]
    said = (
        view.speaker
        if of == Population.WORKERS
        else _("{whom}; {who}").format(whom=view.population, who=view.speaker)
    )
    said, room = said[:1].upper() + said[1:], LONGEST - len(view.time)
    shown = (
        said
        if len(said) <= room
        else f"{said[:room].rpartition(' ')[0].rstrip(' ,;') or said[:room]}…"
    )
    return _("{who}, {time}").format(who=shown, time=view.time)


# Brackets ---------------------------------------------------------------------------------------------------------

AWAY, WIDE, LEAST_HIGH = 10, 20, 8
"""Pixels between marks and bracket, what it takes with its sign, and how high it is at least."""


def brackets(marks: Sequence[Mark], years: Years) -> list[Bracket]:
    """One for each two that exclude each other, beside both and through no mark."""
    taken = [mark.box for mark in marks]
    found = []
    for one, other in combinations(marks, 2):
        if other.figure.id not in one.figure.payload["conflicts"]:
            continue
        upper, lower = sorted((one.middle, other.middle))
        lower = max(lower, upper + LEAST_HIGH)
        places = list(_beside(one, other, upper, lower, years))
        free = (place for place in places if not any(overlap(place[1], box) for box in taken))
        x, box, out = next(free, places[0])
        taken.append(box)
        path = f"M{tidy(x - 5 * out)} {tidy(upper)}H{tidy(x)}V{tidy(lower)}h{-5 * out}"
        middle = tidy((upper + lower) / 2 + MIDDLE)
        found.append(Bracket((one.letter, other.letter), path, tidy(x + 9 * out), middle, box))
    return found


def _beside(
    one: Mark, other: Mark, upper: float, lower: float, years: Years
) -> Iterator[tuple[float, Box, int]]:
    """Places for a bracket, nearest first: its upright, the room it takes, and whether that is right (1) or left."""
    left, right = min(one.box[0], other.box[0]), max(one.box[2], other.box[2])
    for away in range(AWAY, FARTHEST, AWAY):
        x = right + away
        if x + WIDE <= years.right + ROOM:
            yield x, (x - 5, upper - 2, x + WIDE, lower + 2), 1
        x = left - away
        if x - WIDE >= years.left:
            yield x, (x - WIDE, upper - 2, x + 5, lower + 2), -1


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
