"""Fields of a form that could not be processed: the error page offers to send them again."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from app.web.errors import is_for_machines
from app.web.forms import FORM_STATE, read_form

SECRET_FIELDS = frozenset({"password", "own_password", "secret", "credential"})
"""Never put into a page: a form with one of these fields must be filled in again."""
SIGN_IN_PATH = "/desk/sign-in"
FORM_TYPE = "application/x-www-form-urlencoded"


async def read_unsaved_form(request: Request) -> Mapping[str, str]:
    """Return the fields of the request's form; empty if they must not be shown."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(
        FORM_TYPE
    ):
        return {}
    if not hasattr(request.state, FORM_STATE):
        try:
            await read_form(request)
        except (HTTPException, ClientDisconnect, RuntimeError):
            return {}  # too large, cut off, or already consumed
    return unsaved_form(request)


def unsaved_form(request: Request) -> Mapping[str, str]:
    """Return the fields that were read already; empty if none, or if they must not be shown."""
    fields: Mapping[str, str] = getattr(request.state, FORM_STATE, {})
    is_secret = bool(SECRET_FIELDS & fields.keys()) or request.url.path.startswith(SIGN_IN_PATH)
    return {} if is_secret or is_for_machines(request) else fields
