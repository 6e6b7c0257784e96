"""Requests for a second person's confirmation, and their decisions.

`app.desk.operations` performs them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Identity, Index, func, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.desk.approved.models import DeskBase, refers_to
from app.desk.identity.audit_log import AuditEntry, log_action
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.notices import NoticeKind, editors, notify
from app.desk.identity.permissions import can_approve
from app.i18n.translate import _
from app.record.publishing.validation import PublishError
from app.settings import Settings
from app.vocabulary.code import Code
from app.web.urls import url


class GuardedAct(Code):
    """An act that needs a second person."""

    WITHDRAW = "withdraw"
    PUBLISH_AGAIN = "publish-again"
    MERGE = "merge"
    UNDO_MERGE = "undo-merge"
    PURGE = "purge"
    HIDE = "hide"


class ConfirmationState(Code):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"


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
    asked_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    decided_by: Mapped[int | None] = mapped_column(refers_to("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    words: Mapped[str] = mapped_column(server_default=text("''"))
    """Reason for declining."""

    @property
    def label(self) -> str:
        return GuardedAct(self.act).label

    @property
    def state_label(self) -> str:
        return ConfirmationState(self.state).label

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
            postgresql_where=text("state = 'waiting'"),
        ),
    )


FREE_RECORDS = 5
"""Records that one person may withdraw or merge in 24 hours. Any editor may undo these alone."""
UNDOES = {
    GuardedAct.PUBLISH_AGAIN: (GuardedAct.WITHDRAW, GuardedAct.HIDE),
    GuardedAct.UNDO_MERGE: (GuardedAct.MERGE,),
}


def needs_second_person(
    db: Session, by: Person, operation: Confirmation, settings: Settings
) -> bool:
    """Return whether a second person has to confirm what was just tried, before it is committed.

    One person withdraws or merges a few records a day; all editors are notified, and any of them
    undoes it. What two people decided, two people undo: it may protect somebody.
    """
    if settings.one_person_desk:
        return False
    act = GuardedAct(operation.act)
    if undone := UNDOES.get(act):
        records = [operation.record, operation.arguments.get("gone", operation.record)]
        decided = select(Confirmation.id).where(
            or_(
                Confirmation.record.in_(records),
                Confirmation.arguments["others"].has_any(array(records)),
            ),
            Confirmation.act.in_(undone),
            Confirmation.state.in_([ConfirmationState.WAITING, ConfirmationState.CONFIRMED]),
        )
        return db.scalars(decided.limit(1)).first() is not None
    if act not in {GuardedAct.WITHDRAW, GuardedAct.MERGE}:
        return True
    count = (
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.by == by.id,
            AuditEntry.action.in_(["withdrew", "combined"]),
            AuditEntry.at > func.now() - timedelta(days=1),
        )
    )
    return (db.scalar(count) or 0) > FREE_RECORDS


def request_confirmation(db: Session, by: Person, operation: Confirmation) -> None:
    """Add an operation to the queue; raise PublishError if the same is waiting already."""
    act, record = GuardedAct(operation.act), operation.record
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"confirmation {act} {record}"))))
    if waiting := waiting_for(db, record, act):
        words = _("{who} has already requested this: it is waiting for a second person")
        who = db.get_one(Person, waiting[0].asked_by).called
        raise PublishError([words.format(who=who)])
    operation.state, operation.asked_by = ConfirmationState.WAITING, by.id
    db.add(operation)
    db.flush()
    log_action(db, "asked-second-person", by, record, _(act.label))
    notify(db, NoticeKind.WAITING, editors(db), url("confirmations"), record, by=by)


def confirmation_notice() -> str:
    return _("The request was sent. Nothing changes for readers until a second person confirms it.")


def find_confirmation(db: Session, id: int) -> Confirmation | None:
    """Return the request, locked until the transaction ends."""
    return (
        db.get(Confirmation, id, with_for_update=True, populate_existing=True)
        if id < 2**31
        else None
    )


def waiting_for(db: Session, record: str, *acts: GuardedAct) -> Sequence[Confirmation]:
    """Return the waiting requests about one record, of these acts or of all acts."""
    found = select(Confirmation).where(
        Confirmation.record == record,
        Confirmation.state == ConfirmationState.WAITING,
        Confirmation.act.in_([act.value for act in acts or GuardedAct]),
    )
    return db.scalars(found.order_by(Confirmation.id)).all()


def count_waiting(db: Session) -> int:
    found = (
        select(func.count())
        .select_from(Confirmation)
        .where(Confirmation.state == ConfirmationState.WAITING)
    )
    return db.scalar(found) or 0


def can_confirm(
    db: Session, person: Person, confirmation: Confirmation, settings: Settings
) -> bool:
    """Return whether the person may confirm the request.

    Editors may, except the requester. Nobody may if the requester has lost the permission to ask.
    """
    asker = db.get_one(Person, confirmation.asked_by)
    needed = DeskRole.ADMIN if confirmation.act == GuardedAct.PURGE else DeskRole.EDITOR
    # An urgent hide has taken effect already, so it is reviewed even if the requester has left.
    is_valid = confirmation.act == GuardedAct.HIDE or (
        asker.disabled_at is None and asker.may(needed)
    )
    return is_valid and can_approve(person, {confirmation.asked_by}, settings)


def record_decision(
    db: Session, confirmation: Confirmation, by: Person, state: ConfirmationState, words: str = ""
) -> None:
    confirmation.state, confirmation.decided_by, confirmation.decided_at, confirmation.words = (
        state,
        by.id,
        func.now(),
        words,
    )
    db.flush()
    actions = {
        ConfirmationState.CONFIRMED: "confirmed",
        ConfirmationState.DECLINED: "declined",
        ConfirmationState.TAKEN_BACK: "took-request-back",
    }
    act = ": ".join(filter(None, (_(confirmation.label), words)))
    log_action(db, actions[state], by, confirmation.record, act)


def forget(db: Session, id: str, _names: Sequence[str]) -> None:
    """Empty the texts of all requests about a purged record, and decline the waiting ones."""
    emptied = (
        "UPDATE desk.confirmation SET reason = '', words = '', arguments = '{}', "
        "state = CASE state WHEN 'waiting' THEN 'declined' ELSE state END "
        "WHERE record = :id OR position(to_jsonb(CAST(:id AS text))::text IN arguments::text) > 0"
    )
    db.execute(text(emptied), {"id": id})
