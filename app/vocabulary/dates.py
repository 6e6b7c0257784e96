"""Codes of dates: what we did to the date that a source gives."""

from app.vocabulary.code import Code


class DateBasis(Code):
    """What the editors added to a date. Without a code, the date is as the source gives it."""

    CONVERTED = (
        "converted",
        "Our conversion",
        "The source uses another calendar, such as Hijri, Juche or lunar; we converted the date.",
        "“Late Dhu al-Hijja 1434”.",
    )
    YEAR_INFERRED = (
        "year-inferred",
        "Year inferred",
        "The source gives no year; we inferred it, with the reason.",
        "“Friday (15/7)” in an article of July 2022.",
    )
    BOTH = (
        "converted-year-inferred",
        "Our conversion, year inferred",
        "The source uses another calendar and gives no year.",
        "“At the end of Dhu al-Hijja”.",
    )
    DAY_INFERRED = (
        "day-inferred",
        "Day or month inferred",
        "The source gives no day, or neither day nor month; we inferred it, with the reason.",
        "“On Tuesday”, in an article of about 20 August 2024.",
    )
    ALL_INFERRED = (
        "all-inferred",
        "Whole date inferred",
        "The source gives no date, or only a time relative to an undated page; we inferred the "
        "date, with the reason.",
        "“In the last five months”, on an undated page.",
    )


NEEDS_REASON = frozenset(set(DateBasis) - {DateBasis.CONVERTED})
