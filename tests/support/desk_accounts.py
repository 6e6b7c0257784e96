"""Helpers of desk tests: links on pages, second factors, statements as the owner, locks."""

import psycopg
from sqlalchemy import text
from starlette.testclient import TestClient

from app.database.engines import libpq_url, migration_engine
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import email
from tests.support.html import first_match


def link_in(page: str) -> str:
    """Return the path of the link on a page."""
    return first_match(r'value="https?://[^/"]+(/desk/welcome/[\w-]{43})"', page)


def as_owner(settings: Settings, statement: str) -> None:
    engine = migration_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def logged(settings: Settings, *actions: str) -> list[tuple[str, str, str]]:
    """Return person, action and subject of the entries of the audit log with these actions."""
    entries = text(
        "SELECT p.name, action, about FROM desk.audit a LEFT JOIN desk.person p ON p.id = by "
        "WHERE action = ANY(:actions) ORDER BY a.id"
    )
    with desk_session(settings) as db:
        return [
            (name, action, about)
            for name, action, about in db.execute(entries, {"actions": [*actions]})
        ]


def is_waited_for(settings: Settings) -> bool:
    """Whether a connection waits for a lock."""
    waiting = (
        "SELECT FROM pg_stat_activity WHERE datname = current_database() "
        "AND wait_event_type = 'Lock'"
    )
    with psycopg.connect(libpq_url(settings.migrate_database_url or "")) as connection:
        return bool(connection.execute(waiting).rowcount)


def invite(admin: TestClient, name: str, role: str = "contributor") -> str:
    answer = admin.post("/desk/people", data={"email": email(name), "role": role})
    assert answer.status_code == 200
    return link_in(answer.text)


def give_code(client: TestClient, code: str) -> int:
    return client.post(
        "/desk/sign-in/code", data={"code": code, "next": "/desk/account"}
    ).status_code
