"""Each request has an id; a log line has its route and never its address, query or client."""

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

FIELDS = ("request", "route", "method", "status", "ms", "fault", "hung_up")


@pytest.fixture(scope="module")
def logging_all(published: Settings) -> Iterator[TestClient]:
    settings = published.model_copy(update={"log_requests": True})
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def lines_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [
        {name: getattr(each, name) for name in FIELDS if getattr(each, name, None) is not None}
        for each in caplog.records
        if each.name == "sojourn.requests"
    ]


def test_line_names_the_route_and_no_words_of_the_reader(
    logging_all: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    for request_line, route, status in (
        ("GET /events?q=Dandong", "/events", 200),
        ("GET /events?q=Dandong", "/events", 200),
        ("HEAD /events/E1", "/events/{name}", 200),
        ("GET /events/Dandong", "/events/{name}", 404),
        ("GET /Dandong", "none", 404),
        ("GET /desk/Dandong", "none", 404),
        ("GET /tell/Dandong", "/tell/{code}", 404),
    ):
        caplog.clear()
        method, path = request_line.split()
        with caplog.at_level(logging.INFO, "sojourn"):
            id = logging_all.request(method, path).headers["x-request-id"]
        (line,) = lines_of(caplog)
        assert isinstance(line.pop("ms"), float)
        assert line == {"request": id, "route": route, "method": method, "status": status}
        ours = [each for each in caplog.records if not each.name.startswith("http")]
        said = "".join(f"{each.__dict__}" for each in ours)
        assert "Dandong" not in said and "testclient" not in said, request_line


def test_visit_is_not_logged_by_default(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "sojourn"):
        client.get("/events")
    assert lines_of(caplog) == []
