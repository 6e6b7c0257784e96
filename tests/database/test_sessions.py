"""Pages whose query a replica cancels."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.about import about

BREAK_OFF = text(
    "DO $$ BEGIN RAISE EXCEPTION 'conflict with recovery' "
    "USING ERRCODE = 'serialization_failure'; END $$"
)
"""PostgreSQL answers as it does on a replica."""


@pytest.mark.parametrize(("breaks", "status"), [([True, False], 200), ([True, True], 503)])
def test_page_cancelled_by_replica_is_retried_once(
    published: Settings, monkeypatch: pytest.MonkeyPatch, breaks: Sequence[bool], status: int
) -> None:
    left = iter(breaks)

    def about_or_broken_off(db: Any, *rest: Any) -> Any:
        if next(left):
            db.execute(BREAK_OFF)
        return about(db, *rest)

    monkeypatch.setattr("app.site.about.about", about_or_broken_off)
    with TestClient(create_app(published)) as client:
        assert client.get("/about").status_code == status
    assert list(left) == []
