"""Rule 10: outlet, language, attribution and publication each mean "at least one citation", not one and the same."""

import pytest
from sqlalchemy.orm import Session

from tests.make import a_small_world, make_citation, make_event, make_source, make_step, publish_all
from tests.support.record_queries import ids


@pytest.fixture
def two_voices(desk: Session) -> Session:
    """A Korean report of March 2019, by a resident, and an English one of 2020, that relays outlet-1."""
    korean = make_source(
        3, outlet="outlet-1", language="ko", published="2019-03", published_basis="inferred"
    )
    english = make_source(4, outlet="outlet-2", language="en", published="2020")
    one = make_citation(1, 3, chain=[make_step("resident", "a resident")])
    other = make_citation(2, 4, chain=[make_step("other-outlet", outlet="outlet-1")])
    publish_all(desk, *a_small_world(), korean, english, make_event(1, citations=[one, other]))
    publish_all(desk, make_event(2, citations=[]))
    return desk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("outlet=outlet-1", True),
        ("outlet=outlet-2", True),
        ("origin=outlet-1", True),
        ("origin=outlet-2", False),
        ("lang=ko", True),
        ("attribution=resident", True),
        # No single citation is Korean and of outlet-2; the two keys are each true of one.
        ("outlet=outlet-2&lang=ko", True),
        ("attribution=resident&lang=en", True),
        ("basis=inferred&outlet=outlet-2", True),
        ("published_from=2019-03-15&published_to=2019-03-15", True),
        ("published_from=2020-06&published_to=2020-06", True),
        ("published_from=2019-04&published_to=2019-12", False),
        ("published_from=2020&lang=ko", True),
        ("not_lang=ko", False),
        ("lang=ja", False),
    ],
)
def test_a_key_is_true_where_one_citation_makes_it_true(
    two_voices: Session, query: str, found: bool
) -> None:
    assert ("E1" in ids(two_voices, query)) is found


@pytest.mark.parametrize("key", ["outlet", "origin", "lang", "attribution", "basis"])
def test_where_nothing_is_cited_the_answer_is_none(two_voices: Session, key: str) -> None:
    assert ids(two_voices, f"{key}=none") == ["E2"]


def test_who_disputes_is_among_those_who_speak(desk: Session) -> None:
    denied = make_citation(
        1, 2, stance="disputes", chain=[make_step("government-statement", "a ministry")]
    )
    publish_all(desk, *a_small_world(), make_event(1, citations=[denied]))
    assert ids(desk, "outlet=outlet-2&attribution=government-statement&corroboration=none") == [
        "E1"
    ]
