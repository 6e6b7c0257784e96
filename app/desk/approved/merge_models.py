"""Table of merges of records."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Identity, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase, refers_to


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
