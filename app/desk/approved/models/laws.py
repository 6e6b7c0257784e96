"""Tables of laws, their names and articles."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to


class Law(Record, DeskBase):
    __tablename__ = "law"

    code: Mapped[str] = mapped_column(unique=True)
    names: Mapped[list["LawName"]] = child_rows("LawName", of="law")
    kind: Mapped[str]
    symbol: Mapped[str | None]
    issuer: Mapped[str | None] = mapped_column(refers_to("actor.code"), index=True)
    parent: Mapped[str | None] = mapped_column(refers_to("law.code"), index=True)
    adopted: Mapped[str | None]
    in_force: Mapped[str | None]
    expires: Mapped[str | None]
    replaced_by: Mapped[str | None] = mapped_column(refers_to("law.code"))
    text_url: Mapped[str | None]
    articles: Mapped[list["LawArticle"]] = child_rows("LawArticle", of="law")
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("parent <> code", name="not_in_itself"),
        CheckConstraint("replaced_by <> code", name="not_replaced_by_itself"),
    )


class LawName(DeskBase):
    __tablename__ = "law_name"

    law: Mapped[str] = mapped_column(part_of("law.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    language: Mapped[str | None]
    preferred: Mapped[bool]

    __table_args__ = (
        Index(
            "uq_law_name_preferred",
            "law",
            "language",
            unique=True,
            postgresql_where=sql("preferred"),
        ),
    )


class LawArticle(DeskBase):
    __tablename__ = "law_article"

    law: Mapped[str] = mapped_column(part_of("law.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    says: Mapped[str]
