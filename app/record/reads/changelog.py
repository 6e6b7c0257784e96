"""The changelog: each version that an edition wrote; and the latest changes of one list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    false,
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

from app.caches import Cache, result_of_edition
from app.record.editions import SelectedEdition, count_purges, first_edition_since
from app.record.filters import ChangeFilters, ListFilters, parse_after
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Edition, PurgedRecord, RecordState, Version
from app.record.names.directory import Directory
from app.record.sql import conditions
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow, OpenSession, fetch_seqs, in_batches
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind, RecordNoun
from app.vocabulary.record import SILENT, Why


@dataclass(frozen=True)
class RecordChange:
    """A version that an edition wrote."""

    seq: int
    noun: RecordNoun
    row: ListRow
    """The version; of a withdrawn or merged record, the version before."""
    before: Mapping[str, Any] | None
    """Payload of the version before; None if there was no live one."""
    why: Why
    reason: str
    into: str
    """Id of the record that it was merged into; "" if not merged."""
    edition: int
    at: datetime
    message: str
    """Message of the edition."""
    state: str
    """State of the version (`RecordState`)."""
    by: str
    """Role or chosen public name of the publisher."""
    is_recalculated: bool
    """Whether the edition only calculated the record by newer rules."""


@dataclass(frozen=True)
class ChangelogPage:
    rows: Sequence[RecordChange]
    next: str | None
    """The `after` parameter of the next page; None on the last page."""


@dataclass(frozen=True)
class ChangeCounts:
    total: int
    derived_again: int
    """Number of recalculated versions that the filters exclude."""

    def and_also(self, later: "ChangeCounts") -> "ChangeCounts":
        return ChangeCounts(self.total + later.total, self.derived_again + later.derived_again)


CHANGED, BEFORE = aliased(Version, name="changed_row"), aliased(Version, name="row_before")
RANK = cast(
    # Alphabetical, like the changes of an edition in the index.
    case({kind.value: n for n, kind in enumerate(RecordKind)}, value=CHANGED.kind),
    Integer,
)
# A purged record is listed once, in the edition that removed it.
OPENED = cast(func.coalesce(PurgedRecord.edition, CHANGED.opened), Integer)
WHY = case((CHANGED.state == RecordState.PURGED, Why.WITHDRAWN), else_=CHANGED.why)


TOTALS: Cache[tuple[int, ChangeCounts]] = Cache("searches")


def count_changes(
    db: Session, edition: IndexedEdition, filters: ChangeFilters, directory: Directory
) -> ChangeCounts:
    is_of_all = _is_of_all(filters, directory) and not filters.TELLS_REMOVALS
    if not is_of_all or filters["since"] or not edition.is_cacheable:
        return _count(db, edition, filters, directory, is_of_all=is_of_all)
    query = filters.with_(after=None, limit=None, sort=None, edition=None).pairs()

    def count_after(after: int) -> ChangeCounts:
        return _count(db, edition, filters, directory, is_of_all=True, after=after)

    # Purges reduce the counts, so the key has their number. The directory identifies the database.
    key = directory, count_purges(db), *query
    return result_of_edition(
        TOTALS,
        key,
        edition.no,
        lambda: count_after(0),
        lambda before, of: before.and_also(count_after(of)),
    )


def _count(
    db: Session,
    edition: SelectedEdition,
    filters: ChangeFilters,
    directory: Directory,
    *,
    is_of_all: bool,
    after: int = 0,
) -> ChangeCounts:
    why: Any = CHANGED.why if is_of_all else WHY
    is_listed = _is_reason(why, filters)
    statement = select(
        func.count().filter(is_listed).label("total"),
        func.count().filter(and_(why == Why.REINDEXED, ~is_listed)).label("derived"),
    ).select_from(CHANGED)
    if is_of_all:  # equal to the conditions below, but answered by an index-only scan
        statement = statement.where(
            CHANGED.opened > after,
            CHANGED.opened <= edition.no,
            CHANGED.state != RecordState.PURGED,
        )
        statement = statement.where(*_kind_conditions(filters))
        statement = statement.where(
            *(first_edition_since(since) <= CHANGED.opened for since in filters["since"])
        )
    else:
        statement = statement.outerjoin(PurgedRecord, PurgedRecord.id == CHANGED.id).where(
            *_conditions(edition, filters, directory)
        )
    row = db.execute(statement).one()
    return ChangeCounts(row.total, 0 if filters["why"] else row.derived)


REASONS: Cache[Mapping[str, int]] = Cache("searches")


def count_reasons(db: Session, edition: IndexedEdition, directory: Directory) -> Mapping[str, int]:
    """Return the number of records that the edition changed, by reason."""
    statement = (
        select(CHANGED.why, func.count())
        .where(CHANGED.opened == edition.no, CHANGED.state != RecordState.PURGED)
        .group_by(CHANGED.why)
    )
    key = (directory, edition.no) if edition.is_cacheable else None
    return REASONS.of(key, lambda: {row.why: row[1] for row in db.execute(statement)})


def read_changes(
    db: Session, edition: SelectedEdition, filters: ChangeFilters, directory: Directory, limit: int
) -> ChangelogPage:
    """Return one page of changes by keyset pagination; by default newest edition first."""
    statement = _with_columns(_matching_changes(edition, filters, directory), filters).limit(
        limit + 1
    )
    if _is_of_all(filters, directory):
        first = db.scalars(_first_of_each_edition(edition, filters, limit + 1)).all()
        statement = statement.where(CHANGED.seq == any_(literal(first, ARRAY(BigInteger))))
    rows = db.execute(statement).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return ChangelogPage(
        [_to_change(row, row.payload, row.before) for row in rows[:limit]],
        f"{last.opened}.{last.rank}_{last.seq}" if last is not None else None,
    )


def stream_changes(
    db: Session,
    edition: SelectedEdition,
    filters: ChangeFilters,
    directory: Directory,
    sessions: OpenSession,
) -> Iterator[RecordChange]:
    """Yield all changes for a file. Reads every `seq` first, and the rows in later sessions."""
    matching = _matching_changes(edition, filters, directory)
    statement = _with_columns(matching, filters, in_text=True).where(
        CHANGED.seq == any_(bindparam("seqs", type_=ARRAY(BigInteger)))
    )

    def read(db: Session, seqs: Sequence[int]) -> Iterable[Any]:
        return db.execute(statement, {"seqs": seqs})

    rows = in_batches(fetch_seqs(db, matching, CHANGED.seq, _sort_keys(filters)), read, sessions)
    # Payloads are parsed one by one, for the reason given in `rows_for_file`.
    return (
        _to_change(
            row,
            record_rows.parse_payload(row.payload),
            row.before and record_rows.parse_payload(row.before),
        )
        for row in rows
    )


def _sort_keys(filters: ChangeFilters) -> tuple[SQLColumnExpression[Any], ...]:
    # The order within an edition is the same in both directions: events before their sources.
    return (OPENED if filters.one("sort") == "oldest" else -OPENED, RANK, CHANGED.seq)


def _matching_changes(
    edition: SelectedEdition, filters: ChangeFilters, directory: Directory
) -> Select[Any]:
    """Return the statement for the matching changes after the requested position."""
    statement = (
        select(CHANGED.seq)
        .select_from(CHANGED)
        .outerjoin(PurgedRecord, PurgedRecord.id == CHANGED.id)
        .where(*_conditions(edition, filters, directory), _has_reason(filters))
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


def _is_of_all(filters: ChangeFilters, directory: Directory) -> bool:
    """Whether the filters concern only kind, reason and edition, not the records' content."""
    return not filters["id"] and not _row_conditions(filters, directory)


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


def _with_columns(
    found: Select[Any], filters: ChangeFilters, *, in_text: bool = False
) -> Select[Any]:
    """Add columns and order to the statement; `in_text` reads payloads as text."""
    payload, before = (
        cast(each, Text) if in_text else each for each in (CHANGED.payload, BEFORE.payload)
    )
    return (
        found.with_only_columns(
            *(
                getattr(CHANGED, column.key)
                for column in record_rows.LIST_COLUMNS
                if column.key != "payload"
            ),
            payload.label("payload"),
            CHANGED.kind,
            WHY.label("why"),
            CHANGED.reason,
            CHANGED.state,
            OPENED.label("opened"),
            before.label("before"),
            BEFORE.state.label("state_before"),
            RANK.label("rank"),
            Edition.at,
            Edition.message,
            Edition.published_by,
            Edition.is_recalculation,
        )
        .join(Edition, Edition.no == OPENED)
        .outerjoin(BEFORE, (BEFORE.id == CHANGED.id) & (BEFORE.closed == CHANGED.opened))
        .order_by(*_sort_keys(filters))
    )


def _to_change(
    row: Any, payload: Mapping[str, Any], before: Mapping[str, Any] | None
) -> RecordChange:
    before = before if row.state_before == RecordState.LIVE else None
    found = replace(
        record_rows.list_row(row),
        payload=payload if row.state == RecordState.LIVE else before or payload,
    )
    into = payload.get("into", "") if row.state == RecordState.MERGED else ""
    return RecordChange(
        seq=row.seq,
        noun=NOUN_OF_KIND[row.kind],
        row=found,
        before=before,
        why=Why(row.why),
        reason=row.reason,
        into=into,
        edition=row.opened,
        at=row.at,
        message=row.message,
        state=row.state,
        by=row.published_by,
        is_recalculated=row.is_recalculation,
    )


def _conditions(
    edition: SelectedEdition, filters: ChangeFilters, directory: Directory
) -> list[ColumnElement[bool]]:
    """Return the conditions for changes: the new version or the one before matches the filters."""
    found: list[ColumnElement[bool]] = [edition.no >= OPENED]
    is_there = CHANGED.state != RecordState.PURGED
    found.append(or_(is_there, CHANGED.closed.is_(None)) if filters.TELLS_REMOVALS else is_there)
    found += _kind_conditions(filters)
    if filters["id"]:
        found.append(CHANGED.id == filters.one("id"))
    found += [first_edition_since(row_conditions) <= OPENED for row_conditions in filters["since"]]
    if row_conditions := _row_conditions(filters, directory):
        either = or_(Version.seq == CHANGED.seq, Version.closed == CHANGED.opened)
        found.append(
            exists().where(Version.id == CHANGED.id, either, *row_conditions).correlate(CHANGED)
        )
    return found


def _kind_conditions(filters: ChangeFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters["what"]:
        found.append(CHANGED.kind.in_([RecordNoun(code).kind for code in filters["what"]]))
    if unwanted := filters.excluded.get("what"):
        found.append(CHANGED.kind.not_in([RecordNoun(code).kind for code in unwanted]))
    return found


def _row_conditions(filters: ChangeFilters, directory: Directory) -> list[ColumnElement[bool]]:
    """Return the conditions on the records' content."""
    content_filters = (
        filters.without("what")
        .without("what", excluded=True)
        .without("why")
        .without("why", excluded=True)
    )
    return list(conditions.conditions(directory.led_back(content_filters), directory).values())


def _reasons(filters: ChangeFilters) -> list[str]:
    return [
        why for why in filters["why"] or filters.WHY if why not in filters.excluded.get("why", ())
    ]


def _is_reason(why: ColumnElement[Any] | Any, filters: ChangeFilters) -> ColumnElement[bool]:
    found: ColumnElement[bool] = why.in_(_reasons(filters))
    return found


def _has_reason(filters: ChangeFilters) -> ColumnElement[bool]:
    return _is_reason(WHY, filters)


# Recalculations and removals ------------------------------------------------------------------


@dataclass(frozen=True)
class Recalculation:
    """An edition without a change of any source or form."""

    edition: int
    at: datetime
    message: str
    by: str
    rows: int
    """Number of rows that came out differently."""


def read_recalculations(
    db: Session,
    edition: SelectedEdition,
    since: Sequence[str] = (),
    *,
    first: int = 0,
    last: int | None = None,
    most: int | None = None,
) -> list[Recalculation]:
    """Return recalculations up to an edition, newest first."""
    written = select(func.count()).where(Version.opened == Edition.no).scalar_subquery()
    rows = db.execute(
        select(Edition.no, Edition.at, Edition.message, Edition.published_by, written)
        .where(
            Edition.is_recalculation,
            Edition.no.between(first, min(last or edition.no, edition.no)),
            *(first_edition_since(each) <= Edition.no for each in since),
        )
        .order_by(Edition.no.desc())
        .limit(most)
    )
    return [Recalculation(*row) for row in rows]


@dataclass(frozen=True)
class Removal:
    """A purged record: only its id is left."""

    id: str
    edition: int
    at: datetime
    message: str
    by: str


def read_removals(db: Session, edition: SelectedEdition, first: int, last: int) -> list[Removal]:
    """Return the purged records of a range of editions, newest first."""
    rows = db.execute(
        select(
            PurgedRecord.id, PurgedRecord.edition, Edition.at, Edition.message, Edition.published_by
        )
        .join(Edition, Edition.no == PurgedRecord.edition)
        .where(PurgedRecord.edition.between(first, min(last, edition.no)))
        .order_by(PurgedRecord.edition.desc(), PurgedRecord.id)
    )
    return [Removal(row.id, row.edition, row.at, row.message, row.published_by) for row in rows]


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
