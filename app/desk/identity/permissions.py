"""Permissions of routes, as FastAPI dependencies, and the cookies that identify a browser.

A route with the parameter `editor: Editor` is open to editors and admins only.
"""

from collections.abc import Callable, Collection
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.identity import notices, second_factor, sign_ins
from app.desk.identity.models import DeskRole, Person, SignIn
from app.desk.identity.notices import NoticeKind
from app.settings import Settings
from app.web.request_log import logged
from app.web.security import cookie_name
from app.web.sessions import Desk
from app.web.state import SettingsDep


class NotSignedInError(Exception):
    """The request has no valid sign-in. Handled by a redirect to the sign-in page."""


class FactorMissingError(Exception):
    """The person's role needs a second factor, and the account has none.

    Handled by a redirect to the page that adds one.
    """


def account_holder(request: Request, db: Desk, settings: SettingsDep) -> Person:
    """Return the signed-in person, also if the required second factor is missing.

    For the pages that add a second factor. Stores the sign-in in `request.state`, for the page
    frame.
    """
    found = sign_ins.find(db, sign_in_token(request))
    if found is None:
        raise NotSignedInError
    request.state.sign_in, request.state.person = found
    logged(request.scope).person = found[1].id
    request.state.must_enrol = second_factor.is_missing(db, settings, found[1])
    # Responses to POST are redirects or fragments, which do not show notices.
    is_page = request.method == "GET"
    request.state.account_notices = notices.warnings_in(db, found[0]) if is_page else ()
    request.state.unread_notices = notices.count_unread(db, found[1]) if is_page else 0
    sign_ins.update_seen_at(db, found[0])
    return found[1]


def signed_in(request: Request, person: Annotated[Person, Depends(account_holder)]) -> Person:
    """Return the signed-in person, who has every second factor that the role needs."""
    if request.state.must_enrol:
        raise FactorMissingError
    return person


def half_signed_in(request: Request, db: Desk) -> tuple[SignIn, Person]:
    """Return the person who has given a password but no second factor.

    Such a sign-in opens only the page that asks for the code.
    """
    found = sign_ins.find(db, sign_in_token(request), waits_for_code=True)
    if found is None:
        raise NotSignedInError
    logged(request.scope).person = found[1].id
    return found


def _require_role(role: DeskRole) -> Callable[[Person], Person]:
    def require(person: Annotated[Person, Depends(signed_in)]) -> Person:
        if not person.may(role):
            raise HTTPException(403)
        return person

    return require


AccountHolder = Annotated[Person, Depends(account_holder)]
Contributor = Annotated[Person, Depends(_require_role(DeskRole.CONTRIBUTOR))]
Editor = Annotated[Person, Depends(_require_role(DeskRole.EDITOR))]
Admin = Annotated[Person, Depends(_require_role(DeskRole.ADMIN))]
HalfSignedIn = Annotated[tuple[SignIn, Person], Depends(half_signed_in)]


def can_approve(person: Person, authors: Collection[int], settings: Settings) -> bool:
    """Return whether the person may approve work by these authors.

    Authors can't approve their own work, except where one person runs the desk alone.
    """
    return person.may(DeskRole.EDITOR) and (settings.one_person_desk or person.id not in authors)


# Cookies ----------------------------------------------------------------------------------------


def sign_in_token(request: Request) -> str:
    return request.cookies.get(cookie_name("sojourn", request.scope["scheme"]), "")


def set_sign_in_cookie(request: Request, response: Response, token: str) -> Response:
    """Set the cookie of a sign-in, which ends with the browser."""
    _set_cookie(request, response, "sojourn", token)
    return response


def remember_device(
    request: Request, response: Response, db: Desk, sign_in: SignIn, person: Person, *, joins: bool
) -> None:
    """Set the cookie that identifies this browser; notify the account of a new browser.

    Somebody who joins gets no notice, because every browser is new then.
    """
    token = request.cookies.get(cookie_name(DEVICE, request.scope["scheme"]), "")
    if not sign_ins.is_known_device(db, person, token):
        token = sign_ins.add_device(db, person, token)
        if not joins:
            notices.warn(db, person, NoticeKind.NEW_DEVICE, sign_in.browser, caused_by=sign_in)
    _set_cookie(request, response, DEVICE, token, int(sign_ins.DEVICE_LIFETIME.total_seconds()))


def delete_sign_in_cookie(request: Request, response: Response) -> Response:
    _set_cookie(request, response, "sojourn", "", 0)
    return response


DEVICE = "sojourn-device"


def _set_cookie(
    request: Request, response: Response, name: str, token: str, age: int | None = None
) -> None:
    """Set an HttpOnly cookie. SameSite=Lax: other sites' POSTs do not carry it."""
    scheme: str = request.scope["scheme"]
    response.set_cookie(
        cookie_name(name, scheme),
        token,
        age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=scheme == "https",
    )
