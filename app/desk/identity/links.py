"""Single-use links for invitations and forgotten passwords."""

from datetime import timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from app.desk.identity.models import PasswordLink, Person
from app.desk.identity.tokens import hash_of, new_token

LIFETIME = timedelta(days=3)
FIRST_LINK_LIFETIME = timedelta(hours=12)


def make(db: Session, person: Person | None, by: Person | None) -> str:
    """Create a link for this person in place of earlier links.

    Without a person, the link creates the first account.
    """
    remove(db, person)
    token = new_token()
    lifetime = LIFETIME if person else FIRST_LINK_LIFETIME
    db.add(
        PasswordLink(
            token_hash=token.hash,
            person=person.id if person else None,
            made_by=by.id if by else None,
            expires_at=func.now() + lifetime,
        )
    )
    return token.text


def remove(db: Session, person: Person | None) -> None:
    db.execute(delete(PasswordLink).where(PasswordLink.person == (person.id if person else None)))


def expire(db: Session) -> int:
    """Delete expired links and return how many."""
    return len(
        db.scalars(
            delete(PasswordLink)
            .where(PasswordLink.expires_at <= func.now())
            .returning(PasswordLink.token_hash)
        ).all()
    )


def find(
    db: Session, token: str, to_use: bool = False
) -> tuple[PasswordLink, Person | None] | None:
    """Return the valid link with this token, and its person.

    `to_use` locks the row, so that two requests can't use the link at the same time.
    """
    query = select(PasswordLink).where(
        PasswordLink.token_hash == hash_of(token), PasswordLink.expires_at > func.now()
    )
    link = db.scalar(query.with_for_update() if to_use else query)
    if link is None:
        return None
    if link.person is None:
        return None if has_people(db) else (link, None)
    person = db.get(Person, link.person)
    return (link, person) if person and person.disabled_at is None else None


def has_people(db: Session) -> bool:
    return bool(db.scalar(select(exists().where(Person.id.is_not(None)))))
