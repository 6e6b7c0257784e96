"""Merging without scripts: compare, confirm and undo."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.drafts import commands as drafts
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_estimate, make_event
from tests.support.desk_people import person
from tests.support.merges import approved, sent
from tests.support.worlds import desk_with, publish_new

pytestmark = pytest.mark.usefixtures("one_person_desk")


TWIN = make_event(2, title="Event 1, told again", note="SECRET note", citations="S2")
two_events = desk_with(
    "two_events",
    TWIN,
    make_event(3),
)


def test_two_events_are_merged_and_separated_again(two_events: Settings, basma: TestClient) -> None:
    assert "Merge with another record" in basma.get("/desk/records/E2").text
    for other in ("", "E2", "S1", "nonsense"):
        answer = basma.get(f"/desk/records/E2/merge?with={other}")
        assert answer.headers["location"] == "/desk/records/E2"
    page = basma.get("/desk/records/E2/merge?with=E1").text
    assert "Keep E2 instead" in page and "SECRET note" in page
    assert basma.post("/desk/records/E1/merge", data=sent(page)).status_code == 422

    at = "/desk/records/E2/merge"
    values = {
        **sent(basma.get("/desk/records/E1/merge?with=E2&keep=E2").text),
        "reason": "One night, told twice.",
    }
    assert values["with"] == "E1"
    answer = basma.post(at, data=values)
    assert answer.status_code == 422 and "Citations to confirm" in answer.text
    assert '<a href="#confirm.C1">' in answer.text and 'id="confirm.C1-error"' in answer.text
    values = sent(answer.text)
    assert values["reason"] == "One night, told twice."
    assert not [name for name in values if name.startswith("confirm.")]
    answer = basma.post(at, data={**values, "confirm.C1": "yes"})
    assert answer.headers["location"] == "/desk/records/E2"
    done = re.sub("<[^>]*>", "", basma.get("/desk/records/E2").text)
    assert "E1 now redirects to E2" in done

    assert basma.get("/events/E1").headers["location"] == "/events/E2"
    assert basma.get("/events/E1.json").headers["location"] == "/events/E2.json"
    assert basma.get("/events/E1?edition=1").status_code == 200
    public = basma.get("/events/E2").text
    assert "told again" in public and public.count('id="C1"') == 1 and "SECRET" not in public
    assert "One night, told twice." in basma.get("/changes.csv").text
    assert "Undo the merge" in basma.get("/desk/records/E1").text

    assert basma.post("/desk/merges/1/undo", data={"reason": " "}).status_code == 422
    basma.post("/desk/merges/1/undo", data={"reason": "They were two."})
    assert "The merge was undone" in basma.get("/desk/records/E2").text
    assert basma.get("/events/E1").status_code == basma.get("/events/E2").status_code == 200
    assert 'id="C1"' not in basma.get("/events/E2").text
    steps = basma.get("/desk/records/E1").text
    assert "Merge undone" in steps and "undone in edition 3" in steps


def test_number_is_not_mixed_from_two_estimates(two_events: Settings, basma: TestClient) -> None:
    left = make_estimate(
        2,
        counts="departures",
        period="2019",
        point=None,
        low=2,
        high=5,
        quantifier="range",
        event="E1",
    )
    publish_new(two_events, make_estimate(1, point=3000), left)
    at = "/desk/records/M1/merge"
    values = sent(basma.get(f"{at}?with=M2").text) | {"reason": "One figure."}
    assert basma.post(at, data=values).status_code == 303
    with desk_session(two_events) as db:
        merged = approved(db, "M1")
    assert (merged.point, merged.low, merged.high, merged.event) == (3000, None, None, "E1")


def test_record_changed_or_being_changed_is_not_merged(
    two_events: Settings, basma: TestClient
) -> None:
    values = sent(basma.get("/desk/records/E1/merge?with=E2").text) | {"reason": "The same."}
    publish_new(two_events, make_event(2, title="Quite another", citations="S2"))
    answer = basma.post("/desk/records/E1/merge", data=values)
    assert (
        answer.status_code == 422 and "One of the two records has changed since then" in answer.text
    )
    assert "Quite another" in answer.text and sent(answer.text)["reason"] == "The same."
    with desk_session(two_events) as db:
        drafts.begin_to_change(db, person(two_events, "Chidi"), "E2")
    page = basma.get("/desk/records/E1/merge?with=E2").text
    answer = basma.post("/desk/records/E1/merge", data=sent(page) | {"reason": "The same."})
    assert answer.status_code == 422
    assert "Chidi has an open draft of E2: the draft must be published" in answer.text


def test_only_existing_records_are_merged(two_events: Settings, basma: TestClient) -> None:
    for nothing in ("E99", "nonsense"):
        assert basma.get(f"/desk/records/{nothing}/merge").status_code == 404
        assert basma.post("/desk/records/E1/merge", data={"with": nothing}).status_code == 404
    assert basma.post("/desk/records/E1/merge", data={"with": "S1"}).status_code == 404
    assert basma.post("/desk/merges/99999999999/undo", data={}).status_code == 404
