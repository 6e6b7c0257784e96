"""EDTF dates: parsing, canonical text, and reasons for refusals."""

from datetime import UTC, date, datetime

import pytest

from app.dates.day_ranges import Spans, parse_period, possible_days, sort_day, spans
from app.dates.edtf import MAX_LENGTH, DateError, Days, latest_today, normalise, parse, precision
from app.dates.wording import (
    planned_in_words,
    reading,
    rule_in_words,
    words,
    words_of_days,
)
from tests.support.day_ranges import days, is_certain, is_possible
from tests.support.tables import differing


def test_canonical_date_parses_to_its_possible_days() -> None:
    expected = {
        "2019-04-23": "2019-04-23",
        "2020-02-29": "2020-02-29",
        "2019-04": "2019-04-01 2019-04-30",
        "2020-02": "2020-02-01 2020-02-29",
        "2019": "2019-01-01 2019-12-31",
        "2024-21": "2024-03-01 2024-05-31",
        "2023-24": "2023-12-01 2024-02-29",
        "2019-04-23~": "2019-04-23",
        "2025%": "2025-01-01 2025-12-31",
        "2026-10-XX": "2026-10-01 2026-10-31",
        "2019-05/2019-06-03": "2019-05-01 2019-06-03",
        "2024-24/2025-01": "2024-12-01 2025-01-31",
        "2019-05/..": "2019-05-01 ..",
        "[2019-05-10..2019-05-20]/..": "2019-05-10 ..",
        "[2019-05-10..2019-05-20]": "2019-05-10 2019-05-20",
        "[2019-05,2019-06]": "2019-05-01 2019-05-31, 2019-06-01 2019-06-30",
        "[2018,2019-05,2019-06-03]": "2018-01-01 2018-12-31, 2019-05-01 2019-05-31, 2019-06-03",
        "../2017-09": ".. 2017-09-30",
        "XXXX-05": "",
        "XXXX-05-01": "",
        "XXXX-11-01/XXXX-11-21": "",
        "../XXXX-12-31": "",
        "[XXXX-05,XXXX-06]": "",
        "1800/2200-24": "1800-01-01 2201-02-28",
    }

    for text, ranges in expected.items():
        assert parse(text).text == text
        assert possible_days(parse(text)) == tuple(map(days, filter(None, ranges.split(", "))))


def test_invalid_date_is_refused_with_a_suggestion() -> None:
    reasons = {
        "2019-06-31": "31 June 2019 is not a day; June has 30",
        "2026-02-29": "29 February 2026 is not a day; February 2026 has 28",
        "XXXX-02-30": "30 February is not a day; February has 29",
        "2019-06-00": "0 June 2019 is not a day; June has 30",
        "2019-13": "13 is not a month",
        "XXXX-21": "A season has a year and no days",
        "1799": "years run from 1800 to 2200",
        "Y170000002": "years run from 1800 to 2200",
        "2019-4": "two digits",
        "20190423": "put hyphens between",
        "2019-04-23T10:00:00Z": "leave out the time of day",
        "April 2019": "write a day 2019-04-23",
        "2019?-04": "one mark at the end",
        "~2019": "one mark at the end",
        "201X": "for a decade write an interval",
        "2026-XX": "write the year alone",
        "XXXX": "at least the month",
        "2019/": "two dots",
        "../..": "two dots",
        "2019/2020/2021": "two sides",
        "2019..2020": "two dots stand alone",
        "[2019-05-20..2019-05-10]/..": "turn them round",
        "[2019-05-10~..2019-05-20]/..": "without ? ~ %",
        "[2019-05-20..2019-05-10]": "turn them round",
        "[2019-05-10..]": "the first and the last possible one",
        "[2019-05-10..2019-05-20]/2020": "nothing after the bracket",
        "2019-06/2019-05": "2019-05 comes before 2019-06: turn them round",
        "2024-24/2024-11": "turn them round",
        "2026-10-XX/..": "write the month or the year alone",
        "XXXX-05/2019": "Give both sides of an interval a year, or neither",
        "XXXX-11-21/XXXX-11-01": "turn them round",
        "{2019,2020}": "one of several dates is written",
        "[2019,2020": "nothing after the bracket",
        "[2019,2020]~": "nothing after the bracket",
        "[2019]": "Give 2 to 6 dates",
        "[2011,2012,2013,2014,2015,2016,2017]": "Give 2 to 6 dates",
        "[2026-10-XX,2027]": "without ? ~ %, as",
        "[XXXX-05,2027]": "Give each date in brackets a year, or none",
        "[XXXX-05,XXXX-05-02]": "XXXX-05-02 is part of XXXX-05",
        "[2019,2019]": "2019 is part of 2019",
        "[2019,,2020]": "write a day",
        "[..,2020]": "two dots stand alone",
        "": "There is no date here",
        "2019\0": "only the digits 0 to 9",
        "2019\n": "only the digits 0 to 9",
        "٢٠١٩": "only the digits 0 to 9",
        "2019–2020": "only the digits 0 to 9",
        "\u202e2019": "only the digits 0 to 9",
        "2019" * 30: "at most 80 characters, not 120",
    }
    for text, reason in reasons.items():
        with pytest.raises(DateError) as refused:
            parse(text)
        assert reason in str(refused.value) and str(refused.value).isprintable(), text


def test_typed_date_is_normalised() -> None:
    expected = {
        " 2019-04 ": "2019-04",
        "2019-04 ~": "2019-04~",
        "2019-05 / ..": "2019-05/..",
        "[2019-06, 2019-05]": "[2019-05,2019-06]",
        "2026-10-xx": "2026-10-XX",
        "xxxx-05-01": "XXXX-05-01",
    }
    assert differing(normalise, expected) == {}


def test_long_text_is_refused_and_not_quoted() -> None:
    for typed in ("2019-04" + " " * MAX_LENGTH + "~", "a" * MAX_LENGTH):
        with pytest.raises(DateError) as refused:
            normalise(typed)
        assert len(str(refused.value)) < 200 and typed not in str(refused.value)


# Ranges of possible and certain days, and precision


def test_lasting_date_is_sure_from_latest_start_to_earliest_end() -> None:
    day, month = "2019-05-03/2019-05-10", "2019-05-01 2019-05-31"
    for text, lasts, lo, hi, sure in (
        ("2019-04-23", True, "2019-04-23", "2019-04-23", "2019-04-23"),
        ("2019-04", True, "2019-04-01 2019-04-30", "2019-04-01 2019-04-30", None),
        (day, True, "2019-05-03", "2019-05-10", "2019-05-03 2019-05-10"),
        (day, False, "2019-05-03 2019-05-10", "2019-05-03 2019-05-10", None),
        ("2019-05/2019-07", True, month, "2019-07-01 2019-07-31", "2019-05-31 2019-07-01"),
        ("2019-05/2019-07", False, "2019-05-01 2019-07-31", "2019-05-01 2019-07-31", None),
        ("2019-05/2019-05", True, month, month, None),
        ("2019/2019-06", True, "2019-01-01 2019-06-30", "2019-06-01 2019-06-30", None),
        ("2019-06/2019", True, "2019-06-01 2019-06-30", "2019-06-01 2019-12-31", None),
        ("2019-05/..", True, month, "2019-05-31 ..", "2019-05-31"),
        ("2019-05/..", False, "2019-05-01 ..", "2019-05-01 ..", None),
        ("2019-05-03/..", True, "2019-05-03", "2019-05-03 ..", "2019-05-03"),
        ("[2019-05,2019-07]", True, "2019-05-01 2019-07-31", "2019-05-01 2019-07-31", None),
        # Once, on some day: no day is sure, whatever lasts.
        ("[2019-04-21..2019-04-30]", True, "2019-04-21 2019-04-30", "2019-04-21 2019-04-30", None),
    ):
        ranges = spans(parse(text), lasts)
        expected = (days(lo), days(hi), days(sure) if sure else None)
        assert (ranges.lo, ranges.hi, ranges.sure) == expected, (text, lasts)


def test_open_end_is_possible_until_last_report() -> None:
    for text, until, possible, sure in (
        ("2019-05/..", "2020-03-10", "2019-05-01 2020-03-10", "2019-05-31"),
        # Reported during its first month, and as a plan.
        ("2019-06/..", "2019-06-15", "2019-06-01 2019-06-30", None),
        ("2019-07-01/..", "2019-06-10", "2019-07-01", "2019-07-01"),
        # Has an end of its own.
        ("2019-05/2019-06", "2020-03-10", "2019-05-01 2019-06-30", "2019-05-31 2019-06-01"),
    ):
        ranges = spans(parse(text), lasts=True, until=date.fromisoformat(until))
        assert ranges.possible == (days(possible),), text
        assert ranges.sure == (days(sure) if sure else None), text


def test_day_on_or_before_is_in_each_window_up_to_it() -> None:
    """Rule 1."""
    last = date(2017, 12, 31)
    for text in ("[..2017-12-31]", "../2017-12"):
        found = spans(parse(text), lasts=True)
        assert found == Spans((Days(None, last),), hi=Days(None, last))
        assert sort_day(found) == last


def test_date_without_year_is_in_no_window() -> None:
    for text in (None, "XXXX-05", "XXXX-05-01"):
        for lasts in (True, False):
            ranges = spans(parse(text) if text else None, lasts)
            assert ranges == Spans() and sort_day(ranges) is None
            assert not is_possible(ranges, Days()) and not is_certain(ranges, Days())


def test_precision_is_that_of_the_coarsest_part() -> None:
    expected = {
        "2019-04-23~": "day",
        "2019-04": "month",
        "2026-10-XX": "month",
        "[2019-04-21..2019-04-30]": "month",
        "2024-21": "season",
        "2019": "year",
        "2019-04-30/2019-05": "month",
        "2024-21/2024-09-03": "season",
        "2019-05-03/..": "day",
        "../2017": "year",
        "[2019-05-03,2020]": "year",
        "XXXX-05-01": "unknown",
    }
    assert differing(lambda text: precision(parse(text)), expected) == {}
    assert precision(None) == "unknown"


def test_sort_day_is_earliest_possible_day() -> None:
    assert sort_day(spans(parse("[2019-06,2018-05-03]"), lasts=True)) == date(2018, 5, 3)


def test_latest_today_is_in_the_earliest_time_zone() -> None:
    assert latest_today(datetime(2026, 11, 24, 9, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert latest_today(datetime(2026, 11, 24, 10, 0, tzinfo=UTC)) == date(2026, 11, 25)


# Periods of filters: bounds and refusals


def test_period_includes_both_bounds() -> None:
    expected = {
        ("2019", "2019"): days("2019-01-01 2019-12-31"),
        ("2019-04", "2019-06-15"): days("2019-04-01 2019-06-15"),
        ("2019-06-15", "2019-06"): days("2019-06-15 2019-06-30"),
        (" 2019-04 ", ""): days("2019-04-01 .."),
        (None, "2020-02"): days(".. 2020-02-29"),
        (None, " "): days(".. .."),
    }
    assert differing(parse_period, expected) == {}


def test_period_accepts_only_plain_days_months_and_years() -> None:
    plain = "2019~", "2024-21", "2019/2020", "XXXX-05", "2026-10-XX", "99999", "2019\0"
    for first, last in (("2020", "2019"), *((None, each) for each in plain)):
        with pytest.raises(DateError):
            parse_period(first, last)


# Dates in words


def test_date_is_printed_in_words() -> None:
    expected = {
        "2019-04-23": "23 April 2019",
        "2019-03~": "about March 2019",
        "2025%": "perhaps about 2025",
        "2024-24": "winter 2024–25",
        "1899-24": "winter 1899–00",
        "2026-10-XX": "some day in October 2026",
        "[2026-09-21..2026-09-30]": "some day from 21 to 30 September 2026",
        "2026-10-XX?": "perhaps October 2026",
        "XXXX-05": "May, year not known",
        "XXXX-05-01": "1 May, year not known",
        "XXXX-11-01/XXXX-11-21": "1–21 November, year not known",
        "XXXX-10/XXXX-11": "October to November, year not known",
        "../XXXX-12-31": "by 31 December, year not known; since when is not said",
        "[2019-05,2019-06]": "May or June 2019",
        "[2019-05,2020]": "May 2019 or 2020",
        "2019-05/..": "since May 2019",
        "2019-06~/..": "since about June 2019",
        "../2017-09": "by September 2017; since when is not said",
        "2024-08-28/2024-08-29": "28–29 August 2024",
        "2024-10-14/2024-10-21~": "14 to about 21 October 2024",
        "2019-11/2020-02": "November 2019 to February 2020",
        "2024-21/2024-23": "spring to autumn 2024",
        "2024-24/2025-03": "winter 2024–25 to March 2025",
        "2019-05/2019-05": "May 2019",
        "[..2023-12-16]": "on or before 16 December 2023",
        "[..XXXX-12-31]": "on or before 31 December, year not known",
    }
    assert differing(lambda text: words(parse(text)), expected) == {}


def test_open_date_of_moment_is_some_day_on_that_side() -> None:
    expected = {"2019-05/..": "May 2019 or later", "../2017-09": "September 2017 or earlier"}
    assert differing(lambda text: words(parse(text), lasts=False), expected) == {}


def test_reading_names_the_days_meant() -> None:
    expected = {
        "2019-04~": "this means 1–30 April 2019",
        "2019-04-23": "this means 23 April 2019",
        "2019": "this means 1 January to 31 December 2019",
        "2024-24": "this means 1 December 2024 to 28 February 2025",
        "2024-10-14/2024-10-21~": "this means 14–21 October 2024",
        "2019-05/..": "this means 1 May 2019 or later",
        "../2017-09": "this means 30 September 2017 or earlier",
        "[2019-05,2019-06]": "this means 1–31 May 2019 or 1–30 June 2019",
        "XXXX-05-01": "this means no period finds it, since its year is not known",
    }
    assert differing(lambda text: reading(parse(text)), expected) == {}


def test_range_without_bounds_is_any_day() -> None:
    assert words_of_days(Days()) == "any day"


def test_time_of_a_plan_does_not_say_that_it_has_begun() -> None:
    expected = {
        "2012-05-28/..": "not before 28 May 2012",
        "2025-06~/..": "not before about June 2025",
        "../2025-12": "by December 2025",
        "2025-06/2025-08": "June to August 2025",
        "2026": "2026",
        "[2026,2027]": "2026 or 2027",
    }
    assert differing(planned_in_words, expected) == {}


def test_time_of_a_rule_says_from_when() -> None:
    expected = {"2007-10-01/..": "from 1 October 2007", "../2025-12": "by December 2025"}
    assert differing(rule_in_words, expected) == {}
