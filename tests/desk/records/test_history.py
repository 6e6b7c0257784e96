"""A record: its history, restoring, and withdrawing it with the records that refer to it."""

import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState, Record
from app.desk.approved.store import published_version
from app.desk.drafts import commands as drafts
from app.desk.records import restore
from app.desk.removals import without_references
from app.errors import InvalidStateError
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_estimate, make_event
from tests.support.desk_people import person
from tests.support.draft_pages import (
    WHY,
    begin,
    decide,
    handed_in,
    post,
    stored,
    title_now,
)
from tests.support.worlds import publish_new


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


# Withdrawing --------------------------------------------------------------------------------------


REASON = "It was another city."
alone = pytest.mark.usefixtures("one_person_desk")


@pytest.fixture
def referred_to(desk_world: Settings) -> Settings:
    """E1, to which two estimates and an event refer, and an estimate that refers to that event."""
    publish_new(
        desk_world,
        make_event(2, links="E1 follows"),
        make_estimate(1, event="E1"),
        make_estimate(2, event="E1", counts="arrivals", period="2019"),
        make_estimate(3, event="E2", counts="departures", period="2019"),
    )
    return desk_world


def effects(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="becomes\.(\w+)" value="(\w+)"', html))


def withdraw(client: TestClient, record: str, **becomes: str) -> tuple[int, str]:
    typed = {"reason": REASON, **{f"becomes.{id}": each for id, each in becomes.items()}}
    answer = client.post(f"/desk/records/{record}/withdraw", data=typed)
    return answer.status_code, answer.text


def states(settings: Settings) -> dict[str, str]:
    with desk_session(settings) as db:
        rows = [published_version(db, id) for id in ("E1", "E2", "M1", "M2", "M3")]
        return {row.id: row.state for row in rows if row}


@alone
def test_referring_records_lose_the_reference_in_one_edition(
    basma: TestClient, referred_to: Settings
) -> None:
    before = states(referred_to)
    status, page = withdraw(basma, "E1")
    assert status == 422 and "References to it" in page and REASON in page
    assert effects(page) == dict.fromkeys(("E2", "M1", "M2"), "stays")
    assert withdraw(basma, "E1", E2="stays", M1="stays", M2="goes")[0] == 422
    assert states(referred_to) == before, "a refused withdrawal must change no record"
    assert withdraw(basma, "E1", **effects(page))[0] == 303
    assert states(referred_to) == {**dict.fromkeys(before, "live"), "E1": "withdrawn"}
    with desk_session(referred_to) as db:
        assert {db.get_one(Record, id).document.get("event") for id in ("M1", "M2")} == {None}
        assert db.scalar(text("SELECT max(no) FROM record.edition")) == 2
        assert find_problems(db) == []
    assert REASON in basma.get("/events/E1").text
    history = basma.get("/desk/records/M2").text
    assert "Reference to a withdrawn record removed" in history and "(E1)" in history


@alone
def test_record_with_an_open_draft_is_not_changed(
    basma: TestClient, chidi: TestClient, referred_to: Settings
) -> None:
    begin(chidi, record="M1")
    status, page = withdraw(basma, "E1", **effects(withdraw(basma, "E1")[1]))
    assert status == 422 and "M1 has an open draft" in page
    assert set(states(referred_to).values()) == {"live"}


@alone
def test_what_needs_the_source_goes_with_it_and_comes_back(
    basma: TestClient, referred_to: Settings
) -> None:
    becomes = effects(withdraw(basma, "S1")[1])
    assert {"E1", "E2", "M1"} <= becomes.keys() and {*becomes.values()} == {"goes"}
    assert withdraw(basma, "S1", **becomes)[0] == 303
    assert set(states(referred_to).values()) == {"withdrawn"}
    basma.post("/desk/records/S1/publish", data={"reason": "It was this city."})
    assert set(states(referred_to).values()) == {"live"}
    with desk_session(referred_to) as db:
        event = db.get_one(Record, "E2").form
    assert without_references(event, {("S", "S9")}) == event
    linked = make_event(2, links="E1 follows", citations="S1 (about=L1)")
    assert without_references(linked, {("E", "E1")}) is None, (
        "a link that a citation is about must not be removed"
    )
