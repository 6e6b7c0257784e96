"""Concepts are found by other forms of their words, but not by words with the same stem."""

import pytest

from app.record.words.thesaurus import Concept, make_thesaurus

THESAURUS = make_thesaurus(
    [
        Concept("permit", "Permit", ("permit", "authorization")),
        Concept("rest-day", "Rest day", ("day off", "휴일")),
        Concept("unemployment", "Unemployment", ("out of work", "idle")),
        Concept("employer", "Employer", ("employer", "sponsor")),
        Concept("close", "Close", ("close", "closure")),
    ],
    [(("place", "dandong"), ["Dandong", "단둥"])],
)


def concept_of(words: str) -> list[str]:
    meaning = THESAURUS.of_words(words)
    return [each.code for each in meaning.concepts] if meaning else []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("permits", "permit"),
        ("authorizations", "permit"),
        ("days off", "rest-day"),
        ("out of work", "unemployment"),
        ("employers", "employer"),
        ("closed", "close"),
        ("closing", "close"),
    ],
)
def test_other_form_of_a_word_finds_concept(words: str, code: str) -> None:
    assert concept_of(words) == [code]


@pytest.mark.parametrize("words", ["authorities", "days", "work", "employ", "their permits"])
def test_word_of_the_same_stem_finds_no_concept(words: str) -> None:
    assert concept_of(words) == []


def test_name_is_found_without_small_words_around() -> None:
    meaning = THESAURUS.of_words("Dandong")
    assert meaning and meaning.terms == {("place", "dandong")}
    assert THESAURUS.of_words("in Dandong") is None
