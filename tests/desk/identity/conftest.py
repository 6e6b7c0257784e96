"""Fixtures of an account with an authenticator app, and of a mail server."""

import threading
from collections.abc import Iterator

import pytest

from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_people import add_factor, forget_used_codes, give_password, make_people
from tests.support.mail_server import MailServer


@pytest.fixture
def secret_and_codes(database: Settings, visit: Visit) -> tuple[str, list[str]]:
    make_people(database, "Amal")
    make_people(database, "Basma", with_factor=False)
    client = visit()
    give_password(client, "Basma")
    added = add_factor(client)
    with desk_session(database) as db:
        forget_used_codes(db)
    return added


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def mailing(database: Settings, mail_server: MailServer) -> Settings:
    """Settings of the same desk with a mail server."""
    smtp = {"smtp_url": f"smtp://127.0.0.1:{mail_server.port}", "mail_from": "desk@example.org"}
    return database.model_copy(update={**smtp, "public_url": "https://sojourn.example.org"})
