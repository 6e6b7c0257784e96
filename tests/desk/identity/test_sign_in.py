"""Signing in with a password, signing out, and the lifetime of sign-ins."""

import pytest
from fastapi import Request
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.identity.sign_ins import browser_name
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_people import FIREFOX, PASSWORD, is_in, make_people, sign_in


def test_password_signs_in_and_out(desk_world: Settings, visit: Visit) -> None:
    client, thief = visit(), visit()
    assert client.get("/desk").headers["location"] == "/desk/sign-in"
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
