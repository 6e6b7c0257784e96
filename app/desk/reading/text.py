"""Sentences of a report, the marks in them, and the words by which marks are found.

`read_article` splits a text into sentences and asks each proposer for its marks. The package knows
no database and no HTTP, and saves nothing.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "ko", "zh", "ja", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "ko", "zh", "ja", "ru")

# Marks --------------------------------------------------------------------------------------------


class MarkKind(StrEnum):
    """What a mark is about."""

    DATE = "date"
    ESTIMATE = "estimate"
    PLACE = "place"
    OUTLET = "outlet"
    ACTOR = "actor"
    LAW = "law"
    NATIONALITY = "nationality"


@dataclass(frozen=True, slots=True)
class Figure:
    """The reading of an estimate, with the codes of `app/vocabulary/estimates.py`."""

    quantifier: str
    low: float | None = None
    high: float | None = None
    """Equal to `low` for a point. Both None: words only."""
    unit: str = "people"
    """Empty: no word tells what is counted."""
    per: str = ""
    form: str = "number"
    population: str = ""
    """Of people who died or were hurt; else empty."""

    @property
    def text(self) -> str:
        """The reading on one line, as in `about 2000 people` or `range 40-60 people/week`."""
        numbers = (
            "" if self.low is None else f"{self.low:.4g}" if self.low < 1 else _plain(self.low)
        )
        if self.high is not None and self.high != self.low:
            numbers += f"-{_plain(self.high)}"
        unit = self.unit + (f"/{self.per}" if self.per else "")
        change = "change" if self.form in {"change", "percent-change"} else ""
        return " ".join(filter(None, (self.quantifier, numbers, unit, change)))


def _plain(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") if number % 1 else str(int(number))


@dataclass(frozen=True, slots=True)
class Mark:
    """Words from `start` to `end` of a text."""

    start: int
    end: int
    kind: MarkKind
    value: str
    """An EDTF date, a code, or the reading of a figure."""
    figure: Figure | None = None
    """Of an estimate."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its first position in the article."""

    start: int
    text: str
    language: Language
    published: date | None = None
    """None: the day of the report is not known, and nothing is counted from it."""
    earlier: Sequence[tuple["Sentence", Sequence[Mark]]] = ()
    """The two sentences before it and their marks, in order, with positions in the article."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


Proposer = Callable[[Sentence, Sequence[Mark]], Iterable[Mark]]
"""Proposes marks in one sentence, with positions in that sentence.

It knows the marks of the proposers before it: a number within a date is no estimate.
"""


def is_free(start: int, end: int, marks: Iterable[Mark]) -> bool:
    """Whether no mark overlaps these positions."""
    return not any(start < mark.end and mark.start < end for mark in marks)


def longest(marks: Iterable[Mark]) -> list[Mark]:
    """Return marks in order, of those that overlap only the longest."""
    chosen: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start - mark.end, mark.start)):
        if is_free(mark.start, mark.end, chosen):
            chosen.append(mark)
    return sorted(chosen, key=lambda mark: mark.start)


# Sentences ----------------------------------------------------------------------------------------

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
MAX_SENTENCE_CHARACTERS = 1_200
"""A longer sentence is cut: the marks of a sentence are compared with each other."""
EARLIER = 2
"""Sentences before one that its proposers see."""


def split_sentences(text: str, language: Language, published: date | None) -> Iterator[Sentence]:
    """Yield the sentences of a text, without the spaces around them, in linear time."""
    start = counted = depth = 0
    for stop in STOP.finditer(text):
        # How many brackets or quotes are open; apostrophes are none.
        signs = text[counted : stop.start()]
        depth += sum((sign in "「『“«（(") - (sign in "」』”»）)") for sign in signs)
        counted = stop.start()
        if _ends_sentence(text, start, stop, depth):
            yield from _sentences(text, start, stop.end(), language, published)
            start = counted = stop.end()
            depth = 0
    yield from _sentences(text, start, len(text), language, published)


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


def _sentences(
    text: str, start: int, end: int, language: Language, published: date | None
) -> Iterator[Sentence]:
    """Yield a sentence, or the parts of one that is too long."""
    while start < end:
        cut = min(end, start + MAX_SENTENCE_CHARACTERS)
        if cut < end:
            cut = text.rfind(" ", start + MAX_SENTENCE_CHARACTERS // 2, cut) + 1 or cut
        part = text[start:cut]
        if part.strip():
            begin = start + len(part) - len(part.lstrip())
            yield Sentence(begin, part.strip(), language, published)
        start = cut


# Words --------------------------------------------------------------------------------------------

WIDE_SIGNS, NARROW_SIGNS = "，：；！？（）％～．－０１２３４５６７８９", ",:;!?()%~.-0123456789"
PLAIN_SIGNS = str.maketrans("ё’" + WIDE_SIGNS, "е'" + NARROW_SIGNS)
LETTERED: tuple[Language, ...] = ("en", "ru")
"""Languages whose words have spaces between them."""
Words = Sequence[tuple[re.Pattern[str], str]]
"""Patterns of words, and the code of each row."""


def plain(text: str) -> str:
    """Return a text in lower case, without `ё` and wide signs, as long as before."""
    lower = text.lower()
    return (lower if len(lower) == len(text) else text).translate(PLAIN_SIGNS)


@cache
def _rows() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return the rows of `words.csv` by their use."""
    rows = defaultdict(list)
    with (Path(__file__).parent / "words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["use"]].append(row)
    return rows


@cache
def words_of(use: str, language: Language) -> Mapping[str, Sequence[str]]:
    """Return the words of each code for a use, as the table has them."""
    rows = _rows()[use]
    return {row["code"]: row[language].split("|") for row in rows if row[language]}


@cache
def patterns_of(use: str, language: Language, *, before: bool = False) -> Words:
    """Return the patterns of all words for a use; or of those that are before something."""
    found = []
    for code, words in words_of(use, language).items():
        own = [word.lstrip("^") for word in words if word.startswith("^") is before]
        pattern = "|".join(_pattern(word, language) for word in own) or r"(?!)"
        found.append((re.compile(f"(?:{pattern})" + r"\s*$" * before), code))
    return found


@cache
def pattern_of(
    use: str, language: Language, code: str = "", *, before_people: bool = True
) -> re.Pattern[str]:
    """Return one pattern of the words for a use, or of those with one code."""
    rows = words_of(use, language)
    each = [word.lstrip("^") for key, own in rows.items() if code in {"", key} for word in own]
    each = each if before_people else [word.rstrip("~") for word in each]
    return re.compile("|".join(_pattern(word, language) for word in each) or r"(?!)")


def _pattern(word: str, language: Language) -> str:
    """Return the pattern of a word of the table.

    `^word` is before what it is about, others after it. `*` is any ending, `…` a few words
    between, `#` a number. `ab<word` may not be preceded, and `word!ab` not followed by one of these
    letters; `word+ab` is followed by one, or ends the text.
    `word~` is before a word for people: “Chinese” is a nationality in “Chinese workers”.
    """
    if word.endswith("~"):
        people = pattern_of("people", language).pattern
        return rf"{_pattern(word[:-1], language)}(?=(?: [^\W\d_]+){{0,2}}? (?:{people}))"
    is_lettered = language in LETTERED
    gap = r"(?:\s(?:[0-9][0-9,.]*|[^\s,.;:]+)){0,3}?\s" if is_lettered else r"[^,、。;]{0,12}?"
    before, _sign, word = word.rpartition("<")
    word, _sign, follows = word.partition("+")
    word, _sign, excluded = word.partition("!")
    joined = re.escape(word).replace(r"\*", r"[^\W\d_]*")
    number = (
        "[a-zа-я]+" if is_lettered else "[한두석세넉네]|다섯|여섯|[一二两兩三四五六七八九十]{1,2}"
    )
    joined = joined.replace("…", gap).replace(r"\#", f"([0-9]{{1,2}}|{number})")
    joined = joined.replace(r"\ ", r"\s+" if is_lettered else r"\s?")
    if before:
        joined = f"(?<![{re.escape(before)}]){joined}"
    if excluded:
        joined += f"(?![{re.escape(excluded)}])"
    if follows:
        joined += rf"(?=\s?[{re.escape(follows)}]|$)"
    if is_lettered:
        starts, ends = word[:1].isalnum(), word[-1:].isalnum() or word.endswith("*")
        joined = r"(?<![^\W_])" * starts + joined + r"(?![^\W_])" * ends
    return joined


# Articles -----------------------------------------------------------------------------------------


ArticleReading = Sequence[tuple[Sentence, Sequence[Mark]]]
"""The sentences of an article and the marks in each, with positions in the article."""


def read_article(
    text: str, language: Language, published: date | None, proposers: Sequence[Proposer]
) -> ArticleReading:
    """Return the sentences of a text with their marks."""
    found: list[tuple[Sentence, Sequence[Mark]]] = []
    for sentence in split_sentences(text, language, published):
        known = replace(sentence, earlier=found[-EARLIER:])
        found.append((sentence, _marks(known, proposers)))
    return found


def _marks(sentence: Sentence, proposers: Sequence[Proposer]) -> Sequence[Mark]:
    marks: list[Mark] = []
    for proposer in proposers:
        marks += proposer(sentence, [*marks])
    return [
        replace(mark, start=mark.start + sentence.start, end=mark.end + sentence.start)
        for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end))
    ]
