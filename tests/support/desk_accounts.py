"""Helpers of desk tests: links on pages, second factors, statements as the owner of the tables."""

import re

from sqlalchemy import text
from starlette.testclient import TestClient

from app.database.engines import migration_engine
from app.settings import Settings
from tests.support.desk_people import email


def link_in(page: str) -> str:
    """Return the path of the link on a page."""
    found = re.search(r'value="https?://[^/"]+(/desk/welcome/[\w-]{43})"', page)
    assert found, page
    return found[1]


def as_owner(settings: Settings, statement: str) -> None:
    engine = migration_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def invite(admin: TestClient, name: str, role: str = "contributor") -> str:
    answer = admin.post("/desk/people", data={"email": email(name), "role": role})
    assert answer.status_code == 200
    return link_in(answer.text)


def give_code(client: TestClient, code: str) -> int:
    return client.post(
        "/desk/sign-in/code", data={"code": code, "next": "/desk/account"}
    ).status_code
