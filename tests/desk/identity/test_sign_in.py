"""Signing in with a password, signing out, and the lifetime of sign-ins."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import event, text
from starlette.testclient import TestClient

from app.desk.identity import commands, passwords, throttle
from app.desk.identity.models import Person
from app.desk.identity.sign_ins import browser_name, hash_of
from app.desk.identity.throttle import MAX_PER_ADDRESS
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_accounts import as_owner
from tests.support.desk_people import (
    FIREFOX,
    PASSWORD,
    email,
    give_password,
    is_in,
    make_people,
    person,
    sign_in,
)
from tests.support.html import first_match


def test_password_signs_in_and_out(desk_world: Settings, visit: Visit) -> None:
    client, thief = visit(), visit()
    assert client.get("/desk").headers["location"] == "/desk/sign-in"
    assert client.post("/desk/drafts", headers={"hx-request": "true"}).status_code == 401
    answer = sign_in(client, "Basma")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    home = client.get("/desk").text
    assert "Basma" in home and "Editor" in home and "Desk – private" in home
    assert client.get("/desk/sign-in").headers["location"] == "/desk"
    thief.cookies.update(client.cookies)
    assert is_in(thief)
    with desk_session(desk_world) as db:
        tables = "SELECT s::text, p::text FROM desk.sign_in s, desk.person p"
        kept = str(db.execute(text(tables)).all())
    assert client.cookies["sojourn"] not in kept and PASSWORD not in kept
    assert client.post("/desk/sign-out").headers["location"] == "/desk/sign-in"
    assert not is_in(client) and not is_in(thief), "a copied cookie ends with the sign-in"


def test_wrong_password_and_unknown_address_look_the_same(
    desk_world: Settings, visit: Visit
) -> None:
    client = visit()
    for name, password in (("Basma", "not her password"), ("Nobody", PASSWORD)):
        answer = sign_in(client, name, password)
        assert answer.status_code == 422
        assert "The e-mail or password is wrong" in answer.text and password not in answer.text
        assert "set-cookie" not in answer.headers and not is_in(client)
    answer = client.post("/desk/sign-in", data={"email": "basma"})
    assert answer.status_code == 422 and "2 things to fix" in answer.text
    assert "This is not an e-mail address" in answer.text and "Fill this in." in answer.text
    client.post("/desk/sign-in", data={"email": "  CHIDI@Example.ORG ", "password": PASSWORD})
    assert is_in(client)


def test_sign_in_expires(desk_world: Settings, basma: TestClient) -> None:
    for column, days, is_still_in in (
        ("seen_at", 2, True),
        ("seen_at", 4, False),
        ("began_at", 29, True),
        ("began_at", 31, False),
    ):
        with desk_session(desk_world) as db:
            fresh = {"seen_at": "now()", "began_at": "now()"}
            fresh[column] += f" - interval '{days} days'"
            aged = ", ".join(f"{name} = {time}" for name, time in fresh.items())
            db.execute(text(f"UPDATE desk.sign_in SET {aged}"))
        assert is_in(basma) is is_still_in, (column, days)


@pytest.mark.usefixtures("real_hashes")
def test_weak_hash_is_replaced_when_signing_in(database: Settings, visit: Visit) -> None:
    from argon2 import PasswordHasher

    make_people(database, "Basma")
    with desk_session(database) as db:
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        db.execute(text("UPDATE desk.person SET password_hash = :weak"), {"weak": weak})
    assert sign_in(visit(), "Basma").status_code == 303
    with desk_session(database) as db:
        assert "m=65536" in (db.scalar(text("SELECT password_hash FROM desk.person")) or "")
    assert sign_in(visit(), "Basma").status_code == 303


def test_browser_name_has_no_version_or_model() -> None:
    on_windows = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
    for sent, name in {
        FIREFOX: "Firefox on Linux",
        f"{on_windows} Edg/140.0": "Edge on Windows",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Safari/537": "Chrome on Android",
        "curl/8.0": "A browser",
    }.items():
        headers = [(b"user-agent", sent.encode())]
        assert browser_name(Request({"type": "http", "headers": headers})) == name


# Password guessing is limited, and responses do not reveal which accounts exist -------------------


# Guessing -----------------------------------------------------------------------------------------


def test_guessing_one_password_locks_out_only_the_guesser(
    desk_world: Settings, visit: Visit
) -> None:
    guesser, amal = visit("203.0.113.9"), visit("198.51.100.1")
    answers = [sign_in(guesser, "Amal", f"guess number {n}").status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert sign_in(guesser, "Amal").status_code == 429, (
        "a locked-out client must be refused even with the right password"
    )
    assert sign_in(amal, "Amal").status_code == 303
    assert sign_in(visit("203.0.113.9"), "Basma").status_code == 303, (
        "another account must be able to sign in from the guesser's address"
    )


def test_guessing_for_many_people_is_limited(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(throttle.MAX_PER_ADDRESS, "address", 4)
    guesser = visit("2001:db8:1:2::1")
    answers = [sign_in(guesser, f"Person{n}").status_code for n in range(6)]
    assert answers == [422] * 4 + [429] * 2
    # An IPv6 /64 is one household with countless addresses.
    assert sign_in(visit("2001:db8:1:2:ffff::9"), "Another").status_code == 429
    assert sign_in(visit("2001:db8:1:3::1"), "Another").status_code == 422


def test_further_attempts_do_not_prolong_the_wait(desk_world: Settings, visit: Visit) -> None:
    client = visit("203.0.113.9")
    for _ in range(9):
        sign_in(client, "Amal", "a slip of the finger")
    with desk_session(desk_world) as db:
        kept = db.execute(text("SELECT * FROM desk.attempt")).all()
    assert len(kept) == 2 * throttle.MAX_TRIES_PER_NAME_AND_ADDRESS
    assert "203.0.113" not in str(kept) and "amal" not in str(kept)
    as_owner(desk_world, "UPDATE desk.attempt SET at = at - interval '16 minutes'")
    for _ in range(7):
        assert sign_in(client, "Amal").status_code == 303, "a success removes its attempt"


def test_concurrent_guesses_are_limited(desk_world: Settings, app: FastAPI) -> None:
    def guess(number: int) -> int:
        client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
        return sign_in(client, "Amal", f"guess number {number}").status_code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert answers.count(422) <= throttle.MAX_TRIES_PER_NAME_AND_ADDRESS
    assert set(answers) == {422, 429}


# Revealing accounts -------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_hashes")
def test_response_takes_one_password_check(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing check would reveal unknown addresses by a shorter response time."""
    make_people(database, "Amal", "Basma", "Chidi")
    with desk_session(database) as db:
        db.execute(text("UPDATE desk.person SET disabled_at = now() WHERE name = 'Basma'"))
        db.execute(text("UPDATE desk.person SET password_hash = NULL WHERE name = 'Chidi'"))
    checked: list[str] = []

    class Counting:
        def verify(self, hash: str, password: str) -> bool:
            checked.append(hash)
            return real.verify(hash, password)

    passwords._dummy_hash()
    real = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    for name in ("Amal", "Nobody", "Basma", "Chidi"):
        checked.clear()
        assert sign_in(visit(), name, "not the password").status_code == 422
        (hash,) = checked
        assert hash.startswith("$argon2id$") and hash.split("$")[3] == "m=65536,t=3,p=4", name


def test_dummy_hash_signs_in_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_dummy_hash", lambda: passwords.hash_password(PASSWORD))
    assert not passwords.is_correct(PASSWORD, None)


def test_password_changed_during_the_check_is_rejected(
    desk_world: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.is_correct

    def slowly(password: str, password_hash: str | None) -> bool:
        """Right; but by the time that this is known, Amal has another."""
        answer = real(password, password_hash)
        with desk_session(desk_world) as db:
            amal = commands.find_by_email(db, email("Amal"))
            assert amal is not None
            commands.change_password(db, amal, "another horse with five words")
        return answer

    monkeypatch.setattr(passwords, "is_correct", slowly)
    client = visit()
    assert sign_in(client, "Amal").status_code == 422
    assert not is_in(client)


# Failed sign-ins are logged and counted. Accounts get notices of them and of new browsers ---------


SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def failures_in_log(admin: TestClient) -> list[str]:
    rows = re.findall(r"<tr><td.*?</time></td>(.*?)</tr>", admin.get("/desk/audit").text)
    entries = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    return [each for each in entries if "Failed to" in each or "wrong" in each]


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
    assert failures_in_log(amal) == [
        "Basma Entered a wrong password while signed in Basma",
        "someone Failed to sign in: wrong passkey",
        "someone Failed to sign in: wrong code after the right password Basma",
        "someone Failed to sign in: wrong e-mail or password Basma",
        "someone Failed to sign in: wrong e-mail or password",
    ]
    assert "5 failed sign-ins in the last 24 hours." in amal.get("/desk/audit").text


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
    amal.post("/desk/account/recovery-codes", data={"own_password": PASSWORD})
    assert notice in amal.get("/desk").text, "a new sign-in in this browser must not hide it"
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
