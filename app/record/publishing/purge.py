"""Removing a record from every edition for the safety of a person: the one permitted overwrite (rule 8).

The content goes, the id and the mark that something was removed stay. The database does it, by a function of a role
that can do nothing else; here what rested on the record is then derived again.
"""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.record.edition_signal import tell
from app.record.models import Counter, Purged, Version
from app.record.publishing.publish import publish
from app.record.publishing.validation import Refused, refuse_orphans
from app.record.publishing.working_set import Change, Shelf
from app.vocabulary.record import Why


def purge(db: Session, id: str, message: str = "Removed for the safety of a person") -> int | None:
    """Removes the content of that record, and gives the edition in which it was done; nothing if it was done before.

    The message is public: it must not hint at what was removed.
    """
    db.scalars(select(Counter).with_for_update()).one()
    row = db.scalars(
        select(Version).where(Version.id == id).order_by(Version.opened.desc()).limit(1)
    ).first()
    if row is None:
        raise Refused([f"{id} is not in the record"])
    if row.state == "purged":
        return None
    shelf = Shelf(db)
    shelf.load([(row.kind, id)])
    gone = Change(None, row.kind, id, Why.WITHDRAWN, old=row, state="purged")
    shelf.put(row.kind, id, None)
    affected = shelf.affected_by([gone])
    name = shelf.key(row.kind, id)[1]
    if row.kind in "POV":
        # A name goes once nothing has it; what people said is kept, under the ids of events, figures and sources.
        refuse_orphans(shelf, [gone], affected)
    edition: int = db.scalars(select(func.record.purge(id, message))).one()
    if row.kind in "PO":
        db.execute(select(func.record.forget_in_checks(name)))
    db.expire_all()
    tell(db, edition)
    publish(db, (), message=message, again=affected)
    return edition


def replay(db: Session, ids: Iterable[str]) -> list[str]:
    """Removes again, after an older backup was restored, what had been removed since; gives the ids that were there."""
    present = set(
        db.scalars(select(Version.id).where(Version.id.in_(list(ids)), Version.state != "purged"))
    )
    for id in sorted(present):
        purge(db, id)
    return sorted(present)


def purged(db: Session) -> list[str]:
    """The ids that were removed, to keep beside the backups."""
    return list(db.scalars(select(Purged.id).order_by(Purged.edition)))
