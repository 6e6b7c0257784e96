"""Ranges of possible and certain days, and precision."""

from datetime import UTC, date, datetime

import pytest

from app.dates.day_ranges import Spans, sort_day, spans
from app.dates.edtf import Days, latest_today, parse, precision
from tests.support.day_ranges import days, is_certain, is_possible
from tests.support.tables import differing


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
        # Once, on some day: no day is sure, whatever lasts.
        ("[2019-04-21..2019-04-30]", True, "2019-04-21 2019-04-30", "2019-04-21 2019-04-30", None),
    ],
)
def test_lasting_date_is_sure_from_latest_start_to_earliest_end(
    text: str, lasts: bool, lo: str, hi: str, sure: str | None
) -> None:
    ranges = spans(parse(text), lasts)
    assert (ranges.lo, ranges.hi, ranges.sure) == (days(lo), days(hi), days(sure) if sure else None)


@pytest.mark.parametrize(
    "text, until, possible, sure",
    [
        ("2019-05/..", "2020-03-10", "2019-05-01 2020-03-10", "2019-05-31"),
        (
            "2019-06/..",
            "2019-06-15",
            "2019-06-01 2019-06-30",
            None,
        ),  # Reported during its first month.
        ("2019-07-01/..", "2019-06-10", "2019-07-01", "2019-07-01"),  # Reported as a plan.
        # Has an end of its own.
        ("2019-05/2019-06", "2020-03-10", "2019-05-01 2019-06-30", "2019-05-31 2019-06-01"),
    ],
)
def test_open_end_is_possible_until_last_report(
    text: str, until: str, possible: str, sure: str | None
) -> None:
    ranges = spans(parse(text), lasts=True, until=date.fromisoformat(until))
    assert ranges.possible == (days(possible),)
    assert ranges.sure == (days(sure) if sure else None)


def test_day_on_or_before_is_in_each_window_up_to_it() -> None:
    """Rule 1."""
    found = spans(parse("[..2017-12-31]"), lasts=True)
    last = date(2017, 12, 31)
    assert found == Spans((Days(None, last),), hi=Days(None, last))
    assert sort_day(found) == last


@pytest.mark.parametrize("text", [None, "XXXX-05", "XXXX-05-01", "../2017-09"])
@pytest.mark.parametrize("lasts", [True, False])
def test_date_without_start_is_in_no_window(text: str | None, lasts: bool) -> None:
    ranges = spans(parse(text) if text else None, lasts)
    assert ranges == Spans()
    assert (
        not is_possible(ranges, Days())
        and not is_certain(ranges, Days())
        and sort_day(ranges) is None
    )


@pytest.mark.parametrize(
    "text, lasts, queried, possible, certain",
    [
        ("2019-06", True, "2019-06-30 2019-07-31", True, False),
        ("2019-06", True, "2019-07-01 2019-07-31", False, False),
        ("2019-06", True, "2019-06-01 2019-06-30", True, True),
        ("2019-06-30", True, "2019-06-30", True, True),
        ("2019-03/2020-02", True, "2019-12-22", True, True),
        ("2019-03/2020-02", False, "2019-12-22", True, False),
        ("2019-03/2020-02", True, "2020-02-10 2020-02-11", True, False),
        ("[2019-04-21..2019-05-10]", True, "2019-05-01 2019-05-31", True, False),
        ("[2019-04-21..2019-05-10]", True, "2019-04-01 2019-05-31", True, True),
        ("[2019-05,2019-07]", True, "2019-06-01 2019-06-30", False, False),
        ("[2019-05,2019-07]", True, "2019-05-01 2019-07-31", True, True),
        ("2019-05/..", True, "2019-05-01 2019-05-31", True, True),  # It began in that month.
        ("2019-05/..", True, "2030-01-01 2030-12-31", True, False),
        ("2019-05/..", True, "2019-05-01 ..", True, True),
    ],
)
def test_window_decides_possible_and_certain(
    text: str, lasts: bool, queried: str, possible: bool, certain: bool
) -> None:
    ranges = spans(parse(text), lasts)
    assert (is_possible(ranges, days(queried)), is_certain(ranges, days(queried))) == (
        possible,
        certain,
    )


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


def test_missing_date_has_unknown_precision() -> None:
    assert precision(None) == "unknown"


def test_sort_day_is_earliest_possible_day() -> None:
    assert sort_day(spans(parse("[2019-06,2018-05-03]"), lasts=True)) == date(2018, 5, 3)


def test_latest_today_is_in_the_earliest_time_zone() -> None:
    assert latest_today(datetime(2026, 11, 24, 9, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert latest_today(datetime(2026, 11, 24, 10, 0, tzinfo=UTC)) == date(2026, 11, 25)
