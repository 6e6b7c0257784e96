"""SOJOURN_READ_ONLY: readers are served, and nothing is changed."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.cli.conftest import Run, run  # noqa: F401 - a fixture
from tests.support.environment import environment_of

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def locked(published: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(published.model_copy(update={"read_only": True}))) as client:
        yield client


def test_readers_are_served(locked: TestClient) -> None:
    assert locked.get("/events").status_code == 200
    assert locked.get("/healthz/live").status_code == 200


def test_desk_is_closed(locked: TestClient) -> None:
    for method in ("GET", "POST"):
        answer = locked.request(method, "/desk/sign-in", headers=SAME_SITE)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "600")
        assert "Changes are temporarily not possible" in answer.text


def test_letter_is_not_taken_and_stays_in_the_page(locked: TestClient) -> None:
    answer = locked.post("/tell", data={"text": "The date is wrong."}, headers=SAME_SITE)
    assert answer.status_code == 503
    assert "The date is wrong." in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_form_in_api_gets_its_usual_answer(locked: TestClient) -> None:
    assert locked.post("/api/v1/events").status_code == 405


def test_commands_that_write_are_refused(run: Run, database: Settings) -> None:  # noqa: F811
    environment = environment_of(database.model_copy(update={"read_only": True}))
    for command in (["editor", "add", "a@example.org"], ["migrate"], ["import", "seeds"]):
        ended = run(command, **environment)
        assert ended.code == 1
        assert "unset SOJOURN_READ_ONLY" in ended.complaint, command
    assert run(["tick"], **environment).output == "SOJOURN_READ_ONLY is set, so no jobs run.\n"
