"""The changelog: each version that an edition wrote; and the latest changes of one list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from app.record.editions import SelectedEdition, first_edition_since
from app.record.filters import LISTS, ChangeFilters, ListFilters, parse_after
from app.record.index import Index, IndexSearch, Matching
from app.record.index.edition import IndexedEdition
from app.record.index.rows import slots_in
from app.record.lists import backend
from app.record.models import Edition, PurgedRecord, RecordState, Version
from app.record.names.directory import Directory
from app.record.search import search_condition
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow, OpenSession, Seqs, fetch_seqs, in_batches, is_one_of
from app.record.words.query import parse
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind, RecordNoun
from app.vocabulary.record import SILENT, Why


@dataclass(frozen=True)
class RecordChange:
    """A version that an edition wrote."""

    noun: RecordNoun
    row: ListRow
    """The version; of a withdrawn or merged record, the version before."""
    before: Mapping[str, Any] | None
    """Payload of the version before; None if there was no live one."""
    why: Why
    reason: str
    into: str
    """Id of the record that it was merged into; "" if not merged."""
    state: str
    """State of the version (`RecordState`)."""
    edition: Edition


class ChangelogPage(NamedTuple):
    rows: Sequence[RecordChange]
    next: str | None
    """The `after` parameter of the next page; None on the last page."""


class ChangeCounts(NamedTuple):
    total: int
    derived_again: int
    """Number of recalculated versions that the filters exclude."""


CHANGED, BEFORE = aliased(Version, name="changed_row"), aliased(Version, name="row_before")
RANK = cast(
    # Alphabetical, like the changes of an edition in the index.
    case({kind.value: n for n, kind in enumerate(RecordKind)}, value=CHANGED.kind),
    Integer,
)
# A purged record is listed once, in the edition that removed it.
OPENED = cast(func.coalesce(PurgedRecord.edition, CHANGED.opened), Integer)
WHY = case((CHANGED.state == RecordState.PURGED, Why.WITHDRAWN), else_=CHANGED.why)


def count_changes(
    db: Session, edition: IndexedEdition, filters: ChangeFilters, directory: Directory
) -> ChangeCounts:
    is_listed = _is_reason(WHY, filters)
    statement = (
        select(
            func.count().filter(is_listed),
            func.count().filter(and_(WHY == Why.REINDEXED, ~is_listed)),
        )
        .select_from(CHANGED)
        .outerjoin(PurgedRecord, PurgedRecord.id == CHANGED.id)
        .where(*_conditions(db, edition, filters, directory))
    )
    total, derived_again = db.execute(statement).one()
    return ChangeCounts(total, 0 if filters["why"] else derived_again)


def count_reasons(db: Session, edition: SelectedEdition) -> Mapping[str, int]:
    """Return the number of records that the edition changed, by reason."""
    statement = (
        select(CHANGED.why, func.count())
        .where(CHANGED.opened == edition.no, CHANGED.state != RecordState.PURGED)
        .group_by(CHANGED.why)
    )
    return {row.why: row[1] for row in db.execute(statement)}


def read_changes(
    db: Session, edition: IndexedEdition, filters: ChangeFilters, directory: Directory, limit: int
) -> ChangelogPage:
    """Return one page of changes by keyset pagination; by default newest edition first."""
    statement = _with_columns(_matching_changes(db, edition, filters, directory), filters)
    statement = statement.limit(limit + 1)
    # Filters of kind, reason and edition alone concern all records, whatever their content.
    if not filters["id"] and _content(filters).is_empty:
        first = db.scalars(_first_of_each_edition(edition, filters, limit + 1)).all()
        statement = statement.where(is_one_of(CHANGED.seq, first))
    rows = db.execute(statement).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return ChangelogPage(
        [*map(_to_change, rows[:limit])],
        f"{last.opened}.{last.rank}_{last.seq}" if last is not None else None,
    )


def find_changes(
    db: Session, edition: SelectedEdition, filters: ChangeFilters, directory: Directory
) -> Seqs:
    """Return the `seq` of all changes, in order, for `stream_changes`."""
    matching = _matching_changes(db, edition, filters, directory)
    return fetch_seqs(db, matching, CHANGED.seq, _sort_keys(filters))


def stream_changes(
    seqs: Seqs, filters: ChangeFilters, sessions: OpenSession
) -> Iterator[RecordChange]:
    """Yield changes in batches, so that memory use is constant."""
    statement = _with_columns(
        select(CHANGED.seq)
        .outerjoin(PurgedRecord, PurgedRecord.id == CHANGED.id)
        .where(
            CHANGED.seq == any_(bindparam("seqs", type_=ARRAY(BigInteger))),
            _is_listed_change(filters),
        ),
        filters,
    )

    def read(db: Session, seqs: Sequence[int]) -> Iterable[Any]:
        return db.execute(statement, {"seqs": seqs})

    return map(_to_change, in_batches(seqs, read, sessions))


def _sort_keys(filters: ChangeFilters) -> tuple[SQLColumnExpression[Any], ...]:
    # The order within an edition is the same in both directions: events before their sources.
    return (OPENED if filters.one("sort") == "oldest" else -OPENED, RANK, CHANGED.seq)


def _matching_changes(
    db: Session, edition: SelectedEdition, filters: ChangeFilters, directory: Directory
) -> Select[Any]:
    """Return the statement for the matching changes after the requested position."""
    statement = (
        select(CHANGED.seq)
        .select_from(CHANGED)
        .outerjoin(PurgedRecord, PurgedRecord.id == CHANGED.id)
        .where(*_conditions(db, edition, filters, directory), _is_reason(WHY, filters))
    )
    if after := filters.one("after"):
        opened, *rest = parse_after(after, filters.one("sort"))
        assert isinstance(opened, int)
        position = [
            literal(value)
            for value in (opened if filters.one("sort") == "oldest" else -opened, *rest)
        ]
        statement = statement.where(tuple_(*_sort_keys(filters)) > tuple_(*position))
    return statement


def _first_of_each_edition(
    edition: SelectedEdition, filters: ChangeFilters, limit: int
) -> Select[tuple[int]]:
    """Return the statement for the first changes, edition by edition.

    An edition may have written millions of rows, so each contributes at most `limit`.
    """
    is_oldest_first = filters.one("sort") == "oldest"
    editions = select(Edition.no).where(Edition.no <= edition.no)
    editions = editions.where(
        *(first_edition_since(since) <= Edition.no for since in filters["since"])
    )
    follows: ColumnElement[bool] = true()
    if after := filters.one("after"):
        opened, rank, seq = parse_after(after, filters.one("sort"))
        editions = editions.where(Edition.no >= opened if is_oldest_first else Edition.no <= opened)
    of = editions.subquery("of")
    if after:
        follows = or_(
            of.c.no != opened, tuple_(RANK, CHANGED.seq) > tuple_(literal(rank), literal(seq))
        )
    written = select(CHANGED.seq, CHANGED.kind).where(*_kind_conditions(filters), follows)
    changes_of_edition = written.where(
        CHANGED.opened == of.c.no,
        CHANGED.state != RecordState.PURGED,
        _is_reason(CHANGED.why, filters),
    )
    if Why.REINDEXED not in _reasons(filters):
        # A literal, not a parameter: it must match the condition of the partial index.
        changes_of_edition = changes_of_edition.where(CHANGED.why != literal_column("'reindexed'"))
    parts = [changes_of_edition.order_by(CHANGED.kind, CHANGED.seq).limit(limit)]
    if filters.TELLS_REMOVALS and Why.WITHDRAWN in _reasons(filters):
        removed = (
            PurgedRecord.edition == of.c.no,
            CHANGED.state == RecordState.PURGED,
            CHANGED.closed.is_(None),
        )
        parts.append(written.join(PurgedRecord, PurgedRecord.id == CHANGED.id).where(*removed))
    each = union_all(*parts).lateral("each") if len(parts) > 1 else parts[0].lateral("each")
    order = (of.c.no if is_oldest_first else of.c.no.desc(), each.c.kind, each.c.seq)
    return select(each.c.seq).select_from(of).join(each, true()).order_by(*order).limit(limit)


def _with_columns(found: Select[Any], filters: ChangeFilters) -> Select[Any]:
    """Add columns and order to the statement."""
    return (
        found.with_only_columns(
            *(getattr(CHANGED, column.key) for column in record_rows.LIST_COLUMNS),
            CHANGED.kind,
            WHY.label("why"),
            CHANGED.reason,
            CHANGED.state,
            OPENED.label("opened"),
            BEFORE.payload.label("before"),
            BEFORE.state.label("state_before"),
            RANK.label("rank"),
            Edition,
        )
        .join(Edition, Edition.no == OPENED)
        .outerjoin(BEFORE, (BEFORE.id == CHANGED.id) & (BEFORE.closed == CHANGED.opened))
        .order_by(*_sort_keys(filters))
    )


def _to_change(row: Any) -> RecordChange:
    before = row.before if row.state_before == RecordState.LIVE else None
    payload = row.payload if row.state == RecordState.LIVE else before or row.payload
    found = replace(record_rows.list_row(row), payload=payload)
    into = row.payload.get("into", "") if row.state == RecordState.MERGED else ""
    return RecordChange(
        NOUN_OF_KIND[row.kind],
        found,
        before,
        Why(row.why),
        row.reason,
        into,
        row.state,
        row.Edition,
    )


def _conditions(
    db: Session, edition: SelectedEdition, filters: ChangeFilters, directory: Directory
) -> list[ColumnElement[bool]]:
    """Return the conditions for changes: the new version or the one before matches the filters."""
    found: list[ColumnElement[bool]] = [
        edition.no >= OPENED,
        _is_listed_change(filters),
        *_kind_conditions(filters),
        *(CHANGED.id == id for id in filters["id"]),
        *(first_edition_since(since) <= OPENED for since in filters["since"]),
    ]
    content = directory.led_back(_content(filters))
    if not content.is_empty:
        assert isinstance(edition, IndexedEdition)
        either = or_(Version.seq == CHANGED.seq, Version.closed == CHANGED.opened)
        has_content = _has_content(db, edition, content, directory)
        found.append(
            exists().where(Version.id == CHANGED.id, either, has_content).correlate(CHANGED)
        )
    return found


def _is_listed_change(filters: ChangeFilters) -> ColumnElement[bool]:
    """Whether a change is listed: a purge may end that at any time."""
    is_there = CHANGED.state != RecordState.PURGED
    return or_(is_there, CHANGED.closed.is_(None)) if filters.TELLS_REMOVALS else is_there


def _content(filters: ChangeFilters) -> ChangeFilters:
    """Return the filters of the records' content alone."""
    of_changes = {"id", "what", "why", "since"}
    included, excluded = (
        {key: values for key, values in side.items() if key not in of_changes}
        for side in (filters.narrowing.included, filters.excluded)
    )
    return filters.made_of(included, excluded)


def _has_content(
    db: Session, edition: IndexedEdition, content: ChangeFilters, directory: Directory
) -> ColumnElement[bool]:
    """Return the condition for versions that match, found by the indexes of their kinds.

    No row has a value of a key that its list lacks.
    """
    seqs: list[int] = []
    for kind, lists in LISTS.items():
        keys = lists.by_key().keys()
        if content.included.keys() - {"match"} <= keys:
            included, excluded = (
                {key: values for key, values in side.items() if key in keys}
                for side in (content.included, content.excluded)
            )
            index = edition.indexes[kind]
            of_kind = lists.made_of(included, excluded)
            seqs += index.seqs_of(_match_in_all_editions(db, index, of_kind, directory))
    found = is_one_of(Version.seq, seqs)
    if content.included.keys() <= {"q", "match"}:
        groups = parse(content.one("q"), directory).groups
        found |= Version.kind.not_in(LISTS) & search_condition(groups)
    return found


def _match_in_all_editions(
    db: Session, index: Index, filters: ListFilters, directory: Directory
) -> BitMap:
    of_all = replace(index, live=index.every)
    return Matching.of(of_all, filters, IndexSearch(db, directory)).answers


def _kind_conditions(filters: ChangeFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters["what"]:
        found.append(CHANGED.kind.in_([RecordNoun(code).kind for code in filters["what"]]))
    if unwanted := filters.excluded.get("what"):
        found.append(CHANGED.kind.not_in([RecordNoun(code).kind for code in unwanted]))
    return found


def _reasons(filters: ChangeFilters) -> list[str]:
    return [
        why for why in filters["why"] or filters.WHY if why not in filters.excluded.get("why", ())
    ]


def _is_reason(why: ColumnElement[Any] | Any, filters: ChangeFilters) -> ColumnElement[bool]:
    found: ColumnElement[bool] = why.in_(_reasons(filters))
    return found


# Recalculations and removals ------------------------------------------------------------------


def read_recalculations(
    db: Session,
    edition: SelectedEdition,
    since: Sequence[str] = (),
    *,
    first: int = 0,
    last: int | None = None,
    most: int | None = None,
) -> list[tuple[Edition, int]]:
    """Return the editions that changed no source or form, newest first, with their rows."""
    written = select(func.count()).where(Version.opened == Edition.no).scalar_subquery()
    rows = db.execute(
        select(Edition, written)
        .where(
            Edition.is_recalculation,
            Edition.no.between(first, min(last or edition.no, edition.no)),
            *(first_edition_since(each) <= Edition.no for each in since),
        )
        .order_by(Edition.no.desc())
        .limit(most)
    )
    return [(edition, count) for edition, count in rows]


def read_removals(
    db: Session, edition: SelectedEdition, first: int, last: int
) -> list[tuple[Edition, str]]:
    """Return the editions of a range that purged a record, newest first, with its id."""
    rows = db.execute(
        select(Edition, PurgedRecord.id)
        .join(PurgedRecord, PurgedRecord.edition == Edition.no)
        .where(Edition.no.between(first, min(last, edition.no)))
        .order_by(Edition.no.desc(), PurgedRecord.id)
    )
    return [(edition, id) for edition, id in rows]


# The latest changes of a list ---------------------------------------------------------------------


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
    """Return the latest changes of a list, newest first. Runs two SQL statements."""
    list_filters = filters.with_(sort="changed", after=None, limit=None)
    matching = backend.match(db, edition, list_filters, directory)
    listed = [each.seq for each in matching.positions("changed", "", most)[0]]
    left = _last_of_departed(db, edition, list_filters, directory)
    # Recalculation and changes of wording are no news (rule 7).
    is_news = or_(CHANGE.state.in_(REMOVED_STATES), CHANGE.is_live & CHANGE.why.not_in(SILENT))
    found = [
        *_read_list_changes(db, listed, CHANGE.opened == ROW.changed, most),
        *_read_list_changes(db, left, (CHANGE.opened == ROW.closed) & is_news, most, has_left=True),
    ]
    return sorted(found, key=lambda each: (each.edition, each.row.number), reverse=True)[:most]


ROW, CHANGE = aliased(Version, name="listed_row"), aliased(Version, name="its_change")


def _last_of_departed(
    db: Session, edition: IndexedEdition, filters: ListFilters, directory: Directory
) -> list[int]:
    """Return the `seq` of the last matching version of each row that left the list."""
    index = edition.indexes[filters.KIND]
    columns = index.rows.columns
    matching = _match_in_all_editions(db, index, directory.led_back(filters), directory)
    listed = columns.number[slots_in(matching & index.live)]
    closed = slots_in(matching)
    closed = closed[columns.closed[closed] <= edition.no]
    closed = closed[~np.isin(columns.number[closed], listed)]
    last = dict(zip(columns.number[closed].tolist(), columns.seq[closed].tolist(), strict=True))
    return [*last.values()]


def _read_list_changes(
    db: Session,
    seqs: Sequence[int],
    is_change: ColumnElement[bool],
    most: int,
    *,
    has_left: bool = False,
) -> list[ListChange]:
    """Return these rows with their change, latest first."""
    first = aliased(Edition)
    rows = db.execute(
        select(
            *(getattr(ROW, column.key) for column in record_rows.LIST_COLUMNS),
            CHANGE.why,
            CHANGE.reason,
            CHANGE.state,
            CHANGE.payload["into"].astext.label("into"),
            CHANGE.opened,
            Edition.at,
            first.at.label("added_at"),
        )
        .join(ROW, (CHANGE.id == ROW.id) & is_change)
        .join(Edition, Edition.no == CHANGE.opened)
        .join(first, first.no == ROW.added)
        .where(
            is_one_of(ROW.seq, seqs),
            ROW.is_live,  # a version may be purged after the index was read
        )
        .order_by(CHANGE.opened.desc(), ROW.number.desc())
        .limit(most)
    )
    return [
        ListChange(
            record_rows.list_row(row),
            row.why,
            row.reason,
            row.into or "",
            has_left and row.state == RecordState.LIVE,
            row.opened,
            row.at,
            row.added_at,
        )
        for row in rows
    ]
