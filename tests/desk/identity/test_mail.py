"""Mail: sent where a server is configured, encrypted across networks, and shown if it fails."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.identity import commands
from app.main import create_app
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_accounts import link_in
from tests.support.desk_people import email, make_people, sign_in
from tests.support.mail_server import MailServer
from tests.support.processes import free_port


def admin_of(settings: Settings, smtp_url: str) -> TestClient:
    """Return Amal's signed-in client of a site with this mail server."""
    make_people(settings, "Amal")
    app: FastAPI = create_app(
        settings.model_copy(update={"smtp_url": smtp_url, "mail_from": "desk@example.org"})
    )
    client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
    sign_in(client, "Amal")
    return client


def invite(admin: TestClient) -> str:
    return admin.post("/desk/people", data={"email": email("Chidi"), "role": "editor"}).text


def test_invitation_is_mailed_encrypted_or_on_this_machine(
    database: Settings, mail_server: MailServer
) -> None:
    admin = admin_of(database, f"smtp://127.0.0.1:{mail_server.port}")
    page = invite(admin)
    assert "The link was sent to chidi@example.org" in page
    (mail,) = mail_server.received
    assert "To: chidi@example.org" in mail and "From: desk@example.org" in mail
    assert link_in(page) in mail.replace("=\r\n", "")


@pytest.mark.parametrize(
    ("host", "said"),
    [
        # An address of this machine that is not in LOCAL_HOSTS.
        ("127.0.0.2:{used}", "The mail could not be sent"),
        ("127.0.0.1:{free}", "The mail could not be sent"),
        ("", "Send the link through a private channel"),
    ],
)
def test_link_that_is_not_mailed_is_shown(
    database: Settings, mail_server: MailServer, host: str, said: str
) -> None:
    at = host.format(used=mail_server.port, free=free_port())
    page = invite(admin_of(database, f"smtp://{at}" if at else ""))
    assert said in page and link_in(page) and mail_server.received == []


def fail_to_sign_in(settings: Settings, name: str, times: int) -> None:
    with desk_session(settings) as db:
        for _ in range(times):
            commands.record_failure(db, "failed-sign-in", commands.find_by_email(db, email(name)))


def test_notice_is_mailed_once_a_day(mailing: Settings, mail_server: MailServer) -> None:
    make_people(mailing, "Amal", "Basma")
    fail_to_sign_in(mailing, "Amal", 4)
    tick(mailing)
    assert mail_server.received == []
    fail_to_sign_in(mailing, "Amal", 1)
    tick(mailing)
    fail_to_sign_in(mailing, "Amal", 3)
    tick(mailing)
    assert len(mail_server.received) == 1
    mail = mail_server.received[0]
    assert "To: amal@example.org" in mail and "Subject: Sojourn desk: Failed sign-ins" in mail
    assert "5 attempts to sign in to your account failed." in mail
    assert "https://sojourn.example.org/desk/account" in mail
    with desk_session(mailing) as db:
        db.execute(text("UPDATE desk.notice SET mailed_at = mailed_at - interval '25 hours'"))
    fail_to_sign_in(mailing, "Amal", 1)
    tick(mailing)
    assert len(mail_server.received) == 2 and "9 attempts" in mail_server.received[1]


def test_address_that_takes_no_mail_keeps_no_notice_of_others_back(
    mailing: Settings, mail_server: MailServer
) -> None:
    make_people(mailing, "Amal", "Basma")
    for name in ("Amal", "Basma"):
        fail_to_sign_in(mailing, name, 5)
    mail_server.refused = email("Amal")
    ticked = tick(mailing)
    assert ticked and ticked.failed == ["Notices: MailError"]
    assert [email("Basma") in mail for mail in mail_server.received] == [True]
    mail_server.refused = ""
    with desk_session(mailing) as db:
        db.execute(text("UPDATE desk.notice SET try_at = now()"))
    tick(mailing)
    assert len(mail_server.received) == 2
