"""What is being written, and every state in which it was saved."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Identity, Index, String
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import Base, refers_to
from app.i18n.translate import N_
from app.vocabulary.code import Code
from app.vocabulary.record import Why


class State(Code):
    """Where a draft is on its way to readers."""

    DRAFT = "draft", N_("Draft"), N_("Being written.")
    IN_REVIEW = (
        "in-review",
        N_("In review"),
        N_("Handed in; waits for somebody else to look at it."),
    )
    RETURNED = "returned", N_("Returned"), N_("Looked at, and given back with comments.")
    APPROVED = (
        "approved",
        N_("Approved"),
        N_("Looked at and found good; waits for the next edition."),
    )
    PUBLISHED = "published", N_("Published"), N_("In the record.")
    DELETED = "deleted", N_("Deleted"), N_("Put away; it can be brought back.")


WRITABLE = frozenset({State.DRAFT, State.RETURNED})
OPEN = frozenset({State.DRAFT, State.IN_REVIEW, State.RETURNED, State.APPROVED})


class Saved(Code):
    """By what a revision came to be."""

    BEGUN = "begun", N_("Begun")
    BY_ITSELF = "by-itself", N_("Saved by itself")
    SAVED = "saved", N_("Saved")
    RESTORED = "restored", N_("Restored")
    SUBMITTED = "submitted", N_("Handed in")
    TAKEN_BACK = "taken-back", N_("Taken back")
    RETURNED = "returned", N_("Returned")
    APPROVED = "approved", N_("Approved")
    PUBLISHED = "published", N_("Published")
    DELETED = "deleted", N_("Deleted")
    BROUGHT_BACK = "brought-back", N_("Brought back")
    MERGED = "merged", N_("Brought up to date")
    IMPORTED = "imported", N_("Imported")
    TOGETHER = "together", N_("Changed together with others")
    COMBINED = "combined", N_("Merged")
    TAKEN_APART = "taken-apart", N_("Merge undone")
    TAKEN_OFF = "taken-off", N_("Names no more what was withdrawn")
    SET_ASIDE = "set-aside", N_("Set aside, since somebody else had saved")


class Weight(Code):
    """How much a change of something published weighs, as who makes it says."""

    TYPO = "typo", N_("Spelling"), N_("Letters only.")
    CLARIFIED = "clarified", N_("Wording"), N_("The same, said better.")
    UPDATED = "updated", N_("The facts change"), N_("There is more or newer to say.")
    CORRECTED = "corrected", N_("A correction of our mistake"), N_("What we said was wrong.")

    @property
    def why(self) -> Why:
        """What readers are told; to them a letter is wording too."""
        return Why.CLARIFIED if self is Weight.TYPO else Why(self.value)


WRITTEN = frozenset(
    {
        *(Saved.BEGUN, Saved.BY_ITSELF, Saved.SAVED, Saved.RESTORED),
        *(Saved.MERGED, Saved.IMPORTED, Saved.TOGETHER, Saved.SET_ASIDE),
    }
)
"""Revisions that somebody wrote; the others only passed the draft on."""

_OPEN = "state in ({})".format(", ".join(f"'{state}'" for state in State if state in OPEN))


class Draft(Base):
    """One record as somebody is writing it. A record has one open draft at a time."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(String(1))
    record: Mapped[str]
    """Its public id: that of what is changed or, for what is new, one that was taken for it."""
    key: Mapped[str] = mapped_column(unique=True)
    """What the page that began it was given, so that a double click begins one draft and not two."""
    state: Mapped[str]
    owner: Mapped[int] = mapped_column(refers_to("person.id"), index=True)
    article: Mapped[str | None] = mapped_column(index=True)
    """The id of the source that it is written from."""
    number: Mapped[int]
    """That of its newest revision, by which a save sees that somebody else was quicker."""
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    base: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What was approved when the change was begun, or last brought up to date; nothing for what is new."""
    why: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("now()")
    )
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))

    __table_args__ = (
        CheckConstraint("kind in ('P', 'O', 'S', 'E', 'M')", name="kind"),
        CheckConstraint(
            "state in ({})".format(", ".join(f"'{state}'" for state in State)), name="state"
        ),
        Index("uq_draft_open", "record", unique=True, postgresql_where=sql(_OPEN)),
    )


class Revision(Base):
    """One state of a draft, or what was set aside and never became one. Rows are added and never changed."""

    __tablename__ = "revision"

    draft: Mapped[int] = mapped_column(refers_to("draft.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("clock_timestamp()")
    )
    saved: Mapped[str]
    sheet: Mapped[str]
    """The page in whose boxes it was typed: what came from one page never conflicts with itself."""
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    why: Mapped[str | None]
    reason: Mapped[str | None]
    words: Mapped[str | None]
    """What was said with it: a comment on what is returned, which revision was restored."""

    __table_args__ = (
        Index("ix_revision_together", "sheet", postgresql_where=sql("saved = 'together'")),
    )


class OpenedRecord(Base):
    """A contributor to whom an editor opened the private values of somebody else's record."""

    __tablename__ = "opened_record"

    record: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(refers_to("person.id"), primary_key=True)
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))


KINDS = {
    "E": N_("Event"),
    "M": N_("Figure"),
    "S": N_("Source"),
    "O": N_("Outlet"),
    "P": N_("Place"),
}


WAITING = frozenset({State.IN_REVIEW, State.APPROVED})
