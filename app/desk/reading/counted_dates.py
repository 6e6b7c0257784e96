"""Dates counted from another date of the text: the next day, 三天后, на следующий день.

The date before is that of the same sentence, else of the two before it. What is counted from
something that is no date, as in "two weeks before the vote", is marked without a reading.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from app.desk.reading.estimates.numbers import english, korean, russian
from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence

Unit = Literal["day", "week", "month", "year"]
EXACT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?=[~\]]*$)")
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?=[~\]]*$|-[0-9])")
YEAR = re.compile(r"([0-9]{4})(?=[~\]]*$|-)")


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    unit: Unit
    units: int
    """How many units later; below zero earlier. 0: the group `n` says it, `sign` times."""
    sign: int = 1
    may_be_published: bool = False
    """Whether the words may also count from the day of publication."""


def _rules(*rows: tuple[str, Unit, int, int]) -> Sequence[_Rule]:
    return [
        _Rule(re.compile(pattern), unit, count, sign, abs(count) == 1 and count < 0)
        for pattern, unit, count, sign in rows
    ]


_EN = r"(?P<n>[0-9]{1,2}|a|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_KO = r"(?P<n>[0-9]{1,2}|한|두|석|세|넉|네|다섯|여섯)"
_HAN = r"(?P<n>[0-9]{1,2}|[一二两兩三四五六七八九十]{1,2})"
_RU = r"(?P<n>[0-9]{1,2}|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять)"
_KOREAN_DAYS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "열흘": 10}

RULES: Mapping[Language, Sequence[_Rule]] = {
    "en": _rules(
        (r"\bthe (?:next|following) (?:day|morning|evening|night)\b", "day", 1, 1),
        (r"\bthe day after(?=[,.;]|$)", "day", 1, 1),
        (r"\bthe (?:previous day|day before)(?=[,.;]|$| [a-z])(?! yesterday| the\b)", "day", -1, 1),
        (rf"\b{_EN} days? later\b", "day", 0, 1),
        (rf"\b{_EN} days? earlier\b", "day", 0, -1),
        (r"\bthe (?:next|following) week\b", "week", 1, 1),
        (rf"\b{_EN} weeks? later\b", "week", 0, 1),
        (r"\bthe following month\b", "month", 1, 1),
        (rf"\b{_EN} months? later\b", "month", 0, 1),
        (r"\bthe following year\b", "year", 1, 1),
        (rf"\b{_EN} years? later\b", "year", 0, 1),
        (
            r"\ba year (?:earlier|before)(?=[,.;]|$| [a-z])|\bthe (?:previous|preceding) year\b|"
            r"\bthe year before(?=[,.;]|$)",
            "year",
            -1,
            1,
        ),
    ),
    "ko": _rules(
        (r"(?:그 ?)?다음 ?날|이튿날|익일", "day", 1, 1),
        (r"(?<![가-힣])전날", "day", -1, 1),
        *((rf"{word} ?[뒤후]", "day", days, 1) for word, days in _KOREAN_DAYS.items()),
        (rf"{_KO}일 ?[뒤후]", "day", 0, 1),
        (r"일주일 ?[뒤후]|그 ?다음 ?주", "week", 1, 1),
        (rf"{_KO} ?주(?:일)? ?[뒤후]", "week", 0, 1),
        (r"그 ?다음 ?달|이듬달", "month", 1, 1),
        (rf"{_KO} ?(?:달|개월) ?[뒤후]", "month", 0, 1),
        (r"이듬해|그 ?다음 ?해", "year", 1, 1),
        (r"(?<![가-힣])(?:그 ?)?전년(?!도| ?대비| ?동기)|(?<![가-힣])그 ?전해", "year", -1, 1),
    ),
    "zh": _rules(
        (r"次日|翌日|隔[天日]|[转轉]天|第二天", "day", 1, 1),
        (r"前一[天日]", "day", -1, 1),
        (rf"{_HAN}[天日][之以]?[后後]", "day", 0, 1),
        (rf"{_HAN}(?:周|週|个?星期)[之以]?[后後]", "week", 0, 1),
        (r"次月|翌月", "month", 1, 1),
        (rf"{_HAN}[个個]月[之以]?[后後]", "month", 0, 1),
        (r"次年|翌年|第二年", "year", 1, 1),
        (r"前一年|上一年(?!度)", "year", -1, 1),
    ),
    "ja": _rules(
        (r"翌日|次の日|明くる日|翌朝", "day", 1, 1),
        (r"翌々日", "day", 2, 1),
        (r"(?<!事)前日", "day", -1, 1),
        (rf"{_HAN}日[後]", "day", 0, 1),
        (r"翌週", "week", 1, 1),
        (rf"{_HAN}週間後", "week", 0, 1),
        (r"翌月", "month", 1, 1),
        (rf"{_HAN}(?:[かカヶヵ]月|カ月)後", "month", 0, 1),
        (r"翌年(?!度)", "year", 1, 1),
        (r"(?<!数)前年(?![度同比])", "year", -1, 1),
    ),
    "ru": _rules(
        (r"\bна (?:следующий|другой) день\b|\bна следующее утро\b|\bднем позже\b", "day", 1, 1),
        (r"\bнакануне\b(?! [а-я]+(?:а|ов|ия)\b)", "day", -1, 1),
        (rf"\b(?:через|спустя) {_RU} (?:дня|дней)\b", "day", 0, 1),
        (rf"\b{_RU} (?:дня|дней) спустя\b", "day", 0, 1),
        (
            r"\b(?:через|спустя) неделю\b|\bнеделю спустя\b|\bна следующей неделе\b(?= после)",
            "week",
            1,
            1,
        ),
        (rf"\b(?:через|спустя) {_RU} недели?\b", "week", 0, 1),
        (r"\b(?:через|спустя) месяц\b|\bмесяц спустя\b", "month", 1, 1),
        (r"\b(?:через|спустя) год\b|\bгод спустя\b|\bна следующий год\b", "year", 1, 1),
        (r"\bгодом (?:ранее|раньше)\b|\bза год до этого\b", "year", -1, 1),
        (r"\bмесяцем (?:ранее|раньше)\b", "month", -1, 1),
    ),
}
_EVENTS_KO = "선거|투표|회담|설|추석|행사|개막|봉쇄|제재|명절|대회|올림픽|기념일|당대회|만료"
_EVENTS_ZH = "春节|大选|选举|投票|会议|会谈|封关|疫情|禁令|奥运会?|国庆|到期|中秋"
_EVENTS_JA = "選挙|投票|会談|封鎖|五輪|大会|正月|期限|満了|採択"
UNREAD: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"\b(?:{_EN} (?:days?|weeks?|months?|years?)|the (?:day|week|month|year)) "
        r"(?:before|after|ahead of|prior to|following) (?:the|its|his|their|her|an?) "
        r"(?:[a-z-]+ ){0,1}?[a-z-]+"
    ),
    "ko": re.compile(
        rf"(?:{_EVENTS_KO}) (?:{_KO} ?(?:일|주일?|개월|달|년)|열흘|보름|이틀|사흘) ?[전뒤후]"
    ),
    "zh": re.compile(rf"(?:{_EVENTS_ZH})[前后後]{_HAN}?(?:天|周|个?星期|个月|年)?"),
    "ja": re.compile(rf"(?:{_EVENTS_JA})の?{_HAN}?(?:日|週間|[かカヶヵ]月|年)?[前後](?!半)"),
    "ru": re.compile(
        r"\bза (?:(?:[а-я]+|[0-9]+) )?(?:день|дня|дней|недел[юи]|месяц[а]?|год|года|лет) до [а-я]+"
    ),
}


def counted_dates(sentence: Sentence, plain: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the dates counted from the one before, and those that can't be read."""
    for found in UNREAD[sentence.language].finditer(plain):
        yield Mark(found.start(), found.end(), MarkKind.DATE, "", Reason.UNREAD_DATE)
    for rule in RULES[sentence.language]:
        for found in rule.pattern.finditer(plain):
            base = _base(sentence, marks, found.start())
            count = rule.units or rule.sign * _number(_count_words(found), sentence.language)
            value = _shifted(base, rule.unit, count) if base else ""
            if value:
                others = [mark.value for mark in marks if mark.start == found.start()]
                yield Mark(
                    found.start(),
                    found.end(),
                    MarkKind.DATE,
                    value,
                    Reason.DATE_BEFORE,
                    tuple(other for other in others if rule.may_be_published and other != value),
                )
            elif rule.units == 1 and not any(
                mark.start <= found.start() < mark.end for mark in marks
            ):
                yield Mark(found.start(), found.end(), MarkKind.DATE, "", Reason.UNREAD_DATE)


def _base(sentence: Sentence, marks: Sequence[Mark], at: int) -> str:
    """Return the value of the date before a position, also in the sentences before."""
    own = [mark for mark in marks if mark.end <= at and mark.value]
    if own:
        return own[-1].value
    for _sentence, earlier in reversed(sentence.earlier):
        dates = [mark for mark in earlier if mark.kind is MarkKind.DATE and mark.value]
        if dates:
            return dates[-1].value
    return ""


def _count_words(found: re.Match[str]) -> str:
    return next((text for text in found.groupdict().values() if text), "0")


def _number(words: str, language: Language) -> int:
    if words.isdigit():
        return int(words)
    read = {"en": english, "ko": korean, "zh": korean, "ja": korean, "ru": russian}[language]
    value = read(words)
    return int(value.low) if value else 0


def _shifted(base: str, unit: Unit, count: int) -> str:
    """Return a date some units after another; nothing if that is not known as exactly."""
    end = base.rsplit("/", maxsplit=1)[-1] if not base.endswith("/..") else base[:-3]
    end = end.removeprefix("[..")
    if not count:
        return ""
    if unit in {"day", "week"}:
        day = EXACT.search(end)
        if not day or end.endswith("~"):
            return ""
        shifted = date.fromisoformat(day.group()) + timedelta(
            days=count * (7 if unit == "week" else 1)
        )
        return f"{shifted}~" if unit == "week" else str(shifted)
    if unit == "month":
        month = MONTH.search(end)
        if not month:
            return ""
        year, index = divmod(12 * int(month[1]) + int(month[2]) - 1 + count, 12)
        return f"{year}-{index + 1:02}" + ("~" if count > 1 else "")
    found = YEAR.search(end)
    return f"{int(found[1]) + count}" if found else ""
