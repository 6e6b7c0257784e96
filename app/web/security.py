"""Security middleware: security headers, CSRF protection, and the page for unhandled errors.

The log names an unhandled error without its message, which could quote a reader's input.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.background import describe_without_message
from app.web.errors import READ_ONLY, Fault, fault_page, is_api, is_desk_path
from app.web.forms import read_unsaved_form, unsaved_form
from app.web.request_log import logged, note_refusal, note_route
from app.web.urls import EMBED_PREFIX

log = logging.getLogger("sojourn")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Sites that we link to must not learn from which page, and with which filter, a reader came.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DESK_HEADERS = {
    # Private pages stay in no cache; after sign-out the Back button shows none.
    "Cache-Control": "no-store",
    # With `no-referrer` browsers send a form with `Origin: null`. Other sites learn nothing here
    # either.
    "Referrer-Policy": "same-origin",
}
FRAME_HEADERS = HEADERS | {
    # Other sites may frame these pages: without scripts and forms there is nothing to clickjack.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors *"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
del FRAME_HEADERS["X-Frame-Options"]
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class BodyNotNeededError(Exception):
    """Ends the writing of a long file whose headers are all that the client needs."""


class SecurityMiddleware:
    """Adds the headers, refuses cross-site requests, and answers unhandled errors."""

    def __init__(self, app: ASGIApp, hsts: str) -> None:
        self.app = app
        self.hsts_header = {"Strict-Transport-Security": hsts} if hsts else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_started = False
        security_headers = _headers(scope["path"]) | self.hsts_header

        async def send_with_headers(message: Message) -> None:
            nonlocal is_started
            if message["type"] == "http.response.start":
                is_started = True
                headers = MutableHeaders(scope=message)
                for name, value in security_headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            app = self.app if _is_same_site(Request(scope)) else _cross_site_answer(scope)
            await app(scope, receive, send_with_headers)
        except BodyNotNeededError:
            raise
        except ClientDisconnect:
            return
        except Exception as error:
            log.error(
                "An answer failed: %s",
                describe_without_message(error),
                extra={"request": logged(scope).id},
            )
            if is_started:
                # The status is sent already: only a broken connection shows that the rest is
                # missing.
                raise ConnectionAbortedError("an answer broke off") from None
            request = Request(scope)
            fault = Fault(500, unsaved_form=unsaved_form(request))
            response: Callable[[Scope, Receive, Send], Awaitable[None]] = fault_page(request, fault)
            await response(scope, receive, send_with_headers)
        finally:
            note_route(scope)


def _headers(path: str) -> dict[str, str]:
    if is_desk_path(path):
        return HEADERS | DESK_HEADERS
    return FRAME_HEADERS if path.startswith(EMBED_PREFIX) else HEADERS


def _cross_site_answer(scope: Scope) -> ASGIApp:
    note_refusal(scope, "cross-site")
    return fault_page(Request(scope), Fault(403))


def _is_same_site(request: Request) -> bool:
    """Whether the request is safe or comes from a page of this site (CSRF protection).

    Browsers send `Sec-Fetch-Site`, except over plain http, where `Origin` is checked. A request
    with neither header could be forged and is refused.
    """
    # The API answers a POST with 405, which tells a program more than 403.
    if request.method in SAFE_METHODS or is_api(request):
        return True
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    return is_same_origin(
        request.headers.get("origin", ""), request.scope["scheme"], request.headers.get("host", "")
    )


def is_same_origin(origin: str, scheme: str, host: str) -> bool:
    """Whether an Origin header names this host.

    A page that came over http could have been forged, so an https site does not accept it. An http
    site accepts an https origin: a proxy may have ended the encryption.
    """
    origin_scheme, mark, origin_host = origin.partition("://")
    schemes = {"https"} if scheme == "https" else {"https", "http"}
    return bool(mark and host) and origin_scheme in schemes and origin_host == host


RETRY_SECONDS = 600


class ReadOnlyMiddleware:
    """Answers 503 at the desk, whose pages write an audit log, and to every form."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        # The API takes no form, and answers 405 itself.
        is_form = request.method not in SAFE_METHODS and not is_api(request)
        if not is_form and not is_desk_path(scope["path"]):
            await self.app(scope, receive, send)
            return
        fault = Fault(
            503,
            [(READ_ONLY, "the site can only be read at the moment")],
            unsaved_form=await read_unsaved_form(request),
        )
        response = fault_page(request, fault)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        await response(scope, receive, send)


PUBLISHED_EDITION_COOKIE = "sojourn-edition"
"""Name of the publisher's cookie: every worker shows them at least the edition in it."""


def cookie_name(name: str, scheme: str) -> str:
    """Return the cookie's name; over https with `__Host-`, so that no other host can set it."""
    return f"__Host-{name}" if scheme == "https" else name


def published_edition(cookies: Mapping[str, str], scheme: str) -> int:
    """Return the edition that the client has published; 0 if none."""
    value = cookies.get(cookie_name(PUBLISHED_EDITION_COOKIE, scheme), "")
    return int(value) if re.fullmatch("[0-9]{1,9}", value, re.ASCII) else 0
