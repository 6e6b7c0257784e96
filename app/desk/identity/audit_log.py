"""The audit log: who did what at the desk, and when.

The database rejects updates and deletions of its rows.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Boolean, DateTime, Identity, Index, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.desk.approved.models import DeskBase, refers_to
from app.desk.identity.models import Person
from app.vocabulary.code import WORDS

LABELS = {code: words[0] for (name, code), words in WORDS.items() if name == "Action"}
"""Labels of the logged actions. Their codes never change once they have been written."""


class AuditEntry(DeskBase):
    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    """None for the command line and for failed sign-ins of unknown people."""
    action: Mapped[str]
    about: Mapped[str | None]
    """What was acted on: `person:3`, or the id of a record."""
    words: Mapped[str | None]

    __table_args__ = (
        Index(
            "ix_audit_failed", "id", "at", postgresql_where=sql("starts_with(action, 'failed-')")
        ),
        Index(
            "uq_audit_read_private",
            "by",
            "about",
            sql("((at at time zone 'UTC')::date)"),
            unique=True,
            postgresql_where=sql("action = 'read-private'"),
        ),
    )


IS_FAILURE = func.starts_with(AuditEntry.action, "failed-", type_=Boolean)


def log_action(
    db: Session,
    action: str,
    by: Person | None,
    about: Person | str | None = None,
    words: str = "",
) -> None:
    """Add an entry, in the transaction of the logged action."""
    assert action in LABELS
    about = f"person:{about.id}" if isinstance(about, Person) else about
    db.add(AuditEntry(action=action, by=by.id if by else None, about=about, words=words or None))


def entries(db: Session, before: int | None, most: int) -> Sequence[AuditEntry]:
    """Return the newest entries, or those before the id `before`; newest first."""
    newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)
    return db.scalars(newest.where(AuditEntry.id < before) if before else newest).all()


def count_failures(db: Session) -> int:
    """Return how many sign-ins failed in the last 24 hours, unknown addresses included."""
    last_day = AuditEntry.at > func.now() - timedelta(days=1)
    return db.scalar(select(func.count()).select_from(AuditEntry).where(IS_FAILURE, last_day)) or 0
