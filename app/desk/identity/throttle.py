"""Rate limits of sign-ins, codes, passwords and passkeys, and of pages that the desk fetches.

The key of a limit contains an address or a signed-in person. A limit by e-mail address alone would
allow anybody to lock out anybody.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fastapi import Request
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.desk.identity.models import FailedAttempt, Person
from app.i18n.translate import _
from app.settings import Settings
from app.web.client_network import client_networks, keyed_hash
from app.web.state import app_state

WINDOW = timedelta(minutes=15)
MAX_TRIES_PER_NAME_AND_ADDRESS = 5
MAX_PER_ADDRESS = {"address": 30, "passkey": 60, "passkey answer": 30}
"""Sign-ins, challenges for passkeys, and responses to these.

Passkeys cannot be guessed, but each challenge is a row that is stored for minutes, and each failed
response an entry in the audit log.
"""
MAX_PER_PERSON = 5
"""Codes, or own passwords, from all addresses: who gives a code knows the password already."""

Limits = Mapping[str, int]
"""By key, how many attempts within the window may fail, or may not be uncounted."""


class TooManyAttemptsError(Exception):
    """Too many recent attempts failed. This attempt was not evaluated."""

    def __str__(self) -> str:
        return _("Too many failed attempts. Wait 15 minutes, then try again.")


def of_sign_in(request: Request, email: str) -> Limits:
    own = client_networks(request)[0]
    by_name = {f"name and address|{email}|{own}": MAX_TRIES_PER_NAME_AND_ADDRESS}
    return by_name | of_address("address", request)


def of_address(what: str, request: Request) -> dict[str, int]:
    """Return one limit for each network of the client. Each wider network allows twice as many."""
    return {
        f"{what}|{network}": MAX_PER_ADDRESS[what] << wider
        for wider, network in enumerate(client_networks(request))
    }


def of_person(what: str, person: Person) -> Limits:
    return {f"{what}|{person.id}": MAX_PER_PERSON}


def fetch_limits(settings: Settings, person: Person) -> Limits:
    """Limit the pages that one person has fetched; each counts, whatever the site answers."""
    return {f"fetch|{person.id}": settings.pages_per_quarter_hour}


def count_attempt(db: Session, settings: Settings, limits: Limits) -> list[int]:
    """Count an attempt before it is evaluated; raise TooManyAttemptsError if there were too many.

    Returns the ids of the counted rows, to remove after a success.
    """
    secret = settings.require_hash_secret()
    keys = {keyed_hash(secret, key): most for key, most in limits.items()}
    # The lock stops a burst of requests from exceeding the limit; the order prevents deadlocks.
    for key in sorted(keys):
        db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    expire(db)
    for key, most in keys.items():
        # Rejected attempts are not counted, so further attempts do not prolong the wait.
        if (db.scalar(select(func.count()).where(FailedAttempt.key == key)) or 0) >= most:
            raise TooManyAttemptsError
    return list(
        db.scalars(
            insert(FailedAttempt).returning(FailedAttempt.id), [{"key": key} for key in keys]
        )
    )


def count_sign_in_attempt(request: Request, email: str) -> list[int]:
    """Count an attempt to sign in, in a transaction of its own.

    Requests for the same address therefore do not wait for each other's password hashing.
    """
    with Session(app_state(request).desk_engine) as db, db.begin():
        return count_attempt(db, app_state(request).settings, of_sign_in(request, email))


def expire(db: Session) -> int:
    """Delete attempts older than the window and return how many."""
    return len(
        db.scalars(
            delete(FailedAttempt)
            .where(FailedAttempt.at < func.now() - WINDOW)
            .returning(FailedAttempt.id)
        ).all()
    )


def uncount_attempts(db: Session, made: Sequence[int]) -> None:
    db.execute(delete(FailedAttempt).where(FailedAttempt.id.in_(made)))
