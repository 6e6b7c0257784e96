"""States of links and messages. Each change is a step that can be undone."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind, notify
from app.desk.intake import OPEN_STATES, IntakeState, IntakeStep, Lead, ReaderMessage
from app.i18n.translate import N_, _
from app.web.urls import url

Item = Lead | ReaderMessage
ItemT = TypeVar("ItemT", Lead, ReaderMessage)

MAX_NOTE_LENGTH = 2_000
ITEMS_PER_PAGE = 50
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


def find_item(db: Session, kind: type[ItemT], id: int, *, to_change: bool) -> ItemT | None:
    return db.get(kind, id, with_for_update=to_change) if id < 2**31 else None


def in_view(kind: type[Item], view: str) -> ColumnElement[bool]:
    is_open = kind.state.in_(OPEN_STATES)
    return is_open if view == "open" else ~is_open


def count_items(db: Session, kind: type[Item], view: str) -> int:
    return db.scalar(select(func.count()).select_from(kind).where(in_view(kind, view))) or 0


def apply_action(
    db: Session, item: Item, by: Person, action: str, *, note: str, owner: int | None
) -> None:
    """Change the state of an item, undo its last change, or store its note and owner.

    Raises TransitionError.
    """
    if action == "undo":
        _undo(db, item, by)
    elif action == "note":
        state = IntakeState(item.state)
        if state in OPEN_STATES:
            state = IntakeState.TAKEN if owner else IntakeState.NEW
        change(db, item, by, state=state, owner=owner, note=note)
    else:
        _apply_transition(db, item, by, action)


def _apply_transition(db: Session, item: Item, by: Person, action: str) -> None:
    if action not in dict(possible_transitions(item, by)):
        raise TransitionError
    _label, _before, after = TRANSITIONS[action]
    owner = {"take": by.id, "reopen": by.id, "give-back": None}.get(action, item.owner)
    change(db, item, by, state=after, owner=owner, note=item.note)
    if isinstance(item, ReaderMessage) and after not in OPEN_STATES:
        log_action(db, Action.CLOSED_LETTER, by, words=str(item.id))


def change(
    db: Session, item: Item, by: Person, *, state: IntakeState, owner: int | None, note: str
) -> None:
    """Set state, owner and note, and store a step unless all are unchanged."""
    if (state, owner, note) == (item.state, item.owner, item.note):
        return
    # Senders of messages can't write steps: the first one is added with the first change.
    if isinstance(item, ReaderMessage) and not step_history(db, item):
        store_step(db, item, None)
    if state != item.state:
        item.since = func.now()
    is_assigned = owner is not None and owner != item.owner
    item.state, item.owner, item.note = state, owner, note
    store_step(db, item, by)
    if is_assigned and owner is not None:
        notify_of_assignment(db, item, owner, by)


def notify_of_assignment(db: Session, item: Item, owner: int, by: Person | None) -> None:
    name = "lead" if isinstance(item, Lead) else "letter"
    address = url(name, id=item.id)
    notify(db, NoticeKind.ASSIGNED, [owner], address, f"{name} {item.id}", by=by)


def _undo(db: Session, item: Item, by: Person) -> None:
    """Return to the values before the last step, in a new step. A second undo is a redo."""
    steps = step_history(db, item)
    if len(steps) < 2:
        raise TransitionError
    before = steps[1]
    change(db, item, by, state=IntakeState(before.state), owner=before.owner, note=before.note)


def store_step(db: Session, item: Item, by: Person | None) -> None:
    """Store the present values. The first step can't be undone."""
    db.flush()
    lead, letter = (item.id, None) if isinstance(item, Lead) else (None, item.id)
    values = {"state": item.state, "owner": item.owner, "note": item.note}
    db.add(IntakeStep(lead=lead, letter=letter, by=by.id if by else None, **values))
    db.flush()


def step_history(db: Session, item: Item) -> Sequence[IntakeStep]:
    """Return all steps of an item, newest first."""
    column = IntakeStep.lead if isinstance(item, Lead) else IntakeStep.letter
    return db.scalars(
        select(IntakeStep).where(column == item.id).order_by(IntakeStep.id.desc())
    ).all()


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


def possible_owners(db: Session) -> list[tuple[str, str]]:
    """Return id and name of the possible owners: all people who can sign in."""
    people = select(Person).where(Person.disabled_at.is_(None), Person.password_hash.is_not(None))
    owners = [(str(each.id), each.called) for each in db.scalars(people)]
    return sorted(owners, key=lambda each: each[1].lower())
