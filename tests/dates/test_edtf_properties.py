"""Properties of any date: canonical text, ranges, and agreement with a calendar day by day."""

import re
import string
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.dates.day_ranges import parse_period, spans
from app.dates.edtf import MAX_LENGTH, DateError, Days, normalise, parse
from app.dates.wording import reading, words
from tests.support.day_ranges import is_certain, is_possible

MARKS = st.sampled_from(["", "?", "~", "%"])


def plain_dates(first: date, last: date, seasons: bool = True) -> st.SearchStrategy[str]:
    """Days, months, seasons and years between two days."""
    day = st.dates(first, last).map(date.isoformat)
    season = day.flatmap(
        lambda text: st.integers(21, 24).map(lambda number: f"{text[:4]}-{number}")
    )
    return st.one_of(
        day,
        day.map(lambda text: text[:7]),
        day.map(lambda text: text[:4]),
        *([season] if seasons else []),
    )


def require_valid(text: str) -> str:
    try:
        parse(text)
    except DateError:
        assume(False)
    return text


def sets_of_dates(first: date, last: date) -> st.SearchStrategy[str]:
    members = st.lists(plain_dates(first, last, seasons=False), min_size=2, max_size=6).map(sorted)
    return members.map(lambda texts: require_valid(f"[{','.join(texts)}]"))


def bounds_of_a_day(first: date, last: date) -> st.SearchStrategy[str]:
    plain = plain_dates(first, last)
    return st.builds("[{}..{}]".format, plain, plain).map(require_valid)


def canonical_texts(first: date, last: date) -> st.SearchStrategy[str]:
    """Canonical text of every accepted form."""
    one = st.builds(str.__add__, plain_dates(first, last), MARKS)
    no_year = (
        plain_dates(first, last, seasons=False)
        .filter(lambda text: len(text) > 4)
        .map(lambda text: "XXXX" + text[4:])
    )
    return st.one_of(
        one,
        st.dates(first, last).map(lambda day: f"{day.isoformat()[:7]}-XX"),
        no_year,
        st.builds("{}/{}".format, one, one).map(require_valid),
        one.map("{}/..".format),
        one.map("../{}".format),
        sets_of_dates(first, last),
        bounds_of_a_day(first, last),
        bounds_of_a_day(first, last).map("{}/..".format),
    )


ALL_YEARS = (date(1800, 1, 1), date(2200, 12, 31))
ONE_WINTER = (date(2019, 10, 1), date(2020, 4, 30))
windows = st.tuples(st.dates(*ONE_WINTER), st.dates(*ONE_WINTER)).map(
    lambda pair: Days(min(pair), max(pair))
)


@given(canonical_texts(*ALL_YEARS))
def test_canonical_text_round_trips(text: str) -> None:
    parsed = parse(text)
    assert parsed.text == text == normalise(text)
    assert parse(parsed.text) == parsed


@given(canonical_texts(*ALL_YEARS), st.booleans())
def test_every_date_has_wording(text: str, lasts: bool) -> None:
    for wording in (words(parse(text), lasts=lasts), reading(parse(text))):
        assert wording == " ".join(wording.split()) and wording.isprintable()
        assert "None" not in wording and not set("{}X?~%[]/") & set(wording)


@given(st.one_of(st.text(), st.text(string.digits + "-/.,[]?~%X {}", max_size=MAX_LENGTH)))
def test_invalid_text_raises_only_date_error(text: str) -> None:
    for read in (parse, normalise, lambda typed: parse_period(typed, typed)):
        try:
            read(text)
        except DateError as refused:
            assert str(refused).isprintable()


@given(canonical_texts(*ONE_WINTER), st.booleans(), windows, windows)
def test_wider_window_finds_no_less(text: str, lasts: bool, one: Days, other: Days) -> None:
    ranges = spans(parse(text), lasts)
    wider = Days(min(one.first, other.first), max(one.last, other.last))  # type: ignore[type-var]
    assert is_possible(ranges, one) <= is_possible(ranges, wider)
    assert is_certain(ranges, one) <= is_certain(ranges, wider)


@given(canonical_texts(*ONE_WINTER), st.booleans(), windows)
def test_certain_date_is_possible(text: str, lasts: bool, queried: Days) -> None:
    ranges = spans(parse(text), lasts)
    assert is_certain(ranges, queried) <= is_possible(ranges, queried)


@given(canonical_texts(*ONE_WINTER), st.booleans(), windows)
def test_mark_widens_only_what_is_certain(text: str, lasts: bool, queried: Days) -> None:
    marked, plain = spans(parse(text), lasts), spans(parse(re.sub("[?~%]", "", text)), lasts)
    assert marked.possible == plain.possible
    assert is_certain(marked, queried) <= is_certain(plain, queried)


# A second implementation, day by day: a date is the set of all periods it may mean, each from a
# first to a last day. A day matches a text if its ISO form starts with the text; seasons are
# compared by month.

CALENDAR = [date(2019, 1, 1) + timedelta(days=number) for number in range(900)]
SEASON_MONTHS = {"21": "03 04 05", "22": "06 07 08", "23": "09 10 11", "24": "12 01 02"}


def matches_text(day: date, text: str) -> bool:
    year, _, rest = text.rstrip("?~%").replace("-XX", "").partition("-")
    if rest in SEASON_MONTHS:
        season_year = day.year - 1 if rest == "24" and day.month < 3 else day.year
        return str(season_year) == year and f"{day:%m}" in SEASON_MONTHS[rest].split()
    return (year in ("XXXX", f"{day:%Y}")) and f"{day:%m-%d}".startswith(rest)


def days_between(text: str) -> set[date]:
    """Days from the first one of the first date to the last one of the second."""
    first, _dots, last = text.strip("[]").partition("..")
    begins = min((day for day in CALENDAR if matches_text(day, first)), default=date.max)
    ends = max((day for day in CALENDAR if last and matches_text(day, last)), default=date.min)
    return {day for day in CALENDAR if begins <= day <= ends}


def possible_periods(text: str, lasts: bool, until: date) -> set[tuple[date, date]]:
    if ".." in text and text.endswith("]"):
        return {(day, day) for day in days_between(text)}
    if text.endswith("]") or "/" not in text:
        members = text.strip("[]").split(",")
        return {(day, day) for day in CALENDAR for member in members if matches_text(day, member)}
    first, last = text.split("/")
    starts = {day for day in CALENDAR if matches_text(day, first)} or days_between(first)
    ends = {day for day in CALENDAR if matches_text(day, last)}
    if last == "..":
        low, high = sorted([until, max(starts)])
        ends = {day for day in CALENDAR if low <= day <= high}
    if not lasts:
        reach = [
            day
            for period in ((start, end) for start in starts for end in ends if start <= end)
            for day in period
        ]
        return {(day, day) for day in CALENDAR if min(reach) <= day <= max(reach)}
    return {(start, end) for start in starts for end in ends if start <= end}


@given(
    canonical_texts(*ONE_WINTER).filter(
        lambda text: (
            not text.startswith(("..", "[..", "XXXX", "[XXXX"))
            and not any(len(side.rstrip("?~%")) == 4 for side in text.split("/") if "/" in text)
        )
    ),
    st.booleans(),
    st.dates(date(2019, 9, 1), date(2020, 9, 30)),
    windows,
)
def test_ranges_agree_with_day_by_day_calendar(
    text: str, lasts: bool, until: date, queried: Days
) -> None:
    ranges = spans(parse(text), lasts, until)
    periods = possible_periods(text, lasts, until)
    overlaps = [Days(*period).overlaps(queried) for period in periods]
    assert is_possible(ranges, queried) == any(overlaps)
    if set(text) & set("?~%"):  # a marked date is certain only with its surroundings
        assert is_certain(ranges, queried) <= all(overlaps)
    elif ranges.sure or not lasts or "/" not in text:
        assert is_certain(ranges, queried) == all(overlaps)
    else:  # Start and end may coincide: the rule then requires the whole, which errs towards False.
        assert is_certain(ranges, queried) <= all(overlaps)
