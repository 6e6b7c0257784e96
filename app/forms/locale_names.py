"""Names of languages and countries in English: read as their codes, and offered beside them."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from babel import Locale

A_LANGUAGE = r"^(?:[a-z]{2,3}(?:-[A-Z][a-z]{3})?)?$"
A_COUNTRY = r"^(?:[A-Z]{2})?$"
OWN_NAMES = (
    *("ar", "de", "es", "fr", "id", "ja", "km"),
    *("ko", "ne", "ru", "th", "uz", "vi", "zh"),
)
"""Languages whose names in the language itself are read, too."""
OFFERED = r"[a-z]{2}|zh_Han[st]"
"""Languages that are offered: those with a code of two letters, and both scripts of Chinese."""
USUAL_NAMES = {"north korea": "KP", "south korea": "KR", "hong kong": "HK", "macau": "MO"}
"""Usual names of countries that CLDR calls otherwise, in lower case."""


@cache
def _codes_of_languages() -> dict[str, str]:
    """Return codes by lower-case names, in English and in the language itself."""
    codes = {}
    for code, name in Locale("en").languages.items():
        if re.fullmatch(r"[a-z]{2,3}(?:_[A-Z][a-z]{3})?", code):
            codes[name.lower()] = code.replace("_", "-")
    for code in OWN_NAMES:
        codes.setdefault(Locale(code).languages[code].lower(), code)
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
