"""The frame of every desk page: signed-in person, menu, notice of the last action."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from markupsafe import Markup, escape
from starlette.responses import RedirectResponse, Response

from app.desk.approved.public_ids import RECORD_ID
from app.desk.identity import notices
from app.desk.identity.models import DeskRole, Person, SignIn
from app.i18n.translate import N_, _
from app.web.page import page
from app.web.state import app_state
from app.web.urls import url

C, E, A = DeskRole.CONTRIBUTOR, DeskRole.EDITOR, DeskRole.ADMIN
DOORS = (
    (N_("Reports"), (("articles", N_("Reports"), C),)),
    (
        N_("Review"),
        (("reviews", N_("Review"), E), ("confirmations", N_("Second person"), E)),
    ),
    (
        N_("Records"),
        (
            ("desk-search", N_("Find or begin"), C),
            ("bulk", N_("Bulk edit"), E),
            ("imports", N_("Import"), E),
            ("quality", N_("Quality"), E),
        ),
    ),
    (N_("Round"), (("round", N_("Round"), C),)),
    (
        N_("Settings"),
        (
            ("account", N_("Your account"), C),
            ("notices", N_("Notices"), C),
            ("feeds", N_("Watched feeds"), E),
            ("pages", N_("Pages of the site"), E),
            ("vocabulary", N_("Codes"), A),
            ("people", N_("People"), A),
            ("audit", N_("Audit log"), A),
        ),
    ),
)
"""The menu of the desk: each entry with its pages, by route, label and role."""
ID = re.compile(rf"\b{RECORD_ID.pattern}\b", re.ASCII)
MenuEntry = tuple[str, str, bool]
"""Label, address, and whether the page that is shown belongs to it."""


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


def _frame(request: Request) -> dict[str, Any] | None:
    """Return what `desk/base.html` shows around a page, if somebody is signed in."""
    person: Person | None = getattr(request.state, "person", None)
    if person is None:
        return None
    sign_in: SignIn = request.state.sign_in
    notice, sign_in.notice = sign_in.notice or "", None
    here = request.url.path
    doors = [] if request.state.must_enrol else [_door(person, here, *door) for door in DOORS]
    return {
        "who": person.called,
        "role": _(DeskRole(person.role).label),
        "menu": [entry for entry, pages in doors if pages],
        # Those of the menu entry that is open, if it has several.
        "pages": next((pages for entry, pages in doors if entry[2] and len(pages) > 1), ()),
        "notice": _with_links(notice),
        "warnings": [(notices.warning_text(each), each) for each in request.state.account_notices],
        "advice": notices.advice(),
        "here": here,
        "unread": request.state.unread_notices,
        "needs_second_person": not app_state(request).settings.one_person_desk,
    }


def _with_links(notice: str) -> Markup:
    """Return a notice in which each id leads to its record."""
    address = url("desk-record", record="…")

    def link(found: re.Match[str]) -> str:
        return f'<a href="{address.replace("…", found[0])}">{found[0]}</a>'

    return Markup(ID.sub(link, str(escape(notice))))  # noqa: S704 - escaped before


def _door(
    person: Person, here: str, label: str, pages: Sequence[tuple[str, str, DeskRole]]
) -> tuple[MenuEntry, list[MenuEntry]]:
    """Return an entry of the menu, and those of its pages that the person may open."""
    shown = [
        (_(title), url(name), here == url(name) or here.startswith(url(name) + "/"))
        for name, title, role in pages
        if person.may(role)
    ]
    is_open = any(is_current for _title, _address, is_current in shown)
    return (_(label), shown[0][1] if shown else "", is_open), shown
