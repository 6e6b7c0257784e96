"""Who may do what, as a page's signature says it: `editor: Editor` lets nobody in who is not one.

And the cookie by which a browser is known.
"""

from collections.abc import Callable, Collection
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.identity import devices, notices, second_factor, sessions
from app.desk.identity.models import Person, Role, SignIn
from app.desk.identity.notices import NoticeKind
from app.settings import Settings
from app.web.cookies import cookie_name
from app.web.sessions import Desk


class NotSignedIn(Exception):
    """Nobody is signed in, or no longer: the way leads to the sign-in page."""


class FactorMissingError(Exception):
    """This person's role needs a second factor and there is none yet: only the pages that add one are open."""


def account_holder(request: Request, db: Desk) -> Person:
    """Return the person of this sign-in, who may still have to add a second factor: for the pages that add one.

    The sign-in is kept with the request, for the frame of the page.
    """
    found = sessions.find(db, token(request))
    if found is None:
        raise NotSignedIn
    request.state.sign_in, request.state.person = found
    request.state.must_enrol = second_factor.is_missing(db, request.app.state.settings, found[1])
    # What changes something answers with a redirect or a piece of a page, which has no room for notices.
    request.state.account_notices = notices.unread(db, found[0]) if request.method == "GET" else ()
    sessions.seen(db, found[0])
    return found[1]


def signed_in(request: Request, person: Annotated[Person, Depends(account_holder)]) -> Person:
    """Return the person who is signed in, with every factor that their role needs."""
    if request.state.must_enrol:
        raise FactorMissingError
    return person


def half_signed_in(request: Request, db: Desk) -> tuple[SignIn, Person]:
    """Who has given their password and not yet their code: it opens the page that asks for it, and no other."""
    found = sessions.find(db, token(request), waits_for_code=True)
    if found is None:
        raise NotSignedIn
    return found


def _at_least(role: Role) -> Callable[[Person], Person]:
    def allowed(person: Annotated[Person, Depends(signed_in)]) -> Person:
        if not person.may(role):
            raise HTTPException(403)
        return person

    return allowed


AccountHolder = Annotated[Person, Depends(account_holder)]
Contributor = Annotated[Person, Depends(_at_least(Role.CONTRIBUTOR))]
Editor = Annotated[Person, Depends(_at_least(Role.EDITOR))]
Admin = Annotated[Person, Depends(_at_least(Role.ADMIN))]
HalfSignedIn = Annotated[tuple[SignIn, Person], Depends(half_signed_in)]


def may_approve(person: Person, authors: Collection[int], settings: Settings) -> bool:
    """Four eyes: who wrote any of it can't approve it, unless one person runs this desk alone."""
    return person.may(Role.EDITOR) and (settings.one_person_desk or person.id not in authors)


# The cookie -------------------------------------------------------------------------------------------------------


def token(request: Request) -> str:
    return request.cookies.get(_name(request), "")


def remember(request: Request, response: Response, token: str) -> Response:
    """Hands the browser its token: until it is closed, out of reach of scripts, not sent along from other sites."""
    response.set_cookie(
        _name(request), token, path="/", httponly=True, samesite="lax", secure=_is_https(request)
    )
    return response


def remember_device(
    request: Request, response: Response, db: Desk, sign_in: SignIn, person: Person, *, joins: bool
) -> None:
    """Notify the account if this browser is new to it, and give the browser the cookie by which it is known again.

    Nothing is new for somebody who joins.
    """
    name = cookie_name("sojourn-device", request.scope["scheme"])
    token = request.cookies.get(name, "")
    if not devices.recognise(db, person, token):
        token = devices.add(db, person, token)
        if not joins:
            notices.notify(db, person, NoticeKind.NEW_DEVICE, sign_in.browser, caused_by=sign_in)
    age = int(devices.LIFETIME.total_seconds())
    response.set_cookie(
        name, token, age, path="/", httponly=True, samesite="lax", secure=_is_https(request)
    )


def forget(request: Request, response: Response) -> Response:
    response.delete_cookie(
        _name(request), path="/", httponly=True, samesite="lax", secure=_is_https(request)
    )
    return response


def _name(request: Request) -> str:
    return cookie_name("sojourn", request.scope["scheme"])


def _is_https(request: Request) -> bool:
    return bool(request.scope["scheme"] == "https")
