"""EDTF dates: canonical text, ranges of days, and wording."""

from datetime import UTC, date, datetime

import pytest

from app.dates.edtf import (
    MAX_LENGTH,
    DateError,
    Days,
    Spans,
    is_certain,
    is_possible,
    latest_today,
    normalise,
    parse,
    precision,
    sort_day,
    spans,
    window,
)
from app.dates.wording import reading, words, words_of_days


def days(text: str) -> Days:
    """`2019-04-01 2019-04-30`; `..` has no bound; one day alone is both."""
    first, last = (text.split() * 2)[:2] if " " not in text else text.split()
    return Days(*(None if side == ".." else date.fromisoformat(side) for side in (first, last)))


# Reading


@pytest.mark.parametrize(
    "text, possible",
    [
        ("2019-04-23", ["2019-04-23"]),
        ("2020-02-29", ["2020-02-29"]),
        ("2019-04", ["2019-04-01 2019-04-30"]),
        ("2020-02", ["2020-02-01 2020-02-29"]),
        ("2019-12", ["2019-12-01 2019-12-31"]),
        ("2019", ["2019-01-01 2019-12-31"]),
        ("2024-21", ["2024-03-01 2024-05-31"]),
        ("2024-22", ["2024-06-01 2024-08-31"]),
        ("2024-23", ["2024-09-01 2024-11-30"]),
        ("2024-24", ["2024-12-01 2025-02-28"]),
        ("2023-24", ["2023-12-01 2024-02-29"]),
        ("2019-04-23~", ["2019-04-23"]),
        ("2024-10?", ["2024-10-01 2024-10-31"]),
        ("2025%", ["2025-01-01 2025-12-31"]),
        ("2024-21~", ["2024-03-01 2024-05-31"]),
        ("2026-10-XX", ["2026-10-01 2026-10-31"]),
        ("2019-05/2019-06-03", ["2019-05-01 2019-06-03"]),
        ("2024-02~/2024-03?", ["2024-02-01 2024-03-31"]),
        ("2019/2019-06", ["2019-01-01 2019-06-30"]),
        ("2019-06/2019", ["2019-06-01 2019-12-31"]),
        ("2024-24/2025-01", ["2024-12-01 2025-01-31"]),
        ("2019-05/..", ["2019-05-01 .."]),
        ("[2019-05,2019-06]", ["2019-05-01 2019-05-31", "2019-06-01 2019-06-30"]),
        (
            "[2018,2019-05,2019-06-03]",
            ["2018-01-01 2018-12-31", "2019-05-01 2019-05-31", "2019-06-03"],
        ),
        ("../2017-09", []),
        ("XXXX-05", []),
        ("XXXX-05-01", []),
        ("XXXX-02-29", []),
        ("1800/2200-24", ["1800-01-01 2201-02-28"]),
    ],
)
def test_a_date_on_the_list_is_read_and_stands_for_these_days(
    text: str, possible: list[str]
) -> None:
    assert parse(text).text == text
    assert parse(text).possible == tuple(map(days, possible))


@pytest.mark.parametrize(
    "text, reason",
    [
        ("2019-06-31", "31 June 2019 is not a day; June has 30"),
        ("2026-02-29", "29 February 2026 is not a day; February 2026 has 28"),
        ("1900-02-29", "29 February 1900 is not a day; February 1900 has 28"),
        ("XXXX-02-30", "30 February is not a day; February has 29"),
        ("2019-06-00", "0 June 2019 is not a day; June has 30"),
        ("2019-13", "13 is not a month"),
        ("2019-00", "00 is not a month"),
        ("2019-25", "25 is not a month"),
        ("2024-21-03", "A season has a year and no days"),
        ("2024-21-XX", "A season has a year and no days"),
        ("XXXX-21", "A season has a year and no days"),
        ("1799", "years run from 1800 to 2200"),
        ("2201-01-01", "years run from 1800 to 2200"),
        ("0000", "years run from 1800 to 2200"),
        ("99999", "years run from 1800 to 2200"),
        ("-0500", "years run from 1800 to 2200"),
        ("Y170000002", "years run from 1800 to 2200"),
        ("2019-4", "two digits"),
        ("2019-04-3", "two digits"),
        ("2019-4-3~", "two digits"),
        ("20190423", "put hyphens between"),
        ("2019/04/23", "put hyphens between"),
        ("2019.04.23", "put hyphens between"),
        ("23.04.2019", "put the year first"),
        ("23/04/2019", "put the year first"),
        ("2019-04-23T10:00:00Z", "leave out the time of day"),
        ("April 2019", "write a day 2019-04-23"),
        ("unknown", "write a day 2019-04-23"),
        ("2019-04 ", "write a day 2019-04-23"),
        ("2019?-04", "one mark at the end"),
        ("2019-?04-23", "one mark at the end"),
        ("2019~?", "one mark at the end"),
        ("~2019", "one mark at the end"),
        ("201X", "for a decade write an interval"),
        ("2026-XX", "write the year alone"),
        ("2026-XX-XX", "write the year alone"),
        ("2026-XX-05", "write the year alone"),
        ("XXXX", "at least the month"),
        ("XXXX-05-XX", "at least the month"),
        ("2019/", "two dots"),
        ("/2019", "two dots"),
        ("../..", "two dots"),
        ("2019/2020/2021", "two sides"),
        ("2019..2020", "two dots stand alone"),
        ("2019-06/2019-05", "2019-05 comes before 2019-06: turn them round"),
        ("2024-24/2024-11", "turn them round"),
        ("2026-10-XX/..", "write the month or the year alone"),
        ("XXXX-05/2019", "write the month or the year alone"),
        ("{2019,2020}", "one of several dates is written"),
        ("[2019,2020", "nothing after the bracket"),
        ("[2019,2020]~", "nothing after the bracket"),
        ("[2019]", "Give 2 to 6 dates"),
        ("[]", "Give 2 to 6 dates"),
        ("[2011,2012,2013,2014,2015,2016,2017]", "Give 2 to 6 dates"),
        ("[2019~,2020]", "without ? ~ % or X"),
        ("[2024-21,2025]", "without ? ~ % or X"),
        ("[2026-10-XX,2027]", "without ? ~ % or X"),
        ("[XXXX-05,2027]", "without ? ~ % or X"),
        ("[2019,2019]", "2019 is part of 2019"),
        ("[2018,2019-05,2019]", "2019-05 is part of 2019"),
        ("[2019,,2020]", "write a day"),
        ("[..,2020]", "two dots stand alone"),
        ("", "There is no date here"),
        ("2019\0", "only the digits 0 to 9"),
        ("2019\n", "only the digits 0 to 9"),
        ("２０１９", "only the digits 0 to 9"),
        ("٢٠١٩", "only the digits 0 to 9"),
        ("2019–2020", "only the digits 0 to 9"),
        ("\u202e2019", "only the digits 0 to 9"),
        ("2019" * 30, "at most 80 characters, not 120"),
    ],
)
def test_anything_else_is_refused_with_what_would_do(text: str, reason: str) -> None:
    with pytest.raises(DateError) as refused:
        parse(text)
    assert reason in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_refusal_can_be_said_in_another_language() -> None:
    german = {
        "{day} {month}{year} is not a day; {month}{leap} has {most}": "{day}. {month}{year}: {month}{leap} hat {most}",
        "June": "Juni",
    }
    with pytest.raises(DateError) as refused:
        parse("2019-06-31")
    assert refused.value.words(lambda text: german[text]) == "31. Juni 2019: Juni hat 30"


@pytest.mark.parametrize(
    "typed, text",
    [
        (" 2019-04 ", "2019-04"),
        ("2019-04 ~", "2019-04~"),
        ("2019-05 / ..", "2019-05/.."),
        ("[2019-06, 2019-05]", "[2019-05,2019-06]"),
        ("2026-10-xx", "2026-10-XX"),
        ("xxxx-05-01", "XXXX-05-01"),
    ],
)
def test_what_was_typed_is_tidied(typed: str, text: str) -> None:
    assert normalise(typed) == text


def test_long_text_is_refused_before_it_is_tidied_and_not_repeated() -> None:
    for typed in ("2019-04" + " " * MAX_LENGTH + "~", "a" * MAX_LENGTH):
        with pytest.raises(DateError) as refused:
            normalise(typed)
        assert len(str(refused.value)) < 200 and typed not in str(refused.value)


# Ranges


@pytest.mark.parametrize(
    "text, lasts, lo, hi, sure",
    [
        ("2019-04-23", True, "2019-04-23", "2019-04-23", "2019-04-23"),
        ("2019-04", True, "2019-04-01 2019-04-30", "2019-04-01 2019-04-30", None),
        ("2019-05-03/2019-05-10", True, "2019-05-03", "2019-05-10", "2019-05-03 2019-05-10"),
        ("2019-05-03/2019-05-10", False, "2019-05-03 2019-05-10", "2019-05-03 2019-05-10", None),
        (
            "2019-05/2019-07",
            True,
            "2019-05-01 2019-05-31",
            "2019-07-01 2019-07-31",
            "2019-05-31 2019-07-01",
        ),
        ("2019-05/2019-07", False, "2019-05-01 2019-07-31", "2019-05-01 2019-07-31", None),
        ("2019-05/2019-05", True, "2019-05-01 2019-05-31", "2019-05-01 2019-05-31", None),
        ("2019/2019-06", True, "2019-01-01 2019-06-30", "2019-06-01 2019-06-30", None),
        ("2019-06/2019", True, "2019-06-01 2019-06-30", "2019-06-01 2019-12-31", None),
        ("2019-05/..", True, "2019-05-01 2019-05-31", "2019-05-31 ..", "2019-05-31"),
        ("2019-05/..", False, "2019-05-01 ..", "2019-05-01 ..", None),
        ("2019-05-03/..", True, "2019-05-03", "2019-05-03 ..", "2019-05-03"),
        ("[2019-05,2019-07]", True, "2019-05-01 2019-07-31", "2019-05-01 2019-07-31", None),
    ],
)
def test_what_lasts_is_certain_from_its_latest_start_to_its_earliest_end(
    text: str, lasts: bool, lo: str, hi: str, sure: str | None
) -> None:
    ranges = spans(parse(text), lasts)
    assert (ranges.lo, ranges.hi, ranges.sure) == (days(lo), days(hi), days(sure) if sure else None)
    assert parse(text).sure(lasts) == ranges.sure


@pytest.mark.parametrize(
    "text, until, possible, sure",
    [
        ("2019-05/..", "2020-03-10", "2019-05-01 2020-03-10", "2019-05-31"),
        ("2019-06/..", "2019-06-15", "2019-06-01 2019-06-30", None),  # said during its first month
        ("2019-07-01/..", "2019-06-10", "2019-07-01", "2019-07-01"),  # said beforehand, of a plan
        (
            "2019-05/2019-06",
            "2020-03-10",
            "2019-05-01 2019-06-30",
            "2019-05-31 2019-06-01",
        ),  # has an end of its own
    ],
)
def test_an_open_end_is_possible_up_to_the_last_day_a_source_said_so(
    text: str, until: str, possible: str, sure: str | None
) -> None:
    ranges = spans(parse(text), lasts=True, until=date.fromisoformat(until))
    assert ranges.possible == (days(possible),)
    assert ranges.sure == (days(sure) if sure else None)


@pytest.mark.parametrize(
    "text, within, possible",
    [
        (None, "2019-04/2019-06", ["2019-04-01 2019-06-30"]),
        (None, "2019-04/..", ["2019-04-01 .."]),
        ("../2017-09", "2016/2020", ["2016-01-01 2017-09-30"]),
        ("XXXX-05", "2019/2020", ["2019-05-01 2019-05-31", "2020-05-01 2020-05-31"]),
        ("XXXX-05-01", "2019-06/2021", ["2020-05-01", "2021-05-01"]),
        ("XXXX-02-29", "2019/2024", ["2020-02-29", "2024-02-29"]),
        ("2019", "2019-03/2019-06", ["2019-03-01 2019-06-30"]),
        ("2019-05/..", "../2019-12", ["2019-05-01 2019-12-31"]),
        ("[2019-05,2019-07]", "2019-06/2019-08", ["2019-07-01 2019-07-31"]),
    ],
)
def test_an_outer_bound_brings_a_date_into_a_window(
    text: str | None, within: str, possible: list[str]
) -> None:
    assert spans(parse(text) if text else None, lasts=True, within=parse(within)).possible == tuple(
        map(days, possible)
    )


@pytest.mark.parametrize(
    "text, within",
    [
        (None, None),
        (None, "../2017"),
        ("XXXX-05", None),
        ("XXXX-05-01", None),
        ("XXXX-05-01", "2019/.."),
        ("../2017-09", None),
        ("../2017-09", "../2020"),
    ],
)
@pytest.mark.parametrize("lasts", [True, False])
def test_a_date_without_a_beginning_lies_outside_every_window(
    text: str | None, within: str | None, lasts: bool
) -> None:
    ranges = spans(parse(text) if text else None, lasts, within=parse(within) if within else None)
    assert ranges == Spans()
    assert (
        not is_possible(ranges, Days())
        and not is_certain(ranges, Days())
        and sort_day(ranges) is None
    )


@pytest.mark.parametrize(
    "until, last", [("2020-03-10", "2020-03-10"), ("2018-01-01", "2019-04-01")]
)
def test_an_open_outer_bound_ends_where_an_open_date_would(until: str, last: str) -> None:
    ranges = spans(None, lasts=True, until=date.fromisoformat(until), within=parse("2019-04/.."))
    assert ranges.possible == (days(f"2019-04-01 {last}"),)


def test_an_open_beginning_lies_before_its_end() -> None:
    ranges = spans(parse("../2017-09"), lasts=True, within=parse("2016/2020"))
    assert (ranges.lo, ranges.hi) == (days("2016-01-01 2017-09-01"), days("2017-09-01 2017-09-30"))
    assert ranges.sure == days("2017-09-01")


@pytest.mark.parametrize(
    "text, within",
    [("2019", "2020"), ("XXXX-02-29", "2019"), ("2019-05/2019-07", "2019-06"), ("2019", "XXXX-05")],
)
def test_an_outer_bound_that_the_date_contradicts_is_refused(text: str, within: str) -> None:
    with pytest.raises(DateError):
        spans(parse(text), lasts=True, within=parse(within))


@pytest.mark.parametrize(
    "text, lasts, asked, possible, certain",
    [
        ("2019-06", True, "2019-06-30 2019-07-31", True, False),
        ("2019-06", True, "2019-07-01 2019-07-31", False, False),
        ("2019-06", True, "2019-06-01 2019-06-30", True, True),
        ("2019-06-30", True, "2019-06-30", True, True),
        ("2019-03/2020-02", True, "2019-12-22", True, True),
        ("2019-03/2020-02", False, "2019-12-22", True, False),
        ("2019-03/2020-02", True, "2020-02-10 2020-02-11", True, False),
        ("[2019-05,2019-07]", True, "2019-06-01 2019-06-30", False, False),
        ("[2019-05,2019-07]", True, "2019-05-01 2019-07-31", True, True),
        ("2019-05/..", True, "2019-05-01 2019-05-31", True, True),  # it began in that month
        ("2019-05/..", True, "2030-01-01 2030-12-31", True, False),
        ("2019-05/..", True, "2019-05-01 ..", True, True),
    ],
)
def test_possible_and_certain_in_a_window(
    text: str, lasts: bool, asked: str, possible: bool, certain: bool
) -> None:
    ranges = spans(parse(text), lasts)
    assert (is_possible(ranges, days(asked)), is_certain(ranges, days(asked))) == (
        possible,
        certain,
    )


@pytest.mark.parametrize(
    "text, coarsest",
    [
        ("2019-04-23~", "day"),
        ("2019-04", "month"),
        ("2026-10-XX", "month"),
        ("2024-21", "season"),
        ("2019", "year"),
        ("2019-04-30/2019-05", "month"),
        ("2024-21/2024-09-03", "season"),
        ("2019-05-03/..", "day"),
        ("../2017", "year"),
        ("[2019-05-03,2020]", "year"),
        ("XXXX-05-01", "unknown"),
    ],
)
def test_precision_is_that_of_the_coarsest_part(text: str, coarsest: str) -> None:
    assert precision(parse(text)) == coarsest


def test_no_date_has_no_precision() -> None:
    assert precision(None) == "unknown"


def test_a_list_places_a_date_under_its_earliest_possible_day() -> None:
    assert sort_day(spans(parse("[2019-06,2018-05-03]"), lasts=True)) == date(2018, 5, 3)


@pytest.mark.parametrize(
    "text_from, text_to, asked",
    [
        ("2019", "2019", "2019-01-01 2019-12-31"),
        ("2019-04", "2019-06-15", "2019-04-01 2019-06-15"),
        ("2019-06-15", "2019-06", "2019-06-15 2019-06-30"),
        (" 2019-04 ", "", "2019-04-01 .."),
        (None, "2020-02", ".. 2020-02-29"),
        (None, " ", ".. .."),
    ],
)
def test_both_bounds_of_a_window_are_counted(
    text_from: str | None, text_to: str | None, asked: str
) -> None:
    assert window(text_from, text_to) == days(asked)


@pytest.mark.parametrize(
    "text_from, text_to",
    [
        ("2020", "2019"),
        ("2019~", None),
        ("2024-21", None),
        ("2019/2020", None),
        ("XXXX-05", None),
        ("2026-10-XX", None),
        (None, "99999"),
        (None, "2019\0"),
    ],
)
def test_a_window_takes_only_plain_days_months_and_years(
    text_from: str | None, text_to: str | None
) -> None:
    with pytest.raises(DateError):
        window(text_from, text_to)


def test_today_is_where_the_day_begins_first() -> None:
    assert latest_today(datetime(2026, 11, 24, 9, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert latest_today(datetime(2026, 11, 24, 10, 0, tzinfo=UTC)) == date(2026, 11, 25)


# Words


@pytest.mark.parametrize(
    "text, said",
    [
        ("2019-04-23", "23 April 2019"),
        ("2019-03~", "about March 2019"),
        ("2024-10?", "perhaps October 2024"),
        ("2025%", "perhaps about 2025"),
        ("2024-21", "spring 2024"),
        ("2024-24", "winter 2024–25"),
        ("1899-24", "winter 1899–00"),
        ("2026-10-XX", "some day in October 2026"),
        ("2026-10-XX?", "perhaps October 2026"),
        ("XXXX-05", "May, year not known"),
        ("XXXX-05-01", "1 May, year not known"),
        ("[2019-05,2019-06]", "May or June 2019"),
        ("[2018-05,2019-05,2019-06]", "May 2018, May or June 2019"),
        ("[2019-05-03,2019-05-05,2019-06]", "3, 5 May or June 2019"),
        ("[2019-05,2020]", "May 2019 or 2020"),
        ("2019-05/..", "since May 2019"),
        ("2019-06~/..", "since about June 2019"),
        ("../2017-09", "until September 2017"),
        ("2024-08-28/2024-08-29", "28–29 August 2024"),
        ("2024-10-14/2024-10-21~", "14 to about 21 October 2024"),
        ("2023-08-28/2023-09-03~", "28 August to about 3 September 2023"),
        ("2025-03/2025-05", "March to May 2025"),
        ("2025-03~/2025-05", "about March 2025 to May 2025"),
        ("2024-02~/2024-03~", "about February to about March 2024"),
        ("2024-04-30~/2024-05~", "about 30 April to about May 2024"),
        ("2017-12/2019-11-19", "December 2017 to 19 November 2019"),
        ("2019-11/2020-02", "November 2019 to February 2020"),
        ("2024-21/2024-23", "spring to autumn 2024"),
        ("2024-24/2025-03", "winter 2024–25 to March 2025"),
        ("2024-09/2024-24", "September 2024 to winter 2024–25"),
        ("2005/2011", "2005 to 2011"),
        ("2019/2019-06", "2019 to June 2019"),
        ("2019-03/2019", "March 2019 to 2019"),
        ("2019-05/2019-05", "May 2019"),
    ],
)
def test_a_date_in_words(text: str, said: str) -> None:
    assert words(parse(text)) == said


@pytest.mark.parametrize(
    "text, said", [("2019-05/..", "May 2019 or later"), ("../2017-09", "September 2017 or earlier")]
)
def test_an_open_date_that_does_not_last_is_some_day_on_that_side(text: str, said: str) -> None:
    assert words(parse(text), lasts=False) == said


def test_a_date_in_the_words_of_another_language() -> None:
    german = {"about {date}": "etwa {date}", "since {date}": "seit {date}", "May": "Mai"}
    assert words(parse("2019-05~/.."), lambda text: german.get(text, text)) == "seit etwa Mai 2019"


@pytest.mark.parametrize(
    "text, meant",
    [
        ("2019-04~", "this means 1–30 April 2019"),
        ("2019-04-23", "this means 23 April 2019"),
        ("2019", "this means 1 January to 31 December 2019"),
        ("2024-24", "this means 1 December 2024 to 28 February 2025"),
        ("2024-10-14/2024-10-21~", "this means 14–21 October 2024"),
        ("2019-05/..", "this means 1 May 2019 or later"),
        ("../2017-09", "this means 30 September 2017 or earlier"),
        ("[2019-05,2019-06]", "this means 1–31 May 2019 or 1–30 June 2019"),
        ("XXXX-05-01", "this means no period finds it, since its year is not known"),
    ],
)
def test_a_form_says_which_days_were_meant(text: str, meant: str) -> None:
    assert reading(parse(text)) == meant


def test_no_bounds_are_any_day() -> None:
    assert words_of_days(Days()) == "any day"
