"""The history of a record: restoring, withdrawing and publishing again."""

import pytest
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState
from app.desk.drafts import commands as drafts
from app.desk.records import restore
from app.errors import InvalidStateError
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import person
from tests.support.draft_pages import (
    WHY,
    begin,
    decide,
    handed_in,
    post,
    published,
    stored,
    title_now,
)

__all__ = ["published"]


def test_restored_state_becomes_a_revision_of_a_draft(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    first = handed_in(chidi, title="First title")
    decide(basma, first, "publish")
    answer = chidi.post(
        "/desk/records/E1/restore", data={"version": f"{first.rsplit('/', 1)[1]}.0"}
    )
    at = answer.headers["location"]
    assert (
        stored(published, at).document["title"] == "Event 1" and stored(published, at).number == 1
    )
    assert title_now(published) == "First title"
    post(chidi, at, "submit", **WHY)
    decide(basma, at, "publish")
    assert title_now(published) == "Event 1"
    for version in ("9.9", "x", "", "1.x"):
        assert chidi.post("/desk/records/E1/restore", data={"version": version}).status_code == 404


def test_restore_into_a_submitted_draft_fails(chidi: TestClient, published: Settings) -> None:
    at, by = begin(chidi, record="E1"), person(published, "Chidi")
    id = stored(published, at).id
    with desk_session(published) as slower:
        draft = slower.get_one(Draft, id)
        with desk_session(published) as quicker:
            drafts.move(quicker, quicker.get_one(Draft, id), by, drafts.SUBMIT)
        with pytest.raises(InvalidStateError):
            restore(slower, by, "E1", f"{id}.0")
        assert draft.state == DraftState.IN_REVIEW and draft.number == 1
