"""Formats of dates and names of countries in pages."""

from datetime import date
from functools import cache

from babel import Locale

from app.i18n.translate import day_in_words, reader_language


def day(of: date, with_year: bool = True) -> str:
    """Return a date in words, with spaces that do not break across lines."""
    return day_in_words(of, "d MMMM y" if with_year else "d MMMM").replace(" ", "\u00a0")


@cache
def country_name(code: str) -> str:
    """Return the name of a country of ISO 3166-1 by Unicode CLDR; "" if it has none."""
    name: str = Locale.parse(reader_language()).territories.get(code, "")
    return name
