"""Outermost middleware: gives each request an id, and logs its route, status and duration.

A line has the pattern of the address, such as `/events/{name}`, and never the address itself, the
query or the client. What is refused is logged too, at the desk with the number of the person,
so that attempts to get around a control leave a trace.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("sojourn.requests")

HEADER = b"x-request-id"
REQUEST = "sojourn.request"
"""Key of a scope: its value is a `LoggedRequest`, shared by copies of the scope."""
NO_ROUTE = "none"
"""Route of a request that no route matches."""
REFUSED: Mapping[int, str] = {
    400: "malformed",
    401: "not signed in",
    403: "forbidden",
    413: "too large",
    429: "limit",
}
"""Statuses of refused requests, which are always logged, with the reason if none was noted."""


@dataclass
class LoggedRequest:
    """What is known of a request while it is answered."""

    id: str
    route: str = NO_ROUTE
    status: int = 0
    is_complete: bool = False
    fault: str | None = None
    """Reason of an answer with a status from 500 on, or of a refusal."""
    person: int | None = None
    """The person who is signed in at the desk."""
    is_refused: bool = False

    @property
    def is_logged_as_refused(self) -> bool:
        """Whether a control refused it. Of signed-in people, every error of the client counts."""
        is_wrong = self.person is not None and 400 <= self.status < 500
        return self.is_refused or is_wrong or self.status in REFUSED


Observer = Callable[[LoggedRequest, str, float], None]
"""Called with the request, its method and its seconds after each answer."""


class RequestLog:
    """Logs each request if `is_logging_all`, otherwise only those that fail or are refused.

    A client that hangs up is not an error.
    """

    def __init__(self, app: ASGIApp, *, is_logging_all: bool, observer: Observer | None) -> None:
        self.app = app
        self.is_logging_all = is_logging_all
        self.observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request = LoggedRequest(os.urandom(8).hex())
        scope[REQUEST] = request

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.status = message["status"]
                # The response cache shares its messages: they are not changed here.
                headers = [*message["headers"], (HEADER, request.id.encode())]
                message = {**message, "headers": headers}
            elif not message.get("more_body"):
                request.is_complete = True
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            if self.observer:
                self.observer(request, scope["method"], seconds)
            if self.is_logging_all or request.status >= 500 or request.is_logged_as_refused:
                _log(request, scope["method"], seconds)


def _log(request: LoggedRequest, method: str, seconds: float) -> None:
    # A monitor asks often, and a worker that starts is not ready for a moment.
    is_health = request.route.startswith("/healthz")
    is_alarming = request.status in REFUSED or (request.status >= 500 and not is_health)
    level = logging.WARNING if is_alarming else logging.INFO
    fields = {
        "request": request.id,
        "route": request.route,
        "method": method,
        "status": request.status or None,
        "ms": round(seconds * 1000, 1),
        "fault": request.fault or REFUSED.get(request.status),
        # Who reads what at the desk is nobody's business: only what went wrong names a person.
        "person": request.person if request.is_logged_as_refused else None,
        "hung_up": None if request.is_complete else True,
    }
    log.log(level, "Refused" if request.is_logged_as_refused else "Request", extra=fields)


def note_route(scope: Scope) -> None:
    """Note the route that FastAPI has put into this scope. `RequestLog` may have another copy."""
    if (route := scope.get("route")) is not None:
        logged(scope).route = route.path_format


def note_refusal(scope: Scope, why: str) -> None:
    """Note that a control refused the request, whatever its status is."""
    request = logged(scope)
    request.is_refused, request.fault = True, why


def logged(scope: Scope) -> LoggedRequest:
    """Return what is known of a request; outside of `RequestLog`, what nobody will log."""
    request: LoggedRequest = scope.setdefault(REQUEST, LoggedRequest(""))
    return request
