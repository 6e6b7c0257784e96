"""Guessing is slowed down by who guesses and from where: never by the name alone, or anybody could lock anybody out."""

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
TRIES_FROM_AN_ADDRESS = 30
TRIES_OF_A_CODE = 5
TRIES_OF_ONES_OWN_PASSWORD = 5
QUESTIONS_FROM_AN_ADDRESS = 60
ANSWERS_FROM_AN_ADDRESS = 30


class TooMany(Exception):
    """Too many attempts failed: this one was not looked at."""


@dataclass(frozen=True)
class Limit:
    """How many attempts of one key may fail within the window."""

    key: str
    most: int


def of_signing_in(request: Request, email: str) -> list[Limit]:
    own = networks(request)[0]
    return [
        Limit(f"name and address|{email}|{own}", TRIES_OF_A_NAME_FROM_AN_ADDRESS),
        *_of_networks("address", request, TRIES_FROM_AN_ADDRESS),
    ]


def of_a_code(person: Person) -> list[Limit]:
    """Counted for the person, from wherever: who gets to the code knows the password already."""
    return [Limit(f"code|{person.id}", TRIES_OF_A_CODE)]


def of_ones_own_password(person: Person) -> list[Limit]:
    """Counted for the person: who gets here is signed in."""
    return [Limit(f"own password|{person.id}", TRIES_OF_ONES_OWN_PASSWORD)]


def of_passkeys(request: Request) -> list[Limit]:
    """Nobody guesses a passkey; but each question is kept for minutes, and nobody shall fill the table."""
    return _of_networks("passkey", request, QUESTIONS_FROM_AN_ADDRESS)


def of_passkey_answers(request: Request) -> list[Limit]:
    """Each that fails is an entry in the audit log."""
    return _of_networks("passkey answer", request, ANSWERS_FROM_AN_ADDRESS)


def _of_networks(of: str, request: Request, most: int) -> list[Limit]:
    """One limit for each network that the client is in; each wider one allows twice as many."""
    return [
        Limit(f"{of}|{network}", most << wider) for wider, network in enumerate(networks(request))
    ]


def attempt(db: Session, settings: Settings, limits: Sequence[Limit]) -> list[int]:
    """Counts an attempt before it is looked at, or raises; gives what to take back if it succeeds."""
    keys = {_hashed(settings, limit.key): limit.most for limit in limits}
    # One at a time for each key, or a burst of requests would get more tries; in one order, or two would wait for ever.
    for key in sorted(keys):
        db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    expire(db)
    for key, most in keys.items():
        # What is refused is no attempt: going on trying does not prolong the wait.
        if (db.scalar(select(func.count()).where(Attempt.key == key)) or 0) >= most:
            raise TooMany
    return list(db.scalars(insert(Attempt).returning(Attempt.id), [{"key": key} for key in keys]))


def attempt_to_sign_in(request: Request, email: str) -> list[int]:
    """The same for who is not known yet: in a transaction of its own, so that none of them waits for another's."""
    with Session(request.app.state.desk_engine) as db, db.begin():
        return attempt(db, request.app.state.settings, of_signing_in(request, email))


def expire(db: Session) -> int:
    """Forgets attempts that no longer count; how many."""
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
