"""Send and read readers' messages."""

from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.intake import ReaderMessage
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.html import first_match

WORDS = "This names a dormitory.\nPlease remove it."


def form_key(client: TestClient) -> str:
    return first_match(r'name="key" value="([^"]+)"', client.get("/tell").text)


def send_message(client: TestClient, key: str = "", **typed: str) -> Any:
    fields = {"kind": "removal", "about": "/events/E7", "words": WORDS, "reach": "", "website": ""}
    return client.post("/tell", data={**fields, "key": key or form_key(client), **typed})


def store_message(settings: Settings, **texts: str) -> None:
    with desk_session(settings) as db:
        db.add(ReaderMessage(key="key", kind="removal", reach="", **texts))


def stored_messages(settings: Settings) -> list[ReaderMessage]:
    with desk_session(settings) as db:
        found = list(db.scalars(select(ReaderMessage).order_by(ReaderMessage.id)))
        db.expunge_all()
        return found
