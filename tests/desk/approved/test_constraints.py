"""Constraints of the desk's tables: each one rejects a plain SQL statement."""

import re

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import app.desk.routes  # noqa: F401 - imports the models of all tables
from app.desk.approved import models, store
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.kinds import EventForm
from app.kinds.terms import WITH_SIDE
from app.record.reads.source_urls import normalised_url
from tests.make import (
    a_small_world,
    make_actor,
    make_citation,
    make_estimate,
    make_event,
    make_law,
    make_link,
    make_page,
    make_source,
    make_stage,
    make_term,
)
from tests.support.refused_desk_statements import DESK_STATEMENTS
from tests.support.refused_record_statements import RECORD_STATEMENTS

REFUSED = RECORD_STATEMENTS | DESK_STATEMENTS


@pytest.fixture
def filled(desk: Session) -> Session:
    forms = [
        *a_small_world(),
        make_actor(1),
        make_actor(2),
        make_law(1),
        make_law(2),
        make_page(1),
        make_page(2),
        make_source(
            3,
            outlet="outlet-2",
            derived_from=[{"source": "S2", "how": "relay"}],
            url="https://example.org/3",
        ),
        make_source(4, derived_from=[{"source": "S3", "how": "relay"}], slug="four"),
        make_event(1, stages=[make_stage("announced", "2019-06")], slug="one"),
        make_event(2, links=[make_link("E1", "part-of", 1)], citations=[make_citation(2)]),
        make_event(3, links=[make_link("E2", "part-of", 2)], citations=[make_citation(3)]),
        make_estimate(1, role="preferred", role_reason="best"),
        make_estimate(2, links=[make_link("M1", "part-of", 3)]),
        make_estimate(3, counts="arrivals", period="2019", links=[make_link("M2", "part-of", 4)]),
    ]
    for form in forms:
        store.save(desk, form)
    desk.add_all(
        [Person(email=f"{name}@example.org", role=DeskRole.EDITOR) for name in ("amal", "basma")]
    )
    desk.flush()
    desk.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    desk.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    return desk


CASES = [(name, statement) for name, statements in REFUSED.items() for statement in statements]


def refusing(session: Session, statement: str) -> str | None:
    """Run a statement in a savepoint, and return the constraint that refuses it."""
    savepoint = session.begin_nested()
    try:
        session.execute(text(statement))
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except IntegrityError as error:
        assert isinstance(error.orig, psycopg.Error)
        return error.orig.diag.constraint_name
    finally:
        savepoint.rollback()
    return None


def test_each_constraint_rejects_its_statements(filled: Session) -> None:
    found = {
        statement: (name, refused)
        for name, statement in CASES
        if (refused := refusing(filled, statement)) != name
    }
    assert found == {}, "statements, with the constraint that should refuse and the one that did"


def test_every_constraint_has_a_case(filled: Session) -> None:
    """All constraints except primary keys."""
    names = set(
        filled.scalars(
            text(
                "SELECT conname FROM pg_constraint WHERE connamespace = 'desk'::regnamespace "
                "AND contype IN ('c', 'f', 'u', 't')"
            )
        )
    )
    indexes = filled.execute(
        text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'desk'")
    )
    names |= {
        name
        for name, definition in indexes
        if "UNIQUE" in definition and not name.startswith("pk_")
    }
    names -= {name for name in names if name.startswith("alembic")}
    assert names - set(REFUSED) == set()
    assert set(REFUSED) - names == set()


ACCEPTED = [
    "UPDATE desk.stage SET step = 'ended', date = 'unknown'",
    # A cycle of other links than parts.
    'INSERT INTO desk.event_link (id, event, position, type, "to") '
    "VALUES ('L9', 'E1', 0, 'explains', 'E3')",
    # Two preferred estimates, of two days.
    "UPDATE desk.estimate SET role = 'preferred', role_reason = 'too', as_of = '2020' "
    "WHERE id = 'M2'",
]


def test_no_constraint_rejects_what_may_be(filled: Session) -> None:
    assert [refusing(filled, statement) for statement in ACCEPTED] == [None] * len(ACCEPTED)


def test_deleted_record_deletes_its_rows(filled: Session) -> None:
    filled.execute(text("DELETE FROM desk.event WHERE id = 'E3'"))
    filled.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert filled.scalar(text("SELECT count(*) FROM desk.citation WHERE event = 'E3'")) == 0
    assert filled.scalar(text("SELECT count(*) FROM desk.chain_step WHERE citation = 'C3'")) == 0


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("https://www.example.org/a/", "//example.org/a"),
        ("http://example.org/a", "//example.org/a"),
        ("https://EXAMPLE.org:443/a?utm_source=x&b=2&a=1&fbclid=3", "//example.org/a?a=1&b=2"),
        ("https://example.org/A", "//example.org/A"),
        ("https://example.org/a#part", "//example.org/a"),
        ("http://[", None),
        ("", None),
    ],
)
def test_url_is_normalised(url: str, known_as: str | None) -> None:
    assert normalised_url(url) == known_as


def test_every_table_with_constraints_has_a_case() -> None:
    tried = set(re.findall(r"desk\.(\w+)", " ".join(statement for _, statement in CASES)))
    tables = models.DeskBase.metadata.sorted_tables
    assert tried == {
        table.name
        for table in tables
        if any(law is not table.primary_key for law in table.constraints)
    }


def test_each_role_with_a_side_is_stored(filled: Session) -> None:
    """What a form accepts must not stop a whole edition at its publication."""
    for role in WITH_SIDE:
        actor = make_term("actor", printed="A ministry", role=role, side="home-state")
        store.save(filled, make_event(4, terms=[make_term(), actor]))
        filled.flush()
        stored = store.form_of(filled.get_one(models.Event, "E4"))
        assert isinstance(stored, EventForm)
        assert (stored.terms[1].role, stored.terms[1].side) == (role, "home-state")
