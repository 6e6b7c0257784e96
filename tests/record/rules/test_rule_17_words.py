"""Named in words only, exempt, citations of terms, and copies of sources (rule 17)."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import Copy, SourceForm
from app.record.filters import EventFilters
from app.record.names.directory import Directory
from app.site.presenters.event import exempt_labels
from tests.make import (
    facts_of,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_source,
    terms,
)
from tests.support.tables import differing

CODES = [make_code("workers", "group"), make_code("registered", "group", group="workers")]


def test_words_without_a_code_are_found_apart_from_none() -> None:
    expected = {
        "": "",
        "; paper (printed=签证)": "paper=in-words",
        "; paper student": "paper=student",
        "; paper student; paper (printed=签证)": "paper=in-words paper=student",
        "; paper (role=exempt, printed=some passes)": "exempt=in-words",
        # Exempting registered workers does not exempt workers; covering them covers workers.
        "; group registered (role=exempt)": "exempt=group:registered",
        "; group registered": "group=registered group=workers",
    }
    keys = [key for key in EventFilters.terms() if key.key in {"paper", "exempt", "group"}]

    def found(text: str) -> str:
        facts = facts_of(make_event(terms=f"place{text}"), *CODES)
        codes = {key.key: sorted(key.codes(facts)) for key in keys}
        return " ".join(
            f"{key}={code}" for key in sorted(codes) for code in codes[key] if code != "none"
        )

    assert differing(found, expected) == {}
    without = facts_of(make_event())
    assert all({*key.codes(without)} == {"none"} for key in keys)


def test_retired_code_still_finds_what_its_successor_exempts() -> None:
    old = make_code("pupil", "paper", successor="student")
    facts = facts_of(make_event(terms="place; paper student (role=exempt)"), old)
    assert facts.exempt == {"paper:student", "paper:pupil"}


def test_exempt_term_is_named_once_with_its_words() -> None:
    directory = Directory.of([make_code("lmia", "paper", label="Lmia")])
    named = [{"code": "lmia"}, {"code": "lmia"}, {"code": "lmia", "printed": "EIMT"}]
    terms = [{"key": "paper", "role": "exempt"} | each for each in (*named, {"printed": "some"})]
    terms.append({"key": "paper", "role": "target", "code": "lmia", "printed": "all"})
    assert exempt_labels(terms, directory) == ["Lmia", "Lmia (“EIMT”)", "some"]


def test_value_for_words_has_a_label_and_is_valid() -> None:
    directory = Directory.of([])
    keys = {key.vocabulary: key for key in EventFilters.terms()}
    for vocabulary in ("paper", "group", "sector", "nationality", "exempt"):
        assert directory.knows(keys[vocabulary], "in-words"), vocabulary
        assert directory.label(vocabulary, "in-words") == "Described in words only"


def test_exempt_code_without_its_list_gets_the_only_one() -> None:
    directory = Directory.of([*CODES, make_code("workers", "sector")])
    expected = {
        ("exempt", "registered"): "exempt=group:registered",
        ("not_exempt", "registered"): "not_exempt=group:registered",
        ("exempt", "group:registered"): "exempt=group:registered",
        # One of several lists, or of none, can't be known.
        ("exempt", "workers"): "exempt=workers",
        ("exempt", "nobody"): "exempt=nobody",
        ("exempt", "none"): "exempt=none",
        ("exempt", "in-words"): "exempt=in-words",
    }

    def found(key: str, code: str) -> str:
        return directory.led_on(EventFilters.from_pairs([(key, code)])[0]).query_string()

    assert differing(found, expected) == {}
    assert directory.label("exempt", "nobody") == "nobody", "no chip is empty"


# Citations of terms, the answer on nationality, and copies of sources ----------------------------


@pytest.mark.parametrize("make", [make_event, make_estimate])
def test_terms_rest_on_citations_of_their_record(make: Any) -> None:
    cited = terms("place; nationality kp (citation=C1)")
    make(terms=cited, citations=[make_citation(1)])
    with pytest.raises(ValidationError, match="cites C1, which is no citation here"):
        make(terms=cited, citations=[make_citation(9)])


def test_reason_for_no_nationality_is_refused_beside_one() -> None:
    for reason in ("not-stated", "any", None):
        make_event(no_nationality=reason)
    with pytest.raises(ValidationError, match="a nationality is named, and “No nationality”"):
        make_event(terms="place; nationality kp", no_nationality="any")


def test_copies_without_number_get_free_ones() -> None:
    def numbered(*given: str) -> SourceForm:
        return make_source(copies=[Copy(id=id, host_kind="own", extent="full") for id in given])

    numbers = {
        ("", ""): ["1", "2"],
        ("2", "1"): ["2", "1"],
        ("1", "3", ""): ["1", "3", "4"],
        ("2", ""): ["2", "3"],
        ("", "1"): ["2", "1"],
    }

    def found(*given: str) -> list[str]:
        form = numbered(*given)
        assert SourceForm.model_validate(form.model_dump()) == form, "numbers stay as they are"
        return [each.id for each in form.copies]

    assert differing(found, numbers) == {}
    with pytest.raises(ValidationError, match="two copies have the same number"):
        numbered("1", "1")
