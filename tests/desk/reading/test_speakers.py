"""Speakers, by the verb of saying."""

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language, Reason, Sentence
from app.desk.reading.speakers import SpeakerProposer
from tests.support.reading_gold import differences, table


def speakers_in(text: str, language: Language) -> str:
    marks = SpeakerProposer().propose(Sentence(0, text, language), [])
    return "; ".join(f"{text[mark.start : mark.end]} = {mark.value}" for mark in marks)


def test_speaker_is_marked_with_who_says_it() -> None:
    assert differences(speakers_in, table("saying")) == {}


def carried_in(text: str, language: Language) -> str:
    """Return the words of the last mark if it carries the speaker before it."""
    reading = read_article(text, language, None, [SpeakerProposer()])
    return " ".join(
        text[mark.start : mark.end] if mark.value == "anonymous-source" else mark.value
        for mark in reading.marks[-1][-1:]
        if mark.reason is Reason.CARRIED_SPEAKER
    )


def test_speaker_of_the_sentence_before_is_carried() -> None:
    speakers = {
        "We met a trader. “Forty left,” he said.": "he",
        "무역업자 박모 씨를 만났다. 그는 “40명이 떠났다”고 말했다.": "그",
        "记者采访了一名商人。他说,工人已离开。": "他",
        "貿易業者に聞いた。彼は「帰った」と語った。": "彼",
        "Мы встретили торговца. «Уехали», — сказал он.": "он",
    }
    assert differences(carried_in, speakers) == {}


def test_pronoun_without_anybody_before_it_is_no_speaker() -> None:
    reading = read_article("It rained. “They left,” he said.", "en", None, [SpeakerProposer()])
    assert [*reading.marks[-1]] == []
