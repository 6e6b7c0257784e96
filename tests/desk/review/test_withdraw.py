"""Withdrawing a record with the records that refer to it, in one edition."""

import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.approved.models import Record
from app.desk.approved.store import published_version
from app.desk.review.withdraw import without_references
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


def ids_asked_about(html: str) -> set[str]:
    return set(re.findall(r'name="becomes\.(\w+)" value="goes"', html))


def withdraw(client: TestClient, record: str, **becomes: str) -> tuple[int, str]:
    typed = {"reason": WHY, **{f"becomes.{id}": choice for id, choice in becomes.items()}}
    answer = client.post(f"/desk/records/{record}/withdraw", data=typed)
    return answer.status_code, answer.text


def states(settings: Settings) -> dict[str, str]:
    with desk_session(settings) as db:
        rows = [published_version(db, id) for id in ("E1", "E2", "M1", "M2", "M3")]
        return {row.id: row.state for row in rows if row}


def test_referring_records_go_or_stay_in_one_edition(
    basma: TestClient, referred_to: Settings
) -> None:
    before = states(referred_to)
    status, page = withdraw(basma, "E1")
    assert status == 422 and "References to it" in page and WHY in page
    assert ids_asked_about(page) == {"E2", "M1", "M2"}
    # Choosing that an event goes asks about records that refer to the event.
    status, page = withdraw(basma, "E1", E2="goes", M1="goes", M2="stays")
    assert status == 422 and ids_asked_about(page) == {"E2", "M1", "M2", "M3"}
    assert page.count(" checked") == 3
    assert states(referred_to) == before, "a refused withdrawal must change no record"
    assert withdraw(basma, "E1", E2="goes", M1="goes", M2="stays", M3="stays")[0] == 303
    gone = dict.fromkeys(("E1", "E2", "M1"), "withdrawn")
    assert states(referred_to) == {**gone, "M2": "live", "M3": "live"}
    with desk_session(referred_to) as db:
        assert {db.get_one(Record, id).document.get("event") for id in ("M2", "M3")} == {None}
        assert db.scalar(text("SELECT max(no) FROM record.edition")) == 2
        assert find_problems(db) == []
    assert WHY in basma.get("/events/E1").text
    history = basma.get("/desk/records/M2").text
    assert "Reference to a withdrawn record removed" in history and "(E1)" in history


def test_record_with_an_open_draft_is_not_changed(
    basma: TestClient, chidi: TestClient, referred_to: Settings
) -> None:
    begin(chidi, record="M1")
    status, page = withdraw(basma, "E1", E2="stays", M1="stays", M2="goes")
    assert status == 422 and "M1 has an open draft" in page
    assert set(states(referred_to).values()) == {"live"}


def test_source_of_a_citation_cannot_be_withdrawn_alone(
    basma: TestClient, referred_to: Settings
) -> None:
    status, page = withdraw(basma, "S1")
    assert status == 422 and "E1" in ids_asked_about(page)
    assert 'value="stays"' not in page
    assert withdraw(basma, "S1", **dict.fromkeys(ids_asked_about(page), "stays"))[0] == 422
    with desk_session(referred_to) as db:
        event = db.get_one(Record, "E2").form
    assert without_references(event, {("S", "S9")}) == event
    linked = make_event(2, links="E1 follows", citations="S1 (about=L1)")
    assert without_references(linked, {("E", "E1")}) is None, (
        "a link that a citation is about must not be removed"
    )
