"""Tables of estimates and their links."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to

if TYPE_CHECKING:
    from app.desk.approved.models.citations import CitationRow
    from app.desk.approved.models.joined_sources import JoinedSourcesRow
    from app.desk.approved.models.terms import RecordTermRow


class Estimate(Record, DeskBase):
    __tablename__ = "estimate"

    slug: Mapped[str | None] = mapped_column(unique=True)
    event: Mapped[str | None] = mapped_column(refers_to("known.id"), index=True)
    counts: Mapped[str]
    may_count: Mapped[str | None]
    papers_were: Mapped[str | None]
    money: Mapped[str | None]
    nature: Mapped[str]
    unit: Mapped[str]
    per: Mapped[str | None]
    form: Mapped[str]
    share_of: Mapped[str | None]
    low: Mapped[Decimal | None]
    point: Mapped[Decimal | None]
    high: Mapped[Decimal | None]
    quantifier: Mapped[str]
    printed_words: Mapped[str | None]
    printed: Mapped[bool]
    population: Mapped[str]
    population_text: Mapped[str | None]
    coverage: Mapped[str | None]
    as_of: Mapped[str | None]
    as_of_text: Mapped[str | None]
    period: Mapped[str | None]
    period_text: Mapped[str | None]
    inferred: Mapped[str | None]
    inferred_reason: Mapped[str | None]
    time_first: Mapped[date | None]
    time_last: Mapped[date | None]
    role: Mapped[str]
    role_reason: Mapped[str | None]
    series: Mapped[str]
    no_nationality: Mapped[str | None]
    terms: Mapped[list["RecordTermRow"]] = child_rows("RecordTermRow", of="estimate")
    links: Mapped[list["EstimateLinkRow"]] = child_rows("EstimateLinkRow", of="estimate")
    legal: Mapped[list["EstimateLawRow"]] = child_rows("EstimateLawRow", of="estimate")
    citations: Mapped[list["CitationRow"]] = child_rows("CitationRow", of="estimate")
    joined_sources: Mapped[list["JoinedSourcesRow"]] = child_rows("JoinedSourcesRow", of="estimate")
    remark: Mapped[str | None]
    exact_as_of: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("low <= point and point <= high", name="low_point_high"),
        CheckConstraint("low <= high", name="low_high"),
        CheckConstraint("as_of is null or period is null", name="moment_or_period"),
        CheckConstraint(
            "as_of is null "
            "or counts in ('present', 'sites', 'papers', 'applications', 'places', "
            "'arrivals', 'departures', 'crossings', 'taking-part') "
            "or form = 'share' or nature <> 'observed'",
            name="moments_are_of_stocks",
        ),
        CheckConstraint(
            "period is null or counts not in ('present', 'sites') or nature <> 'observed' "
            "or form in ('mean', 'change', 'percent-change')",
            name="periods_are_of_flows",
        ),
        CheckConstraint("time_first <= time_last", name="time_in_order"),
        CheckConstraint(
            "(quantifier = 'words') = (low is null and point is null and high is null)",
            name="figure_or_words",
        ),
        CheckConstraint(
            "form in ('change', 'percent-change') or least(low, point, high) >= 0",
            name="only_changes_below_zero",
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


class EstimateLinkRow(DeskBase):
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


class EstimateLawRow(DeskBase):
    __tablename__ = "estimate_law"

    estimate: Mapped[str] = mapped_column(part_of("estimate.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    instrument: Mapped[str | None] = mapped_column(refers_to("law.code"))
    relation: Mapped[str]
    reading: Mapped[str]
    printed: Mapped[str | None]
