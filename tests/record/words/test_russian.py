"""Russian verbs, and names of the record that are typed in Cyrillic or Korean letters."""

from app.record.words.nearest import Lexicon
from app.record.words.stems import word_forms
from tests.support.tables import differing


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
