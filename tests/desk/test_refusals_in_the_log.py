"""What a control refuses is logged with the route, the reason and, at the desk, the person."""

import logging

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.desk.conftest import Visit
from tests.support.desk_people import give_password, person

FIELDS = ("route", "status", "fault", "person")


def test_refusals_are_logged_and_ordinary_work_is_not(
    chidi: TestClient,
    basma: TestClient,
    visit: Visit,
    desk_world: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "sojourn")
    begun = basma.post("/desk/drafts", data={"key": "one", "kind": "E"})
    assert basma.get(begun.headers["location"]).status_code == 200
    assert chidi.get("/desk/people").status_code == 403
    visit().get("/desk/drafts/17")
    visit().post("/desk/drafts/17", headers={"sec-fetch-site": "cross-site"})
    client = visit()
    while give_password(client, "Amal", "a wrong password").status_code != 429:
        pass
    ours = [each for each in caplog.records if each.name.startswith("sojourn")]
    refusals = [
        tuple(getattr(each, name, None) for name in FIELDS)
        for each in ours
        if each.name == "sojourn.requests" and each.getMessage() == "Refused"
    ]
    assert refusals == [
        ("/desk/people", 403, "forbidden", person(desk_world, "Chidi").id),
        ("/desk/drafts/{id}", 303, "not signed in", None),
        ("none", 403, "cross-site", None),
        ("/desk/sign-in", 429, "limit", None),
    ]
    assert not any(
        word in f"{each.__dict__}" for each in ours for word in ("amal@", "198.51.100.1", "wrong p")
    )
