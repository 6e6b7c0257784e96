"""Queries and commands for readers' messages."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.approved.public_ids import RECORD_ID
from app.desk.approved.store import published_version
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.notices import NoticeKind, editors, has_notice, notify
from app.desk.intake import (
    OPEN_STATES,
    IntakeState,
    MessageCount,
    MessageSalt,
    ReaderMessage,
)
from app.documents import document_of
from app.record.models import Version
from app.vocabulary.kinds import RecordKind
from app.vocabulary.reader_message import Kind, LetterState
from app.web.urls import ADDRESSES, PAGE_OF_KIND, url

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
    """Return the ids of open requests for removal."""
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
