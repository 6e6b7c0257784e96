"""What a reader sends to the editors: a plain form, and what keeps it from being flooded without knowing anybody.

A form is good for a day and for one letter, and nobody fills it in within seconds; a field that people don't see stays
empty. How many come from one network and from all is counted where letters are kept (`letterbox.send`).
"""

import hmac
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

from app.database.sessions import Letterbox, Reader, ReadersRoute
from app.language import N_, _
from app.letters import LONGEST, Kind
from app.networks import keyed_hash, networks
from app.record import editions
from app.settings import Settings
from app.web import Posted, page, url

router = APIRouter(route_class=ReadersRoute)

SECONDS_TO_WRITE = 3
SECONDS_IT_IS_GOOD = 24 * 3600
FIELDS = ("kind", "about", "words", "reach")
READ_ONLY = {"25006", "0A000"}
"""What PostgreSQL answers where nothing can be written: in a transaction that only reads, and on a replica."""

REFUSED = {
    "too many of yours": N_("Several letters came from your network within the hour. Send this one a little later."),
    "too many": N_("More letters come in than can be read. Send this one in an hour; nothing of it was kept."),
}


@dataclass(frozen=True)
class Telling:
    """What `site/tell.html` prints."""

    key: str
    typed: Mapping[str, str]
    kinds: Sequence[tuple[str, str, str, bool]]
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    """Why it was not sent although nothing is wrong with it."""


@router.get("/tell", name="tell")
def tell_page(request: Request) -> Response:
    asked = request.query_params
    typed = {name: _clean(asked.get(name, ""))[: LONGEST["about"]] for name in ("about", "kind")}
    return _page(request, typed)


@router.post("/tell")
def send(request: Request, db: Letterbox, posted: Posted) -> Response:
    """Hands a letter in, and leads to a page that says so: sending it twice is sending it once."""
    typed = {name: _clean(posted.get(name, "")) for name in FIELDS}
    key, age = posted.get("key", ""), _age(request, posted.get("key", ""))
    if errors := _errors(typed):
        return _page(request, typed, key=key, errors=errors, status=422)
    if posted.get("website"):
        return _page(request, typed, trouble=_("Leave the field empty that is meant for programs."), status=422)
    if age is None or age > SECONDS_IT_IS_GOOD:
        return _page(
            request, typed, trouble=_("This page was open for long. Look it over and send it again."), status=422
        )
    if age < SECONDS_TO_WRITE:
        return _page(request, typed, key=key, trouble=_("That was quick: send it once more."), status=422)
    kept = _send(db, request, key, typed)
    if kept != "kept":
        return _page(request, typed, key=key, trouble=_(REFUSED[kept]), status=429)
    return RedirectResponse(url("told"), 303)


def _send(db: Session, request: Request, key: str, typed: Mapping[str, str]) -> str:
    # The hour is in it too: what is counted in one hour is a stranger in the next.
    hour = int(time.time()) // 3600
    whence = keyed_hash(_secret(request), f"letter|{hour}|{networks(request)[0]}")
    asked = func.letterbox.send(key, typed["kind"], typed["about"], typed["words"], typed["reach"], whence)
    try:
        return str(db.scalar(select(asked)))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") in READ_ONLY:
            raise HTTPException(503) from None
        raise


@router.get("/tell/sent", name="told")
def told_page(request: Request, db: Reader) -> Response:
    return page(request, "site/told.html", edition=editions.reading(db, request.query_params.get("edition", "")))


def _page(
    request: Request,
    typed: Mapping[str, str],
    *,
    key: str = "",
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
    status: int = 200,
) -> Response:
    kinds = [(kind.value, _(kind.label), _(kind.definition), kind == typed.get("kind")) for kind in Kind]
    key = key if _age(request, key) is not None else _new_key(request)
    telling = Telling(key, {**dict.fromkeys(FIELDS, ""), **typed}, kinds, errors or {}, trouble)
    # Without an edition: each visitor has a key of their own, so that nothing of it is kept. Browsers send a form's
    # origin only where the page lets them say it to this very site.
    headers = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    return page(request, "site/tell.html", edition=None, status=status, headers=headers, telling=telling)


def _errors(typed: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if typed["kind"] not in Kind.by_code():
        errors["kind"] = _("Choose one of these.")
    if not typed["words"]:
        errors["words"] = _("Write what the editors should know.")
    for name in ("about", "words", "reach"):
        if len(typed[name]) > LONGEST[name]:
            errors[name] = _("This is too long: {most} characters at most.").format(most=LONGEST[name])
    return errors


def _clean(text: str) -> str:
    """What was typed, without signs that nobody can see or type."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})


# The key of a form ------------------------------------------------------------------------------------------------


def _secret(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return settings.require_hash_secret()


def _new_key(request: Request) -> str:
    said = f"{int(time.time()):x}.{secrets.token_hex(8)}"
    return f"{said}.{_sign(request, said)}"


def _age(request: Request, key: str) -> float | None:
    """How many seconds ago a form was given out; None for a key that is not ours."""
    said, _dot, sign = key.rpartition(".")
    if not said or not hmac.compare_digest(sign.encode(), _sign(request, said).encode()):
        return None
    return time.time() - int(said.partition(".")[0], 16)


def _sign(request: Request, said: str) -> str:
    return keyed_hash(_secret(request), f"form|{said}")[:32]
