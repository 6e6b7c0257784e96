"""Data of a citation of ours: fingerprint and sources of the cited rows, and changes since then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Select,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from app.record.editions import SelectedEdition
from app.record.filters import ListFilters
from app.record.models import Edition, RecordState, Version
from app.record.names.directory import Directory
from app.record.sql import conditions as queries_conditions
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.record.sql.streaming import Seqs, fetch_seqs
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import Why

RowsCondition = ColumnElement[bool]
"""SQL condition for the rows of a page."""


def matching_rows(filters: ListFilters, directory: Directory) -> RowsCondition:
    """Return the condition for all matching rows of a list."""
    conditions = queries_conditions.conditions(filters, directory).values()
    return and_(Version.kind == filters.KIND, Version.is_live, *conditions)


@dataclass(frozen=True)
class Fingerprint:
    rows: int
    sha256: str


def fingerprint(db: Session, edition: SelectedEdition, rows: RowsCondition) -> Fingerprint:
    """Return the SHA-256 of one line a row, sorted by id: the id, a space, the payload's SHA-256.

    Made from payloads, which never change; files may gain columns.
    """
    content = _sha256(cast(Version.payload, Text))
    # Byte order is the same in all databases, whatever their collation.
    lines = func.aggregate_strings(Version.id + " " + content, "\n").aggregate_order_by(
        Version.id.collate("C")
    )
    count, sha256 = db.execute(
        select(func.count(), _sha256(func.coalesce(lines, "")))
        .select_from(Version)
        .where(edition.holds(), rows)
    ).one()
    return Fingerprint(count, sha256)


def _sha256(text: ColumnElement[str]) -> ColumnElement[str]:
    return func.encode(func.sha256(func.convert_to(text, "UTF8")), "hex")


@dataclass(frozen=True)
class RowSources:
    """The first sources of a page, and the number of all."""

    first: Sequence[ListRow]
    total: int


def sources_of_rows(
    db: Session, edition: SelectedEdition, rows: RowsCondition, most: int
) -> RowSources:
    """Return the first sources of rows, sorted by id."""
    statement = select(*record_rows.LIST_COLUMNS, func.count().over().label("total"))
    found = db.execute(
        statement.where(*_are_sources_of(edition, rows)).order_by(Version.number).limit(most)
    ).all()
    return RowSources([record_rows.list_row(row) for row in found], found[0].total if found else 0)


def all_sources_of_rows(db: Session, edition: SelectedEdition, rows: RowsCondition) -> Seqs:
    """Return the `seq` of all sources of rows, sorted by id."""
    return fetch_seqs(
        db,
        select(Version.seq).where(*_are_sources_of(edition, rows)),
        Version.seq,
        [Version.number],
    )


def _are_sources_of(
    edition: SelectedEdition, rows: RowsCondition
) -> list[ColumnExpressionArgument[bool]]:
    cited = select(func.jsonb_array_elements_text(Version.payload["sources"])).where(
        edition.holds(), rows
    )
    return [
        edition.holds(),
        Version.kind == RecordKind.SOURCE,
        Version.is_live,
        or_(rows, Version.id.in_(cited)),
    ]


@dataclass(frozen=True)
class RowDifferences:
    """Numbers of rows that differ between two editions."""

    added: int
    changed: int
    gone: int
    recalculated: int
    """Rows that came, went or read differently by a new rule alone, without a change of sources."""

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.gone)


def count_changes_since(
    db: Session,
    then: SelectedEdition,
    rows_then: RowsCondition,
    now: SelectedEdition,
    rows_now: RowsCondition,
) -> RowDifferences:
    """Count rows that differ between two editions; those only recalculated apart (rule 7)."""
    before = select(Version.id).where(then.holds(), rows_then).subquery("before")
    after = select(Version.id, Version.changed).where(now.holds(), rows_now).subquery("after")
    by_rule = _recalculated_since(then, now).subquery("by_rule")
    is_by_rule = by_rule.c.id.is_not(None)
    has_come, has_gone = before.c.id.is_(None), after.c.id.is_(None)
    has_changed = and_(before.c.id.is_not(None), after.c.changed > then.no)
    row = db.execute(
        select(
            func.count().filter(has_come, ~is_by_rule).label("added"),
            func.count().filter(has_changed).label("changed"),
            func.count().filter(has_gone, ~is_by_rule).label("gone"),
            func.count().filter(is_by_rule).label("recalculated"),
        ).select_from(
            before.outerjoin(after, before.c.id == after.c.id, full=True).outerjoin(
                by_rule, by_rule.c.id == func.coalesce(before.c.id, after.c.id)
            )
        )
    ).one()
    return RowDifferences(row.added, row.changed, row.gone, row.recalculated)


def _recalculated_since(then: SelectedEdition, now: SelectedEdition) -> Select[Any]:
    """Return the ids of live records that only newer rules changed between two editions."""
    calculated, newest = aliased(Version), aliased(Version)
    return (
        select(calculated.id)
        .join(Edition, Edition.no == calculated.opened)
        .join(newest, newest.id == calculated.id)
        .where(
            calculated.opened > then.no,
            calculated.opened <= now.no,
            calculated.why == Why.REINDEXED,
            Edition.rules.is_not(None),
            newest.opened <= now.no,
            or_(newest.closed.is_(None), newest.closed > now.no),
            newest.is_live,
            newest.changed <= then.no,
        )
        .distinct()
    )


@dataclass(frozen=True)
class RemovedRow:
    """A withdrawn or merged record."""

    id: str
    code: str
    """The code in the form, which is in the URL of an outlet; "" without one."""
    state: str
    reason: str
    into: str
    edition: int


def removed_since(
    db: Session, then: SelectedEdition, rows_then: RowsCondition, now: SelectedEdition, most: int
) -> list[RemovedRow]:
    """Return rows withdrawn or merged since an edition, sorted by id, without purged ones."""
    later = aliased(Version)
    rows = db.execute(
        select(
            later.id,
            later.payload["form"]["code"].astext.label("code"),
            later.state,
            later.reason,
            later.payload["into"].astext.label("into"),
            later.opened,
        )
        .select_from(Version)
        .join(
            later,
            (later.id == Version.id)
            & (later.opened <= now.no)
            & (func.coalesce(later.closed, now.no + 1) > now.no),
        )
        .where(
            then.holds(),
            rows_then,
            Version.is_live,
            later.state.in_((RecordState.WITHDRAWN, RecordState.MERGED)),
        )
        .order_by(Version.number)
        .limit(most)
    )
    return [
        RemovedRow(row.id, row.code or "", row.state, row.reason, row.into or "", row.opened)
        for row in rows
    ]
