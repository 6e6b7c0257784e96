"""Sends mail where an SMTP server is configured.

Without a mail server, pages show links to the admin, who passes them on.
"""

import contextlib
import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.settings import Settings

TIMEOUT_SECONDS = 10
"""Limit for each reply of the mail server."""
DEADLINE_SECONDS = 20.0
"""Limit for the whole delivery, DNS included. An admin waits for the delivery in the browser."""
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


class MailError(Exception):
    """The mail server is unreachable, rejected the mail, or offers no encryption."""


def send(settings: Settings, to: str, subject: str, text: str) -> bool:
    """Send a mail; return False where no mail server is configured."""
    if not settings.smtp_url:
        return False
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message.set_content(text)
    _deliver(settings.smtp_url, message)
    return True


def _deliver(address: str, message: EmailMessage) -> None:
    """Deliver the mail, or raise MailError with the class name of the error.

    The message of the error may contain the recipient's address. The delivery is a thread: a server
    that replies byte by byte would otherwise block a request without end.
    """
    servers: list[smtplib.SMTP] = []
    failures: list[str] = []

    def run() -> None:
        try:
            with _connect(address) as server:
                servers.append(server)
                _log_in(server, address)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            failures.append(type(error).__name__)

    thread = threading.Thread(target=run, name="mail", daemon=True)
    thread.start()
    thread.join(DEADLINE_SECONDS)
    if thread.is_alive():
        # The thread's pending call then fails, and the thread ends.
        for line in (server.sock for server in servers if server.sock):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        raise MailError(TimeoutError.__name__)
    if failures:
        raise MailError(failures[0])


def _connect(address: str) -> smtplib.SMTP:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    return smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)


def _log_in(server: smtplib.SMTP, address: str) -> None:
    parts = urlsplit(address)
    # The mail may contain a sign-in link, so it never crosses a network unencrypted.
    if parts.scheme == "smtp" and parts.hostname not in LOCAL_HOSTS:
        server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
