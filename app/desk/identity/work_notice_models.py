"""Tables of notices about work at the desk. They hold ids and addresses, never content."""

from datetime import datetime

from sqlalchemy import DateTime, Identity, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase, part_of


class WorkNotice(DeskBase):
    """A notice to one person, shown at the desk, sent by mail, or both. Also the queue of mails."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person: Mapped[int] = mapped_column(part_of("person.id"))
    kind: Mapped[str]
    """A code of `work_notices.WorkNoticeKind`."""
    about: Mapped[str]
    """Id of the record or report, or `lead 3`; empty if it is about several."""
    address: Mapped[str]
    """Path of the page at the desk."""
    count: Mapped[int] = mapped_column(server_default=sql("1"))
    """Number of records that it is about."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    at_desk: Mapped[bool]
    by_mail: Mapped[bool]
    """Whether the person wanted each, when the notice was made."""
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    mailed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(server_default=sql("0"))
    """Failed attempts to mail it."""
    try_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    """Earliest time of the next attempt."""

    __table_args__ = (
        Index("ix_notice_person", "person", "id"),
        Index("ix_notice_unsent", "try_at", postgresql_where=sql("by_mail and mailed_at is null")),
    )


class NoticeRefusal(DeskBase):
    """A kind of notice that a person has turned off, for one channel."""

    __tablename__ = "notice_refusal"

    person: Mapped[int] = mapped_column(part_of("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    """`desk` or `mail`."""
