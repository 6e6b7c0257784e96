"""Words in Korean, Japanese and Russian, numbers, and names in other letters."""

from collections.abc import Sequence

from app.record.words.korean import base_forms, noun_of_verb
from app.record.words.nearest import Lexicon
from app.record.words.query import parse, read_number, set_apart
from app.record.words.stems import word_forms
from app.record.words.thesaurus import Concept, Thesaurus, make_thesaurus
from tests.support.tables import differing


class Names:
    thesaurus: Thesaurus = make_thesaurus(
        [
            Concept("border-closure", "Border closure", ("국경 봉쇄", "国境封鎖")),
            Concept("lockdown", "Lockdown", ("봉쇄",)),
            Concept("return-home", "Return home", ("귀국", "돌아가다")),
            Concept("departure", "Departure", ("출국", "떠나다", "离开")),
            Concept("exit-ban", "Exit ban", ("출국 금지",)),
            Concept("closure", "Closure", ("문 닫다", "닫다")),
            Concept("worker", "Worker", ("노동자", "労働者")),
        ],
        [(("place", "china"), ["China", "중국", "中国"])],
    )

    @staticmethod
    def named(_words: str) -> Sequence[tuple[str, str]]:
        return ()


def read(query: str) -> list[tuple[str, str]]:
    return [(part.words, part.concept) for part in parse(query, Names()).parts]


def test_idea_is_found_in_other_forms() -> None:
    expected = {
        "국경이 봉쇄되어": [("국경이 봉쇄되어", "Border closure")],
        "봉쇄되었다": [("봉쇄되었다", "Lockdown")],
        "귀국했다": [("귀국했다", "Return home")],
        "출국을 금지": [("출국을 금지", "Exit ban")],
        "国境封鎖の労働者": [("国境封鎖", "Border closure"), ("労働者", "Worker")],
    }

    assert differing(read, expected) == {}


def test_word_that_ends_like_a_particle_is_read_as_typed_first() -> None:
    assert base_forms("중국인")[0] == "중국인" and base_forms("Dandong") == ["Dandong"]
    assert noun_of_verb("대한민국") == noun_of_verb("북한") == noun_of_verb("노동자") == ""


def test_number_takes_its_counting_word() -> None:
    numbers = {
        "12만 명": (120_000, 2),
        "9만 4천 명": (94_000, 3),
        "2만 여 명": (20_000, 1),
        "500명이": (500, 1),
        "6,000": (6_000, 1),
        "6천": (6_000, 1),
        "4万签证": None,
        "3,000 人": (3_000, 2),
    }
    assert differing(lambda words: read_number(words.split()), numbers) == {}


def test_date_in_a_text_without_spaces_is_set_apart() -> None:
    expected = {
        "6月底前离开中国": "6月 离开中国",
        "2019年12月丹東": "2019年12月 丹東",
        "2024년 1월 허룽": "2024년 1월 허룽",
        "6월 말 귀국": "6월 귀국",
        "11月": "11月",
        '"6月底前离开"': '"6月底前离开"',
        "6000月": "6000月",
    }
    assert differing(set_apart, expected) == {}


def test_past_tense_of_verb_has_the_forms_of_its_infinitive() -> None:
    infinitives = {
        "вернулись домой": "вернуться домой",
        "вернулась домой": "вернуться домой",
        "закрыли границу": "закрыть границу",
        "погибнул": "погибнуть",
    }
    for typed, term in infinitives.items():
        assert word_forms(typed) == word_forms(term)


def test_name_in_other_letters_is_read_as_the_name_on_record() -> None:
    words = ["kamchatka", "shchelkovo", "nampo", "рабочие"]
    lexicon = Lexicon(words, [1] * len(words))
    read_as = {
        "Камчатка": ["kamchatka"],
        "Камчатке": ["kamchatka"],
        "Щёлково": ["shchelkovo"],
        "남포": ["nampo"],
        # A particle is no wrong letter of a name, and a word of the record is read as itself.
        "남포는": [],
        "рабочие": [],
    }
    assert differing(lambda typed: lexicon.nearest(typed)[:1], read_as) == {}
