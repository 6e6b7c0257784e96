"""The notification that tells every process of a new edition."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

CHANNEL = "sojourn_edition"


def tell(db: Session, edition: int) -> None:
    """Lets all workers know, once this transaction is committed, that there is a new edition; and who asked for it."""
    db.info["published"] = edition
    db.execute(select(func.pg_notify(CHANNEL, "")))
