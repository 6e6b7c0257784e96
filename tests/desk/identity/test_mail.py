"""Notices and their mails, which cross networks encrypted only."""

import re
from datetime import UTC, datetime
from email import message_from_string
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.desk.identity import commands
from app.desk.identity.models import Notice, Person
from app.desk.intake import ReaderMessage
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import email, make_people, person
from tests.support.draft_pages import decide_report, stored, submit, write_event
from tests.support.mail_server import MailServer
from tests.support.processes import free_port


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


@pytest.mark.parametrize(
    # An address of this machine that is not in LOCAL_HOSTS, and one where nobody listens.
    "at",
    ["127.0.0.2:{used}", "127.0.0.1:{free}"],
)
def test_mail_is_sent_encrypted_or_on_this_machine(
    mailing: Settings, mail_server: MailServer, at: str
) -> None:
    make_people(mailing, "Amal")
    fail_to_sign_in(mailing, "Amal", 5)
    address = at.format(used=mail_server.port, free=free_port())
    ticked = tick(mailing.model_copy(update={"smtp_url": f"smtp://{address}"}))
    assert ticked and ticked.failed == ["Notices: MailError"] and mail_server.received == []


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


# Notices about work: each kind, at the desk and by mail, and that mails hold nothing private


SITE = "https://sojourn.example.org"


def notices_to(settings: Settings, name: str) -> list[tuple[str, str, str]]:
    """Return kind, id and address of a person's notices, oldest first."""
    with desk_session(settings) as db:
        found = select(Notice).where(Notice.person == person(settings, name).id)
        return [(each.kind, each.about, each.address) for each in db.scalars(found.order_by("id"))]


def bodies(server: MailServer, name: str) -> list[str]:
    """Return the texts of the mails to a person."""
    mails = [message_from_string(each, policy=default) for each in server.received]
    return [
        f"{mail['subject']}\n{mail.get_content()}" for mail in mails if mail["to"] == email(name)
    ]


def event_in(settings: Settings) -> Draft:
    """Return the draft of the report's event."""
    with desk_session(settings) as db:
        found = db.scalars(select(Draft).where(Draft.kind == "E", Draft.record != "E1")).one()
        db.expunge(found)
        return found


def return_event(client: TestClient, event: Draft, **more: str) -> None:
    typed: Any = {f"comment.{event.id}": "Which firms exactly?", **more}
    decide_report(client, unticked=event.id, **typed)


def test_decision_on_a_report_notifies_its_author_once_each(
    report_in_review: Settings, amal: TestClient
) -> None:
    event = event_in(report_in_review)
    return_event(amal, event)
    assert notices_to(report_in_review, "Basma") == [
        ("approved", "S7", "/desk/sources/S7"),
        ("returned", event.record, f"/desk/sources/S7?open={event.id}#entry-{event.id}"),
    ]
    assert notices_to(report_in_review, "Amal") == []


def test_notices_of_publishing_are_counted_until_their_reader_has_read_them(
    reports: Settings, basma: TestClient, amal: TestClient
) -> None:
    record = stored(reports, write_event(basma)).record
    submit(basma)
    decide_report(amal, publish="yes")
    address = f"/desk/records/{record}"
    assert notices_to(reports, "Basma") == [
        ("approved", record, address),
        ("published", record, address),
    ]
    unread = re.compile(r'<b class="unread">(\d+)<')
    page = basma.get("/desk/notices").text
    assert f"Published: {record}" in page and f'href="{address}"' in page
    amal.post("/desk/notices")
    assert unread.findall(basma.get("/desk").text) == ["2"], "others read none of her notices"
    basma.post("/desk/notices")
    assert unread.findall(basma.get("/desk").text) == []


def test_purge_that_waits_notifies_the_other_editors(reports: Settings, amal: TestClient) -> None:
    sent = {"typed": "E1", "reason": "Danger for somebody.", "cause": "safety"}
    amal.post("/desk/records/E1/purge", data=sent)
    with desk_session(reports) as db:
        waiting = db.execute(text("SELECT record FROM desk.confirmation")).scalars().all()
    assert waiting == ["E1"]
    assert notices_to(reports, "Basma") == [("waiting", "E1", "/desk/confirmations")]
    assert notices_to(reports, "Amal") == [] and notices_to(reports, "Chidi") == []


def test_request_for_removal_notifies_editors_once(reports: Settings) -> None:
    with desk_session(reports) as db:
        letter = ReaderMessage(key="k", kind="removal", about="E1", words="Please", reach="")
        db.add(letter)
        db.flush()
        address = f"/desk/round/messages/{letter.id}"
        about = f"letter {letter.id}"
    tick(reports)
    tick(reports)
    for name in ("Amal", "Basma"):
        assert notices_to(reports, name) == [("waiting", about, address)]
    assert notices_to(reports, "Chidi") == []


def test_mails_hold_kind_id_and_link_and_nothing_private(
    report_in_review: Settings, mailing: Settings, mail_server: MailServer, amal: TestClient
) -> None:
    event = event_in(mailing)
    return_event(amal, event, comment="A word on the report.")
    tick(mailing)
    (mail,) = bodies(mail_server, "Basma")
    assert f"Returned: {event.record}" in mail
    assert f"{SITE}/desk/sources/S7?open={event.id}#entry-{event.id}" in mail
    everything = "\n".join([mail, *bodies(mail_server, "Amal")])
    private = ["Which firms", "A word", "Firms were told", "They were told", "So many", "Report 7"]
    private += ["place-1", "2,000", "2019", "Another report", "outlet-2"]
    private += ["Amal", "Basma", "Chidi"]
    assert [words for words in private if words in everything] == []
    allowed = (
        r"(?:[\w: ,.\-]+|https://sojourn\.example\.org/desk/[\w/\-]+(?:\?open=\d+#entry-\d+)?)"
    )
    for line in filter(None, mail.splitlines()):
        assert re.fullmatch(allowed, line), line


@pytest.mark.usefixtures("report_in_review")
def test_approval_is_shown_at_the_desk_only(
    mailing: Settings, mail_server: MailServer, basma: TestClient, amal: TestClient
) -> None:
    decide_report(amal)
    tick(mailing)
    assert "Approved" in basma.get("/desk/notices").text
    assert bodies(mail_server, "Basma") == []


def test_disabled_account_gets_nothing(
    report_in_review: Settings, mailing: Settings, mail_server: MailServer, amal: TestClient
) -> None:
    with desk_session(mailing) as db:
        db.get_one(Person, person(mailing, "Basma").id).disabled_at = datetime.now(UTC)
    decide_report(amal)
    tick(mailing)
    assert notices_to(mailing, "Basma") == [] and bodies(mail_server, "Basma") == []
