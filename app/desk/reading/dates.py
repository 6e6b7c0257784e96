"""Dates of a report: phrases that the reader of the date box understands, and their readings.

Of several readings the likeliest is marked. A date may be counted from another one of the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from app.dates import edtf as dates
from app.dates.edtf import DateError
from app.dates.phrases.lexer import CHINESE_NUMBER, DateTokens, figures_of, lexeme_at
from app.dates.phrases.reading import Direction, read_phrase
from app.desk.reading.numbers import NumberReader, value_of
from app.desk.reading.text import (
    Mark,
    MarkKind,
    Sentence,
    is_free,
    longest,
    pattern_of,
    patterns_of,
    plain,
)

MAX_LEXEMES = 12
TRAILING_WORDS = re.compile(r"(?:onwards?|at (?:the )?latest|or so|ago|earlier|назад)$")
"""Words at the end of a phrase that say “about” or “since”."""
NOT_AT_THE_END = {
    *("약", "대략", "約", "大约", "大約", "截至", "より"),
    *"到从從自在于於约約或和与與至のはがもで",
}
PARTICLE = re.compile(
    r"(?:에[는도서]?|의|[은는이가을를과와도만]|으?로|보다|경|쯤|께|이?면|이래|자|당시|현재|기준|들어|중|들)(?![가-힣])"
    r"|부터|까지|이후|에"
)
"""Korean words that may be joined to a date."""
NO_DATE = re.compile(
    "|".join(
        (
            # 1日に約14時間: on each day
            r"(?<![0-9月월] )(?<![0-9月월])1[日일]\]\s?に?(?:最大で?|平均|最多|約|최대|평균|약)?"
            r"[0-9,、~〜～-]+\s?(?:時間|시간|小时|[人名台便명대편辆])",
            r"週\[[0-9]日\]",  # six days a week
            r"每\[|\[[春夏秋冬]\]",
            r"[0-9십백천만억여몇]\s?\[명일",  # 명 counts people
            r"[日天年일년]\]\s?(?:간|동안|째|連続|間|间|以内|之内|内|ぶり)",  # 30日間
            r"\[[^0-9]*\](?:[十百千万]|間|间|간)",
            r"\[(?:fall|recently|lately|最近|近日?|최근|недавно)\]",
            r"\[(?:start|beginning|end|middle|close)(?:\]| )(?!of)",
            r"[0-9]\](?:[.,]?[0-9]|\s?(?:%|percent|people|workers|[가-힣一-龯]))",  # “May 5,000”
        )
    )
)
"""Words in brackets that are no date beside those around them."""
IS_DAY = re.compile(r"\[[^\]]*[日号號일]|\bthe \[?[0-9]|\[[^\]]*\bthe [0-9]|\] числа")
"""A day without a month that is a date: “28일”, “the 21st”."""
IS_YEAR = re.compile(
    r"(?:\b(?:in|as|since|during|of|from|until|till|by|before|after|through|early|late|mid|to|and|"
    r"for|year)[ -]|[—–-]|\()\[|\] (?:год[ау]?|годом|г\.)(?![а-я])|\[[^\]]*[^0-9][^\]]*\]"
)
BESIDE_DAY = {"day", "since", "until", "which", "to", "and", "about", "by"}
JOINING = {"or", "to", "and"}
BEFORE_DATE = {"about", "perhaps", "since", "until", "by", "between"}


class Lexeme(NamedTuple):
    start: int
    end: int
    tokens: DateTokens
    kinds: frozenset[str]


def propose_dates(sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
    """Mark the longest phrases in a sentence that have a reading."""
    # Each position is that of the text.
    plain = "".join(map(_plain_sign, sentence.text))
    marks: list[Mark] = []
    for run in date_runs(plain, sentence, [*known]):
        marks += _marks_in(run, plain, sentence)
    marks.sort(key=lambda mark: mark.start)
    counted = longest(_counted_dates(sentence, plain, marks))
    yield from counted
    yield from (mark for mark in marks if is_free(mark.start, mark.end, counted))


# Phrases with a reading ---------------------------------------------------------------------------


def _marks_in(run: Sequence[Lexeme], plain: str, sentence: Sentence) -> Iterator[Mark]:
    """Yield the longest phrase with a reading, and those before and after it."""
    if len(run) > MAX_LEXEMES:
        yield from _marks_in(run[:MAX_LEXEMES], plain, sentence)
        yield from _marks_in(run[MAX_LEXEMES:], plain, sentence)
        return
    found = _longest_phrase(run, plain, sentence)
    if found is None:
        return
    first, last, mark = found
    yield from _marks_in(run[:first], plain, sentence)
    yield mark
    yield from _marks_in(run[last:], plain, sentence)


def _longest_phrase(
    run: Sequence[Lexeme], plain: str, sentence: Sentence
) -> tuple[int, int, Mark] | None:
    """Return first and last lexeme and the mark of the longest phrase with a reading."""
    windows = sorted(
        ((first, last) for first in range(len(run)) for last in range(first + 1, len(run) + 1)),
        key=lambda window: (window[0] - window[1], window[0]),
    )
    for first, last in windows:
        part = run[first:last]
        if has_anchor(part) and _is_phrase(part, plain):
            start, end = part[0].start, part[-1].end
            kinds: set[str] = set().union(*(lexeme.kinds for lexeme in part))
            if reading := _reading(sentence.text[start:end], kinds, sentence):
                end -= end == len(plain) and plain[end - 1] == "."
                return first, last, Mark(start, end, MarkKind.DATE, reading)
    return None


def _is_phrase(part: Sequence[Lexeme], plain: str) -> bool:
    """Whether a phrase may begin and end with these words, and is a date beside those around it."""
    first, last = part[0], part[-1]
    start, end = first.start, last.end
    ends = plain[last.start : end]
    if (
        not (first.tokens or plain.startswith("the", start))
        or first.kinds & JOINING
        or ends in NOT_AT_THE_END
    ):
        return False
    is_open = re.search(r"[a-zа-я]$", ends) is not None and not TRAILING_WORDS.search(ends)
    if last.kinds <= JOINING or (is_open and last.kinds <= BEFORE_DATE):
        return False
    after = plain[end : end + 16]
    if re.match(r"[가-힣]{2}", ends[-1] + after) and not PARTICLE.match(after):
        return False
    around = f"{plain[max(0, start - 12) : start]}[{plain[start:end]}]{after}"
    kinds: set[str] = set().union(*(lexeme.kinds for lexeme in part))
    if kinds & ANCHORS == {"day"} and kinds <= BESIDE_DAY and not IS_DAY.search(around):
        return False
    if kinds == {"year"} and not IS_YEAR.search(around):
        return False
    return not NO_DATE.search(around)


# Words that may be part of a date -----------------------------------------------------------------

WORD = re.compile(r"[a-zа-я]+|[0-9][0-9.,]*|[가-힣]")
ANCHORS = {"year", "month", "day", "season", "weekday", "years", "months", "weeks", "days"}
"""Kinds of tokens without which words are no date."""
DAY_COMMA_YEAR = re.compile(r", ?(?:18|19|20|21)[0-9]{2}(?!,?[0-9])")
"""As in January 29, 2018."""


@lru_cache(maxsize=2_000)
def _plain_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign).lower().replace("ё", "е").replace("’", "'")
    return plain if len(plain) == 1 else sign


def date_runs(plain: str, sentence: Sentence, names: Sequence[Mark]) -> Iterator[list[Lexeme]]:
    """Yield the words between others that no date has; each has a word that makes it a date."""
    numbers = NumberReader(sentence, ())
    run: list[Lexeme] = []
    at = 0
    while at < len(plain):
        lexeme = None if plain[at].isspace() else _lexeme(plain, at)
        if plain[at].isspace():
            at += 1
        elif (
            lexeme is None
            or not is_free(lexeme.start, lexeme.end, names)
            or _counts(lexeme, plain, numbers)
            or not _may_be(lexeme, plain, sentence.text, run)
        ):
            if has_anchor(run):
                yield run
            run = []
            found = WORD.match(plain, at)
            at = found.end() if found else at + 1
        else:
            run.append(lexeme)
            at = lexeme.end
    if has_anchor(run):
        yield run


def has_anchor(run: Sequence[Lexeme]) -> bool:
    tokens = [token for lexeme in run for token in lexeme.tokens]
    kinds, values = {token.kind for token in tokens}, {str(token.value) for token in tokens}
    is_own = any(value.startswith(("quarter", "first ", "second ")) for value in values)
    is_part = "part" in kinds and (is_own or bool({"year", "month"} & values))
    return bool(kinds & ANCHORS) or is_part or "weekend" in values


def _lexeme(plain: str, at: int) -> Lexeme | None:
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


def _made(start: int, end: int, tokens: DateTokens) -> Lexeme:
    return Lexeme(start, end, tokens, frozenset(token.kind for token in tokens))


def _counts(lexeme: Lexeme, plain: str, numbers: NumberReader) -> bool:
    """Whether a word is no year but a number, as in 5月に2000人."""
    word = plain[lexeme.start : lexeme.end]
    return word.isdigit() and "year" in lexeme.kinds and numbers.counts(lexeme.start)


def _may_be(lexeme: Lexeme, plain: str, text: str, run: Sequence[Lexeme]) -> bool:
    """Whether the letters around a word, and its capitals, allow it to be part of a date."""
    start, end = lexeme.start, lexeme.end
    before, word = plain[start - 1 : start], plain[start:end]
    if "month" in lexeme.kinds or "weekday" in lexeme.kinds:
        name = re.search(r"[a-z]", word)
        if name and not text[start + name.start()].isupper():
            return False
    if "가" <= word[0] <= "힣" and "가" <= before <= "힣" and start:
        # A word in the middle of another; after figures or a particle it is none.
        follows = bool(run) and run[-1].end == start
        return follows and bool(run[-1].kinds & (ANCHORS | {"which", "part", "number"}))
    return True


# Readings -----------------------------------------------------------------------------------------

ALWAYS_UNTIL = re.compile(r"^(?:until|till|through|up)\b|까지는$")
NO_PERIOD = {"to", "or", "between"}
"""Kinds of tokens with which “until” is the end of a period."""


def _reading(words: str, kinds: set[str], sentence: Sentence) -> str:
    """Return the likeliest date that words mean; "" if they mean none.

    Where the sentence is about what is to come, that is the first one that is not past.
    """
    published = sentence.published
    readings = _readings(words, published)
    if not readings:
        return ""
    chosen, text = readings[0], plain(sentence.text)
    uses = ("coming", "planned") if "since" in kinds else ("coming",)
    is_coming = any(pattern_of(use, sentence.language).search(text) for use in uses)
    if published and is_coming and not kinds & {"year", "which"}:
        later = (*readings, *_readings(words, published, "future"))
        chosen = next((each for each in later if _last_day(each) >= published), chosen)
    is_due = is_coming and not ALWAYS_UNTIL.search(words.lower()) and not kinds & NO_PERIOD
    if chosen.startswith("../") and (is_due or words.endswith("までに")):
        return f"[..{chosen[3:]}]"
    return chosen


def _last_day(reading: str) -> date:
    parsed = dates.parse(reading)
    return (parsed.whole.last if parsed.whole else None) or parsed.begins.last or date.max


@lru_cache(maxsize=2_000)
def _readings(words: str, published: date | None, begins: Direction = "past") -> tuple[str, ...]:
    """Return the dates of the date box, without those that do not exist."""
    valid = []
    for reading in read_phrase(words, published, begins):
        try:
            valid.append(dates.parse(reading).text)
        except DateError:
            continue
    return tuple(dict.fromkeys(valid))


# Dates counted from another one of the text -------------------------------------------------------

PRECISION = {"day": 3, "week": 3, "month": 2, "year": 1}
"""Numbers that a date must have so that others can be counted from it in a unit."""


def _counted_dates(sentence: Sentence, plain: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the dates counted from the one before: the next day, 三天后, на следующий день."""
    for pattern, rule in patterns_of("count", sentence.language):
        unit, _space, count = rule.partition(" ")
        for found in pattern.finditer(plain):
            words = next(filter(None, found.groups()), "")
            number = value_of(words, sentence.language) if words else None
            units = int(count.replace("#", str(int(number.low)) if number else "0"))
            if value := _shifted(_date_before(sentence, marks, found.start()), unit, units):
                yield Mark(*found.span(), MarkKind.DATE, value)


def _date_before(sentence: Sentence, marks: Sequence[Mark], at: int) -> str:
    """Return the value of the date before a position, also in the sentences before."""
    own = [mark for mark in marks if mark.end <= at]
    earlier = [mark for _sentence, each in sentence.earlier for mark in each]
    values = [mark.value for mark in (*earlier, *own) if mark.kind is MarkKind.DATE]
    return values[-1] if values else ""


def _shifted(base: str, unit: str, count: int) -> str:
    """Return a date some units after another; "" if that is not known as exactly."""
    end = base.removesuffix("/..").rpartition("/")[2]
    numbers = [int(number) for number in re.findall("[0-9]+", end)]
    if not count or len(numbers) < PRECISION[unit]:
        return ""
    year, month, day = (*numbers, 1, 1)[:3]
    if unit in {"day", "week"}:
        days = timedelta(days=count * (7 if unit == "week" else 1))
        return f"{date(year, month, day) + days}" + "~" * (unit == "week")
    if unit == "year":
        return f"{year + count}"
    year, index = divmod(12 * year + month - 1 + count, 12)
    return f"{year}-{index + 1:02}" if month <= 12 else ""
