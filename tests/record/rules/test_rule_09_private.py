"""Private values are never published, and are within the public ones (rule 9)."""

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.publish import publish_approved
from app.kinds.base import lies_within
from app.record.publishing.validation import PublishError
from tests.make import (
    a_small_world,
    make_estimate,
    make_event,
    make_place,
    make_term,
)
from tests.support.tables import differing

SECRET = "Ravensworth"


def test_private_event_date_must_be_within_public_date() -> None:
    inside = {
        ("2019-06-15", "2019-06"): True,
        ("2019-06-15", "2019-06-15"): True,
        ("2019-06", "2019"): True,
        ("2019-06-10/2019-06-12", "2019-06"): True,
        ("2019-05-01", "[2019-05,2019-07]"): True,
        ("2019-06-01", "[2019-05,2019-07]"): False,
        ("2019-07-01", "2019-06"): False,
        ("2019-06", "2019-06-15"): False,
        ("2019", "2019-06"): False,
        ("2019-06-15/..", "2019-06"): False,
        ("2019-06-15", ""): False,
        ("XXXX-06", "2019-06"): False,
        ("2025-02-01", "2024-24"): True,
    }
    assert differing(lies_within, inside) == {}

    def makes(fine: str, coarse: str) -> bool:
        try:
            make_event(happened=coarse, exact_happened=fine)
        except ValidationError as refused:
            assert "must be within the public one" in str(refused)
            return False
        return True

    assert differing(makes, inside) == {}


def test_private_estimate_date_must_be_within_public_date() -> None:
    with pytest.raises(ValidationError, match="must be within the public one"):
        make_estimate(as_of="2019-06", exact_as_of="2019-07-01")
    make_estimate(counts="arrivals", period="2019", exact_as_of="2019-07-01")


def test_private_place_must_be_within_public_place(desk: Session) -> None:
    elsewhere = make_term(code="place-8")
    for form in [*a_small_world(), make_place(8), make_event()]:
        store.save(desk, form)
    for told, exact, inside in (
        ([make_term(code="province-2")], "place-1", True),
        ([make_term(code="country-3")], "place-1", True),
        ([make_term()], "place-1", True),
        ([make_term()], "province-2", False),
        ([elsewhere, make_term(code="province-2")], "place-1", True),
        ([elsewhere], "place-1", False),
        ([elsewhere, make_term(code="province-2", role="shown-only")], "place-1", False),
    ):
        with desk.begin_nested() as course:
            store.save(desk, make_event(terms=told, exact_place=exact))
            refused = ""
            try:
                assert publish_approved(desk) is not None
            except PublishError as error:
                refused = str(error)
            expected = "" if inside else f"the exact place {exact} does not lie in a public one"
            assert (expected in refused) and bool(expected) == bool(refused), (told, exact)
            course.rollback()
        desk.expire_all()


def test_private_edit_makes_no_version(desk: Session) -> None:
    for form in [*a_small_world(), make_event()]:
        store.save(desk, form)
    assert publish_approved(desk) is not None
    assert store.save(desk, make_event(note=SECRET)) is True
    assert publish_approved(desk) is None
    assert store.pending_rows(desk) == []
