"""Table of the terms of events and estimates."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, EventOrEstimateRow, refers_to


class RecordTermRow(EventOrEstimateRow, DeskBase):
    __tablename__ = "term"

    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str]
    code: Mapped[str | None]
    place: Mapped[str | None] = mapped_column(refers_to("place.code"), index=True)
    actor: Mapped[str | None] = mapped_column(refers_to("actor.code"), index=True)
    code_id: Mapped[str | None] = mapped_column(refers_to("code.id"), index=True)
    role: Mapped[str]
    printed: Mapped[str | None]
    number: Mapped[Decimal | None]
    side: Mapped[str | None]
    scope: Mapped[str | None]
    certainty: Mapped[str | None]
    citation: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(event is null) <> (estimate is null)", name="one_owner"),
        CheckConstraint("code is not null or printed is not null", name="code_or_words"),
        CheckConstraint(
            "place is not distinct from case when key = 'place' then code end", name="place"
        ),
        CheckConstraint(
            "actor is not distinct from case when key = 'actor' then code end", name="actor"
        ),
        CheckConstraint(
            "code_id is not distinct from "
            "case when key not in ('place', 'actor') then key || ':' || code end",
            name="code_id",
        ),
        CheckConstraint(
            "side is null or role in ('orders', 'agrees', 'says', 'carries-out')",
            name="side_of_who_orders",
        ),
        CheckConstraint("number >= 0", name="number"),
    )
