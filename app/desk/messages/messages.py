"""What readers sent: what asks for a removal comes first, and can be hidden from readers while it is looked into."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, case, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.store import in_the_record
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.audit_log import Action, note
from app.desk.identity.confirmation_models import GuardedAct
from app.desk.identity.confirmations import ask, needs_second_person
from app.desk.identity.models import Person
from app.desk.intake.models import OPEN, Letter, LetterCount, LetterSalt, Standing
from app.desk.leads import states as standings
from app.desk.review.withdraw import withdraw
from app.forms.reader_message import LONGEST, Kind, LetterState
from app.record.models import Version
from app.settings import Settings

KEPT_FOR = timedelta(days=30)
"""How long after a letter is closed we still know how to reach who sent it."""
VIEWS = ("open", "closed")
LETTERS_A_PAGE = 50

ID = re.compile(r"\b[EMSOP][1-9][0-9]{0,8}\b", re.ASCII)
NAMED = re.compile(r"/(events|estimates|sources|outlets|places|cities)/([a-z0-9-]{1,80})", re.ASCII)
LETTERS = {
    "events": "E",
    "estimates": "M",
    "sources": "S",
    "outlets": "O",
    "places": "P",
    "cities": "P",
}
MOST_RECORDS = 20


STATE_FOR_SENDER = {
    Standing.NEW: LetterState.RECEIVED,
    Standing.TAKEN: LetterState.IN_WORK,
    Standing.DONE: LetterState.DONE,
    Standing.SET_ASIDE: LetterState.DECLINED,
}
"""As the database function `letterbox.state_of` has it."""


def listed(db: Session, view: str, after: int | None) -> Sequence[Letter]:
    """Open letters: removals first, rushed ones behind them, then the longest wait. Closed letters: the newest first.

    One more than fits on a page; `after` is the last letter of the page before.
    """
    found = select(Letter).where(_in_view(view)).limit(LETTERS_A_PAGE + 1)
    if view != "open":
        return db.scalars(
            (found.where(Letter.id < after) if after else found).order_by(Letter.id.desc())
        ).all()
    if after and (last := db.scalar(select(_rank()).where(Letter.id == after))) is not None:
        found = found.where(tuple_(_rank(), Letter.id) > tuple_(last, after))
    return db.scalars(found.order_by(_rank(), Letter.id)).all()


def counts(db: Session) -> dict[str, int]:
    columns = [func.count().filter(_in_view(view)) for view in VIEWS]
    return dict(zip(VIEWS, db.execute(select(*columns).select_from(Letter)).one(), strict=True))


def removals_waiting(db: Session) -> int:
    """How many ask for a removal and are not dealt with."""
    return (
        db.scalar(select(func.count()).where(Letter.kind == Kind.REMOVAL, Letter.state.in_(OPEN)))
        or 0
    )


def _in_view(view: str) -> ColumnElement[bool]:
    return Letter.state.in_(OPEN) if view == "open" else Letter.state.not_in(OPEN)


def _rank() -> ColumnElement[int]:
    return case((Letter.kind != Kind.REMOVAL, 2), (Letter.rushed, 1), else_=0)


def find(db: Session, id: int, *, to_change: bool = False) -> Letter | None:
    return db.get(Letter, id, with_for_update=to_change) if id < 2**31 else None


def enter(db: Session, by: Person, *, kind: Kind, about: str, words: str, reach: str) -> Letter:
    """Notes a letter that came by another way, such as mail."""
    letter = Letter(
        key=secrets.token_hex(16),
        kind=kind.value,
        about=about,
        words=words,
        reach=reach,
        owner=by.id,
    )
    letter.state = Standing.TAKEN
    db.add(letter)
    standings.begin(db, letter, by)
    return letter


def is_too_long(texts: dict[str, str]) -> bool:
    return any(len(texts[name]) > LONGEST[name] for name in texts)


def move(db: Session, letter: Letter, by: Person, do: str) -> None:
    standings.move(db, letter, by, do)
    if letter.state not in OPEN:
        note(db, Action.CLOSED_LETTER, by, words=str(letter.id))


# What it is about -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Affected:
    """A record that a letter names."""

    id: str
    title: str
    state: str


def affected(db: Session, catalogue: Catalogue, letter: Letter) -> list[Affected]:
    """The records that it names, by id or by the address of a page, that readers know of."""
    said = f"{letter.about}\n{letter.words}"
    names = [(LETTERS[kind], name) for kind, name in NAMED.findall(said)]
    slugs = select(Version.kind, Version.slug, Version.id).where(
        Version.slug.in_({name for _kind, name in names})
    )
    known = {(kind, slug): id for kind, slug, id in db.execute(slugs.distinct())}
    ids = [*ID.findall(said), *(known[name] for name in names if name in known)]
    return [
        Affected(id, _title(db, catalogue, id), row.state)
        for id in list(dict.fromkeys(ids))[:MOST_RECORDS]
        if (row := in_the_record(db, id)) is not None
    ]


def _title(db: Session, catalogue: Catalogue, id: str) -> str:
    if id[0] in "OP":
        row = db.get(models.MODELS[id[0]], id)
        code: str = getattr(row, "code", id)
        return catalogue.label(code, "outlet" if id[0] == "O" else "place")
    return catalogue.label(id)


def hide(
    db: Session,
    letter: Letter,
    id: str,
    by: Person,
    reason: str,
    *,
    chosen: Mapping[str, str],
    settings: Settings,
) -> None:
    """Takes a record that a letter names out of readers' sight, as an edition. Raises Refused, or NotNow.

    `chosen` says of others that name it what becomes of them; without that it is refused. A second person confirms it
    afterwards, or shows it again.
    """
    edition = withdraw(db, id, by, reason, chosen)
    note(db, Action.HID, by, id, str(letter.id))
    if needs_second_person(settings):
        ask(
            db,
            by,
            GuardedAct.HIDE,
            id,
            reason=reason,
            arguments={"edition": edition.no, "letter": letter.id},
        )


# What is forgotten ------------------------------------------------------------------------------------------------


def forget(db: Session) -> int:
    """Forgets how to reach those whose letters were closed a while ago, and the counts of an hour that is over."""
    closed = (
        Letter.state.not_in(OPEN) & (Letter.since < func.now() - KEPT_FOR) & (Letter.reach != "")
    )
    forgotten = db.scalars(update(Letter).where(closed).values(reach="").returning(Letter.id)).all()
    an_hour_ago = func.now() - timedelta(hours=1)
    if db.scalars(
        delete(LetterSalt).where(LetterSalt.since < an_hour_ago).returning(LetterSalt.salt)
    ).all():
        db.execute(delete(LetterCount))
    return len(forgotten)
