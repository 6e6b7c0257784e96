"""The vocabulary: admins add, rename and retire codes; queries with old codes keep working."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import make_code, make_event, make_term
from tests.support.draft_pages import begin, post
from tests.support.worlds import desk_with

NEW = {
    "code": "work-visa",
    "label": "Work visa",
    "definition": "A visa to work.",
    "example": "",
    "group": "",
}
CHANGED = {**NEW, "label": "Student permit", "why": "clarified", "reason": "As the law calls it."}
TYPE = {**NEW, "code": "notice", "group": "host-state", "nature": "act"}


RETIRED = {
    **NEW,
    "label": "Student",
    "successor": "study",
    "why": "updated",
    "reason": "One thing.",
}


permits = desk_with(
    "permits",
    make_code("study", "paper"),
    *(
        make_event(number, terms=[make_term(), make_term("paper", code)])
        for number, code in enumerate(("student", "study"), 1)
    ),
)
"""A published record of two events, with two kinds of permit."""


pytestmark = pytest.mark.usefixtures("permits")


def change(client: TestClient, address: str, **typed: str) -> Any:
    return client.post(f"/desk/vocabulary/{address}", data=typed)


def event_ids(client: TestClient, question: str) -> list[str]:
    return sorted(row["id"] for row in client.get(f"/events.json?{question}").json()["items"])


def test_added_code_is_in_the_codebook_and_in_filters(amal: TestClient) -> None:
    answer = change(amal, "new/paper", **NEW)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk/vocabulary/paper:work-visa"
    assert "Work visa" in amal.get("/codebook").text
    assert "Work visa" in amal.get("/desk/vocabulary").text
    assert event_ids(amal, "paper=work-visa") == []
    assert change(amal, "new/type", **TYPE).status_code == 303


def test_nationality_is_added_to_the_record_by_its_first_use(
    desk_world: Settings, amal: TestClient
) -> None:
    at = begin(amal)
    post(amal, at, "add terms nationality")
    assert '<option value="mn">Mongolian</option>' in amal.get(at).text
    assert "Nationals of Mongolia." not in amal.get("/codebook").text
    with desk_session(desk_world) as db:
        mongolian = make_term("nationality", "mn")
        save_all(db, [make_event(9, terms=[make_term(), mongolian]), make_event(8)])
        publish_approved(db, "One event", only={"E9"})
    wait_until(lambda: event_ids(amal, "nationality=mn") == ["E9"], "the worker to hear of it")
    codebook = amal.get("/codebook").text
    assert "Nationals of Mongolia." in codebook and "Nationals of Vietnam." not in codebook


def test_changed_label_stays_the_same_in_old_editions(amal: TestClient) -> None:
    assert change(amal, "paper:student", **CHANGED).status_code == 303
    assert "Student permit" in amal.get("/codebook").text
    assert "Student permit" not in amal.get("/codebook?edition=1").text
    assert "As the law calls it." in amal.get("/changes").text
    # An unchanged code is not published again.
    again = change(amal, "paper:student", **CHANGED).headers["location"]
    assert "Nothing was changed" in amal.get(again).text


def test_retired_code_matches_the_successors_records_until_restored(amal: TestClient) -> None:
    assert change(amal, "paper:student", **RETIRED).status_code == 303
    assert event_ids(amal, "paper=student") == event_ids(amal, "paper=study") == ["E1", "E2"]
    assert event_ids(amal, "paper=student&edition=1") == ["E1"], (
        "retiring a code must not change an old edition"
    )
    page = amal.get("/events?paper=student").text
    assert "“Student” was replaced by “Study”. These are the results for “Study”." in page
    offered = re.findall(r'name="paper" value="([\w-]+)"', amal.get("/events?all=filters").text)
    assert "study" in offered and "student" not in offered
    assert "retired; now study" in amal.get("/desk/vocabulary").text
    back = change(amal, "paper:student", **{**RETIRED, "successor": "", "reason": "Two after all."})
    assert back.status_code == 303
    assert (event_ids(amal, "paper=student"), event_ids(amal, "paper=study")) == (["E1"], ["E2"])


WRONG = [
    ("new/paper", {**NEW, "code": "student"}, "already has that code"),
    ("new/paper", {**NEW, "code": "Not a code!"}, 'id="code-error"'),
    ("new/paper", {**NEW, "label": ""}, 'id="label-error"'),
    ("new/type", {**TYPE, "group": "nobody"}, "The heading of a type of event is one of"),
    ("paper:student", {**CHANGED, "reason": ""}, 'id="reason-error"'),
    ("paper:student", {**CHANGED, "why": "whim"}, 'id="why-error"'),
    ("paper:student", {**RETIRED, "successor": "student"}, 'id="successor-error"'),
    ("paper:student", {**RETIRED, "successor": "nothing-known"}, 'id="successor-error"'),
    ("paper:student", {**RETIRED, "successor": "gone"}, 'id="successor-error"'),
]


def test_error_is_shown_and_input_is_kept(amal: TestClient) -> None:
    change(amal, "new/paper", **{**NEW, "code": "gone", "definition": "It was one."})
    change(amal, "paper:gone", **{**RETIRED, "definition": "It was one."})
    for address, typed, wrong in WRONG:
        answer = change(amal, address, **typed)
        assert answer.status_code == 422, typed
        assert wrong in answer.text and "A visa to work." in answer.text, typed
    assert "A visa to work." not in amal.get("/codebook").text


def test_page_of_unknown_list_or_code_is_missing(amal: TestClient) -> None:
    for page in ("/new/paper", "/paper:student"):
        assert amal.get(f"/desk/vocabulary{page}").status_code == 200
    for unknown in ("new/nothing", "paper:nothing", "nothing"):
        assert amal.get(f"/desk/vocabulary/{unknown}").status_code == 404
