"""Tables of sources, their parents and copies."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to


class Source(Record, DeskBase):
    __tablename__ = "source"

    slug: Mapped[str | None] = mapped_column(unique=True)
    outlet: Mapped[str] = mapped_column(refers_to("outlet.code"), index=True)
    title: Mapped[str]
    title_basis: Mapped[str]
    title_en: Mapped[str | None]
    url: Mapped[str | None]
    url_normalised: Mapped[str | None] = mapped_column(unique=True)
    language: Mapped[str | None]
    author: Mapped[str | None]
    kind: Mapped[str]
    published: Mapped[str | None]
    published_first: Mapped[date | None]
    published_last: Mapped[date | None]
    published_basis: Mapped[str]
    published_text: Mapped[str | None]
    rights: Mapped[str | None]
    derived_from: Mapped[list["SourceParent"]] = child_rows("SourceParent", of="child")
    copies: Mapped[list["SourceCopy"]] = child_rows("SourceCopy", of="source")
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("published_first <= published_last", name="published_in_order"),
        CheckConstraint(
            "(published is null) = (published_basis = 'unknown')", name="date_or_unknown"
        ),
    )


class SourceParent(DeskBase):
    __tablename__ = "source_parent"

    child: Mapped[str] = mapped_column(part_of("source.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str | None] = mapped_column(refers_to("known.id"), index=True)
    outlet: Mapped[str | None] = mapped_column(refers_to("outlet.code"))
    how: Mapped[str]

    __table_args__ = (
        CheckConstraint("(source is null) <> (outlet is null)", name="source_or_outlet"),
        CheckConstraint("source <> child", name="not_on_itself"),
    )


class SourceCopy(DeskBase):
    __tablename__ = "source_copy"

    source: Mapped[str] = mapped_column(part_of("source.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str]
    host_kind: Mapped[str]
    host: Mapped[str | None]
    url: Mapped[str | None]
    extent: Mapped[str]
    read_on: Mapped[str | None]
    archive: Mapped[str | None]
    sha256: Mapped[str | None]

    __table_args__ = (UniqueConstraint("source", "id"),)
