"""Routes of accounts: signing in, one's own account, and for admins people and the audit log.

Passkeys need scripts in the browser. An authenticator app works without scripts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from sqlalchemy import func
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.identity import (
    audit_log,
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
    ChangeRoleForm,
    FirstPersonForm,
    InviteForm,
    JoinForm,
    NewPasswordForm,
    OwnPasswordForm,
    SecondFactorForm,
    SignatureForm,
    SignInForm,
)
from app.desk.identity.models import DeskRole, Person, SignIn
from app.desk.identity.permissions import AccountHolder, Admin, Contributor, HalfSignedIn
from app.desk.identity.sign_ins import safe_next, with_next
from app.desk.ui import FilledForm, desk_page, fill, see_other
from app.i18n.translate import _
from app.kinds.base import Form
from app.web.forms import PostedForm
from app.web.request_log import note_refusal
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import absolute_url, url

router = APIRouter()
ENTRIES_PER_PAGE = 100

F = TypeVar("F", bound=Form)
W = TypeVar("W", bound=OwnPasswordForm)


def require_origin(request: Request) -> str:
    """Return the origin that passkeys are bound to; respond with 404 where they don't work."""
    if not (origin := passkeys.origin_of(request)):
        raise HTTPException(404)
    return origin


Origin = Annotated[str, Depends(require_origin)]


# Signing in -------------------------------------------------------------------------------------


def redirect_to_sign_in(request: Request, _error: Exception) -> Response:
    """Redirect a request without a sign-in to the sign-in page, and from there back.

    What a page sends by script is refused: it stays as it is.
    """
    note_refusal(request.scope, "not signed in")
    if request.method == "POST" and "hx-request" in request.headers:
        return Response(status_code=401)
    return RedirectResponse(with_next(request, url("sign-in")), 303)


# With a password --------------------------------------------------------------------------------


@router.get("/desk/sign-in", name="sign-in")
def show_sign_in_page(request: Request, db: Desk) -> Response:
    if sign_ins.find(db, permissions.sign_in_token(request)):
        return RedirectResponse(url("desk"), 303)
    return sign_in_page(request, request.query_params.get("next", ""), FilledForm(SignInForm))


@router.post("/desk/sign-in")
def sign_in(request: Request, db: Desk, posted: PostedForm) -> Response:
    next_address = posted.get("next", "")
    filled = fill(SignInForm, posted)
    if filled.form is None:
        return sign_in_page(request, next_address, filled, 422)
    try:
        tries = throttle.count_sign_in_attempt(request, filled.form.email)
    except throttle.TooManyAttemptsError as error:
        return sign_in_page(request, next_address, filled.but("password", str(error)), 429)
    person = commands.authenticate(db, filled.form.email, filled.form.password)
    if person is None:
        commands.record_failure(db, "failed-sign-in", commands.find_by_email(db, filled.form.email))
        message = _("The e-mail or password is wrong, or the account is disabled.")
        return sign_in_page(request, next_address, filled.but("password", message), 422)
    throttle.uncount_attempts(db, tries)
    return _begin_sign_in(request, db, person, next_address)


def sign_in_page(
    request: Request,
    next_address: str,
    filled: FilledForm[Any],
    status: int = 200,
    page: str = "page",
) -> Response:
    return desk_page(
        request,
        f"desk/sign_in/{page}.html",
        status=status,
        filled=filled,
        next=safe_next(next_address),
        takes_passkeys=bool(passkeys.origin_of(request)),
    )


def _begin_sign_in(
    request: Request, db: Desk, person: Person, next_address: str, *, joins: bool = False
) -> Response:
    """Sign the person in, or redirect to the code page if they have a second factor."""
    sign_ins.end(db, permissions.sign_in_token(request))
    sign_in, token = commands.sign_in(db, person, sign_ins.browser_name(request))
    address = safe_next(next_address)
    if sign_in.waits_for_code:
        address = f"{url('code')}?{urlencode({'next': address})}"
        return permissions.set_sign_in_cookie(request, RedirectResponse(address, 303), token)
    return finish_sign_in(request, db, person, (sign_in, token), address, joins=joins)


def finish_sign_in(
    request: Request,
    db: Desk,
    person: Person,
    entered: tuple[SignIn, str],
    address: str,
    *,
    joins: bool = False,
) -> Response:
    """Redirect somebody who has signed in, with the cookies of the sign-in and of the browser."""
    response = permissions.set_sign_in_cookie(request, RedirectResponse(address, 303), entered[1])
    permissions.remember_device(request, response, db, entered[0], person, joins=joins)
    return response


# With a code ------------------------------------------------------------------------------------


@router.get("/desk/sign-in/code", name="code")
def show_code_page(request: Request, _half: HalfSignedIn) -> Response:
    return sign_in_page(
        request, request.query_params.get("next", ""), FilledForm(SecondFactorForm), page="code"
    )


@router.post("/desk/sign-in/code")
def give_code(
    request: Request, db: Desk, settings: SettingsDep, half: HalfSignedIn, posted: PostedForm
) -> Response:
    sign_in, person = half
    next_address = posted.get("next", "")
    filled = fill(SecondFactorForm, posted)
    if filled.form is None:
        return sign_in_page(request, next_address, filled, 422, "code")
    try:
        tries = throttle.count_attempt(db, settings, throttle.of_person("code", person))
    except throttle.TooManyAttemptsError as error:
        return sign_in_page(request, next_address, filled.but("code", str(error)), 429, "code")
    whole = commands.verify_code(db, settings, sign_in, person, filled.form.code)
    if whole is None:
        message = _(
            "This code is wrong or was already used. The app shows a new code every 30 seconds."
        )
        if not second_factor.is_readable(settings, person):
            message = _(
                "Codes from the app can’t be checked, because this installation’s key has "
                "changed. Use a recovery code, or ask an admin to remove your second factor."
            )
        return sign_in_page(request, next_address, filled.but("code", message), 422, "code")
    throttle.uncount_attempts(db, tries)
    return finish_sign_in(request, db, person, whole, safe_next(next_address))


# With a passkey -----------------------------------------------------------------------------------


@router.post("/desk/sign-in/passkey/question", name="passkey-question")
def create_challenge(request: Request, db: Desk, settings: SettingsDep, origin: Origin) -> Response:
    """Return the authentication options, which the script passes to the device."""
    try:
        throttle.count_attempt(db, settings, throttle.of_address("passkey", request))
    except throttle.TooManyAttemptsError:
        raise HTTPException(429) from None
    return Response(passkeys.authentication_options(db, origin), media_type="application/json")


@router.post("/desk/sign-in/passkey", name="passkey-sign-in")
def sign_in_with_passkey(
    request: Request, db: Desk, settings: SettingsDep, origin: Origin, posted: PostedForm
) -> Response:
    next_address, form = posted.get("next", ""), FilledForm(SignInForm)
    try:
        tries = throttle.count_attempt(db, settings, throttle.of_address("passkey answer", request))
    except throttle.TooManyAttemptsError as error:
        return sign_in_page(request, next_address, form.but("password", str(error)), 429)
    signed_in = commands.sign_in_with_passkey(
        db, origin, posted.get("credential", ""), sign_ins.browser_name(request)
    )
    if signed_in is None:
        message = _(
            "No known passkey answered in time, or the account is disabled. Try again, "
            "or use your password."
        )
        return sign_in_page(request, next_address, form.but("password", message), 422)
    throttle.uncount_attempts(db, tries)
    sign_ins.end(db, permissions.sign_in_token(request))
    return finish_sign_in(
        request, db, db.get_one(Person, signed_in[0].person), signed_in, safe_next(next_address)
    )


# Signing out ------------------------------------------------------------------------------------


@router.post("/desk/sign-out", name="sign-out")
def sign_out(request: Request, db: Desk, person: AccountHolder) -> Response:
    commands.sign_out(db, person, permissions.sign_in_token(request))
    # Pages of the desk are in no cache but, in some browsers, in that of the Back button.
    response = RedirectResponse(url("sign-in"), 303, {"Clear-Site-Data": '"cache"'})
    return permissions.delete_sign_in_cookie(request, response)


# Links ------------------------------------------------------------------------------------------


@router.get("/desk/welcome/{token}", name="welcome")
def show_link(request: Request, db: Desk, token: str) -> Response:
    """Show the form of a link. A GET request does not use up the link.

    Mail programs open links before people do.
    """
    found = sign_ins.find_link(db, token)
    if found is None:
        return desk_page(request, "desk/sign_in/link_gone.html", status=404)
    return _welcome_page(request, token, FilledForm(_form_for(found[1])), found[1])


@router.post("/desk/welcome/{token}")
def use_link(request: Request, db: Desk, token: str, posted: PostedForm) -> Response:
    found = sign_ins.find_link(db, token, to_use=True)
    if found is None:
        return desk_page(request, "desk/sign_in/link_gone.html", status=404)
    link, person = found
    filled = fill(_form_for(person), posted)
    if filled.form:
        who = (person.email, person.name) if person else (posted.get("email", ""),)
        filled = check_strength(filled, filled.form.password, *who, posted.get("name", ""))
    form = filled.form
    if form is None:
        return _welcome_page(request, token, filled, person, 422)
    joins = person is None or person.password_hash is None
    person = commands.accept_link(db, link, person, form)
    return _begin_sign_in(request, db, person, url("desk"), joins=joins)


def _welcome_page(
    request: Request,
    token: str,
    filled: FilledForm[NewPasswordForm],
    person: Person | None,
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        "desk/sign_in/welcome.html",
        status=status,
        token=token,
        filled=filled,
        person=person,
    )


def _form_for(person: Person | None) -> type[NewPasswordForm]:
    if person is None:
        return FirstPersonForm
    return JoinForm if person.password_hash is None else NewPasswordForm


# Own account ------------------------------------------------------------------------------------


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
        can_remove_passkey=not is_required or has_app or len(own_passkeys) > 1,
        passkeys=own_passkeys,
        can_add_passkey=bool(passkeys.origin_of(request)),
        sign_ins=sign_ins.sign_ins_of(db, person),
        this_sign_in=request.state.sign_in.id,
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
    found = [(notice, notices.text_of(notice)) for notice in notices.notices_of(db, person)]
    return desk_page(request, "desk/account/notices.html", notices=found)


@router.post("/desk/notices")
def read_work_notices(request: Request, db: Desk, person: Contributor) -> Response:
    """Mark all shown notices as read."""
    for notice in notices.notices_of(db, person):
        notice.read_at = notice.read_at or func.now()
    return see_other(request, url("notices"), _("Marked as read."))


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


# Passkeys ---------------------------------------------------------------------------------------


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


@router.post("/desk/account/passkeys/{id:int}/remove", name="remove-passkey")
def remove_passkey(
    request: Request,
    db: Desk,
    person: Contributor,
    posted: PostedForm,
    id: int,
    *,
    settings: SettingsDep,
) -> Response:
    filled = fill_with_password(request, db, person, OwnPasswordForm, posted, prefix="passkey-")
    if filled.form is None:
        return account_page(request, db, person, filled)
    if not commands.remove_passkey(db, settings, person, id):
        raise HTTPException(409)
    notice = _("The passkey was removed here. Delete it from the device, too.")
    return see_other(request, url("account"), notice)


# Sign-ins ---------------------------------------------------------------------------------------


@router.post("/desk/account/sign-ins/{id:int}/end", name="end-sign-in")
def end_sign_in(request: Request, db: Desk, person: Contributor, id: int) -> Response:
    """End one of one's own sign-ins. A new password ends all others."""
    if not commands.end_sign_in(db, person, request.state.sign_in, id):
        raise HTTPException(404)
    return see_other(request, url("account"), _("The session has ended."))


# People -----------------------------------------------------------------------------------------


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
    """Return the only page that shows the link. The admin passes it on."""
    link, days = absolute_url(request, url("welcome", token=token)), sign_ins.LINK_LIFETIME.days
    return desk_page(request, "desk/people/link.html", person=person, link=link, days=days)


# Audit log --------------------------------------------------------------------------------------


@router.get("/desk/audit", name="audit")
def audit_page(request: Request, db: Desk, _admin: Admin) -> Response:
    before = request.query_params.get("before", "")
    last = int(before) if re.fullmatch(r"\d{1,18}", before, re.ASCII) else None
    found = audit_log.entries(db, last, ENTRIES_PER_PAGE)
    is_full = len(found) == ENTRIES_PER_PAGE
    return desk_page(
        request,
        "desk/people/audit.html",
        lines=found,
        names={f"person:{person.id}": person.called for person in commands.list_people(db)},
        actions=audit_log.LABELS,
        older=f"{url('audit')}?before={found[-1].id}" if is_full else None,
        is_newest=not before,
        failures=audit_log.count_failures(db),
    )
