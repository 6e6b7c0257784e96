"""Words in pictures, which break no lines by themselves: sizes, and how much of a text fits in a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width


@dataclass(frozen=True)
class Type:
    """A rule of the stylesheet for words: their size, how far apart lines are, and where the first one stands."""

    style: str
    size: int
    line: int
    first: int = 0


HUGE, BIG, SAID = Type("x-huge", 28, 37, 84), Type("x-big", 22, 28, 72), Type("x-dim", 13, 18)
"""A title that has nothing drawn below it, one that has, and what is said under either."""

WIDE, NARROW = 1.0, 0.52
"""How wide a Chinese or Korean sign is, and any other on average, for its height."""


def wrapped(text: str, type: Type, width: float, most: int) -> list[str]:
    """The text in lines of that width; a word that is longer than a line is broken, and so is Chinese anywhere."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_in(line + piece.rstrip(), type) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_in(f"{last}…", type) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;')}…"]


LONGEST_PIECE = 24


def _pieces(text: str) -> Iterable[str]:
    """What may stand on a line of its own, with the blank behind it. An address breaks behind what parts it."""
    piece = ""
    for sign in text:
        piece += sign
        if sign in " /?&" or _is_wide(sign) or len(piece) >= LONGEST_PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def width_in(text: str, type: Type) -> float:
    return sum(type.size * (WIDE if _is_wide(sign) else NARROW) for sign in text)
