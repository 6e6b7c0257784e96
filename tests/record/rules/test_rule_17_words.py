"""What is named in words only, and what is exempt (rule 17)."""

from typing import Any

from app.kinds import Term
from app.record.derivation.facts import EventFacts
from app.record.filters import EventFilters
from app.record.names.directory import Directory
from app.site.presenters.event import exempt_labels
from tests.make import a_context, a_small_world, make_code, make_event, make_term

CODES = [make_code("workers", "group"), make_code("registered", "group", group="workers")]


def paper(code: str = "", role: str = "target", printed: str = "") -> Term:
    return make_term("paper", code, role, printed=printed)


def terms_of(*terms: Term) -> set[tuple[str, str]]:
    event = make_event(terms=[make_term(), *terms])
    facts = EventFacts(event, a_context(*a_small_world(), *CODES, event))
    keys = [key for key in EventFilters.terms() if key.key in {"paper", "exempt", "group"}]
    return {(key.key, code) for key in keys for code in key.codes(facts)}


NONE = {("paper", "none"), ("exempt", "none"), ("group", "none")}


def test_words_without_a_code_are_found_apart_from_none() -> None:
    words, student = paper(printed="签证"), paper("student")
    for terms, key, codes in (
        ([], "paper", "none"),
        ([words], "paper", "in-words"),
        ([student], "paper", "student"),
        ([student, words], "paper", "student in-words"),
        ([paper(role="exempt", printed="some passes")], "exempt", "in-words"),
        # Exempting registered workers does not exempt workers; covering them covers workers.
        ([make_term("group", "registered", "exempt")], "exempt", "group:registered"),
        ([make_term("group", "registered")], "group", "registered workers"),
    ):
        found = {(key, code) for code in codes.split()}
        assert terms_of(*terms) == {each for each in NONE if each[0] != key} | found


def test_retired_code_still_finds_what_its_successor_exempts() -> None:
    old = make_code("pupil", "paper", successor="student")
    event = make_event(terms=[make_term(), paper("student", "exempt")])
    facts = EventFacts(event, a_context(*a_small_world(), old, event))
    assert facts.exempt == {"paper:student", "paper:pupil"}


def test_exempt_part_is_named_once_with_its_words() -> None:
    directory = Directory.of([make_code("lmia", "paper", label="Lmia")])

    def exempt(code: str, printed: str = "", role: str = "exempt") -> Any:
        named = {"code": code, "printed": printed}
        return {name: text for name, text in named.items() if text} | {"key": "paper", "role": role}

    for terms, labels in (
        ([exempt("lmia"), exempt("lmia")], ["Lmia"]),
        (
            [exempt("lmia", role="target"), exempt("lmia", "those handed in before")],
            ["Lmia (“those handed in before”)"],
        ),
        (
            [exempt("lmia", "handed in"), exempt("lmia", "at the median wage")],
            ["Lmia (“handed in”)", "Lmia (“at the median wage”)"],
        ),
        ([exempt("lmia", "EIMT")], ["Lmia"]),
        ([exempt("", "some passes")], ["“some passes”"]),
    ):
        assert exempt_labels(terms, directory) == labels


def test_value_for_words_has_a_label_and_is_valid() -> None:
    directory = Directory.of([])
    keys = {key.vocabulary: key for key in EventFilters.terms()}
    for vocabulary in ("paper", "group", "sector", "nationality", "exempt"):
        assert directory.knows(keys[vocabulary], "in-words"), vocabulary
        assert directory.label(vocabulary, "in-words") == "Described in words only"


def test_exempt_code_without_its_list_gets_the_only_one() -> None:
    directory = Directory.of([*CODES, make_code("workers", "sector")])
    for query, included, excluded in (
        (("exempt", "registered"), "group:registered", ""),
        (("not_exempt", "registered"), "", "group:registered"),
        (("exempt", "group:registered"), "group:registered", ""),
        # One of several lists, or of none, can't be known.
        (("exempt", "workers"), "workers", ""),
        (("exempt", "nobody"), "nobody", ""),
        (("exempt", "none"), "none", ""),
        (("exempt", "in-words"), "in-words", ""),
    ):
        filters = directory.led_on(EventFilters.from_pairs([query])[0])
        assert "".join(filters["exempt"]) == included, query
        assert "".join(filters.excluded.get("exempt", ())) == excluded, query
    assert directory.label("exempt", "nobody") == "nobody", "no chip is empty"
