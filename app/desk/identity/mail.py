"""Sending a link by mail, where a mail server is configured; the admin is shown it otherwise, to pass on."""

import contextlib
import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.settings import Settings

TIMEOUT_SECONDS = 10
"""For each answer of the mail server."""
DEADLINE_SECONDS = 20.0
"""For all of it together, looking up the name included: an admin waits for it in the browser."""
OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}
PORTS = {"smtp": 587, "smtps": 465}


class NotSent(Exception):
    """The mail server could not be reached, refused, or offers no encryption."""


def send(settings: Settings, to: str, subject: str, text: str) -> bool:
    """Sends a mail; false where no mail server is configured."""
    if not settings.smtp_url:
        return False
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message.set_content(text)
    _Delivery(settings.smtp_url, message).deliver()
    return True


class _Delivery:
    """Hands a mail over in a thread of its own: a server that answers byte by byte would hold a request for ever."""

    def __init__(self, address: str, message: EmailMessage) -> None:
        self.address = address
        self.message = message
        self.server: smtplib.SMTP | None = None
        self.failure: str | None = None

    def deliver(self) -> None:
        """Deliver the mail, or raise NotSent with the kind of error: its words may quote the address."""
        thread = threading.Thread(target=self._run, name="mail", daemon=True)
        thread.start()
        thread.join(DEADLINE_SECONDS)
        if thread.is_alive():
            self._hang_up()
            raise NotSent(TimeoutError.__name__)
        if self.failure:
            raise NotSent(self.failure)

    def _run(self) -> None:
        try:
            with _connect(self.address) as self.server:
                _log_in(self.server, self.address)
                self.server.send_message(self.message)
        except (OSError, smtplib.SMTPException) as error:
            self.failure = type(error).__name__

    def _hang_up(self) -> None:
        """End the thread: whatever it waits for fails now."""
        line = self.server and self.server.sock
        if line:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _connect(address: str) -> smtplib.SMTP:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    return smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)


def _log_in(server: smtplib.SMTP, address: str) -> None:
    parts = urlsplit(address)
    # A link lets whoever reads it in: it does not cross a network in the clear.
    if parts.scheme == "smtp" and parts.hostname not in OWN_MACHINE:
        server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
