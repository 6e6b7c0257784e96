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
from app.vocabulary.code import Code


class Action(Code):
    """Actions that are logged. Codes never change once they have been written."""

    FIRST_LINK = "first-link"
    INVITED = "invited"
    JOINED = "joined"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    FAILED_SIGN_IN = "failed-sign-in"
    FAILED_CODE = "failed-code"
    FAILED_PASSKEY = "failed-passkey"
    FAILED_OWN_PASSWORD = "failed-own-password"
    ENDED_SIGN_IN = "ended-sign-in"
    CHANGED_PASSWORD = "changed-password"
    CHANGED_SIGNATURE = "changed-signature"
    MADE_LINK = "made-link"
    SET_PASSWORD = "set-password"
    ADDED_FACTOR = "added-factor"
    REMOVED_FACTOR = "removed-factor"
    USED_RECOVERY_CODE = "used-recovery-code"
    ADDED_PASSKEY = "added-passkey"
    REMOVED_PASSKEY = "removed-passkey"
    USED_PASSKEY = "used-passkey"
    RENEWED_RECOVERY_CODES = "renewed-recovery-codes"
    ROTATED_KEYS = "rotated-keys"
    CHANGED_ROLE = "changed-role"
    DISABLED = "disabled"
    ENABLED = "enabled"
    BEGAN_DRAFT = "began-draft"
    SUBMITTED = "submitted"
    TOOK_BACK = "took-back"
    DELETED_DRAFT = "deleted-draft"
    BROUGHT_BACK = "brought-back"
    RESTORED = "restored"
    MERGED = "merged"
    COMMENTED = "commented"
    SETTLED = "settled"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDREW = "withdrew"
    COMBINED = "combined"
    TOOK_APART = "took-apart"
    PURGED = "purged"
    CHECKED = "checked"
    TOOK_CHECK_BACK = "took-check-back"
    PUBLISHED_AGAIN = "published-again"
    MADE_SOURCE = "made-source"
    ADDED_FEED = "added-feed"
    STOPPED_FEED = "stopped-feed"
    STARTED_FEED = "started-feed"
    CAPTURED = "captured"
    ASKED_ARCHIVE = "asked-archive"
    CLOSED_LETTER = "closed-letter"
    HID = "hid"
    READ_PRIVATE = "read-private"
    OPENED_PRIVATE = "opened-private"
    CLOSED_PRIVATE = "closed-private"
    ASKED_SECOND_PERSON = "asked-second-person"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TOOK_REQUEST_BACK = "took-request-back"
    CHANGED_TOGETHER = "changed-together"
    TOOK_TOGETHER_BACK = "took-together-back"
    IMPORTED = "imported"
    TOOK_IMPORT_BACK = "took-import-back"
    ADDED_CODE = "added-code"
    CHANGED_CODE = "changed-code"
    RETIRED_CODE = "retired-code"
    BROUGHT_CODE_BACK = "brought-code-back"


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
            postgresql_where=sql(f"action = '{Action.READ_PRIVATE}'"),
        ),
    )


IS_FAILURE = func.starts_with(AuditEntry.action, "failed-", type_=Boolean)


def log_action(
    db: Session,
    action: Action,
    by: Person | None,
    about: Person | str | None = None,
    words: str = "",
) -> None:
    """Add an entry, in the transaction of the logged action."""
    about = f"person:{about.id}" if isinstance(about, Person) else about
    db.add(AuditEntry(action=action, by=by.id if by else None, about=about, words=words or None))


def entries(
    db: Session, before: int | None, most: int, *, only_failures: bool = False
) -> Sequence[AuditEntry]:
    """Return the newest entries, or those before the id `before`; newest first."""
    newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)
    if only_failures:
        newest = newest.where(IS_FAILURE)
    return db.scalars(newest.where(AuditEntry.id < before) if before else newest).all()


def count_failures(db: Session) -> int:
    """Return how many sign-ins failed in the last 24 hours, unknown addresses included."""
    last_day = AuditEntry.at > func.now() - timedelta(days=1)
    return db.scalar(select(func.count()).select_from(AuditEntry).where(IS_FAILURE, last_day)) or 0
