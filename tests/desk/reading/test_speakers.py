"""Speakers, by the verb of saying."""

import pytest

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language, Reason, Sentence
from app.desk.reading.speakers import SpeakerProposer


@pytest.mark.parametrize(
    ("language", "text", "words", "attribution"),
    [
        ("en", "They left, said Kim, a trader.", "Kim, a trader", "anonymous-source"),
        ("en", "The owner, an official said, has left.", "an official", "anonymous-official"),
        ("en", "According to a UN panel, none left.", "a UN panel", "un-panel"),
        (
            "en",
            "However, another source, who sells cloth in the city, gave a different account.",
            "another source, who sells cloth in the city",
            "anonymous-source",
        ),
        ("en", "The paper said more would come.", "The paper", "other-outlet"),
        (
            "ru",
            "«Они уехали», — пояснил собеседник издания.",
            "собеседник издания",
            "anonymous-source",
        ),
        (
            "ko",
            "반면 한 건설업체 관계자는 더 온다고 말했다.",
            "한 건설업체 관계자",
            "anonymous-source",
        ),
        ("ko", "브로커는 돈을 요구한다고 한 노동자가 말했다.", "한 노동자", "resident"),
        ("ko", "국정원은 노동자가 줄었다고 밝혔다.", "국정원", "intelligence"),
        ("zh", "据一名商人透露,工人已离开。", "一名商人", "anonymous-source"),
        ("zh", "专家估计人数不多。", "专家", "expert"),
        ("ja", "帰国したと、現地の消息筋が明かした。", "現地の消息筋", "anonymous-source"),
        ("ru", "По словам чиновника, рабочие уехали.", "чиновника", "anonymous-official"),
        (
            "en",
            "It was dismissed by the foreign ministry.",
            "the foreign ministry",
            "government-statement",
        ),
        ("ko", "이는 외교부 당국자에 의해 확인됐다.", "외교부 당국자", "anonymous-official"),
        ("zh", "该消息被厂方否认。", "厂方", "company"),
        ("ja", "情報は外務省に否定された。", "外務省", "government-statement"),
        (
            "ru",
            "Это было подтверждено двумя чиновниками.",
            "двумя чиновниками",
            "anonymous-official",
        ),
        ("ru", "«Они уехали», — сказал житель города.", "житель города", "resident"),
    ],
)
def test_speaker_is_marked_with_who_says_it(
    language: Language, text: str, words: str, attribution: str
) -> None:
    marks = SpeakerProposer().propose(Sentence(0, text, language), [])
    assert [(text[mark.start : mark.end], mark.value) for mark in marks] == [(words, attribution)]


def test_what_is_said_is_no_speaker() -> None:
    text = "The newspaper, citing several sources, said most of the workers are women."
    marks = SpeakerProposer().propose(Sentence(0, text, "en"), [])
    assert [text[mark.start : mark.end] for mark in marks] == ["several sources"]


def test_who_told_others_what_to_do_is_no_speaker_beside_who_says_so() -> None:
    text = "According to a trader, the consulate had told the firms to send them home."
    marks = SpeakerProposer().propose(Sentence(0, text, "en"), [])
    assert [text[mark.start : mark.end] for mark in marks] == ["a trader"]


def test_who_does_something_else_is_no_speaker() -> None:
    text = "Police arrested the broker in the city."
    assert [*SpeakerProposer().propose(Sentence(0, text, "en"), [])] == []


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "We met a trader. “Forty left,” he said.", "he"),
        ("ko", "무역업자 박모 씨를 만났다. 그는 “40명이 떠났다”고 말했다.", "그"),
        ("zh", "记者采访了一名商人。他说,工人已离开。", "他"),
        ("ja", "貿易業者に聞いた。彼は「帰った」と語った。", "彼"),
        ("ru", "Мы встретили торговца. «Уехали», — сказал он.", "он"),
    ],
)
def test_speaker_of_the_sentence_before_is_carried(
    language: Language, text: str, words: str
) -> None:
    reading = read_article(text, language, None, [SpeakerProposer()])
    mark = reading.marks[-1][-1]
    assert (text[mark.start : mark.end], mark.value) == (words, "anonymous-source")
    assert mark.reason is Reason.CARRIED_SPEAKER


def test_pronoun_without_anybody_before_it_is_no_speaker() -> None:
    reading = read_article("It rained. “They left,” he said.", "en", None, [SpeakerProposer()])
    assert [*reading.marks[-1]] == []
