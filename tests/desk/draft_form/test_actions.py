"""Buttons add, remove and move rows without losing what was typed."""

import pytest

from app.desk.draft_form.actions import run_action
from app.documents import Document, document_of
from app.kinds import EventForm
from tests.make import make_citation, make_event, make_step


@pytest.fixture
def document() -> Document:
    citations = [
        make_citation(n, paraphrase=f"Said {n}.", chain=[make_step(), make_step("resident")])
        for n in (1, 2)
    ]
    return document_of(make_event(citations=citations))


def paraphrases(document: Document) -> list[str]:
    return [row["paraphrase"] for row in document["citations"]]


def test_add_appends_a_row_and_focuses_on_it(document: Document) -> None:
    changed, focus = run_action(EventForm, document, "add citations")
    assert paraphrases(changed) == ["Said 1.", "Said 2.", ""]
    assert focus == "citations.2.source"
    assert len(changed["citations"][2]["chain"]) == 1, (
        "an added citation must have one empty row for its speaker"
    )


def test_add_appends_a_step_to_one_citation(document: Document) -> None:
    changed, focus = run_action(EventForm, document, "add citations.1.chain ")
    assert [len(row["chain"]) for row in changed["citations"]] == [2, 3]
    assert focus == "citations.1.chain.2.attribution"


def test_add_presets_values_of_the_row(document: Document) -> None:
    changed, focus = run_action(EventForm, document, "add terms paper")
    assert (changed["terms"][1]["key"], changed["terms"][1]["role"]) == ("paper", "target")
    assert focus == "terms.1.code"


def test_remove_deletes_a_row_and_focuses_on_the_next(document: Document) -> None:
    changed, focus = run_action(EventForm, document, "remove citations.0")
    assert (paraphrases(changed), focus) == (["Said 2."], "citations.0.source")
    assert run_action(EventForm, changed, "remove citations.0")[1] == ""


def test_swap_moves_rows_with_their_contents(document: Document) -> None:
    changed, focus = run_action(EventForm, document, "swap citations.1 citations.0")
    assert (paraphrases(changed), focus) == (["Said 2.", "Said 1."], "citations.0.source")
    assert changed["citations"][0] == document["citations"][1]


def test_set_changes_one_field(document: Document) -> None:
    changed, focus = run_action(EventForm, document, "set citations.0.said 2019-04-21/2019-04-30")
    assert changed["citations"][0]["said"] == "2019-04-21/2019-04-30"
    assert focus == "citations.0.said"


def test_unknown_action_changes_nothing(document: Document) -> None:
    lines = (
        *("", "save", "part-of", "add", "add nothing", "add title"),
        *("add citations.9.chain", "add citations.0.said"),
        *("remove citations.9", "remove citations", "remove title.0"),
        *("swap citations.0 citations.9", "swap citations.0 terms.0"),
        "swap citations.0.chain.0 citations.1.chain.0",
        *("set nothing x", "set citations x", "set citations.0.row x", "set citations.0.chain x"),
        "set citations.99999999999.said x",
    )
    for line in lines:
        assert run_action(EventForm, document, line) == (document, ""), line


def test_actions_do_not_change_the_document_in_place(document: Document) -> None:
    before = document_of(make_event())
    for line in ("add citations", "remove terms.0", "set title x"):
        run_action(EventForm, before, line)
    assert before == document_of(make_event())
