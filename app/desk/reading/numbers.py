"""Numbers of a report with quantifier, unit and rate; shares, changes and words without a figure.

The words of each language are in `words.csv`. A number has no unit where no word tells what it
counts, and it counts people only where a word for people is in its clause.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from app.dates.edtf import FIRST_YEAR
from app.desk.reading.text import (
    LETTERED,
    Figure,
    Language,
    Mark,
    MarkKind,
    Sentence,
    Words,
    is_free,
    longest,
    pattern_of,
    patterns_of,
    plain,
    words_of,
)
from app.vocabulary.estimates import CURRENCY_UNITS

MAX_NUMBER_WORDS = 12
MAX_DIGITS = 15
"""A number with more is none that anybody counted, and may have no value as a float."""
MAX_WHOLE = 10
"""“30 in 400” are two counts, and no share."""
CONTEXT = 60
"""Characters before and after a number in which its quantifier, unit and rate are."""
MAX_MODIFIERS = 3
"""Words between a number and its noun."""

# Values -------------------------------------------------------------------------------------------


class NumberValue(NamedTuple):
    """The value of a number; two values for 六七百 or 서너."""

    low: float
    high: float


DIGITS = dict(zip("〇零一二三四五六七八九两兩", (0, 0, *range(1, 10), 2, 2), strict=True))
DIGITS |= dict(zip("일이삼사오육칠팔구", range(1, 10), strict=True))
SMALL = {"十": 10, "십": 10, "百": 100, "백": 100, "千": 1000, "천": 1000}
LARGE = {"万": 10_000, "萬": 10_000, "만": 10_000, "亿": 10**8, "億": 10**8, "억": 10**8}
PAIR = re.compile(r"([一二三四五六七八九两兩])([一二三四五六七八九两兩])(?![一二三四五六七八九])")


def value_of(text: str, language: Language) -> NumberValue | None:
    """Return the value of a number in figures, words or both; None if it has none."""
    if sum(sign.isdigit() for sign in text) > MAX_DIGITS:
        return None
    text = text.strip().replace("-", " ") if language == "en" else text.strip()
    if language in LETTERED:
        return _spelled(text, language)
    if bounds := _words(language).get(text):
        return bounds
    text = re.sub(r"[\s,，]", "", text)
    pair = PAIR.search(text)
    if pair and DIGITS[pair[2]] - DIGITS[pair[1]] == 1:  # 六七百 is 600 or 700
        before, after = text[: pair.start()], text[pair.end() :]
        low, high = (_characters(before + digit + after) for digit in pair.groups())
        return None if low is None or high is None else NumberValue(low, high)
    value = _characters(text)
    return None if value is None else NumberValue(value, value)


def _characters(text: str) -> float | None:
    """Return the value of 1万5千, 2만8천 or 三十五."""
    total = section = 0.0
    number: float | None = None
    for part in re.findall(r"[0-9]+(?:\.[0-9]+)?|.", text):
        if part[0].isascii() and part[0].isdigit():
            number = float(part)
        elif part in DIGITS:
            number = (number or 0) * 10 + DIGITS[part]
        elif part in SMALL:
            section += (1 if number is None else number) * SMALL[part]
            number = None
        elif part in LARGE:
            total += (section + (number or 0) or 1) * LARGE[part]
            section, number = 0.0, None
        else:
            return None
    return total + section + (number or 0)


def _spelled(text: str, language: Language) -> NumberValue | None:
    """Return the value of 1.5 million, two hundred and ten, 7,3 тысячи or две тысячи пятьсот."""
    total = 0.0
    current: float | None = None
    scales = patterns_of("scale", language)
    separator, point = (",", ".") if language == "en" else (" ", ",")
    text = re.sub(rf"(?<=[0-9])[{separator}\s\u00a0](?=[0-9]{{3}}(?![0-9]))", "", text)
    for word in re.findall(r"[0-9]+(?:[.,]\s?[0-9]+)?|[^\W\d_]+", text):
        if word[0].isdigit():
            current = float(re.sub(rf"[{point}]\s?", ".", word).replace(",", ""))
        elif scale := next((float(code) for each, code in scales if each.fullmatch(word)), 0.0):
            scaled = (1 if current is None else current) * scale
            total, current = (total + scaled, None) if scale >= 1000 else (total, scaled)
        elif bounds := _words(language).get(word):
            current = (current or 0) + bounds.low
        elif word not in {"and", "a", "an"}:
            return None
    value = total + (current or 0)
    return NumberValue(value, value)


@cache
def _words(language: Language) -> Mapping[str, NumberValue]:
    """Return the values of number words: “1 1” has one, two, three …; forms are apart by `/`."""
    words: dict[str, NumberValue] = {}
    for use, more in (("number", 0), ("pair", 1)):
        for code, each in words_of(use, language).items():
            first, step = map(float, code.split())
            for at, forms in enumerate(each):
                low = first + step * at
                words |= dict.fromkeys(filter(None, forms.split("/")), NumberValue(low, low + more))
    if language == "ko":  # 스물세
        tens = {word: value.low for word, value in words.items() if value.low >= 10}
        ones = {word: value.low for word, value in words.items() if value.high < 10}
        for ten, value in tens.items():
            words |= {ten + one: NumberValue(value + at, value + at) for one, at in ones.items()}
    return words


# Patterns of numbers ------------------------------------------------------------------------------

WITHIN = re.compile(r"[0-9][.,]$|[가-힣](?<![월약중자서은는이가을를에의간당달명])$")
"""Before digits that are part of a decimal, or of a Korean word."""
GOES_ON = re.compile(r"[.,:/]?[0-9]")
JOINTS: Mapping[Language, str] = {
    "en": r" ?[–—-] ?\$?| to (?:as many as |about |around )?\$?| and \$?(?=[0-9a-z])| or ",
    "ko": r" ?[~〜∼–-] ?|에서 ?(?:많게는 ?)?|부터 ",
    "zh": r"[到至~〜–—-]",
    "ja": r"(?:人|名|元|ドル)?(?:から|[~〜–—-])|か(?=[0-9])|、(?=[0-9]{1,2}[人名台社店便件])",
    "ru": r" ?[–—-] ?| до | и (?=[0-9])",
}
"""What joins the two numbers of a range."""
ONE_IN: Mapping[Language, str] = {
    "en": r"(?P<part>{n}) (?:in|out of) (?:every )?(?P<whole>{n})\b(?! (?:day|week|month|year))",
    "ko": r"(?<![0-9가-힣])(?P<whole>{n}) ?명 ?(?:중|가운데) ?(?P<part>{n}) ?명(?:꼴)?",
    "zh": r"(?P<whole>{n})个?[人名]之?[中里](?:就)?有?(?P<part>{n})个?[人名]",
    "ja": r"(?<![0-9])(?P<whole>{n})人(?:に|中|のうち)(?P<part>{n})人",
    "ru": r"(?P<part>{n}) из каждых (?P<whole>{n})",
}
UNITS_OF_TIME = {"hours", "days", "weeks", "months", "years"}
AS_SHARE = {"percent": 0.01, "tenths": 0.1, "times": 1}
MONEY = CURRENCY_UNITS | {"yuan", "usd"}
NO_MODIFIER = re.compile(
    r"(?:of|in|at|to|from|on|by|after|before|since|under|during|over|were|was|are|is|had|have|has|"
    r"and|or|for|with|who|that|an?|the|per|each|as|out|remain\w*|left|arriv\w*|cross\w*|boarded|"
    r"enter\w*|этого|прошлого|текущего|в|во|на|из|с|со|к|и|до|по|за|от|у|уже|что|были|было)(?![^\W_])"
)
"""Words that are not between a number and its noun."""
GAP: Mapping[Language, str] = {
    "en": r"[ -](?:of (?:the )?|to )?",
    "ru": r"\s",
    "zh": r"\s?的?",
    "ja": r"の?",
}


@cache
def _number(language: Language) -> re.Pattern[str]:
    """Return the pattern of a number; words are limited, so that an endless one takes no time."""
    words = "|".join(sorted(_words(language), key=len, reverse=True))
    scale, stop = f"(?:{pattern_of('scale', language).pattern})", r"(?:(?<=тыс|млн)\.|(?<=млрд)\.)?"
    pattern = {
        "en": rf"(?<![a-z0-9])(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+(?:\.[0-9]+)?)(?:[ -]?{scale}"
        rf"(?![a-z])){{0,2}}|(?<![a-z])(?:(?:{words})(?:[ -](?:{words}|{scale}|and(?= "
        rf"(?:{words})))){{0,{MAX_NUMBER_WORDS}}}|an? {scale})(?![a-z])",
        # “84, 4 тысячи” has a blank too many.
        "ru": rf"(?<![а-яa-z0-9])(?:[0-9]+, [0-9](?=\s{scale})|[0-9]{{1,3}}(?:\s[0-9]{{3}})+"
        rf"|[0-9]+(?:,[0-9]+)?)(?:\s?{scale}{stop})?|(?<![а-я])(?:(?:{words})"
        rf"(?: (?:{words})){{0,{MAX_NUMBER_WORDS}}}(?: {scale}{stop})?|тысяч[аиуе]?(?= (?:человек|"
        r"с лишним|граждан|рабоч|долл|северо|руб|юан|виз)))(?![а-я])",
        "ko": r"[0-9][0-9,]*(?:\.[0-9]+)?[십백천만억]*(?: ?[0-9][0-9,]*[십백천만억]+){0,4}"
        r"(?:(?<=[천만])[0-9]{1,4})?"
        rf"|(?<![가-힣])(?:(?:[일이삼사오육칠팔구]?[십백천만]){{1,9}}|(?:{words}))",
        "zh": r"[0-9][0-9,]*(?:\.[0-9]+)?[十百千万萬亿億]*"
        r"|[一二三四五六七八九两兩][一二三四五六七八九十百千万萬亿億零两]{0,14}"
        r"|十[一二三四五六七八九]?万?|[百千万](?=[余多名人家])",
        # “千人” without a digit, but not the ones of 数千人 and 何万人.
        "ja": r"[0-9][0-9,]*(?:\.[0-9]+)?[十百千万億]*(?:[0-9]+)?[百千]?"
        r"|[一二三四五六七八九][一二三四五六七八九十百千万億]{0,14}"
        r"|十[一二三四五六七八九]?|(?<![数何幾0-9十百千万])[百千](?=[人名])",
    }[language]
    return re.compile(f"(?:{pattern})")


@cache
def _joint(language: Language) -> re.Pattern[str]:
    return re.compile(rf"(?:{JOINTS[language]})(?P<second>{_number(language).pattern})")


@cache
def _one_in(language: Language) -> re.Pattern[str]:
    digits = "[2-9]|10|1|[一二两兩三四五六七八九十]" if language != "en" else "10|[1-9]"
    number = "|".join([*_words(language), digits])
    pattern = ONE_IN[language].replace("{n}", f"(?:{number})")
    return re.compile(rf"(?<![^\W_]){pattern}" if language in LETTERED else pattern)


# Marks --------------------------------------------------------------------------------------------


def propose_estimates(sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
    """Mark numbers that count something, outside of dates and laws."""
    taken = [mark for mark in known if mark.kind in {MarkKind.DATE, MarkKind.LAW}]
    reader = NumberReader(sentence, taken)
    yield from longest(
        mark
        for mark in (*reader.phrases(), *reader.numbers())
        if is_free(mark.start, mark.end, taken)
    )


class _Found(NamedTuple):
    start: int
    end: int
    low: float
    high: float


class NumberReader:
    """Reads the numbers of one sentence."""

    def __init__(self, sentence: Sentence, taken: Sequence[Mark]) -> None:
        self.sentence, self.taken = sentence, taken
        self.language = sentence.language
        self.text = plain(sentence.text)

    def before(self, use: str, at: int) -> tuple[int, str] | None:
        """Return the beginning and the code of the longest words that end before a position."""
        first = max(0, at - CONTEXT)
        each = [
            (first + found.start(), code)
            for pattern, code in patterns_of(use, self.language, before=True)
            if (found := pattern.search(self.text[first:at]))
        ]
        return min(each, default=None)

    def next(self, words: Words, at: int) -> tuple[int, str] | None:
        """Return the end and the code of the longest words at a position, after a blank or not."""
        each = [
            (found.end(), code)
            for start in {at, at + self.text.startswith(" ", at)}
            for pattern, code in words
            if (found := pattern.match(self.text, start))
        ]
        return max(each, key=lambda pair: pair[0], default=None)

    def after(self, use: str, at: int) -> tuple[int, str] | None:
        return self.next(patterns_of(use, self.language), at)

    # Phrases without a number

    def phrases(self) -> Iterator[Mark]:
        for pattern, unit in patterns_of("words", self.language):
            for found in pattern.finditer(self.text):
                figure = Figure("words", unit=self.unit_of_papers(unit))
                yield _mark(*found.span(), figure)
        for pattern, code in patterns_of("share", self.language):
            for found in pattern.finditer(self.text):
                yield from self.share(found, float(code))
        for found in _one_in(self.language).finditer(self.text):
            part, whole = (value_of(found[group], self.language) for group in ("part", "whole"))
            if part and whole and 0 < part.low < whole.low <= MAX_WHOLE:
                yield from self.share(found, round(part.low / whole.low, 3))

    def share(self, found: re.Match[str], number: float) -> Iterator[Mark]:
        """Yield the mark of a share in words, and its quantifier."""
        start, end = found.span()
        if self.after("not-after", end):
            return
        quantifier = ""
        if prefix := self.before("quantifier", start):
            start, quantifier = prefix
        if suffix := self.after("quantifier", end):
            end, quantifier = suffix[0], quantifier or suffix[1]
        yield self.ratio(_Found(start, end, number, number), quantifier)

    def ratio(self, found: _Found, quantifier: str) -> Mark:
        """Return the mark of a share, or of a change where words for a fall or a rise are near."""
        sign = self.sign(found.start, found.end)
        low, high = sorted((sign or 1) * number for number in (found.low, found.high))
        form = "percent-change" if sign else "share"
        figure = Figure(quantifier or "exact", low, high, "ratio", form=form)
        return _mark(found.start, found.end, figure)

    def sign(self, start: int, end: int) -> int:
        """Return −1 or 1 if words for a fall or a rise are just before or after a share."""
        before = self.text[max(0, start - 40) : start]
        for use, sign in (("fall", -1), ("rise", 1)):
            pattern = pattern_of(use, self.language).pattern
            by = r"(?: by| to| на| of)?" if self.language in LETTERED else ""
            if re.search(rf"(?:{pattern}){by}[^,;.]{{0,6}}$", before) or re.match(
                rf"[^,;.，。]{{0,3}}?(?:{pattern})", self.text[end : end + 16]
            ):
                return sign
        return 0

    # Numbers

    def numbers(self) -> Iterator[Mark]:
        end = 0
        for match in _number(self.language).finditer(self.text):
            if match.start() >= end and self.may_count(match):
                found = self.with_second(match)
                if mark := found and self.estimate(found):
                    end = mark.end
                    yield mark

    def may_count(self, match: re.Match[str]) -> bool:
        """Whether digits are no part of a date, a decimal, or the number of a law or a page."""
        start, end = match.span()
        ends = not pattern_of("no-number", self.language).match(self.text, end) or self.unit(end)
        is_part = WITHIN.search(self.text[max(0, start - 2) : start]) or GOES_ON.match(
            self.text, end
        )
        is_own = is_free(start, end, self.taken) and not self.before("numbered", start)
        return bool(ends and is_own and not is_part)

    def with_second(self, match: re.Match[str]) -> _Found | None:
        """Return the number at a match, as a range if a second number is joined to it."""
        first = value_of(match.group(), self.language)
        if first is None:
            return None
        alone = _Found(*match.span(), first.low, first.high)
        joint = _joint(self.language)
        second_match = joint.match(self.text, match.end())
        if not second_match and (unit := self.unit(match.end())):
            # A unit may be between the two: 200만 원에서 300만 원.
            second_match = joint.match(self.text, unit[0])
            other = self.unit(second_match.end()) if second_match else None
            second_match = second_match if other and other[1] == unit[1] else None
        second = value_of(second_match["second"], self.language) if second_match else None
        if not second_match or not second:
            return alone
        low, high = first.low, second.high
        scale = _scale(second_match["second"], second.high)
        if scale > 1 and low < scale and low * scale < high:  # 5 to 7 thousand
            low *= scale
        if low >= high:
            return alone
        return _Found(match.start(), second_match.end(), low, high)

    def unit(self, at: int) -> tuple[int, str] | None:
        """Return the end and the code of what a number before a position counts."""
        if found := self.next(_units(self.language), at):
            return found
        gap = re.compile(GAP.get(self.language, r" ?")).match(self.text, at)
        people = None
        at = gap.end() if gap else len(self.text)
        for _word in range(MAX_MODIFIERS + 1):
            if found := self.next(_units(self.language), at):
                return found
            # “300 Nepali firms” are firms, “300 Nepali” people.
            nation = _peoples(self.language).match(self.text, at)
            people = (nation.end(), "people") if nation else people
            word = re.compile(r"[a-zа-я'-]+[ -]").match(self.text, at)
            if self.language not in LETTERED or not word or NO_MODIFIER.match(self.text, at):
                break
            at = word.end()
        return people

    def estimate(self, found: _Found) -> Mark | None:
        """Return the mark of a number with the words around it: quantifier, unit and rate."""
        start, end = found.start, found.end
        quantifier = "range" if found.low < found.high else ""
        unit = per = near = ""
        if inside := self.after("quantifier", end):
            end, near = inside
        if sign := self.before("unit", start):
            start, unit = sign
        elif after := self.unit(end):
            end, unit = after
        if prefix := self.before("quantifier", start):
            start, quantifier = prefix[0], quantifier or prefix[1]
        if quantifier in {"", "exact"} and near:
            quantifier = near
        for _time in range(2):
            if after := self.after("quantifier", end):
                end, quantifier = after[0], quantifier or after[1]
            # “A year ago” and 1日に of 11日に are parts of dates, and no rates.
            rate = self.after("per", end)
            if rate and per in {"", "person"} and is_free(end, rate[0], self.taken):
                end, per = rate  # per worker per month: what is paid in a month
        rate = None if per else self.before("per", start)
        if rate and is_free(rate[0], start, self.taken):
            start, per = rate
        return self.figure_mark(found._replace(start=start, end=end), quantifier, unit, per)

    def figure_mark(self, found: _Found, quantifier: str, unit: str, per: str) -> Mark | None:
        low, high = found.low, found.high
        if unit == "weeks":
            low, high, unit = 7 * low, 7 * high, "days"
        harmed = self.after("harmed", found.end) or self.before("harmed", found.start)
        unit = unit or ("people" if harmed else "")
        if unit in AS_SHARE:
            if unit == "times" and self.sign(found.start, found.end) != 1:
                return None  # three times a day, or as many as a year before
            low, high = (round(number * AS_SHARE[unit], 4) for number in (low, high))
            return self.ratio(found._replace(low=low, high=high), quantifier)
        if not unit:
            is_of_people = self.after("of-people", found.end) is not None
            if low < 2 or not (quantifier or per or is_of_people):
                return None
            # “Women over 35 are not accepted” gives an age.
            people = pattern_of("people", self.language)
            is_age = re.search(rf"(?:{people.pattern})\s*$", self.text[: found.start])
            is_near = people.search(self.text[found.start : found.end])
            is_people = is_near or (
                is_of_people and not is_age and people.search(self.text) is not None
            )
            unit = "people" if is_people else ""
        if unit == "none" or (low == high == 1 and unit not in MONEY | UNITS_OF_TIME):
            return None
        if unit == "years" and low >= FIRST_YEAR:
            return None
        figure = Figure(
            quantifier or "exact",
            low,
            high,
            self.unit_of_papers(unit),
            per,
            population=harmed[1] if harmed and unit == "people" else "",
        )
        return _mark(found.start, found.end, figure)

    def unit_of_papers(self, unit: str) -> str:
        if unit != "papers":
            return unit
        return "visas" if re.search(r"비자|사증|ビザ|査証|签证|簽證", self.text) else "permits"

    def counts(self, at: int) -> bool:
        """Whether a number at a position counts something: it is no year, as in 5月に2000人."""
        match = _number(self.language).match(self.text, at)
        found = self.with_second(match) if match else None
        if not found:
            return False
        inside = self.after("quantifier", found.end)
        end = inside[0] if inside else found.end
        unit = self.unit(end) if self.language == "ru" else self.next(_units(self.language), end)
        return unit is not None and unit[1] in {"people", "visas", "papers"} | MONEY


@cache
def _units(language: Language) -> Words:
    """Return the patterns of units; words for people count people."""
    people = [(pattern, "people") for pattern, _code in patterns_of("people", language)]
    return [*patterns_of("unit", language), *people]


@cache
def _peoples(language: Language) -> re.Pattern[str]:
    return re.compile(pattern_of("people-of", language, before_people=False).pattern)


def _scale(words: str, value: float) -> float:
    """Return what a word multiplies figures by: 1,000,000 in “300 million”."""
    figures = re.match(r"[0-9]+(?:[.,][0-9]+)?(?![0-9,.])", words)
    number = float(figures.group().replace(",", ".")) if figures else 0
    return value / number if number and value > number else 1


def _mark(start: int, end: int, figure: Figure) -> Mark:
    return Mark(start, end, MarkKind.ESTIMATE, figure.text, figure)
