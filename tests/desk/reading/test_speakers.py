"""Speakers, by the verb of saying."""

import pytest

from app.desk.reading.marks import Language, Sentence
from app.desk.reading.speakers import SpeakerProposer


@pytest.mark.parametrize(
    ("language", "text", "words", "attribution"),
    [
        ("en", "They left, said Kim, a trader.", "Kim, a trader", "anonymous-source"),
        ("en", "The owner, an official said, has left.", "an official", "anonymous-official"),
        ("en", "According to a UN panel, none left.", "a UN panel", "un-panel"),
        ("ko", "브로커는 돈을 요구한다고 한 노동자가 말했다.", "한 노동자", "resident"),
        ("ko", "국정원은 노동자가 줄었다고 밝혔다.", "국정원", "intelligence"),
        ("zh", "据一名商人透露,工人已离开。", "一名商人", "anonymous-source"),
        ("zh", "专家估计人数不多。", "专家", "expert"),
        ("ja", "帰国したと、現地の消息筋が明かした。", "現地の消息筋", "anonymous-source"),
        ("ru", "По словам чиновника, рабочие уехали.", "чиновника", "anonymous-official"),
        ("ru", "«Они уехали», — сказал житель города.", "житель города", "resident"),
    ],
)
def test_speaker_is_marked_with_who_says_it(
    language: Language, text: str, words: str, attribution: str
) -> None:
    marks = SpeakerProposer().propose(Sentence(0, text, language), [])
    assert [(text[mark.start : mark.end], mark.value) for mark in marks] == [(words, attribution)]


def test_who_does_something_else_is_no_speaker() -> None:
    text = "Police arrested the broker in the city."
    assert [*SpeakerProposer().propose(Sentence(0, text, "en"), [])] == []
