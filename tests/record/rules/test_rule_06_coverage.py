"""Whether an estimate is for the whole of its population at its place (rule 6)."""

from typing import Any

import pytest

from app.kinds import EstimateForm
from app.record.derivation.facts import EstimateFacts
from app.record.derivation.rows import public_fields
from app.site.components.headcounts import nationalities
from tests.make import a_context, make_estimate, make_link, make_place, make_term
from tests.support.tables import differing

PLACES = (
    make_place(1),
    make_place(2),
    make_place(3, "plant", kind="site", parent="place-1"),
)
GROUP = {"population": "one-group", "population_text": "of one plant"}
CHANGE: dict[str, Any] = {"form": "change", "point": -3_600}
FLOW: dict[str, Any] = {"counts": "arrivals", "period": "2019-06"}


def facts(estimate: EstimateForm, *others: EstimateForm) -> EstimateFacts:
    return EstimateFacts(estimate, a_context(*PLACES, estimate, *others))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "whole"),
        ({"population": "nationals"}, "whole"),
        ({"population": "students"}, "part"),
        ({"population": "overstayers"}, "part"),
        ({"population": "permit-holders"}, "part"),
        ({"population": "stranded"}, "part"),
        ({"population": "detained"}, "part"),
        (GROUP, "part"),
        ({"terms": [make_term(), make_term("nationality", "kp")]}, "whole"),
        ({"terms": [make_term(), make_term("sector", "seafood")]}, "part"),
        ({"terms": [make_term(), make_term("sector", "seafood", scope="restricts")]}, "part"),
        ({"terms": [make_term(), make_term("sector", "seafood", scope="describes")]}, "whole"),
        ({"terms": [make_term(), make_term("sector", "seafood", role="exempt")]}, "whole"),
        ({"terms": [make_term(), make_term("group", "women")]}, "part"),
        ({"terms": [make_term(), make_term("group", "women", scope="describes")]}, "whole"),
        ({"terms": [make_term(), make_term("paper", "student")]}, "part"),
        ({"terms": [make_term(code="plant")]}, "part"),
        ({"coverage": "part"}, "part"),
        ({**GROUP, "coverage": "whole"}, "whole"),
        (FLOW, None),
        (
            {"nature": "threshold", "quantifier": "at-least", "point": None, "low": 53}
            | {"population": "nobody", "population_text": "a district is listed"},
            None,
        ),
        ({**GROUP, **CHANGE}, None),
        (CHANGE, None),
        ({**CHANGE, "coverage": "part"}, "part"),
        ({"form": "percent-change", "unit": "ratio", "point": "-0.3"}, None),
        ({"form": "share", "unit": "ratio", "point": "0.235"}, None),
        ({"form": "mean", "period": "2019"}, "whole"),
        ({"terms": [make_term(), make_term("nationality", "kp", scope="mostly")]}, "whole"),
        ({"terms": [make_term(), make_term("sector", "seafood", scope="mostly")]}, "whole"),
        ({**FLOW, "coverage": "part"}, "part"),
        (
            {
                "counts": "sites",
                "unit": "businesses",
                "population": "things",
                "terms": [make_term(), make_term("paper", "student")],
            },
            "whole",
        ),
    ],
    ids=str,
)
def test_fields_show_whole_or_part(values: dict[str, Any], expected: str | None) -> None:
    assert facts(make_estimate(**values)).coverage == expected


def test_part_of_an_estimate_of_the_same_place_is_a_part() -> None:
    expected = {
        ("part-of", "place-1"): "part",
        ("share-of", "place-1"): "part",
        ("part-of", "place-2"): "whole",
        ("remainder-of", "place-1"): "whole",
        ("compared-with", "place-1"): "whole",
    }

    def found(type_: str, place: str) -> object:
        whole = make_estimate(2, terms=[make_term(code=place)])
        return facts(make_estimate(links=[make_link("M2", type_)]), whole).coverage

    assert differing(found, expected) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ["place-1"]),
        ({"terms": [make_term(role="lived")]}, ["place-1"]),
        ({"terms": [make_term(), make_term(code="place-2", role="from")]}, ["place-1"]),
        ({"terms": [make_term(), make_term(code="place-2")]}, []),
        ({"terms": [make_term(role="from")]}, []),
        ({"coverage": "part"}, []),
        ({"per": "site"}, []),
        ({"form": "share", "unit": "ratio", "point": "0.5"}, []),
        ({"nature": "planned", "period": "2019"}, []),
        (FLOW, []),
        ({"population": "students", "coverage": "whole"}, []),
    ],
    ids=str,
)
def test_headcount_is_for_the_whole_of_one_place(
    values: dict[str, Any], expected: list[str]
) -> None:
    assert facts(make_estimate(**values)).whole_at == expected


def test_marked_conflict_is_told_at_both_ends() -> None:
    """A conflict by the rule is not among them."""
    marked = make_estimate(2, links=[make_link("M1", "conflicts-with", reason="Too many.")])
    one = make_estimate(population="nationals")
    assert facts(one, marked).marked_conflicts == ["M2"]
    assert facts(marked, one).marked_conflicts == ["M1"]
    assert facts(one, make_estimate(2)).marked_conflicts == []


def test_part_is_not_compared_with_a_whole_of_the_same_fields() -> None:
    whole = make_estimate(2, point=9_001)
    part = make_estimate(links=[make_link("M2", "part-of")])
    other = make_estimate(3, point=5_001)
    found = facts(part, whole, other)
    assert found.series == conflicts_series(other), "the fields of the part are those of the other"
    assert not any(found.rivals.values())


def conflicts_series(estimate: EstimateForm) -> str:
    return facts(estimate).series


def test_only_a_nationality_that_restricts_has_a_headline() -> None:
    expected = {
        "": ("kp",),
        "restricts": ("kp",),
        "mostly": (),
        "describes": (),
    }

    def found(scope: str) -> object:
        term = make_term("nationality", "kp", scope=scope or None)
        form = make_estimate(terms=[make_term(), term])
        assert facts(form).covered("nationality") == {"kp"}
        return nationalities(public_fields(form))

    assert differing(found, expected) == {}
