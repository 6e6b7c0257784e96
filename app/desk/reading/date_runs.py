"""Words of a text that may be part of a date: runs of them, for `dates` to read."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from app.dates.phrases.lexer import (
    CHINESE_NUMBER,
    LEXICON,
    NUMBERS,
    UNITS,
    figures_of,
    lexeme_at,
)
from app.dates.phrases.tokens import DateTokens
from app.desk.reading.marks import Mark, is_free

LETTERS = re.compile(r"[a-zа-я]+")
OTHER_WORDS = ("winter", "the", "first", "half", "полгода", "полмесяца", "через")
OTHER_BEGINNINGS = "주반半前第令平昭十一二三四五六七八九两〇"
SIGNS = "'~–—〜∼-,"
ANCHORS = {"year", "month", "day", "season", "weekday", "years", "months", "weeks", "days"}
"""Kinds of tokens without which words are no date."""
DAY_COMMA_YEAR = re.compile(r", ?(?:18|19|20|21)[0-9]{2}(?!,?[0-9])")
"""As in January 29, 2018."""


class Lexeme(NamedTuple):
    start: int
    end: int
    tokens: DateTokens
    kinds: frozenset[str]


def plain_phrase(text: str) -> str:
    """Return a text as the lexer reads it; each position is that of the text."""
    whole = unicodedata.normalize("NFKC", text).lower().replace("ё", "е").replace("’", "'")
    if len(whole) == len(text):
        return whole
    signs = []
    for sign in text:
        plain = unicodedata.normalize("NFKC", sign).lower()
        signs.append({"ё": "е", "’": "'"}.get(plain, plain) if len(plain) == 1 else sign)
    return "".join(signs)


def date_runs(plain: str, text: str, names: Sequence[Mark]) -> Iterator[list[Lexeme]]:
    """Yield the words between others that no date has; each has a word that makes it a date."""
    run: list[Lexeme] = []
    at = 0
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        lexeme = _lexeme(plain, at)
        if lexeme is None or not _may_be(lexeme, plain, text, names, run):
            if has_anchor(run):
                yield run
            run = []
            at = _next_word(plain, at)
            continue
        run.append(lexeme)
        at = lexeme.end
    if has_anchor(run):
        yield run


def has_anchor(run: Sequence[Lexeme]) -> bool:
    kinds: set[str] = set().union(*(lexeme.kinds for lexeme in run))
    units = {value for lexeme in run for kind, value in lexeme.tokens if kind == "unit"}
    if kinds & ANCHORS or any("part" in lexeme.kinds and _is_own(lexeme) for lexeme in run):
        return True
    return ("part" in kinds and bool(units & {"year", "month"})) or "weekend" in units


def _is_own(lexeme: Lexeme) -> bool:
    return any(
        str(value).startswith(("quarter", "first ", "second ")) for _kind, value in lexeme.tokens
    )


def _next_word(plain: str, at: int) -> int:
    """Return the next position at which a word may begin."""
    if not re.match(r"[a-zа-я0-9가-힣]", plain[at]):
        return at + 1
    found = re.compile(r"[a-zа-я]+|[0-9][0-9.,]*|[가-힣]").match(plain, at)
    return found.end() if found else at + 1


def _lexeme(plain: str, at: int) -> Lexeme | None:
    if not _may_begin(plain, at):
        return None
    ordinal = "第" if plain[at] == "第" else ""
    number = CHINESE_NUMBER.match(plain, at + len(ordinal))
    if number:
        figures = ordinal + figures_of(number.group())
        found = lexeme_at(figures + plain[number.end() : number.end() + 8], 0)
        if found and found[0] > len(figures):
            return _made(at, number.end() + found[0] - len(figures), found[1])
    found = lexeme_at(plain, at)
    if DAY_COMMA_YEAR.match(plain, at) and plain[at - 1 : at].isdigit():
        return _made(at, at + 1, ())
    if found is None or plain[at] in ".,·:、":
        return None
    return _made(at, *found)


@lru_cache(maxsize=2_000)
def _kinds(tokens: DateTokens) -> frozenset[str]:
    return frozenset(token.kind for token in tokens)


def _made(start: int, end: int, tokens: DateTokens) -> Lexeme:
    return Lexeme(start, end, tokens, _kinds(tokens))


@cache
def _beginnings() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words, and the characters of other scripts, with which a date may begin."""
    every = [
        *LEXICON,
        *NUMBERS,
        *UNITS,
        *["winter", "the", "first", "half", "полгода", "полмесяца", "через"],
    ]
    words = {found.group() for word in every if (found := LETTERS.match(word))}
    return frozenset(words), frozenset({*(word[0] for word in every), *OTHER_BEGINNINGS})


def _may_begin(plain: str, at: int) -> bool:
    """Whether a word of a date may be here; most are not, and looking costs time."""
    if plain[at].isdigit() or plain[at] in SIGNS:
        return True
    words, characters = _beginnings()
    word = LETTERS.match(plain, at)
    return (
        (word.group() in words or word.group().startswith("зим"))
        if word
        else plain[at] in characters
    )


def _may_be(
    lexeme: Lexeme, plain: str, text: str, names: Sequence[Mark], run: Sequence[Lexeme]
) -> bool:
    """Whether the letters around a word, and its capitals, allow it to be part of a date."""
    start, end = lexeme.start, lexeme.end
    before, word = plain[start - 1 : start], plain[start:end]
    if not is_free(start, end, names):
        return False
    if "month" in lexeme.kinds or "weekday" in lexeme.kinds:
        name = re.search(r"[a-z]", word)
        if name and not text[start + name.start()].isupper():
            return False
    if word[0].isdigit() and re.match(r"[0-9]|[a-z.,][0-9]?", before) and before.strip():
        return not re.search(r"[0-9][.,]?$|[a-z]$", plain[:start])
    if "가" <= word[0] <= "힣" and "가" <= before <= "힣" and start:
        # A word in the middle of another; after figures or a particle it is none.
        follows = bool(run) and run[-1].end == start
        return follows and bool(run[-1].kinds & (ANCHORS | {"which", "part", "number"}))
    return True
