"""Ranges of possible and certain days, and precision."""

from datetime import UTC, date, datetime

from app.dates.day_ranges import Spans, sort_day, spans
from app.dates.edtf import Days, latest_today, parse, precision
from tests.support.day_ranges import days, is_certain, is_possible
from tests.support.tables import differing


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
    found = spans(parse("[..2017-12-31]"), lasts=True)
    last = date(2017, 12, 31)
    assert found == Spans((Days(None, last),), hi=Days(None, last))
    assert sort_day(found) == last


def test_date_without_start_is_in_no_window() -> None:
    for text in (None, "XXXX-05", "XXXX-05-01", "../2017-09"):
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
