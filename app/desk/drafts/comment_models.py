"""Comments on a draft: on one field, or on the whole."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Identity
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase, refers_to


class Comment(DeskBase):
    """Rows are added and never changed, except that a comment can be settled."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    draft: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    """The revision that was commented on."""
    place: Mapped[str]
    """The path of the field by names and row keys: `citations.3f0c.paraphrase`.

    Empty for the whole draft.
    """
    answers: Mapped[int | None] = mapped_column(refers_to("comment.id"))
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    words: Mapped[str]
    settled_by: Mapped[int | None] = mapped_column(refers_to("person.id"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["draft", "number"],
            ["desk.revision.draft", "desk.revision.number"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("words <> ''", name="says_something"),
    )
