"""What a browser without scripts does on the sheet of a report: press a button of its form."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from app.desk.sheets import commands
from app.documents import Document
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.draft_pages import fields


def press(client: TestClient, at: str, do: str, **typed: str) -> Any:
    """Post the page's form with changes, as a browser without scripts; return the next page."""
    sent = fields(client.get(at).text)
    unknown = set(typed) - set(sent)
    assert not unknown, f"the form has no fields named {unknown}"
    answer = client.post(at.partition("?")[0], data={**sent, **typed, "do": do})
    if answer.status_code != 303:
        return answer
    return client.get(answer.headers["location"].partition("#")[0])


def address_of(page: Any) -> str:
    return str(page.url.raw_path.decode())


def sheet(settings: Settings, source: str = "S7") -> Document:
    with desk_session(settings) as db:
        found = commands.find(db, source)
        assert found is not None
        return found.document


def key_of_open_row(page: Any) -> str:
    found = re.search(r'name="open" value="([0-9a-f]+)"', page.text)
    assert found, "a row must be open"
    return found[1]


def add_event(client: TestClient, at: str, statement: str) -> tuple[str, Any]:
    """Add an event row, write its statement and close it; return its key and the page."""
    page = press(client, at, "add event")
    key = key_of_open_row(page)
    texts = {f"rows.{key}.statement": statement, f"rows.{key}.type": "stay-limit"}
    return key, press(client, address_of(page), f"done {key}", **texts)


@dataclass
class SheetEditor:
    """Somebody at the sheet of S7, in a browser without scripts."""

    client: TestClient
    settings: Settings
    at: str

    @property
    def document(self) -> Document:
        return sheet(self.settings)

    @property
    def rows(self) -> list[Document]:
        rows: list[Document] = self.document["rows"]
        return rows

    def row(self, key: str) -> Document:
        return next(row for row in self.rows if row["row"] == key)

    def page(self, query: str = "") -> str:
        return str(self.client.get(f"{self.at}{query}").text)

    def press(self, do: str, *, open: str = "", **typed: str) -> Any:
        return press(self.client, f"{self.at}?open={open}", do, **typed)

    def press_in(self, key: str, do: str, **values: str) -> Any:
        """Press a button after typing into an open row."""
        return self.press(do, open=key, **{f"rows.{key}.{name}": v for name, v in values.items()})

    def add(self, kind: str = "event") -> str:
        """Add a row and return its key."""
        return key_of_open_row(self.press(f"add {kind}"))

    def add_event(self, statement: str = "Firms were told") -> str:
        return add_event(self.client, self.at, statement)[0]
