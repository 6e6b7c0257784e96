"""The approved state of every record, normalised, with the laws that no form alone can keep.

A table's columns are named as the fields of its form, so that one is the other (`commands.save`, `commands.form_of`).
Foreign keys are checked when the transaction ends: an import may name a source before it comes to it.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
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


# Names ------------------------------------------------------------------------------------------------------------


class Code(Record, Base):
    __tablename__ = "code"

    list: Mapped[str]
    code: Mapped[str]
    label: Mapped[str]
    definition: Mapped[str]
    example: Mapped[str | None]
    group: Mapped[str | None]
    nature: Mapped[str | None]
    successor: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("list", "code"),
        CheckConstraint("id = list || ':' || code", name="id_is_list_and_code"),
        CheckConstraint("(list = 'type') = (nature is not null)", name="types_have_a_nature"),
        CheckConstraint("successor is distinct from code", name="no_successor_of_itself"),
    )


class Place(Record, Base):
    __tablename__ = "place"

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    parent: Mapped[str | None] = mapped_column(refers_to("place.code"), index=True)
    region_rows: Mapped[list["PlaceRegion"]] = rows("PlaceRegion", of="place")
    regions: AssociationProxy[list[str]] = association_proxy(
        "region_rows", "region", creator=lambda code: PlaceRegion(region=code)
    )
    country: Mapped[str | None]
    names: Mapped[list["PlaceName"]] = rows("PlaceName", of="place")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision_km: Mapped[float | None]
    geonames: Mapped[int | None] = mapped_column(unique=True)
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(latitude is null) = (longitude is null)", name="both_coordinates"),
        CheckConstraint("kind <> 'site' or latitude is null", name="no_coordinates_of_sites"),
        CheckConstraint("parent <> code", name="not_in_itself"),
    )


class PlaceRegion(Base):
    __tablename__ = "place_region"

    place: Mapped[str] = mapped_column(part_of("place.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(refers_to("place.code"))


class PlaceName(Base):
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


class Outlet(Record, Base):
    __tablename__ = "outlet"

    code: Mapped[str] = mapped_column(unique=True)
    names: Mapped[list["OutletName"]] = rows("OutletName", of="outlet")
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


class OutletName(Base):
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


# Sources ----------------------------------------------------------------------------------------------------------


class Source(Record, Base):
    __tablename__ = "source"

    slug: Mapped[str | None] = mapped_column(unique=True)
    outlet: Mapped[str] = mapped_column(refers_to("outlet.code"), index=True)
    title: Mapped[str]
    title_basis: Mapped[str]
    title_en: Mapped[str | None]
    url: Mapped[str | None]
    url_normalised: Mapped[str | None] = mapped_column(unique=True)
    language: Mapped[str | None]
    author: Mapped[str | None]
    kind: Mapped[str]
    published: Mapped[str | None]
    published_first: Mapped[date | None]
    published_last: Mapped[date | None]
    published_basis: Mapped[str]
    published_text: Mapped[str | None]
    rights: Mapped[str | None]
    derived_from: Mapped[list["SourceParent"]] = rows("SourceParent", of="child")
    copies: Mapped[list["SourceCopy"]] = rows("SourceCopy", of="source")
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("published_first <= published_last", name="published_in_order"),
        CheckConstraint(
            "(published is null) = (published_basis = 'unknown')", name="date_or_unknown"
        ),
    )


class SourceParent(Base):
    __tablename__ = "source_parent"

    child: Mapped[str] = mapped_column(part_of("source.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str | None] = mapped_column(refers_to("known.id"), index=True)
    outlet: Mapped[str | None] = mapped_column(refers_to("outlet.code"))
    how: Mapped[str]

    __table_args__ = (
        CheckConstraint("(source is null) <> (outlet is null)", name="source_or_outlet"),
        CheckConstraint("source <> child", name="not_on_itself"),
    )


class SourceCopy(Base):
    __tablename__ = "source_copy"

    source: Mapped[str] = mapped_column(part_of("source.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    host_kind: Mapped[str]
    host: Mapped[str | None]
    url: Mapped[str | None]
    extent: Mapped[str]
    read_on: Mapped[str | None]
    archive: Mapped[str | None]
    sha256: Mapped[str | None]


# Events and estimates ---------------------------------------------------------------------------------------------


class Event(Record, Base):
    __tablename__ = "event"

    slug: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    type: Mapped[str]
    type_id: Mapped[str] = mapped_column(refers_to("code.id"), index=True)
    happened: Mapped[str | None]
    happened_first: Mapped[date | None]
    happened_last: Mapped[date | None]
    happened_text: Mapped[str | None]
    within: Mapped[str | None]
    within_reason: Mapped[str | None]
    deadline: Mapped[str | None]
    deadline_text: Mapped[str | None]
    terms: Mapped[list["Term"]] = rows("Term", of="event")
    stages: Mapped[list["Stage"]] = rows("Stage", of="event")
    links: Mapped[list["EventLink"]] = rows("EventLink", of="event")
    legal: Mapped[list["Legal"]] = rows("Legal", of="event")
    citations: Mapped[list["Citation"]] = rows("Citation", of="event")
    exact_happened: Mapped[str | None]
    exact_place: Mapped[str | None] = mapped_column(refers_to("place.code"))

    __table_args__ = (
        CheckConstraint("happened_first <= happened_last", name="happened_in_order"),
        CheckConstraint("(within is null) = (within_reason is null)", name="bound_has_a_reason"),
        CheckConstraint("type_id = 'type:' || type", name="type_id"),
    )


class Estimate(Record, Base):
    __tablename__ = "estimate"

    slug: Mapped[str | None] = mapped_column(unique=True)
    event: Mapped[str | None] = mapped_column(refers_to("known.id"), index=True)
    counts: Mapped[str]
    nature: Mapped[str]
    unit: Mapped[str]
    per: Mapped[str | None]
    form: Mapped[str]
    low: Mapped[Decimal | None]
    point: Mapped[Decimal | None]
    high: Mapped[Decimal | None]
    quantifier: Mapped[str]
    printed_words: Mapped[str | None]
    printed: Mapped[bool]
    population: Mapped[str]
    population_text: Mapped[str | None]
    as_of: Mapped[str | None]
    as_of_text: Mapped[str | None]
    period: Mapped[str | None]
    period_text: Mapped[str | None]
    time_first: Mapped[date | None]
    time_last: Mapped[date | None]
    role: Mapped[str]
    role_reason: Mapped[str | None]
    series: Mapped[str]
    terms: Mapped[list["Term"]] = rows("Term", of="estimate")
    links: Mapped[list["EstimateLink"]] = rows("EstimateLink", of="estimate")
    citations: Mapped[list["Citation"]] = rows("Citation", of="estimate")
    remark: Mapped[str | None]
    exact_as_of: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("low <= point and point <= high", name="low_point_high"),
        CheckConstraint("low <= high", name="low_high"),
        CheckConstraint("as_of is null or period is null", name="moment_or_period"),
        CheckConstraint(
            "as_of is null or counts in ('present', 'sites', 'papers') or form = 'share'",
            name="moments_are_of_stocks",
        ),
        CheckConstraint(
            "period is null or counts not in ('present', 'sites') or nature <> 'observed' "
            "or form in ('mean', 'change')",
            name="periods_are_of_flows",
        ),
        CheckConstraint("time_first <= time_last", name="time_in_order"),
        CheckConstraint(
            "(quantifier = 'words') = (low is null and point is null and high is null)",
            name="figure_or_words",
        ),
        CheckConstraint(
            "form = 'change' or least(low, point, high) >= 0", name="only_changes_below_zero"
        ),
        CheckConstraint(
            "role not in ('preferred', 'rejected') or role_reason is not null",
            name="role_has_a_reason",
        ),
        Index(
            "uq_estimate_preferred",
            "series",
            sql("coalesce(as_of, period, '')"),
            unique=True,
            postgresql_where=sql("role = 'preferred'"),
        ),
    )


class OfEventOrEstimate:
    """A row that stands under either an event or an estimate."""

    event: Mapped[str | None] = mapped_column(part_of("event.id"), index=True)
    estimate: Mapped[str | None] = mapped_column(part_of("estimate.id"), index=True)
    position: Mapped[int]


class Term(OfEventOrEstimate, Base):
    __tablename__ = "term"

    no: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str]
    code: Mapped[str | None]
    place: Mapped[str | None] = mapped_column(refers_to("place.code"), index=True)
    code_id: Mapped[str | None] = mapped_column(refers_to("code.id"), index=True)
    role: Mapped[str]
    printed: Mapped[str | None]
    number: Mapped[Decimal | None]
    side: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("(event is null) <> (estimate is null)", name="one_owner"),
        CheckConstraint("code is not null or printed is not null", name="code_or_words"),
        CheckConstraint(
            "place is not distinct from case when key = 'place' then code end", name="place"
        ),
        CheckConstraint(
            "code_id is not distinct from case when key <> 'place' then key || ':' || code end",
            name="code_id",
        ),
        CheckConstraint("side is null or role = 'orders'", name="side_of_who_orders"),
        CheckConstraint("number >= 0", name="number"),
    )


class Stage(Base):
    __tablename__ = "stage"

    event: Mapped[str] = mapped_column(part_of("event.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    date: Mapped[str | None]
    date_text: Mapped[str | None]
    citation: Mapped[str] = mapped_column(refers_to("known.id"))
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("step <> 'ended' or date is not null", name="end_has_a_date_or_unknown"),
    )


class EventLink(Base):
    __tablename__ = "event_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(part_of("event.id"), index=True)
    position: Mapped[int]
    type: Mapped[str]
    to: Mapped[str] = mapped_column(refers_to("known.id"), index=True)
    factor: Mapped[Decimal | None]
    sense: Mapped[str | None]
    reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("event", "type", "to"),
        CheckConstraint('"to" <> event', name="not_to_itself"),
        CheckConstraint(
            "type <> 'contradicts' or reason is not null", name="contradiction_has_a_reason"
        ),
    )


class EstimateLink(Base):
    __tablename__ = "estimate_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    estimate: Mapped[str] = mapped_column(part_of("estimate.id"), index=True)
    position: Mapped[int]
    type: Mapped[str]
    to: Mapped[str] = mapped_column(refers_to("known.id"), index=True)
    factor: Mapped[Decimal | None]
    sense: Mapped[str | None]
    reason: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("estimate", "type", "to"),
        CheckConstraint('"to" <> estimate', name="not_to_itself"),
    )


class Legal(Base):
    __tablename__ = "legal"

    event: Mapped[str] = mapped_column(part_of("event.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    instrument: Mapped[str | None]
    instrument_id: Mapped[str | None] = mapped_column(refers_to("code.id"))
    relation: Mapped[str]
    reading: Mapped[str]
    printed: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "instrument_id is not distinct from 'instrument:' || instrument", name="instrument_id"
        ),
    )


class Citation(OfEventOrEstimate, Base):
    __tablename__ = "citation"

    id: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str | None]
    source: Mapped[str] = mapped_column(refers_to("known.id"), index=True)
    locator: Mapped[str | None]
    locator_text: Mapped[str | None]
    breaks_off: Mapped[bool]
    stance: Mapped[str]
    kind: Mapped[str]
    certainty: Mapped[str]
    certainty_text: Mapped[str | None]
    said: Mapped[str | None]
    said_text: Mapped[str | None]
    paraphrase: Mapped[str]
    quote: Mapped[str | None]
    quote_language: Mapped[str | None]
    quote_translation: Mapped[str | None]
    quote_translator: Mapped[str | None]
    field: Mapped[str | None]
    value: Mapped[str | None]
    differs: Mapped[str | None]
    credibility: Mapped[int | None]
    chain: Mapped[list["ChainStep"]] = rows("ChainStep", of="citation")
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("event", "source", "position"),
        UniqueConstraint("estimate", "source", "position"),
        CheckConstraint("(event is null) <> (estimate is null)", name="one_owner"),
        CheckConstraint("credibility between 1 and 6", name="credibility"),
        CheckConstraint("quote is null or length(quote) <= 300", name="short_quote"),
        CheckConstraint("about <> id", name="not_about_itself"),
    )


class ChainStep(Base):
    __tablename__ = "chain_step"

    citation: Mapped[str] = mapped_column(part_of("citation.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    attribution: Mapped[str]
    words: Mapped[str | None]
    outlet: Mapped[str | None] = mapped_column(refers_to("outlet.code"))
    speakers: Mapped[int | None]
    occasion: Mapped[str | None]
    said: Mapped[str | None]
    exact_words: Mapped[str | None]

    __table_args__ = (CheckConstraint("speakers > 0", name="speakers"),)


MODELS: dict[str, type[Record]] = {
    "V": Code,
    "P": Place,
    "O": Outlet,
    "S": Source,
    "E": Event,
    "M": Estimate,
}
