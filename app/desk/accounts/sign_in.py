"""Routes of signing in with a password and a code or a passkey, and of following a link."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.accounts.account import Origin, check_strength
from app.desk.identity import (
    commands,
    passkeys,
    permissions,
    second_factor,
    sign_ins,
    throttle,
)
from app.desk.identity.forms import (
    FirstPersonForm,
    JoinForm,
    NewPasswordForm,
    SecondFactorForm,
    SignInForm,
)
from app.desk.identity.models import Person, SignIn
from app.desk.identity.permissions import AccountHolder, HalfSignedIn
from app.desk.identity.sign_ins import safe_next, with_next
from app.desk.ui import FilledForm, desk_page, fill
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.request_log import note_refusal
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()


def redirect_to_sign_in(request: Request, _error: Exception) -> Response:
    """Redirect a request without a sign-in to the sign-in page, and from there back."""
    note_refusal(request.scope, "not signed in")
    return RedirectResponse(with_next(request, url("sign-in")), 303)


# With a password --------------------------------------------------------------------------------


@router.get("/desk/sign-in", name="sign-in")
def show_sign_in_page(request: Request, db: Desk) -> Response:
    if sign_ins.find(db, permissions.sign_in_token(request)):
        return RedirectResponse(url("desk"), 303)
    return sign_in_page(request, request.query_params.get("next", ""))


@router.post("/desk/sign-in")
def sign_in(request: Request, db: Desk, posted: PostedForm) -> Response:
    next_address = posted.get("next", "")
    filled = fill(SignInForm, posted)
    if filled.form is None:
        return sign_in_page(request, next_address, filled, status=422)
    try:
        tries = throttle.count_sign_in_attempt(request, filled.form.email)
    except throttle.TooManyAttemptsError as error:
        return sign_in_page(request, next_address, filled.but("password", str(error)), status=429)
    person = commands.authenticate(db, filled.form.email, filled.form.password)
    if person is None:
        commands.record_failure(db, "failed-sign-in", commands.find_by_email(db, filled.form.email))
        message = _("The e-mail or password is wrong, or the account is disabled.")
        return sign_in_page(request, next_address, filled.but("password", message), status=422)
    throttle.uncount_attempts(db, tries)
    return _begin_sign_in(request, db, person, next_address)


def sign_in_page(
    request: Request,
    next_address: str,
    filled: FilledForm[SignInForm] | None = None,
    *,
    passkey_error: str = "",
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        "desk/sign_in/page.html",
        status=status,
        filled=filled or FilledForm(SignInForm),
        next=safe_next(next_address),
        takes_passkeys=bool(passkeys.origin_of(request)),
        passkey_error=passkey_error,
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
    return _code_page(request, FilledForm(SecondFactorForm), request.query_params.get("next", ""))


@router.post("/desk/sign-in/code")
def give_code(
    request: Request, db: Desk, settings: SettingsDep, half: HalfSignedIn, posted: PostedForm
) -> Response:
    sign_in, person = half
    next_address = posted.get("next", "")
    filled = fill(SecondFactorForm, posted)
    if filled.form is None:
        return _code_page(request, filled, next_address, 422)
    try:
        tries = throttle.count_attempt(db, settings, throttle.of_person("code", person))
    except throttle.TooManyAttemptsError as error:
        return _code_page(request, filled.but("code", str(error)), next_address, 429)
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
        return _code_page(request, filled.but("code", message), next_address, 422)
    throttle.uncount_attempts(db, tries)
    return finish_sign_in(request, db, person, whole, safe_next(next_address))


def _code_page(
    request: Request, filled: FilledForm[SecondFactorForm], next_address: str, status: int = 200
) -> Response:
    return desk_page(
        request,
        "desk/sign_in/code.html",
        status=status,
        filled=filled,
        next=safe_next(next_address),
        takes_passkeys=bool(passkeys.origin_of(request)),
    )


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
    next_address = posted.get("next", "")
    try:
        tries = throttle.count_attempt(db, settings, throttle.of_address("passkey answer", request))
    except throttle.TooManyAttemptsError as error:
        return sign_in_page(request, next_address, passkey_error=str(error), status=429)
    signed_in = commands.sign_in_with_passkey(
        db, origin, posted.get("credential", ""), sign_ins.browser_name(request)
    )
    if signed_in is None:
        message = _(
            "No known passkey answered in time, or the account is disabled. Try again, "
            "or use your password."
        )
        return sign_in_page(request, next_address, passkey_error=message, status=422)
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
        is_first=person is None,
        is_back=person is not None and person.password_hash is not None,
        email=person.email if person else "",
        called=person.called if person else "",
    )


def _form_for(person: Person | None) -> type[NewPasswordForm]:
    if person is None:
        return FirstPersonForm
    return JoinForm if person.password_hash is None else NewPasswordForm
