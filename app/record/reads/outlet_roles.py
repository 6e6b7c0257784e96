"""The roles of an outlet in events: number of events a role, and the latest ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms import Citation, SourceForm
from app.record.editions import SelectedEdition
from app.record.filters import EventFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import EventPayload
from app.record.rules.independence import IndependentSource, outlet_roles
from app.record.sql import rows as record_rows
from app.record.terms import term_numbers
from app.vocabulary.kinds import RecordKind

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
    db: Session, edition: SelectedEdition, directory: Directory, outlet: str, most: int
) -> Mapping[str, RoleEvents]:
    """Return the events of an outlet by role; one statement.

    Rows of past editions may lack the term `part`, so their payloads are read.
    """
    found = {
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
    counted = {role: each for role, each in found.items() if each is not None}
    if len(counted) < len(ROLES):
        return _read_with_sql(db, edition, outlet, most)
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


def _read_with_sql(
    db: Session, edition: SelectedEdition, outlet: str, most: int
) -> Mapping[str, RoleEvents]:
    """Calculate the roles from all events and sources of the outlet, without an index."""
    outlet_terms = term_numbers([("outlet", outlet), ("origin", outlet)])
    rows = db.execute(
        select(Version.kind, Version.id, Version.payload)
        .where(
            Version.kind.in_((RecordKind.SOURCE, RecordKind.EVENT)),
            Version.terms.overlap(outlet_terms),
            edition.holds(),
            Version.is_live,
        )
        .order_by(*record_rows.LATEST_DATE_FIRST)
    ).all()
    own = {
        id: SourceForm.model_validate(payload["form"])
        for kind, id, payload in rows
        if kind == RecordKind.SOURCE
    }
    found: dict[str, list[OutletEvent]] = {part: [] for part in ROLES}
    events: list[tuple[str, EventPayload]] = [
        (id, payload) for kind, id, payload in rows if kind == RecordKind.EVENT
    ]
    for id, payload in events:
        for part in _roles_in(payload, own, outlet):
            found[part].append(OutletEvent(id, payload["form"]["title"], payload["happened_words"]))
    return {part: RoleEvents(len(events), events[:most]) for part, events in found.items()}


def _roles_in(payload: EventPayload, own: Mapping[str, SourceForm], outlet: str) -> list[str]:
    origins = [
        IndependentSource(
            tuple(origin["outlets"]),
            tuple(origin["sources"]),
            tuple(origin["citations"]),
            origin["speakers"],
        )
        for origin in payload["origins"]
    ]
    citations = [
        Citation.model_validate(citation) for citation in payload["form"].get("citations", [])
    ]
    roles = outlet_roles(origins, citations, own)
    return [part for part in ROLES if (part, outlet) in roles]
