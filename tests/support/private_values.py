"""Records with a marker in each private field, and the pages that must not show it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.routes import router
from app.kinds import EventForm, RecordForm
from app.settings import Settings
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_outlet,
    make_place,
    make_source,
    make_step,
)
from tests.support.routes import routes_of
from tests.support.worlds import publish_new

EXACT_DAY, EXACT_PLACE = "2019-06-17", "hidden-village"
MARKER = re.compile(rf"MARKER|{EXACT_DAY}|17 June 2019|{EXACT_PLACE}|Hidden.village", re.IGNORECASE)
WHY = {"change.why": "corrected", "change.reason": "The report says otherwise."}
CHANGES = {
    "E9": ("title", "Another title"),
    "M9": ("population_text", "other people"),
    "S9": ("title", "Another headline"),
    "O9": ("country", "KR"),
    "P9": ("remark", "A remark"),
}


def secret_event(**changes: Any) -> EventForm:
    step = make_step("resident", "a resident", exact_words="MARKER of the exact words")
    citations = [
        make_citation(90, 9, note="MARKER of the citation", chain=[step]),
        make_citation(91, 9, stance="mentions", note="MARKER of another citation"),
    ]
    values = {
        "happened": "2019-06",
        "exact_happened": EXACT_DAY,
        "exact_place": EXACT_PLACE,
        "note": "MARKER of the event",
        "citations": citations,
    }
    return make_event(9, **values | changes)


def secret_world() -> list[RecordForm]:
    return [
        make_place(9, note="MARKER of the place"),
        make_place(10, EXACT_PLACE, parent="place-1", kind="town"),
        make_outlet(9, note="MARKER of the outlet"),
        make_source(9, note="MARKER of the source"),
        secret_event(),
        make_estimate(9, exact_as_of=EXACT_DAY, as_of="2019-06", note="MARKER of the figure"),
    ]


@pytest.fixture
def secrets_kept(desk_world: Settings) -> Settings:
    """Imported records with text in each private field."""
    publish_new(desk_world, *secret_world())
    return desk_world


def shown_to(client: TestClient, address: str, **data: str) -> str:
    """Return the body of a response, with the page that it redirects to."""
    answer = client.post(address, data=data) if data else client.get(address)
    assert answer.status_code < 500, address
    body = answer.text
    if answer.status_code == 303 and answer.headers["location"].startswith("/desk"):
        body += client.get(answer.headers["location"]).text
    return body


def markers(body: str) -> list[str]:
    return MARKER.findall(body)


def every_page(draft: int, record: str) -> Iterator[str]:
    """Yield the URL of each page of the desk, with these parameters."""
    for route in routes_of(router):
        if "GET" in (route.methods or ()) and "{token}" not in route.path:
            path = re.sub(r"\{id:int\}", str(draft), route.path)
            path = re.sub(r"\{record\}", record, path)
            yield re.sub(r"\{\w+\}", "S9", path)
    for name in ("exact_happened", "exact_place", "exact_as_of", "note", "citations.0.note"):
        yield f"/desk/drafts/{draft}/reading?path={name}"
    yield f"/desk/drafts/{draft}?check=1"
    yield f"/desk/search?q={record}"
    yield "/desk/search?q=MARK"
