"""Dates in words."""

from app.dates.edtf import parse, words


def in_words(text: str, lasts: bool = True) -> str:
    """What was written of a date, as a reporter would put it; BadDate where it is none."""
    return words(parse(text), lasts=lasts)
