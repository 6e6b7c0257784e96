"""Versions of records, for tests of publishing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.record.models import Edition, Version
from app.record.publishing.validation import PublishError
from app.vocabulary.record import Why
from tests.make import publish_all


def rows(db: Session, id: str) -> list[Version]:
    return list(db.scalars(select(Version).where(Version.id == id).order_by(Version.opened)))


def row(db: Session, id: str) -> Version:
    return db.scalars(select(Version).where(Version.id == id, Version.closed.is_(None))).one()


def written_in(db: Session, edition: Edition | None) -> str:
    """Return the versions of an edition by reason, such as `reindexed E1 S1, updated O2`."""
    assert edition is not None
    rows = db.scalars(select(Version).where(Version.opened == edition.no))
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.why, []).append(row.id)
    return ", ".join(f"{why} {' '.join(sorted(ids[why]))}" for why in sorted(ids))


def written_by(db: Session, *forms: RecordForm, why: Why = Why.UPDATED, reason: str = "") -> str:
    """Publish the forms; return the versions that this writes, by reason."""
    return written_in(db, publish_all(db, *forms, why=why, reason=reason))


def refusal(db: Session, *forms: RecordForm) -> str:
    """Return why the forms can't be published; they leave nothing behind."""
    with pytest.raises(PublishError) as refused, db.begin_nested():
        publish_all(db, *forms)
    return str(refused.value)
