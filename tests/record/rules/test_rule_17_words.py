"""What is named in words only, and what is exempt (rule 17)."""

from typing import Any

import pytest

from app.forms import Term
from app.record.derivation.facts import EventFacts
from app.record.filters import EventFilters
from app.record.names.directory import Directory
from app.site.components.event_card import exempt_labels
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


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ([], NONE),
        ([paper(printed="签证")], NONE - {("paper", "none")} | {("paper", "in-words")}),
        ([paper("student")], NONE - {("paper", "none")} | {("paper", "student")}),
        (
            [paper("student"), paper(printed="签证")],
            NONE - {("paper", "none")} | {("paper", "student"), ("paper", "in-words")},
        ),
        (
            [paper(role="exempt", printed="some passes")],
            NONE - {("exempt", "none")} | {("exempt", "in-words")},
        ),
        (
            # Exempting registered workers does not exempt workers; covering them covers workers.
            [make_term("group", "registered", "exempt")],
            NONE - {("exempt", "none")} | {("exempt", "group:registered")},
        ),
        (
            [make_term("group", "registered")],
            NONE - {("group", "none")} | {("group", "registered"), ("group", "workers")},
        ),
    ],
)
def test_words_without_a_code_are_found_apart_from_none(
    terms: list[Term], found: set[tuple[str, str]]
) -> None:
    assert terms_of(*terms) == found


def test_retired_code_still_finds_what_its_successor_exempts() -> None:
    old = make_code("pupil", "paper", successor="student")
    event = make_event(terms=[make_term(), paper("student", "exempt")])
    facts = EventFacts(event, a_context(*a_small_world(), old, event))
    assert facts.exempt == {"paper:student", "paper:pupil"}


@pytest.mark.parametrize(
    ("terms", "labels"),
    [
        ([("lmia", "exempt", ""), ("lmia", "exempt", "")], ["Lmia"]),
        (
            [("lmia", "target", ""), ("lmia", "exempt", "those handed in before")],
            ["Lmia (“those handed in before”)"],
        ),
        (
            [("lmia", "exempt", "handed in"), ("lmia", "exempt", "at the median wage")],
            ["Lmia (“handed in”)", "Lmia (“at the median wage”)"],
        ),
        ([("lmia", "exempt", "EIMT")], ["Lmia"]),
        ([("", "exempt", "some passes")], ["“some passes”"]),
    ],
)
def test_exempt_part_is_named_once_with_its_words(
    terms: list[tuple[str, str, str]], labels: list[str]
) -> None:
    lmia = make_code("lmia", "paper", label="Lmia")
    stored: list[Any] = [
        {name: text for name, text in (("code", code), ("printed", words)) if text}
        | {"key": "paper", "role": role}
        for code, role, words in terms
    ]
    assert exempt_labels(stored, Directory.of([lmia])) == labels


@pytest.mark.parametrize("vocabulary", ["paper", "group", "sector", "nationality", "exempt"])
def test_value_for_words_has_a_label_and_is_valid(vocabulary: str) -> None:
    directory = Directory.of([])
    key = next(key for key in EventFilters.terms() if key.vocabulary == vocabulary)
    assert directory.knows(key, "in-words")
    assert directory.label(vocabulary, "in-words") == "Described in words only"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ([("exempt", "registered")], (("group:registered",), ())),
        ([("not_exempt", "registered")], ((), ("group:registered",))),
        ([("exempt", "group:registered")], (("group:registered",), ())),
        # One of several lists, or of none, can't be known.
        ([("exempt", "workers")], (("workers",), ())),
        ([("exempt", "nobody")], (("nobody",), ())),
        ([("exempt", "none")], (("none",), ())),
        ([("exempt", "in-words")], (("in-words",), ())),
    ],
)
def test_exempt_code_without_its_list_gets_the_only_one(
    query: list[tuple[str, str]], found: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    directory = Directory.of([*CODES, make_code("workers", "sector")])
    filters = directory.led_on(EventFilters.from_pairs(query)[0])
    assert (filters["exempt"], filters.excluded.get("exempt", ())) == found
    assert directory.label("exempt", "nobody") == "nobody", "no chip is empty"
