"""English words for dates."""

from app.dates.edtf import MONTHS
from app.dates.phrases.tokens import (
    ABOUT,
    AND,
    AUTUMN,
    BETWEEN,
    BY,
    DAYS_AGO,
    EARLY,
    END,
    FIRST_HALF,
    LAST,
    LATE,
    LATELY,
    MID,
    MONTH,
    NEXT,
    OR,
    PERHAPS,
    QUARTERS,
    RECENT,
    SECOND_HALF,
    SINCE,
    SPRING,
    SUMMER,
    THIS,
    TO,
    UNTIL,
    WEEK,
    WINTER,
    YEAR,
    Lexicon,
    Token,
    days,
    fillers,
    months,
    same,
    weeks,
    years,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = ("first", "second", "third", "fourth")

LEXICON: Lexicon = {
    **fillers("the|of|in|on|at|during|earlier|later|as of|a|month of|year of|a day in|throughout"),
    **{
        name: (Token("month", number),)
        for number, month in enumerate(MONTHS, 1)
        for name in (month.lower(), month[:3].lower(), f"{month[:3].lower()}.")
    },
    **same(Token("month", 9), "sept|sept."),
    **{
        name: (Token("weekday", number),)
        for number, day in enumerate(WEEKDAYS)
        for name in (day, f"on {day}")
    },
    **same(SPRING, "spring|springtime"),
    **same(SUMMER, "summer|summertime"),
    **same(AUTUMN, "autumn|fall"),
    **same(WINTER, "winter|wintertime"),
    **same(EARLY, "early|beginning|the beginning|start|the start|early on in|first days"),
    **same(MID, "mid|mid-|middle|midway through"),
    **same(LATE, "late|last days|final days"),
    **same(END, "end|the end|close"),
    **same(FIRST_HALF, "first half|1st half"),
    **same(SECOND_HALF, "second half|2nd half|latter half"),
    **{
        name: (QUARTERS[at],)
        for at, ordinal in enumerate(ORDINALS)
        for name in (f"{ordinal} quarter", f"q{at + 1}")
    },
    **same((EARLY, YEAR), "new year"),
    **same((END, YEAR), "year-end|year end|year's end"),
    **same((END, MONTH), "month-end|month end"),
    **same((MID, YEAR), "midyear|mid-year"),
    **same((END, WEEK), "weekend"),
    **same(YEAR, "year"),
    **same(MONTH, "month"),
    **same(WEEK, "week"),
    **same(years(0), "this year|the current year"),
    **same(years(-1), "last year|the previous year|the past year"),
    **same(years(-2), "the year before last|year before last"),
    **same(years(1), "next year|the coming year"),
    **same(months(0), "this month|the current month"),
    **same(months(-1), "last month|the previous month|the past month"),
    **same(months(1), "next month|the coming month"),
    **same(weeks(0), "this week"),
    **same(weeks(-1), "last week|the previous week|the past week"),
    **same(weeks(1), "next week"),
    **same(days(0), "today|tonight|this morning"),
    **same(days(-1), "yesterday|last night"),
    **same(days(-2), "the day before yesterday|day before yesterday"),
    **same(days(1), "tomorrow"),
    **same(LATELY, "recently|lately|in recent weeks|a few weeks ago|several weeks ago"),
    **same(DAYS_AGO, "the other day|a few days ago|several days ago|in recent days|days ago"),
    **same(LAST, "last|past|previous"),
    **same(RECENT, "this past|the past|just past"),
    **same(THIS, "this"),
    **same(NEXT, "next|coming|this coming|the coming|upcoming"),
    **same(ABOUT, "about|around|circa|c.|ca.|approximately|roughly|some time|sometime|or so"),
    **same(PERHAPS, "perhaps|probably|possibly|maybe|reportedly|apparently|allegedly"),
    **same(SINCE, "since|from|starting|beginning in|starting in|from the|as from|onwards|onward"),
    **same(UNTIL, "until|till|up to|through|up until|to the"),
    **same(BY, "by|no later than|not later than"),
    **same(TO, "to"),
    **same(OR, "or|or else|or in"),
    **same(BETWEEN, "between"),
    **same(AND, "and"),
}
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
