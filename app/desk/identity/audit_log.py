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
from app.i18n.translate import N_
from app.vocabulary.code import Code


class Action(Code):
    """Actions that are logged. Codes never change once they have been written."""

    FIRST_LINK = "first-link", N_("Made the link for the first person")
    INVITED = "invited", N_("Invited")
    JOINED = "joined", N_("Joined")
    SIGNED_IN = "signed-in", N_("Signed in")
    SIGNED_OUT = "signed-out", N_("Signed out")
    FAILED_SIGN_IN = "failed-sign-in", N_("Failed to sign in: wrong e-mail or password")
    FAILED_CODE = "failed-code", N_("Failed to sign in: wrong code after the right password")
    FAILED_PASSKEY = "failed-passkey", N_("Failed to sign in: wrong passkey")
    FAILED_OWN_PASSWORD = "failed-own-password", N_("Entered a wrong password while signed in")
    ENDED_SIGN_IN = "ended-sign-in", N_("Ended another session")
    CHANGED_PASSWORD = "changed-password", N_("Changed the password")
    CHANGED_SIGNATURE = "changed-signature", N_("Changed the name shown to readers")
    MADE_LINK = "made-link", N_("Created a link to set a password")
    SET_PASSWORD = "set-password", N_("Set a password with a link")
    ADDED_FACTOR = "added-factor", N_("Added a second factor")
    REMOVED_FACTOR = "removed-factor", N_("Removed the second factor")
    USED_RECOVERY_CODE = "used-recovery-code", N_("Signed in with a recovery code")
    ADDED_PASSKEY = "added-passkey", N_("Added a passkey")
    REMOVED_PASSKEY = "removed-passkey", N_("Removed a passkey")
    USED_PASSKEY = "used-passkey", N_("Signed in with a passkey")
    RENEWED_RECOVERY_CODES = "renewed-recovery-codes", N_("Made new recovery codes")
    ROTATED_KEYS = "rotated-keys", N_("Encrypted all second factors with a new key")
    CHANGED_ROLE = "changed-role", N_("Changed the role")
    DISABLED = "disabled", N_("Disabled an account")
    ENABLED = "enabled", N_("Enabled an account")
    BEGAN_DRAFT = "began-draft", N_("Started a draft")
    SUBMITTED = "submitted", N_("Submitted a draft")
    TOOK_BACK = "took-back", N_("Cancelled a submission")
    DELETED_DRAFT = "deleted-draft", N_("Deleted a draft")
    BROUGHT_BACK = "brought-back", N_("Restored a draft")
    RESTORED = "restored", N_("Restored an earlier version")
    MERGED = "merged", N_("Updated a draft to the published version")
    COMMENTED = "commented", N_("Commented on a draft")
    SETTLED = "settled", N_("Resolved a comment")
    RETURNED = "returned", N_("Returned a draft")
    APPROVED = "approved", N_("Approved a draft")
    PUBLISHED = "published", N_("Published")
    WITHDREW = "withdrew", N_("Withdrew a record")
    COMBINED = "combined", N_("Merged two records")
    TOOK_APART = "took-apart", N_("Undid a merge")
    PURGED = "purged", N_("Removed permanently")
    CHECKED = "checked", N_("Recorded a coverage check")
    TOOK_CHECK_BACK = "took-check-back", N_("Undid a coverage check")
    PUBLISHED_AGAIN = "published-again", N_("Published again after a withdrawal")
    MADE_SOURCE = "made-source", N_("Created a source from a link of the round")
    ADDED_FEED = "added-feed", N_("Added a feed to watch")
    STOPPED_FEED = "stopped-feed", N_("Stopped watching a feed")
    STARTED_FEED = "started-feed", N_("Resumed watching a feed")
    CAPTURED = "captured", N_("Saved a private copy of a page")
    ASKED_ARCHIVE = "asked-archive", N_("Asked a public archive to save a page")
    CLOSED_LETTER = "closed-letter", N_("Closed a message from a reader")
    HID = "hid", N_("Hid a record because of a message")
    READ_PRIVATE = "read-private", N_("Read private values")
    OPENED_PRIVATE = "opened-private", N_("Gave a contributor access to private values")
    CLOSED_PRIVATE = "closed-private", N_("Removed access to private values")
    ASKED_SECOND_PERSON = "asked-second-person", N_("Requested confirmation by a second person")
    CONFIRMED = "confirmed", N_("Confirmed a request")
    DECLINED = "declined", N_("Declined a request")
    TOOK_REQUEST_BACK = "took-request-back", N_("Cancelled a request")
    CHANGED_TOGETHER = "changed-together", N_("Made a bulk edit")
    TOOK_TOGETHER_BACK = "took-together-back", N_("Undid a bulk edit")
    IMPORTED = "imported", N_("Imported tables")
    TOOK_IMPORT_BACK = "took-import-back", N_("Undid an import")
    ADDED_CODE = "added-code", N_("Added a code")
    CHANGED_CODE = "changed-code", N_("Changed a code")
    RETIRED_CODE = "retired-code", N_("Retired a code")
    BROUGHT_CODE_BACK = "brought-code-back", N_("Reinstated a retired code")


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
