"""Invitations, joining, roles, forgotten passwords, disabling; one admin always remains."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.database.engines import migration_engine
from app.desk.identity import audit_log, commands
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.permissions import can_approve
from app.settings import Settings
from tests.conftest import MOST_SECONDS, desk_session, reader_session, wait_until
from tests.desk.conftest import Visit
from tests.support.desk_accounts import invite, is_waited_for, link_in
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


# Joining ------------------------------------------------------------------------------------------

EASY = "This password is easy to guess"
WEAK = {
    "short": "at least 12 characters",
    "": "Fill this in.",
    "abababababab": EASY,
    "password1234": EASY,
    "qwertyuiop[]": EASY,
    "letmein letmein": EASY,
    "dara@example.org": EASY,
    "correct horse battery staple": EASY,
    "Correct-HorseBattery  staple1234567": EASY,
    "to be or not to be, that is the question": EASY,
}


def test_invited_person_sets_name_and_password_once(
    desk_world: Settings, amal: TestClient, visit: Visit
) -> None:
    link, client = invite(amal, "Dara"), visit()
    assert "invited" in amal.get("/desk/people").text
    assert email("Dara") in client.get(link).text
    for password, error in WEAK.items():
        answer = client.post(link, data={"name": "Dara", "password": password})
        assert answer.status_code == 422 and error in answer.text, password
        assert 'value="Dara"' in answer.text, "the form with an error must keep the typed name"
    assert client.get(link).status_code == 200, "opening an invitation must not use it up"
    answer = client.post(link, data={"name": "Dara", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert is_in(client)
    assert person(desk_world, "Dara").role == DeskRole.CONTRIBUTOR
    assert client.get("/desk/people").status_code == 403
    assert client.get(link).status_code == 404, "a used invitation must not open again"
    assert client.post(link, data={"name": "Mallory", "password": PASSWORD}).status_code == 404
    assert person(desk_world, "Dara").name == "Dara"


def test_invitation_used_concurrently_works_once(amal: TestClient, visit: Visit) -> None:
    link = invite(amal, "Dara")
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda n: visit().post(link, data={"name": f"N{n}", "password": PASSWORD}), range(4)
        )
        assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404]


def test_link_expires_or_is_replaced_by_a_newer(
    desk_world: Settings, amal: TestClient, visit: Visit
) -> None:
    older = invite(amal, "Dara")
    newer = link_in(amal.post(f"/desk/people/{person(desk_world, 'Dara').id}/link").text)
    for token in ("x", "a" * 43, "%00", "é", older.rsplit("/", 1)[1]):
        answer = visit().get(f"/desk/welcome/{token}")
        assert answer.status_code == 404 and "This link no longer works" in answer.text
    for hours, status in ((71, 200), (2, 404)):
        with desk_session(desk_world) as db:
            age = text(f"UPDATE desk.link SET expires_at = expires_at - interval '{hours} hours'")
            db.execute(age)
        assert visit().get(newer).status_code == status


def test_invitation_of_known_or_missing_address_is_rejected(amal: TestClient) -> None:
    known = amal.post("/desk/people", data={"email": email("Amal")}).text
    assert "An account with this address already exists." in known
    answer = amal.post("/desk/people", data={"email": "dara@", "role": "owner"})
    assert answer.status_code == 422
    assert "This is not an e-mail address" in answer.text and "Choose one of these." in answer.text


# First link ---------------------------------------------------------------------------------------


def test_first_link_creates_one_admin(database: Settings, visit: Visit) -> None:
    with desk_session(database) as db:
        link = f"/desk/welcome/{commands.make_first_link(db)}"
    form = {"email": "Amal@Example.org", "name": "Amal", "password": PASSWORD}
    assert "You become its first admin" in visit().get(link).text
    client = visit()
    assert client.post(link, data=form).status_code == 303
    assert client.get("/desk/people").headers["location"].startswith("/desk/account")
    add_factor(client)
    assert client.get("/desk/people").status_code == 200
    assert visit().post(link, data=form | {"email": "mallory@example.org"}).status_code == 404


# Passwords ----------------------------------------------------------------------------------------


def change_password(client: TestClient, own: str, password: str) -> Any:
    data = {"own_password": own, "password": password}
    return client.post("/desk/account/password", data=data)


def test_password_change_ends_other_sign_ins(basma: TestClient, visit: Visit) -> None:
    there = visit()
    sign_in(there, "Basma")
    before = basma.cookies["sojourn"]
    assert change_password(basma, PASSWORD, ANOTHER).status_code == 303
    assert basma.cookies["sojourn"] != before
    assert "Your password was changed" in basma.get("/desk/account").text
    assert "Your password was changed" not in basma.get("/desk/account").text, (
        "a notice must appear on one page only"
    )
    assert not is_in(there)
    assert sign_in(visit(), "Basma").status_code == 422
    assert sign_in(visit(), "Basma", ANOTHER).status_code == 303


def test_new_password_keeps_blanks_and_is_not_weak(chidi: TestClient, visit: Visit) -> None:
    answer = change_password(chidi, PASSWORD, "iloveyou2019!")
    assert answer.status_code == 422 and EASY in answer.text
    now = PASSWORD
    for password in (f"  {ANOTHER}", f"{ANOTHER}  ", ANOTHER.replace(" ", "  ")):
        assert change_password(chidi, now, password).is_redirect
        for n, other in enumerate((ANOTHER, f" {password}", f"{password} ")):
            assert sign_in(visit(f"203.0.113.{n}"), "Chidi", other).status_code == 422
        assert sign_in(visit(), "Chidi", password).status_code == 303
        now = password


def test_password_change_needs_the_old_password(basma: TestClient, visit: Visit) -> None:
    answers = [change_password(basma, "not hers at all", ANOTHER) for _ in range(7)]
    assert all(answer.status_code == 422 for answer in answers)
    assert "This password is wrong. Enter your current password." in answers[0].text
    assert "Too many failed attempts" in answers[-1].text
    assert sign_in(visit(), "Basma").status_code == 303


def test_reset_link_sets_password_and_asks_for_code(
    desk_world: Settings, amal: TestClient, visit: Visit
) -> None:
    thief, client = visit(), visit()
    give_password(thief, "Basma")
    link = link_in(amal.post(f"/desk/people/{person(desk_world, 'Basma').id}/link").text)
    assert "For Basma." in client.get(link).text
    to = client.post(link, data={"password": ANOTHER}).headers["location"]
    assert to.startswith("/desk/sign-in/code") and not is_in(client)
    client.post("/desk/sign-in/code", data={"code": pyotp.TOTP(FACTOR_SECRET).now()})
    assert is_in(client)
    assert thief.get("/desk/sign-in/code").status_code == 303, (
        "a new password must end sign-ins that used the old one"
    )
    assert person(desk_world, "Basma").name == "Basma"


# Sign-ins -----------------------------------------------------------------------------------------


def test_own_sign_ins_are_listed_and_can_be_ended(
    desk_world: Settings, basma: TestClient, chidi: TestClient, visit: Visit
) -> None:
    there = visit(user_agent="Safari/1 (iPhone)")
    sign_in(there, "Basma")
    page = basma.get("/desk/account").text
    assert "Safari on iPhone" in page and "Firefox on Linux" in page
    with desk_session(desk_world) as db:
        of_there = db.scalar(text("SELECT id FROM desk.sign_in WHERE browser LIKE 'Safari%'"))
    assert chidi.post(f"/desk/account/sign-ins/{of_there}/end").status_code == 404, (
        "nobody may end the sign-ins of another person"
    )
    assert is_in(there)
    assert basma.post(f"/desk/account/sign-ins/{of_there}/end").status_code == 303
    assert not is_in(there) and is_in(basma)


# Disabling and roles ------------------------------------------------------------------------------


def test_admin_disables_others_and_changes_their_role(
    desk_world: Settings, amal: TestClient, basma: TestClient, visit: Visit
) -> None:
    at = f"/desk/people/{person(desk_world, 'Basma').id}"
    link = link_in(amal.post(f"{at}/link").text)
    amal.post(f"{at}/disable")
    assert not is_in(basma)
    assert sign_in(basma, "Basma").status_code == 422
    assert visit().get(link).status_code == 404
    assert amal.post(f"{at}/link").status_code == 409
    assert "disabled" in amal.get("/desk/people").text
    amal.post(f"{at}/enable")
    assert amal.post(f"{at}/role", data={"role": "owner"}).status_code == 409
    for role, status in (("admin", 200), ("contributor", 403)):
        assert sign_in(basma, "Basma").status_code == 303
        amal.post(f"{at}/role", data={"role": role})
        assert not is_in(basma), "a new role ends every sign-in"
        sign_in(basma, "Basma")
        assert basma.get("/desk/people").status_code == status


def test_admin_cannot_manage_own_account(desk_world: Settings, amal: TestClient) -> None:
    me = person(desk_world, "Amal").id
    for what in ("role", "link", "second-factor/remove", "disable", "enable"):
        answers = [
            amal.post(f"/desk/people/{id}/{what}", data={"role": "contributor"}).status_code
            for id in (me, 99, 2**40)
        ]
        assert answers == [403, 404, 404], what


def test_one_admin_always_remains(desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        amal, basma = (commands.find_by_email(db, email(name)) for name in ("Amal", "Basma"))
        assert amal and basma
        ids = amal.id, basma.id
        with pytest.raises(commands.LastAdminError):
            commands.disable(db, amal, by=None)
        with pytest.raises(commands.LastAdminError):
            commands.change_role(db, amal, DeskRole.EDITOR, by=None)
        # An invited admin who has not joined does not count.
        commands.invite(db, "dara@example.org", DeskRole.ADMIN, by=None)
        with pytest.raises(commands.LastAdminError):
            commands.disable(db, amal, by=None)
        commands.change_role(db, basma, DeskRole.ADMIN, by=None)

    def disable_amal() -> None:
        with desk_session(desk_world) as db:
            commands.disable(db, db.get_one(Person, ids[0]), by=None)

    with ThreadPoolExecutor(1) as pool:
        with desk_session(desk_world) as db:
            commands.disable(db, db.get_one(Person, ids[1]), by=None)
            db.flush()
            other = pool.submit(disable_amal)
            # The second request waits for the commit of the first.
            wait_until(lambda: is_waited_for(desk_world), "the second to wait")
        with pytest.raises(commands.LastAdminError):
            other.result(MOST_SECONDS)


# Four eyes ----------------------------------------------------------------------------------------


def test_author_cannot_approve_own_work() -> None:
    for role, is_author, is_alone, may in (
        (DeskRole.EDITOR, False, False, True),
        (DeskRole.ADMIN, False, False, True),
        (DeskRole.EDITOR, True, False, False),
        (DeskRole.ADMIN, True, False, False),
        (DeskRole.EDITOR, True, True, True),
        (DeskRole.CONTRIBUTOR, False, False, False),
        (DeskRole.CONTRIBUTOR, True, True, False),
    ):
        settings = Settings(one_person_desk=is_alone)
        authors = [1, 2] if is_author else [2]
        assert can_approve(Person(id=1, role=role), authors, settings) is may, role


# The audit log contains every action, and the database rejects changes of its rows ----------------


ALTERATIONS = [
    "UPDATE desk.audit SET action = 'nothing'",
    "DELETE FROM desk.audit",
    "TRUNCATE desk.audit",
    "INSERT INTO desk.audit (action, at) VALUES ('signed-in', now() - interval '1 year')",
    "INSERT INTO desk.audit (action, id) OVERRIDING SYSTEM VALUE VALUES ('signed-in', 1000000)",
    "ALTER TABLE desk.audit DISABLE TRIGGER ALL",
    "DROP TRIGGER only_grows ON desk.audit",
    "DROP TABLE desk.audit",
    "CREATE RULE silent AS ON INSERT TO desk.audit DO INSTEAD NOTHING",
]


def test_entries_and_people_cannot_be_changed_or_deleted(desk_world: Settings) -> None:
    with desk_session(desk_world) as db:
        audit_log.log_action(db, "first-link", None)
    as_application = r"permission denied|must be owner|read-only"
    for session in (desk_session, reader_session):
        for statement in (*ALTERATIONS, "DELETE FROM desk.person"):
            with session(desk_world) as db:
                with pytest.raises(DBAPIError, match=as_application):
                    db.execute(text(statement))
                db.rollback()
    engine = migration_engine(desk_world)
    for statement in ALTERATIONS[:3]:
        with engine.connect() as connection, pytest.raises(DBAPIError, match="only grows"):
            connection.execute(text("SET ROLE sojourn_owner"))
            connection.execute(text(statement))
    engine.dispose()


def test_audit_page_shows_actor_action_and_subject(database: Settings, visit: Visit) -> None:
    ids = make_people(database, "Amal", "Basma")
    client = visit()
    sign_in(client, "Amal")
    client.post(f"/desk/people/{ids['Basma']}/role", data={"role": "contributor"})
    client.post(f"/desk/people/{ids['Basma']}/disable")
    with desk_session(database) as db:
        audit_log.log_action(db, "enabled", None, "E128")
    rows = re.findall(r"<tr><td.*?</time></td>(.*?)</tr>", client.get("/desk/audit").text)
    assert [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows] == [
        "the command line Enabled an account E128",
        "Amal Disabled an account Basma",
        "Amal Changed the role Basma Editor → Contributor",
        "Amal Signed in",
    ]


def test_log_contains_no_email_or_network_address(desk_world: Settings, visit: Visit) -> None:
    client = visit("203.0.113.9")
    sign_in(client, "Amal", "wrong")
    sign_in(client, "Amal")
    client.post("/desk/people", data={"email": email("Dara"), "role": "editor"})
    with desk_session(desk_world) as db:
        kept = str(db.execute(text("SELECT a::text FROM desk.audit a")).all())
    assert "invited" in kept
    assert "example.org" not in kept and "203.0.113" not in kept
