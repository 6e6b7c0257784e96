"""Rate limits of sign-ins, codes, passwords and passkeys.

The key of a limit contains an address or a signed-in person. A limit by e-mail address alone would
allow anybody to lock out anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.desk.identity.models import Attempt, Person
from app.i18n.translate import _
from app.settings import Settings
from app.web.client_network import keyed_hash, networks

WINDOW = timedelta(minutes=15)
TRIES_OF_A_NAME_FROM_AN_ADDRESS = 5
MAX_TRIES_PER_ADDRESS = 30
TRIES_OF_A_CODE = 5
MAX_TRIES_OF_OWN_PASSWORD = 5
QUESTIONS_FROM_AN_ADDRESS = 60
ANSWERS_FROM_AN_ADDRESS = 30


class TooMany(Exception):
    """Too many recent attempts failed. This attempt was not evaluated."""


@dataclass(frozen=True)
class Limit:
    """Maximum number of failed attempts of one key within the window."""

    key: str
    most: int


def sign_in_limits(request: Request, email: str) -> list[Limit]:
    own = networks(request)[0]
    return [
        Limit(f"name and address|{email}|{own}", TRIES_OF_A_NAME_FROM_AN_ADDRESS),
        *_network_limits("address", request, MAX_TRIES_PER_ADDRESS),
    ]


def of_a_code(person: Person) -> list[Limit]:
    """Limit by person, from all addresses: who reaches this step knows the password already."""
    return [Limit(f"code|{person.id}", TRIES_OF_A_CODE)]


def of_ones_own_password(person: Person) -> list[Limit]:
    """Limit by person, who is signed in already."""
    return [Limit(f"own password|{person.id}", MAX_TRIES_OF_OWN_PASSWORD)]


def of_passkeys(request: Request) -> list[Limit]:
    """Limit the challenges that one network may request.

    Passkeys cannot be guessed, but each challenge is a row that is stored for minutes.
    """
    return _network_limits("passkey", request, QUESTIONS_FROM_AN_ADDRESS)


def of_passkey_answers(request: Request) -> list[Limit]:
    """Limit failed responses, because each one is an entry in the audit log."""
    return _network_limits("passkey answer", request, ANSWERS_FROM_AN_ADDRESS)


def _network_limits(of: str, request: Request, most: int) -> list[Limit]:
    """Return one limit for each network of the client. Each wider network allows twice as many."""
    return [
        Limit(f"{of}|{network}", most << wider) for wider, network in enumerate(networks(request))
    ]


def attempt(db: Session, settings: Settings, limits: Sequence[Limit]) -> list[int]:
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
        if (db.scalar(select(func.count()).where(Attempt.key == key)) or 0) >= most:
            raise TooMany
    return list(db.scalars(insert(Attempt).returning(Attempt.id), [{"key": key} for key in keys]))


def attempt_to_sign_in(request: Request, email: str) -> list[int]:
    """Count an attempt to sign in, in a transaction of its own.

    Requests for the same address therefore do not wait for each other's password hashing.
    """
    with Session(request.app.state.desk_engine) as db, db.begin():
        return attempt(db, request.app.state.settings, sign_in_limits(request, email))


def expire(db: Session) -> int:
    """Delete attempts older than the window and return how many."""
    return len(
        db.scalars(
            delete(Attempt).where(Attempt.at < func.now() - WINDOW).returning(Attempt.id)
        ).all()
    )


def take_back(db: Session, made: Sequence[int]) -> None:
    db.execute(delete(Attempt).where(Attempt.id.in_(made)))


def in_words() -> str:
    return _("Too many attempts failed. Wait a quarter of an hour and try again.")


def _hashed(settings: Settings, key: str) -> str:
    return keyed_hash(settings.require_hash_secret(), key)
