"""Concepts are found by other forms of their words, but not by words with the same stem."""

from app.record.words.thesaurus import Concept, make_thesaurus
from tests.support.tables import differing

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


def test_other_form_of_a_word_finds_concept() -> None:
    concepts: dict[str, list[str]] = {
        "permits": ["permit"],
        "authorizations": ["permit"],
        "days off": ["rest-day"],
        "out of work": ["unemployment"],
        "employers": ["employer"],
        "closed": ["close"],
        "closing": ["close"],
        # Words with the same stem do not.
        "authorities": [],
        "days": [],
        "work": [],
        "employ": [],
        "their permits": [],
    }
    assert differing(concept_of, concepts) == {}


def test_name_is_found_without_small_words_around() -> None:
    meaning = THESAURUS.of_words("Dandong")
    assert meaning and meaning.terms == {("place", "dandong")}
    assert THESAURUS.of_words("in Dandong") is None
