"""Views of the queue of requests for confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.confirmations.acts import Consequences, consequences
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.confirmation_models import Confirmation, ConfirmationState, GuardedAct
from app.desk.identity.confirmations import can_confirm, waiting_for
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.ui.form_problems import NO_PROBLEMS, FormProblems
from app.documents import document_of
from app.i18n.translate import _
from app.kinds import public
from app.settings import Settings
from app.web.urls import url

MAX_DECIDED_SHOWN = 20
MAX_WAITING_SHOWN = 100


@dataclass(frozen=True)
class ConfirmationView:
    """A request, in the queue and on the page of its record."""

    id: int
    act: str
    record: str
    title: str
    record_address: str
    letter_address: str
    """Address of the message that led to an urgent hide; "" for other acts."""
    is_hidden_already: bool
    is_purge: bool
    reason: str
    by: str
    at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None
    words: str
    is_own: bool
    can_confirm: bool
    consequences: Consequences
    typed: str = ""
    """Reason for declining, typed in a submission that failed."""
    problems: FormProblems = NO_PROBLEMS


@dataclass(frozen=True)
class ConfirmationQueue:
    """View of `desk/confirmations/page.html`."""

    waiting: Sequence[ConfirmationView]
    decided: Sequence[ConfirmationView]


@dataclass(frozen=True)
class FailedDecision:
    """A failed submission of a decision."""

    id: int
    typed: str
    problems: FormProblems


def queue(
    db: Session, person: Person, settings: Settings, attempt: FailedDecision | None = None
) -> ConfirmationQueue:
    """Return the waiting requests, oldest first, and the decided ones, newest first."""
    waits = Confirmation.state == ConfirmationState.WAITING
    waiting = db.scalars(
        select(Confirmation).where(waits).order_by(Confirmation.id).limit(MAX_WAITING_SHOWN)
    )
    decided = (
        select(Confirmation)
        .where(~waits)
        .order_by(Confirmation.decided_at.desc().nulls_last())
        .limit(MAX_DECIDED_SHOWN)
    )
    names, catalogue = _names_by_id(db), Catalogue(db, person)
    return ConfirmationQueue(
        [
            _view(
                confirmation,
                person,
                names,
                title=_title(catalogue, confirmation.record),
                can_confirm=can_confirm(db, person, confirmation, settings),
                would=consequences(db, person, confirmation),
                attempt=attempt if attempt and attempt.id == confirmation.id else None,
            )
            for confirmation in waiting
        ],
        [_view(confirmation, person, names) for confirmation in db.scalars(decided)],
    )


def waiting_views(db: Session, person: Person, record: str) -> list[ConfirmationView]:
    """Return the waiting requests about one record. Only editors see them."""
    if not person.may(DeskRole.EDITOR):
        return []
    names = _names_by_id(db)
    return [_view(confirmation, person, names) for confirmation in waiting_for(db, record)]


def _title(catalogue: Catalogue, record: str) -> str:
    row = catalogue.db.get(Record, record)
    return catalogue.title(record[0], document_of(public(row.form))) if row else ""


def _names_by_id(db: Session) -> dict[int, str]:
    return {person.id: person.called for person in db.scalars(select(Person))}


def _view(
    confirmation: Confirmation,
    person: Person,
    names: dict[int, str],
    *,
    title: str = "",
    can_confirm: bool = False,
    would: Consequences | None = None,
    attempt: FailedDecision | None = None,
) -> ConfirmationView:
    return ConfirmationView(
        id=confirmation.id,
        act=_(GuardedAct(confirmation.act).label),
        record=confirmation.record,
        title=title,
        record_address=url("desk-record", record=confirmation.record),
        letter_address=url("letter", id=confirmation.arguments["letter"])
        if "letter" in confirmation.arguments
        else "",
        is_hidden_already=confirmation.act == GuardedAct.HIDE,
        is_purge=confirmation.act == GuardedAct.PURGE,
        reason=confirmation.reason,
        by=names[confirmation.asked_by],
        at=confirmation.asked_at,
        state=_(ConfirmationState(confirmation.state).label),
        decided_by=names[confirmation.decided_by] if confirmation.decided_by else "",
        decided_at=confirmation.decided_at,
        words=confirmation.words,
        is_own=confirmation.asked_by == person.id,
        can_confirm=can_confirm,
        consequences=would or Consequences([]),
        typed=attempt.typed if attempt else "",
        problems=attempt.problems if attempt else NO_PROBLEMS,
    )
