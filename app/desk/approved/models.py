"""Tables of the approved state: records as documents, and what refers to what.

A document holds the fields of the record's form that differ from their defaults. Foreign keys are
checked when the transaction ends: an import may name a source before its row is added.
"""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Numeric,
    Text,
    any_,
    cast,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.kinds import FORMS, RecordForm
from app.record.models import NAMING
from app.vocabulary.kinds import NAMED_KINDS


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
