"""Every page that shows private values to an editor adds an entry to the audit log."""

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.settings import Settings
from tests.conftest import desk_session
from tests.support.draft_pages import begin, post
from tests.support.private_values import (
    CHANGES,
    EXACT_PLACE,
    WHY,
    every_page,
    markers,
    secrets_kept,
    shown_to,
)

__all__ = ["secrets_kept"]


def has_read(settings: Settings, record: str) -> bool:
    statement = text("SELECT 1 FROM desk.audit WHERE action = 'read-private' AND about = :record")
    with desk_session(settings) as db:
        return db.scalar(statement, {"record": record}) is not None


@pytest.mark.parametrize("record", CHANGES)
def test_page_with_private_values_is_logged(
    basma: TestClient, chidi: TestClient, secrets_kept: Settings, record: str
) -> None:
    at = begin(chidi, record=record)
    field, value = CHANGES[record]
    post(chidi, at, "submit", **{field: value}, **WHY)
    for address in every_page(int(at.rsplit("/", 1)[1]), record):
        if "q=MARK" not in address and markers(shown_to(basma, address)):
            assert has_read(secrets_kept, record), address
            return
    raise AssertionError("an editor sees private values somewhere")


def test_bulk_edit_of_an_exact_place_is_logged(basma: TestClient, secrets_kept: Settings) -> None:
    act = {"what": "place", "do": "replace", "old": EXACT_PLACE, "new": "place-1", "take.E9": "yes"}
    page = basma.post("/desk/bulk", data=act)
    assert page.status_code == 200 and "Exact place" in page.text
    assert has_read(secrets_kept, "E9")
