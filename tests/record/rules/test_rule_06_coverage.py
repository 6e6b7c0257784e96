"""Whether an estimate is for the whole of its population, and where its people are (rule 6)."""

from app.kinds import EstimateForm
from app.record.derivation.facts import EstimateFacts
from app.record.derivation.rows import public_fields
from app.record.rules.containment import whereabouts
from app.site.components.headcounts import nationalities
from app.vocabulary.estimates import Counts
from tests.make import a_context, fields, make_estimate, make_link, make_place, make_term
from tests.support.tables import differing

PLACES = (
    make_place(1),
    make_place(2),
    make_place(3, "plant", kind="site", parent="place-1"),
)
GROUP = "population=one-group, population_text=of one plant"
CHANGE = "form=change, point=-3600"
FLOW = "counts=arrivals, period=2019-06"
SHARE = "form=share, unit=ratio, point=0.235"


def facts(estimate: EstimateForm, *others: EstimateForm) -> EstimateFacts:
    return EstimateFacts(estimate, a_context(*PLACES, estimate, *others))


def test_fields_show_whole_or_part() -> None:
    by_population = dict.fromkeys(
        ("students", "overstayers", "permit-holders", "stranded", "detained"), "part"
    )
    by_population["nationals"] = "whole"

    def of_population(population: str) -> object:
        return facts(make_estimate(population=population)).coverage

    assert differing(of_population, by_population) == {}
    by_terms = {
        "place": "whole",
        "place; nationality kp": "whole",
        "place; sector seafood": "part",
        "place; sector seafood (scope=restricts)": "part",
        "place; sector seafood (scope=describes)": "whole",
        "place; sector seafood (role=exempt)": "whole",
        "place; group women": "part",
        "place; group women (scope=describes)": "whole",
        "place; paper student": "part",
        "place plant": "part",
        "place; nationality kp (scope=mostly)": "whole",
        "place; sector seafood (scope=mostly)": "whole",
    }
    found = differing(lambda text: facts(make_estimate(terms=text)).coverage, by_terms)
    assert found == {}
    by_values = {
        GROUP: "part",
        "coverage=part": "part",
        f"{GROUP}, coverage=whole": "whole",
        FLOW: None,
        "nature=threshold, quantifier=at-least, point=-, low=53"
        ", population=nobody, population_text=a district is listed": None,
        f"{GROUP}, {CHANGE}": None,
        CHANGE: None,
        f"{CHANGE}, coverage=part": "part",
        "form=percent-change, unit=ratio, point=-0.3": None,
        SHARE: None,
        "form=mean, period=2019": "whole",
        f"{FLOW}, coverage=part": "part",
        "counts=sites, unit=businesses, population=things, terms=place; paper student": "whole",
    }
    found = differing(lambda text: facts(make_estimate(**fields(text))).coverage, by_values)
    assert found == {}


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


def test_headcount_is_for_the_whole_of_one_place() -> None:
    headcounts = {
        "": True,
        "terms=place (role=lived)": True,
        "terms=place; place place-2 (role=from)": True,
        "terms=place; place place-2": False,
        "terms=place (role=from)": False,
        "coverage=part": False,
        "per=site": False,
        SHARE: False,
        "nature=planned, period=2019": False,
        FLOW: False,
        "population=students, coverage=whole": False,
    }

    def is_headcount(values: str) -> bool:
        return facts(make_estimate(**fields(values))).whole_at == ["place-1"]

    assert differing(is_headcount, headcounts) == {}


def test_marked_conflict_is_told_at_both_ends() -> None:
    """A conflict by the rule is not among them."""
    marked = make_estimate(2, links="M1 conflicts-with (reason=Too many.)")
    one = make_estimate(population="nationals")
    assert facts(one, marked).marked_conflicts == ["M2"]
    assert facts(marked, one).marked_conflicts == ["M1"]
    assert facts(one, make_estimate(2)).marked_conflicts == []


def test_part_is_not_compared_with_a_whole_of_the_same_fields() -> None:
    whole, other = make_estimate(2, point=9_001), make_estimate(3, point=5_001)
    found = facts(make_estimate(links="M2 part-of"), whole, other)
    assert found.series == facts(other).series, "the fields of the part are those of the other"
    assert not any(found.rivals.values())


def test_only_a_nationality_that_restricts_has_a_headline() -> None:
    for scope, found in (("", ("kp",)), ("restricts", ("kp",)), ("mostly", ()), ("describes", ())):
        term = make_term("nationality", "kp", scope=scope or None)
        form = make_estimate(terms=[make_term(), term])
        assert facts(form).covered("nationality") == {"kp"}
        assert nationalities(public_fields(form)) == found, scope


def test_role_of_a_place_tells_where_people_are() -> None:
    expected = {
        "present at": "here",
        "present lived": "here",
        "present gathered": "here",
        "present from": "from",
        "present to": "to",
        "present via": "through",
        "present from to": "from",
        "present at from": "here",
        "present shown-only": "here",
        "present": "here",
        "arrivals to": "here",
        "arrivals at": "here",
        "arrivals from": "from",
        "arrivals via": "through",
        "departures from": "here",
        "departures to": "to",
        "papers from": "here",
        "crossings to": "here",
        "taking-part from": "here",
    }

    def found(case: str) -> str:
        counts, *roles = case.split()
        return whereabouts(Counts(counts), roles)

    assert differing(found, expected) == {}
