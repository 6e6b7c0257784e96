"""The context of an event: its sources, linked events and estimates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    Row,
    Select,
    String,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.kinds import EventForm, SourceForm
from app.record.editions import LIVE_IN_EDITION, SelectedEdition
from app.record.models import Edition, FilterTerm, Version
from app.record.names.directory import Directory
from app.record.payloads import EventPayload, Stored, event_payload, form_of, named_place_codes
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.record.terms import bound_array
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS, SILENT, PlaceKind, Why


@dataclass(frozen=True)
class EventContext:
    """An event with its context."""

    form: EventForm
    row: ListRow
    sources: Mapping[str, SourceForm]
    """The cited sources and all that those derive from, by id, without removed ones."""
    events: Mapping[str, ListRow]
    """Events linked from or to it."""
    figures: Sequence[ListRow]

    @property
    def payload(self) -> EventPayload:
        return event_payload(self.row)


class RecordVersion(NamedTuple):
    """A version of a record."""

    edition: int
    at: datetime
    why: Why
    reason: str
    by: str
    """Publisher of the edition: a role, or a name of their choice."""

    @property
    def is_silent(self) -> bool:
        """Whether only wording or calculated values changed."""
        return self.why in SILENT


def read_context_rows(db: Session, edition: SelectedEdition, row: Version) -> Sequence[Row[Any]]:
    """Read the context of an event in one statement."""
    payload = event_payload(row)
    beside = [
        *(link["to"] for link in payload["form"].get("links", [])),
        *(link["from"] for link in payload["links_from"]),
        *payload["estimates"],
    ]
    parameters = {"edition": edition.no, "beside": beside, "own_terms": row.terms}
    return db.execute(_statement(), parameters).all()


def event_context(row: Version, rows: Sequence[Row[Any]]) -> EventContext:
    """Sort the rows of `read_context_rows` into the parts of the context."""
    return EventContext(
        form=EventForm.model_validate(form_of(row)),
        row=record_rows.list_row(row),
        sources={
            r.id: SourceForm.model_validate(form_of(r)) for r in rows if r.kind == RecordKind.SOURCE
        },
        events={r.id: record_rows.list_row(r) for r in rows if r.kind == RecordKind.EVENT},
        figures=sorted(
            (record_rows.list_row(r) for r in rows if r.kind == RecordKind.ESTIMATE),
            key=lambda figure: figure.number,
        ),
    )


@cache
def _statement() -> Select[Any]:
    """Return the statement of `read_context_rows`; cached, since building it takes longest."""
    # The row's terms `rests-on` contain all of its sources, indirect ones included.
    sources = select(FilterTerm.code).where(
        FilterTerm.key == "rests-on", FilterTerm.no == any_(bound_array("own_terms", Integer))
    )
    source_ids = func.array(sources.scalar_subquery(), type_=ARRAY(String))
    return select(Version.kind, *record_rows.LIST_COLUMNS).where(
        LIVE_IN_EDITION,
        or_(
            Version.id == any_(bound_array("beside", String)),
            and_(Version.kind == RecordKind.SOURCE, Version.id == any_(source_ids)),
        ),
    )


def named_places(form: Stored, directory: Directory) -> list[str]:
    """Return the places of an event, sites as their city, without world and pictured places."""
    codes = named_place_codes(form.get("terms", []))
    settlements = dict.fromkeys(_settlement_of(code, directory) for code in codes)
    return [code for code in settlements if directory.kind_of_place(code) is not PlaceKind.WORLD]


def _settlement_of(code: str, directory: Directory) -> str:
    place = directory.places.get(code)
    if (
        place
        and place.kind is PlaceKind.SITE
        and directory.kind_of_place(place.parent) in SETTLEMENTS
    ):
        return place.parent
    return code


def read_versions(db: Session, edition: SelectedEdition, id: str) -> list[RecordVersion]:
    """Return the versions of a record up to an edition, newest first."""
    rows = db.execute(_history_statement(), {"edition": edition.no, "id": id})
    return [
        RecordVersion(row.opened, row.at, Why(row.why), row.reason, row.published_by)
        for row in rows
    ]


@cache
def _history_statement() -> Select[*tuple[Any, ...]]:
    return (
        select(Version.opened, Edition.at, Version.why, Version.reason, Edition.published_by)
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == bindparam("id"), Version.opened <= bindparam("edition"))
        .order_by(Version.opened.desc())
    )
