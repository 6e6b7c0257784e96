"""Comparable, conflicting and differing estimates (rule 6)."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import EstimateForm
from app.record.rules import conflicts
from app.site.export.columns import ESTIMATE
from app.vocabulary.estimates import Rivalry
from tests.make import (
    fields,
    make_estimate,
    make_link,
    make_outlet,
    make_source,
)
from tests.support.tables import differing

OUTLETS = {f"outlet-{n}": make_outlet(n) for n in (1, 2)}
SOURCES = {"S1": make_source(1), "S2": make_source(2, outlet="outlet-2")}


OTHER = "point=2003"
"""An estimate of another newspaper that conflicts with the default one."""


def one(values: str = "", **changes: Any) -> EstimateForm:
    return make_estimate(**fields(values) | changes)


def rival(values: str = OTHER, **changes: Any) -> EstimateForm:
    return make_estimate(2, **{"citations": "S2 (kind=number)"} | fields(values) | changes)


def number(text: str) -> str:
    """Return the values of `about 1200`, `up-to ..500` or `range 2000..3000..5000`."""
    quantifier, _, values = text.partition(" ")
    low, *point, high = [each or "-" for each in values.split("..")] * (1 + (".." not in values))
    if ".." not in values:
        return f"quantifier={quantifier}, point={values}"
    return f"quantifier={quantifier}, low={low}, point={point[0] if point else '-'}, high={high}"


def verdict(one: EstimateForm, other: EstimateForm) -> str:
    found = conflicts.compare(one, [one, other], SOURCES, OUTLETS)
    back = conflicts.compare(other, [one, other], SOURCES, OUTLETS)
    assert [bool(ids) for ids in found] == [bool(ids) for ids in back], (
        "both directions of the comparison must find the same conflicts"
    )
    return "conflict" if found[0] else "differs" if found[1] else "none"


FLOW = "as_of=, period=2019-06"
SITES = "counts=sites, unit=businesses, population=things"


def test_estimates_of_one_series_are_compared() -> None:
    assert conflicts.compare(make_estimate(), [rival()], SOURCES, OUTLETS) == (["M2"], [])
    alike = [
        "point=2003",
        # Words and descriptions change no series.
        "population_text=North Korean workers",
        "remark=Doubtful.",
        "role=preferred, role_reason=because",
    ]
    others = [
        "coverage=part, population_text=at several plants",
        f"counts=arrivals, {FLOW}",
        f"nature=planned, {FLOW}",
        SITES,
        "unit=permits",
        "per=site",
        "form=share, unit=ratio, point=0.5",
        "population=nationals",
        "population=one-group, population_text=of one plant",
        # An estimate that was superseded or rejected, and those of one source.
        "role=superseded, role_reason=because",
        "role=rejected, role_reason=because",
        "citations=S1 (kind=number)",
        "citations=S2 (kind=number) via outlet-1",
    ]
    expected = dict.fromkeys(alike, "conflict") | dict.fromkeys(others, "none")
    found = differing(lambda values: verdict(one(), rival(f"{OTHER}, {values}")), expected)
    assert found == {}
    of_terms = {
        # Other places and people.
        "place place-2": "none",
        "place; place place-2": "none",
        "place (role=lived)": "none",
        "place; nationality kp": "none",
        "place; paper student": "none",
        "place; sector seafood": "none",
        "place; sector seafood (scope=restricts)": "none",
        # Words, actors, pictures and descriptions.
        "place (printed=the border city)": "conflict",
        "place; actor (printed=a ministry)": "conflict",
        "place; place place-2 (role=shown-only)": "conflict",
        "place; sector seafood (scope=describes)": "conflict",
        "place; group women (scope=describes)": "conflict",
        "place; nationality kp (scope=mostly)": "conflict",
        "place; nationality kp (scope=describes)": "conflict",
    }
    assert differing(lambda terms: verdict(one(), rival(terms=terms)), of_terms) == {}
    linked = [
        "part-of",
        "sum-of",
        "corrects",
        "revises",
        "compared-with",
        "rounds",
        "repeats",
        "alters",
    ]
    assert {verdict(one(), rival(links=f"M1 {type_}")) for type_ in linked} == {"none"}


def test_words_or_event_tell_apart_what_no_code_does() -> None:
    permits = f"counts=papers, unit=permits, population=things, {FLOW}"
    group = "population=one-group, population_text=Workers of one plant"
    part = "coverage=part, population_text=Workers sent"
    stay = f"counts=time, unit=days, population=nobody, {FLOW}"
    expected = {
        (permits, ""): "conflict",
        (permits, "papers_were=issued"): "none",
        (f"{permits}, papers_were=issued", ""): "conflict",
        (f"{permits}, papers_were=issued", "papers_were=revoked"): "none",
        (f"{stay}, population_text=Stays", ""): "conflict",
        (f"{stay}, population_text=Stays", "population_text=contracts"): "none",
        (f"{stay}, event=E1", ""): "conflict",
        (f"{stay}, event=E1", "event=E2"): "none",
        (group, ""): "conflict",
        (group, "population_text=workers of another"): "none",
        (part, ""): "conflict",
        (part, "population_text=at some plants"): "none",
    }

    def found(values: str, changes: str) -> str:
        both = ", ".join(filter(None, (OTHER, values, changes)))
        return verdict(one(values), rival(both))

    assert differing(found, expected) == {}


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

    def found(values: str, more: str = "") -> object:
        bounds = conflicts.allowed_values(one(number(values) + more))
        return bounds and (bounds.low, bounds.high)

    assert differing(found, allowed) == {}
    change = found("nearly -0.3", ", form=percent-change, unit=ratio")
    assert change == (Decimal("-0.3"), Decimal("-0.25"))


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

    def found(first: str, other: str) -> str:
        return verdict(one(number(first)), rival(number(other)))

    assert differing(found, verdicts) == {}
    in_words = one("quantifier=words, point=-, printed_words=scores")
    assert verdict(in_words, rival("point=9001")) == "none"


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
        ("", "as_of", stocks),
        ("counts=arrivals, as_of=", "period", flows),
        (SITES, "as_of", {("2019-06", "2019-06"): "conflict", ("2019-06", "2019-07"): "none"}),
        # Totals of movements by a day may have begun on different days.
        ("counts=arrivals", "as_of", {by_day: "none"}),
        ("counts=departures", "as_of", {by_day: "none"}),
        ("counts=arrivals, nature=planned", "as_of", {by_day: "conflict"}),
        ("counts=taking-part", "as_of", {by_day: "conflict"}),
    ):

        def found(first: str, other: str, key: str = times, values: str = values) -> str:
            both = ", ".join(filter(None, (OTHER, values)))
            return verdict(one(values, **{key: first}), rival(both, **{key: other}))

        assert differing(found, expected) == {}


def test_editors_mark_a_conflict_that_the_rule_does_not_find() -> None:
    expected = {
        "point=2003, population=nationals": "conflict",
        "point=2003, as_of=1999": "conflict",
        "point=1203": "conflict",
        "point=2003, role=rejected, role_reason=because": "none",
    }
    marked = "M1 conflicts-with (reason=One is part of the other.)"
    found = differing(lambda values: verdict(one(), rival(values, links=marked)), expected)
    assert found == {}
    with pytest.raises(ValidationError, match="give the reason"):
        make_link("M1", "conflicts-with")


def test_codebook_gives_the_distance_of_stocks_that_are_compared() -> None:
    distance = f"up to {conflicts.MAX_STOCK_DISTANCE.days} days apart"
    assert distance in Rivalry.DIFFERS.definition
    assert any(distance in column.description for column in ESTIMATE)
