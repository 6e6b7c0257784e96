"""Papers, sectors and groups."""

from app.desk.reading.marks import Sentence
from app.desk.reading.terms import TermProposer
from app.desk.reading.thesaurus import thesaurus_rows

THESAURUS = [{"concept": "work-visa", "en": "labour visa", "ko": "", "zh": "", "ja": "", "ru": ""}]


def terms_in(text: str, proposer: TermProposer) -> list[str]:
    return [mark.value for mark in proposer.propose(Sentence(0, text, "en"), [])]


def test_longest_word_decides() -> None:
    assert terms_in("a one-month visa for restaurant staff", TermProposer()) == [
        "paper:one-month-visa",
        "group:restaurant-staff",
    ]


def test_thesaurus_adds_words_for_concepts_with_a_code() -> None:
    assert terms_in("labour visas", TermProposer()) == []
    assert terms_in("labour visas", TermProposer(THESAURUS)) == ["paper:work-visa"]


def test_words_of_a_concept_are_taken_from_its_definition() -> None:
    rows = [
        *thesaurus_rows([("seafarer", "en: seafarer | crew; ko: 선원"), ("bridge", "en: bridge")])
    ]
    assert rows == [
        {"concept": "seafarer", "en": "seafarer", "ko": "선원", "zh": "", "ja": "", "ru": ""}
    ]
