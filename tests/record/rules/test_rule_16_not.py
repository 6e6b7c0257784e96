"""`x` and `not_x` are one key, so neither reduces the counts of its own facet (rule 16)."""

import pytest
from sqlalchemy.orm import Session

from tests.make import a_small_world, make_code, make_event, make_place, make_term, publish_all
from tests.support.record_queries import counted, finder
from tests.support.tables import differing


@pytest.fixture
def papers(desk: Session) -> Session:
    """Events E1: student, E2: work, E3: both, E4: neither, in another place."""
    student, work = make_term("paper", "student"), make_term("paper", "work")
    publish_all(desk, *a_small_world(), make_code("work", "paper"), make_place(4))
    publish_all(
        desk,
        make_event(1, terms=[make_term(), student]),
        make_event(2, terms=[make_term(), work]),
        make_event(3, terms=[make_term(), student, work]),
        make_event(4, terms=[make_term(code="place-4")]),
    )
    return desk


def test_excluded_code_removes_matching_events(papers: Session) -> None:
    expected = {
        "paper=student": "E1 E3",
        "not_paper=student": "E2 E4",
        "paper=work&not_paper=student": "E2",
        "not_paper=student&not_paper=work": "E4",
        "not_paper=none": "E1 E2 E3",
        "paper=none": "E4",
        # Included and excluded counts as included.
        "paper=student&not_paper=student": "E1 E3",
    }
    find = finder(papers)
    assert differing(lambda query: " ".join(find(query)), expected) == {}
    for query in ("paper=student", "not_paper=student&not_paper=work", "paper=none"):
        assert counted(papers, query).facets["paper"] == {"student": 2, "work": 2, "none": 1}


def test_other_keys_are_counted_with_both_conditions(papers: Session) -> None:
    assert counted(papers, "paper=work&not_paper=student").facets["place"]["place-1"] == 1
    assert counted(papers, "paper=work&not_paper=student").within["paper"] == {"work": 1}
    assert counted(papers, "not_place=place-4&paper=none").total == 0
