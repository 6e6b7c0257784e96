"""Sending a link by mail, where a mail server is configured; the admin is shown it otherwise, to pass on."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.settings import Settings

TIMEOUT_SECONDS = 10
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
    try:
        with _server(settings.smtp_url) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        # The reason may quote the address.
        raise NotSent(type(error).__name__) from None
    return True


def _server(address: str) -> smtplib.SMTP:
    parts = urlsplit(address)
    host, port, tls = parts.hostname or "", parts.port or PORTS[parts.scheme], ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=tls)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        # A link lets whoever reads it in: it does not cross a network in the clear.
        if host not in OWN_MACHINE:
            server.starttls(context=tls)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
