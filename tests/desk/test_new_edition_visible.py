"""An editor who publishes sees the edition at once, even if the worker has not loaded it yet."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.settings import Settings
from app.web.security import PUBLISHED_EDITION_COOKIE
from tests.conftest import wait_until
from tests.desk.conftest import Visit

pytestmark = pytest.mark.usefixtures("one_person_desk")


def test_editor_waits_for_edition_that_worker_has_not_loaded(
    published_world: Settings, app: FastAPI, basma: TestClient, visit: Visit
) -> None:
    reader, indexes = visit(), app.state.indexes
    wait_until(lambda: "etag" in reader.get("/events").headers, "the first edition to be kept")
    assert basma.get("/events.json").json()["total"] == 1
    with indexes.busy:  # this worker is busy
        answer = basma.post("/desk/records/E1/withdraw", data={"reason": "It was another city."})
        assert answer.cookies[PUBLISHED_EDITION_COOKIE] == "2"
        assert all(
            word in answer.headers["set-cookie"]
            for word in ("HttpOnly", "SameSite=Lax", "Max-Age=60")
        )
        # The editor's own pages wait for that edition, for a few seconds.
        late = basma.get("/events.json")
        assert late.status_code == 503 and "retry-after" in late.headers
        # Others still read the earlier edition; the editor's page was not cached for them.
        others = reader.get("/events.json")
        assert (others.headers["x-sojourn-edition"], others.json()["total"]) == ("1", 1)
        assert reader.get("/events/E1").status_code == 200
        wait_until(lambda: reader.get("/healthz").json()["edition"] == 2, "the watch to see it")
        assert reader.get("/healthz").json()["served"] == 1
    wait_until(lambda: reader.get("/events.json").json()["total"] == 0, "the new edition")
    assert "It was another city." in basma.get("/events/E1").text
    assert "set-cookie" not in reader.get("/events").headers
