"""Letters of readers to the editors: the form, its protection from floods, and the page that a code opens.

A form is good for a day, and nobody fills it in within seconds; a field that people don't see stays empty. The same
letter sent twice from one form is one letter; a browser's Back button shows the form again for another.
Letters and wrong codes are counted by network in the database (`letterbox.send`, `letterbox.state_of`).
"""

import hmac
import json
import secrets
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.forms.reader_message import LONGEST, Kind, LetterState
from app.i18n.translate import N_, _
from app.settings import Settings
from app.site.tell.codes import cleaned_code, code_of_letter, hash_of_code, hashes_of_code
from app.web.client_network import keyed_hash, networks
from app.web.forms import Posted
from app.web.page import page
from app.web.sessions import Letterbox, ReadersRoute
from app.web.urls import url

router = APIRouter(route_class=ReadersRoute)

SECONDS_TO_WRITE = 3
SECONDS_IT_IS_GOOD = 24 * 3600
FIELDS = ("kind", "about", "words", "reach")
READ_ONLY = {"25006", "0A000"}
"""What PostgreSQL answers where nothing can be written: in a transaction that only reads, and on a replica."""
NOT_FOR_CACHES = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
SECONDS_TO_WAIT = 3600
"""After a refusal for the network: counts are kept for an hour."""

REFUSED = {
    "too many of yours": N_(
        "Several letters came from your network within the hour. Keep this page open and send it again in an hour; "
        "what you wrote is still below."
    ),
    "too many": N_(
        "More letters come in than can be read. Keep this page open and send it again in an hour; what you wrote is "
        "still below. If you ask that something be removed, choose that: such a letter is taken even now."
    ),
}


@dataclass(frozen=True)
class Telling:
    """What `site/tell/page.html` prints."""

    key: str
    typed: Mapping[str, str]
    kinds: Sequence[tuple[str, str, str, bool]]
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    """Why it was not sent although nothing is wrong with it."""


@dataclass(frozen=True)
class LetterStatePage:
    """What `site/tell/state.html` prints."""

    code: str = ""
    state: LetterState | None = None
    trouble: str = ""
    """Why no state is shown for what was typed."""


@router.get("/tell", name="tell")
def tell_page(request: Request) -> Response:
    asked = request.query_params
    typed = {name: _clean(asked.get(name, ""))[: LONGEST["about"]] for name in ("about", "kind")}
    return _page(request, typed)


@router.post("/tell")
def send(request: Request, db: Letterbox, posted: Posted) -> Response:
    """Hands a letter in, and redirects to the page of its code: sending it twice is sending it once."""
    typed = {name: _clean(posted.get(name, "")) for name in FIELDS}
    key = posted.get("key", "")
    secret, age = _signing_secret(request, key), _age(request, key)
    if errors := _errors(typed):
        return _page(request, typed, key=key, errors=errors, status=422)
    if posted.get("website"):
        return _page(
            request,
            typed,
            trouble=_("Leave the field empty that is meant for programs."),
            status=422,
        )
    if secret is None or age is None or age > SECONDS_IT_IS_GOOD:
        return _page(
            request,
            typed,
            trouble=_("This page was open for long. Look it over and send it again."),
            status=422,
        )
    if age < SECONDS_TO_WRITE:
        return _page(
            request, typed, key=key, trouble=_("That was quick: send it once more."), status=422
        )
    letter_key = _letter_key(secret, key, typed)
    code = code_of_letter(secret, letter_key)
    kept = _send(db, request, letter_key, typed, hash_of_code(_secrets(request)[0], code))
    if kept != "kept":
        answer = _page(request, typed, key=key, trouble=_(REFUSED[kept]), status=429)
        answer.headers["Retry-After"] = str(SECONDS_TO_WAIT)
        return answer
    return RedirectResponse(url("letter-state", code=code), 303, NOT_FOR_CACHES)


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
        if getattr(error.orig, "sqlstate", "") in READ_ONLY:
            raise HTTPException(503) from None
        raise


def _letter_key(secret: str, key: str, typed: Mapping[str, str]) -> str:
    """What tells a letter from others: its form and all that was written."""
    return keyed_hash(secret, json.dumps(["letter", key, *(typed[name] for name in FIELDS)]))


def _hashed_networks(request: Request) -> list[str]:
    # The hour is in it too: what is counted in one hour is a stranger in the next.
    hour = int(time.time()) // 3600
    return [
        keyed_hash(_secrets(request)[0], f"letter|{hour}|{network}")
        for network in networks(request)
    ]


# What became of a letter ------------------------------------------------------------------------------------------


@router.get("/tell/sent", name="told")
def told_page(request: Request) -> Response:
    """Where a code can be typed, so that no address in the browser's history holds it."""
    return _state_page(request, LetterStatePage())


@router.post("/tell/sent")
def told(request: Request, db: Letterbox, posted: Posted) -> Response:
    return _state_of(request, db, posted.get("code", ""))


@router.get("/tell/{code}", name="letter-state")
def letter_state_page(request: Request, db: Letterbox, code: str) -> Response:
    return _state_of(request, db, code)


def _state_of(request: Request, db: Session, typed: str) -> Response:
    unknown = LetterStatePage(
        typed[:100], trouble=_("No letter has this code. Look it over and type it again.")
    )
    code = cleaned_code(typed)
    if not code:
        return _state_page(request, unknown, 404)
    hashes = hashes_of_code(_secrets(request), code)
    found = str(db.scalar(select(func.letterbox.state_of(hashes, _hashed_networks(request)))))
    if found in LetterState.by_code():
        return _state_page(request, LetterStatePage(code, LetterState(found)))
    if found == "unknown":
        return _state_page(request, unknown, 404)
    wait = _("Many wrong codes came from your network. Your letter is safe; look again in an hour.")
    answer = _state_page(request, LetterStatePage(code, trouble=wait), 429)
    answer.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return answer


def _state_page(request: Request, view: LetterStatePage, status: int = 200) -> Response:
    # Browsers send a form's origin only where the page lets them say it to this very site.
    headers = NOT_FOR_CACHES | {"Referrer-Policy": "same-origin"}
    return page(
        request, "site/tell/state.html", edition=None, status=status, headers=headers, view=view
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
    kinds = [
        (kind.value, _(kind.label), _(kind.definition), kind == typed.get("kind")) for kind in Kind
    ]
    key = key if _age(request, key) is not None else _new_key(request)
    telling = Telling(key, {**dict.fromkeys(FIELDS, ""), **typed}, kinds, errors or {}, trouble)
    # Without an edition: each visitor has a key of their own, so that nothing of it is kept. Browsers send a form's
    # origin only where the page lets them say it to this very site.
    headers = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    return page(
        request,
        "site/tell/page.html",
        edition=None,
        status=status,
        headers=headers,
        telling=telling,
    )


def _errors(typed: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if typed["kind"] not in Kind.by_code():
        errors["kind"] = _("Choose one of these.")
    if not typed["words"]:
        errors["words"] = _("Write what the editors should know.")
    for name in ("about", "words", "reach"):
        if len(typed[name]) > LONGEST[name]:
            errors[name] = _("This is too long: {most} characters at most.").format(
                most=LONGEST[name]
            )
    return errors


def _clean(text: str) -> str:
    """What was typed, without signs that nobody can see or type."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(
        sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )


# The key of a form ------------------------------------------------------------------------------------------------


def _secrets(request: Request) -> list[str]:
    """The present hash secret, and those before it."""
    settings: Settings = request.app.state.settings
    return [settings.require_hash_secret(), *settings.old_hash_secrets]


def _new_key(request: Request) -> str:
    said = f"{int(time.time()):x}.{secrets.token_hex(8)}"
    return f"{said}.{_sign(_secrets(request)[0], said)}"


def _age(request: Request, key: str) -> float | None:
    """How many seconds ago a form was given out; None for a key that is not ours."""
    if _signing_secret(request, key) is None:
        return None
    return time.time() - int(key.partition(".")[0], 16)


def _signing_secret(request: Request, key: str) -> str | None:
    """The secret of ours that a form's key was signed with."""
    said, _dot, sign = key.rpartition(".")
    for secret in _secrets(request) if said else ():
        if hmac.compare_digest(sign.encode(), _sign(secret, said).encode()):
            return secret
    return None


def _sign(secret: str, said: str) -> str:
    return keyed_hash(secret, f"form|{said}")[:32]
