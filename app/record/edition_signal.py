"""The notification that tells every process of a new edition."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession

EDITION_CHANNEL = "sojourn_edition"


def notify_workers(db: Session, edition: int) -> None:
    """Notify all workers of a new edition once this transaction is committed.

    Also stores the number in the session, for the response to the person who published it.
    """
    assert isinstance(db, DeskSession)  # the only session that may write the record
    db.published = edition
    db.execute(select(func.pg_notify(EDITION_CHANNEL, "")))
