"""Russian verbs, and names of the record that are typed in Cyrillic or Korean letters."""

import pytest

from app.record.words.nearest import Lexicon
from app.record.words.stems import word_forms


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("вернулись домой", "вернуться домой"),
        ("вернулась домой", "вернуться домой"),
        ("закрыли границу", "закрыть границу"),
        ("погибнул", "погибнуть"),
    ],
)
def test_past_tense_of_verb_has_the_forms_of_its_infinitive(typed: str, term: str) -> None:
    assert word_forms(typed) == word_forms(term)


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("Камчатка", "kamchatka"),
        ("Камчатке", "kamchatka"),
        ("Щёлково", "shchelkovo"),
        ("남포", "nampo"),
        # A particle is no wrong letter of a name, and a word of the record is read as itself.
        ("남포는", None),
        ("рабочие", None),
    ],
)
def test_name_in_other_letters_is_read_as_the_name_on_record(
    typed: str, read_as: str | None
) -> None:
    words = ["kamchatka", "shchelkovo", "nampo", "рабочие"]
    assert Lexicon(words, [1] * len(words)).nearest(typed)[:1] == ([read_as] if read_as else [])
