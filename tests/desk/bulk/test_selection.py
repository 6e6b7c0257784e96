"""Records that a bulk edit lists."""

import re

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.bulk_edits import WHY, preview_edit


def test_submitted_records_make_room_for_next_ones(
    construction: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next records of a longer list appear once the first are submitted."""
    address = "/desk/bulk?kind=event"
    monkeypatch.setattr("app.desk.bulk.selection.MAX_RECORDS", 2)

    def listed() -> list[str]:
        return re.findall(r'name="take\.(E\d+)"', basma.get(address).text)

    first = listed()
    assert len(first) == 2 and "left out" not in basma.get(address).text
    act = {"what": "place", "do": "replace", "old": "place-1", "new": "place-4"}
    made = ""
    for _page in range(2):
        _preview, sent = preview_edit(basma, address, act, *listed())
        made = basma.post(address, data={**sent, **WHY}).headers["location"]
    assert (
        listed() == []
        and "4 records were found, and all have open drafts" in basma.get(address).text
    )
    basma.post(made, data={"do": "take-back"})
    assert len(listed()) == 2 and not set(listed()) & set(first)
    page = basma.get(address).text
    assert "2 records have open drafts and are left out" in page


def test_record_with_open_draft_is_skipped(
    construction: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/desk/bulk?kind=event"
    _page, sent = preview_edit(
        basma, address, {"what": "place", "do": "replace", "old": "place-1", "new": "place-4"}, "E1"
    )
    basma.post(address, data={**sent, **WHY})
    page = basma.get(address).text
    assert "1 record has an open draft" in page and "Showing the first" not in page
    monkeypatch.setattr("app.desk.bulk.selection.MAX_RECORDS", 1)
    page = basma.get(address).text
    assert "Showing the first 1 of 4" in page and re.findall(r'name="take\.(E\d+)"', page) == ["E2"]
