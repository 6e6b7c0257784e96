"""Filters of outlet, language, attribution and publication match different citations (rule 10)."""

import pytest
from sqlalchemy.orm import Session

from tests.make import a_small_world, make_citation, make_event, make_source, make_step, publish_all
from tests.support.record_queries import finder, ids
from tests.support.tables import differing


@pytest.fixture
def two_voices(desk: Session) -> Session:
    """Korean report of 2019 by a resident, and English report of 2020 that repeats outlet-1."""
    korean = make_source(
        3, outlet="outlet-1", language="ko", published="2019-03", published_basis="inferred"
    )
    english = make_source(4, outlet="outlet-2", language="en", published="2020")
    one = make_citation(1, 3, chain=[make_step("resident", "a resident")])
    other = make_citation(2, 4, chain=[make_step("other-outlet", outlet="outlet-1")])
    publish_all(desk, *a_small_world(), korean, english, make_event(1, citations=[one, other]))
    publish_all(desk, make_event(2, citations=[]))
    return desk


def test_key_matches_if_one_citation_matches(two_voices: Session) -> None:
    expected = {
        "outlet=outlet-1": True,
        "outlet=outlet-2": True,
        "origin=outlet-1": True,
        "origin=outlet-2": False,
        "lang=ko": True,
        "attribution=resident": True,
        # No citation is both Korean and of outlet-2; each key matches another citation.
        "outlet=outlet-2&lang=ko": True,
        "attribution=resident&lang=en": True,
        "basis=inferred&outlet=outlet-2": True,
        "published_from=2019-03-15&published_to=2019-03-15": True,
        "published_from=2020-06&published_to=2020-06": True,
        "published_from=2019-04&published_to=2019-12": False,
        "published_from=2020&lang=ko": True,
        "not_lang=ko": False,
        "lang=ja": False,
    }
    find = finder(two_voices)
    assert differing(lambda query: "E1" in find(query), expected) == {}
    for key in ("outlet", "origin", "lang", "attribution", "basis"):
        assert find(f"{key}=none") == ["E2"]


def test_disputing_citation_counts_for_attribution(desk: Session) -> None:
    denied = make_citation(
        1, 2, stance="disputes", chain=[make_step("government-statement", "a ministry")]
    )
    publish_all(desk, *a_small_world(), make_event(1, citations=[denied]))
    assert ids(desk, "outlet=outlet-2&attribution=government-statement&corroboration=none") == [
        "E1"
    ]
