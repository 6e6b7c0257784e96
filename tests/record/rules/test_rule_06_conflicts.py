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
    make_term,
)
from tests.support.tables import differing

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


def test_incompatible_estimates_conflict() -> None:
    assert verdict(make_estimate(), rival()) == "conflict"
    assert conflicts.compare(make_estimate(), [rival()], SOURCES, OUTLETS) == (["M2"], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"terms": [make_term(code="place-2")]},
        {"terms": [make_term(), make_term(code="place-2")]},
        {"terms": [make_term(role="lived")]},
        {"terms": [make_term(), make_term("nationality", "kp")]},
        {"terms": [make_term(), make_term("paper", "student")]},
        {"terms": [make_term(), make_term("sector", "seafood")]},
        {"terms": [make_term(), make_term("sector", "seafood", scope="restricts")]},
        {"coverage": "part", "population_text": "at several plants"},
        {"counts": "arrivals", "as_of": "", "period": "2019-06"},
        {"nature": "planned", "as_of": "", "period": "2019-06"},
        {"counts": "sites", "unit": "businesses", "population": "things"},
        {"unit": "permits"},
        {"per": "site"},
        {"form": "share", "unit": "ratio", "point": "0.5"},
        {"population": "nationals"},
        {"population": "one-group", "population_text": "of one plant"},
    ],
    ids=",".join,
)
def test_estimates_of_different_series_are_not_compared(changes: dict[str, Any]) -> None:
    assert verdict(make_estimate(), rival(**changes)) == "none"


@pytest.mark.parametrize(
    "changes",
    [
        {"population_text": "North Korean workers"},
        {"terms": [make_term(printed="the border city")]},
        {"terms": [make_term(), make_term("actor", printed="a ministry")]},
        {"terms": [make_term(), make_term(code="place-2", role="shown-only")]},
        {"remark": "Doubtful."},
        {"terms": [make_term(), make_term("sector", "seafood", scope="describes")]},
        {"terms": [make_term(), make_term("group", "women", scope="describes")]},
        {"terms": [make_term(), make_term("nationality", "kp", scope="mostly")]},
        {"terms": [make_term(), make_term("nationality", "kp", scope="describes")]},
    ],
    ids=",".join,
)
def test_other_fields_do_not_change_series(changes: dict[str, Any]) -> None:
    assert verdict(make_estimate(), rival(**changes)) == "conflict"


PERMITS: dict[str, Any] = {"counts": "papers", "unit": "permits", "population": "things"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({**PERMITS, "papers_were": "issued"}, {**PERMITS, "papers_were": "revoked"}, "none"),
        ({**PERMITS, "papers_were": "issued"}, PERMITS, "none"),
        ({**PERMITS, "papers_were": "issued"}, {**PERMITS, "papers_were": "issued"}, "conflict"),
        (PERMITS, PERMITS, "conflict"),
    ],
)
def test_papers_are_compared_with_their_like(
    one: dict[str, Any], other: dict[str, Any], expected: str
) -> None:
    time: dict[str, Any] = {"as_of": "", "period": "2017"}
    assert verdict(make_estimate(**one, **time), rival(**other, **time)) == expected


def test_lengths_of_time_are_compared_by_words_or_event() -> None:
    stay: dict[str, Any] = {"counts": "time", "unit": "days", "population": "nobody"}
    stay |= {"as_of": "", "period": "2019", "population_text": "Stays"}
    contract = {"population_text": "contracts"}
    assert verdict(make_estimate(**stay), rival(**stay)) == "conflict"
    assert verdict(make_estimate(**stay), rival(**stay | contract)) == "none"
    of_event = {**stay, "population_text": "", "event": "E1"}
    assert verdict(make_estimate(**of_event), rival(**of_event)) == "conflict"
    assert verdict(make_estimate(**of_event), rival(**of_event | {"event": "E2"})) == "none"


def test_one_group_is_compared_by_its_words() -> None:
    group: dict[str, Any] = {"population": "one-group", "population_text": "Workers of one plant"}
    assert verdict(make_estimate(**group), rival(**group)) == "conflict"
    assert (
        verdict(make_estimate(**group), rival(**group | {"population_text": "workers of another"}))
        == "none"
    )


def test_part_that_no_code_describes_is_compared_by_its_words() -> None:
    part: dict[str, Any] = {"coverage": "part", "population_text": "Workers sent"}
    assert verdict(make_estimate(**part), rival(**part)) == "conflict"
    assert (
        verdict(make_estimate(**part), rival(**part | {"population_text": "at some plants"}))
        == "none"
    )


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


@pytest.mark.parametrize(
    ("number", "worth"),
    [("1200", 100), ("1203", 1), ("6000", 1000), ("0.25", "0.01"), ("0", 1), ("-300", 100)],
)
def test_roundness_is_value_of_last_nonzero_digit(number: str, worth: object) -> None:
    assert conflicts.last_digit_value(Decimal(number)) == Decimal(str(worth))


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


def test_stocks_conflict_at_same_time_and_differ_near_it() -> None:
    expected = {
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
    assert (
        differing(
            lambda one, other: verdict(make_estimate(as_of=one), rival(as_of=other)), expected
        )
        == {}
    )


def test_flows_are_compared_only_for_equal_periods() -> None:
    expected = {
        ("2019", "2019"): "conflict",
        ("2019-06", "2019"): "none",
        ("2019-06", "2019-07"): "none",
        ("", ""): "none",
    }

    def found(one: str, other: str) -> object:
        flow: dict[str, Any] = {"counts": "arrivals", "as_of": ""}
        return verdict(make_estimate(period=one, **flow), rival(period=other, **flow))

    assert differing(found, expected) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"counts": "arrivals"}, "none"),
        ({"counts": "departures"}, "none"),
        ({"counts": "arrivals", "nature": "planned"}, "conflict"),
        ({"counts": "taking-part"}, "conflict"),
    ],
)
def test_totals_of_movements_by_a_day_are_not_compared(
    values: dict[str, Any], expected: str
) -> None:
    """They may have begun on different days."""
    by_day: dict[str, Any] = {"as_of": "2022-06-17", **values}
    assert verdict(make_estimate(**by_day), rival(**by_day)) == expected


def test_site_counts_near_in_time_do_not_differ() -> None:
    sites: dict[str, Any] = {"counts": "sites", "unit": "businesses", "population": "things"}
    assert (
        verdict(make_estimate(as_of="2019-06", **sites), rival(as_of="2019-06", **sites))
        == "conflict"
    )
    assert (
        verdict(make_estimate(as_of="2019-06", **sites), rival(as_of="2019-07", **sites)) == "none"
    )


@pytest.mark.parametrize(
    "type_",
    ["part-of", "sum-of", "corrects", "revises", "compared-with", "rounds", "repeats", "alters"],
)
def test_linked_estimates_do_not_conflict(type_: str) -> None:
    assert verdict(make_estimate(), rival(links=[make_link("M1", type_)])) == "none"


def test_estimates_of_one_source_do_not_conflict() -> None:
    assert (
        verdict(make_estimate(), rival(citations=[make_citation(402, 1, kind="number")])) == "none"
    )
    relayed = make_citation(
        402, 2, kind="number", chain=[make_step("other-outlet", outlet="outlet-1")]
    )
    assert verdict(make_estimate(), rival(citations=[relayed])) == "none"


@pytest.mark.parametrize(
    ("role", "expected"), [("superseded", "none"), ("rejected", "none"), ("preferred", "conflict")]
)
def test_superseded_or_rejected_estimate_conflicts_with_none(role: str, expected: str) -> None:
    assert verdict(make_estimate(), rival(role=role, role_reason="because")) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"population": "nationals"}, "conflict"),
        ({"as_of": "1999"}, "conflict"),
        ({"point": 1_203}, "conflict"),
        ({"role": "rejected", "role_reason": "because"}, "none"),
    ],
    ids=str,
)
def test_editors_mark_a_conflict_that_the_rule_does_not_find(
    changes: dict[str, Any], expected: str
) -> None:
    marked = make_link("M1", "conflicts-with", reason="One is part of the other.")
    assert verdict(make_estimate(), rival(links=[marked], **changes)) == expected


def test_marked_conflict_needs_a_reason() -> None:
    with pytest.raises(ValidationError, match="give the reason"):
        make_link("M1", "conflicts-with")


def test_texts_give_the_distance_of_stocks_that_are_compared() -> None:
    distance = f"up to {conflicts.MAX_STOCK_DISTANCE.days} days apart"
    assert distance in Rivalry.DIFFERS.definition
    assert any(distance in column.description for column in ESTIMATE)
    assert distance in inspect.getsource(estimate)
