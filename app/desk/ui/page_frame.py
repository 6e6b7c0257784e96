"""The frame of every desk page: signed-in person, menu, notice of the last action."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.desk.identity import notices
from app.desk.identity.models import Person, SignIn
from app.desk.identity.roles import DeskRole
from app.i18n.translate import N_, _
from app.web.page import page
from app.web.state import app_state
from app.web.urls import url

MENU = [
    ("desk", N_("My desk"), N_("Your tasks and drafts"), DeskRole.CONTRIBUTOR),
    (
        "inbox",
        N_("Inbox"),
        N_("Links to read later, pasted or found in feeds"),
        DeskRole.CONTRIBUTOR,
    ),
    ("desk-search", N_("Find"), N_("Find a record or draft to edit"), DeskRole.CONTRIBUTOR),
    (
        "articles",
        N_("Sources"),
        N_("Enter reports, and see what was entered"),
        DeskRole.CONTRIBUTOR,
    ),
    ("reviews", N_("Review"), N_("Review drafts, and publish the next edition"), DeskRole.EDITOR),
    ("bulk", N_("Bulk edit"), N_("Make one change in many records"), DeskRole.EDITOR),
    ("imports", N_("Import"), N_("Import records from tables"), DeskRole.EDITOR),
    (
        "letters",
        N_("Messages"),
        N_("Corrections, tips and requests for removal"),
        DeskRole.EDITOR,
    ),
    (
        "checks",
        N_("Coverage"),
        N_("Searches for news, with their dates"),
        DeskRole.EDITOR,
    ),
    ("quality", N_("Quality"), N_("Problems to correct"), DeskRole.EDITOR),
    (
        "vocabulary",
        N_("Vocabulary"),
        N_("Types, sectors and the other lists of codes"),
        DeskRole.ADMIN,
    ),
    ("people", N_("People"), N_("Accounts and roles"), DeskRole.ADMIN),
    ("audit", N_("Audit log"), N_("Actions of people at the desk"), DeskRole.ADMIN),
]
"""(route, label, purpose, role). The menu shows the entries that the person's role includes."""


@dataclass(frozen=True)
class DeskFrame:
    """View of `desk/base.html`."""

    who: str = ""
    role: str = ""
    menu: tuple[tuple[str, str, bool], ...] = ()
    notice: str = ""
    account_notices: tuple[tuple[str, datetime], ...] = ()
    last_notice: int = 0
    advice: str = ""
    here: str = ""
    unread: int = 0
    """Number of unread notices about work."""
    needs_second_person: bool = False
    """Whether withdrawing, merging and purging need a second person."""


def desk_page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page of the desk, in its frame."""
    return page(request, template, edition=None, status=status, frame=_frame(request), **context)


def see_other(request: Request, address: str, notice: str = "") -> Response:
    """Redirect after an action, and show the notice on the next page."""
    if notice:
        request.state.sign_in.notice = notice
    if "hx-request" in request.headers:
        # htmx would insert the target of a plain redirect into the current page.
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def parts_of_desk(person: Person) -> list[tuple[str, str, str]]:
    """Return address, label and purpose of the person's menu entries, except the home page."""
    return [
        (url(name), _(label), _(about))
        for name, label, about, role in MENU
        if name != "desk" and person.may(role)
    ]


def _frame(request: Request) -> DeskFrame:
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        return DeskFrame()
    sign_in: SignIn = request.state.sign_in
    notice, sign_in.notice = sign_in.notice or "", None
    here = request.url.path
    menu = [
        (
            _(label),
            url(name),
            here == url(name) or (name != "desk" and here.startswith(url(name) + "/")),
        )
        for name, label, _about, role in MENU
        if person.may(role) and not request.state.must_enrol
    ]
    shown = getattr(request.state, "account_notices", ())
    return DeskFrame(
        person.called,
        _(DeskRole(person.role).label),
        tuple(menu),
        notice,
        account_notices=tuple((notices.notice_text(each), each.at) for each in shown),
        last_notice=shown[-1].id if shown else 0,
        advice=notices.advice(),
        here=here,
        unread=getattr(request.state, "unread_notices", 0),
        needs_second_person=not app_state(request).settings.one_person_desk,
    )
