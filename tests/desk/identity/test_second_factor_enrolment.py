"""Enrolment of second factors: required ones, replacing and removing them."""

import re

import pyotp
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.identity import second_factor
from app.desk.identity.permissions import signed_in
from app.desk.routes import router
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_accounts import give_code
from tests.support.desk_people import (
    PASSWORD,
    add_factor,
    forget_used_codes,
    give_password,
    is_in,
    make_people,
    person,
    sign_in,
)
from tests.support.routes import dependencies_of, routes_of


@pytest.mark.parametrize(("name", "setting"), [("Amal", False), ("Basma", False), ("Chidi", True)])
def test_role_needing_factor_is_locked_out_without_one(
    database: Settings, name: str, setting: bool
) -> None:
    make_people(database, name, with_factor=False)
    settings = database.model_copy(update={"contributor_second_factor": setting})
    headers = {"sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings), follow_redirects=False, headers=headers) as client:
        give_password(client, name)
        closed = set()
        for route in routes_of(router):
            path = re.sub(r"{\w+(:int)?}", "1", route.path)
            for method in route.methods or ():
                location = client.request(method, path).headers.get("location", "")
                if location.startswith("/desk/account"):
                    closed.add((method, route.path))
            if "sojourn" not in client.cookies:
                give_password(client, name)
        asking = {
            (method, route.path)
            for route in routes_of(router)
            for method in route.methods or ()
            if signed_in in dependencies_of(route)
        }
        assert closed >= asking and len(asking) > 70
        assert client.get("/desk/round?page=2").headers["location"] == (
            "/desk/account?next=%2Fdesk%2Fround%3Fpage%3D2"
        )
        page = client.get("/desk/account").text
        assert "Add a second factor to continue" in page and "<nav" not in page
        before = client.cookies["sojourn"]
        add_factor(client)
        assert client.cookies["sojourn"] != before
        assert is_in(client)


def test_app_is_replaced_with_password_and_new_code(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    client = visit()
    give_password(client, "Basma")
    give_code(client, pyotp.TOTP(secret_and_codes[0]).now())
    other = second_factor.new_secret()
    elsewhere = visit()
    give_password(elsewhere, "Basma")
    assert give_code(elsewhere, secret_and_codes[1][0]) == 303
    form = {"secret": other, "code": pyotp.TOTP(other).now(), "own_password": PASSWORD}
    assert (
        client.post(
            "/desk/account/second-factor", data=form | {"own_password": "wrong"}
        ).status_code
        == 422
    )
    assert client.post("/desk/account/second-factor", data=form).status_code == 200
    kept = person(database, "Basma")
    assert second_factor.decrypt(database, kept) == other
    assert is_in(client) and not is_in(elsewhere)
    with desk_session(database) as db:
        forget_used_codes(db)
    for code, status in (
        (pyotp.TOTP(secret_and_codes[0]).now(), 422),
        (secret_and_codes[1][1], 422),
        (pyotp.TOTP(other).now(), 303),
    ):
        give_password(elsewhere, "Basma")
        assert give_code(elsewhere, code) == status


def test_recovery_codes_renewed_and_factor_removed_if_allowed(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    client = visit()
    give_password(client, "Basma")
    give_code(client, pyotp.TOTP(secret_and_codes[0]).now())
    wrong, right = {"own_password": "not hers at all"}, {"own_password": PASSWORD}
    before = person(database, "Basma").recovery_hashes
    for address in ("/desk/account/recovery-codes", "/desk/account/second-factor/remove"):
        assert client.post(address, data=wrong).status_code == 422
    assert person(database, "Basma").recovery_hashes == before
    assert client.post("/desk/account/recovery-codes", data=right).status_code == 200
    assert not set(person(database, "Basma").recovery_hashes) & set(before)
    refused = client.post("/desk/account/second-factor/remove", data=right)
    assert refused.status_code == 422 and "Your role requires a second factor" in refused.text
    assert "Remove the app" not in client.get("/desk/account").text
    assert person(database, "Basma").factor_secret
    with desk_session(database) as db:
        db.execute(text("UPDATE desk.person SET role = 'contributor' WHERE name = 'Basma'"))
    assert client.post("/desk/account/second-factor/remove", data=right).status_code == 303
    without = person(database, "Basma")
    assert without.factor_secret is None and without.recovery_hashes == []
    assert give_password(visit(), "Basma").headers["location"] == "/desk"


def test_admin_removes_all_factors_of_a_person(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    admin = visit()
    sign_in(admin, "Amal")
    basma = person(database, "Basma").id
    assert "Remove the second factor" in admin.get(f"/desk/people/{basma}").text
    signed_in = visit()
    give_password(signed_in, "Basma")
    assert give_code(signed_in, secret_and_codes[1][0]) == 303 and is_in(signed_in)
    admin.post(f"/desk/people/{basma}/second-factor/remove")
    assert not is_in(signed_in), "removing the factors of a person must end all their sign-ins"
    client = visit()
    assert give_password(client, "Basma").headers["location"] == "/desk"
    assert client.get("/desk").headers["location"] == "/desk/account"
    add_factor(client)
    assert is_in(client)
