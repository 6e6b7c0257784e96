"""Routes for admins: people, their roles, links and accounts, and the audit log."""

import re

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.identity import audit_log, commands, notices, passkeys, second_factor, sign_ins
from app.desk.identity.forms import ChangeRoleForm, InviteForm
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.permissions import Admin
from app.desk.ui import FilledForm, desk_page, fill, see_other
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import app_state
from app.web.urls import absolute_url, url

router = APIRouter()
ENTRIES_PER_PAGE = 100


@router.get("/desk/people", name="people")
def people(request: Request, db: Desk, admin: Admin) -> Response:
    return _people_page(request, db, admin, FilledForm(InviteForm))


@router.post("/desk/people")
def invite(request: Request, db: Desk, admin: Admin, posted: PostedForm) -> Response:
    filled = fill(InviteForm, posted)
    if filled.form is None:
        return _people_page(request, db, admin, filled, 422)
    try:
        person, token = commands.invite(db, filled.form.email, filled.form.role, by=admin)
    except commands.EmailTakenError:
        return _people_page(
            request,
            db,
            admin,
            filled.but("email", _("An account with this address already exists.")),
            422,
        )
    return _link_page(request, person, token)


def _people_page(
    request: Request, db: Desk, admin: Admin, filled: FilledForm[InviteForm], status: int = 200
) -> Response:
    return desk_page(
        request,
        "desk/people/list.html",
        status=status,
        members=commands.list_people(db),
        with_passkeys=passkeys.holder_ids(db),
        you=admin.id,
        roles=DeskRole,
        filled=filled,
    )


# One person -------------------------------------------------------------------------------------


@router.get("/desk/people/{id:int}", name="person")
def one_person(request: Request, db: Desk, admin: Admin, id: int) -> Response:
    person = _find_person(db, id)
    filled = FilledForm(ChangeRoleForm, {"role": person.role})
    return desk_page(
        request,
        "desk/people/page.html",
        member=person,
        role=DeskRole(person.role),
        has_factor=second_factor.is_enrolled(db, person),
        is_you=person.id == admin.id,
        filled=filled,
    )


@router.post("/desk/people/{id:int}/{act:path}", name="change-person")
def change_person(
    request: Request, db: Desk, admin: Admin, id: int, act: str, *, posted: PostedForm
) -> Response:
    """Change another person's role or account, or make a link for them."""
    person = _find_person(db, id)
    if person.id == admin.id:
        raise HTTPException(403)
    commands.lock_person(db, person)
    form = fill(ChangeRoleForm, posted).form
    try:
        match act:
            case "role" if form:
                commands.change_role(db, person, form.role, by=admin)
                notice = _("The role of {name} is now: {role}.")
            case "link" if person.disabled_at is None:
                return _link_page(request, person, commands.make_link(db, person, by=admin))
            case "second-factor/remove":
                commands.remove_every_factor(db, person, by=admin)
                notice = _("The second factor of {name} was removed.")
            case "disable":
                commands.disable(db, person, by=admin)
                notice = _("All sessions of {name} have ended, and the account is disabled.")
            case "enable":
                commands.enable(db, person, by=admin)
                notice = _("{name} can sign in again.")
            case _:
                raise HTTPException(409)
    except commands.LastAdminError:
        # Two admins may disable each other at the same time.
        raise HTTPException(409) from None
    words = notice.format(name=person.called, role=_(DeskRole(person.role).label))
    return see_other(request, url("person", id=id), words)


def _find_person(db: Desk, id: int) -> Person:
    # Larger numbers would be a database error.
    person = db.get(Person, id) if 0 < id < 2**31 else None
    if person is None:
        raise HTTPException(404)
    return person


def _link_page(request: Request, person: Person, token: str) -> Response:
    """Return the only page that shows the link; also mail the link where that is configured."""
    settings = app_state(request).settings
    address = absolute_url(request, url("welcome", token=token))
    days = sign_ins.LINK_LIFETIME.days
    text = _(
        "Follow this link to set your password at Sojourn’s desk. It works once, within {days} "
        "days:\n\n"
        "{link}\n\n"
        "If you did not expect it, ignore it."
    ).format(days=days, link=address)
    try:
        was_sent, failed = (
            notices.send(settings, person.email, _("Your link to the Sojourn desk"), text),
            False,
        )
    except notices.MailError:
        was_sent, failed = False, True
    return desk_page(
        request,
        "desk/people/link.html",
        person=person,
        link=address,
        days=days,
        was_sent=was_sent,
        failed=failed,
    )


# Audit log --------------------------------------------------------------------------------------


@router.get("/desk/audit", name="audit")
def audit_page(request: Request, db: Desk, _admin: Admin) -> Response:
    before = request.query_params.get("before", "")
    only_failures = request.query_params.get("only") == "failures"
    last = int(before) if re.fullmatch(r"\d{1,18}", before, re.ASCII) else None
    found = audit_log.entries(db, last, ENTRIES_PER_PAGE, only_failures=only_failures)
    filtered = "only=failures&" if only_failures else ""
    is_full = len(found) == ENTRIES_PER_PAGE
    return desk_page(
        request,
        "desk/people/audit.html",
        lines=found,
        names={f"person:{person.id}": person.called for person in db.scalars(select(Person))},
        actions=audit_log.LABELS,
        older=f"{url('audit')}?{filtered}before={found[-1].id}" if is_full else None,
        is_newest=not before,
        only_failures=only_failures,
        failures=audit_log.count_failures(db),
    )
