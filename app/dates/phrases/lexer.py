"""Splits a phrase into tokens: words of any language, and numbers with their units."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
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
ABOUT = DateToken("about")
YEAR_0_OF_ERA = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""Years of our era before the first year of a Japanese era."""
JUCHE_YEAR_0 = 1911

UNIT_WORDS: Mapping[str, Mapping[Unit, str]] = {
    "en": {"day": "day", "week": "week", "month": "month", "year": "year"},
    "ko": {"day": "일", "week": "주일|주", "month": "개월|달", "year": "년|해"},
    "zh": {
        "day": "天|日",
        "week": "周|週間|週|个星期|個星期|星期",
        "month": "个月|個月|か月|カ月|ヶ月|ヵ月",
        "year": "年",
    },
    "ru": {
        "day": "день|дня|дней",
        "week": "неделю|недели|недель",
        "month": "месяца|месяцев|месяц",
        "year": "года|год|лет",
    },
}
UNITS: Mapping[str, Unit] = {
    word: unit
    for units in UNIT_WORDS.values()
    for unit, words in units.items()
    for word in words.split("|")
}
NUMBERS = {word: number for each in NUMBERS_OF_LANGUAGE.values() for word, number in each.items()}
ENGLISH_NUMBERS = NUMBERS_OF_LANGUAGE["en"]
DIGITS = dict(zip("〇零一二三四五六七八九两兩", (0, 0, *range(1, 10), 2, 2), strict=True))

_LETTERS = "a-zа-я"
_END = rf"(?![{_LETTERS}])"


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


PARTS = {
    "end": _END,
    "year": r"(?P<year>(?:18|19|20|21)[0-9]{2})",
    "yy": r"(?P<year>[0-9]{2})",
    "years": r"(?P<year>(?:18|19|20|21)[0-9]{2})[년年]? ?[/–—~〜-] ?(?:[0-9]{4}|[0-9]{2})(?![0-9])",
    "month": r"(?P<month>1[0-2]|0?[1-9])",
    "day": r"(?P<day>[0-3]?[0-9])",
    "number": r"(?P<number>[0-9]{1,2})",
    "century": r"(?P<decade>(?:19|20)[0-9]0)",
    "tens": r"(?P<decade>[1-9]0)",
    "decade": r"(?P<decade>(?:(?:19|20)[0-9]|[1-9])0)",
    "era": rf"(?P<era>{_any(YEAR_0_OF_ERA)})",
    "reign": r"(?P<reign>[0-9]{1,2}|元)",
    "juche": r"(?P<juche>[0-9]{2,3})",
    "first": r"(?P<first>1[0-2]|[1-9])",
    "first_en": rf"(?P<first_en>1[0-2]|[1-9]|{_any(ENGLISH_NUMBERS)})",
    "count": rf"(?P<count>[0-9]{{1,3}}|{_any(NUMBERS)})",
    "about": r"(?P<about>ほど|余り|あまり|多)",
    "of": "(?= of)",
    "week_ko": "주(?!일)",
    "week_zh": "(?:周|週|星期)",
    "week_ru": rf"(?:ую|ой|ая|ью|ьей|юю|ей|яя|ья) недел[юеяи]{_END}",
    "quarter": r"(?:/4)? ?-?(?:분기|季度|四半期|(?:й|м|го) квартал[аеу]?)",
} | {f"unit_{code}": f"(?P<unit>{'|'.join(words.values())})" for code, words in UNIT_WORDS.items()}
"""Parts of the patterns, by name. A group has the name of the token that its number becomes."""


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Compile the patterns when the first phrase is read: it takes a tenth of a second."""
    found = []
    for line in PATTERNS.splitlines():
        said, is_pattern, pattern = line.partition("= ")
        if is_pattern and not line.startswith("#"):
            whole = re.sub(r"\{([a-z_]+)\}", lambda part: PARTS[part[1]], pattern)
            found.append((re.compile(whole), said.strip()))
    return found


def _read(found: re.Match[str], said: str) -> DateTokens:
    """Return the tokens of a match: what its numbers say, and what its pattern says besides."""
    groups = {name: text for name, text in found.groupdict().items() if text}
    if said in {"ago", "ahead"}:
        count = groups.get("count", "one").strip()
        number = int(count) if count.isdigit() else NUMBERS[count]
        unit = UNITS[groups["unit"]]
        # Only days are counted exactly; "three months ago" is about that month.
        doubt = () if unit == "day" and "about" not in groups else (ABOUT,)
        return (DateToken(SHIFTS[unit], number if said == "ahead" else -number), *doubt)
    read = (_token_of_number(name, text, groups) for name, text in groups.items())
    tokens = [token for token in read if token]
    if "decade" in groups:
        tokens.append(DateToken("unit", "decade"))
    return (*tokens, *(_token(part) for part in said.split(",") if part.strip()))


def _token_of_number(name: str, text: str, groups: Mapping[str, str]) -> DateToken | None:
    """Return what a number says; a year of two digits is one of this century."""
    match name:
        case "decade":
            # 90 is the last one of the past century, 20 of this one.
            year = int(text) + (0 if len(text) > 2 else 1900 if int(text) >= 30 else 2000)
            return DateToken("year", year)
        case "reign":
            return DateToken("year", YEAR_0_OF_ERA[groups["era"]] + int(text.replace("元", "1")))
        case "juche":
            return DateToken("year", JUCHE_YEAR_0 + int(text))
        case "first" | "first_en":
            return DateToken("part", f"first {ENGLISH_NUMBERS.get(text, text)} months")
        case "era":
            return None
    return DateToken(name, int(text) + (2000 if name == "year" and len(text) == 2 else 0))  # type: ignore[arg-type]  # groups are named by kinds


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
    for pattern, said in _patterns():
        if (number := pattern.match(text, at)) and number.end() > end:
            end, found = number.end(), _read(number, said)
    return None if end == at else (end, found)


# A line is tokens = a regular expression. `{names}` are parts of patterns; those of numbers say
# what the number is. `ago` and `ahead` count from the day of the article. The longest match wins,
# and of equal ones the first.
PATTERNS = r"""
# Decades, and weeks of a month.
 = (?:the )?{century}['’]?s{end}
 = (?:(?:20|21|二十)世[纪紀]|上(?:个|個)?世[纪紀])?{tens}年代
 = {decade}(?:년대|年代)
 = {decade}-(?:е|х|м|ми|ые|ых)(?: год(?:ы|ов|ах|ам))?{end}
part week 1 = (?:the )?first week{of}|(?:첫째|첫) ?{week_ko}|第1個?个?{week_zh}|перв{week_ru}
part week 2 = (?:the )?second week{of}|둘째 ?{week_ko}|第2個?个?{week_zh}|втор{week_ru}
part week 3 = (?:the )?third week{of}|셋째 ?{week_ko}|第3個?个?{week_zh}|трет{week_ru}
part week 4 = (?:the )?fourth week{of}|第4個?个?{week_zh}|четверт{week_ru}
part week last = (?:the )?(?:last|final) week{of}|마지막 ?{week_ko}
part week last = 最[后後][1一]?个?の?{week_zh}|последн{week_ru}

# Dates in figures: the year first, or the day first.
 = {year}-{month}(?:-{day})?(?![0-9])
 = {year} ?[./] ?{month}(?: ?[./] ?{day})?\.?(?![0-9])
 = {day}[./-]{month}[./-]{year}(?![0-9])
season 24, unit winter = (?:winter(?:| of)|зим[аойуеы]+) {years}
season 24, unit winter = {years}[년年]?[의の]? ?(?:겨울|冬季|冬天|冬)
unit fiscal year = {year}年度
 = {year}(?: ?(?:년도|년|年)|-?(?:го|м|й){end})?(?![0-9])
 = ['’]?{yy} ?[년年](?= ?[0-9]{1,2} ?[월月~〜∼-])
 = {era} ?{reign}年
 = 주체 ?{juche} ?(?:\([0-9]{4}\))? ?년?
 = {month} ?(?:월달|월|月份|月分|月)(?!曜)
 = {day} ?(?:일|日|号|號)(?!曜)
 = {day}(?:st|nd|rd|th){end}
 = {day}-?(?:го|ого|е|му){end}
part quarter 1 = 第?1{quarter}
part quarter 2 = 第?2{quarter}
part quarter 3 = 第?3{quarter}
part quarter 4 = 第?4{quarter}
 = {day}\.{month}\.{yy}(?![0-9.])
 = ['’]{yy}\.{month}(?:\.{day})?\.?(?![0-9])
 = 前{first}个?月|(?:the )?first {first_en} months

# Times of day say nothing about the date.
 = [0-9]{1,2} ?[시時时点](?: ?[0-9]{1,2} ?[분分])?(?: ?반|半)?(?: ?[경许許頃]|ごろ)?
 = [0-9]{1,2}(?::[0-9]{2})? ?(?:[ap]\.?m\.?)(?![a-z])|[0-9]{1,2}:[0-9]{2}

# Counts from the day of the article.
ago = {count} {unit_en}s? (?:ago|earlier|before)
ago = (?:{count} )?{unit_ru}(?: тому)? назад
ahead = через (?:{count} )?{unit_ru}{end}
ago = {count} ?{unit_ko}여? ?전
ahead = {count} ?{unit_ko} ?[후뒤]
ago = (?<!月){count} ?{unit_zh}{about}?[之以]?前(?![后後])
ahead = {count} ?{unit_zh}[之以]?[后後]
days -15, about = 半个月前|半個月前|半月前|half a month ago|полмесяца назад
months -6, about = half a year ago|полгода назад|반년 ?전|半年前
 = {number}(?![0-9])
to = [–—~〜∼−-]
 = [,、·.:]
"""
