"""Verbs of the field: which tell of an event, and which do not."""

from app.desk.reading.actions import ActionProposer
from app.desk.reading.marks import Language, Sentence
from tests.support.reading_gold import differences, table


def actions_in(text: str, language: Language) -> str:
    return " ".join(
        mark.value for mark in ActionProposer().propose(Sentence(0, text, language), [])
    )


def reasons_in(text: str, language: Language) -> str:
    marks = ActionProposer().propose(Sentence(0, text, language), [])
    return " ".join(mark.reason.value for mark in marks)


def test_verb_that_tells_of_an_event_is_marked() -> None:
    assert differences(actions_in, table("actions")) == {}


def test_denied_event_is_marked_as_denied() -> None:
    assert differences(reasons_in, table("denied")) == {}
