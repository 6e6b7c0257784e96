"""The standing cast of the desk: Amal is an admin, Basma an editor, Chidi a contributor."""

from functools import cache

from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.people import passwords
from app.desk.people.models import Person, Role
from app.settings import Settings
from tests.conftest import desk_session

PASSWORD = "four words and a horse"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

ROLES = {"Amal": Role.ADMIN, "Basma": Role.EDITOR, "Chidi": Role.CONTRIBUTOR}


@cache
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def email(name: str) -> str:
    return f"{name.lower()}@example.org"


def make_people(settings: Settings, *names: str) -> dict[str, int]:
    """People who have joined, with one password for all, and their ids."""
    with desk_session(settings) as db:
        people = [
            Person(email=email(name), name=name, role=ROLES[name], password_hash=password_hash()) for name in names
        ]
        db.add_all(people)
        db.flush()
        return {person.name: person.id for person in people}


def person(settings: Settings, name: str) -> Person:
    with desk_session(settings) as db:
        found = db.scalars(select(Person).where(Person.email == email(name))).one()
        db.expunge(found)
        return found


def sign_in(client: TestClient, name: str, password: str = PASSWORD, next: str = "") -> Response:
    return client.post("/desk/sign-in", data={"email": email(name), "password": password, "next": next})


def is_in(client: TestClient) -> bool:
    return client.get("/desk").status_code == 200
