"""Base class of all desk tables, foreign keys, and columns that several tables share."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, MetaData, Numeric, Text
from sqlalchemy import text as sql
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.record.models import NAMING


class DeskBase(DeclarativeBase):
    metadata = MetaData(schema="desk", naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, Decimal: Numeric}


def refers_to(column: str) -> ForeignKey:
    return ForeignKey(f"desk.{column}", deferrable=True, initially="DEFERRED")


def part_of(column: str) -> ForeignKey:
    return ForeignKey(f"desk.{column}", ondelete="CASCADE", deferrable=True, initially="DEFERRED")


def child_rows(child: str, of: str) -> "Mapped[list[Any]]":
    """Return a relationship to child rows, in the order of the form.

    Child rows are deleted with their parent. `of` is the child's foreign key to the parent.
    """
    return relationship(
        child,
        cascade="all, delete-orphan",
        foreign_keys=f"{child}.{of}",
        order_by=f"{child}.position",
        collection_class=ordering_list("position"),
        lazy="selectin",
    )


class Record:
    """Columns of every record of the desk."""

    id: Mapped[str] = mapped_column(primary_key=True)
    is_pending: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Whether the approved state differs from the published state."""
    why: Mapped[str | None]
    reason: Mapped[str | None]
    saved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("now()"), onupdate=sql("now()")
    )
    note: Mapped[str | None]


class KnownId(DeskBase):
    """Id of a source, event, estimate or citation, to which other records may refer.

    Triggers maintain this table. Ids of purged records stay, so that references to them stay valid.
    """

    __tablename__ = "known"

    id: Mapped[str] = mapped_column(primary_key=True)


class EventOrEstimateRow:
    """Foreign keys of a row that belongs to either an event or an estimate."""

    event: Mapped[str | None] = mapped_column(part_of("event.id"), index=True)
    estimate: Mapped[str | None] = mapped_column(part_of("estimate.id"), index=True)
    position: Mapped[int]
