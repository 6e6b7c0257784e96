"""Table of codes: the vocabulary."""

from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record


class ApprovedCodeRow(Record, DeskBase):
    __tablename__ = "code"

    list: Mapped[str]
    code: Mapped[str]
    label: Mapped[str]
    definition: Mapped[str]
    example: Mapped[str | None]
    group: Mapped[str | None]
    nature: Mapped[str | None]
    is_law: Mapped[bool] = mapped_column(server_default=false())
    successor: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("list", "code"),
        CheckConstraint("id = list || ':' || code", name="id_is_list_and_code"),
        CheckConstraint("(list = 'type') = (nature is not null)", name="types_have_a_nature"),
        CheckConstraint("successor is distinct from code", name="no_successor_of_itself"),
    )
