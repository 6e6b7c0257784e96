"""Records that a bulk edit lists."""

import re

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.bulk_edits import WHY, preview_edit


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
