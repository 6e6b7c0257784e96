"""Amounts and measures of estimates in words."""

from typing import Any

import pytest

from app.record.derivation.rows import public_fields
from app.record.names.quantity import amount, measure_in_words, quantity
from app.record.payloads import Stored
from tests.make import make_estimate


def form(**changes: Any) -> Stored:
    """Return a stored form of an estimate. `point` is missing unless given."""
    fields: Stored = public_fields(make_estimate(**{"point": None} | changes))
    return fields


JOURNEYS: dict[str, Any] = {
    "counts": "departures",
    "period": "2022-06",
    "point": 21,
    "quantifier": "exact",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"point": 6_000, "quantifier": "about"}, "about 6,000"),
        ({"point": 11_490, "quantifier": "official"}, "11,490"),
        ({"low": 20_000, "quantifier": "more-than"}, "more than 20,000"),
        ({"high": 80_000, "quantifier": "up-to"}, "up to 80,000"),
        ({"low": 2_000, "high": 5_000, "quantifier": "range"}, "2,000–5,000"),
        ({"low": 2_000, "high": 5_000, "quantifier": "about"}, "about 2,000–5,000"),
        (
            {"low": 2_000, "point": 3_000, "high": 5_000, "quantifier": "range"},
            "3,000 (2,000–5,000)",
        ),
        ({"low": 100, "quantifier": "about"}, "at least 100"),
        ({"quantifier": "words", "printed_words": "scores of"}, "“scores of”"),
        ({"quantifier": "words", "population_text": "some students"}, "no number given"),
        ({"point": 24_000, "quantifier": "nearly"}, "nearly 24,000"),
        ({"low": 2_000, "high": 10_000, "quantifier": "more-than"}, "2,000 to more than 10,000"),
        ({"low": 200, "high": 900, "quantifier": "fewer-than"}, "200 to fewer than 900"),
    ],
)
def test_amount_keeps_quantifier_and_precision(changes: dict[str, Any], words: str) -> None:
    assert amount(form(**changes)) == words == quantity(form(**changes))


RATIO = {"form": "percent-change", "unit": "ratio", "period": "2018", "quantifier": "range"}
MONEY = {"counts": "money", "unit": "krw", "per": "month", "period": "2018"}
VISAS = {"counts": "papers", "unit": "visas", "per": "year", "quantifier": "range"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"form": "share", "unit": "ratio", "point": 0.4, "quantifier": "about"},
            "about 40 per cent",
        ),
        ({"form": "change", "point": -18_533, "quantifier": "exact", "period": "2018"}, "−18,533"),
        (
            {**RATIO, "low": 0.1, "high": 0.2},
            "+10 to +20 per cent",
        ),
        (
            {**MONEY, "point": 900_000, "quantifier": "nearly"},
            "nearly 900,000 South Korean won a month",
        ),
        (
            {"form": "mean", "point": 89_050, "quantifier": "exact", "period": "2012/2015"},
            "89,050 on average",
        ),
        ({**VISAS, "low": 12_000, "high": 15_000}, "12,000–15,000 visas a year"),
        ({**JOURNEYS, "unit": "flights", "point": 1}, "1 journey"),
        ({"population": "injured", "point": 7}, "7 injured or ill"),
        ({**JOURNEYS, "unit": "flights", "population_text": "charter flights"}, "21 flights"),
    ],
)
def test_quantity_names_form_unit_and_rate(changes: dict[str, Any], words: str) -> None:
    assert quantity(form(**changes)) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "People present"),
        ({"counts": "arrivals", "nature": "planned", "period": "2018"}, "Arrivals, planned"),
        ({"form": "change", "period": "2018"}, "People present, change"),
    ],
)
def test_measure_names_nature_other_than_observed(changes: dict[str, Any], words: str) -> None:
    assert measure_in_words(form(point=5, **changes)) == words
