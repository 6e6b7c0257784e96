"""Purges a record, and purges again what a restored backup contains."""

import fcntl
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, DateTime, cast, event, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import Text

from app.database.embedded import PURGE_LIST
from app.database.sessions import DeskSession
from app.desk.approved.models import DeskBase, Draft, Record, Revision
from app.desk.approved.store import RECORD_ID
from app.desk.identity import confirmations
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.reports import texts
from app.documents import document_of
from app.errors import CommandError
from app.files import give_to_owner_of_folder, sync_folder
from app.i18n.translate import _
from app.record.models import PurgedRecord, RecordState, Version
from app.record.publishing.purge import purge as purge_from_the_record
from app.record.publishing.validation import PublishError
from app.vocabulary.code import Code
from app.vocabulary.kinds import CITING_KINDS, NAMED_KINDS, RecordKind

# Purged ids ---------------------------------------------------------------------------------------


class Purge(DeskBase):
    __tablename__ = "purge"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))


# What each table deletes --------------------------------------------------------------------------


ForgetFunction = Callable[[Session, str, Sequence[str]], None]
"""A function that deletes a record, given its id and its identifying values."""
FUNCTIONS_BY_TABLE: dict[str, ForgetFunction] = {
    "confirmation": confirmations.forget,
    "sheet": texts.purge_sheet,
    "report_text": texts.purge_text,
    "report_fingerprint": texts.purge_fingerprint,
}
"""Tables of which `desk.forget` deletes nothing, but which hold content."""


def forget(db: Session, id: str, names: Sequence[str]) -> None:
    """Delete everything the desk stores about a record that is no longer published."""
    db.flush()
    db.execute(select(func.desk.forget(id, cast(list(names), ARRAY(Text)))))
    for each in FUNCTIONS_BY_TABLE.values():
        each(db, id, names)
    db.expire_all()


class PurgeCause(Code):
    """Reason of a purge shown to readers. It must not hint at what was removed."""

    SAFETY = "safety"
    REQUEST = "request"
    RIGHTS = "rights"


PURGE_ORDER = "".join((*CITING_KINDS, RecordKind.SOURCE, *reversed(NAMED_KINDS)))
"""Kinds in the order of purging: a named record is purged after the records that refer to it."""

IDENTIFYING_FIELDS = ("code", "url", "archive", "text")
"""Fields whose values other records may quote. `text` is a name of a place or outlet."""


def purge(
    db: Session, id: str, by: Person | None, cause: PurgeCause = PurgeCause.SAFETY, reason: str = ""
) -> int | None:
    """Purge a record; return the edition, 0 if readers never saw it, None if it was purged before.

    `reason` goes into the audit log of the desk.
    """
    if db.get(Purge, id) is not None and not _has_remains(db, id):
        return None
    if not RECORD_ID.fullmatch(id) or not _has_remains(db, id):
        raise PublishError([_("there is no record {id}").format(id=id)])
    names = sorted(set(_all_identifying_values(db, id)))
    is_public = db.scalars(select(Version.id).where(Version.id == id).limit(1)).first() is not None
    edition = (purge_from_the_record(db, id, str(_(cause.label))) or 0) if is_public else 0
    forget(db, id, names)
    db.merge(Purge(id=id))
    log_action(db, "purged", by, id, reason)
    return edition


def _has_remains(db: Session, id: str) -> bool:
    """Return whether published versions, the approved state or drafts still contain the record."""
    shown = select(Version.id).where(Version.id == id, Version.state != RecordState.PURGED)
    return bool(
        db.scalars(shown.limit(1)).first()
        or (":" not in id and db.get(Record, id))
        or db.scalars(select(Draft.id).where(Draft.record == id).limit(1)).first()
    )


def _all_identifying_values(db: Session, id: str) -> Iterator[str]:
    """Yield all identifying values of the record, published or at the desk."""
    documents: list[Any] = [
        row.get("form", {}) for row in db.scalars(select(Version.payload).where(Version.id == id))
    ]
    documents += db.scalars(select(Draft.document).where(Draft.record == id))
    drafts = select(Draft.id).where(Draft.record == id)
    documents += db.scalars(select(Revision.document).where(Revision.draft.in_(drafts)))
    if (row := db.get(Record, id)) is not None:
        documents.append(document_of(row.form))
    for document in documents:
        yield from _identifying_values(document)
        for row in (*document.get("names", ()), *document.get("copies", ())):
            yield from _identifying_values(row)


def _identifying_values(document: dict[str, Any]) -> Iterator[str]:
    yield from (document[name] for name in IDENTIFYING_FIELDS if document.get(name))


# After a restore --------------------------------------------------------------------------------


def purged_ids(db: Session) -> list[str]:
    """Return all purged ids, to store with the backups."""
    return sorted({*db.scalars(select(Purge.id)), *db.scalars(select(PurgedRecord.id))})


def purge_again(db: Session, ids: Iterable[str]) -> list[str]:
    """Purge what an older backup has brought back, and return the purged ids."""
    found = find_remaining(db, ids)
    for id in sorted(found, key=lambda id: PURGE_ORDER.find(id[0])):
        purge(db, id, by=None)
    return found


def find_remaining(db: Session, ids: Iterable[str]) -> list[str]:
    """Return those ids of which published versions or the desk still contain something."""
    return [id for id in sorted(set(ids)) if _has_remains(db, id)]


def purge_restored(connection: Connection, ids: Collection[str], file: Path | None) -> list[str]:
    """Purge again within the transaction of a restore, and return the purged ids.

    Also adds every id ever purged to the purge list of this installation. If the list cannot be
    written, the restore fails.
    """
    with DeskSession(connection, join_transaction_mode="rollback_only") as session:
        again = purge_again(session, ids)
        everything = {*ids, *purged_ids(session)}
        session.commit()
    if file is not None and everything:
        add_to_list(file, everything)
    return again


def add_to_list(file: Path, ids: Iterable[str]) -> None:
    """Add ids to the purge list, one a line, synced to disk so that they survive a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with _open_list(file) as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        lines.seek(0)
        content = lines.read()
        new = sorted(set(ids) - set(_ids_in(file, content)))
        if not new:
            return
        start = "" if not content or content.endswith(b"\n") else "\n"
        try:
            lines.write((start + "".join(f"{id}\n" for id in new)).encode("ascii"))
            lines.flush()
            os.fsync(lines.fileno())
        except OSError:
            # A truncated id would be the id of another record.
            os.ftruncate(lines.fileno(), len(content))
            raise
    if not content:
        sync_folder(file.parent)


def _open_list(file: Path) -> BinaryIO:
    """Open the purge list for reading and appending; create it if it is missing.

    A new list belongs to the owner of its folder: root may run `sojourn purge` while the site,
    which appends too, runs under another account.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
    try:
        descriptor = os.open(file, flags | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        descriptor = os.open(file, flags)
    else:
        give_to_owner_of_folder(descriptor, file.parent)
    return os.fdopen(descriptor, "a+b")


def read_list(file: Path) -> list[str]:
    """Return the ids in the purge list; none if there is no file."""
    return _ids_in(file, file.read_bytes()) if file.exists() else []


def _ids_in(file: Path, content: bytes) -> list[str]:
    """Return the ids. Raises CommandError if the list contains anything else.

    An unreadable id would otherwise not be purged again after a restore.
    """
    words = content.decode("ascii", errors="replace").split()
    for word in words:
        if not RECORD_ID.fullmatch(word):
            raise CommandError(
                f"{file} is damaged: it should hold the ids of what was purged, such "
                "as E128, one a line."
            )
    return words


def write_purge_list(db: Session, backup: Path) -> Path | None:
    """Write the ids of purged records next to a backup; return the file, or None without ids."""
    if not (ids := purged_ids(db)):
        return None
    file = backup.with_name(PURGE_LIST)
    add_to_list(file, ids)
    return file


def add_to_list_after_commit(db: Session, file: Path | None, id: str) -> None:
    """Add the id to the purge list after the commit.

    Otherwise a purge that was rolled back would be repeated by a restore.
    """
    if file is not None:
        event.listen(db, "after_commit", lambda _session: add_to_list(file, [id]), once=True)
