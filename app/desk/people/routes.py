"""Routes for admins: invitations, roles, links for forgotten passwords, disabling accounts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.identity import commands, links, mail, passkeys, second_factor
from app.desk.identity.forms import ChangeRoleForm, InviteForm
from app.desk.identity.models import Person
from app.desk.identity.permissions import Admin
from app.desk.identity.roles import DeskRole
from app.desk.ui.html_forms import FilledForm, fill
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import app_state
from app.web.urls import absolute_url, url

router = APIRouter()


@dataclass(frozen=True)
class MemberView:
    """A person on the admins' pages."""

    id: int
    called: str
    email: str
    role: str
    state: str
    invited_at: datetime
    has_factor: bool
    failures: int
    failed_at: datetime | None
    is_disabled: bool
    is_you: bool


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
    with_passkeys = passkeys.holder_ids(db)
    members: Sequence[MemberView] = [
        _member(
            person, admin, has_factor=person.factor_secret is not None or person.id in with_passkeys
        )
        for person in commands.list_people(db)
    ]
    return desk_page(
        request, "desk/people/list.html", status=status, members=members, filled=filled
    )


def _member(person: Person, admin: Person, *, has_factor: bool) -> MemberView:
    if person.disabled_at is not None:
        state = _("disabled")
    elif person.password_hash is None:
        state = _("invited")
    else:
        state = ""
    return MemberView(
        id=person.id,
        called=person.called,
        email=person.email,
        role=_(DeskRole(person.role).label),
        state=state,
        invited_at=person.invited_at,
        has_factor=has_factor,
        failures=person.failures,
        failed_at=person.failed_at,
        is_disabled=person.disabled_at is not None,
        is_you=person.id == admin.id,
    )


# One person -------------------------------------------------------------------------------------


@router.get("/desk/people/{id:int}", name="person")
def one_person(request: Request, db: Desk, admin: Admin, id: int) -> Response:
    person = _find_person(db, id)
    filled = FilledForm(ChangeRoleForm, {"role": person.role})
    member = _member(person, admin, has_factor=second_factor.is_enrolled(db, person))
    return desk_page(request, "desk/people/page.html", member=member, filled=filled)


@router.post("/desk/people/{id:int}/role", name="person-role")
def change_role(request: Request, db: Desk, admin: Admin, id: int, posted: PostedForm) -> Response:
    person, form = _find_other_person(db, admin, id), fill(ChangeRoleForm, posted).form
    if form is None:
        raise HTTPException(422)
    with _conflict_if_last_admin():
        commands.change_role(db, person, form.role, by=admin)
    notice = _("The role of {name} is now: {role}.").format(
        name=person.called, role=_(form.role.label)
    )
    return see_other(request, url("person", id=id), notice)


@router.post("/desk/people/{id:int}/link", name="person-link")
def make_link(request: Request, db: Desk, admin: Admin, id: int) -> Response:
    person = _find_other_person(db, admin, id)
    if person.disabled_at is not None:
        raise HTTPException(409)
    return _link_page(request, person, commands.make_link(db, person, by=admin))


@router.post("/desk/people/{id:int}/second-factor/remove", name="person-factor")
def remove_factor(request: Request, db: Desk, admin: Admin, id: int) -> Response:
    person = _find_other_person(db, admin, id)
    commands.remove_every_factor(db, person, by=admin)
    notice = _("The second factor of {name} was removed.").format(name=person.called)
    return see_other(request, url("person", id=id), notice)


@router.post("/desk/people/{id:int}/disable", name="disable")
def disable(request: Request, db: Desk, admin: Admin, id: int) -> Response:
    person = _find_other_person(db, admin, id)
    with _conflict_if_last_admin():
        commands.disable(db, person, by=admin)
    notice = _("All sessions of {name} have ended, and the account is disabled.").format(
        name=person.called
    )
    return see_other(request, url("person", id=id), notice)


@router.post("/desk/people/{id:int}/enable", name="enable")
def enable(request: Request, db: Desk, admin: Admin, id: int) -> Response:
    person = _find_other_person(db, admin, id)
    commands.enable(db, person, by=admin)
    return see_other(
        request, url("person", id=id), _("{name} can sign in again.").format(name=person.called)
    )


def _find_person(db: Desk, id: int) -> Person:
    # Larger numbers would be a database error.
    person = db.get(Person, id) if 0 < id < 2**31 else None
    if person is None:
        raise HTTPException(404)
    return person


def _find_other_person(db: Desk, admin: Person, id: int) -> Person:
    """Return another person, locked; respond with 403 for the admin's own account."""
    person = _find_person(db, id)
    if person.id == admin.id:
        raise HTTPException(403)
    commands.lock_person(db, person)
    return person


@contextmanager
def _conflict_if_last_admin() -> Iterator[None]:
    """Respond with 409 if the desk would be left without an admin.

    Two admins may disable each other at the same time.
    """
    try:
        yield
    except commands.LastAdminError:
        raise HTTPException(409) from None


def _link_page(request: Request, person: Person, token: str) -> Response:
    """Return the only page that shows the link; also mail the link where that is configured."""
    settings = app_state(request).settings
    address = absolute_url(request, url("welcome", token=token))
    days = links.LIFETIME.days
    text = _(
        "Follow this link to set your password at Sojourn’s desk. It works once, within {days} "
        "days:\n\n"
        "{link}\n\n"
        "If you did not expect it, ignore it."
    ).format(days=days, link=address)
    try:
        was_sent, failed = (
            mail.send(settings, person.email, _("Your link to the Sojourn desk"), text),
            False,
        )
    except mail.MailError:
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
