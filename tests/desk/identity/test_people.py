"""Invitations, joining, roles, forgotten passwords, disabling; one admin always remains."""

from concurrent.futures import ThreadPoolExecutor, wait

import pyotp
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.identity import commands
from app.desk.identity.models import Person
from app.desk.identity.permissions import can_approve
from app.desk.identity.roles import DeskRole
from app.settings import Settings
from tests.conftest import MOST_SECONDS, desk_session
from tests.desk.conftest import Visit
from tests.support.desk_accounts import invite, link_in
from tests.support.desk_people import (
    FACTOR_SECRET,
    PASSWORD,
    add_factor,
    email,
    give_password,
    is_in,
    make_people,
    person,
    sign_in,
)

ANOTHER = "another horse with five words"


@pytest.fixture
def amal(database: Settings, visit: Visit) -> TestClient:
    """Client of a signed-in admin."""
    make_people(database, "Amal")
    client = visit()
    sign_in(client, "Amal")
    return client


# Joining ------------------------------------------------------------------------------------------


def test_invited_person_sets_name_and_password(
    database: Settings, amal: TestClient, visit: Visit
) -> None:
    link = invite(amal, "Chidi")
    assert "invited" in amal.get("/desk/people").text
    client = visit()
    assert email("Chidi") in client.get(link).text
    assert client.get(link).status_code == 200, "opening an invitation must not use it up"
    answer = client.post(link, data={"name": "Chidi", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert is_in(client)
    assert person(database, "Chidi").role == DeskRole.CONTRIBUTOR
    assert client.get("/desk/people").status_code == 403
    assert client.get(link).status_code == 404, "a used invitation must not open again"
    assert client.post(link, data={"name": "Mallory", "password": PASSWORD}).status_code == 404
    assert person(database, "Chidi").name == "Chidi"


def test_invitation_used_concurrently_works_once(
    database: Settings, amal: TestClient, visit: Visit
) -> None:
    link = invite(amal, "Chidi")
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda n: visit().post(link, data={"name": f"N{n}", "password": PASSWORD}), range(4)
        )
        assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404]


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12 characters"),
        ("", "Fill this in."),
        ("abababababab", "This password is easy to guess"),
        ("password1234", "This password is easy to guess"),
        ("qwertyuiop[]", "This password is easy to guess"),
        ("letmein letmein", "This password is easy to guess"),
        ("chidi@example.org", "This password is easy to guess"),
    ],
)
def test_weak_password_is_rejected_when_joining(
    amal: TestClient, visit: Visit, password: str, says: str
) -> None:
    link = invite(amal, "Chidi")
    answer = visit().post(link, data={"name": "Chidi", "password": password})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Chidi"' in answer.text, "the form with an error must keep the typed name"
    assert visit().get(link).status_code == 200


@pytest.mark.parametrize(("age", "status"), [("71 hours", 200), ("73 hours", 404)])
def test_invitation_expires(
    database: Settings, amal: TestClient, visit: Visit, age: str, status: int
) -> None:
    link = invite(amal, "Chidi")
    with desk_session(database) as db:
        db.execute(text(f"UPDATE desk.link SET expires_at = expires_at - interval '{age}'"))
    assert visit().get(link).status_code == status


def test_new_link_invalidates_the_older(database: Settings, amal: TestClient, visit: Visit) -> None:
    older = invite(amal, "Chidi")
    newer = link_in(amal.post(f"/desk/people/{person(database, 'Chidi').id}/link").text)
    assert visit().get(older).status_code == 404
    assert visit().get(newer).status_code == 200


def test_invitation_of_known_or_missing_address_is_rejected(amal: TestClient) -> None:
    assert (
        "An account with this address already exists."
        in amal.post("/desk/people", data={"email": email("Amal")}).text
    )
    answer = amal.post("/desk/people", data={"email": "chidi@", "role": "owner"})
    assert answer.status_code == 422
    assert "This is not an e-mail address" in answer.text and "Choose one of these." in answer.text


def test_unknown_link_is_not_found(visit: Visit) -> None:
    for token in ("x", "a" * 43, "%00", "é"):
        answer = visit().get(f"/desk/welcome/{token}")
        assert answer.status_code == 404
        assert "This link no longer works" in answer.text


# First link ---------------------------------------------------------------------------------------


def test_first_link_creates_one_admin(database: Settings, visit: Visit) -> None:
    with desk_session(database) as db:
        link = f"/desk/welcome/{commands.make_first_link(db)}"
    form = {"email": "Amal@Example.org", "name": "Amal", "password": PASSWORD}
    assert "You become its first admin" in visit().get(link).text
    client = visit()
    assert client.post(link, data=form).status_code == 303
    assert client.get("/desk/people").headers["location"].startswith("/desk/account/second-factor")
    add_factor(client)
    assert client.get("/desk/people").status_code == 200
    assert visit().post(link, data=form | {"email": "mallory@example.org"}).status_code == 404


def test_first_link_is_invalid_once_an_account_exists(database: Settings, visit: Visit) -> None:
    with desk_session(database) as db:
        link = f"/desk/welcome/{commands.make_first_link(db)}"
    make_people(database, "Basma")
    assert visit().get(link).status_code == 404
    form = {"email": "mallory@example.org", "name": "Mallory", "password": PASSWORD}
    assert visit().post(link, data=form).status_code == 404


# Passwords ----------------------------------------------------------------------------------------


def test_password_change_ends_other_sign_ins(database: Settings, visit: Visit) -> None:
    make_people(database, "Basma")
    here, there = visit(), visit()
    sign_in(here, "Basma")
    sign_in(there, "Basma")
    before = here.cookies["sojourn"]
    assert (
        here.post(
            "/desk/account/password", data={"own_password": PASSWORD, "password": ANOTHER}
        ).status_code
        == 303
    )
    assert here.cookies["sojourn"] != before
    assert "Your password was changed" in here.get("/desk/account").text
    assert "Your password was changed" not in here.get("/desk/account").text, (
        "a notice must appear on one page only"
    )
    assert not is_in(there)
    assert sign_in(visit(), "Basma").status_code == 422
    assert sign_in(visit(), "Basma", ANOTHER).status_code == 303


def test_weak_password_is_rejected_when_changing(database: Settings, visit: Visit) -> None:
    make_people(database, "Chidi")
    client = visit()
    sign_in(client, "Chidi")
    form = {"own_password": PASSWORD, "password": "iloveyou2019!"}
    answer = client.post("/desk/account/password", data=form)
    assert answer.status_code == 422 and "This password is easy to guess" in answer.text
    assert sign_in(visit(), "Chidi").status_code == 303


@pytest.mark.parametrize("password", [f"  {ANOTHER}", f"{ANOTHER}  ", ANOTHER.replace(" ", "  ")])
def test_password_keeps_surrounding_blanks(database: Settings, visit: Visit, password: str) -> None:
    make_people(database, "Chidi")
    client = visit()
    sign_in(client, "Chidi")
    assert client.post(
        "/desk/account/password", data={"own_password": PASSWORD, "password": password}
    ).is_redirect
    for other in (ANOTHER, f" {password}", f"{password} "):
        assert sign_in(visit(), "Chidi", other).status_code == 422
    assert sign_in(visit(), "Chidi", password).status_code == 303


def test_password_change_needs_the_old_password(database: Settings, visit: Visit) -> None:
    make_people(database, "Basma")
    client = visit()
    sign_in(client, "Basma")
    form = {"own_password": "not hers at all", "password": ANOTHER}
    answers = [client.post("/desk/account/password", data=form) for _ in range(7)]
    assert all(answer.status_code == 422 for answer in answers)
    assert "This password is wrong. Enter your current password." in answers[0].text
    assert "Too many failed attempts" in answers[-1].text
    assert sign_in(visit(), "Basma").status_code == 303


def test_reset_link_sets_password_and_asks_for_code(
    database: Settings, amal: TestClient, visit: Visit
) -> None:
    make_people(database, "Basma")
    thief = visit()
    give_password(thief, "Basma")
    link = link_in(amal.post(f"/desk/people/{person(database, 'Basma').id}/link").text)
    client = visit()
    assert "For Basma." in client.get(link).text
    assert (
        client.post(link, data={"password": ANOTHER})
        .headers["location"]
        .startswith("/desk/sign-in/code")
    )
    assert not is_in(client)
    client.post("/desk/sign-in/code", data={"code": pyotp.TOTP(FACTOR_SECRET).now()})
    assert is_in(client)
    assert thief.get("/desk/sign-in/code").status_code == 303, (
        "a new password must end sign-ins that used the old one"
    )
    assert person(database, "Basma").name == "Basma"


# Sign-ins -----------------------------------------------------------------------------------------


def test_own_sign_ins_are_listed_and_can_be_ended(database: Settings, visit: Visit) -> None:
    make_people(database, "Basma", "Chidi")
    here, there, third, chidi = visit(), visit(user_agent="Safari/1 (iPhone)"), visit(), visit()
    for client in (here, there, third):
        sign_in(client, "Basma")
    sign_in(chidi, "Chidi")
    page = here.get("/desk/account").text
    assert "Safari on iPhone" in page and page.count("Firefox on Linux") >= 2
    with desk_session(database) as db:
        of_there = db.scalar(text("SELECT id FROM desk.sign_in WHERE browser LIKE 'Safari%'"))
    assert chidi.post(f"/desk/account/sign-ins/{of_there}/end").status_code == 404, (
        "nobody may end the sign-ins of another person"
    )
    assert is_in(there)
    assert here.post(f"/desk/account/sign-ins/{of_there}/end").status_code == 303
    assert not is_in(there) and is_in(third)
    here.post("/desk/account/sign-ins/end-others")
    assert not is_in(third) and is_in(here) and is_in(chidi)


# Disabling and roles ------------------------------------------------------------------------------


def test_disabled_person_is_signed_out_until_enabled(
    database: Settings, amal: TestClient, visit: Visit
) -> None:
    basma = make_people(database, "Basma")["Basma"]
    client = visit()
    sign_in(client, "Basma")
    link = link_in(amal.post(f"/desk/people/{basma}/link").text)
    amal.post(f"/desk/people/{basma}/disable")
    assert not is_in(client)
    assert sign_in(client, "Basma").status_code == 422
    assert visit().get(link).status_code == 404
    assert amal.post(f"/desk/people/{basma}/link").status_code == 409
    assert "disabled" in amal.get("/desk/people").text
    amal.post(f"/desk/people/{basma}/enable")
    assert sign_in(client, "Basma").status_code == 303


def test_unknown_role_is_rejected(database: Settings, amal: TestClient) -> None:
    basma = make_people(database, "Basma")["Basma"]
    assert amal.post(f"/desk/people/{basma}/role", data={"role": "owner"}).status_code == 422


def test_changed_role_ends_every_sign_in(
    database: Settings, amal: TestClient, visit: Visit
) -> None:
    basma = make_people(database, "Basma")["Basma"]
    client = visit()
    for role, status in (("admin", 200), ("contributor", 403)):
        sign_in(client, "Basma")
        amal.post(f"/desk/people/{basma}/role", data={"role": role})
        assert not is_in(client)
        sign_in(client, "Basma")
        assert client.get("/desk/people").status_code == status


@pytest.mark.parametrize("what", ["role", "link", "second-factor/remove", "disable", "enable"])
def test_admin_cannot_manage_own_account(database: Settings, amal: TestClient, what: str) -> None:
    me = person(database, "Amal").id
    assert amal.post(f"/desk/people/{me}/{what}", data={"role": "contributor"}).status_code == 403
    assert (
        amal.post(f"/desk/people/{me + 1}/{what}", data={"role": "contributor"}).status_code == 404
    )
    assert (
        amal.post(f"/desk/people/{2**40}/{what}", data={"role": "contributor"}).status_code == 404
    )


def test_last_admin_cannot_be_disabled(database: Settings) -> None:
    make_people(database, "Amal", "Basma")
    with desk_session(database) as db:
        amal = commands.find_by_email(db, email("Amal"))
        assert amal is not None
        with pytest.raises(commands.LastAdminError):
            commands.disable(db, amal, by=None)
        with pytest.raises(commands.LastAdminError):
            commands.change_role(db, amal, DeskRole.EDITOR, by=None)
        # An invited admin who has not joined does not count.
        commands.invite(db, "dara@example.org", DeskRole.ADMIN, by=None)
        with pytest.raises(commands.LastAdminError):
            commands.disable(db, amal, by=None)


def test_admins_disabling_each_other_leave_one(database: Settings) -> None:
    make_people(database, "Amal", "Basma")
    with desk_session(database) as db:
        db.execute(text("UPDATE desk.person SET role = 'admin'"))

    def disable(name: str) -> None:
        with desk_session(database) as db:
            person = commands.find_by_email(db, email(name))
            assert person is not None
            commands.disable(db, person, by=None)

    with ThreadPoolExecutor(1) as pool:
        with desk_session(database) as db:
            basma = commands.find_by_email(db, email("Basma"))
            assert basma is not None
            commands.disable(db, basma, by=None)
            db.flush()
            other = pool.submit(disable, "Amal")
            # The second request waits for the commit of the first.
            assert not wait([other], timeout=0.5).done
        with pytest.raises(commands.LastAdminError):
            other.result(MOST_SECONDS)


# Four eyes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "is_author", "is_alone", "may"),
    [
        (DeskRole.EDITOR, False, False, True),
        (DeskRole.ADMIN, False, False, True),
        (DeskRole.EDITOR, True, False, False),
        (DeskRole.ADMIN, True, False, False),
        (DeskRole.EDITOR, True, True, True),
        (DeskRole.CONTRIBUTOR, False, False, False),
        (DeskRole.CONTRIBUTOR, True, True, False),
    ],
)
def test_author_cannot_approve_own_work(
    role: DeskRole, is_author: bool, is_alone: bool, may: bool
) -> None:
    somebody = Person(id=1, role=role)
    settings = Settings(one_person_desk=is_alone)
    assert can_approve(somebody, [1, 2] if is_author else [2], settings) is may
