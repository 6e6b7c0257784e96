"""What the desk's tables refuse although each form is valid by itself."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import app.desk.routes  # noqa: F401 - imports the models of all tables
from app.desk.approved import store
from app.record.publishing.validation import PublishError
from tests.make import (
    a_small_world,
    make_actor,
    make_estimate,
    make_event,
    make_place,
    make_source,
)

URL = "https://example.org/3"


@pytest.fixture
def filled(desk: Session) -> Session:
    forms = [
        *a_small_world(),
        make_actor(1),
        make_source(3, derived_from=[{"source": "S2", "how": "relay"}], url=URL),
        make_source(4, derived_from=[{"source": "S3", "how": "relay"}]),
        make_event(1, slug="one"),
        make_event(2, links="E1 part-of"),
        make_event(3, links="L2 E2 part-of"),
        make_estimate(1, role="preferred", role_reason="best"),
    ]
    store.save_all(desk, forms)
    desk.flush()
    desk.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    desk.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    return desk


def test_deleted_record_deletes_its_references_and_names(filled: Session) -> None:
    filled.execute(text("DELETE FROM desk.record WHERE id = 'E3'"))
    filled.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert filled.scalar(text("SELECT count(*) FROM desk.reference WHERE record = 'E3'")) == 0
    assert filled.scalar(text("SELECT count(*) FROM desk.known WHERE id IN ('E3', 'C3')")) == 0


REFUSED_RECORDS: dict[str, tuple[Any, str]] = {
    "an unknown place": (make_event(9, terms="place nowhere"), "P:nowhere"),
    "a code twice": (make_actor(9, code="actor-1"), "A:actor-1"),
    "a slug twice": (make_event(9, slug="one"), "one"),
    "an address twice": (make_source(9, url="http://www.example.org/3/"), "//example.org/3"),
    "a second preferred figure": (
        make_estimate(9, role="preferred", role_reason="too"),
        "uq_record_preferred",
    ),
    "a place in a part of it": (
        make_place(3, "country-3", parent="place-1", kind="country"),
        "P3 can’t contain or derive from itself",
    ),
    "a source from itself": (
        make_source(2, derived_from=[{"source": "S4", "how": "relay"}]),
        "can’t contain or derive from itself",
    ),
    "a part of its part": (make_event(1, links="L9 E3 part-of"), "can’t contain"),
}


def test_each_wrong_record_is_refused(filled: Session) -> None:
    wrong = {}
    for what, (form, reason) in REFUSED_RECORDS.items():
        savepoint = filled.begin_nested()
        try:
            store.save(filled, form)
            filled.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            wrong[what] = "nothing"
        except (IntegrityError, PublishError) as error:
            if reason not in str(error):
                wrong[what] = str(error)
        finally:
            savepoint.rollback()
    assert wrong == {}


def test_links_of_two_types_are_no_cycle(filled: Session) -> None:
    store.save(filled, make_event(1, slug="one", links="L9 E3 explains"))
