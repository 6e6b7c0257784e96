"""The growing lists: admins add, rename and retire codes, and old addresses go on finding what they should."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.cast import sign_in
from tests.desk.conftest import Visit
from tests.make import make_code, make_event, make_term

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
    """An admin, and readers before whom three events about two kinds of paper are published."""
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


def found(client: TestClient, question: str) -> list[str]:
    return sorted(row["id"] for row in client.get(f"/events.json?{question}").json()["items"])


def test_a_code_that_is_added_stands_in_the_codebook_and_can_be_asked_for(amal: TestClient) -> None:
    answer = amal.post("/desk/vocabulary/new/paper", data=NEW)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/desk/vocabulary/paper:work-visa",
    )
    assert "Work visa" in amal.get("/codebook").text
    assert "Work visa" in amal.get("/desk/vocabulary").text
    assert found(amal, "paper=work-visa") == []
    assert amal.post("/desk/vocabulary/new/type", data=TYPE).status_code == 303


def test_a_label_that_changes_stays_what_it_was_in_old_editions(amal: TestClient) -> None:
    assert amal.post("/desk/vocabulary/paper:student", data=CHANGED).status_code == 303
    assert "Student permit" in amal.get("/codebook").text
    assert "Student permit" not in amal.get("/codebook?edition=1").text
    page = amal.get("/desk/vocabulary/paper:student").text
    assert "As the law calls it." in page and "“Student”" in page
    # Nothing is published twice.
    assert (
        "Nothing was changed"
        in amal.get(
            amal.post("/desk/vocabulary/paper:student", data=CHANGED).headers["location"]
        ).text
    )


def test_whoever_asks_by_a_retired_code_finds_what_its_successor_finds(amal: TestClient) -> None:
    retired = amal.post(
        "/desk/vocabulary/paper:student/retire", data={"successor": "study", "reason": "One thing."}
    )
    assert retired.status_code == 303
    assert found(amal, "paper=student") == found(amal, "paper=study") == ["E1", "E2"]
    assert found(amal, "paper=student&edition=1") == ["E1"], "an old edition is as it was"
    page = amal.get("/events?paper=student").text
    assert "“Student” was retired; “Study” stands for it" in page
    offered = re.findall(r'name="paper" value="([\w-]+)"', amal.get("/events").text)
    assert "study" in offered and "student" not in offered


def test_all_that_a_retirement_lacks_is_said_at_once(amal: TestClient) -> None:
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
def test_a_code_of_the_same_list_need_not_be_known_by_heart(
    amal: TestClient, address: str, field: str, offers: list[str]
) -> None:
    """It isn't offered itself, nor one that was retired, nor one of another list."""
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


def test_a_retired_code_is_taken_back(amal: TestClient) -> None:
    amal.post(
        "/desk/vocabulary/paper:student/retire", data={"successor": "study", "reason": "One thing."}
    )
    assert (
        amal.post(
            "/desk/vocabulary/paper:student/take-back", data={"reason": "Two after all."}
        ).status_code
        == 303
    )
    assert (found(amal, "paper=student"), found(amal, "paper=study")) == (["E1"], ["E2"])


def test_a_type_of_event_is_retired_like_any_code(amal: TestClient) -> None:
    amal.post("/desk/vocabulary/new/type", data={**TYPE, "code": "stay-rule", "nature": "measure"})
    old = amal.get("/events.json").json()["items"][0]["type"]
    amal.post(
        f"/desk/vocabulary/type:{old}/retire",
        data={"successor": "stay-rule", "reason": "Better said."},
    )
    assert found(amal, "type=stay-rule") == found(amal, f"type={old}") == ["E1", "E2"]


@pytest.mark.parametrize("successor", ["student", "nothing-known", "gone", ""])
def test_only_another_code_in_use_can_take_over(amal: TestClient, successor: str) -> None:
    """So that no code stands for itself, by however many steps."""
    amal.post("/desk/vocabulary/new/paper", data={**NEW, "code": "gone"})
    amal.post(
        "/desk/vocabulary/paper:gone/retire", data={"successor": "study", "reason": "One thing."}
    )
    answer = amal.post(
        "/desk/vocabulary/paper:student/retire", data={"successor": successor, "reason": "Because."}
    )
    assert answer.status_code == 422
    assert "Because." in answer.text, "nothing that was typed is lost"
    assert found(amal, "paper=student") == ["E1"]


@pytest.mark.parametrize(
    ("address", "typed", "wrong"),
    [
        ("new/paper", {**NEW, "code": "student"}, "has that code already"),
        ("new/paper", {**NEW, "code": "Not a code!"}, "Code"),
        ("new/paper", {**NEW, "label": ""}, "Label"),
        ("new/type", {**NEW, "group": "nobody"}, "Heading"),
        ("paper:student", {**CHANGED, "reason": ""}, "Reason"),
        ("paper:student", {**CHANGED, "why": "whim"}, "How much it weighs"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    amal: TestClient, address: str, typed: dict[str, str], wrong: str
) -> None:
    answer = amal.post(f"/desk/vocabulary/{address}", data=typed)
    assert answer.status_code == 422
    assert wrong in answer.text and "A visa to work." in answer.text
    assert amal.get("/codebook").text.count("A visa to work.") == 0


@pytest.mark.parametrize("page", ["", "/new/paper", "/paper:student"])
def test_the_lists_are_for_admins(amal: TestClient, basma: TestClient, page: str) -> None:
    address = f"/desk/vocabulary{page}"
    assert amal.get(address).status_code == 200
    assert basma.get(address).status_code == 403
    assert basma.post(address, data=NEW).status_code in {403, 405}


@pytest.mark.parametrize("address", ["new/nothing", "paper:nothing", "nothing"])
def test_what_there_is_not_is_not_found(amal: TestClient, address: str) -> None:
    assert amal.get(f"/desk/vocabulary/{address}").status_code == 404
