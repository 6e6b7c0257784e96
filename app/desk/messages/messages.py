"""Queries and commands for readers' messages."""

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
"""Time after which the contact details of a closed message are deleted."""
VIEWS = ("open", "closed")
LETTERS_A_PAGE = 50

ID_PATTERN = re.compile(r"\b[EMSOP][1-9][0-9]{0,8}\b", re.ASCII)
URL_PATTERN = re.compile(
    r"/(events|estimates|sources|outlets|places|cities)/([a-z0-9-]{1,80})", re.ASCII
)
LETTER_OF_PATH = {
    "events": "E",
    "estimates": "M",
    "sources": "S",
    "outlets": "O",
    "places": "P",
    "cities": "P",
}
MAX_RECORDS = 20


STATE_FOR_SENDER = {
    Standing.NEW: LetterState.RECEIVED,
    Standing.TAKEN: LetterState.IN_WORK,
    Standing.DONE: LetterState.DONE,
    Standing.SET_ASIDE: LetterState.DECLINED,
}
"""State shown to the sender. Must match the database function `letterbox.state_of`."""


def listed(db: Session, view: str, after: int | None) -> Sequence[Letter]:
    """Return a page of messages and one more, which tells that there is a next page.

    Open messages: removals, then rushed removals, then the others, oldest first. Closed messages:
    newest first. `after` is the last message of the previous page.
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
    """Return the number of open requests for removal."""
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
    """Store a message that came by another way, such as mail."""
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


# Records named in a message ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Affected:
    """A record that a message names."""

    id: str
    title: str
    state: str


def affected(db: Session, catalogue: Catalogue, letter: Letter) -> list[Affected]:
    """Return the published records that a message names by id or by URL."""
    text = f"{letter.about}\n{letter.words}"
    names = [(LETTER_OF_PATH[kind], name) for kind, name in URL_PATTERN.findall(text)]
    slugs = select(Version.kind, Version.slug, Version.id).where(
        Version.slug.in_({name for _kind, name in names})
    )
    ids_by_slug = {(kind, slug): id for kind, slug, id in db.execute(slugs.distinct())}
    ids = [*ID_PATTERN.findall(text), *(ids_by_slug[name] for name in names if name in ids_by_slug)]
    return [
        Affected(id, _title(db, catalogue, id), row.state)
        for id in list(dict.fromkeys(ids))[:MAX_RECORDS]
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
    """Withdraw a record that a message names. Raises PublishError or InvalidStateError.

    `chosen` maps the ids of records that refer to the withdrawn record to what happens to them.
    Where settings require it, a second person must confirm the withdrawal afterwards or revert it.
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


# Deletion ---------------------------------------------------------------------------------------------------------


def forget(db: Session) -> int:
    """Delete contact details of messages closed a while ago, and expired counts. Returns the number
    of messages changed.
    """
    is_expired = (
        Letter.state.not_in(OPEN) & (Letter.since < func.now() - KEPT_FOR) & (Letter.reach != "")
    )
    changed = db.scalars(
        update(Letter).where(is_expired).values(reach="").returning(Letter.id)
    ).all()
    an_hour_ago = func.now() - timedelta(hours=1)
    if db.scalars(
        delete(LetterSalt).where(LetterSalt.since < an_hour_ago).returning(LetterSalt.salt)
    ).all():
        db.execute(delete(LetterCount))
    return len(changed)
