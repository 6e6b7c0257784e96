"""Tables of actors and their names."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to


class Actor(Record, DeskBase):
    __tablename__ = "actor"

    code: Mapped[str] = mapped_column(unique=True)
    names: Mapped[list["ActorName"]] = child_rows("ActorName", of="actor")
    kind: Mapped[str]
    parent: Mapped[str | None] = mapped_column(refers_to("actor.code"), index=True)
    country: Mapped[str | None]
    wikidata: Mapped[str | None]
    opensanctions: Mapped[str | None]
    lei: Mapped[str | None]
    isni: Mapped[str | None]
    reply: Mapped[str | None]
    reply_on: Mapped[str | None]
    reply_url: Mapped[str | None]
    indexable: Mapped[bool]
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("parent <> code", name="not_in_itself"),
        CheckConstraint(
            "reply is not null or (reply_on is null and reply_url is null)", name="reply"
        ),
    )


class ActorName(DeskBase):
    __tablename__ = "actor_name"

    actor: Mapped[str] = mapped_column(part_of("actor.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    language: Mapped[str | None]
    preferred: Mapped[bool]

    __table_args__ = (
        Index(
            "uq_actor_name_preferred",
            "actor",
            "language",
            unique=True,
            postgresql_where=sql("preferred"),
        ),
    )
