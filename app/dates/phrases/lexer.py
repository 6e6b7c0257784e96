"""Splits a phrase into tokens: words of any language, and numbers with their units."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal[
    "year",
    "month",
    "day",
    "number",
    "season",
    "weekday",
    "part",
    "unit",
    "which",
    "years",
    "months",
    "weeks",
    "days",
    "about",
    "perhaps",
    "since",
    "until",
    "by",
    "to",
    "or",
    "between",
    "and",
]
"""What a token says. `years`, `months`, `weeks` and `days` count from the day of the article."""

Unit = Literal["day", "week", "month", "year"]

SHIFTS: dict[Unit, Kind] = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


class DateToken(NamedTuple):
    kind: Kind
    value: int | str = ""


DateTokens = tuple[DateToken, ...]
Lexicon = Mapping[str, DateTokens]
"""Words of one language, in lower case, and what each of them says. No token: a filler."""

ABOUT, TO = DateToken("about"), DateToken("to")
WEEKS_OF_MONTH = {
    name: DateToken("part", f"week {which}")
    for which, names in (
        ("1", "first 첫째 첫 1 перв"),
        ("2", "second 둘째 2 втор"),
        ("3", "third 셋째 3 трет"),
        ("4", "fourth 넷째 4 четверт"),
        ("last", "last final 마지막 最后一 最後の последн"),
    )
    for name in names.split()
}
"""The weeks of a month, by the beginning of their number in several languages."""
QUARTERS = tuple(DateToken("part", f"quarter {number}") for number in (1, 2, 3, 4))
FISCAL_YEAR, DECADE = DateToken("unit", "fiscal year"), DateToken("unit", "decade")
WINTER = DateToken("season", 24)


def read_words() -> tuple[Lexicon, dict[str, dict[str, int]]]:
    """Return the words of all languages in words.txt, and the numbers of each in words."""
    lexicon: dict[str, DateTokens] = {}
    numbers: dict[str, dict[str, int]] = {}
    section = ""
    for line in Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines():
        said, _equals, words = line.partition("= ")
        if line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
        elif words and section.endswith(" numbers"):
            of_language = numbers.setdefault(section.removesuffix(" numbers"), {})
            of_language.update(dict.fromkeys(words.split("|"), int(said)))
        elif words:
            tokens = tuple(_token(part) for part in said.split(",") if part.strip())
            lexicon.update(dict.fromkeys(words.split("|"), tokens))
    return lexicon, numbers


def _token(text: str) -> DateToken:
    kind, _space, value = text.strip().partition(" ")
    return DateToken(kind, int(value) if value.lstrip("-").isdigit() else value)  # type: ignore[arg-type]  # kinds of the file


LEXICON, NUMBERS_OF_LANGUAGE = read_words()
JUCHE_YEAR_0 = 1911
YEAR_0_OF_ERA = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""Years of our era before the first year of the North Korean and the Japanese counts."""

UNITS: Mapping[str, Unit] = {
    **dict.fromkeys(("일", "天", "日", "day", "день", "дня", "дней"), "day"),
    **dict.fromkeys(("주일", "주", "周", "週", "个星期", "個星期", "星期", "週間", "week"), "week"),
    **dict.fromkeys(("неделю", "недели", "недель"), "week"),
    **dict.fromkeys(
        ("개월", "달", "个月", "個月", "か月", "カ月", "ヶ月", "ヵ月", "month"), "month"
    ),
    **dict.fromkeys(("месяц", "месяца", "месяцев"), "month"),
    **dict.fromkeys(("년", "해", "年", "year", "год", "года", "лет"), "year"),
}
NUMBERS = {word: number for each in NUMBERS_OF_LANGUAGE.values() for word, number in each.items()}
ENGLISH_NUMBERS = NUMBERS_OF_LANGUAGE["en"]
DIGITS = dict(zip("〇零一二三四五六七八九两兩", (0, 0, *range(1, 10), 2, 2), strict=True))

_LETTERS = "a-zа-я"
_YEAR = r"(?P<year>(?:18|19|20|21)[0-9]{2})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_DAY = r"(?P<day>[0-3]?[0-9])"


def _any(words: Mapping[str, object] | str) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _numbers(found: re.Match[str]) -> DateTokens:
    """Return a token for each group that matched: its name is the kind of the token.

    A year of two digits is one of this century.
    """
    return tuple(
        DateToken(kind, int(text) + (2000 if kind == "year" and len(text) == 2 else 0))  # type: ignore[arg-type]  # the groups are named by kinds
        for kind, text in found.groupdict().items()
        if text
    )


def _shift(found: re.Match[str], sign: int) -> DateTokens:
    number = (found["number"] or "one").strip()
    unit = UNITS[found["unit"]]
    count = int(number) if number.isdigit() else NUMBERS[number]
    # Only days are counted exactly; "three months ago" is about that month.
    is_exact = unit == "day" and not found.groupdict().get("about")
    doubt = () if is_exact else (ABOUT,)
    return (DateToken(SHIFTS[unit], sign * count), *doubt)


def _decade(found: re.Match[str]) -> DateTokens:
    """Return the first year of a decade: of 90 in this century or, from 30 on, the last one."""
    year = int(found["decade"])
    if year < 100:
        year += 1900 if year >= 30 else 2000
    return (DateToken("year", year), DECADE)


def _week_of_month(found: re.Match[str]) -> DateTokens:
    return (WEEKS_OF_MONTH[found["week"]],)


def _winter(found: re.Match[str]) -> DateTokens:
    """Return the winter of two years: "winter 2018/19"."""
    return (WINTER, *_numbers(found), DateToken("unit", "winter"))


_YEARS = rf"{_YEAR}[년年]? ?[/–—~〜-] ?(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])"
_COUNT = rf"(?P<number>[0-9]{{1,3}}|{_any(NUMBERS)})"
_SOME = rf"(?:{_COUNT} )?"
_RUSSIAN_UNIT = r"(?P<unit>день|дня|дней|неделю|недели|недель|месяц|месяца|месяцев|год|года|лет)"
_CJK_UNIT = r"(?P<unit>天|日|周|週間|週|个星期|個星期|星期|个月|個月|か月|カ月|ヶ月|ヵ月|年)"

PATTERNS: tuple[tuple[str, Callable[[re.Match[str]], DateTokens]], ...] = (
    # Decades, and weeks of a month.
    (rf"(?:the )?(?P<decade>(?:19|20)[0-9]0)['’]?s(?![{_LETTERS}])", _decade),
    (r"(?:(?:20|21|二十)世[纪紀]|上(?:个|個)?世[纪紀])?(?P<decade>[1-9]0)年代", _decade),
    (r"(?P<decade>(?:(?:19|20)[0-9]|[1-9])0)(?:년대|年代)", _decade),
    (
        r"(?P<decade>(?:(?:19|20)[0-9]|[1-9])0)-(?:е|х|м|ми|ые|ых)(?: год(?:ы|ов|ах|ам))?"
        rf"(?![{_LETTERS}])",
        _decade,
    ),
    (r"(?:the )?(?P<week>first|second|third|fourth|last|final) week(?= of)", _week_of_month),
    (r"(?P<week>첫째|첫|둘째|셋째|넷째|마지막) ?주(?!일)", _week_of_month),
    (
        r"(?:第(?P<n>[1-4])個?个?|(?P<l>最[后後][1一]?个?の?))(?:周|週|星期)",
        lambda found: (WEEKS_OF_MONTH[found["n"] or "last"],),
    ),
    (
        r"(?P<week>перв|втор|трет|четверт|последн)(?:ую|ой|ая|ью|ьей|юю|ей|яя|ья) недел[юеяи]"
        rf"(?![{_LETTERS}])",
        _week_of_month,
    ),
    # Dates in figures: the year first, or the day first.
    (rf"{_YEAR}-{_MONTH}(?:-{_DAY})?(?![0-9])", _numbers),
    (rf"{_YEAR} ?[./] ?{_MONTH}(?: ?[./] ?{_DAY})?\.?(?![0-9])", _numbers),
    (rf"{_DAY}[./-]{_MONTH}[./-]{_YEAR}(?![0-9])", _numbers),
    (rf"(?:winter(?: of)?|зим[аойуеы]+) {_YEARS}", _winter),
    (rf"{_YEARS}[년年]?[의の]? ?(?:겨울|冬季|冬天|冬)", _winter),
    (
        rf"{_YEAR}年度",
        lambda found: (*_numbers(found), FISCAL_YEAR),
    ),
    (rf"{_YEAR}(?: ?(?:년도|년|年)|-?(?:го|м|й)(?![{_LETTERS}]))?(?![0-9])", _numbers),
    (
        r"['’]?(?P<year>[0-9]{2}) ?[년年](?= ?[0-9]{1,2} ?[월月~〜∼-])",
        _numbers,
    ),
    (
        rf"(?P<era>{_any(YEAR_0_OF_ERA)}) ?(?P<year>[0-9]{{1,2}}|元)年",
        lambda found: (
            DateToken("year", YEAR_0_OF_ERA[found["era"]] + int(found["year"].replace("元", "1"))),
        ),
    ),
    (
        r"주체 ?(?P<year>[0-9]{2,3}) ?(?:\([0-9]{4}\))? ?년?",
        lambda found: (DateToken("year", JUCHE_YEAR_0 + int(found["year"])),),
    ),
    (rf"{_MONTH} ?(?:월달|월|月份|月分|月)(?!曜)", _numbers),
    (rf"{_DAY} ?(?:일|日|号|號)(?!曜)", _numbers),
    (rf"{_DAY}(?:st|nd|rd|th)(?![{_LETTERS}])", _numbers),
    (rf"{_DAY}-?(?:го|ого|е|му)(?![{_LETTERS}])", _numbers),
    (
        r"第?(?P<quarter>[1-4])(?:/4)? ?-?(?:분기|季度|四半期|(?:й|м|го) квартал[аеу]?)",
        lambda found: (QUARTERS[int(found["quarter"]) - 1],),
    ),
    (
        rf"{_DAY}\.{_MONTH}\.(?P<year>[0-9]{{2}})(?![0-9.])",
        _numbers,
    ),
    (rf"['’](?P<year>[0-9]{{2}})\.{_MONTH}(?:\.{_DAY})?\.?(?![0-9])", _numbers),
    (
        r"前(?P<months>1[0-2]|[1-9])个?月",
        lambda found: (DateToken("part", f"first {found['months']} months"),),
    ),
    (
        rf"(?:the )?first (?P<months>1[0-2]|[1-9]|{_any(ENGLISH_NUMBERS)}) months",
        lambda found: (
            DateToken(
                "part", f"first {ENGLISH_NUMBERS.get(found['months'], found['months'])} months"
            ),
        ),
    ),
    # Times of day say nothing about the date.
    (
        r"[0-9]{1,2} ?[시時时点](?: ?[0-9]{1,2} ?[분分])?(?: ?반|半)?(?: ?[경许許頃]|ごろ)?",
        lambda _: (),
    ),
    (r"[0-9]{1,2}(?::[0-9]{2})? ?(?:[ap]\.?m\.?)(?![a-z])|[0-9]{1,2}:[0-9]{2}", lambda _: ()),
    # Counts from the day of the article.
    (
        rf"{_COUNT} (?P<unit>day|week|month|year)s? (?:ago|earlier|before)",
        lambda found: _shift(found, -1),
    ),
    (rf"{_SOME}{_RUSSIAN_UNIT}(?: тому)? назад", lambda found: _shift(found, -1)),
    (rf"через {_SOME}{_RUSSIAN_UNIT}(?![{_LETTERS}])", lambda found: _shift(found, 1)),
    (
        rf"{_COUNT} ?(?P<unit>일|주일|주|개월|달|년|해)여? ?전",
        lambda found: _shift(found, -1),
    ),
    (rf"{_COUNT} ?(?P<unit>일|주일|주|개월|달|년|해) ?[후뒤]", lambda found: _shift(found, 1)),
    (
        rf"(?<!月){_COUNT} ?{_CJK_UNIT}(?P<about>ほど|余り|あまり|多)?[之以]?前(?![后後])",
        lambda found: _shift(found, -1),
    ),
    (rf"{_COUNT} ?{_CJK_UNIT}[之以]?[后後]", lambda found: _shift(found, 1)),
    (
        r"半个月前|半個月前|半月前|half a month ago|полмесяца назад",
        lambda _: (DateToken("days", -15), ABOUT),
    ),
    (
        r"half a year ago|полгода назад|반년 ?전|半年前",
        lambda _: (DateToken("months", -6), ABOUT),
    ),
    (r"(?P<number>[0-9]{1,2})(?![0-9])", _numbers),
    (r"[–—~〜∼−-]", lambda _: (TO,)),
    (r"[,、·.:]", lambda _: ()),
)


@cache
def _patterns() -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], DateTokens]]]:
    """Compile the patterns when the first phrase is read: it takes a tenth of a second."""
    return [(re.compile(pattern), read) for pattern, read in PATTERNS]


@cache
def _words() -> re.Pattern[str]:
    """Match the longest word of any language; words of letters end where the letters end."""

    def bounded(word: str) -> str:
        begin = rf"(?<![{_LETTERS}])" if re.match(f"[{_LETTERS}]", word) else ""
        end = rf"(?![{_LETTERS}])" if re.search(f"[{_LETTERS}]$", word) else ""
        return begin + re.escape(word) + end

    return re.compile("|".join(bounded(w) for w in sorted(LEXICON, key=len, reverse=True)))


CHINESE_NUMBER = re.compile(
    r"[〇零一二三四五六七八九十两兩]+"
    r"(?=[月号號天年个個週かカヶヵ季]|日(?!本)|周(?![一二三四五六日天])|四半期)"
)


def normalise_phrase(text: str) -> str:
    """Return a phrase in lower case with plain spaces, ASCII digits and no `ё`."""
    text = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")
    text = CHINESE_NUMBER.sub(lambda found: figures_of(found.group()), text)
    # Brackets repeat the date outside: 上周五（9月12日）.
    outside = re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text)
    return " ".join((outside if outside.strip() else text).split())


def figures_of(chinese_digits: str) -> str:
    """Return a number before a unit of time in figures: 十二 as 12, 六七 as 6~7."""
    if "十" in chinese_digits:
        tens, _, ones = chinese_digits.partition("十")
        return str(10 * (DIGITS[tens] if tens else 1) + (DIGITS[ones] if ones else 0))
    digits = [str(DIGITS[digit]) for digit in chinese_digits]
    # 六七月 is June or July, and 二〇二五 is 2025.
    return "~".join(digits) if len(digits) == 2 else "".join(digits)


def tokens_of(text: str) -> list[DateToken] | None:
    """Return the tokens of a normalised phrase; None if a word is not known."""
    tokens: list[DateToken] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        found = lexeme_at(text, at)
        if found is None:
            return None
        at, read = found
        tokens += read
    return tokens


def lexeme_at(text: str, at: int) -> tuple[int, DateTokens] | None:
    """Return the end and the tokens of the longest word or number at a position; None if none."""
    word = _words().match(text, at)
    end, found = (word.end(), LEXICON[word.group()]) if word else (at, ())
    for pattern, read in _patterns():
        if (number := pattern.match(text, at)) and number.end() > end:
            end, found = number.end(), read(number)
    return None if end == at else (end, found)
