"""Tables of pages, their titles, parts, and the marks and places of the picture."""

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to


class Page(Record, DeskBase):
    __tablename__ = "page"

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    names: Mapped[list["PageName"]] = child_rows("PageName", of="page")
    language: Mapped[str | None]
    responsible: Mapped[str | None]
    body: Mapped[str | None]
    sections: Mapped[list["PageSectionRow"]] = child_rows("PageSectionRow", of="page")
    marks: Mapped[list["PageMark"]] = child_rows("PageMark", of="page")
    place_rows: Mapped[list["PagePlace"]] = child_rows("PagePlace", of="page")
    places: AssociationProxy[list[str]] = association_proxy(
        "place_rows", "place", creator=lambda code: PagePlace(place=code)
    )


class PageName(DeskBase):
    __tablename__ = "page_name"

    page: Mapped[str] = mapped_column(part_of("page.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    language: Mapped[str | None]
    preferred: Mapped[bool]

    __table_args__ = (
        Index(
            "uq_page_name_preferred",
            "page",
            "language",
            unique=True,
            postgresql_where=sql("preferred"),
        ),
    )


class PageSectionRow(DeskBase):
    __tablename__ = "page_section"

    page: Mapped[str] = mapped_column(part_of("page.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str]
    says: Mapped[str]


class PageMark(DeskBase):
    __tablename__ = "page_mark"

    page: Mapped[str] = mapped_column(part_of("page.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(refers_to("known.id"))
    label: Mapped[str]
    group: Mapped[str | None]


class PagePlace(DeskBase):
    __tablename__ = "page_place"

    page: Mapped[str] = mapped_column(part_of("page.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(refers_to("place.code"))
