"""States of links and messages. Each change is a step that can be undone."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.approved.store import RECORD_ID, published_version
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind, editors, has_notice, notify
from app.desk.intake import (
    OPEN_STATES,
    IntakeState,
    IntakeStep,
    Lead,
    MessageCount,
    MessageSalt,
    ReaderMessage,
)
from app.documents import document_of
from app.record.models import Version
from app.vocabulary.kinds import RecordKind
from app.vocabulary.reader_message import Kind, LetterState
from app.web.urls import ADDRESSES, PAGE_OF_KIND, url

Item = Lead | ReaderMessage
ItemT = TypeVar("ItemT", Lead, ReaderMessage)

MAX_NOTE_LENGTH = 2_000
ITEMS_PER_PAGE = 50
STATE_AFTER = {
    "take": IntakeState.TAKEN,
    "done": IntakeState.DONE,
    "set-aside": IntakeState.SET_ASIDE,
}


def in_view(kind: type[Item], view: str) -> ColumnElement[bool]:
    is_open = kind.state.in_(OPEN_STATES)
    return is_open if view == "open" else ~is_open


def count_items(db: Session, kind: type[Item], view: str) -> int:
    return db.scalar(select(func.count()).select_from(kind).where(in_view(kind, view))) or 0


def list_items(db: Session, kind: type[ItemT], view: str, page: int) -> Sequence[ItemT]:
    """Return a page of links or messages and one more, which tells that there is a next page.

    The newest come first, but of open messages removals, then rushed removals, then the others,
    oldest first.
    """
    order: list[Any] = [kind.id.desc()]
    if kind is ReaderMessage and view == "open":
        is_other = case((ReaderMessage.kind != Kind.REMOVAL, 2), (ReaderMessage.rushed, 1), else_=0)
        order = [is_other, kind.id]
    found = select(kind).where(in_view(kind, view)).order_by(*order)
    return db.scalars(found.offset(ITEMS_PER_PAGE * page).limit(ITEMS_PER_PAGE + 1)).all()


def apply_action(
    db: Session, item: Item, by: Person, action: str, *, note: str, owner: int | None
) -> bool:
    """Change the state of an item, undo its last change, or store its note and owner.

    Returns False if its state does not allow that. A second undo is a redo.
    """
    state = IntakeState(item.state)
    if action == "undo":
        steps = step_history(db, item)
        if len(steps) < 2:
            return False
        state, owner, note = IntakeState(steps[1].state), steps[1].owner, steps[1].note
    elif action == "note":
        if item.is_open:
            state = IntakeState.TAKEN if owner else IntakeState.NEW
    elif action == "take" or item.is_open:
        state, note = STATE_AFTER[action], item.note
        owner = by.id if action == "take" else item.owner
        if isinstance(item, ReaderMessage) and state not in OPEN_STATES:
            log_action(db, "closed-letter", by, words=str(item.id))
    else:
        return False
    change(db, item, by, state=state, owner=owner, note=note)
    return True


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
    is_assigned = owner != item.owner
    item.state, item.owner, item.note = state, owner, note
    store_step(db, item, by)
    if is_assigned:
        notify_of_assignment(db, item, by)


def notify_of_assignment(db: Session, item: Item, by: Person | None) -> None:
    if item.owner is not None:
        name = item.__tablename__
        address = url(name, id=item.id)
        notify(db, NoticeKind.ASSIGNED, [item.owner], address, f"{name} {item.id}", by=by)


def store_step(db: Session, item: Item, by: Person | None) -> None:
    """Store the present values. The first step can't be undone."""
    db.flush()
    step = IntakeStep(by=by.id if by else None, state=item.state, owner=item.owner, note=item.note)
    setattr(step, item.__tablename__, item.id)
    db.add(step)
    db.flush()


def step_history(db: Session, item: Item) -> Sequence[IntakeStep]:
    of_item = select(IntakeStep).filter_by(**{item.__tablename__: item.id})
    return db.scalars(of_item.order_by(IntakeStep.id.desc())).all()


def possible_owners(db: Session) -> list[tuple[str, str]]:
    """Return id and name of the possible owners: all people who can sign in."""
    people = select(Person).where(Person.disabled_at.is_(None), Person.password_hash.is_not(None))
    owners = [(str(each.id), each.called) for each in db.scalars(people)]
    return sorted(owners, key=lambda each: each[1].lower())


# Messages -----------------------------------------------------------------------------------------


CONTACT_RETENTION = timedelta(days=30)
"""Time after which the contact details of a closed message are deleted."""

ID_PATTERN = re.compile(rf"\b{RECORD_ID.pattern}\b", re.ASCII)
LETTER_OF_PATH: dict[str, str] = {
    ADDRESSES[page].split("/")[1]: kind for kind, page in PAGE_OF_KIND.items()
} | {"cities": RecordKind.PLACE}
URL_PATTERN = re.compile(rf"/({'|'.join(LETTER_OF_PATH)})/([a-z0-9-]{{1,80}})", re.ASCII)
MAX_RECORDS = 20


STATE_FOR_SENDER = {
    IntakeState.NEW: LetterState.RECEIVED,
    IntakeState.TAKEN: LetterState.IN_WORK,
    IntakeState.DONE: LetterState.DONE,
    IntakeState.SET_ASIDE: LetterState.DECLINED,
}
"""State shown to the sender. Must match the database function `letterbox.state_of`."""


def open_removals(db: Session) -> Sequence[int]:
    found = select(ReaderMessage.id).where(
        ReaderMessage.kind == Kind.REMOVAL, ReaderMessage.state.in_(OPEN_STATES)
    )
    return db.scalars(found.order_by(ReaderMessage.id)).all()


def notify_of_removals(db: Session) -> None:
    """Notify editors once of each letter that asks for removal. Called by `sojourn tick`.

    Letters come through a login that can't write notices.
    """
    for letter in open_removals(db):
        about = f"letter {letter}"
        if not has_notice(db, NoticeKind.WAITING, about):
            address = url("letter", id=letter)
            notify(db, NoticeKind.WAITING, editors(db), address, about)


# Records named in a message ---------------------------------------------------------------------


def affected_records(
    db: Session, catalogue: Catalogue, letter: ReaderMessage
) -> list[dict[str, Any]]:
    """Return id, title and state of the published records that a message names by id or URL."""
    text = f"{letter.about}\n{letter.words}"
    names = [(LETTER_OF_PATH[kind], name) for kind, name in URL_PATTERN.findall(text)]
    slugs = select(Version.kind, Version.slug, Version.id).where(
        Version.slug.in_({name for _kind, name in names})
    )
    ids_by_slug = {(kind, slug): id for kind, slug, id in db.execute(slugs.distinct())}
    ids = [*ID_PATTERN.findall(text), *(ids_by_slug[name] for name in names if name in ids_by_slug)]
    found = []
    for id in list(dict.fromkeys(ids))[:MAX_RECORDS]:
        if (row := published_version(db, id)) is not None:
            record = db.get(Record, id)
            title = catalogue.title(id[0], document_of(record.form)) if record else id
            found.append({"id": id, "title": title, "is_live": row.is_live})
    return found


# Deletion ---------------------------------------------------------------------------------------


def delete_expired(db: Session) -> int:
    """Delete contact details of messages closed a while ago, and expired counts. Returns the number
    of messages changed.
    """
    is_expired = (
        ReaderMessage.state.not_in(OPEN_STATES)
        & (ReaderMessage.since < func.now() - CONTACT_RETENTION)
        & (ReaderMessage.reach != "")
    )
    changed = db.scalars(
        update(ReaderMessage).where(is_expired).values(reach="").returning(ReaderMessage.id)
    ).all()
    an_hour_ago = func.now() - timedelta(hours=1)
    if db.scalars(
        delete(MessageSalt).where(MessageSalt.since < an_hour_ago).returning(MessageSalt.salt)
    ).all():
        db.execute(delete(MessageCount))
    return len(changed)
