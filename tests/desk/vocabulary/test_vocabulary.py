"""The vocabulary: admins add, rename and retire codes; queries with old codes keep working."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.make import make_code, make_event, make_term
from tests.support.desk_people import sign_in

NEW = {
    "code": "work-visa",
    "label": "Work visa",
    "definition": "A visa to work.",
    "example": "",
    "group": "",
}
CHANGED = {**NEW, "label": "Student permit", "why": "clarified", "reason": "As the law calls it."}
TYPE = {**NEW, "code": "notice", "group": "host-state", "nature": "act"}


@pytest.fixture
def amal(desk_world: Settings, visit: Visit) -> TestClient:
    """An admin; the published record has three events with two kinds of permit."""
    student, study = ([make_term(), make_term("paper", code)] for code in ("student", "study"))
    with desk_session(desk_world) as db:
        save_all(
            db,
            [make_code("study", "paper"), make_event(1, terms=student), make_event(2, terms=study)],
        )
        publish_approved(db, "The first")
    client = visit()
    sign_in(client, "Amal")
    return client


def event_ids(client: TestClient, question: str) -> list[str]:
    return sorted(row["id"] for row in client.get(f"/events.json?{question}").json()["items"])


def test_added_code_is_in_the_codebook_and_in_filters(amal: TestClient) -> None:
    answer = amal.post("/desk/vocabulary/new/paper", data=NEW)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/desk/vocabulary/paper:work-visa",
    )
    assert "Work visa" in amal.get("/codebook").text
    assert "Work visa" in amal.get("/desk/vocabulary").text
    assert event_ids(amal, "paper=work-visa") == []
    assert amal.post("/desk/vocabulary/new/type", data=TYPE).status_code == 303


def test_type_is_marked_as_law(amal: TestClient) -> None:
    law = {**TYPE, "code": "decree", "nature": "measure", "is_law": "yes"}
    assert amal.post("/desk/vocabulary/new/type", data=law).status_code == 303
    page = amal.get("/desk/vocabulary/type:decree").text
    assert re.search(r'name="is_law"[^>]*value="yes"[^>]*checked', page) or re.search(
        r'<option value="yes" selected', page
    )
    changed = {**law, "why": "clarified", "reason": "No law.", "is_law": "no"}
    assert amal.post("/desk/vocabulary/type:decree", data=changed).status_code == 303
    refused = amal.post("/desk/vocabulary/new/type", data={**TYPE, "is_law": "yes"})
    assert refused.status_code == 422 and "Only a measure is a law or listing." in refused.text


def test_changed_label_stays_the_same_in_old_editions(amal: TestClient) -> None:
    assert amal.post("/desk/vocabulary/paper:student", data=CHANGED).status_code == 303
    assert "Student permit" in amal.get("/codebook").text
    assert "Student permit" not in amal.get("/codebook?edition=1").text
    page = amal.get("/desk/vocabulary/paper:student").text
    assert "As the law calls it." in page and "“Student”" in page
    # An unchanged code is not published again.
    assert (
        "Nothing was changed"
        in amal.get(
            amal.post("/desk/vocabulary/paper:student", data=CHANGED).headers["location"]
        ).text
    )


def test_retired_code_matches_the_successors_records(amal: TestClient) -> None:
    retired = amal.post(
        "/desk/vocabulary/paper:student/retire", data={"successor": "study", "reason": "One thing."}
    )
    assert retired.status_code == 303
    assert event_ids(amal, "paper=student") == event_ids(amal, "paper=study") == ["E1", "E2"]
    assert event_ids(amal, "paper=student&edition=1") == ["E1"], (
        "retiring a code must not change an old edition"
    )
    page = amal.get("/events?paper=student").text
    assert "“Student” was replaced by “Study”. These are the results for “Study”." in page
    offered = re.findall(r'name="paper" value="([\w-]+)"', amal.get("/events?all=filters").text)
    assert "study" in offered and "student" not in offered


def test_incomplete_retirement_reports_all_errors(amal: TestClient) -> None:
    answer = amal.post(
        "/desk/vocabulary/paper:student/retire", data={"successor": "", "reason": ""}
    )
    assert answer.status_code == 422 and "2 things to fix" in answer.text


@pytest.mark.parametrize(
    ("address", "field", "offers"),
    [
        ("paper:student", "successor", ["study"]),
        ("paper:student", "group", ["study"]),
        ("new/paper", "group", ["student", "study"]),
    ],
)
def test_codes_of_the_same_list_are_suggested(
    amal: TestClient, address: str, field: str, offers: list[str]
) -> None:
    """Without the code itself, retired codes, and codes of other lists."""
    amal.post("/desk/vocabulary/new/sector", data={**NEW, "code": "fishing"})
    amal.post("/desk/vocabulary/new/paper", data={**NEW, "code": "gone"})
    amal.post(
        "/desk/vocabulary/paper:gone/retire", data={"successor": "study", "reason": "One thing."}
    )
    page = amal.get(f"/desk/vocabulary/{address}").text
    asked = re.search(rf'<input [^>]*name="{field}"[^>]* list="([\w-]+)"', page)
    assert asked
    listed = re.search(rf'<datalist id="{asked[1]}">(.*?)</datalist>', page)
    assert listed and re.findall(r'value="([\w-]+)"', listed[1]) == offers


def test_retired_code_is_restored(amal: TestClient) -> None:
    amal.post(
        "/desk/vocabulary/paper:student/retire", data={"successor": "study", "reason": "One thing."}
    )
    assert (
        amal.post(
            "/desk/vocabulary/paper:student/take-back", data={"reason": "Two after all."}
        ).status_code
        == 303
    )
    assert (event_ids(amal, "paper=student"), event_ids(amal, "paper=study")) == (["E1"], ["E2"])


def test_event_type_is_retired(amal: TestClient) -> None:
    amal.post("/desk/vocabulary/new/type", data={**TYPE, "code": "stay-rule", "nature": "measure"})
    old = amal.get("/events.json").json()["items"][0]["type"]
    amal.post(
        f"/desk/vocabulary/type:{old}/retire",
        data={"successor": "stay-rule", "reason": "Better said."},
    )
    assert event_ids(amal, "type=stay-rule") == event_ids(amal, f"type={old}") == ["E1", "E2"]


@pytest.mark.parametrize("successor", ["student", "nothing-known", "gone", ""])
def test_successor_must_be_another_code_in_use(amal: TestClient, successor: str) -> None:
    """Codes can't replace themselves, neither directly nor through other codes."""
    amal.post("/desk/vocabulary/new/paper", data={**NEW, "code": "gone"})
    amal.post(
        "/desk/vocabulary/paper:gone/retire", data={"successor": "study", "reason": "One thing."}
    )
    answer = amal.post(
        "/desk/vocabulary/paper:student/retire", data={"successor": successor, "reason": "Because."}
    )
    assert answer.status_code == 422
    assert "Because." in answer.text, "the error page must keep the typed reason"
    assert event_ids(amal, "paper=student") == ["E1"]


@pytest.mark.parametrize(
    ("address", "typed", "wrong"),
    [
        ("new/paper", {**NEW, "code": "student"}, "already has that code"),
        ("new/paper", {**NEW, "code": "Not a code!"}, "Code"),
        ("new/paper", {**NEW, "label": ""}, "Label"),
        ("new/type", {**NEW, "group": "nobody"}, "Heading"),
        ("paper:student", {**CHANGED, "reason": ""}, "Reason"),
        ("paper:student", {**CHANGED, "why": "whim"}, "Type of change"),
    ],
)
def test_error_is_shown_and_input_is_kept(
    amal: TestClient, address: str, typed: dict[str, str], wrong: str
) -> None:
    answer = amal.post(f"/desk/vocabulary/{address}", data=typed)
    assert answer.status_code == 422
    assert wrong in answer.text and "A visa to work." in answer.text
    assert amal.get("/codebook").text.count("A visa to work.") == 0


@pytest.mark.parametrize("page", ["", "/new/paper", "/paper:student"])
def test_vocabulary_is_for_admins(amal: TestClient, basma: TestClient, page: str) -> None:
    address = f"/desk/vocabulary{page}"
    assert amal.get(address).status_code == 200
    assert basma.get(address).status_code == 403
    assert basma.post(address, data=NEW).status_code in {403, 405}


@pytest.mark.parametrize("address", ["new/nothing", "paper:nothing", "nothing"])
def test_unknown_list_or_code_is_not_found(amal: TestClient, address: str) -> None:
    assert amal.get(f"/desk/vocabulary/{address}").status_code == 404
