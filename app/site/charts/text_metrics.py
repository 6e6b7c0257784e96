"""Font sizes and line breaking for SVG, which does not wrap text."""

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width


@dataclass(frozen=True)
class TextStyle:
    """A text style of the stylesheet: CSS class, font size, line height and y of the first line."""

    style: str
    size: int
    line: int
    first: int = 0


TITLE_ALONE, TITLE, TEXT = (
    TextStyle("x-huge", 28, 37, 84),
    TextStyle("x-big", 22, 28, 72),
    TextStyle("x-dim", 13, 18),
)
"""A title without a drawing below it, a title with a drawing, and the text below a title."""

WIDE_LETTER, NARROW_LETTER = 1.0, 0.52
"""Width of a letter relative to its font size: Chinese or Korean, and the average of others."""


def wrap(text: str, type: TextStyle, width: float, most: int) -> list[str]:
    """Break text into at most `most` lines of `width` pixels. Splits words longer than a line."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip(), type) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", type) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;')}…"]


MAX_PIECE_CHARACTERS = 24


def _pieces(text: str) -> Iterable[str]:
    """Yield parts after which a line may break: after spaces, `/?&`, and any wide letter."""
    piece = ""
    for sign in text:
        piece += sign
        if sign in " /?&" or _is_wide(sign) or len(piece) >= MAX_PIECE_CHARACTERS:
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def text_width(text: str, type: TextStyle) -> float:
    return sum(type.size * (WIDE_LETTER if _is_wide(sign) else NARROW_LETTER) for sign in text)
