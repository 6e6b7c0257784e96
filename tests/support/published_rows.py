"""Versions of records, for tests of publishing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.models import Edition, Version


def rows(db: Session, id: str) -> list[Version]:
    return list(db.scalars(select(Version).where(Version.id == id).order_by(Version.opened)))


def row(db: Session, id: str) -> Version:
    return db.scalars(select(Version).where(Version.id == id, Version.closed.is_(None))).one()


def written_in(db: Session, edition: Edition | None) -> dict[str, str]:
    """Return the reason of each version of an edition, by id."""
    assert edition is not None
    return {
        row.id: row.why for row in db.scalars(select(Version).where(Version.opened == edition.no))
    }
