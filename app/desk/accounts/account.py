"""Routes of a person's own account: password, signature, second factor, sign-ins.

Passkeys need scripts in the browser. An authenticator app works without scripts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlalchemy import func
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.identity import (
    commands,
    notices,
    passkeys,
    passwords,
    permissions,
    second_factor,
    sign_ins,
    throttle,
)
from app.desk.identity.forms import (
    AddAppForm,
    AddPasskeyForm,
    ChangePasswordForm,
    OwnPasswordForm,
    SignatureForm,
)
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.permissions import AccountHolder, Contributor
from app.desk.identity.sign_ins import safe_next, with_next
from app.desk.ui import FilledForm, desk_page, fill, see_other
from app.i18n.translate import _
from app.kinds.base import Form
from app.web.forms import PostedForm
from app.web.request_log import note_refusal
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

F = TypeVar("F", bound=Form)
W = TypeVar("W", bound=OwnPasswordForm)


@router.get("/desk/account", name="account")
def show_account(request: Request, db: Desk, person: AccountHolder) -> Response:
    return account_page(request, db, person, next_address=request.query_params.get("next", ""))


def account_page(
    request: Request,
    db: Desk,
    person: Person,
    wrong: FilledForm[Any] | None = None,
    *,
    next_address: str = "",
) -> Response:
    """Return the page; `wrong` is the one of its forms that was refused.

    Somebody whose role needs a second factor and who has none can only add one.
    """
    settings = app_state(request).settings
    own_passkeys = passkeys.passkeys_of(db, person)
    is_required = second_factor.is_required(settings, person)
    has_app = person.factor_secret is not None
    # The prefixes keep the ids of fields apart: several forms ask for the password.
    forms: dict[str, FilledForm[Any]] = {
        "changing-": FilledForm(ChangePasswordForm, prefix="changing-"),
        "factor-": FilledForm(OwnPasswordForm, prefix="factor-"),
        "app-": FilledForm(AddAppForm, {"secret": second_factor.new_secret()}, prefix="app-"),
        "passkey-": FilledForm(
            AddPasskeyForm, {"name": sign_ins.browser_name(request)}, prefix="passkey-"
        ),
        "signing-": FilledForm(SignatureForm, {"signs_as": person.signs_as}, prefix="signing-"),
    }
    if wrong:
        again = forms[wrong.prefix]
        typed = {**again.typed, **wrong.typed}
        forms[wrong.prefix] = replace(again, typed=typed, errors=wrong.errors)
    secret = forms["app-"].typed["secret"]
    address = second_factor.provisioning_uri(secret, person.email)
    return desk_page(
        request,
        "desk/account/page.html",
        status=422 if wrong else 200,
        person=person,
        role=DeskRole(person.role),
        has_app=has_app,
        can_add_app=settings.secret_key is not None,
        can_remove_app=not is_required or len(own_passkeys) > 0,
        can_remove_passkey=not is_required or has_app or len(own_passkeys) > 1,
        passkeys=own_passkeys,
        can_add_passkey=bool(passkeys.origin_of(request)),
        sign_ins=sign_ins.sign_ins_of(db, person),
        this_sign_in=request.state.sign_in.id,
        kinds=notices.kinds_for(person),
        refused=notices.refusals(db, person),
        has_mail=bool(settings.smtp_url),
        forms=forms,
        qr=Markup(second_factor.qr_code(address)),  # noqa: S704 - made by segno
        address=address,
        spelled=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        must_enrol=request.state.must_enrol,
        next=next_address,
    )


def check_strength(filled: FilledForm[F], password: str, *known_words: str) -> FilledForm[F]:
    """Return the form, with an error at the new password if it is easy to guess."""
    if not passwords.is_easy_to_guess(password, known_words):
        return filled
    return filled.but(
        "password",
        _("This password is easy to guess. Add more unrelated words; known phrases don't count."),
    )


def fill_with_password(
    request: Request,
    db: Desk,
    person: Person,
    form: type[W],
    posted: Mapping[str, str],
    *,
    prefix: str = "",
) -> FilledForm[W]:
    """Return the posted form, with an error if the person's password in it is wrong."""
    filled = fill(form, posted, prefix)
    if filled.form is None:
        return filled
    try:
        limits = throttle.of_person("own password", person)
        tries = throttle.count_attempt(db, app_state(request).settings, limits)
    except throttle.TooManyAttemptsError as error:
        return filled.but("own_password", str(error))
    if not passwords.is_correct(filled.form.own_password, person.password_hash):
        commands.record_failure(db, "failed-own-password", person)
        return filled.but("own_password", _("This password is wrong. Enter your current password."))
    throttle.uncount_attempts(db, tries)
    return filled


def begin_again(request: Request, db: Desk, person: Person) -> str:
    """Begin a new sign-in for this browser in place of the old one, and return its token."""
    old = request.state.sign_in.id
    sign_ins.end(db, permissions.sign_in_token(request))
    request.state.sign_in, token = sign_ins.begin(db, person, sign_ins.browser_name(request))
    notices.move_warnings(db, old, request.state.sign_in)
    return token


# Notices ----------------------------------------------------------------------------------------


@router.post("/desk/account/notices/read", name="read-notices")
def read_notices(
    request: Request, db: Desk, _person: AccountHolder, posted: PostedForm
) -> Response:
    if last := re.fullmatch(r"\d{1,9}", posted.get("last", ""), re.ASCII):
        notices.mark_warnings_read(db, request.state.sign_in, int(last[0]))
    return RedirectResponse(safe_next(posted.get("next", "")), 303)


@router.get("/desk/notices", name="notices")
def notices_page(request: Request, db: Desk, person: Contributor) -> Response:
    found = [(notice, notices.label(notice)) for notice in notices.notices_of(db, person)]
    return desk_page(request, "desk/account/notices.html", notices=found)


@router.post("/desk/notices")
def read_work_notices(
    request: Request, db: Desk, person: Contributor, posted: PostedForm
) -> Response:
    """Mark one notice or all shown ones as read."""
    for notice in notices.notices_of(db, person):
        if notice.read_at is None and posted.get("one", str(notice.id)) == str(notice.id):
            notice.read_at = func.now()
    return see_other(request, url("notices"), _("Marked as read."))


@router.post("/desk/account/notices/choices", name="choose-notices")
def choose_notices(request: Request, db: Desk, person: Contributor, posted: PostedForm) -> Response:
    notices.choose(db, person, posted.keys())
    return see_other(request, f"{url('account')}#work-notices", _("Your choice was saved."))


# Password ---------------------------------------------------------------------------------------


@router.post("/desk/account/password", name="password")
def change_password(
    request: Request, db: Desk, person: Contributor, posted: PostedForm
) -> Response:
    filled = fill_with_password(request, db, person, ChangePasswordForm, posted, prefix="changing-")
    if filled.form:
        filled = check_strength(filled, filled.form.password, person.email, person.name)
    if filled.form is None:
        return account_page(request, db, person, filled)
    commands.change_password(db, person, filled.form.password)
    token = begin_again(request, db, person)
    response = see_other(
        request,
        url("account"),
        _("Your password was changed. All your other sessions have ended."),
    )
    return permissions.set_sign_in_cookie(request, response, token)


# Signature --------------------------------------------------------------------------------------


@router.post("/desk/account/signature", name="signature")
def sign_as(request: Request, db: Desk, person: Contributor, posted: PostedForm) -> Response:
    filled = fill(SignatureForm, posted, "signing-")
    if filled.form is None:
        return account_page(request, db, person, filled)
    commands.set_signature(db, person, filled.form.signs_as)
    return see_other(
        request, url("account"), _("Saved. Readers see the new name from the next edition on.")
    )


# Second factor ----------------------------------------------------------------------------------


def redirect_to_enrolment(request: Request, _error: Exception) -> Response:
    """Redirect a person whose role needs a second factor to the page that adds one."""
    note_refusal(request.scope, "second factor missing")
    return RedirectResponse(with_next(request, url("account")), 303)


@router.post("/desk/account/second-factor", name="factor")
def add_factor(
    request: Request, db: Desk, settings: SettingsDep, person: AccountHolder, posted: PostedForm
) -> Response:
    next_address = posted.get("next", "")
    if settings.secret_key is None or "secret" in fill(AddAppForm, posted).errors:
        return RedirectResponse(url("account"), 303)
    filled = fill_with_password(request, db, person, AddAppForm, posted, prefix="app-")
    form = filled.form
    step = second_factor.matching_step(form.secret, form.code) if form else None
    if form and step is None:
        message = _(
            "This code is wrong. Enter the code that the app shows now for the key on "
            "this page. If it is wrong again, set the clock of your device."
        )
        filled = filled.but("code", message)
    if form is None or step is None:
        return account_page(request, db, person, filled, next_address=next_address)
    codes = commands.add_factor(
        db, settings, person, form.secret, step=step, here=request.state.sign_in
    )
    return recovery_codes_page(request, db, person, codes, next_address)


def recovery_codes_page(
    request: Request,
    db: Desk,
    person: Person,
    codes: Sequence[str],
    next_address: str = "",
) -> Response:
    """Show the codes once, in a new sign-in: the old one may be of the password alone."""
    token = begin_again(request, db, person)
    after = safe_next(next_address) if next_address or request.state.must_enrol else url("account")
    response = desk_page(request, "desk/account/recovery_codes.html", codes=codes, next=after)
    return permissions.set_sign_in_cookie(request, response, token)


@router.post("/desk/account/recovery-codes", name="recovery-codes")
def renew_recovery_codes(
    request: Request, db: Desk, person: Contributor, posted: PostedForm
) -> Response:
    filled = fill_with_password(request, db, person, OwnPasswordForm, posted, prefix="factor-")
    if filled.form is None:
        return account_page(request, db, person, filled)
    if not second_factor.is_enrolled(db, person):
        return RedirectResponse(url("account"), 303)
    return recovery_codes_page(request, db, person, commands.renew_recovery_codes(db, person))


@router.post("/desk/account/second-factor/remove", name="remove-factor")
@router.post("/desk/account/passkeys/{id:int}/remove", name="remove-passkey")
def remove_factor(
    request: Request,
    db: Desk,
    person: Contributor,
    posted: PostedForm,
    id: int | None = None,
    *,
    settings: SettingsDep,
) -> Response:
    """Remove a passkey or, without an id, the app."""
    prefix = "factor-" if id is None else "passkey-"
    filled = fill_with_password(request, db, person, OwnPasswordForm, posted, prefix=prefix)
    is_removed = False
    if filled.form:
        try:
            is_removed = commands.remove_factor(db, settings, person, id)
        except commands.FactorRequiredError:
            message = _(
                "Your role requires a second factor, and this is your only one. Add another "
                "first, or replace the app."
            )
            filled = filled.but("own_password", message)
    if filled.form is None:
        return account_page(request, db, person, filled)
    if not is_removed:
        raise HTTPException(404)
    notice = _("The app was removed. You now sign in with your password only.")
    if id is not None:
        notice = _("The passkey was removed here. Delete it from the device, too.")
    elif second_factor.is_enrolled(db, person):
        notice = _(
            "The app was removed. You now sign in with your password, and a passkey or a "
            "recovery code."
        )
    return see_other(request, url("account"), notice)


# Passkeys ---------------------------------------------------------------------------------------


def require_origin(request: Request) -> str:
    """Return the origin that passkeys are bound to; respond with 404 where they don't work."""
    if not (origin := passkeys.origin_of(request)):
        raise HTTPException(404)
    return origin


Origin = Annotated[str, Depends(require_origin)]


@router.post("/desk/account/passkeys", name="passkeys")
def begin_passkey(
    request: Request, db: Desk, person: AccountHolder, origin: Origin, posted: PostedForm
) -> Response:
    """After the right password, show the page that asks the device for a passkey.

    A separate page, because browsers create a passkey only after a click.
    """
    filled = fill_with_password(request, db, person, AddPasskeyForm, posted, prefix="passkey-")
    next_address = posted.get("next", "")
    if filled.form is None:
        return account_page(request, db, person, filled, next_address=next_address)
    return desk_page(
        request,
        "desk/sign_in/passkey.html",
        options=passkeys.registration_options(db, origin, person),
        name=filled.form.name,
        next=next_address,
    )


@router.post("/desk/account/passkeys/add", name="add-passkey")
def add_passkey(
    request: Request, db: Desk, person: AccountHolder, origin: Origin, posted: PostedForm
) -> Response:
    """Add the passkey that the device has created.

    Only the page shown after the right password contains a challenge that the response can match.
    """
    name = posted.get("name", "").strip()[:80]
    try:
        passkey, codes = commands.add_passkey(
            db,
            origin,
            person,
            posted.get("credential", ""),
            name=name or _("Passkey"),
            here=request.state.sign_in,
        )
    except passkeys.PasskeyError:
        return see_other(
            request,
            url("account"),
            _("No passkey was added, because the device’s answer was not valid. Try again."),
        )
    if codes:
        return recovery_codes_page(request, db, person, codes, posted.get("next", ""))
    notice = _("The passkey “{name}” was added.").format(name=passkey.name)
    return see_other(request, url("account"), notice)


# Sign-ins ---------------------------------------------------------------------------------------


@router.post("/desk/account/sign-ins/end-others", name="end-other-sign-ins")
@router.post("/desk/account/sign-ins/{id:int}/end", name="end-sign-in")
def end_sign_ins(
    request: Request, db: Desk, person: Contributor, id: int | None = None
) -> Response:
    """End one other sign-in or, without an id, all others."""
    if not commands.end_other_sign_ins(db, person, request.state.sign_in, id) and id is not None:
        raise HTTPException(404)
    notice = _("All your other sessions have ended.") if id is None else _("The session has ended.")
    return see_other(request, url("account"), notice)
