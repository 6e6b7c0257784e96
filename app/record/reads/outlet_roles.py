"""The roles of an outlet in events: number of events a role, and the latest ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.filters import EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql import rows as record_rows

ROLES = ("first", "relayed", "alone")


@dataclass(frozen=True)
class OutletEvent:
    """An event, as lists of an outlet's events print it."""

    id: str
    title: str
    when: str


@dataclass(frozen=True)
class RoleEvents:
    count: int
    newest: Sequence[OutletEvent]


def events_by_role(
    db: Session, edition: IndexedEdition, directory: Directory, outlet: str, most: int
) -> Mapping[str, RoleEvents]:
    """Return the events of an outlet by role; one statement."""
    counted = {
        role: backend.latest_rows(
            db,
            edition,
            EventFilters(),
            directory,
            most=most,
            having=[[("part", f"{role}:{outlet}")]],
        )
        for role in ROLES
    }
    wanted = {"seqs": [seq for each in counted.values() for seq in each.seqs]}
    by_seq = {
        seq: OutletEvent(id, title, when) for seq, id, title, when in db.execute(SHOWN, wanted)
    }
    return {
        role: RoleEvents(each.count, [by_seq[seq] for seq in each.seqs if seq in by_seq])
        for role, each in counted.items()
    }


SHOWN = select(
    Version.seq,
    Version.id,
    Version.payload["form"]["title"].astext,
    Version.payload["happened_words"].astext,
).where(*record_rows.IS_LIVE_BY_SEQ)
