"""Purging a record, and purging again what a restored backup has brought back."""

import fcntl
import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.approved.draft_models import Draft, Revision
from app.desk.approved.store import form_of
from app.desk.draft_form.documents import document_of
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.purges.forgetting import forget
from app.desk.purges.models import Purge
from app.errors import Stop
from app.files import give_to_owner_of_folder, sync_folder
from app.i18n.translate import N_, _
from app.record.models import Purged, Version
from app.record.publishing.purge import purge as purge_from_the_record
from app.record.publishing.validation import Refused
from app.vocabulary.code import Code


class Cause(Code):
    """What readers are told of a purge. It must not hint at what was removed."""

    SAFETY = (
        "safety",
        N_("Removed for the safety of a person"),
        N_("Somebody could be harmed by it."),
    )
    REQUEST = "request", N_("Removed on request"), N_("Somebody whom it concerns has asked for it.")
    RIGHTS = (
        "rights",
        N_("Removed for a right of others"),
        N_("A right, such as a copyright, or a court demands it."),
    )


AN_ID = re.compile(r"[EMSOP][1-9][0-9]{0,8}", re.ASCII)
"""What can be purged: codes are nobody's."""
PURGE_ORDER = "EMSOP"
"""Kinds in the order in which they are purged together: a name that is still in use is not purged."""

IDENTIFYING = ("code", "url", "archive", "text")
"""What others may have typed to name it; the last is a name of a place or outlet. A title names nothing."""


@dataclass(frozen=True)
class Done:
    """The edition in which it was done; none where readers never saw it."""

    edition: int | None


def purge(
    db: Session, id: str, by: Person | None, cause: Cause = Cause.SAFETY, reason: str = ""
) -> Done | None:
    """Removes all that a record ever said; nothing if that was done before. The reason is for the log of the desk."""
    if db.get(Purge, id) is not None and not _is_anywhere(db, id):
        return None
    if not AN_ID.fullmatch(id) or not _is_anywhere(db, id):
        raise Refused([_("there is no record {id}").format(id=id)])
    names = sorted(set(_names(db, id)))
    is_public = db.scalars(select(Version.id).where(Version.id == id).limit(1)).first() is not None
    edition = purge_from_the_record(db, id, str(_(cause.label))) if is_public else None
    forget(db, id, names)
    db.merge(Purge(id=id))
    note(db, Action.PURGED, by, id, reason)
    return Done(edition)


def _is_anywhere(db: Session, id: str) -> bool:
    """Whether anything is left of it, before readers or at the desk."""
    shown = select(Version.id).where(Version.id == id, Version.state != "purged")
    model = models.MODELS.get(id[:1])
    return bool(
        db.scalars(shown.limit(1)).first()
        or (model and ":" not in id and db.get(model, id))
        or db.scalars(select(Draft.id).where(Draft.record == id).limit(1)).first()
    )


def _names(db: Session, id: str) -> Iterator[str]:
    """All that it was ever called, in the record and at the desk."""
    documents: list[Any] = [
        row.get("form", {}) for row in db.scalars(select(Version.payload).where(Version.id == id))
    ]
    documents += db.scalars(select(Draft.document).where(Draft.record == id))
    drafts = select(Draft.id).where(Draft.record == id)
    documents += db.scalars(select(Revision.document).where(Revision.draft.in_(drafts)))
    if (row := db.get(models.MODELS[id[0]], id)) is not None:
        documents.append(document_of(form_of(row)))
    for document in documents:
        yield from _identifying(document)
        for row in (*document.get("names", ()), *document.get("copies", ())):
            yield from _identifying(row)


def _identifying(document: dict[str, Any]) -> Iterator[str]:
    yield from (document[name] for name in IDENTIFYING if document.get(name))


# After a restore --------------------------------------------------------------------------------------------------


def purged(db: Session) -> list[str]:
    """All ids that were purged, to keep beside the backups."""
    return sorted({*db.scalars(select(Purge.id)), *db.scalars(select(Purged.id))})


def purge_again(db: Session, ids: Iterable[str]) -> list[str]:
    """Purges what an older backup has brought back; gives what there was of it."""
    found = find_remaining(db, ids)
    for id in sorted(found, key=lambda id: PURGE_ORDER.find(id[0])):
        purge(db, id, by=None)
    return found


def find_remaining(db: Session, ids: Iterable[str]) -> list[str]:
    """Those of these ids of which anything is left, before readers or at the desk."""
    return [id for id in sorted(set(ids)) if _is_anywhere(db, id)]


def purge_restored(connection: Connection, ids: Collection[str], file: Path | None) -> list[str]:
    """Purges again within the transaction of a restore, and adds all that was ever purged to the list of this
    installation; gives what there was of it. If the list cannot be written the restore fails.
    """
    with DeskSession(connection, join_transaction_mode="rollback_only") as session:
        again = purge_again(session, ids)
        everything = {*ids, *purged(session)}
        session.commit()
    if file is not None and everything:
        add_to_list(file, everything)
    return again


def add_to_list(file: Path, ids: Iterable[str]) -> None:
    """Adds ids to the list that a restore reads, a line each, so that they last through a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with _open_list(file) as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        lines.seek(0)
        before = lines.read()
        new = sorted(set(ids) - set(_ids_in(file, before)))
        if not new:
            return
        start = "" if not before or before.endswith(b"\n") else "\n"
        try:
            lines.write((start + "".join(f"{id}\n" for id in new)).encode("ascii"))
            lines.flush()
            os.fsync(lines.fileno())
        except OSError:
            # Half an id is the id of another record.
            os.ftruncate(lines.fileno(), len(before))
            raise
    if not before:
        sync_folder(file.parent)


def _open_list(file: Path) -> BinaryIO:
    """The list, open for reading and adding; made if it is missing, for the account that owns its folder.

    `sojourn purge` may be run by root while the site, which adds to the list too, runs under another account.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
    try:
        descriptor = os.open(file, flags | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        descriptor = os.open(file, flags)
    else:
        give_to_owner_of_folder(descriptor, file.parent)
    return os.fdopen(descriptor, "a+b")


def listed(file: Path) -> list[str]:
    """The ids in such a list; none where there is no file."""
    return _ids_in(file, file.read_bytes()) if file.exists() else []


def _ids_in(file: Path, content: bytes) -> list[str]:
    """The ids; a list that holds anything else is refused, since an id that is not understood would come back."""
    words = content.decode("ascii", errors="replace").split()
    for word in words:
        if not AN_ID.fullmatch(word):
            raise Stop(
                f"{file} is damaged: it should hold the ids of what was purged, such as E128, one a line."
            )
    return words


def add_to_list_once_it_is_done(db: Session, file: Path | None, id: str) -> None:
    """Only what is committed is on the list: a restore would otherwise remove what nobody removed."""
    if file is not None:
        event.listen(db, "after_commit", lambda _session: add_to_list(file, [id]), once=True)
