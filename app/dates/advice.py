"""Advice for common mistakes in dates. `app.dates.edtf` puts it into its error messages."""

import re

ADVICE = [
    (r".*[^\x20-\x7e].*", "use only the digits 0 to 9, plain hyphens and the marks ? ~ %"),
    (
        r"[0-9]{4}-(0?[1-9]|1[0-2])-?[0-9]?[?~%]?",
        "write months and days with two digits, as in 2019-04-03",
    ),
    (r"[0-9]{6}|[0-9]{8}", "put hyphens between, as in 2019-04-23"),
    (r"[0-9]{4}([./])[0-9]{1,2}\1[0-9]{1,2}", "put hyphens between, as in 2019-04-23"),
    (r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}", "put the year first, as in 2019-04-23"),
    (r"[0-9].*[T:].*", "leave out the time of day"),
    (r".*/.*/.*", "an interval has two sides, as in 2019-04/2019-06"),
    (
        r"\[.+\.\..+\].*",
        "for a beginning some day between two dates write [2019-05-10..2019-05-20]/..",
    ),
    (r".*\.\..*", "two dots stand alone on one side of an interval, as in 2019-05/.."),
    (r".*[?~%].+", "put one mark at the end of each date: ? perhaps, ~ about, % both"),
    (r"\{.*", "one of several dates is written [2019-05,2019-06]"),
    (r"[0-9]{1,3}X+", "for a decade write an interval, as in 2010/2019"),
    (
        r"[0-9]{4}-XX(-XX|-[0-9]{2})?[?~%]?",
        "where the month is not known write the year alone, as in 2026",
    ),
    (r"-[0-9].*|Y.*|[0-9]{5,}.*", "years run from {first_year} to {last_year}"),
    (
        r".*",
        "write a day 2019-04-23, a month 2019-04, a year 2019 or a season 2024-21; add ~ for about",
    ),
]
"""Patterns of invalid dates, and what to write instead. The last one matches any text."""


def find_advice(text: str, first_year: int, last_year: int) -> str:
    """Return the advice of the first pattern that matches an invalid date."""
    advice = next(advice for pattern, advice in ADVICE if re.fullmatch(pattern, text, re.DOTALL))
    return advice.format(first_year=first_year, last_year=last_year)
