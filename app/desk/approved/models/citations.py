"""Tables of citations and their attribution chains."""

from sqlalchemy import ARRAY, CheckConstraint, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models.base import (
    DeskBase,
    EventOrEstimateRow,
    child_rows,
    part_of,
    refers_to,
)


class CitationRow(EventOrEstimateRow, DeskBase):
    __tablename__ = "citation"

    id: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str | None]
    source: Mapped[str] = mapped_column(refers_to("known.id"), index=True)
    copy_read: Mapped[str | None]
    also_in: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=sql("'{}'"))
    missing_in: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=sql("'{}'"))
    locator: Mapped[str | None]
    locator_text: Mapped[str | None]
    breaks_off: Mapped[bool]
    own_words: Mapped[bool]
    stance: Mapped[str]
    kind: Mapped[str]
    reports_event: Mapped[str | None]
    names_law: Mapped[bool]
    certainty: Mapped[str]
    certainty_text: Mapped[str | None]
    manner: Mapped[str | None]
    said: Mapped[str | None]
    said_text: Mapped[str | None]
    said_basis: Mapped[str | None]
    said_basis_reason: Mapped[str | None]
    happened: Mapped[str | None]
    happened_text: Mapped[str | None]
    deadline: Mapped[str | None]
    deadline_text: Mapped[str | None]
    paraphrase: Mapped[str]
    quote: Mapped[str | None]
    quote_language: Mapped[str | None]
    quote_translation: Mapped[str | None]
    quote_translator: Mapped[str | None]
    field: Mapped[str | None]
    value: Mapped[str | None]
    differs: Mapped[str | None]
    credibility: Mapped[int | None]
    chain: Mapped[list["ChainStepRow"]] = child_rows("ChainStepRow", of="citation")
    note: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("event", "source", "position"),
        UniqueConstraint("estimate", "source", "position"),
        CheckConstraint("(event is null) <> (estimate is null)", name="one_owner"),
        CheckConstraint("credibility between 1 and 6", name="credibility"),
        CheckConstraint("quote is null or length(quote) <= 300", name="short_quote"),
        CheckConstraint("about <> id", name="not_about_itself"),
    )


class ChainStepRow(DeskBase):
    __tablename__ = "chain_step"

    citation: Mapped[str] = mapped_column(part_of("citation.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    attribution: Mapped[str]
    words: Mapped[str | None]
    named: Mapped[str | None]
    outlet: Mapped[str | None] = mapped_column(refers_to("outlet.code"))
    speakers: Mapped[int | None]
    speakers_text: Mapped[str | None]
    occasion: Mapped[str | None]
    said: Mapped[str | None]
    exact_words: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("speakers > 0", name="speakers"),
        CheckConstraint("named in ('yes', 'no')", name="named"),
    )
