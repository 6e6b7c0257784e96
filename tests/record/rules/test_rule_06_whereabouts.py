"""Where the people of an estimate are, seen from a place that it names (rule 6)."""

import pytest

from app.record.derivation.facts import EstimateFacts
from app.record.rules.whereabouts import whereabouts
from app.vocabulary.estimates import Counts
from tests.make import a_context, make_estimate, make_place, make_term


@pytest.mark.parametrize(
    ("counts", "roles", "expected"),
    [
        ("present", ["at"], "here"),
        ("present", ["lived"], "here"),
        ("present", ["gathered"], "here"),
        ("present", ["from"], "from"),
        ("present", ["to"], "to"),
        ("present", ["via"], "through"),
        ("present", ["from", "to"], "from"),
        ("present", ["at", "from"], "here"),
        ("present", ["shown-only"], "here"),
        ("present", [], "here"),
        ("arrivals", ["to"], "here"),
        ("arrivals", ["at"], "here"),
        ("arrivals", ["from"], "from"),
        ("arrivals", ["via"], "through"),
        ("departures", ["from"], "here"),
        ("departures", ["to"], "to"),
        ("papers", ["from"], "here"),
        ("crossings", ["to"], "here"),
        ("taking-part", ["from"], "here"),
    ],
)
def test_role_of_a_place_tells_where_people_are(
    counts: str, roles: list[str], expected: str
) -> None:
    assert whereabouts(Counts(counts), roles) == expected


def test_place_elsewhere_has_a_term() -> None:
    terms = [make_term(role="from"), make_term(code="place-2")]
    form = make_estimate(terms=terms)
    facts = EstimateFacts(form, a_context(make_place(1), make_place(2), form))
    assert ("elsewhere", "place-1") in facts.references
    assert ("elsewhere", "place-2") not in facts.references
