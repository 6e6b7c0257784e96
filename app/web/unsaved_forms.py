"""What somebody typed into a form that could not be processed: the error page holds it, to be sent again."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from app.web.errors import is_for_machines
from app.web.forms import FORM_STATE, read_form

SECRET_FIELDS = frozenset({"password", "own_password", "secret", "credential"})
"""Never printed into a page: forms with one of these are typed again."""
SIGN_IN_PATH = "/desk/sign-in"
FORM_TYPE = "application/x-www-form-urlencoded"


async def read_unsaved_form(request: Request) -> Mapping[str, str]:
    """The fields of the form that this request sent, read now if nobody has yet; empty where none may be shown."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(
        FORM_TYPE
    ):
        return {}
    if not hasattr(request.state, FORM_STATE):
        try:
            await read_form(request)
        except (
            HTTPException,
            ClientDisconnect,
            RuntimeError,
        ):  # too large, cut off, or read by somebody else
            return {}
    return unsaved_form(request)


def unsaved_form(request: Request) -> Mapping[str, str]:
    """The same without reading anything: empty where the form had not been read."""
    fields: Mapping[str, str] = getattr(request.state, FORM_STATE, {})
    is_secret = bool(SECRET_FIELDS & fields.keys()) or request.url.path.startswith(SIGN_IN_PATH)
    return {} if is_secret or is_for_machines(request) else fields
