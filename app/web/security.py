"""What surrounds every answer: headers that keep a reader safe, the refusal of what another site sends in a visitor's
name, and a last resort that logs no reader's words.
"""

import logging
from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.background import without_words
from app.web.errors import Fault, fault_page, is_at_desk, is_read_only
from app.web.unsaved_forms import unsaved_form
from app.web.urls import FRAMES

log = logging.getLogger("sojourn")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # No site that we link to learns which of our pages, and with it which question, a reader came from.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DESK_HEADERS = {
    # Nothing private stays in a cache, nor behind the Back button of somebody who has signed out.
    "Cache-Control": "no-store",
    # Browsers then send the Origin of a form, which a plain `no-referrer` would make `null`; other sites learn nothing.
    "Referrer-Policy": "same-origin",
}
FRAME_HEADERS = HEADERS | {
    # No script, nothing to fill in, and nothing to be tricked into clicking: others may frame it.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors *",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
del FRAME_HEADERS["X-Frame-Options"]
HARMLESS = {"GET", "HEAD", "OPTIONS"}


class Enough(Exception):
    """The headers said it all: nobody waits for the rest of a long file."""


class Safety:
    """The layer around all that writes an answer: adds the headers, and answers what nothing else has caught."""

    def __init__(self, app: ASGIApp, hsts: str) -> None:
        self.app = app
        self.everywhere = {"Strict-Transport-Security": hsts} if hsts else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False
        own = _headers(scope["path"]) | self.everywhere

        async def send_safely(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in own.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            answering: ASGIApp = (
                self.app
                if _is_from_here(Request(scope))
                else fault_page(Request(scope), Fault(403))
            )
            await answering(scope, receive, send_safely)
        except Enough:
            raise
        except ClientDisconnect:
            # Gone before its request was complete: nobody waits for an answer.
            return
        except Exception as error:
            log.error("An answer failed: %s", without_words(error))
            if has_begun:
                # The status is already sent: only breaking off tells the reader that the rest is missing.
                raise ConnectionAbortedError("an answer broke off") from None
            request = Request(scope)
            fault = Fault(500, unsaved_form=unsaved_form(request))
            answer: Callable[[Scope, Receive, Send], Awaitable[None]] = fault_page(request, fault)
            await answer(scope, receive, send_safely)


def _headers(path: str) -> dict[str, str]:
    if is_at_desk(path):
        return HEADERS | DESK_HEADERS
    return FRAME_HEADERS if path.startswith(FRAMES) else HEADERS


def _is_from_here(request: Request) -> bool:
    """Whether a request that may change something comes from a page of ours: no other site acts in a visitor's name.

    Browsers say so in `Sec-Fetch-Site`; over plain http they leave it out, and `Origin` has to do. One that sends
    neither could not be told from a forgery.
    """
    # A program that posts to what can only be read shall hear just that.
    if request.method in HARMLESS or is_read_only(request):
        return True
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    return is_same_origin(
        request.headers.get("origin", ""), request.scope["scheme"], request.headers.get("host", "")
    )


def is_same_origin(origin: str, scheme: str, host: str) -> bool:
    """Whether an Origin header names this host.

    A page that came by http, which anybody on the way could have written, is not ours where the site is at https. The
    other way round, only the proxy may know of https.
    """
    origin_scheme, mark, origin_host = origin.partition("://")
    schemes = {"https"} if scheme == "https" else {"https", "http"}
    return bool(mark and host) and origin_scheme in schemes and origin_host == host
