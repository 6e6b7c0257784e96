"""Periods of filters: bounds and refusals."""

import pytest

from app.dates.day_ranges import parse_period
from app.dates.edtf import DateError
from tests.support.day_ranges import days
from tests.support.tables import differing


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
