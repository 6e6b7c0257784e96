"""Codes of languages and countries: from their names in English, and from the letters of a text."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from babel import Locale

A_LANGUAGE = r"^(?:[a-z]{2,3}(?:-[A-Z][a-z]{3})?)?$"
A_COUNTRY = r"^(?:[A-Z]{2})?$"
OFFERED = r"[a-z]{2}|zh_Han[st]"
"""Languages that are offered: those with a code of two letters, and both scripts of Chinese."""
USUAL_NAMES = {"north korea": "KP", "south korea": "KR", "hong kong": "HK", "macau": "MO"}
"""Usual names of countries that CLDR calls otherwise, in lower case."""


@cache
def _codes_of_languages() -> dict[str, str]:
    """Return codes by lower-case names in English."""
    codes = {}
    for code, name in Locale("en").languages.items():
        if re.fullmatch(r"[a-z]{2,3}(?:_[A-Z][a-z]{3})?", code):
            codes[name.lower()] = code.replace("_", "-")
    return codes


@cache
def country_choices() -> Sequence[tuple[str, str]]:
    """Return code and English name of all countries, by name."""
    names = {c: n for c, n in Locale("en").territories.items() if re.fullmatch("[A-Z]{2}", c)}
    for none in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"):
        names.pop(none, None)
    return sorted(names.items(), key=lambda each: each[1])


@cache
def language_choices() -> Sequence[tuple[str, str]]:
    """Return code and English name of the languages that are offered, by name."""
    names = {c: n for c, n in Locale("en").languages.items() if re.fullmatch(OFFERED, c)}
    return sorted(((c.replace("_", "-"), n) for c, n in names.items()), key=lambda each: each[1])


@cache
def _codes_of_countries() -> dict[str, str]:
    return {**{name.lower(): code for code, name in country_choices()}, **USUAL_NAMES}


def code_of_language(text: Any) -> Any:
    """Return the code of a language that is named: Russian is ru."""
    if not isinstance(text, str) or re.fullmatch(A_LANGUAGE, text.strip()):
        return text.strip() if isinstance(text, str) else text
    return _codes_of_languages().get(text.strip().lower(), text.strip())


def code_of_country(text: Any) -> Any:
    """Return the code of a country that is named: Russia is RU."""
    if not isinstance(text, str):
        return text
    return _codes_of_countries().get(text.strip().lower(), text.strip().upper())


def is_country(text: str) -> bool:
    """Whether a text is the name of a country or territory in English."""
    return text.strip().lower() in _codes_of_countries()


# The language of a text -------------------------------------------------------------------------

LETTERS: Mapping[str, str] = {
    "ko": r"[가-힣]",
    "ja": r"[぀-ヿ]",
    "zh": r"[㐀-鿿]",
    "ru": r"[Ѐ-ӿ]",
    "ar": r"[؀-ۿ]",
    "th": r"[ก-๛]",
    "latin": r"[a-zß-ɏḀ-ỿ]",
    "other": r"[^\W\d_a-zß-ɏḀ-ỿЀ-ӿ؀-ۿก-๛぀-ヿ㐀-鿿가-힣]",
}
MIN_WORDS = 20
"""Fewer don't tell one language in Latin letters from another."""
ENGLISH_WORDS = re.compile(r"(?:the|of|and|to|that|for|is|was|with|by|from|it|are|have|said)")
MIN_ENGLISH_SHARE = 0.1
"""English texts have about 0.3 of these words; Dutch and German ones below 0.05."""
NOT_RUSSIAN = re.compile(r"[іїєґўғқңөүұһәҷӣӯјљњћђџ]")
MAX_FOREIGN_SHARE = 0.01
MIN_YERY_LETTERS = 250
"""A Russian text of so many letters has a ы; a Bulgarian or Macedonian one has none."""


def guess_language(text: str, short_latin: str = "") -> str:
    """Return the language that most letters of a text are of; "" if they don't tell.

    `short_latin` is the language of a text in Latin letters that is too short to tell.
    """
    text = text.lower()
    count = Counter({name: len(re.findall(letters, text)) for name, letters in LETTERS.items()})
    for name in ("other", "ar", "th"):
        if count[name] > count.total() / 2:
            return name if name != "other" else ""
    if count["ko"] and count["ko"] >= count["zh"] // 2:
        return "ko" if count["ko"] * 3 >= count["latin"] else _latin(text, short_latin)
    if count["ja"] * 8 >= count["zh"] > 0 or count["ja"] > 20:
        return "ja"
    if count["zh"] and count["zh"] * 3 >= count["latin"] and count["zh"] >= count["ru"]:
        return "zh"
    return _cyrillic(text) if count["ru"] > count["latin"] else _latin(text, short_latin)


def _latin(text: str, short: str) -> str:
    words = re.findall(r"[a-zß-ɏḀ-ỿ]+", text)
    if len(words) < MIN_WORDS:
        return short
    common = sum(ENGLISH_WORDS.fullmatch(word) is not None for word in words)
    return "en" if common >= len(words) * MIN_ENGLISH_SHARE else ""


def _cyrillic(text: str) -> str:
    letters = re.findall(LETTERS["ru"], text)
    foreign = sum(NOT_RUSSIAN.match(letter) is not None for letter in letters)
    has_no_yery = len(letters) >= MIN_YERY_LETTERS and "ы" not in letters
    return "" if has_no_yery or foreign > len(letters) * MAX_FOREIGN_SHARE else "ru"
