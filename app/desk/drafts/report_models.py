"""Tables of reports: the block of each, private texts, and fingerprints."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase, refers_to

MAX_TEXT_CHARACTERS = 100_000
"""Letters of a report's text, and of its translation. An article of 800 words has 5,000."""


def _now() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), server_default=sql("now()"))


class ReportSheet(DeskBase):
    """The block of a report (`report_settings.ReportForm`). Its entries are drafts."""

    __tablename__ = "sheet"

    source: Mapped[str] = mapped_column(primary_key=True)
    """Public id of the report; there may be only a draft of it yet."""
    owner: Mapped[int] = mapped_column(refers_to("person.id"), index=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReportText(DeskBase):
    """The private text of a report, with its marks. In no backup.

    Deleted by a trigger when the report is approved or its last draft is deleted, and by `tick`
    after `delete_after`. The table has no constraint on the text: PostgreSQL would log the row.
    """

    __tablename__ = "report_text"

    source: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    text: Mapped[str]
    translation: Mapped[str] = mapped_column(server_default="")
    """The editor's own; empty if there is none."""
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = _now()
    delete_after: Mapped[date] = mapped_column(Date)
    marks: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The sentences with their marks; None until they were computed."""
    problem: Mapped[str] = mapped_column(server_default="")
    """Why the marks could not be computed; empty if they were."""


class ReportPrint(DeskBase):
    """What is kept of a text after it was deleted: keyed hashes of its shingles, and its facts."""

    __tablename__ = "report_fingerprint"

    source: Mapped[str] = mapped_column(primary_key=True)
    published: Mapped[date | None] = mapped_column(Date)
    hashes: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """The unsigned hashes of `reading.relays.fingerprint`, as signed numbers."""
    facts: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    """Codes of places, dates, estimates and laws as `[kind, value]`; no words."""

    __table_args__ = (
        # Which reports have a hash of another one, and which came out in the same days.
        Index("ix_report_fingerprint_hashes", "hashes", postgresql_using="gin"),
        Index("ix_report_fingerprint_published", "published"),
    )
