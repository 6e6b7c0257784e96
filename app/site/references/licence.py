"""The licence of the record, and the headers that name it and the edition."""

from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime

from fastapi import Request

from app.record.editions import SelectedEdition
from app.web.errors import CORS_HEADERS
from app.web.state import app_state
from app.web.urls import absolute_url, url


def provenance_headers(
    request: Request, edition: SelectedEdition, links: Sequence[str] = ()
) -> dict[str, str]:
    """Return headers with edition and licence, which every file and JSON response has."""
    return {
        "X-Sojourn-Edition": str(edition.no),
        "Last-Modified": format_datetime(edition.at.astimezone(UTC), usegmt=True),
        "X-Sojourn-Licence": in_ascii(app_state(request).settings.licence),
        "Link": ", ".join([*links, f'<{licence_address(request)}>; rel="license"']),
        **CORS_HEADERS,
    }


def in_ascii(text: str) -> str:
    """Return text for a header. Letters outside ASCII become question marks."""
    return text.encode("ascii", "replace").decode()


LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def licence_address(request: Request) -> str:
    """Return the address of the licence's text if known, else of the page that names it."""
    return LICENCES.get(app_state(request).settings.licence) or absolute_url(request, url("about"))
