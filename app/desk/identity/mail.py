"""Sends mail where an SMTP server is configured.

Without a mail server, pages show links to the admin, who passes them on.
"""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.settings import Settings

TIMEOUT_SECONDS = 10
"""Limit for each reply of the mail server. An admin waits for the delivery in the browser."""
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
DEFAULT_PORTS = {"smtp": 587, "smtps": 465}


class MailError(Exception):
    """The mail server is unreachable, rejected the mail, or offers no encryption."""


def send(settings: Settings, to: str, subject: str, text: str) -> bool:
    """Send a mail; return False where no mail server is configured.

    Raises MailError with the class name of the error, whose message may contain the recipient's
    address.
    """
    if not settings.smtp_url:
        return False
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
    message.set_content(text)
    parts = urlsplit(settings.smtp_url)
    at = (parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
    encryption = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(*at, timeout=TIMEOUT_SECONDS, context=encryption)
            if parts.scheme == "smtps"
            else smtplib.SMTP(*at, timeout=TIMEOUT_SECONDS)
        ) as server:
            # The mail may contain a sign-in link, so it never crosses a network unencrypted.
            if parts.scheme == "smtp" and parts.hostname not in LOCAL_HOSTS:
                server.starttls(context=encryption)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(type(error).__name__) from None
    return True
