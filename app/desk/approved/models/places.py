"""Tables of places, their regions and names."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to


class Place(Record, DeskBase):
    __tablename__ = "place"

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    parent: Mapped[str | None] = mapped_column(refers_to("place.code"), index=True)
    region_rows: Mapped[list["PlaceRegion"]] = child_rows("PlaceRegion", of="place")
    regions: AssociationProxy[list[str]] = association_proxy(
        "region_rows", "region", creator=lambda code: PlaceRegion(region=code)
    )
    country: Mapped[str | None]
    names: Mapped[list["PlaceName"]] = child_rows("PlaceName", of="place")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision_km: Mapped[float | None]
    geonames: Mapped[int | None] = mapped_column(unique=True)
    operator: Mapped[str | None] = mapped_column(refers_to("actor.code"), index=True)
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(latitude is null) = (longitude is null)", name="both_coordinates"),
        CheckConstraint("kind <> 'site' or latitude is null", name="no_coordinates_of_sites"),
        CheckConstraint("parent <> code", name="not_in_itself"),
        CheckConstraint("operator is null or kind = 'site'", name="operator_of_a_site"),
    )


class PlaceRegion(DeskBase):
    __tablename__ = "place_region"

    place: Mapped[str] = mapped_column(part_of("place.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(refers_to("place.code"))


class PlaceName(DeskBase):
    __tablename__ = "place_name"

    place: Mapped[str] = mapped_column(part_of("place.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    language: Mapped[str | None]
    preferred: Mapped[bool]

    __table_args__ = (
        Index(
            "uq_place_name_preferred",
            "place",
            "language",
            unique=True,
            postgresql_where=sql("preferred"),
        ),
    )
