"""Error pages, and the same errors as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from starlette.responses import Response

from app.web.page import page
from app.web.request_log import logged
from app.web.state import app_state
from app.web.urls import EMBED_PREFIX, url


@dataclass(frozen=True)
class Fault:
    """The content of an error page or of an error in JSON."""

    status: int
    reasons: Sequence[tuple[str, str]] = field(default=())
    retry_url: str | None = None
    near: Sequence[tuple[str, str]] = field(default=())
    """Titles and URLs of suggested pages."""
    unsaved_form: Mapping[str, str] = field(default_factory=dict)
    """Fields of a form that could not be processed: the page offers to send the form again."""


READ_ONLY = "read-only"
"""Key of the reason that a fault has while SOJOURN_READ_ONLY is set."""
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Content-Disposition, X-Request-ID, "
        "X-Sojourn-Edition, X-Sojourn-Licence, X-Sojourn-Filter"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT_HEADERS = {
    **CORS_HEADERS,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}

FILE_EXTENSIONS = (
    ".json",
    ".csv",
    ".atom",
    ".xlsx",
    ".geojson",
    ".bib",
    ".ris",
    ".txt",
    ".svg",
    ".png",
)


def is_api(request: Request) -> bool:
    """Whether the URL belongs to the API, which is read-only."""
    return f"{request.url.path}/".startswith(f"{url('api-v1')}/")


def is_desk_path(path: str) -> bool:
    """Whether the path is below `/desk`, whether or not a page exists there."""
    return f"{path}/".startswith(f"{url('desk')}/")


def is_for_machines(request: Request) -> bool:
    return request.url.path.endswith(FILE_EXTENSIONS) or is_api(request)


def fault_page(request: Request, fault: Fault) -> Response:
    """Return an error as a page, or as JSON for the URLs of files and of the API."""
    if fault.status >= 500:
        logged(request.scope).fault = fault.reasons[0][0] if fault.reasons else ""
    if is_for_machines(request):
        body = {
            "status": fault.status,
            "request": logged(request.scope).id,
            "errors": [{"key": key, "reason": reason} for key, reason in fault.reasons],
        }
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, fault.status, media_type="application/json", headers=CORS_HEADERS)
    is_framed = request.url.path.startswith(EMBED_PREFIX)
    from_desk = is_desk_path(request.url.path) and not app_state(request).settings.public_only
    return page(
        request,
        "error.html",
        edition=None,
        status=fault.status,
        # What somebody typed stays in no cache, also outside of the desk.
        headers={"Cache-Control": "no-store"} if fault.unsaved_form else None,
        fault=fault,
        is_framed=is_framed,
        from_desk=from_desk,
        request_id=logged(request.scope).id,
    )


def method_not_allowed(request: Request, allowed: str) -> Response:
    """Answer a CORS preflight with 204 and other requests with 405, with the allowed methods."""
    methods = f"{allowed}, HEAD, OPTIONS" if "GET" in allowed else allowed
    if request.method == "OPTIONS":
        headers = PREFLIGHT_HEADERS if is_for_machines(request) else {}
        response = Response(status_code=204, headers=headers)
    else:
        response = fault_page(request, Fault(405))
    response.headers["Allow"] = methods
    return response
