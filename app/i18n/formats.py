"""Dates as the interface prints them."""

from datetime import date

from app.i18n.translate import day_in_words


def day(of: date, with_year: bool = True) -> str:
    """A day in words, which does not break across lines."""
    return day_in_words(of, "d MMMM y" if with_year else "d MMMM").replace(" ", "\u00a0")
