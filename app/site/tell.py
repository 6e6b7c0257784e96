"""Routes of `/tell`: the form for messages, its spam protection, and the state of a message.

A form is valid for a day, must be open for some seconds, and has a hidden field that must stay
empty. Sending it twice creates one message. Functions of the database (`letterbox.send` and
`state_of`) limit messages and wrong codes per network.
"""

import base64
import hmac
import json
import re
import secrets
import time
import unicodedata
from collections.abc import Mapping

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.i18n.translate import N_, _
from app.settings import Settings
from app.vocabulary.reader_message import LONGEST, Kind, LetterState
from app.web.client_network import client_networks, keyed_hash
from app.web.forms import PostedForm
from app.web.page import page
from app.web.sessions import Letterbox
from app.web.state import SettingsDep, app_state
from app.web.urls import url

CODE_BYTES = 10
CODE = re.compile(r"[a-z2-7]{16}")
LETTERS_FOR_DIGITS = str.maketrans("018", "olb")
"""Digits that occur in no code, and the letters that they look like."""


def message_code(secret: str, key: str) -> str:
    """Return the code for a message's idempotency key: a form that is sent twice gets one code."""
    digest = hmac.digest(secret.encode(), f"code|{key}".encode(), "sha256")[:CODE_BYTES]
    return in_groups(base64.b32encode(digest).decode().lower())


def cleaned_code(text: str) -> str:
    """Return typed text in the canonical form of a code, or "" if it can't be a code."""
    characters = re.sub(r"[\s\-‐-―−]", "", text[:100]).lower().translate(LETTERS_FOR_DIGITS)
    return in_groups(characters) if CODE.fullmatch(characters) else ""


def in_groups(characters: str) -> str:
    return "-".join(characters[at : at + 4] for at in range(0, len(characters), 4))


def hash_of_code(secret: str, code: str) -> str:
    return keyed_hash(secret, f"letter code|{code}")


router = APIRouter()

MIN_FORM_SECONDS = 3
MAX_FORM_SECONDS = 24 * 3600
FIELDS = ("kind", "about", "words", "reach")
READ_ONLY_STATES = {"25006", "0A000"}
"""SQLSTATEs of a write that is refused in a read-only transaction or on a replica."""
NOT_FOR_CACHES = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
RETRY_AFTER_SECONDS = 3600
"""The rate limit counts messages per hour."""

REFUSALS = {
    "too many of yours": N_(
        "Your network has sent several messages within an hour. Keep this page open and send "
        "your message again in an hour. Your text is still below."
    ),
    "too many": N_(
        "The editors are receiving too many messages. Keep this page open and send your "
        "message again in an hour. Your text is still below. Requests to remove something are "
        "accepted now: choose that option."
    ),
}


@router.get("/tell", name="tell")
def tell_page(request: Request) -> Response:
    query = request.query_params
    typed = {
        name: _without_control_characters(query.get(name, ""))[: LONGEST["about"]]
        for name in ("about", "kind")
    }
    return _page(request, typed)


@router.post("/tell")
def send(request: Request, db: Letterbox, settings: SettingsDep, posted: PostedForm) -> Response:
    """Store a message and redirect to the page of its code. Idempotent for the same form."""
    typed = {name: _without_control_characters(posted.get(name, "")) for name in FIELDS}
    key = posted.get("key", "")
    age = _age(settings, key)

    def refuse(trouble: str, status: int = 422, key: str = key) -> Response:
        return _page(request, typed, key=key, trouble=trouble, status=status)

    if errors := _errors(typed):
        return _page(request, typed, key=key, errors=errors, status=422)
    if posted.get("website"):
        return refuse(
            _("Leave the last field empty. It is there to catch automatic messages."), key=""
        )
    if age is None or age > MAX_FORM_SECONDS:
        return refuse(
            _("This page was open for a long time. Check your message and send it again."), key=""
        )
    if age < MIN_FORM_SECONDS:
        return refuse(_("The message was sent too quickly. Send it again."))
    secret = settings.require_hash_secret()
    # Hashes the form's key and all fields, so that a message that is sent twice is one.
    letter_key = keyed_hash(secret, json.dumps(["letter", key, *(typed[name] for name in FIELDS)]))
    code = message_code(secret, letter_key)
    outcome = _send(db, request, letter_key, typed, hash_of_code(secret, code))
    if outcome != "kept":
        return _later(refuse(_(REFUSALS[outcome]), 429))
    return RedirectResponse(url("letter-state", code=code), 303, NOT_FOR_CACHES)


def _later(response: Response) -> Response:
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _send(
    db: Session, request: Request, letter_key: str, typed: Mapping[str, str], code_hash: str
) -> str:
    texts = [typed[name] for name in FIELDS]
    try:
        return str(
            db.scalar(
                select(
                    func.letterbox.send(letter_key, *texts, _hashed_networks(request), code_hash)
                )
            )
        )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") in READ_ONLY_STATES:
            raise HTTPException(503) from None
        raise


def _hashed_networks(request: Request) -> list[str]:
    # The hash includes the hour, so that hashes of different hours can't be linked.
    hour, secret = int(time.time()) // 3600, app_state(request).settings.require_hash_secret()
    return [keyed_hash(secret, f"letter|{hour}|{network}") for network in client_networks(request)]


# State of a message -----------------------------------------------------------------------------


@router.get("/tell/sent", name="told")
def told_page(request: Request) -> Response:
    """Show a form that asks for a code. Posting the code keeps it out of the browser's history."""
    return _state_page(request)


@router.post("/tell/sent")
def told(request: Request, db: Letterbox, posted: PostedForm) -> Response:
    return _state_of(request, db, posted.get("code", ""))


@router.get("/tell/{code}", name="letter-state")
def letter_state_page(request: Request, db: Letterbox, code: str) -> Response:
    return _state_of(request, db, code)


def _state_of(request: Request, db: Session, typed: str) -> Response:
    code, found = cleaned_code(typed), "unknown"
    if code:
        hashes = [hash_of_code(secret, code) for secret in _secrets(app_state(request).settings)]
        found = str(db.scalar(select(func.letterbox.state_of(hashes, _hashed_networks(request)))))
    if found in LetterState.by_code():
        return _state_page(request, code=code, state=LetterState(found))
    if found == "unknown":
        trouble = _("No message has this code. Check the code and enter it again.")
        return _state_page(request, 404, code=typed[:100], trouble=trouble)
    wait = _(
        "Your network has sent too many wrong codes. Your message is safe. Try again in an hour."
    )
    return _later(_state_page(request, 429, code=code, trouble=wait))


def _state_page(
    request: Request,
    status: int = 200,
    *,
    code: str = "",
    state: LetterState | None = None,
    trouble: str = "",
) -> Response:
    # Browsers send the Origin header of a form only if the referrer policy allows it.
    headers = NOT_FOR_CACHES | {"Referrer-Policy": "same-origin"}
    return page(
        request,
        "site/tell/state.html",
        edition=None,
        status=status,
        headers=headers,
        code=code,
        state=state,
        trouble=trouble,
    )


def _page(
    request: Request,
    typed: Mapping[str, str],
    *,
    key: str = "",
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
    status: int = 200,
) -> Response:
    settings = app_state(request).settings
    key = _new_key(settings) if _age(settings, key) is None else key
    # The page has no edition, so that it is not cached: each form needs its own key. Browsers send
    # the Origin header of a form only if the referrer policy allows it.
    headers = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    return page(
        request,
        "site/tell/page.html",
        edition=None,
        status=status,
        headers=headers,
        key=key,
        typed={**dict.fromkeys(FIELDS, ""), **typed},
        kinds=Kind,
        errors=errors or {},
        trouble=trouble,
    )


def _errors(typed: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if typed["kind"] not in Kind.by_code():
        errors["kind"] = _("Choose one of these.")
    if not typed["words"]:
        errors["words"] = _("Enter a message.")
    for name in ("about", "words", "reach"):
        if len(typed[name]) > LONGEST[name]:
            errors[name] = _("The text is too long. The limit is {most} characters.").format(
                most=LONGEST[name]
            )
    return errors


def _without_control_characters(text: str) -> str:
    """Remove control characters and surrogates."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(
        sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )


# Keys of forms ----------------------------------------------------------------------------------


def _secrets(settings: Settings) -> list[str]:
    """Return the current hash secret, then former ones."""
    return [settings.require_hash_secret(), *settings.old_hash_secrets]


def _new_key(settings: Settings) -> str:
    payload = f"{int(time.time()):x}.{secrets.token_hex(8)}"
    return f"{payload}.{_sign(settings.require_hash_secret(), payload)}"


def _age(settings: Settings, key: str) -> float | None:
    """Return the age of a form's key in seconds; None if no secret of ours signed it."""
    payload, _dot, sign = key.rpartition(".")
    if any(
        hmac.compare_digest(sign.encode(), _sign(secret, payload).encode())
        for secret in (_secrets(settings) if payload else ())
    ):
        return time.time() - int(payload.partition(".")[0], 16)
    return None


def _sign(secret: str, payload: str) -> str:
    return keyed_hash(secret, f"form|{payload}")[:32]
