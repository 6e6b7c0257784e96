"""Rendering of full pages: the menu, the headers and the banner over past editions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from app.i18n.translate import N_, _
from app.record.editions import SelectedEdition
from app.web.state import app_state
from app.web.templates import environment
from app.web.term_popovers import insert_popovers
from app.web.urls import site_address, url

MENU = [
    ("status", N_("What applies where"), ()),
    ("timeline", N_("Events"), ("timeline",)),
    ("cities", N_("Places"), ("cities", "places", "estimates")),
    ("sources", N_("Sources"), ("sources", "outlets")),
    ("data", N_("Data"), ("data", "api")),
]
"""Names of URLs, labels, and names of URLs to whose pages and subpages the entry belongs."""


REFUSED_STATUSES = {409, 422, 429}
"""Statuses of a form that was not accepted: the title of its page begins with "Error"."""


def page(
    request: Request,
    template: str,
    *,
    edition: SelectedEdition | None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """Render a full page. htmx selects parts of it, so that each URL has one response."""
    path = request.url.path
    html = (
        environment()
        .get_template(template)
        .render(
            {
                "request_path": path,
                "site_url": site_address(request),
                "is_refused": request.method == "POST" and status in REFUSED_STATUSES,
                "menu": [
                    (_(label), url(name), path == url(name) or _is_within(path, parts))
                    for name, label, parts in MENU
                ],
                "edition": edition,
                "licence": app_state(request).settings.licence,
                **_past_edition_banner(request, edition, context),
                **context,
            }
        )
    )
    edition_header = {"X-Sojourn-Edition": str(edition.no)} if edition else {}
    return HTMLResponse(insert_popovers(html), status, {**edition_header, **(headers or {})})


def _is_within(path: str, names: Sequence[str]) -> bool:
    return any(path == url(name) or path.startswith(f"{url(name)}/") for name in names)


def _past_edition_banner(
    request: Request, edition: SelectedEdition | None, context: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the banner's variables: a link to the newest edition and the changes since."""
    if edition is None or edition.is_newest:
        return {}
    if "newest_url" in context or request.url.path.startswith(url("embed", of="/")):
        # A page that names its own link lists the changes itself; a frame has room for the number
        # only.
        return {"newest": _NewestEdition(edition.newest), "since": None}
    rest = [(key, value) for key, value in request.query_params.multi_items() if key != "edition"]
    newest_url = request.url.path + (f"?{urlencode(rest, safe=':/,.~')}" if rest else "")
    since = app_state(request).since_then(request, request.state.reader, edition)
    return {"newest": _NewestEdition(edition.newest), "newest_url": newest_url, "since": since}


@dataclass(frozen=True)
class _NewestEdition:
    no: int
