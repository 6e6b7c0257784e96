"""Browsers that have signed in before. A cookie contains a token, the table its hash."""

from datetime import timedelta

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.desk.identity.models import Device, Person
from app.desk.identity.tokens import hash_of, new_token

LIFETIME = timedelta(days=180)


def is_known(db: Session, person: Person, token: str) -> bool:
    """Return whether this browser has signed in as this person, and update the last use."""
    seen = update(Device).where(Device.person == person.id, Device.token_hash == hash_of(token))
    fresh = seen.where(Device.seen_at > func.now() - LIFETIME).values(seen_at=func.now())
    return (
        db.scalar(fresh.returning(Device.id), execution_options={"synchronize_session": False})
        is not None
    )


def add(db: Session, person: Person, token: str) -> str:
    """Add the browser and return its token.

    Keeps the browser's existing token only if this site issued that token to another person,
    because anybody can plant a cookie.
    """
    is_ours = token and db.scalar(
        select(exists().where(Device.token_hash == hash_of(token), Device.person != person.id))
    )
    kept = token if is_ours else new_token().text
    db.execute(delete(Device).where(Device.person == person.id, Device.token_hash == hash_of(kept)))
    db.add(Device(person=person.id, token_hash=hash_of(kept)))
    return kept


def expire(db: Session) -> int:
    """Delete browsers that were not used for 180 days and return how many."""
    return len(
        db.scalars(
            delete(Device).where(Device.seen_at <= func.now() - LIFETIME).returning(Device.id)
        ).all()
    )
