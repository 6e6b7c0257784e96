"""Purged records of a range of editions, for the page of changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.models import Edition, PurgedRecord


@dataclass(frozen=True)
class Removal:
    """A purged record: only its id is left."""

    id: str
    edition: int
    at: datetime
    message: str
    by: str


def read_removals(db: Session, edition: SelectedEdition, first: int, last: int) -> list[Removal]:
    """Return the purged records of a range of editions, newest first."""
    rows = db.execute(
        select(
            PurgedRecord.id, PurgedRecord.edition, Edition.at, Edition.message, Edition.published_by
        )
        .join(Edition, Edition.no == PurgedRecord.edition)
        .where(PurgedRecord.edition.between(first, min(last, edition.no)))
        .order_by(PurgedRecord.edition.desc(), PurgedRecord.id)
    )
    return [Removal(row.id, row.edition, row.at, row.message, row.published_by) for row in rows]
