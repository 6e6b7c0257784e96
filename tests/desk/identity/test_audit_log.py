"""The audit log contains every action, and the database rejects changes of its rows."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database.engines import migration_engine
from app.desk.identity import audit_log
from app.settings import Settings
from tests.conftest import desk_session, reader_session
from tests.desk.conftest import Visit
from tests.support.desk_people import email, make_people, sign_in

ALTERATIONS = [
    "UPDATE desk.audit SET action = 'nothing'",
    "DELETE FROM desk.audit",
    "TRUNCATE desk.audit",
    "INSERT INTO desk.audit (action, at) VALUES ('signed-in', now() - interval '1 year')",
    "INSERT INTO desk.audit (action, id) OVERRIDING SYSTEM VALUE VALUES ('signed-in', 1000000)",
    "ALTER TABLE desk.audit DISABLE TRIGGER ALL",
    "DROP TRIGGER only_grows ON desk.audit",
    "DROP TABLE desk.audit",
    "CREATE RULE silent AS ON INSERT TO desk.audit DO INSTEAD NOTHING",
]


def test_entries_and_people_cannot_be_changed_or_deleted(desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        audit_log.log_action(db, "first-link", None)
    as_application = r"permission denied|must be owner|read-only"
    for session in (desk_session, reader_session):
        for statement in (*ALTERATIONS, "DELETE FROM desk.person"):
            with session(desk_world) as db:
                with pytest.raises(DBAPIError, match=as_application):
                    db.execute(text(statement))
                db.rollback()
    engine = migration_engine(desk_world)
    for statement in ALTERATIONS[:3]:
        with engine.connect() as connection, pytest.raises(DBAPIError, match="only grows"):
            connection.execute(text("SET ROLE sojourn_owner"))
            connection.execute(text(statement))
    engine.dispose()


def test_audit_page_shows_actor_action_and_subject(database: Settings, visit: Visit) -> None:
    ids = make_people(database, "Amal", "Basma")
    client = visit()
    sign_in(client, "Amal")
    client.post(f"/desk/people/{ids['Basma']}/role", data={"role": "contributor"})
    client.post(f"/desk/people/{ids['Basma']}/disable")
    with desk_session(database) as db:
        audit_log.log_action(db, "enabled", None, "E128")
    rows = re.findall(r"<tr><td.*?</time></td>(.*?)</tr>", client.get("/desk/audit").text)
    assert [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows] == [
        "the command line Enabled an account E128",
        "Amal Disabled an account Basma",
        "Amal Changed the role Basma Editor → Contributor",
        "Amal Signed in",
    ]


def test_log_contains_no_email_or_network_address(desk_world: Settings, visit: Visit) -> None:
    client = visit("203.0.113.9")
    sign_in(client, "Amal", "wrong")
    sign_in(client, "Amal")
    client.post("/desk/people", data={"email": email("Dara"), "role": "editor"})
    with desk_session(desk_world) as db:
        kept = str(db.execute(text("SELECT a::text FROM desk.audit a")).all())
    assert "invited" in kept
    assert "example.org" not in kept and "203.0.113" not in kept
