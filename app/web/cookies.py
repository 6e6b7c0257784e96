"""Names of the site's cookies, and the cookie with the edition that an editor has published."""

import re
from collections.abc import Mapping

PUBLISHED_EDITION_COOKIE = "sojourn-edition"
"""Name of the publisher's cookie: every worker shows them at least the edition in it."""


def cookie_name(name: str, scheme: str) -> str:
    """Return the cookie's name; over https with `__Host-`, so that no other host can set it."""
    return f"__Host-{name}" if scheme == "https" else name


def published_edition(cookies: Mapping[str, str], scheme: str) -> int:
    """Return the edition that the client has published; 0 if none."""
    value = cookies.get(cookie_name(PUBLISHED_EDITION_COOKIE, scheme), "")
    return int(value) if re.fullmatch("[0-9]{1,9}", value, re.ASCII) else 0
