"""Formats of dates and lists, and names of countries, in pages."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from babel import Locale
from babel.lists import format_list
from babel.units import format_unit

from app.i18n.translate import day_in_words, reader_language


def day(of: date, with_year: bool = True) -> str:
    """Return a date in words, with spaces that do not break across lines."""
    return day_in_words(of, "d MMMM y" if with_year else "d MMMM").replace(" ", "\u00a0")


@cache
def length(count: int, unit: str) -> str:
    """Return a length of time in words: "7 months". `unit` is one of Unicode CLDR.

    Babel's format of time deltas would choose the unit itself: of 22 months it makes 2 years.
    """
    return format_unit(count, unit, locale=reader_language())


@cache
def country_name(code: str) -> str:
    """Return the name of a country of ISO 3166-1 by Unicode CLDR; "" if it has none."""
    name: str = Locale.parse(reader_language()).territories.get(code, "")
    return name


def enumerate_words(items: Iterable[str]) -> str:
    """Return the items with the separator of the language: "Dandong, Hunchun, Tumen"."""
    return _formatted(items, "unit")


def alternatives(items: Iterable[str]) -> str:
    """Return the items with "or" before the last."""
    return _formatted(items, "or")


def conjunction(items: Iterable[str]) -> str:
    """Return the items with "and" before the last."""
    return _formatted(items, "standard")


def as_sentence(words: str) -> str:
    """Return an error with a capital letter and a full stop."""
    ends = words.endswith((".", "?", "!", "…")) or not words
    return words[:1].upper() + words[1:] + ("" if ends else ".")


def sentences(errors: Iterable[str]) -> str:
    """Return errors as sentences after each other."""
    return " ".join(map(as_sentence, errors))


def _formatted(items: Iterable[str], style: str) -> str:
    found = list(items)
    if len(found) < 2:  # Most lists of a page have one item.
        return found[0] if found else ""
    # The spelling is British: no comma before "and".
    locale = {"en": "en_GB"}.get(reader_language(), reader_language())
    return format_list(found, style=style, locale=locale)  # type: ignore[arg-type]
