"""All that knows Jinja and htmx: how a page is rendered, how addresses and static files are named, how errors look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from app.i18n.translate import N_, _
from app.record.editions import Reading
from app.web.templates import environment
from app.web.urls import url

MENU = [
    ("timeline", N_("Events")),
    ("cities", N_("Cities")),
    ("sources", N_("Sources")),
    ("changes", N_("Changes")),
    ("codebook", N_("Codebook")),
    ("data", N_("Data")),
    ("about", N_("About")),
]
"""The menu shows only what exists."""


def page(
    request: Request,
    template: str,
    *,
    edition: Reading | None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """A full page; htmx takes from it what it needs, so that one address has one answer."""
    path = request.url.path
    here = next(
        (name for name, _ in MENU if path == url(name) or path.startswith(url(name) + "/")), ""
    )
    html = (
        environment()
        .get_template(template)
        .render(
            {
                "request_path": path,
                "menu": [(_(label), url(name), name == here) for name, label in MENU],
                "edition": edition,
                "q": "",
                "licence": request.app.state.settings.licence,
                **_banner(request, edition, context),
                **context,
            }
        )
    )
    of = {"X-Sojourn-Edition": str(edition.no)} if edition else {}
    return HTMLResponse(html, status, {**of, **(headers or {})})


def _banner(
    request: Request, edition: Reading | None, context: Mapping[str, Any]
) -> dict[str, Any]:
    """Over a page of a past edition: the way to now, and what became of the view since."""
    if edition is None or edition.is_newest:
        return {}
    if "newest_url" in context or request.url.path.startswith(url("embed", of="/")):
        # A page about another view says itself what became of it; a frame has room for the number alone.
        return {"newest": _Newest(edition.newest), "since": None}
    rest = [(key, value) for key, value in request.query_params.multi_items() if key != "edition"]
    now = request.url.path + (f"?{urlencode(rest, safe=':/,.~')}" if rest else "")
    since = request.app.state.since_then(request, request.state.reader, edition)
    return {"newest": _Newest(edition.newest), "newest_url": now, "since": since}


@dataclass(frozen=True)
class _Newest:
    no: int
