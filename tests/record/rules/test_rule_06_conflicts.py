"""Comparable, conflicting and differing estimates (rule 6)."""

import inspect
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import EstimateForm
from app.record.rules import conflicts
from app.site import estimates as estimate
from app.site.export.columns import ESTIMATE
from app.vocabulary.estimates import Rivalry
from tests.make import (
    make_citation,
    make_estimate,
    make_link,
    make_outlet,
    make_source,
    make_step,
    terms,
)
from tests.support.tables import differing

RELAYED = [make_step("other-outlet", outlet="outlet-1")]
OUTLETS = {f"outlet-{n}": make_outlet(n) for n in (1, 2)}
SOURCES = {"S1": make_source(1), "S2": make_source(2, outlet="outlet-2")}


def rival(**changes: Any) -> EstimateForm:
    """Return an estimate of another newspaper that conflicts with the default one."""
    values: dict[str, Any] = {"point": 2_003, "citations": [make_citation(402, 2, kind="number")]}
    return make_estimate(2, **values | changes)


def number(text: str) -> dict[str, Any]:
    """Return the values of `about 1200`, `up-to ..500` or `range 2000..3000..5000`."""
    quantifier, _, values = text.partition(" ")
    numbers = [each or None for each in values.split("..")]
    if len(numbers) == 1:
        return {"quantifier": quantifier, "point": values}
    low, *point, high = numbers
    return {
        "quantifier": quantifier,
        "low": low,
        "point": point[0] if point else None,
        "high": high,
    }


def verdict(one: EstimateForm, other: EstimateForm) -> str:
    found = conflicts.compare(one, [one, other], SOURCES, OUTLETS)
    back = conflicts.compare(other, [one, other], SOURCES, OUTLETS)
    assert [bool(ids) for ids in found] == [bool(ids) for ids in back], (
        "both directions of the comparison must find the same conflicts"
    )
    return "conflict" if found[0] else "differs" if found[1] else "none"


FLOW: dict[str, Any] = {"as_of": "", "period": "2019-06"}
SITES: dict[str, Any] = {"counts": "sites", "unit": "businesses", "population": "things"}


def test_estimates_of_one_series_are_compared() -> None:
    assert conflicts.compare(make_estimate(), [rival()], SOURCES, OUTLETS) == (["M2"], [])
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "conflict"),
        # Other places and people, other counts, and what only a code says.
        *(
            ({"terms": terms(text)}, "none")
            for text in (
                "place place-2",
                "place; place place-2",
                "place (role=lived)",
                "place; nationality kp",
                "place; paper student",
                "place; sector seafood",
                "place; sector seafood (scope=restricts)",
            )
        ),
        ({"coverage": "part", "population_text": "at several plants"}, "none"),
        ({"counts": "arrivals", **FLOW}, "none"),
        ({"nature": "planned", **FLOW}, "none"),
        (SITES, "none"),
        ({"unit": "permits"}, "none"),
        ({"per": "site"}, "none"),
        ({"form": "share", "unit": "ratio", "point": "0.5"}, "none"),
        ({"population": "nationals"}, "none"),
        ({"population": "one-group", "population_text": "of one plant"}, "none"),
        # Words, actors, pictures and descriptions change no series.
        ({"population_text": "North Korean workers"}, "conflict"),
        ({"terms": terms("place (printed=the border city)")}, "conflict"),
        ({"remark": "Doubtful."}, "conflict"),
        *(
            ({"terms": terms(f"place; {text}")}, "conflict")
            for text in (
                "actor (printed=a ministry)",
                "place place-2 (role=shown-only)",
                "sector seafood (scope=describes)",
                "group women (scope=describes)",
                "nationality kp (scope=mostly)",
                "nationality kp (scope=describes)",
            )
        ),
        # An estimate that was superseded or rejected, and those of one source or linked by editors.
        ({"role": "superseded", "role_reason": "because"}, "none"),
        ({"role": "rejected", "role_reason": "because"}, "none"),
        ({"role": "preferred", "role_reason": "because"}, "conflict"),
        ({"citations": [make_citation(402, 1, kind="number")]}, "none"),
        ({"citations": [make_citation(402, 2, kind="number", chain=RELAYED)]}, "none"),
        *(
            ({"links": [make_link("M1", type_)]}, "none")
            for type_ in ("part-of", "sum-of", "corrects", "revises", "compared-with", "rounds")
        ),
        ({"links": [make_link("M1", "repeats")]}, "none"),
        ({"links": [make_link("M1", "alters")]}, "none"),
    ]
    for changes, expected in cases:
        assert verdict(make_estimate(), rival(**changes)) == expected, changes


def test_words_or_event_tell_apart_what_no_code_does() -> None:
    permits: dict[str, Any] = {"counts": "papers", "unit": "permits", "population": "things"}
    permits |= FLOW
    group: dict[str, Any] = {"population": "one-group", "population_text": "Workers of one plant"}
    part: dict[str, Any] = {"coverage": "part", "population_text": "Workers sent"}
    stay: dict[str, Any] = {"counts": "time", "unit": "days", "population": "nobody", **FLOW}
    stay["population_text"] = "Stays"
    of_event = {**stay, "population_text": "", "event": "E1"}
    for one, changes, expected in (
        (permits, {}, "conflict"),
        (permits, {"papers_were": "issued"}, "none"),
        ({**permits, "papers_were": "issued"}, {}, "conflict"),
        ({**permits, "papers_were": "issued"}, {"papers_were": "revoked"}, "none"),
        (stay, {}, "conflict"),
        (stay, {"population_text": "contracts"}, "none"),
        (of_event, {}, "conflict"),
        (of_event, {"event": "E2"}, "none"),
        (group, {}, "conflict"),
        (group, {"population_text": "workers of another"}, "none"),
        (part, {}, "conflict"),
        (part, {"population_text": "at some plants"}, "none"),
    ):
        assert verdict(make_estimate(**one), rival(**one | changes)) == expected, (one, changes)


def test_bounds_of_each_quantifier() -> None:
    allowed = {
        "exact 1203": (1203, 1203),
        "exact 1200": (1200, 1200),  # printed as exact
        "official 1200": (1200, 1200),
        "about 1200": (1150, 1250),
        "about 6000": (5500, 6500),
        "about 1203": (Decimal("1202.5"), Decimal("1203.5")),
        "about 0": (Decimal("-0.5"), Decimal("0.5")),
        "nearly 24000": (23_500, 24_000),
        "more-than 2000..9000": (2000, None),
        "more-than 500..": (500, None),
        "at-least 500..": (500, None),
        "up-to ..500": (None, 500),
        "range 2000..5000": (2000, 5000),
        "range 2000..3000..5000": (2000, 5000),
        "about 2000..3000..": (2000, None),
    }

    def found(values: dict[str, Any]) -> object:
        bounds = conflicts.allowed_values(make_estimate(**values))
        return bounds and (bounds.low, bounds.high)

    assert differing(lambda text: found(number(text)), allowed) == {}
    change = {"form": "percent-change", "unit": "ratio"}
    assert found(number("nearly -0.3") | change) == (Decimal("-0.3"), Decimal("-0.25"))


def test_roundness_is_value_of_last_nonzero_digit() -> None:
    worth = {"1200": 100, "1203": 1, "6000": 1000, "0.25": Decimal("0.01"), "0": 1, "-300": 100}
    assert differing(lambda number: conflicts.last_digit_value(Decimal(number)), worth) == {}


def test_bounds_exclude_each_other() -> None:
    verdicts = {
        ("about 1200", "about 1250"): "none",
        ("about 1200", "exact 1250"): "none",
        ("about 1200", "exact 1251"): "conflict",
        ("more-than 500..", "exact 501"): "none",
        ("more-than 500..", "exact 500"): "conflict",
        ("at-least 500..", "exact 500"): "none",
        ("fewer-than ..500", "exact 500"): "conflict",
        ("up-to ..500", "exact 500"): "none",
        ("up-to ..500", "more-than 500.."): "conflict",
        ("nearly 1200", "exact 1200"): "conflict",
        ("nearly 1200", "exact 1199"): "none",
        ("nearly 1200", "exact 1149"): "conflict",
    }

    def found(one: str, other: str) -> str:
        return verdict(make_estimate(**number(one)), rival(**number(other)))

    assert differing(found, verdicts) == {}
    in_words = make_estimate(quantifier="words", point=None, printed_words="scores")
    assert verdict(in_words, rival(point=9_001)) == "none"


def test_times_at_which_estimates_are_compared() -> None:
    stocks = {
        ("2019-06", "2019-06"): "conflict",
        ("2019-06", "2019-06-15"): "conflict",
        ("2019", "2019-12-31"): "conflict",
        ("[2019-01-01,2019-12-31]", "2019-06"): "none",
        ("[2019-01-01,2019-12-31]", "2019-10"): "differs",
        ("2019-06-30", "2019-07-01"): "differs",
        ("2019-01-01", "2019-04-03"): "differs",  # 92 days
        ("2019-01-01", "2019-04-04"): "none",  # 93 days
        ("2019-06", ""): "none",
        ("", ""): "none",
    }
    flows = {
        ("2019", "2019"): "conflict",
        ("2019-06", "2019"): "none",
        ("2019-06", "2019-07"): "none",
        ("", ""): "none",
    }
    by_day = ("2022-06-17", "2022-06-17")
    for values, times, expected in (
        ({}, "as_of", stocks),
        ({"counts": "arrivals", "as_of": ""}, "period", flows),
        (SITES, "as_of", {("2019-06", "2019-06"): "conflict", ("2019-06", "2019-07"): "none"}),
        # Totals of movements by a day may have begun on different days.
        ({"counts": "arrivals"}, "as_of", {by_day: "none"}),
        ({"counts": "departures"}, "as_of", {by_day: "none"}),
        ({"counts": "arrivals", "nature": "planned"}, "as_of", {by_day: "conflict"}),
        ({"counts": "taking-part"}, "as_of", {by_day: "conflict"}),
    ):

        def found(one: str, other: str, key: str = times, values: Any = values) -> str:
            return verdict(make_estimate(**values | {key: one}), rival(**values | {key: other}))

        assert differing(found, expected) == {}


def test_editors_mark_a_conflict_that_the_rule_does_not_find() -> None:
    marked = make_link("M1", "conflicts-with", reason="One is part of the other.")
    for changes, expected in (
        ({"population": "nationals"}, "conflict"),
        ({"as_of": "1999"}, "conflict"),
        ({"point": 1_203}, "conflict"),
        ({"role": "rejected", "role_reason": "because"}, "none"),
    ):
        assert verdict(make_estimate(), rival(links=[marked], **changes)) == expected, changes
    with pytest.raises(ValidationError, match="give the reason"):
        make_link("M1", "conflicts-with")


def test_texts_give_the_distance_of_stocks_that_are_compared() -> None:
    distance = f"up to {conflicts.MAX_STOCK_DISTANCE.days} days apart"
    assert distance in Rivalry.DIFFERS.definition
    assert any(distance in column.description for column in ESTIMATE)
    assert distance in inspect.getsource(estimate)
