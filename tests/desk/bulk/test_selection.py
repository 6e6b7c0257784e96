"""Records that a bulk edit lists."""

import re

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.bulk_edits import WHY, preview_edit


def listed(client: TestClient, typed: str) -> list[str]:
    page = client.get("/desk/bulk", params={"in": typed}).text
    return re.findall(r'name="take\.([A-Z]\d+)"', page)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("/events?sector=construction&edition=1&sort=-happened", ["E1", "E2"]),
        ("https://sojourn.example/events?sector=construction", ["E1", "E2"]),
        ("E3, E1;E3\nE99", ["E3", "E1"]),
        ("/places?q=place+4", ["P4"]),
        ("/estimates", ["M1"]),
    ],
)
def test_records_are_named_by_list_or_ids(
    construction: Settings, basma: TestClient, typed: str, ids: list[str]
) -> None:
    assert sorted(listed(basma, typed)) == sorted(ids)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/status?place=place-1", "This is no list of records"),
        ("the first ten", "This is no list of records"),
        ("E1 M1", "Choose records of one kind"),
        ("X1", "There are no such records"),
        ("/events?sektor=construction", "“sektor=construction”"),
    ],
)
def test_what_names_no_records_is_refused(
    construction: Settings, basma: TestClient, typed: str, told: str
) -> None:
    answer = basma.get("/desk/bulk", params={"in": typed})
    assert answer.status_code == 422 and told in answer.text and typed in answer.text


def test_submitted_records_make_room_for_next_ones(
    construction: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next records of a longer list appear once the first are submitted."""
    monkeypatch.setattr("app.desk.bulk.commands.MAX_RECORDS", 2)
    first = listed(basma, "/events")
    assert len(first) == 2
    act = {"what": "place", "do": "replace", "old": "place-1", "new": "place-4"}
    for _page in range(2):
        _preview, sent = preview_edit(basma, "/desk/bulk", act, *listed(basma, "/events"))
        basma.post("/desk/bulk", data={**sent, **WHY})
    page = basma.get("/desk/bulk", params={"in": "/events"}).text
    assert "4 records were found, and all have open drafts" in page
