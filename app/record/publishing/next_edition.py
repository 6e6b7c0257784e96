"""Numbers new editions, except those of purges, which the database function `purge` numbers."""

from importlib.metadata import version as installed_version

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.models import Edition, EditionCounter


def lock_counter(db: Session) -> EditionCounter:
    """Return the counter of editions, locked until this transaction ends."""
    return db.scalars(select(EditionCounter).with_for_update()).one()


def next_edition(
    db: Session,
    counter: EditionCounter,
    message: str,
    by: str | None = None,
    rules: int | None = None,
    *,
    is_recalculation: bool = False,
) -> Edition:
    """Insert the next edition; None for `by` leaves the column to its default, empty text.

    `rules` is the version of the rules if the edition calculates every row.
    """
    counter.edition += 1
    edition = Edition(
        no=counter.edition,
        message=message,
        published_by=by,
        release=installed_version("sojourn"),
        rules=rules,
        is_recalculation=is_recalculation,
    )
    db.add(edition)
    db.flush()
    return edition
