"""What people say to each other about a draft: on one of its fields, or on the whole."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Identity
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import Base, refers_to


class Comment(Base):
    """Rows are added and never changed, except that a comment can be settled."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    draft: Mapped[int] = mapped_column(index=True)
    number: Mapped[int]
    """The revision that was looked at."""
    place: Mapped[str]
    """The field, by the names and keys that lead to it: `citations.3f0c.paraphrase`; empty for the whole."""
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
