"""Rate limits of sign-ins, codes, passwords and passkeys, and of pages that the desk fetches.

The key of a limit contains an address or a signed-in person. A limit by e-mail address alone would
allow anybody to lock out anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
MAX_TRIES_PER_ADDRESS = 30
MAX_TRIES_OF_CODE = 5
MAX_TRIES_OF_OWN_PASSWORD = 5
MAX_CHALLENGES_PER_ADDRESS = 60
MAX_RESPONSES_PER_ADDRESS = 30


class TooManyAttemptsError(Exception):
    """Too many recent attempts failed. This attempt was not evaluated."""


@dataclass(frozen=True)
class AttemptLimit:
    """Maximum number of attempts of one key within the window that failed, or are not uncounted."""

    key: str
    most: int


def sign_in_limits(request: Request, email: str) -> list[AttemptLimit]:
    own = client_networks(request)[0]
    return [
        AttemptLimit(f"name and address|{email}|{own}", MAX_TRIES_PER_NAME_AND_ADDRESS),
        *_network_limits("address", request, MAX_TRIES_PER_ADDRESS),
    ]


def code_limits(person: Person) -> list[AttemptLimit]:
    """Limit by person, from all addresses: who reaches this step knows the password already."""
    return [AttemptLimit(f"code|{person.id}", MAX_TRIES_OF_CODE)]


def own_password_limits(person: Person) -> list[AttemptLimit]:
    """Limit by person, who is signed in already."""
    return [AttemptLimit(f"own password|{person.id}", MAX_TRIES_OF_OWN_PASSWORD)]


def passkey_challenge_limits(request: Request) -> list[AttemptLimit]:
    """Limit the challenges that one network may request.

    Passkeys cannot be guessed, but each challenge is a row that is stored for minutes.
    """
    return _network_limits("passkey", request, MAX_CHALLENGES_PER_ADDRESS)


def passkey_response_limits(request: Request) -> list[AttemptLimit]:
    """Limit failed responses, because each one is an entry in the audit log."""
    return _network_limits("passkey answer", request, MAX_RESPONSES_PER_ADDRESS)


def fetch_limits(settings: Settings, person: Person) -> list[AttemptLimit]:
    """Limit the pages that one person has fetched; each counts, whatever the site answers."""
    return [AttemptLimit(f"fetch|{person.id}", settings.pages_per_quarter_hour)]


def _network_limits(of: str, request: Request, most: int) -> list[AttemptLimit]:
    """Return one limit for each network of the client. Each wider network allows twice as many."""
    return [
        AttemptLimit(f"{of}|{network}", most << wider)
        for wider, network in enumerate(client_networks(request))
    ]


def count_attempt(db: Session, settings: Settings, limits: Sequence[AttemptLimit]) -> list[int]:
    """Count an attempt before it is evaluated; raise TooManyAttemptsError if there were too many.

    Returns the ids of the counted rows, to remove after a success.
    """
    keys = {_hashed(settings, limit.key): limit.most for limit in limits}
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
        return count_attempt(db, app_state(request).settings, sign_in_limits(request, email))


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


def too_many_attempts_message() -> str:
    return _("Too many failed attempts. Wait 15 minutes, then try again.")


def _hashed(settings: Settings, key: str) -> str:
    return keyed_hash(settings.require_hash_secret(), key)
