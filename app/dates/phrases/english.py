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
    EARLY_MID,
    END,
    FIRST_HALF,
    LAST,
    LATE,
    LATELY,
    MID,
    MID_LATE,
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
    THIS_TIME,
    TO,
    UNTIL,
    WEEK,
    WEEKEND,
    WINTER,
    YEAR,
    DateToken,
    Lexicon,
    days,
    fillers,
    months,
    same,
    weeks,
    years,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = ("first", "second", "third", "fourth")

DAYS = (
    *(
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second"),
    *(
        "twenty-third",
        "twenty-fourth",
        "twenty-fifth",
        "twenty-sixth",
        "twenty-seventh",
        "twenty-eighth",
    ),
    *("twenty-ninth", "thirtieth", "thirty-first"),
)

LEXICON: Lexicon = {
    **{day: (DateToken("day", number),) for number, day in enumerate(DAYS, 1)},
    **fillers(
        "local time|at least|the early hours of|early hours|the week of|either|over|over the"
    ),
    **fillers("morning|afternoon|evening|night|overnight|noon|sometime on"),
    **fillers("the|of|in|on|at|during|earlier|later|as of|a|month of|year of|a day in|throughout"),
    **{
        name: (DateToken("month", number),)
        for number, month in enumerate(MONTHS, 1)
        for name in (month.lower(), month[:3].lower(), f"{month[:3].lower()}.")
    },
    **same(DateToken("month", 9), "sept|sept."),
    **{
        name: (DateToken("weekday", number),)
        for number, day in enumerate(WEEKDAYS)
        for name in (day, f"on {day}")
    },
    **same(SPRING, "spring|springtime"),
    **same(SUMMER, "summer|summertime"),
    **same(AUTUMN, "autumn|fall"),
    **same(WINTER, "winter|wintertime"),
    **same(EARLY, "early|early-|beginning|the beginning|start|the start|early on in|first days"),
    **same(MID, "mid|mid-|middle|midway through"),
    **same(LATE, "late|late-|last days|final days"),
    **same(END, "end|the end|close|end-"),
    **same(EARLY_MID, "early to mid|early to mid-|early- to mid-"),
    **same(MID_LATE, "mid to late|mid- to late|mid-to-late|mid-to late"),
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
    **same(WEEKEND, "weekend"),
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
    **same(THIS_TIME, "this time|the same time"),
    **same((weeks(-2), ABOUT), "a fortnight ago"),
    **same((years(-10), ABOUT), "a decade ago"),
    **same((weeks(-1), WEEKEND), "last weekend"),
    **same(ABOUT, "in or around|in or about|on or around|on or about"),
    **same(ABOUT, "about|toward|towards|around|circa|c.|ca.|approximately|roughly"),
    **same(
        ABOUT,
        "some time|sometime|or so",
    ),
    **same(PERHAPS, "perhaps|probably|possibly|maybe|reportedly|apparently|allegedly"),
    **same(SINCE, "effective|effective from|with effect from|as of the start of"),
    **same(
        SINCE, "since|from|after|starting|beginning in|starting in|from the|as from|onwards|onward"
    ),
    **same(UNTIL, "until|till|before|up to|through|up until|to the"),
    **same(BY, "by|no later than|not later than|on or before|at the latest|at latest"),
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
