"""What a control refuses is logged with the route, the reason and, at the desk, the person."""

import logging
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.desk.conftest import Visit
from tests.support.desk_people import give_password, person

Lines = Callable[[], list[dict[str, object]]]
FIELDS = ("route", "status", "fault", "person")


def refusals(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [
        {name: getattr(each, name) for name in FIELDS if getattr(each, name, None) is not None}
        for each in caplog.records
        if each.name == "sojourn.requests" and each.getMessage() == "Refused"
    ]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Lines:
    """Return what was refused since the test began."""
    caplog.set_level(logging.INFO, "sojourn")
    return lambda: refusals(caplog)


def test_page_of_another_role_names_the_person(
    chidi: TestClient, desk_world: Settings, logged: Lines
) -> None:
    assert chidi.get("/desk/people").status_code == 403
    assert logged() == [
        {
            "route": "/desk/people",
            "status": 403,
            "fault": "forbidden",
            "person": person(desk_world, "Chidi").id,
        }
    ]


def test_missing_sign_in_is_logged_without_a_person(
    visit: Visit, desk_world: Settings, logged: Lines
) -> None:
    visit().get("/desk/drafts/17")
    assert logged() == [{"route": "/desk/drafts/{id}", "status": 303, "fault": "not signed in"}]


def test_form_of_another_site_is_logged(visit: Visit, desk_world: Settings, logged: Lines) -> None:
    visit().post("/desk/drafts/17", headers={"sec-fetch-site": "cross-site"})
    assert logged() == [{"route": "none", "status": 403, "fault": "cross-site"}]


def test_too_many_tries_are_logged_without_name_and_address(
    visit: Visit,
    desk_world: Settings,
    caplog: pytest.LogCaptureFixture,
    logged: Lines,
) -> None:
    client = visit()
    while give_password(client, "Amal", "a wrong password").status_code != 429:
        pass
    assert logged() == [{"route": "/desk/sign-in", "status": 429, "fault": "limit"}]
    ours = [each for each in caplog.records if each.name.startswith("sojourn")]
    assert not any(
        word in f"{each.__dict__}" for each in ours for word in ("amal@", "198.51.100.1", "wrong p")
    )


def test_ordinary_work_leaves_no_line(basma: TestClient, logged: Lines) -> None:
    assert basma.get("/desk/review").status_code == 200
    begun = basma.post("/desk/drafts", data={"key": "one", "kind": "E"})
    assert basma.get(begun.headers["location"]).status_code == 200
    assert logged() == []
