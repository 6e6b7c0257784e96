"""Citations of terms, the answer on nationality, and copies of sources (rule 17)."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.kinds import Copy, SourceForm
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_source,
    make_term,
)

KP = {"key": "nationality", "code": "kp"}


def copy(id: str = "", **changes: Any) -> Copy:
    return Copy(**{"id": id, "host_kind": "own", "extent": "full"} | changes)


@pytest.mark.parametrize("make", [make_event, make_estimate])
def test_terms_rest_on_citations_of_their_record(make: Any) -> None:
    make(terms=[make_term(), make_term(**KP, citation="C1")], citations=[make_citation(1)])
    with pytest.raises(ValidationError, match="cites C9, which is no citation here"):
        make(terms=[make_term(), make_term(**KP, citation="C9")], citations=[make_citation(1)])


def test_reason_for_no_nationality_is_refused_beside_one() -> None:
    for reason in ("not-stated", "any", None):
        make_event(no_nationality=reason)
    with pytest.raises(ValidationError, match="a nationality is named, and “No nationality”"):
        make_event(terms=[make_term(), make_term(**KP)], no_nationality="any")


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        (["", ""], ["1", "2"]),
        (["2", "1"], ["2", "1"]),
        (["1", "3", ""], ["1", "3", "4"]),
        (["2", ""], ["2", "3"]),
        (["", "1"], ["2", "1"]),
    ],
)
def test_copies_without_number_get_free_ones(given: list[str], numbers: list[str]) -> None:
    form = make_source(copies=[copy(id) for id in given])
    assert [each.id for each in form.copies] == numbers
    assert SourceForm.model_validate(form.model_dump()) == form, "numbers stay as they are"


def test_two_copies_with_one_number_are_refused() -> None:
    with pytest.raises(ValidationError, match="two copies have the same number"):
        make_source(copies=[copy("1"), copy("1")])
