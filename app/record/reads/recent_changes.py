"""The latest changes of a list, for its feeds: rows added or changed, and rows that left the list.

A row leaves a list if it is withdrawn or merged, or if its corrected version does not match.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.record.editions import SelectedEdition
from app.record.filters import ListFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Edition, RecordState, Version
from app.record.names.directory import Directory
from app.record.sql import conditions
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.vocabulary.record import SILENT

REMOVED_STATES = (RecordState.WITHDRAWN, RecordState.MERGED)


@dataclass(frozen=True)
class ListChange:
    """A row with its newest change; wording and recalculation do not count (rule 7)."""

    row: ListRow
    """The current version, or the last one in the list."""
    why: str
    reason: str
    into: str
    """Id of the record into which the row was merged; "" if not merged."""
    has_left: bool
    """Whether it left this list but is still live."""
    edition: int
    at: datetime
    added_at: datetime


def recent_changes(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory, most: int
) -> list[ListChange]:
    """Return the latest changes of a list, newest first. Runs three SQL statements."""
    list_filters = filters.with_(sort="changed", after=None, limit=None)
    rows = backend.read_page(db, edition, list_filters, directory, most).rows
    departed = _read_departed(db, edition, list_filters, directory, most)
    reasons = _read_reasons(db, [(row.id, no) for row in rows for no in (row.added, row.changed)])
    current = [
        ListChange(
            row,
            changed.why,
            changed.reason,
            "",
            False,
            row.changed,
            changed.at,
            reasons[row.id, row.added].at,
        )
        for row in rows
        if (changed := reasons.get((row.id, row.changed))) and (row.id, row.added) in reasons
    ]
    found = [*current, *departed]
    return sorted(found, key=lambda each: (each.edition, each.row.number), reverse=True)[:most]


BEFORE, AFTER = aliased(Version, name="row_before"), aliased(Version, name="row_after")


def _read_departed(
    db: Session, edition: SelectedEdition, filters: ListFilters, directory: Directory, most: int
) -> list[ListChange]:
    """Return rows that left the list, in their last matching version."""
    is_match = list(conditions.conditions(directory.led_back(filters), directory).values())

    def answers_to_it(row: Any) -> ColumnElement[bool]:
        return exists().where(Version.seq == row.seq, *is_match).correlate(row)

    is_back = (
        exists()
        .where(Version.id == AFTER.id, edition.holds(), Version.is_live, *is_match)
        .correlate(AFTER)
    )
    # Recalculation and changes of wording are no news (rule 7).
    has_left = (
        and_(AFTER.is_live, AFTER.why.not_in(SILENT), ~answers_to_it(AFTER))
        if is_match
        else false()
    )
    first = aliased(Edition)
    rows = db.execute(
        select(
            *(getattr(BEFORE, column.key) for column in record_rows.LIST_COLUMNS),
            AFTER.why,
            AFTER.reason,
            AFTER.state,
            AFTER.payload["into"].astext.label("into"),
            AFTER.opened,
            Edition.at,
            first.at.label("added_at"),
        )
        .join(BEFORE, (AFTER.id == BEFORE.id) & (AFTER.opened == BEFORE.closed))
        .join(Edition, Edition.no == AFTER.opened)
        .join(first, first.no == BEFORE.added)
        .where(
            AFTER.kind == filters.KIND,
            AFTER.opened <= edition.no,
            # Redundant with the join, but lets PostgreSQL use the index on `closed`.
            BEFORE.closed <= edition.no,
            BEFORE.is_live,
            or_(AFTER.state.in_(REMOVED_STATES), has_left),
            *([answers_to_it(BEFORE)] if is_match else []),
            ~is_back,
        )
        .order_by(AFTER.opened.desc(), BEFORE.number.desc())
        .limit(most)
    )
    last: dict[str, ListChange] = {}
    for row in rows:
        has_left_list, into = row.state == RecordState.LIVE, row.into or ""
        last.setdefault(
            row.id,
            ListChange(
                record_rows.list_row(row),
                row.why,
                row.reason,
                into,
                has_left_list,
                row.opened,
                row.at,
                row.added_at,
            ),
        )
    return list(last.values())


def _read_reasons(
    db: Session, versions: Sequence[tuple[str, int]]
) -> Mapping[tuple[str, int], Any]:
    """Return why and when these versions (id and edition) were written."""
    rows = db.execute(
        select(Version.id, Version.opened, Version.why, Version.reason, Edition.at)
        .join(Edition, Edition.no == Version.opened)
        .where(tuple_(Version.id, Version.opened).in_(sorted(set(versions))))
    )
    return {(row.id, row.opened): row for row in rows}
