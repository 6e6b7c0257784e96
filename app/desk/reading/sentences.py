"""Splits a text into sentences, in English, Korean, Chinese, Japanese and Russian."""

import re
from collections.abc import Iterator
from datetime import date

from app.desk.reading.marks import Language, Sentence

OPENING, CLOSING = "「『“‘«（(【《", "」』”’»）)】》"
STOP = re.compile(
    rf"(?<=[぀-ヿ㐀-鿿])[!?]|[.!?]+[\"'{CLOSING}]*(?=\s)|[。！？…]+[\"'{CLOSING}]*|\n+"
)
ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|gen|lt|col|st|no|vs|inc|ltd|co|jan|feb|mar|apr|jun|jul|aug|sept?"
    r"|oct|nov|dec|approx|est|u\.s|u\.n|a\.m|p\.m|e\.g|i\.e|[a-z]"
    r"|тыс|млн|млрд|руб|долл|г|гг|им|ул|т\.д|т\.е|т\.н|др|проф|см|стр|"
    r"с\.г|[а-я])|(?:^|\s)[A-ZА-Я])$",
    re.IGNORECASE,
)
NEXT_BEGINS = re.compile(rf"\s+[\"'{re.escape(OPENING)}—–-]*\s*(?:[A-ZА-ЯЁ0-9]|[^\x00-\u04ff])")


ABBREVIATION_CHARACTERS = 12
"""Characters before a stop that are searched for an abbreviation, the longest of which has five."""


def split_sentences(text: str, language: Language, published: date | None) -> Iterator[Sentence]:
    """Yield the sentences of a text, without the spaces around them, in linear time."""
    start = counted = depth = 0
    for stop in STOP.finditer(text):
        depth += _depth(text[counted : stop.start()])
        counted = stop.start()
        if _ends_sentence(text, start, stop, depth):
            yield from _sentence(text, start, stop.end(), language, published)
            start = counted = stop.end()
            depth = 0
    yield from _sentence(text, start, len(text), language, published)


def _ends_sentence(text: str, start: int, stop: re.Match[str], depth: int) -> bool:
    """Return whether a stop ends the sentence from `start`, in which `depth` quotes are open."""
    if stop.group().startswith("\n"):
        return True
    before = text[max(start, stop.start() - ABBREVIATION_CHARACTERS) : stop.start()]
    is_quoted = depth > 0 and not any(sign in CLOSING for sign in stop.group())
    if stop.group()[0] in "。！？…" or (stop.group() in {"!", "?"} and before[-1:] > "⺀"):
        # The verb of saying may follow the quote: 「…。」と話した。
        follows = text[stop.end() : stop.end() + 1]
        return not is_quoted and not (stop.group()[-1] in "」』" and follows in "とって")
    if is_quoted and stop.group() == ".":
        return False
    if stop.group().startswith(".") and ABBREVIATION.search(before):
        return False
    return bool(NEXT_BEGINS.match(text, stop.end()))


def _depth(text: str) -> int:
    """Return how many brackets or quotes are open; apostrophes are none."""
    return sum(text.count(sign) for sign in "「『“«（(") - sum(text.count(s) for s in "」』”»）)")


def _sentence(
    text: str, start: int, end: int, language: Language, published: date | None
) -> Iterator[Sentence]:
    part = text[start:end]
    if part.strip():
        begin = start + len(part) - len(part.lstrip())
        new = begins_paragraph(text, begin)
        yield Sentence(begin, part.strip(), language, published, begins_paragraph=new)


def begins_paragraph(text: str, start: int) -> bool:
    """Whether only spaces are between a position and the beginning of its line."""
    at = start
    while at and text[at - 1] != "\n" and text[at - 1].isspace():
        at -= 1
    return not at or text[at - 1] == "\n"
