"""Acts that one person requests and a second person has to confirm."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Identity, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase, refers_to
from app.i18n.translate import N_
from app.vocabulary.code import Code


class GuardedAct(Code):
    """An act that needs a second person."""

    WITHDRAW = "withdraw", N_("Withdraw")
    PUBLISH_AGAIN = "publish-again", N_("Publish again")
    MERGE = "merge", N_("Merge")
    UNDO_MERGE = "undo-merge", N_("Undo a merge")
    PURGE = "purge", N_("Remove permanently")
    HIDE = "hide", N_("Hide at once because of a message")


class ConfirmationState(Code):
    WAITING = "waiting", N_("Waiting for a second person")
    CONFIRMED = "confirmed", N_("Confirmed")
    DECLINED = "declined", N_("Declined")
    TAKEN_BACK = "taken-back", N_("Cancelled")


class Confirmation(DeskBase):
    """One request. Only the decision is written later; a purge empties the texts."""

    __tablename__ = "confirmation"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    act: Mapped[str]
    record: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Arguments of the act, except the reason."""
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(refers_to("person.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    state: Mapped[str] = mapped_column(server_default=sql("'waiting'"))
    decided_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    words: Mapped[str] = mapped_column(server_default=sql("''"))
    """Reason for declining."""

    __table_args__ = (
        CheckConstraint(
            "act in ({})".format(", ".join(f"'{act}'" for act in GuardedAct)), name="act"
        ),
        CheckConstraint(
            "state in ({})".format(", ".join(f"'{each}'" for each in ConfirmationState)),
            name="state",
        ),
        Index(
            "uq_confirmation_waiting",
            "act",
            "record",
            unique=True,
            postgresql_where=sql("state = 'waiting'"),
        ),
    )
