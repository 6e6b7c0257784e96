"""States of leads and messages and their transitions. Each change is a step that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.desk.identity.models import Person
from app.desk.intake.models import OPEN, Lead, Letter, Standing, Step
from app.i18n.translate import N_, _

Item = Lead | Letter

MOVES: dict[str, tuple[str, frozenset[Standing], Standing]] = {
    "take": (N_("Take it"), OPEN, Standing.TAKEN),
    "give-back": (N_("Give it back"), frozenset({Standing.TAKEN}), Standing.NEW),
    "done": (N_("Done"), OPEN, Standing.DONE),
    "set-aside": (N_("Set aside"), OPEN, Standing.SET_ASIDE),
    "reopen": (N_("Open it again"), frozenset({Standing.DONE, Standing.SET_ASIDE}), Standing.TAKEN),
}
"""Transitions: label of the button, states before, state after."""


class NotNow(Exception):
    """The current state does not allow the transition."""


def begin(db: Session, item: Item, by: Person | None) -> None:
    """Store the first step, which can't be undone."""
    db.flush()
    _store_step(db, item, by)


def move(db: Session, item: Item, by: Person, action: str) -> None:
    _label, before, after = MOVES[action]
    if item.state not in before or (
        action == "take" and item.owner == by.id and item.state == after
    ):
        raise NotNow
    owner = {"take": by.id, "reopen": by.id, "give-back": None}.get(action, item.owner)
    change(db, item, by, state=after, owner=owner, note=item.note)


def change(
    db: Session, item: Item, by: Person, *, state: Standing, owner: int | None, note: str
) -> None:
    """Set state, owner and note, and store a step unless all are unchanged."""
    if (state, owner, note) == (item.state, item.owner, item.note):
        return
    _add_first_step(db, item)
    if state != item.state:
        item.since = func.now()
    item.state, item.owner, item.note = state, owner, note
    _store_step(db, item, by)


def undo(db: Session, item: Item, by: Person) -> None:
    """Return to the values before the last step, in a new step. A second undo is a redo."""
    last_two = db.scalars(
        select(Step).where(_is_step_of(item)).order_by(Step.id.desc()).limit(2)
    ).all()
    if len(last_two) < 2:
        raise NotNow
    before = last_two[1]
    change(db, item, by, state=Standing(before.state), owner=before.owner, note=before.note)


def _store_step(db: Session, item: Item, by: Person | None) -> None:
    lead, letter = (item.id, None) if isinstance(item, Lead) else (None, item.id)
    values = {"state": item.state, "owner": item.owner, "note": item.note}
    db.add(Step(lead=lead, letter=letter, by=by.id if by else None, **values))
    db.flush()


def _add_first_step(db: Session, item: Item) -> None:
    """Store a message's first step before its first change: senders can't write steps."""
    if isinstance(item, Letter) and db.scalar(select(func.count()).where(_is_step_of(item))) == 0:
        _store_step(db, item, None)


def _is_step_of(item: Item) -> ColumnElement[bool]:
    return Step.lead == item.id if isinstance(item, Lead) else Step.letter == item.id


# Display ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepLine:
    """A step in the history of an item."""

    at: datetime
    by: str
    state: str
    owner: str
    note: str


def trail(db: Session, item: Item, names: dict[int, str]) -> Sequence[StepLine]:
    """Return all steps of an item, newest first."""
    steps = db.scalars(select(Step).where(_is_step_of(item)).order_by(Step.id.desc()))
    return [
        StepLine(
            step.at,
            names[step.by] if step.by else "",
            _(Standing(step.state).label),
            names[step.owner] if step.owner else "",
            step.note,
        )
        for step in steps
    ]


def buttons(item: Item, person: Person) -> Sequence[tuple[str, str]]:
    """Return the transitions that are possible now, as code and label."""
    return [
        (action, _(label))
        for action, (label, before, after) in MOVES.items()
        if item.state in before
        and not (action == "take" and item.state == after and item.owner == person.id)
    ]


def names(db: Session) -> dict[int, str]:
    """Return the names of all people by id."""
    return {person.id: person.called for person in db.scalars(select(Person))}
