"""A whole and the sum of its sectors (rule 6)."""

from typing import Any

import pytest

from app.forms import EstimateForm
from app.record.rules import sums
from tests.make import make_citation, make_estimate, make_link, make_term

WIDER = {"garments": {"garments", "manufacturing"}}


def part(number: int, sector: str, source: int = 1, **changes: Any) -> EstimateForm:
    values: dict[str, Any] = {
        "terms": [make_term(), make_term("sector", sector, scope="restricts")],
        "citations": [make_citation(500 + number, source, kind="number")],
    }
    return make_estimate(number, **values | changes)


def found(whole: EstimateForm, *others: EstimateForm) -> list[tuple[list[str], Any, Any]]:
    return [
        (
            [each.id for each in one.parts],
            (one.total.low, one.total.high),
            (one.difference.low, one.difference.high),
        )
        for one in sums.sums(whole, others, lambda code: WIDER.get(code, {code}))
    ]


@pytest.mark.parametrize(
    ("whole", "one", "total", "difference"),
    [
        ({"point": 2_000}, {"point": 700}, (1_000, 1_000), (1_000, 1_000)),
        ({"point": 900}, {"point": 700}, (1_000, 1_000), (-100, -100)),
        ({"point": 1_000}, {"point": 700}, (1_000, 1_000), (0, 0)),
        (
            {"point": 2_000},
            {"point": None, "low": 500, "high": 700, "quantifier": "range"},
            (800, 1_000),
            (1_000, 1_200),
        ),
        (
            {"point": 2_000},
            {"point": None, "low": 700, "quantifier": "more-than"},
            (1_000, None),
            (None, 1_000),
        ),
        (
            {"point": None, "high": 2_000, "quantifier": "up-to"},
            {"point": 700},
            (1_000, 1_000),
            (None, 1_000),
        ),
    ],
    ids=str,
)
def test_sum_of_sectors_and_difference(
    whole: dict[str, Any], one: dict[str, Any], total: object, difference: object
) -> None:
    parts = part(2, "seafood", **one), part(3, "garments", point=300)
    assert found(make_estimate(**whole), *parts) == [(["M2", "M3"], total, difference)]


@pytest.mark.parametrize(
    "changes",
    [
        {"terms": [make_term(code="place-2"), make_term("sector", "seafood")]},
        {"terms": [make_term(), make_term("sector", "seafood", scope="describes")]},
        {"as_of": "2018-06"},
        {"population": "nationals"},
        {"nature": "planned", "period": "2019-06"},
        {"quantifier": "words", "point": None, "printed_words": "scores"},
        {"role": "rejected", "role_reason": "because"},
    ],
    ids=str,
)
def test_other_estimates_are_not_added(changes: dict[str, Any]) -> None:
    assert found(make_estimate(), part(2, "seafood", **changes)) == []


def test_sectors_of_different_sources_are_not_added() -> None:
    parts = part(2, "seafood"), part(3, "garments", source=2)
    assert [ids for ids, *_ in found(make_estimate(), *parts)] == [["M2"], ["M3"]]


def test_sector_within_another_is_not_added_to_it() -> None:
    assert found(make_estimate(), part(2, "manufacturing"), part(3, "garments")) == []
    assert found(make_estimate(), part(2, "garments"), part(3, "garments")) == []


def test_estimate_is_compared_with_what_it_is_the_sum_of() -> None:
    links = [make_link("M2", "sum-of"), make_link("M3", "sum-of", 2)]
    whole = make_estimate(links=links, point=None, low=500, quantifier="more-than")
    parts = make_estimate(2, point=252), make_estimate(3, point=250)
    assert found(whole, *parts) == [(["M2", "M3"], (502, 502), (-2, None))]
    assert found(whole, parts[0]) == [], "a sum with an unknown part must not be given"
