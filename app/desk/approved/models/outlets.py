"""Tables of outlets and their names."""

from datetime import date

from sqlalchemy import ARRAY, CheckConstraint, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to


class Outlet(Record, DeskBase):
    __tablename__ = "outlet"

    code: Mapped[str] = mapped_column(unique=True)
    names: Mapped[list["OutletName"]] = child_rows("OutletName", of="outlet")
    kind: Mapped[str]
    country: Mapped[str | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    belongs_to: Mapped[str | None] = mapped_column(refers_to("outlet.code"))
    reliability: Mapped[str]
    reliability_reason: Mapped[str | None]
    reliability_on: Mapped[date | None]
    reliability_by: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("belongs_to <> code", name="not_of_itself"),
        CheckConstraint("reliability between 'a' and 'f'", name="reliability"),
        CheckConstraint(
            "reliability = 'f' or reliability_reason is not null", name="grade_has_a_reason"
        ),
    )


class OutletName(DeskBase):
    __tablename__ = "outlet_name"

    outlet: Mapped[str] = mapped_column(part_of("outlet.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    language: Mapped[str | None]
    preferred: Mapped[bool]

    __table_args__ = (
        Index(
            "uq_outlet_name_preferred",
            "outlet",
            "language",
            unique=True,
            postgresql_where=sql("preferred"),
        ),
    )
