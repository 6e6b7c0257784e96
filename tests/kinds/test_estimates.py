"""What an estimate must say: values, changes, currencies and populations without a number."""

from typing import Any

import pytest
from babel.numbers import get_territory_currencies
from pydantic import ValidationError

from app.kinds import EstimateForm
from app.vocabulary.estimates import Population, Unit
from tests.make import make_estimate, make_term

NOBODY: dict[str, Any] = {"population": "", "population_text": "stays", "as_of": ""}
MONEY: dict[str, Any] = {"counts": "money", "population": "things", "period": "2019"}
PERCENT: dict[str, Any] = {"form": "percent-change", "unit": "ratio", "period": "2019"}


def test_currency_in_use_is_a_unit() -> None:
    for country in ("CN", "KP", "RU", "KW", "PL", "MN", "BD", "AO", "SN", "JP"):
        for code in get_territory_currencies(country):
            unit = make_estimate(unit=code, **MONEY).unit
            assert unit.label and unit in {code.lower(), "yuan"}
    assert make_estimate(unit="CNY", **MONEY).unit is Unit.YUAN
    assert "cny" not in Unit.by_code()
    for wrong in ("xxx", "zzz", "won", "$"):
        with pytest.raises(ValidationError, match="unit"):
            make_estimate(unit=wrong, **MONEY)


ACCEPTED: list[dict[str, Any]] = [
    {**PERCENT, "point": "-0.3"},
    {**PERCENT, "point": "2.5"},
    {**PERCENT, "point": None, "low": "-0.3", "high": "-0.2", "quantifier": "range"},
    {**PERCENT, "point": None, "low": "-0.8", "high": 0, "quantifier": "range"},
    {"quantifier": "nearly"},
    {"point": None, "low": 2_000, "high": 10_000, "quantifier": "more-than"},
    {"point": None, "quantifier": "words", "printed_words": "scores"},
    {
        "point": None,
        "quantifier": "words",
        "population": "students",
        "population_text": "students among them",
    },
    {"terms": [make_term(), make_term("sector", "seafood", scope="describes")]},
    {"form": "share", "unit": "ratio", "point": "0.3", "share_of": "all who left"},
    {"nature": "threshold", "point": None, "low": 53, "quantifier": "at-least"},
    {**MONEY, "period": "", "as_of": "2019-06", "nature": "limit", "unit": "usd"},
    {**MONEY, "period": "", "as_of": "", "nature": "limit", "unit": "usd"},
    {"counts": "arrivals", "nature": "planned", "as_of": "2019-06-15"},
    {"counts": "arrivals", "as_of": "2022-06-17", "point": 7_067},
    {"counts": "departures", "as_of": "2022-06-17"},
    {"counts": "crossings", "unit": "entries", "as_of": "2022-06-17"},
    {"counts": "taking-part", "as_of": "2022-06-17", "point": 7_067},
    {"counts": "taking-part", "period": "2022-06/2022-09-30"},
    {"counts": "places", "unit": "districts", "population": "things"},
    {"counts": "applications", "as_of": "2015-06", "point": 288_466},
    {"counts": "applications", "period": "2014-06/2015-06"},
    {**NOBODY, "counts": "time", "unit": "months", "period": "2019"},
    {**NOBODY, "counts": "money", "unit": "usd", "period": "2019"},
    {**NOBODY, "nature": "threshold", "counts": "taking-part", "quantifier": "at-least"}
    | {"point": None, "low": 53},
    {**NOBODY, "nature": "minimum", "quantifier": "at-least", "point": None, "low": 10},
    {**MONEY, "period": "", "as_of": "", "nature": "minimum", "unit": "usd"}
    | {"quantifier": "more-than", "point": None, "low": 400},
    {**NOBODY, "counts": "age", "unit": "years", "nature": "threshold"}
    | {"quantifier": "fewer-than", "point": None, "high": 30},
    {**NOBODY, "counts": "age", "unit": "years", "period": "2019", "event": "E1"}
    | {"population_text": ""},
    {"inferred": "year", "inferred_reason": "The page is of 2019."},
]
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({**PERCENT, "unit": "people", "point": "-0.3"}, "the unit “share” is for"),
    ({"unit": "ratio", "point": "0.3"}, "the unit “share” is for"),
    (
        {**PERCENT, "point": None, "high": "-0.8", "quantifier": "up-to"},
        "a fall of up to 80 per cent is from −0.8 to 0",
    ),
    (
        {**PERCENT, "point": None, "low": "-0.8", "quantifier": "at-least"},
        "a fall of up to 80 per cent is from −0.8 to 0",
    ),
    (
        {**PERCENT, "point": None, "low": "-0.2", "high": "-0.3", "quantifier": "range"},
        "in rising order",
    ),
    ({"form": "share", "unit": "ratio", "point": "1.3"}, "between 0 and 1"),
    ({"form": "share", "unit": "ratio", "point": "-0.3"}, "only a change may be below zero"),
    ({"point": None, "high": 24_000, "quantifier": "nearly"}, "nearly: enter the number"),
    ({"point": None, "quantifier": "words"}, "or “Population, in words”"),
    ({"population": ""}, "population"),
    ({"population": "nobody"}, "choose another “Population”"),
    (
        {**NOBODY, "counts": "time", "unit": "days", "population_text": ""},
        "enter what it is about",
    ),
    ({**NOBODY, "counts": "age", "unit": "people"}, "an age has the unit"),
    ({"papers_were": "revoked"}, "leave “Permits were” empty"),
    ({"share_of": "all who left"}, "only for a share"),
    ({"nature": "threshold"}, "a threshold is reported as"),
    ({"nature": "minimum"}, "a minimum is reported as"),
    ({"nature": "minimum", "point": None, "high": 9, "quantifier": "up-to"}, "a minimum is"),
    (
        {**MONEY, "unit": "usd", "period": "", "as_of": "2019"},
        "has no “As of”: enter the date under “Period”",
    ),
    ({"inferred": "year"}, "needs “As of” or “Period”"),
    (
        {"as_of": "", "inferred": "year", "inferred_reason": "By the page."},
        "needs “As of” or “Period”",
    ),
]


def test_values_are_accepted_or_refused() -> None:
    for values in ACCEPTED:
        assert isinstance(make_estimate(**values), EstimateForm), values
    for values, words in REFUSED:
        with pytest.raises(ValidationError, match=words):
            make_estimate(**values)


def test_only_people_have_a_scope() -> None:
    assert make_term("nationality", "kp", scope="mostly").scope == "mostly"
    with pytest.raises(ValidationError, match="only a nationality, a sector or a group"):
        make_term("paper", "student", scope="restricts")


def test_nobody_is_counted_where_no_population_is_given() -> None:
    values = {**NOBODY, "counts": "time", "unit": "months", "period": "2019"}
    assert make_estimate(**values).population is Population.NOBODY
    assert make_estimate(**values | {"population": "workers"}).population is Population.WORKERS
