"""People of the desk for tests: Amal (admin), Basma (editor), Chidi (contributor).

Amal and Basma have an authenticator app.
"""

import re
from functools import cache

import pyotp
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.desk.identity import passwords, second_factor
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.second_factor import encrypt
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.html import first_match

PASSWORD = "four words and a horse"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

FACTOR_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of everybody's app in these tests."""

ROLES = {"Amal": DeskRole.ADMIN, "Basma": DeskRole.EDITOR, "Chidi": DeskRole.CONTRIBUTOR}


@cache
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def email(name: str) -> str:
    return f"{name.lower()}@example.org"


def add_person(db: Session, name: str) -> Person:
    """Add somebody who has joined, without a second factor."""
    person = Person(email=email(name), name=name, role=ROLES[name], password_hash=password_hash())
    db.add(person)
    db.flush()
    return person


def make_people(settings: Settings, *names: str, with_factor: bool = True) -> dict[str, int]:
    """Add people who have joined, all with one password, and return their ids.

    People whose role needs a second factor have an app, unless a test is about adding one.
    """
    with desk_session(settings) as db:
        people = [add_person(db, name) for name in names]
        for person in people:
            if with_factor and second_factor.is_required(settings, person):
                person.factor_secret = encrypt(settings, FACTOR_SECRET, person.id)
        return {person.name: person.id for person in people}


def person(settings: Settings, name: str) -> Person:
    with desk_session(settings) as db:
        found = db.scalars(select(Person).where(Person.email == email(name))).one()
        db.expunge(found)
        return found


def give_password(
    client: TestClient, name: str, password: str = PASSWORD, next: str = ""
) -> Response:
    return client.post(
        "/desk/sign-in", data={"email": email(name), "password": password, "next": next}
    )


def sign_in(client: TestClient, name: str, password: str = PASSWORD, next: str = "") -> Response:
    """Sign in with the password and, where required, the app's code; return the last response."""
    answer = give_password(client, name, password, next)
    # Some clients follow redirects, so the last response may be the page itself.
    if "/desk/sign-in/code" not in (
        answer.url.path,
        answer.headers.get("location", "").partition("?")[0],
    ):
        return answer
    assert isinstance(client.app, FastAPI)
    with client.app.state.desk_engine.begin() as connection:
        forget_used_codes(connection)
    return client.post(
        "/desk/sign-in/code", data={"code": pyotp.TOTP(FACTOR_SECRET).now(), "next": next}
    )


def add_factor(client: TestClient) -> tuple[str, list[str]]:
    """Add an app through its page; return the secret and the recovery codes."""
    page = client.get("/desk/account").text
    found = first_match(r'name="secret" value="([A-Z2-7]{32})"', page)
    secret = found
    assert " ".join(re.findall("....", secret)) in page, (
        "the page must show the secret in groups of four for typing"
    )
    assert "<svg" in page
    form = {"secret": secret, "code": pyotp.TOTP(secret).now(), "own_password": PASSWORD}
    answer = client.post("/desk/account/second-factor", data=form)
    assert answer.status_code == 200
    codes = re.findall(r"<li>([a-z2-7-]{19})</li>", answer.text)
    assert len(set(codes)) == second_factor.RECOVERY_CODE_COUNT
    return secret, codes


def forget_used_codes(db: Connection | Session) -> None:
    """Reset all accepted time steps, because a code works only once."""
    db.execute(text("UPDATE desk.person SET factor_step = 0 WHERE factor_step <> 0"))


def is_in(client: TestClient) -> bool:
    return client.get("/desk").status_code == 200
