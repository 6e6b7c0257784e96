"""Tables of the approved state (records as documents, and their references), drafts and merges.

A document holds the fields of the record's form that differ from their defaults. Foreign keys are
checked when the transaction ends: an import may name a source before its row is added.
"""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Numeric,
    String,
    Text,
    any_,
    cast,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.kinds import FORMS, RecordForm
from app.record.models import NAMING
from app.vocabulary.code import Code
from app.vocabulary.kinds import CITING_KINDS, NAMED_KINDS, NOUN_OF_KIND, RecordKind


class DeskBase(DeclarativeBase):
    metadata = MetaData(schema="desk", naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, Decimal: Numeric}


def refers_to(column: str) -> ForeignKey:
    return ForeignKey(f"desk.{column}", deferrable=True, initially="DEFERRED")


def part_of(column: str) -> ForeignKey:
    return ForeignKey(f"desk.{column}", ondelete="CASCADE", deferrable=True, initially="DEFERRED")


def any_array(texts: Collection[str]) -> Any:
    """Return the operand of `column == any_array(texts)`: one bound array, however many texts."""
    return any_(cast(list(texts), ARRAY(Text)))


class Record(DeskBase):
    """The approved state of a record. `app.desk.approved.store` writes it."""

    __tablename__ = "record"

    id: Mapped[str] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(Identity(always=True))
    """The order in which records were first saved, which is that of the files of an import."""
    kind: Mapped[str] = mapped_column(index=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    address: Mapped[str | None] = mapped_column(unique=True)
    """Of a source: its normalised address."""
    first: Mapped[date | None]
    """First and last day on which an event may have happened, an estimate may hold, or a source
    may have been published."""
    last: Mapped[date | None]
    series: Mapped[str | None]
    """Of an estimate: what it has in common with rival estimates."""
    is_pending: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Whether the approved state differs from the published state."""
    why: Mapped[str | None]
    reason: Mapped[str | None]
    saved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("now()"), onupdate=sql("now()")
    )

    __table_args__ = (
        Index("uq_record_slug", "kind", sql("(document ->> 'slug')"), unique=True),
        Index(
            "uq_record_geonames",
            sql("(document ->> 'geonames')"),
            unique=True,
            postgresql_where=sql("kind = 'P'"),
        ),
        Index(
            "uq_record_preferred",
            "series",
            sql("COALESCE(document ->> 'as_of', document ->> 'period', '')"),
            unique=True,
            postgresql_where=sql("(document ->> 'role') = 'preferred'"),
        ),
    )

    @property
    def form(self) -> RecordForm:
        """The document as a form, made once as long as it is the same."""
        made: tuple[Any, RecordForm] | None = self.__dict__.get("_made")
        if made is None or made[0] is not self.document:
            made = (self.document, FORMS[self.kind].model_validate(self.document))
            self.__dict__["_made"] = made
        return made[1]

    @property
    def name(self) -> str:
        """The code or id by which others refer to the record."""
        return self.document["code"] if self.kind in NAMED_KINDS else self.id


class KnownId(DeskBase):
    """A name to which records may refer: an id, also of a citation or link, or `P:dandong`.

    The ids of a purged record stay, without the record: others may still cite it.
    """

    __tablename__ = "known"

    id: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str | None] = mapped_column(part_of("record.id"), index=True)


class ReferenceRow(DeskBase):
    """A reference of a record: the path of its field, such as `citations.source`, and the name."""

    __tablename__ = "reference"

    record: Mapped[str] = mapped_column(part_of("record.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(refers_to("known.id"), primary_key=True, index=True)


# Drafts and merges --------------------------------------------------------------------------------


class DraftState(Code):
    """State of a draft between its start and its publication."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    DELETED = "deleted"


WRITABLE_STATES = {DraftState.DRAFT, DraftState.RETURNED}
OPEN_STATES = {DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.RETURNED, DraftState.APPROVED}


class RevisionCause(Code):
    """Cause of a revision."""

    BEGUN = "begun"
    BY_ITSELF = "by-itself"
    SAVED = "saved"
    RESTORED = "restored"
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken-back"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    DELETED = "deleted"
    BROUGHT_BACK = "brought-back"
    MERGED = "merged"
    IMPORTED = "imported"
    TOGETHER = "together"
    COMBINED = "combined"
    TAKEN_APART = "taken-apart"
    TAKEN_OFF = "taken-off"
    SET_ASIDE = "set-aside"
    ALIGNED = "aligned"


class Significance(Code):
    """The reasons of `Why` that an editor chooses for a change to a published record."""

    CLARIFIED = "clarified"
    UPDATED = "updated"
    CORRECTED = "corrected"


WRITING_CAUSES = {
    RevisionCause.BEGUN,
    RevisionCause.BY_ITSELF,
    RevisionCause.SAVED,
    RevisionCause.RESTORED,
    RevisionCause.MERGED,
    RevisionCause.IMPORTED,
    RevisionCause.TOGETHER,
    RevisionCause.SET_ASIDE,
}
"""Causes of revisions with new content. The other revisions only change the state of the draft."""

_IS_OPEN = "state in ({})".format(
    ", ".join(f"'{state}'" for state in DraftState if state in OPEN_STATES)
)


class Draft(DeskBase):
    """An unpublished state of a record.

    An event or estimate may have several open drafts, one for each source that they were started
    from: a second report can be cited while the first is in review. Other records have one.
    """

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(String(1))
    record: Mapped[str]
    """Public id of the changed record, or an id reserved for a new record."""
    key: Mapped[str] = mapped_column(unique=True)
    """Idempotency key: a double click on the starting page starts only one draft."""
    state: Mapped[str]
    owner: Mapped[int] = mapped_column(refers_to("person.id"), index=True)
    article: Mapped[str | None] = mapped_column(index=True)
    """Id of the source from which the draft was started."""
    number: Mapped[int]
    """Number of the newest revision, for detecting concurrent saves."""
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    base: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Approved document when the draft was started or last rebased; None for a new record."""
    why: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("now()")
    )
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))

    __table_args__ = (
        CheckConstraint("kind ~ '^[A-Z]$'", name="kind"),
        CheckConstraint(
            "state in ({})".format(", ".join(f"'{state}'" for state in DraftState)), name="state"
        ),
        Index(
            "uq_draft_open",
            "record",
            sql("coalesce(article, '')"),
            unique=True,
            postgresql_where=sql(_IS_OPEN),
        ),
        Index(
            "uq_draft_open_once",
            "record",
            unique=True,
            postgresql_where=sql(f"{_IS_OPEN} and (base is null or kind not in ('E', 'M'))"),
        ),
    )


class Revision(DeskBase):
    """A saved state of a draft, or a set-aside one that never became current.

    Rows are never changed after they are added.
    """

    __tablename__ = "revision"

    draft: Mapped[int] = mapped_column(refers_to("draft.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("clock_timestamp()")
    )
    saved: Mapped[str]
    sheet: Mapped[str]
    """Key of the page or bulk edit that saved the revision.

    Saves from one page never conflict.
    """
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    why: Mapped[str | None]
    reason: Mapped[str | None]
    words: Mapped[str | None]
    """Text saved with the revision, such as a comment or the number of the restored revision."""

    __table_args__ = (
        Index("ix_revision_together", "sheet", postgresql_where=sql("saved = 'together'")),
    )


class OpenedRecord(DeskBase):
    """Permission of a contributor to see the private values of another person's record."""

    __tablename__ = "opened_record"

    record: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(refers_to("person.id"), primary_key=True)
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))


class Merging(DeskBase):
    """A merge of two records. Revisions of their drafts hold the contents before and after it."""

    __tablename__ = "merging"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    gone: Mapped[str]
    kept: Mapped[str]
    gone_name: Mapped[str]
    """Name used by references to `gone`: the code of a place or outlet, else the id."""
    kept_name: Mapped[str]
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    edition: Mapped[int]
    reason: Mapped[str]
    undone_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    undone_in: Mapped[int | None]
    """Edition that undid the merge."""

    __table_args__ = (
        CheckConstraint("gone <> kept and left(gone, 1) = left(kept, 1)", name="two_of_a_kind"),
        CheckConstraint("(undone_by is null) = (undone_in is null)", name="undone_by_somebody"),
        Index("uq_merging_gone", "gone", unique=True, postgresql_where=sql("undone_in is null")),
        Index("ix_merging_kept", "kept"),
    )


KIND_LABELS: dict[str, str] = {
    kind: NOUN_OF_KIND[kind].label for kind in (*CITING_KINDS, RecordKind.SOURCE, *NAMED_KINDS)
}


WAITING_STATES = {DraftState.IN_REVIEW, DraftState.APPROVED}
