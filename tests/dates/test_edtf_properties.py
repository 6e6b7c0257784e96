"""Properties of any date: canonical text, ranges, and agreement with the `edtf` package."""

import string
from datetime import date, timedelta

import edtf as reference
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.dates.edtf import (
    MAX_LENGTH,
    DateError,
    Days,
    is_certain,
    is_possible,
    normalise,
    parse,
    spans,
    window,
)
from app.dates.wording import reading, words

# Texts of dates that are near each other, so that windows often touch.


MARKED = st.sampled_from(["", "?", "~", "%"])


def plain(first: date, last: date, seasons: bool = True) -> st.SearchStrategy[str]:
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


def accepted(text: str) -> str:
    try:
        parse(text)
    except DateError:
        assume(False)
    return text


def one_of_some(first: date, last: date) -> st.SearchStrategy[str]:
    members = st.lists(plain(first, last, seasons=False), min_size=2, max_size=6).map(sorted)
    return members.map(lambda texts: accepted(f"[{','.join(texts)}]"))


def texts(first: date, last: date) -> st.SearchStrategy[str]:
    """Canonical text of every shape on the list."""
    one = st.builds(str.__add__, plain(first, last), MARKED)
    no_year = (
        plain(first, last, seasons=False)
        .filter(lambda text: len(text) > 4)
        .map(lambda text: "XXXX" + text[4:])
    )
    return st.one_of(
        one,
        st.dates(first, last).map(lambda day: f"{day.isoformat()[:7]}-XX"),
        no_year,
        st.builds("{}/{}".format, one, one).map(accepted),
        one.map("{}/..".format),
        one.map("../{}".format),
        one_of_some(first, last),
    )


EVER = (date(1800, 1, 1), date(2200, 12, 31))
NEAR = (date(2019, 10, 1), date(2020, 4, 30))
windows = st.tuples(st.dates(*NEAR), st.dates(*NEAR)).map(lambda pair: Days(min(pair), max(pair)))


@given(texts(*EVER))
def test_reading_a_canonical_text_and_writing_it_again_changes_nothing(text: str) -> None:
    date_read = parse(text)
    assert date_read.text == text == normalise(text)
    assert parse(date_read.text) == date_read


@given(texts(*EVER), st.booleans())
def test_every_date_can_be_said(text: str, lasts: bool) -> None:
    for said in (words(parse(text), lasts=lasts), reading(parse(text))):
        assert said == " ".join(said.split()) and said.isprintable()
        assert "None" not in said and not set("{}X?~%[]/") & set(said)


@given(st.one_of(st.text(), st.text(string.digits + "-/.,[]?~%X {}", max_size=MAX_LENGTH)))
@settings(max_examples=1000)
def test_garbage_is_refused_and_nothing_worse(text: str) -> None:
    for read in (parse, normalise, lambda typed: window(typed, typed)):
        try:
            read(text)
        except DateError as refused:
            assert str(refused).isprintable()


@given(texts(*NEAR), st.booleans(), windows, windows)
def test_a_wider_window_finds_no_less(text: str, lasts: bool, one: Days, other: Days) -> None:
    ranges = spans(parse(text), lasts)
    wider = Days(min(one.first, other.first), max(one.last, other.last))  # type: ignore[type-var]
    assert is_possible(ranges, one) <= is_possible(ranges, wider)
    assert is_certain(ranges, one) <= is_certain(ranges, wider)


@given(texts(*NEAR), st.booleans(), windows)
def test_what_is_certain_is_possible(text: str, lasts: bool, asked: Days) -> None:
    ranges = spans(parse(text), lasts)
    assert is_certain(ranges, asked) <= is_possible(ranges, asked)


# Day by day: a date stands for all the ways it could have been, each from a first to a last day. What the ranges
# answer must be what these ways answer. A day fits a text when its own text begins with it; only seasons need months.

CALENDAR = [date(2019, 1, 1) + timedelta(days=number) for number in range(900)]
SEASON_MONTHS = {"21": "03 04 05", "22": "06 07 08", "23": "09 10 11", "24": "12 01 02"}


def fits(day: date, text: str) -> bool:
    year, _, rest = text.rstrip("?~%").replace("-XX", "").partition("-")
    if rest in SEASON_MONTHS:
        its_year = day.year - 1 if rest == "24" and day.month < 3 else day.year
        return str(its_year) == year and f"{day:%m}" in SEASON_MONTHS[rest].split()
    return (year in ("XXXX", f"{day:%Y}")) and f"{day:%m-%d}".startswith(rest)


def ways(text: str, lasts: bool, until: date, bound: Days) -> set[tuple[date, date]]:
    inside = [day for day in CALENDAR if Days(day, day).within(bound)]
    if text.startswith("[") or "/" not in text:
        members = text.strip("[]").split(",")
        return {(day, day) for day in inside for member in members if fits(day, member)}
    first, last = text.split("/")
    starts = {day for day in CALENDAR if fits(day, first)}
    ends = {day for day in CALENDAR if fits(day, last)}
    if first == "..":
        starts = {day for day in CALENDAR if day <= min(ends)}
    if last == "..":
        low, high = sorted([until, max(starts)])
        ends = {day for day in CALENDAR if low <= day <= high}
    if not lasts:
        reach = [
            day
            for way in ((start, end) for start in starts for end in ends if start <= end)
            for day in way
        ]
        return {(day, day) for day in inside if min(reach) <= day <= max(reach)}
    return {
        (start, end) for start in starts & set(inside) for end in ends & set(inside) if start <= end
    }


@given(
    texts(*NEAR).filter(
        lambda text: (
            not any(len(side.rstrip("?~%")) == 4 for side in text.split("/") if "/" in text)
        )
    ),
    st.booleans(),
    st.dates(date(2019, 9, 1), date(2020, 9, 30)),
    windows,
)
def test_the_ranges_answer_as_the_calendar_does_day_by_day(
    text: str, lasts: bool, until: date, asked: Days
) -> None:
    bound = "2019-03/2021-03"
    ranges = spans(parse(text), lasts, until, parse(bound))
    could_be = ways(text, lasts, until, Days(date(2019, 3, 1), date(2021, 3, 31)))
    met = [Days(*way).overlaps(asked) for way in could_be]
    assert is_possible(ranges, asked) == any(met)
    if ranges.sure or not lasts or "/" not in text:
        assert is_certain(ranges, asked) == all(met)
    else:  # beginning and end may fall together: the rule then asks for the whole, which is the careful side
        assert is_certain(ranges, asked) <= all(met)


# The edtf package as a second opinion, where the two lists meet. Left out is what that package gets wrong or refuses:
#   2026-02-29          it accepts the day
#   2019-06/2019-05     it accepts the reversed interval
#   2024-24             its winter ends on 31 December of the same year
#   2024-21~            it refuses a mark on a season
#   2019-05/..          asking for the end raises TypeError; likewise the beginning of ../2017-09
#   XXXX-05-01          it invents the years 0 and 9999
# It also takes a minute on a set of a few hundred members, and must not meet text from outside.


def strict(bound: tuple[int, ...]) -> date:
    return date(*bound[:3])


def known_to_both() -> st.SearchStrategy[str]:
    one = st.builds(str.__add__, plain(*EVER, seasons=False), MARKED)
    return st.one_of(
        one,
        plain(*EVER).filter(lambda text: not text.endswith("-24") or len(text) > 7),
        st.dates(*EVER).map(lambda day: f"{day.isoformat()[:7]}-XX"),
        st.builds("{}/{}".format, one, one).map(accepted),
        one_of_some(*EVER),
    )


@given(known_to_both())
def test_the_edtf_package_agrees_on_the_bounds(text: str) -> None:
    theirs = reference.parse_edtf(text)
    assert parse(text).whole == Days(strict(theirs.lower_strict()), strict(theirs.upper_strict()))
