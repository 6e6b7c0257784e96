"""Error pages, and the same errors for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from starlette.responses import Response

from app.web.page import page
from app.web.urls import FRAMES, url


@dataclass(frozen=True)
class Fault:
    """What an error page or an error in JSON says."""

    status: int
    reasons: Sequence[tuple[str, str]] = field(default=())
    retry_url: str | None = None
    near: Sequence[tuple[str, str]] = field(default=())
    """Names and addresses of pages that may have been meant."""
    unsaved_form: Mapping[str, str] = field(default_factory=dict)
    """The fields of a form that could not be processed: the page offers to send it again."""


FOR_ALL = {
    # What is public may be read by the pages of others too.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition, X-Sojourn-Edition, X-Sojourn-Licence, "
    "X-Sojourn-Filter",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    **FOR_ALL,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}

MACHINE_ENDINGS = (
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


def is_read_only(request: Request) -> bool:
    """Whether it is an address of the interface for programs, where nothing can be changed."""
    return f"{request.url.path}/".startswith(f"{url('api-v1')}/")


def is_at_desk(path: str) -> bool:
    """Whether what stands there is private, or nothing is there and it would be."""
    return f"{path}/".startswith(f"{url('desk')}/")


def is_for_machines(request: Request) -> bool:
    return request.url.path.endswith(MACHINE_ENDINGS) or is_read_only(request)


def fault_page(request: Request, fault: Fault) -> Response:
    """An error as a page or, behind a machine's address, as JSON."""
    if is_for_machines(request):
        body = {
            "status": fault.status,
            "errors": [{"key": key, "reason": reason} for key, reason in fault.reasons],
        }
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, fault.status, media_type="application/json", headers=FOR_ALL)
    is_framed = request.url.path.startswith(FRAMES)
    from_desk = is_at_desk(request.url.path) and not request.app.state.settings.public_only
    return page(
        request,
        "error.html",
        edition=None,
        status=fault.status,
        fault=fault,
        is_framed=is_framed,
        from_desk=from_desk,
    )


def wrong_method(request: Request, allowed: str) -> Response:
    """To another site's page that first asks whether it may: what is public may be read. To all else: what would do."""
    methods = f"{allowed}, HEAD, OPTIONS" if "GET" in allowed else allowed
    if request.method == "OPTIONS":
        answer = Response(status_code=204, headers=PREFLIGHT if is_for_machines(request) else {})
    else:
        answer = fault_page(request, Fault(405))
    answer.headers["Allow"] = methods
    return answer
