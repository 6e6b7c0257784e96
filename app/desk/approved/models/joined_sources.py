"""Table of sources that editors count as one, or apart."""

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, EventOrEstimateRow, refers_to


class JoinedSourcesRow(EventOrEstimateRow, DeskBase):
    __tablename__ = "joined_sources"

    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    how: Mapped[str]
    member: Mapped[str] = mapped_column(refers_to("known.id"))
    other: Mapped[str | None] = mapped_column(refers_to("known.id"))
    reason: Mapped[str]

    __table_args__ = (
        CheckConstraint("(event is null) <> (estimate is null)", name="one_owner"),
        CheckConstraint("how in ('joined', 'split', 'one-voice')", name="how"),
        CheckConstraint("(how <> 'split') = (other is not null)", name="two_are_joined"),
        CheckConstraint("other <> member", name="not_with_itself"),
    )
