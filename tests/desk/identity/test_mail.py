"""Mail: sent where a server is configured, encrypted across networks, and shown if it fails."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.identity import commands, mail
from app.desk.identity.audit_log import Action
from app.main import create_app
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_accounts import link_in
from tests.support.desk_people import email, make_people, sign_in
from tests.support.processes import free_port


class MailServer(socketserver.ThreadingTCPServer):
    """Minimal SMTP server without encryption that stores received mails."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), Conversation)  # noqa: S104 - reached as 127.0.0.1 and as 127.0.0.2
        self.received: list[str] = []
        self.refused = ""
        """A recipient whose mails are refused."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, MailServer)
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            match line.upper().split():
                case ["DATA", *_]:
                    self._say("354 go on")
                    self.server.received.append(
                        "".join(iter(lambda: self.rfile.readline().decode(), ".\r\n"))
                    )
                    self._say("250 taken")
                case ["STARTTLS", *_]:
                    self._say("502 not here")
                case ["RCPT", *_] if self.server.refused and self.server.refused in line:
                    self._say("550 no such person")
                case ["QUIT", *_]:
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 yes")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


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


def test_invitation_is_mailed(database: Settings, mail_server: MailServer) -> None:
    page = invite(admin_of(database, f"smtp://127.0.0.1:{mail_server.port}"))
    assert "The link was sent to chidi@example.org" in page
    assert len(mail_server.received) == 1
    mail = mail_server.received[0]
    assert "To: chidi@example.org" in mail and "From: desk@example.org" in mail
    assert link_in(page) in mail.replace("=\r\n", "")


def test_link_is_not_mailed_unencrypted_across_a_network(
    database: Settings, mail_server: MailServer
) -> None:
    # An address of this machine that is not in LOCAL_HOSTS.
    page = invite(admin_of(database, f"smtp://127.0.0.2:{mail_server.port}"))
    assert "The mail could not be sent" in page
    assert mail_server.received == []


def test_unreachable_mail_server_shows_the_link(database: Settings) -> None:
    page = invite(admin_of(database, f"smtp://127.0.0.1:{free_port()}"))
    assert "The mail could not be sent" in page
    assert link_in(page)


def fail_to_sign_in(settings: Settings, name: str, times: int) -> None:
    with desk_session(settings) as db:
        for _ in range(times):
            commands.record_failure(
                db, Action.FAILED_SIGN_IN, commands.find_by_email(db, email(name))
            )


def test_notice_is_mailed_once_a_day(database: Settings, mail_server: MailServer) -> None:
    smtp = {"smtp_url": f"smtp://127.0.0.1:{mail_server.port}", "mail_from": "desk@example.org"}
    settings = database.model_copy(update={**smtp, "public_url": "https://sojourn.example.org"})
    make_people(settings, "Amal", "Basma")
    fail_to_sign_in(settings, "Amal", 4)
    tick(settings)
    assert mail_server.received == []
    fail_to_sign_in(settings, "Amal", 1)
    tick(settings)
    fail_to_sign_in(settings, "Amal", 3)
    tick(settings)
    assert len(mail_server.received) == 1
    mail = mail_server.received[0]
    assert "To: amal@example.org" in mail and "Subject: Sojourn desk: Failed sign-ins" in mail
    assert "5 attempts to sign in to your account failed." in mail
    assert "https://sojourn.example.org/desk/account" in mail
    with desk_session(settings) as db:
        db.execute(
            text("UPDATE desk.account_notice SET mailed_at = mailed_at - interval '25 hours'")
        )
    fail_to_sign_in(settings, "Amal", 1)
    tick(settings)
    assert len(mail_server.received) == 2 and "9 attempts" in mail_server.received[1]


def test_notice_is_mailed_when_the_server_is_back(
    database: Settings, mail_server: MailServer
) -> None:
    make_people(database, "Amal")
    fail_to_sign_in(database, "Amal", 5)
    tick(database)
    away = {"smtp_url": f"smtp://127.0.0.1:{free_port()}", "mail_from": "desk@example.org"}
    ticked = tick(database.model_copy(update=away))
    assert ticked and ticked.failed == ["Notices to accounts: MailError"]
    tick(database.model_copy(update={**away, "smtp_url": f"smtp://127.0.0.1:{mail_server.port}"}))
    assert len(mail_server.received) == 1


def test_address_that_takes_no_mail_keeps_no_notice_of_others_back(
    database: Settings, mail_server: MailServer
) -> None:
    smtp = {"smtp_url": f"smtp://127.0.0.1:{mail_server.port}", "mail_from": "desk@example.org"}
    make_people(database, "Amal", "Basma")
    for name in ("Amal", "Basma"):
        fail_to_sign_in(database, name, 5)
    mail_server.refused = email("Amal")
    ticked = tick(database.model_copy(update=smtp))
    assert ticked and ticked.failed == ["Notices to accounts: MailError"]
    assert [email("Basma") in mail for mail in mail_server.received] == [True]
    mail_server.refused = ""
    tick(database.model_copy(update=smtp))
    assert len(mail_server.received) == 2


def test_no_mail_server_shows_the_link_to_the_admin(database: Settings) -> None:
    page = invite(admin_of(database, ""))
    assert "Send the link through a private channel" in page
    assert link_in(page)


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org"])
def test_mail_server_setting_must_be_a_url(url: str) -> None:
    with pytest.raises(ValueError, match="smtps://"):
        Settings(smtp_url=url, mail_from="desk@example.org")


def test_mail_server_needs_a_sender() -> None:
    with pytest.raises(ValueError, match="SOJOURN_MAIL_FROM"):
        Settings(smtp_url="smtps://mail.example.org")


def test_slow_mail_server_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "DEADLINE_SECONDS", 0.5, raising=False)
    ended = threading.Event()
    failures: list[mail.MailError] = []

    def drip(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line, contextlib.suppress(OSError):
            while not ended.wait(0.05):
                line.sendall(b"2")

    def send() -> None:
        settings = Settings(
            smtp_url=f"smtp://127.0.0.1:{listener.getsockname()[1]}", mail_from="desk@example.org"
        )
        try:
            mail.send(settings, "amal@example.org", "A subject", "A text")
        except mail.MailError as error:
            failures.append(error)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        sending = threading.Thread(target=send, daemon=True)
        sending.start()
        sending.join(20)
        is_over = not sending.is_alive()
        ended.set()
    assert is_over
    assert [str(error) for error in failures] == ["TimeoutError"]
