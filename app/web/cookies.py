"""Names of the site's cookies, and the one that tells which edition somebody has just published."""

import re
from collections.abc import Mapping

PUBLISHED = "sojourn-edition"
"""A cookie of whoever published: that edition is the least they are shown, by whichever worker answers."""


def cookie_name(name: str, scheme: str) -> str:
    """Over https with the prefix that browsers take as a promise: this very host has set it, and no neighbour can."""
    return f"__Host-{name}" if scheme == "https" else name


def published_by(cookies: Mapping[str, str], scheme: str) -> int:
    """The edition that the client has published; 0 if none."""
    value = cookies.get(cookie_name(PUBLISHED, scheme), "")
    return int(value) if re.fullmatch("[0-9]{1,9}", value, re.ASCII) else 0
