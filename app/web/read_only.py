"""Middleware of SOJOURN_READ_ONLY: the desk is closed, and no form is taken."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.errors import READ_ONLY, Fault, fault_page, is_api, is_desk_path
from app.web.security import SAFE_METHODS
from app.web.unsaved_forms import read_unsaved_form

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
