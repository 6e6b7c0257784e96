"""Citations to confirm again after an edit of the cited fields (rule 13)."""

from typing import Any

import pytest

from app.record.rules.disputes import citations_to_reconfirm
from tests.make import make_citation, make_event, make_link, make_term

CITATIONS = [make_citation(1), make_citation(2, 2)]


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Another title"},
        {"happened": "2019-07"},
        {"deadline": "2019-06-30"},
        {"type": "repatriation"},
        {"terms": [make_term(code="province-2")]},
        {"terms": [make_term(), make_term("paper", "student")]},
        {"terms": [make_term(), make_term("paper", "student", "exempt")]},
    ],
    ids=",".join,
)
def test_edit_of_cited_fields_lists_citations(edit: dict[str, Any]) -> None:
    assert citations_to_reconfirm(
        make_event(citations=CITATIONS), make_event(citations=CITATIONS, **edit)
    ) == ["C1", "C2"]


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"summary": "Said better."},
        {"slug": "a-name"},
        {"happened_text": "in mid-June"},
        {"links": [make_link("E2", "follows")]},
        {"note": "For the desk."},
    ],
    ids=lambda edit: ",".join(edit) or "nothing",
)
def test_other_edits_list_no_citations(edit: dict[str, Any]) -> None:
    assert (
        citations_to_reconfirm(
            make_event(citations=CITATIONS), make_event(citations=CITATIONS, **edit)
        )
        == []
    )


def test_new_and_removed_citations_are_not_listed() -> None:
    after = make_event(title="Another title", citations=[make_citation(2, 2), make_citation(3)])
    assert citations_to_reconfirm(make_event(citations=CITATIONS), after) == ["C2"]
