"""A worker serves the old edition until the new one is loaded, even after failures."""

import logging
import re

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import make_event, publish_all
from tests.support.desk_accounts import as_owner


def publish_event(settings: Settings, number: int, readers_see_it: bool = True) -> None:
    with desk_session(settings, readers_see_it) as desk:
        publish_all(desk, make_event(number, citations=[]))


def test_worker_that_fails_to_update_serves_old_edition(
    two_published_events: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(create_app(two_published_events)) as client:
        wait_until(
            lambda: "etag" in client.get("/events").headers, "the first edition to be brought in"
        )
        well = {"status": "ok", "edition": 1, "served": 1, "seconds_behind": 0}
        wait_until(lambda: client.get("/healthz").json() == well, "common words to be gathered")
        assert client.get("/healthz").status_code == 200
        as_owner(two_published_events, "REVOKE SELECT ON record.term FROM sojourn_reader")
        with caplog.at_level(logging.ERROR, "sojourn"):
            publish_event(two_published_events, 3, readers_see_it=False)
            wait_until(lambda: "can't bring in the newest edition" in caplog.text, "it to fail")
        ill = client.get("/healthz").json()
        assert (ill["status"], ill["edition"], ill["served"]) == ("behind", 2, 1)
        assert (
            ill["problem"]
            == "Edition 2 can't be brought in (ProgrammingError); readers see edition 1."
        )
        # A new query, so that no cache can answer it.
        answer = client.get("/events.json?type=stay-limit&limit=7")
        assert (
            answer.headers["x-sojourn-edition"],
            answer.json()["edition"],
            answer.json()["total"],
        ) == ("1", 1, 2)
        assert client.get("/events/E3").status_code == 404
        as_owner(two_published_events, "GRANT SELECT ON record.term TO sojourn_reader")
        wait_until(
            lambda: client.get("/events.json?type=stay-limit&limit=7").json()["total"] == 3,
            "it to catch up",
        )
        assert client.get("/healthz").status_code == 200


def test_edition_loading_too_long_is_reported(two_published_events: Settings) -> None:
    app = create_app(two_published_events)
    with TestClient(app) as client:
        wait_until(
            lambda: "etag" in client.get("/events").headers, "the first edition to be brought in"
        )
        with app.state.indexes.busy:
            publish_event(two_published_events, 3, readers_see_it=False)
            wait_until(lambda: client.get("/healthz").json()["edition"] == 2, "the watch to see it")
            lagging = client.get("/healthz")
            assert (lagging.status_code, lagging.json()["edition"], lagging.json()["served"]) == (
                200,
                2,
                1,
            )
            assert app.state.indexes.behind_since
            app.state.indexes.behind_since -= 3600
            late = client.get("/healthz")
            assert late.status_code == 503
            assert re.search(
                r"has been on its way in for 36\d\d s; readers see edition 1",
                late.json()["problem"],
            )
