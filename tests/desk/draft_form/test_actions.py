"""Buttons add, remove and move rows without losing what was typed."""

from typing import Any

from app.desk.draft_form.fields import run_action
from app.documents import document_of, flatten
from app.kinds import EventForm
from tests.make import make_citation, make_event, make_stage, make_step
from tests.support.tables import failing

CITATIONS = [
    make_citation(n, paraphrase=f"Said {n}.", chain=[make_step(), make_step("resident")])
    for n in (1, 2)
]
PLAN = make_stage("planned", "2019-03-27")
EVENT = make_event(happened="", citations=CITATIONS, stages=[PLAN])


def test_button_changes_the_document_and_focuses_on_a_box() -> None:
    def pressed(line: str, paths: tuple[str, ...]) -> tuple[str, ...]:
        document = document_of(EVENT)
        changed, focus = run_action(EventForm, document, line)
        assert document == document_of(EVENT), "changed in place"
        texts = dict(flatten(EventForm, changed))
        return focus, *(texts.get(path, "none") for path in paths)

    said = tuple(f"citations.{n}.paraphrase" for n in range(4))
    steps = tuple(f"citations.2.chain.{n}.attribution" for n in range(2))
    cases = [
        ("add citations", said, ("citations.2.source", "Said 1.", "Said 2.", "", "none")),
        # An added citation has one empty row for its speaker.
        ("add citations", steps, ("citations.2.source", "", "none")),
        (
            "add citations.1.chain ",
            ("citations.1.chain.2.attribution",),
            ("citations.1.chain.2.attribution", ""),
        ),
        ("add terms paper", ("terms.1.key", "terms.1.role"), ("terms.1.code", "paper", "target")),
        ("remove citations.0", said[:2], ("citations.0.source", "Said 2.", "none")),
        ("remove terms.0", ("terms.0.key",), ("", "none")),
        ("set citations.0.said 2019-04", ("citations.0.said",), ("citations.0.said", "2019-04")),
    ]
    assert failing(cases, pressed) == []


def test_unknown_action_changes_nothing() -> None:
    lines = (
        *("", "save", "add", "add nothing", "add title"),
        *("add citations.9.chain", "add citations.0.said"),
        *("remove citations.9", "remove citations", "remove title.0"),
        *("set nothing x", "set citations x", "set citations.0.row x", "set citations.0.chain x"),
        "set citations.99999999999.said x",
    )
    document: Any = document_of(EVENT)
    for line in lines:
        assert run_action(EventForm, document, line) == (document, ""), line
