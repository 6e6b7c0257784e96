"""Private values are never published, and are within the public ones (rule 9)."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.publish import publish_approved
from app.kinds import FORMS, Form, RecordForm, is_private, public
from app.kinds.base import lies_within, rows_of
from app.record.publishing.validation import PublishError
from tests.make import (
    a_small_world,
    make_actor,
    make_citation,
    make_estimate,
    make_event,
    make_law,
    make_outlet,
    make_page,
    make_place,
    make_source,
    make_step,
    make_term,
    publish_all,
)
from tests.support.tables import differing

SECRET = "Ravensworth"
EVERYWHERE: list[RecordForm] = [
    make_place(1, parent="province-2", note=SECRET),
    make_outlet(1, note=SECRET),
    make_actor(1, note=SECRET),
    make_law(1, note=SECRET),
    make_page(1, note=SECRET),
    make_source(1, note=SECRET),
    make_event(
        1,
        note=SECRET,
        happened="2019-06",
        exact_happened="2019-06-15",
        exact_place="site-9",
        citations=[
            make_citation(
                1, note=SECRET, chain=[make_step("resident", "a resident", exact_words=SECRET)]
            )
        ],
    ),
    make_estimate(1, note=SECRET, exact_as_of="2019-06-15"),
]


def private_fields(form: type[Form]) -> set[str]:
    found = {
        f"{form.__name__}.{name}" for name, field in form.model_fields.items() if is_private(field)
    }
    for field in form.model_fields.values():
        if row := rows_of(field):
            found |= private_fields(row)
    return found


def filled(form: Form) -> set[str]:
    """Return the private fields of a form and its rows that have a value."""
    found = {
        f"{type(form).__name__}.{name}"
        for name, field in type(form).model_fields.items()
        if is_private(field) and getattr(form, name)
    }
    for name, field in type(form).model_fields.items():
        if rows_of(field):
            found |= {inner for row in getattr(form, name) for inner in filled(row)}
    return found


def test_secret_fills_every_private_field() -> None:
    """Fails for a new private field until the tests below fill it."""
    assert {name for form in EVERYWHERE for name in filled(form)} == {
        name for form in FORMS.values() for name in private_fields(form)
    }


def test_published_rows_contain_no_private_value(desk: Session) -> None:
    publish_all(desk, *a_small_world(), make_place(9, "site-9", kind="site"), *EVERYWHERE)
    record = "\n".join(
        desk.scalars(
            text("SELECT to_jsonb(v)::text FROM record.version v WHERE kind <> 'P' OR id = 'P1'")
        )
    )
    assert "a resident" in record
    for secret in (SECRET, SECRET.lower(), "exact_", "site-9", "2019-06-15"):
        assert secret not in record


def test_public_form_equals_form_without_private_values() -> None:
    event = next(form for form in EVERYWHERE if form.id == "E1")
    kept: Any = public(event)
    assert kept.model_dump(exclude_defaults=True) == make_event(
        1,
        happened="2019-06",
        citations=[make_citation(1, chain=[make_step("resident", "a resident")])],
    ).model_dump(exclude_defaults=True)


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
