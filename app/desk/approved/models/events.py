"""Tables of events, their stages, links and legal basis."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import DeskBase, Record, child_rows, part_of, refers_to

if TYPE_CHECKING:
    from app.desk.approved.models.citations import CitationRow
    from app.desk.approved.models.joined_sources import JoinedSourcesRow
    from app.desk.approved.models.terms import RecordTermRow


class Event(Record, DeskBase):
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
    happened_basis: Mapped[str | None]
    happened_basis_reason: Mapped[str | None]
    attested: Mapped[str | None]
    within: Mapped[str | None]
    within_reason: Mapped[str | None]
    deadline: Mapped[str | None]
    deadline_text: Mapped[str | None]
    no_nationality: Mapped[str | None]
    terms: Mapped[list["RecordTermRow"]] = child_rows("RecordTermRow", of="event")
    stages: Mapped[list["EventStageRow"]] = child_rows("EventStageRow", of="event")
    links: Mapped[list["EventLinkRow"]] = child_rows("EventLinkRow", of="event")
    legal: Mapped[list["LegalBasisRow"]] = child_rows("LegalBasisRow", of="event")
    citations: Mapped[list["CitationRow"]] = child_rows("CitationRow", of="event")
    joined_sources: Mapped[list["JoinedSourcesRow"]] = child_rows("JoinedSourcesRow", of="event")
    exact_happened: Mapped[str | None]
    exact_place: Mapped[str | None] = mapped_column(refers_to("place.code"))

    __table_args__ = (
        CheckConstraint("happened_first <= happened_last", name="happened_in_order"),
        CheckConstraint("(within is null) = (within_reason is null)", name="bound_has_a_reason"),
        CheckConstraint("type_id = 'type:' || type", name="type_id"),
    )


class EventStageRow(DeskBase):
    __tablename__ = "stage"

    event: Mapped[str] = mapped_column(part_of("event.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    date: Mapped[str | None]
    date_text: Mapped[str | None]
    date_basis: Mapped[str | None]
    date_basis_reason: Mapped[str | None]
    within: Mapped[str | None]
    within_reason: Mapped[str | None]
    first_reported: Mapped[str | None]
    planned_for: Mapped[str | None]
    planned_for_text: Mapped[str | None]
    deadline: Mapped[str | None]
    deadline_text: Mapped[str | None]
    valid_until: Mapped[str | None]
    valid_until_text: Mapped[str | None]
    duration: Mapped[str | None]
    duration_text: Mapped[str | None]
    citation: Mapped[str] = mapped_column(refers_to("known.id"))
    remark: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("step <> 'ended' or date is not null", name="end_has_a_date_or_unknown"),
    )


class EventLinkRow(DeskBase):
    __tablename__ = "event_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(part_of("event.id"), index=True)
    position: Mapped[int]
    type: Mapped[str]
    to: Mapped[str] = mapped_column(refers_to("known.id"), index=True)
    factor: Mapped[Decimal | None]
    sense: Mapped[str | None]
    reason: Mapped[str | None]
    citation: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("event", "type", "to"),
        CheckConstraint('"to" <> event', name="not_to_itself"),
        CheckConstraint(
            "type not in ('contradicts', 'shows-not-applied', 'do-not-agree') "
            "or reason is not null",
            name="judgement_has_a_reason",
        ),
    )


class LegalBasisRow(DeskBase):
    __tablename__ = "legal"

    event: Mapped[str] = mapped_column(part_of("event.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    instrument: Mapped[str | None] = mapped_column(refers_to("law.code"))
    relation: Mapped[str]
    reading: Mapped[str]
    printed: Mapped[str | None]
