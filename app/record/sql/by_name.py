"""The row behind what a record is called: its id, its code or its readable name."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import Reading
from app.record.models import Version


def is_id(name: str, kind: str) -> bool:
    """Whether it is what ids of that kind are like, in capitals or not."""
    return name[:1].upper() == kind and name[1:].isdecimal()


def find(db: Session, edition: Reading, kind: str, name: str) -> Version | None:
    """The row of a record by its id, its code or, for a redirect, by its readable name."""
    if not name.isprintable():
        return None  # the database knows no such name, and refuses some
    here = select(Version).where(Version.kind == kind, edition.holds())
    by_name, id = (
        here.where(Version.slug == name),
        name.upper(),
    )  # who types an id need not mind its capitals
    if not is_id(name, kind):
        return db.scalars(by_name).first()
    return (db.scalars(by_name).first() if name != id else None) or db.scalars(
        here.where(Version.id == id)
    ).first()
