"""SVG of charts: styles, and the widths of text."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from unicodedata import east_asian_width

from app.i18n.formats import enumerate_words
from app.i18n.translate import _, ngettext
from app.web.static import stylesheet

MARGIN_PIXELS = 24
FIRST_LINE_LETTER_PIXELS, SECOND_LINE_LETTER_PIXELS, ASIAN_LETTER_PIXELS = 7.4, 6.4, 13
"""Pixels per letter of bold and of small text, and per Chinese or Korean letter."""


@dataclass(frozen=True)
class Tick:
    """A label of an axis: a number or a year."""

    at: float
    words: str


def width_in_pixels(words: str, letter: float) -> float:
    if words.isascii():
        return letter * len(words)
    return sum(ASIAN_LETTER_PIXELS if _is_wide(sign) else letter for sign in words)


MAX_OUTLETS_NAMED = 8


def reported_by(outlets: Mapping[str, int]) -> str:
    """Return the outlets of the drawn rows with their counts, most frequent first."""
    ordered = Counter(outlets).most_common()
    named = [
        _("{outlet} ({count})").format(outlet=name, count=count)
        for name, count in ordered[:MAX_OUTLETS_NAMED]
    ]
    if (rest := len(ordered) - MAX_OUTLETS_NAMED) > 0:
        named.append(ngettext("{count} other outlet", "{count} other outlets", rest))
    return (
        _("Reported by {outlets}.").format(outlets=enumerate_words(named))
        if named
        else _("No source recorded.")
    )


CLASSES = r"\.(?:em(?:\.a-[a-z]+)?|(?:e|x)-[a-z]+)"
RULE_PATTERN = re.compile(rf"^{CLASSES} \{{.*\}}$", re.MULTILINE)
VARIABLE_PATTERN = re.compile(r"^  --([a-z0-9-]+): ([^;]+);", re.MULTILINE)


@cache
def style() -> str:
    """Return the chart's rules from the stylesheet, with variables replaced by light colours."""
    sheet = stylesheet()
    values: dict[str, str] = {}
    for name, value in VARIABLE_PATTERN.findall(sheet):
        values.setdefault(name, value)
    rules = "\n".join(RULE_PATTERN.findall(sheet))
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: values[found[1]], rules)


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
