"""Withdrawing what others name: they go too, or stay without it, in one edition; and nothing is half done."""

import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.approved.models import Estimate, Event
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import form_of, in_the_record, save_all
from app.desk.review.withdraw import without
from app.record.publishing.integrity import problems
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.writing import begin
from tests.make import make_citation, make_estimate, make_event, make_link

pytestmark = pytest.mark.usefixtures("one_person_desk")

WHY = "It was another city."


@pytest.fixture
def named(desk_world: Settings) -> Settings:
    """E1 is named by two figures and by an event, and the event by a figure."""
    with desk_session(desk_world) as db:
        save_all(
            db,
            [
                make_event(2, links=[make_link("E1", "follows", 1)], citations=[make_citation(2)]),
                make_estimate(1, event="E1"),
                make_estimate(2, event="E1", counts="arrivals", period="2019"),
                make_estimate(3, event="E2", counts="departures", period="2019"),
            ],
        )
        publish_approved(db, "The first")
    return desk_world


def asked(html: str) -> set[str]:
    return set(re.findall(r'name="becomes\.(\w+)" value="goes"', html))


def withdraw(client: TestClient, record: str, **becomes: str) -> tuple[int, str]:
    typed = {"reason": WHY, **{f"becomes.{id}": choice for id, choice in becomes.items()}}
    answer = client.post(f"/desk/records/{record}/withdraw", data=typed)
    return answer.status_code, answer.text


def states(settings: Settings) -> dict[str, str]:
    with desk_session(settings) as db:
        rows = [in_the_record(db, id) for id in ("E1", "E2", "M1", "M2", "M3")]
        return {row.id: row.state for row in rows if row}


def test_a_reason_that_is_too_long_is_given_back_to_be_shortened(
    basma: TestClient, named: Settings
) -> None:
    wordy = "It was another city. " * 30
    answer = basma.post("/desk/records/E2/withdraw", data={"reason": wordy, "becomes.M3": "goes"})
    assert (
        answer.status_code == 422
        and "the reason is too long: 500 characters at most" in answer.text
    )
    assert wordy.strip() in answer.text
    assert states(named)["E2"] == "live"


def test_what_names_it_goes_too_or_stays_without_it_in_one_edition(
    basma: TestClient, named: Settings
) -> None:
    before = states(named)
    status, page = withdraw(basma, "E1")
    assert status == 422 and "What still names it" in page and WHY in page
    assert asked(page) == {"E2", "M1", "M2"}
    # Who says that an event goes is asked about what names that.
    status, page = withdraw(basma, "E1", E2="goes", M1="goes", M2="stays")
    assert status == 422 and asked(page) == {"E2", "M1", "M2", "M3"}
    assert page.count(" checked") == 3
    assert states(named) == before, "nothing is half done"
    assert withdraw(basma, "E1", E2="goes", M1="goes", M2="stays", M3="stays")[0] == 303
    gone = dict.fromkeys(("E1", "E2", "M1"), "withdrawn")
    assert states(named) == {**gone, "M2": "live", "M3": "live"}
    with desk_session(named) as db:
        assert {db.get_one(Estimate, id).event for id in ("M2", "M3")} == {None}
        assert db.scalar(text("SELECT max(no) FROM record.edition")) == 2
        assert problems(db) == []
    assert WHY in basma.get("/events/E1").text
    history = basma.get("/desk/records/M2").text
    assert "Names no more what was withdrawn" in history and "(E1)" in history


def test_a_record_that_somebody_is_changing_is_not_changed_under_them(
    basma: TestClient, chidi: TestClient, named: Settings
) -> None:
    begin(chidi, record="M1")
    status, page = withdraw(basma, "E1", E2="stays", M1="stays", M2="goes")
    assert status == 422 and "M1 is being changed at the desk" in page
    assert set(states(named).values()) == {"live"}


def test_what_a_citation_rests_on_cannot_be_taken_off(basma: TestClient, named: Settings) -> None:
    status, page = withdraw(basma, "S1")
    assert status == 422 and "E1" in asked(page)
    assert 'value="stays"' not in page
    assert withdraw(basma, "S1", **dict.fromkeys(asked(page), "stays"))[0] == 422
    with desk_session(named) as db:
        event = form_of(db.get_one(Event, "E2"))
    assert without(event, {("S", "S9")}) == event
    linked = make_event(
        2, links=[make_link("E1", "follows", 1)], citations=[make_citation(2, about="L1")]
    )
    assert without(linked, {("E", "E1")}) is None, "a citation speaks of that link"
