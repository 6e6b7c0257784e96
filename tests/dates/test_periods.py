"""Periods of filters: bounds and refusals."""

import pytest

from app.dates.edtf import (
    DateError,
)
from app.dates.periods import parse_period
from tests.support.day_ranges import days


@pytest.mark.parametrize(
    "text_from, text_to, expected",
    [
        ("2019", "2019", "2019-01-01 2019-12-31"),
        ("2019-04", "2019-06-15", "2019-04-01 2019-06-15"),
        ("2019-06-15", "2019-06", "2019-06-15 2019-06-30"),
        (" 2019-04 ", "", "2019-04-01 .."),
        (None, "2020-02", ".. 2020-02-29"),
        (None, " ", ".. .."),
    ],
)
def test_period_includes_both_bounds(
    text_from: str | None, text_to: str | None, expected: str
) -> None:
    assert parse_period(text_from, text_to) == days(expected)


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
def test_period_accepts_only_plain_days_months_and_years(
    text_from: str | None, text_to: str | None
) -> None:
    with pytest.raises(DateError):
        parse_period(text_from, text_to)
