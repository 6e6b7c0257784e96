"""The number of words that one query may have, and the concepts that its words find."""

from app.record.words.query import MAX_UNITS, parse
from app.record.words.thesaurus import Concept, make_thesaurus
from tests.record.words.test_forms import Names
from tests.support.tables import differing


def size_of(query: str) -> tuple[int, bool]:
    """Return how many alternatives are searched, and whether more were typed."""
    parsed = parse(query, Names())
    return sum(len(part.words.split(" OR ")) for part in parsed.parts), parsed.is_cut


def test_query_is_cut_after_the_most_words() -> None:
    sizes = {
        " ".join(map(str, range(MAX_UNITS))): (MAX_UNITS, False),
        " ".join(map(str, range(MAX_UNITS + 1))): (MAX_UNITS, True),
        " OR ".join(f"w{number}" for number in range(40)): (MAX_UNITS, True),
        # Counted after the run is split into words.
        "中国労働者" * 20: (MAX_UNITS, True),
        "중국 노동자 " * 20: (MAX_UNITS, True),
        "https://a.example/" + "中国労働者" * 100: (1, False),
    }
    assert differing(size_of, sizes) == {}


def test_many_words_share_their_equivalents() -> None:
    class Rich(Names):
        words = tuple(f"{letter}ork" for letter in "abcdefghijklmnopqrstuvwxyz")
        thesaurus = make_thesaurus([Concept("work", "Work", words)])

    def most_units(words: int) -> int:
        return max(len(part.units) for part in parse("work " * words, Rich()).parts)

    assert differing(most_units, {1: 26, 4: 26, 8: 21, 20: 1}) == {}


def test_exact_words_are_offered_only_if_they_fit() -> None:
    assert parse("x1 x2", Names()).literal == '"x1" "x2"'
    assert parse("w" * 199, Names()).literal == ""


def test_small_word_beside_a_run_is_searched_with_it() -> None:
    class Named(Names):
        thesaurus = make_thesaurus([Concept("it", "IT worker", ("IT worker", "IT 人员", "程序员"))])

    (part,) = parse("IT workers", Named()).parts
    assert {unit.words: unit.is_literal for unit in part.units} == {
        "IT workers": True,
        "IT 人员": True,
        "程序员": False,
    }


# Concepts ----------------------------------------------------------------------------------------

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
    concepts = {
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
