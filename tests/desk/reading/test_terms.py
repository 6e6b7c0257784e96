"""Papers, sectors and groups."""

from app.desk.reading.marks import Sentence
from app.desk.reading.terms import TermProposer

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


def test_word_that_is_broader_than_the_code_of_its_concept_is_left_out() -> None:
    row = {"concept": "seafarer", "en": "seaman|crew", "ko": "", "zh": "", "ja": "", "ru": ""}
    assert terms_in("a seaman of the crew", TermProposer([row])) == ["group:seafarers"]


def test_concept_without_a_code_is_no_term() -> None:
    row = {"concept": "bridge", "en": "bridge", "ko": "", "zh": "", "ja": "", "ru": ""}
    assert terms_in("at the bridge", TermProposer([row])) == []


def test_ending_of_a_russian_word_is_open_but_not_its_stem() -> None:
    row = {"concept": "restaurant-staff", "en": "", "ko": "", "zh": "", "ja": "", "ru": "официант"}
    proposer = TermProposer([row])
    for words, codes in (("официанты", ["group:restaurant-staff"]), ("официально", [])):
        found = proposer.propose(Sentence(0, words, "ru"), [])
        assert [mark.value for mark in found] == codes
