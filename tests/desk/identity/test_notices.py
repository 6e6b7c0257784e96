"""Failed sign-ins are logged and counted. Accounts get notices of them and of new browsers."""

import re

from fastapi import FastAPI
from sqlalchemy import event, text
from starlette.testclient import TestClient

from app.desk.identity import commands
from app.desk.identity.models import Person
from app.desk.identity.sign_ins import hash_of
from app.desk.identity.throttle import MAX_PER_ADDRESS
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_people import PASSWORD, give_password, is_in, person, sign_in
from tests.support.html import first_match

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def rows_of_log(admin: TestClient, address: str = "/desk/audit?only=failures") -> list[str]:
    rows = re.findall(r"<tr><td.*?</time></td>(.*?)</tr>", admin.get(address).text)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def fail(visit: Visit, name: str, times: int) -> None:
    for number in range(times):
        assert (
            sign_in(visit(f"203.0.113.{number}"), name, f"guess number {number}").status_code == 422
        )


# Failures -----------------------------------------------------------------------------------------


def test_failure_is_logged_and_counted(
    desk_world: Settings, amal: TestClient, visit: Visit
) -> None:
    basma = visit()
    basma.base_url = basma.base_url.copy_with(host="localhost")
    sign_in(basma, "Nobody")
    sign_in(basma, "Basma", "not hers at all")
    give_password(basma, "Basma")
    basma.post("/desk/sign-in/code", data={"code": "000000"})
    basma.post("/desk/sign-in/passkey", data={"credential": "{}"})
    assert "2 failed sign-ins" in amal.get("/desk/people").text
    page = amal.get(f"/desk/people/{person(desk_world, 'Basma').id}").text
    assert "2 since the last sign-in" in page
    sign_in(basma, "Basma")
    assert person(desk_world, "Basma").failures == 0
    basma.post("/desk/account/password", data={"own_password": "wrong", "password": PASSWORD})
    assert rows_of_log(amal) == [
        "Basma Entered a wrong password while signed in Basma",
        "someone Failed to sign in: wrong passkey",
        "someone Failed to sign in: wrong code after the right password Basma",
        "someone Failed to sign in: wrong e-mail or password Basma",
        "someone Failed to sign in: wrong e-mail or password",
    ]
    assert "5 failed sign-ins in the last 24 hours." in amal.get("/desk/audit").text
    assert "Basma Signed in" in rows_of_log(amal, "/desk/audit")


def test_fifth_failure_shows_notice_until_read(
    desk_world: Settings, amal: TestClient, visit: Visit
) -> None:
    chidi = visit()
    fail(visit, "Chidi", 4)
    sign_in(chidi, "Chidi")
    assert "attempts to sign in" not in chidi.get("/desk").text
    fail(visit, "Chidi", 6)
    sign_in(chidi, "Chidi")
    for address in ("/desk", "/desk/round"):
        assert "6 attempts to sign in to your account failed." in chidi.get(address).text
    assert "attempts to sign in" not in amal.get("/desk").text
    last = first_match(r'name="last" value="(\d+)"', chidi.get("/desk/round").text)
    answer = chidi.post("/desk/account/notices/read", data={"last": last, "next": "/desk/round"})
    assert answer.headers["location"] == "/desk/round"
    assert "attempts to sign in" not in chidi.get("/desk").text
    for nonsense in ("", "x", "-1", "9" * 40, "٣"):
        assert chidi.post("/desk/account/notices/read", data={"last": nonsense}).status_code == 303


def test_failure_runs_equal_statements_for_unknown_person(
    app: FastAPI, amal: TestClient, visit: Visit
) -> None:
    """Without the statements of the notice: a missing one would reveal which accounts exist."""
    counted: list[str] = []
    event.listen(
        app.state.desk_engine, "before_cursor_execute", lambda *parts: counted.append(parts[2])
    )
    costs = []
    for name in ("Chidi", "Nobody"):
        counted.clear()
        assert sign_in(visit(), name, "not the password").status_code == 422
        costs.append(list(counted))
    assert costs[0] == costs[1]


def test_passkey_responses_are_limited(desk_world: Settings, visit: Visit) -> None:
    client = visit()
    client.base_url = client.base_url.copy_with(host="localhost")
    form, most = {"credential": "{}"}, MAX_PER_ADDRESS["passkey answer"]
    answers = [client.post("/desk/sign-in/passkey", data=form).status_code for _ in range(most + 1)]
    assert answers == [422] * most + [429]


# Browsers -----------------------------------------------------------------------------------------


def test_new_browser_shows_notice_in_the_others(amal: TestClient, visit: Visit) -> None:
    phone = visit(user_agent=SAFARI)
    sign_in(phone, "Amal")
    notice = "Someone signed in to your account with a new browser: Safari on iPhone."
    assert notice not in phone.get("/desk").text, (
        "a new browser must not see the notice about itself"
    )
    assert notice in amal.get("/desk").text
    amal.post("/desk/sign-out")
    sign_in(amal, "Amal")
    page = amal.get("/desk").text
    assert notice in page and page.count("new browser") == 1, (
        "signing in again with a known browser must add no notice"
    )
    amal.post("/desk/account/notices/read", data={"last": "9999"})
    phone.post("/desk/sign-out")
    sign_in(phone, "Amal")
    assert "new browser" not in amal.get("/desk").text


def test_browser_of_two_people_is_known_to_both(amal: TestClient, visit: Visit) -> None:
    amal.post("/desk/sign-out")
    sign_in(amal, "Chidi")
    amal.post("/desk/sign-out")
    for name in ("Amal", "Chidi"):
        sign_in(amal, name)
        amal.post("/desk/account/notices/read", data={"last": "9999"})
        amal.post("/desk/sign-out")
        sign_in(amal, name)
        assert "new browser" not in amal.get("/desk").text
        amal.post("/desk/sign-out")


def test_planted_device_token_is_replaced(desk_world: Settings, visit: Visit) -> None:
    client, planted = visit(), "x" * 43
    client.cookies.set("sojourn-device", planted, domain="testserver.local", path="/")
    answer = sign_in(client, "Chidi")
    assert planted not in str(answer.headers)
    with desk_session(desk_world) as db:
        hashes = set(db.scalars(text("SELECT token_hash FROM desk.device")))
    assert hash_of(planted) not in hashes and hash_of(client.cookies["sojourn-device"]) in hashes


def test_joining_adds_no_notice_but_a_reset_does(
    desk_world: Settings, amal: TestClient, visit: Visit
) -> None:
    with desk_session(desk_world) as db:
        chidi = db.get_one(Person, person(desk_world, "Chidi").id)
        chidi.password_hash = None
        link = f"/desk/welcome/{commands.make_link(db, chidi, by=None)}"
    client = visit()
    assert client.post(link, data={"name": "Chidi", "password": PASSWORD}).status_code == 303
    assert is_in(client)
    with desk_session(desk_world) as db:
        count = text("SELECT count(*) FROM desk.notice WHERE person = :id")
        assert db.scalar(count, {"id": person(desk_world, "Chidi").id}) == 0
        chidi = db.get_one(Person, person(desk_world, "Chidi").id)
        link = f"/desk/welcome/{commands.make_link(db, chidi, by=None)}"
    thief = visit(user_agent=SAFARI)
    assert thief.post(link, data={"password": "another horse with five words"}).status_code == 303
    sign_in(client, "Chidi", "another horse with five words")
    page = client.get("/desk").text
    assert "Your password was set with a link." in page and "new browser: Safari on iPhone." in page
