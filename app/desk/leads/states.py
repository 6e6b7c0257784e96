"""How far something is that came in, and how that changes. Each change is a step, and each step can be undone."""

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
"""What can be done with it: how its button is called, out of which states, into which."""


class NotNow(Exception):
    """It is in a state in which that can't be done."""


def begin(db: Session, item: Item, by: Person | None) -> None:
    """Its first step, at which nothing can be undone."""
    db.flush()
    _keep(db, item, by)


def move(db: Session, item: Item, by: Person, do: str) -> None:
    _label, out_of, to = MOVES[do]
    if item.state not in out_of or (do == "take" and item.owner == by.id and item.state == to):
        raise NotNow
    owner = {"take": by.id, "reopen": by.id, "give-back": None}.get(do, item.owner)
    change(db, item, by, state=to, owner=owner, note=item.note)


def change(
    db: Session, item: Item, by: Person, *, state: Standing, owner: int | None, note: str
) -> None:
    """Sets where it stands, whose it is and what is noted on it; where nothing differs there is no step."""
    if (state, owner, note) == (item.state, item.owner, item.note):
        return
    _first_of_letters(db, item)
    if state != item.state:
        item.since = func.now()
    item.state, item.owner, item.note = state, owner, note
    _keep(db, item, by)


def undo(db: Session, item: Item, by: Person) -> None:
    """Back to the step before the last, as a step of its own: undoing twice is doing it again."""
    last_two = db.scalars(select(Step).where(_of(item)).order_by(Step.id.desc()).limit(2)).all()
    if len(last_two) < 2:
        raise NotNow
    before = last_two[1]
    change(db, item, by, state=Standing(before.state), owner=before.owner, note=before.note)


def _keep(db: Session, item: Item, by: Person | None) -> None:
    lead, letter = (item.id, None) if isinstance(item, Lead) else (None, item.id)
    said = {"state": item.state, "owner": item.owner, "note": item.note}
    db.add(Step(lead=lead, letter=letter, by=by.id if by else None, **said))
    db.flush()


def _first_of_letters(db: Session, item: Item) -> None:
    """Letters come without a step, since readers can write nothing else: the first change makes it up."""
    if isinstance(item, Letter) and db.scalar(select(func.count()).where(_of(item))) == 0:
        _keep(db, item, None)


def _of(item: Item) -> ColumnElement[bool]:
    return Step.lead == item.id if isinstance(item, Lead) else Step.letter == item.id


# As it is printed -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepLine:
    """One step of the trail."""

    at: datetime
    by: str
    state: str
    owner: str
    note: str


def trail(db: Session, item: Item, names: dict[int, str]) -> Sequence[StepLine]:
    """All its steps, the newest first."""
    steps = db.scalars(select(Step).where(_of(item)).order_by(Step.id.desc()))
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
    """What can be done with it now: (code, label)."""
    return [
        (do, _(label))
        for do, (label, out_of, to) in MOVES.items()
        if item.state in out_of
        and not (do == "take" and item.state == to and item.owner == person.id)
    ]


def names(db: Session) -> dict[int, str]:
    """What everybody at the desk is called."""
    return {person.id: person.called for person in db.scalars(select(Person))}
