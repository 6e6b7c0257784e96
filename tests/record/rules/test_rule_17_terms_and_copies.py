"""Citations of terms, the answer on nationality, and copies of sources (rule 17)."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.kinds import Copy, SourceForm
from app.record.publishing.validation import PublishError
from tests.make import (
    a_small_world,
    make_citation,
    make_estimate,
    make_event,
    make_source,
    make_term,
    publish_all,
)

KP = {"key": "nationality", "code": "kp"}


def copy(id: str = "", **changes: Any) -> Copy:
    return Copy(**{"id": id, "host_kind": "own", "extent": "full"} | changes)


@pytest.mark.parametrize("make", [make_event, make_estimate])
def test_terms_rest_on_citations_of_their_record(make: Any) -> None:
    for doubt in ({"certainty": "hedged", "citation": "C1"}, {"certainty": "asked"}):
        make(terms=[make_term(), make_term(**KP, **doubt)], citations=[make_citation(1)])
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


@pytest.mark.parametrize(
    ("named", "refused"),
    [
        ({"copy_read": "1", "also_in": ["2"]}, ""),
        ({"copy_read": "1", "missing_in": ["2", "S2"]}, ""),
        ({"missing_in": ["1"]}, ""),
        ({"also_in": ["2"]}, "name the copy that was read"),
        ({"copy_read": "1", "missing_in": ["1"]}, "each other copy once"),
        ({"copy_read": "1", "also_in": ["2"], "missing_in": ["2"]}, "each other copy once"),
        ({"missing_in": ["S1"]}, "a source can’t be missing its own statement"),
    ],
)
def test_citation_names_each_copy_once(named: dict[str, Any], refused: str) -> None:
    if refused:
        with pytest.raises(ValidationError, match=refused):
            make_citation(**named)
    else:
        make_citation(**named)


def test_copy_that_the_source_does_not_have_is_refused(desk: Session) -> None:
    source = make_source(1, copies=[copy(), copy(host_kind="republisher", host="A site")])
    publish_all(desk, *a_small_world(), source)
    for named in ({"copy_read": "3"}, {"missing_in": ["3"]}):
        with pytest.raises(PublishError, match=r"C1 names copy 3 of S1.*its copies: 1, 2"):
            publish_all(desk, make_event(citations=[make_citation(**named)]))
    read = [make_citation(copy_read="1", also_in=["2"])]
    publish_all(desk, make_event(citations=read))
    with pytest.raises(PublishError, match="C1 names copy 2 of S1"):
        publish_all(desk, make_source(1, copies=[copy("1")]))


def test_source_that_leaves_it_out_must_be_in_the_record(desk: Session) -> None:
    with pytest.raises(PublishError, match="names S99"):
        publish_all(
            desk, *a_small_world(), make_event(citations=[make_citation(missing_in=["S99"])])
        )
