"""Marks of a text: computed in a worker process, with names of drafts; problems lose nothing."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.report_settings import ReportText
from app.desk.identity.models import Person
from app.desk.reading.text import MarkKind
from app.desk.reports import texts
from app.kinds import Name, PlaceForm
from app.settings import Settings
from tests import tasks

TEXT = (
    "Officials said on Monday that about 300 workers had left Newtown.\n"
    "A trader said they went home on 15 March."
)


def keep(db: Session, settings: Settings, by: Person, words: str = TEXT, **what: Any) -> ReportText:
    return texts.store(db, settings, by, "S7", **{"language": "en", "text": words} | what)


def mark(db: Session, by: Person, kept: ReportText, published: str = "2019-03-19") -> bool:
    return texts.mark_text(db, Catalogue(db, by), kept, published)


def found(kept: ReportText) -> set[tuple[str, str, str]]:
    reading = texts.stored_reading(kept)
    return {
        (mark.kind.value, kept.text[mark.start : mark.end], mark.value)
        for _sentence, marks in reading
        for mark in marks
    }


def test_marks_have_names_of_drafts_and_days_from_publication(
    db: Session, world: Settings, amal: Person
) -> None:
    name = documents.blank_row(Name, text="Newtown", language="en")
    place = documents.blank(PlaceForm, code="newtown", kind="city", names=[name])
    draft = drafts.begin(db, amal, "k", "P", document=place)
    document = {**draft.document, "parent": "province-2"}
    drafts.save(db, draft, drafts.PostedDraft(document, 0, "s"), amal)
    kept = keep(db, world, amal)

    assert mark(db, amal, kept)

    marks = found(kept)
    assert {("place", "Newtown", "newtown")} <= marks
    assert {value for kind, _words, value in marks if kind == "date"} == {
        "2019-03-18",
        "2019-03-15",
    }
    figure = next(
        mark.figure
        for _sentence, marks in texts.stored_reading(kept)
        for mark in marks
        if mark.kind is MarkKind.ESTIMATE
    )
    assert figure is not None and (figure.quantifier, figure.low) == ("about", 300)
    sentences = texts.stored_reading(kept)
    assert [sentence.text[:8] for sentence, _marks in sentences] == ["Official", "A trader"]


def test_task_over_its_limit_is_named_and_text_stays(
    db: Session, world: Settings, amal: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A task that ends could be done before its time is over, however short that is.
    monkeypatch.setattr(texts, "MAX_SECONDS", 0.1)
    monkeypatch.setattr(texts, "read_in_worker", tasks.read_for_ever)
    kept = keep(db, world, amal)

    assert not mark(db, amal, kept)

    assert "took too long" in texts.problem_in_words(kept)
    assert kept.text == TEXT


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (("x " * texts.MAX_MARKED_CHARACTERS, "en"), "too long to mark"),
        (("Một văn bản.", "vi"), "English, Korean"),
    ],
)
def test_text_that_gets_no_marks_says_why(
    db: Session, world: Settings, amal: Person, text: tuple[str, str], problem: str
) -> None:
    kept = keep(db, world, amal, text[0], language=text[1])

    assert not mark(db, amal, kept)

    assert problem in texts.problem_in_words(kept)
    assert [*texts.stored_reading(kept)] == []


def test_translation_is_marked_where_the_text_can_not_be(
    db: Session, world: Settings, amal: Person
) -> None:
    kept = keep(db, world, amal, "Một văn bản.", language="vi", translation=TEXT)
    assert mark(db, amal, kept)
    assert "about 300 workers" in [
        TEXT[mark.start : mark.end]
        for _sentence, marks in texts.stored_reading(kept)
        for mark in marks
    ]
