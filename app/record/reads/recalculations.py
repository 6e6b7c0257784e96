"""Editions that only calculated the record by newer rules, for the list of changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition, first_edition_since
from app.record.models import Edition, Version


@dataclass(frozen=True)
class Recalculation:
    """An edition without a change of any source or form."""

    edition: int
    at: datetime
    message: str
    by: str
    rows: int
    """Number of rows that came out differently."""


def read_recalculations(
    db: Session,
    edition: SelectedEdition,
    since: Sequence[str] = (),
    *,
    first: int = 0,
    last: int | None = None,
    most: int | None = None,
) -> list[Recalculation]:
    """Return recalculations up to an edition, newest first."""
    written = select(func.count()).where(Version.opened == Edition.no).scalar_subquery()
    rows = db.execute(
        select(Edition.no, Edition.at, Edition.message, Edition.published_by, written)
        .where(
            Edition.is_recalculation,
            Edition.no.between(first, min(last or edition.no, edition.no)),
            *(first_edition_since(each) <= Edition.no for each in since),
        )
        .order_by(Edition.no.desc())
        .limit(most)
    )
    return [Recalculation(*row) for row in rows]
