"""Withdrawing a record with the records that refer to it, in one edition."""

import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.approved.models import Record
from app.desk.approved.store import published_version
from app.desk.removals import without_references
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_estimate, make_event
from tests.support.draft_pages import begin
from tests.support.worlds import publish_new

pytestmark = pytest.mark.usefixtures("one_person_desk")

WHY = "It was another city."


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
    typed = {"reason": WHY, **{f"becomes.{id}": each for id, each in becomes.items()}}
    answer = client.post(f"/desk/records/{record}/withdraw", data=typed)
    return answer.status_code, answer.text


def states(settings: Settings) -> dict[str, str]:
    with desk_session(settings) as db:
        rows = [published_version(db, id) for id in ("E1", "E2", "M1", "M2", "M3")]
        return {row.id: row.state for row in rows if row}


def test_referring_records_lose_the_reference_in_one_edition(
    basma: TestClient, referred_to: Settings
) -> None:
    before = states(referred_to)
    status, page = withdraw(basma, "E1")
    assert status == 422 and "References to it" in page and WHY in page
    assert effects(page) == dict.fromkeys(("E2", "M1", "M2"), "stays")
    assert withdraw(basma, "E1", E2="stays", M1="stays", M2="goes")[0] == 422
    assert states(referred_to) == before, "a refused withdrawal must change no record"
    assert withdraw(basma, "E1", **effects(page))[0] == 303
    assert states(referred_to) == {**dict.fromkeys(before, "live"), "E1": "withdrawn"}
    with desk_session(referred_to) as db:
        assert {db.get_one(Record, id).document.get("event") for id in ("M1", "M2")} == {None}
        assert db.scalar(text("SELECT max(no) FROM record.edition")) == 2
        assert find_problems(db) == []
    assert WHY in basma.get("/events/E1").text
    history = basma.get("/desk/records/M2").text
    assert "Reference to a withdrawn record removed" in history and "(E1)" in history


def test_record_with_an_open_draft_is_not_changed(
    basma: TestClient, chidi: TestClient, referred_to: Settings
) -> None:
    begin(chidi, record="M1")
    status, page = withdraw(basma, "E1", **effects(withdraw(basma, "E1")[1]))
    assert status == 422 and "M1 has an open draft" in page
    assert set(states(referred_to).values()) == {"live"}


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
