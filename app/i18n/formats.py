"""Formats of dates in pages."""

from datetime import date

from app.i18n.translate import day_in_words


def day(of: date, with_year: bool = True) -> str:
    """Return a date in words, with spaces that do not break across lines."""
    return day_in_words(of, "d MMMM y" if with_year else "d MMMM").replace(" ", "\u00a0")
