"""What surrounds every page of the desk: who is signed in, the menu of what they may do, what was just done."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.desk.people.models import Person, Role, SignIn
from app.language import N_, _
from app.web import page, url

MENU = [
    ("desk", N_("My desk"), Role.CONTRIBUTOR),
    ("inbox", N_("Inbox"), Role.CONTRIBUTOR),
    ("desk-search", N_("Find"), Role.CONTRIBUTOR),
    ("articles", N_("Sources"), Role.CONTRIBUTOR),
    ("reviews", N_("Review"), Role.EDITOR),
    ("bulk", N_("Bulk edit"), Role.EDITOR),
    ("imports", N_("Import"), Role.EDITOR),
    ("letters", N_("Requests"), Role.EDITOR),
    ("checks", N_("Coverage"), Role.EDITOR),
    ("quality", N_("Quality"), Role.EDITOR),
    ("vocabulary", N_("Vocabulary"), Role.ADMIN),
    ("people", N_("People"), Role.ADMIN),
    ("audit", N_("Audit log"), Role.ADMIN),
]
"""The menu shows only what exists, and to each only what they may do."""


@dataclass(frozen=True)
class Frame:
    """What `desk/base.html` prints around a page."""

    who: str = ""
    role: str = ""
    menu: tuple[tuple[str, str, bool], ...] = ()
    notice: str = ""


def desk_page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page of the desk, in its frame."""
    return page(request, template, edition=None, status=status, frame=_frame(request), **context)


def see_other(request: Request, address: str, notice: str = "") -> Response:
    """Where to go after something was done, and what to say there."""
    if notice:
        request.state.sign_in.notice = notice
    if "hx-request" in request.headers:
        # A browser that follows by itself would put what it finds there into a piece of the page that it is on.
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _frame(request: Request) -> Frame:
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        return Frame()
    sign_in: SignIn = request.state.sign_in
    notice, sign_in.notice = sign_in.notice or "", None
    here = request.url.path
    menu = [
        (_(label), url(name), here == url(name) or (name != "desk" and here.startswith(url(name) + "/")))
        for name, label, role in MENU
        if person.may(role)
    ]
    return Frame(person.called, _(Role(person.role).label), tuple(menu), notice)
