"""Removes a record from every edition for a person's safety: the only permitted overwrite (rule 8).

The content is deleted; the id and the state `purged` remain. A database function does this, with a
role that can do nothing else. Rows that depended on the record are then recalculated.
"""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.record.editions import notify_workers
from app.record.models import PurgedRecord, RecordState, Version
from app.record.publishing.next_edition import lock_counter
from app.record.publishing.publish import publish
from app.record.publishing.validation import PublishError, refuse_removing_referenced
from app.record.publishing.working_set import Change, WorkingSet
from app.vocabulary.kinds import KINDS_WITH_CODES, NAMED_KINDS
from app.vocabulary.record import Why


def purge(db: Session, id: str, message: str = "Removed for the safety of a person") -> int | None:
    """Purge a record and return the new edition's number; None if it was purged before.

    The message is public: it must not hint at the removed content.
    """
    lock_counter(db)
    row = db.scalars(
        select(Version).where(Version.id == id).order_by(Version.opened.desc()).limit(1)
    ).first()
    if row is None:
        raise PublishError([f"{id} is not in the record"])
    if row.state == RecordState.PURGED:
        return None
    shelf = WorkingSet(db)
    shelf.load([(row.kind, id)])
    removal = Change(None, row.kind, id, Why.WITHDRAWN, old=row, state=RecordState.PURGED)
    shelf.put(row.kind, id, None)
    affected = shelf.affected_by([removal])
    name = shelf.key(row.kind, id)[1]
    if row.kind in KINDS_WITH_CODES:
        # A place, outlet or code is purged only if no record refers to it. References to a purged
        # event, estimate or source remain.
        refuse_removing_referenced(shelf, [removal], affected)
    edition: int = db.scalars(select(func.record.purge(id, message))).one()
    if row.kind in NAMED_KINDS:
        db.execute(select(func.record.forget_in_checks(name)))
    db.expire_all()
    notify_workers(db, edition)
    publish(db, (), message=message, again=affected)
    return edition


def purge_again(db: Session, ids: Iterable[str]) -> list[str]:
    """Purge ids again after an older backup was restored; return those that were present."""
    present = set(
        db.scalars(
            select(Version.id).where(Version.id.in_(list(ids)), Version.state != RecordState.PURGED)
        )
    )
    for id in sorted(present):
        purge(db, id)
    return sorted(present)


def purged_ids(db: Session) -> list[str]:
    """Return all purged ids, to store next to the backups."""
    return list(db.scalars(select(PurgedRecord.id).order_by(PurgedRecord.edition)))
