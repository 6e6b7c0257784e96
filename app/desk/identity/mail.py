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
    _Delivery(settings.smtp_url, message).deliver()
    return True


class _Delivery:
    """Delivers a mail in a thread.

    A server that replies byte by byte would otherwise block a request without end.
    """

    def __init__(self, address: str, message: EmailMessage) -> None:
        self.address = address
        self.message = message
        self.server: smtplib.SMTP | None = None
        self.failure: str | None = None

    def deliver(self) -> None:
        """Deliver the mail, or raise MailError with the class name of the error.

        The message of the error may contain the recipient's address.
        """
        thread = threading.Thread(target=self._run, name="mail", daemon=True)
        thread.start()
        thread.join(DEADLINE_SECONDS)
        if thread.is_alive():
            self._hang_up()
            raise MailError(TimeoutError.__name__)
        if self.failure:
            raise MailError(self.failure)

    def _run(self) -> None:
        try:
            with _connect(self.address) as self.server:
                _log_in(self.server, self.address)
                self.server.send_message(self.message)
        except (OSError, smtplib.SMTPException) as error:
            self.failure = type(error).__name__

    def _hang_up(self) -> None:
        """Close the connection, so that the thread's pending call fails and the thread ends."""
        line = self.server and self.server.sock
        if line:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


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
