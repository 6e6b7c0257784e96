"""States of leads and messages and their transitions. Each change is a step that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.desk.identity.models import Person
from app.desk.identity.work_notices import WorkNoticeKind, notify
from app.desk.intake.models import OPEN_STATES, IntakeState, IntakeStep, Lead, ReaderMessage
from app.i18n.translate import N_, _
from app.web.urls import url

Item = Lead | ReaderMessage

TRANSITIONS: dict[str, tuple[str, frozenset[IntakeState], IntakeState]] = {
    "take": (N_("Assign to me"), OPEN_STATES, IntakeState.TAKEN),
    "give-back": (N_("Unassign"), frozenset({IntakeState.TAKEN}), IntakeState.NEW),
    "done": (N_("Done"), OPEN_STATES, IntakeState.DONE),
    "set-aside": (N_("Set aside"), OPEN_STATES, IntakeState.SET_ASIDE),
    "reopen": (
        N_("Reopen"),
        frozenset({IntakeState.DONE, IntakeState.SET_ASIDE}),
        IntakeState.TAKEN,
    ),
}
"""Transitions: label of the button, states before, state after."""


class TransitionError(Exception):
    """The current state does not allow the transition."""


def store_first_step(db: Session, item: Item, by: Person | None) -> None:
    """Store the first step, which can't be undone."""
    db.flush()
    _store_step(db, item, by)


def apply_transition(db: Session, item: Item, by: Person, action: str) -> None:
    _label, before, after = TRANSITIONS[action]
    if item.state not in before or (
        action == "take" and item.owner == by.id and item.state == after
    ):
        raise TransitionError
    owner = {"take": by.id, "reopen": by.id, "give-back": None}.get(action, item.owner)
    change(db, item, by, state=after, owner=owner, note=item.note)


def change(
    db: Session, item: Item, by: Person, *, state: IntakeState, owner: int | None, note: str
) -> None:
    """Set state, owner and note, and store a step unless all are unchanged."""
    if (state, owner, note) == (item.state, item.owner, item.note):
        return
    _add_first_step(db, item)
    if state != item.state:
        item.since = func.now()
    is_assigned = owner is not None and owner != item.owner
    item.state, item.owner, item.note = state, owner, note
    _store_step(db, item, by)
    if is_assigned and owner is not None:
        notify_of_assignment(db, item, owner, by)


def notify_of_assignment(db: Session, item: Item, owner: int, by: Person | None) -> None:
    is_lead = isinstance(item, Lead)
    about = f"lead {item.id}" if is_lead else f"letter {item.id}"
    address = url("lead" if is_lead else "letter", id=item.id)
    notify(db, WorkNoticeKind.ASSIGNED, [owner], address, about, by=by)


def undo(db: Session, item: Item, by: Person) -> None:
    """Return to the values before the last step, in a new step. A second undo is a redo."""
    last_two = db.scalars(
        select(IntakeStep).where(_is_step_of(item)).order_by(IntakeStep.id.desc()).limit(2)
    ).all()
    if len(last_two) < 2:
        raise TransitionError
    before = last_two[1]
    change(db, item, by, state=IntakeState(before.state), owner=before.owner, note=before.note)


def _store_step(db: Session, item: Item, by: Person | None) -> None:
    lead, letter = (item.id, None) if isinstance(item, Lead) else (None, item.id)
    values = {"state": item.state, "owner": item.owner, "note": item.note}
    db.add(IntakeStep(lead=lead, letter=letter, by=by.id if by else None, **values))
    db.flush()


def _add_first_step(db: Session, item: Item) -> None:
    """Store a message's first step before its first change: senders can't write steps."""
    if (
        isinstance(item, ReaderMessage)
        and db.scalar(select(func.count()).where(_is_step_of(item))) == 0
    ):
        _store_step(db, item, None)


def _is_step_of(item: Item) -> ColumnElement[bool]:
    return IntakeStep.lead == item.id if isinstance(item, Lead) else IntakeStep.letter == item.id


# Display ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepView:
    """A step in the history of an item."""

    at: datetime
    by: str
    state: str
    owner: str
    note: str


def step_history(db: Session, item: Item, names: dict[int, str]) -> Sequence[StepView]:
    """Return all steps of an item, newest first."""
    steps = db.scalars(select(IntakeStep).where(_is_step_of(item)).order_by(IntakeStep.id.desc()))
    return [
        StepView(
            step.at,
            names[step.by] if step.by else "",
            _(IntakeState(step.state).label),
            names[step.owner] if step.owner else "",
            step.note,
        )
        for step in steps
    ]


def possible_transitions(item: Item, person: Person) -> Sequence[tuple[str, str]]:
    """Return the transitions that are possible now, as code and label."""
    return [
        (action, _(label))
        for action, (label, before, after) in TRANSITIONS.items()
        if item.state in before
        and not (action == "take" and item.state == after and item.owner == person.id)
    ]


def names_of_people(db: Session) -> dict[int, str]:
    """Return the names of all people by id."""
    return {person.id: person.called for person in db.scalars(select(Person))}
