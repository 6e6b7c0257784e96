"""Routes of passkeys: signing in with a passkey, adding and removing passkeys.

All of them need scripts in the browser. Signing in with a password works without scripts.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.accounts.account import (
    PASSKEY_PREFIX,
    account_page,
    check_own_password,
    factor_page,
    recovery_codes_page,
    refused_as_last_factor,
)
from app.desk.accounts.sign_in import finish_sign_in, sign_in_page
from app.desk.identity import commands, passkeys, permissions, sign_in_sessions, throttle
from app.desk.identity.forms import AddPasskeyForm, OwnPasswordForm
from app.desk.identity.models import Person
from app.desk.identity.passkeys import RelyingParty
from app.desk.identity.permissions import AccountHolder, Contributor
from app.desk.identity.sign_in_sessions import browser_name, safe_next
from app.desk.ui.html_forms import FilledForm, fill
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()


def require_relying_party(request: Request) -> RelyingParty:
    """Return the relying party of this request; respond with 404 where passkeys don't work."""
    site = passkeys.relying_party(request)
    if site is None:
        raise HTTPException(404)
    return site


RequiredSite = Annotated[RelyingParty, Depends(require_relying_party)]


# Signing in -------------------------------------------------------------------------------------


@router.post("/desk/sign-in/passkey/question", name="passkey-question")
def create_challenge(
    request: Request, db: Desk, settings: SettingsDep, site: RequiredSite
) -> Response:
    """Return the authentication options, which the script passes to the device."""
    try:
        throttle.count_attempt(db, settings, throttle.passkey_challenge_limits(request))
    except throttle.TooManyAttemptsError:
        raise HTTPException(429) from None
    return Response(passkeys.authentication_options(db, site), media_type="application/json")


@router.post("/desk/sign-in/passkey", name="passkey-sign-in")
def sign_in_with_passkey(
    request: Request, db: Desk, settings: SettingsDep, site: RequiredSite, posted: PostedForm
) -> Response:
    next_address = posted.get("next", "")
    try:
        tries = throttle.count_attempt(db, settings, throttle.passkey_response_limits(request))
    except throttle.TooManyAttemptsError:
        return sign_in_page(
            request,
            next_address=next_address,
            passkey_error=throttle.too_many_attempts_message(),
            status=429,
        )
    signed_in = commands.sign_in_with_passkey(
        db, site, posted.get("credential", ""), browser_name(request)
    )
    if signed_in is None:
        message = _(
            "No known passkey answered in time, or the account is disabled. Try again, "
            "or use your password."
        )
        return sign_in_page(request, next_address=next_address, passkey_error=message, status=422)
    throttle.uncount_attempts(db, tries)
    sign_in_sessions.end(db, permissions.sign_in_token(request))
    return finish_sign_in(
        request, db, db.get_one(Person, signed_in[0].person), signed_in, safe_next(next_address)
    )


# Own passkeys -----------------------------------------------------------------------------------


@router.post("/desk/account/passkeys", name="passkeys")
def begin_passkey(
    request: Request, db: Desk, person: AccountHolder, site: RequiredSite, posted: PostedForm
) -> Response:
    """After the right password, show the page that asks the device for a passkey.

    A separate page, because browsers create a passkey only after a click.
    """
    filled = check_own_password(request, db, person, fill(AddPasskeyForm, posted, PASSKEY_PREFIX))
    next_address = posted.get("next", "")
    if filled.form is None and request.state.must_enrol:
        return factor_page(request, person, next_address=next_address, status=422, passkey=filled)
    if filled.form is None:
        return account_page(request, db, person, status=422, passkey=filled)
    return _confirm_page(
        request, db, person, site, name=filled.form.name, next_address=next_address
    )


@router.post("/desk/account/passkeys/add", name="add-passkey")
def add_passkey(
    request: Request, db: Desk, person: AccountHolder, site: RequiredSite, posted: PostedForm
) -> Response:
    """Add the passkey that the device has created.

    Only the page shown after the right password contains a challenge that the response can match.
    """
    name = posted.get("name", "").strip()[:80]
    try:
        passkey, codes = commands.add_passkey(
            db,
            site,
            person,
            posted.get("credential", ""),
            name=name or _("Passkey"),
            here=request.state.sign_in,
        )
    except passkeys.PasskeyError:
        back = url("factor" if request.state.must_enrol else "account")
        return see_other(
            request,
            back,
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
    id: int,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    checked = check_own_password(request, db, person, fill(OwnPasswordForm, posted, PASSKEY_PREFIX))
    again = FilledForm(AddPasskeyForm, posted, errors=checked.errors, prefix=PASSKEY_PREFIX)
    if checked.form is None:
        return account_page(request, db, person, status=422, passkey=again)
    try:
        was_there = id < 2**31 and commands.remove_passkey(db, settings, person, id)
    except commands.FactorRequiredError:
        return account_page(request, db, person, status=409, passkey=refused_as_last_factor(again))
    if not was_there:
        raise HTTPException(404)
    return see_other(
        request, url("account"), _("The passkey was removed here. Delete it from the device, too.")
    )


def _confirm_page(
    request: Request, db: Desk, person: Person, site: RelyingParty, *, name: str, next_address: str
) -> Response:
    return desk_page(
        request,
        "desk/sign_in/passkey.html",
        options=passkeys.registration_options(db, site, person),
        name=name,
        next=next_address,
        must_enrol=request.state.must_enrol,
    )
