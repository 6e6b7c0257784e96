"""Single-use links for invitations and forgotten passwords."""

from datetime import timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from app.desk.identity.models import Link, Person
from app.desk.identity.tokens import hash_of, new_token

LIFETIME = timedelta(days=3)
LIFETIME_OF_A_FIRST_LINK = timedelta(hours=12)


def make(db: Session, person: Person | None, by: Person | None) -> str:
    """Create a link for this person in place of earlier links.

    Without a person, the link creates the first account.
    """
    remove(db, person)
    token = new_token()
    lifetime = LIFETIME if person else LIFETIME_OF_A_FIRST_LINK
    db.add(
        Link(
            token_hash=token.hash,
            person=person.id if person else None,
            made_by=by.id if by else None,
            expires_at=func.now() + lifetime,
        )
    )
    return token.text


def remove(db: Session, person: Person | None) -> None:
    db.execute(delete(Link).where(Link.person == (person.id if person else None)))


def expire(db: Session) -> int:
    """Delete expired links and return how many."""
    return len(
        db.scalars(
            delete(Link).where(Link.expires_at <= func.now()).returning(Link.token_hash)
        ).all()
    )


def find(db: Session, token: str, to_use: bool = False) -> tuple[Link, Person | None] | None:
    """Return the valid link with this token, and its person.

    `to_use` locks the row, so that two requests can't use the link at the same time.
    """
    query = select(Link).where(Link.token_hash == hash_of(token), Link.expires_at > func.now())
    link = db.scalar(query.with_for_update() if to_use else query)
    if link is None:
        return None
    if link.person is None:
        return None if somebody_is_there(db) else (link, None)
    person = db.get(Person, link.person)
    return (link, person) if person and person.disabled_at is None else None


def somebody_is_there(db: Session) -> bool:
    return bool(db.scalar(select(exists().where(Person.id.is_not(None)))))
