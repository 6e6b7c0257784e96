"""The base class of all desk tables, foreign keys, and what all records have in common."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, MetaData, Numeric, Text
from sqlalchemy import text as sql
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.record.models import NAMING


class Base(DeclarativeBase):
    metadata = MetaData(schema="desk", naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, Decimal: Numeric}


def refers_to(column: str) -> ForeignKey:
    return ForeignKey(f"desk.{column}", deferrable=True, initially="DEFERRED")


def part_of(column: str) -> ForeignKey:
    return ForeignKey(f"desk.{column}", ondelete="CASCADE", deferrable=True, initially="DEFERRED")


def rows(child: str, of: str) -> "Mapped[list[Any]]":
    """Child rows that live and die with their parent, in the order of the form; `of` is the child's way to it."""
    return relationship(
        child,
        cascade="all, delete-orphan",
        foreign_keys=f"{child}.{of}",
        order_by=f"{child}.position",
        collection_class=ordering_list("position"),
        lazy="selectin",
    )


class Record:
    """What every record of the desk has: its public id, and whether the record shows less than the desk knows."""

    id: Mapped[str] = mapped_column(primary_key=True)
    is_pending: Mapped[bool] = mapped_column(server_default=sql("true"))
    why: Mapped[str | None]
    reason: Mapped[str | None]
    saved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=sql("now()"), onupdate=sql("now()")
    )
    note: Mapped[str | None]


class Known(Base):
    """An id that others may name: of a source, event, figure or citation that is here, or was purged.

    The database keeps this by itself, so that what was purged may be named still and nothing else that is not there.
    """

    __tablename__ = "known"

    id: Mapped[str] = mapped_column(primary_key=True)


class OfEventOrEstimate:
    """A row that stands under either an event or an estimate."""

    event: Mapped[str | None] = mapped_column(part_of("event.id"), index=True)
    estimate: Mapped[str | None] = mapped_column(part_of("estimate.id"), index=True)
    position: Mapped[int]
