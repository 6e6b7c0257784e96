"""Builds the indexes from the rows of all editions, updates them, and reads common words.

PostgreSQL packs the numbers, days and terms of many rows into a few values, which numpy decodes. An
update appends new rows.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    LargeBinary,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.filters import LISTS
from app.record.index.index import Index, TermBitmaps, bitmaps_by_number, term_keys
from app.record.index.rows import (
    NONE_FIRST,
    NONE_LAST,
    NOT_CLOSED,
    OPEN_END,
    OPEN_START,
    IndexColumns,
    IndexRows,
    Numbers,
    Periods,
    Slots,
    concatenate_rows,
    slots_in,
)
from app.record.index.searching import (
    WORD_ROWS_PER_STATEMENT,
    CommonWords,
    read_common_words,
    read_rows_with,
)
from app.record.models import Edition, FilterTerm, PurgedRecord, Version
from app.record.sql.rows import OpenSession, execute_binary
from app.record.terms import TermPair
from app.vocabulary.record import Why

EditionDay = tuple[int, date]

ROWS_PER_STATEMENT = 50_000


@dataclass(frozen=True)
class ReadRows:
    """Rows with their terms, as pairs of a slot and the number of a term."""

    rows: IndexRows
    slots: Slots
    terms: NDArray[np.integer]


def build_indexes(
    db: Session, edition: SelectedEdition, kinds: Iterable[str] = LISTS
) -> dict[str, Index]:
    """Build the indexes of these kinds up to an edition, which is selected.

    They are read together, since reading one kind scans the rows of all.
    """
    wanted = {*kinds}
    empty = {kind: index for kind, index in empty_indexes().items() if kind in wanted}
    return _read_on(db, empty, edition)


def empty_indexes() -> dict[str, Index]:
    """Return indexes without rows."""
    return {kind: Index(kind, 0, 0, no_rows(), BitMap(), TermBitmaps(), (), 0) for kind in LISTS}


def update_indexes(
    db: Session, indexes: Mapping[str, Index], edition: SelectedEdition
) -> dict[str, Index]:
    """Update the indexes of several kinds to a later edition, with few statements."""
    after = next(iter(indexes.values())).newest
    if read_purged_since(db, after):
        # A purge overwrites closed rows too, so the changed rows can't be found.
        return build_indexes(db, edition, indexes)
    closed = read_closed_since(db, after, edition, indexes)
    for kind, each in closed.items():
        for no, seqs in each:
            columns = indexes[kind].rows.columns
            columns.closed[slots_in(indexes[kind].slots_of(seqs))] = no
    return _update_common_words(db, _read_on(db, indexes, edition), after)


def _read_on(
    db: Session, indexes: Mapping[str, Index], edition: SelectedEdition
) -> dict[str, Index]:
    """Return the indexes with the rows, terms and editions that came after those they have."""
    before = next(iter(indexes.values()))
    newest_term = db.scalar(select(func.coalesce(func.max(FilterTerm.no), 0))) or 0
    names = {
        kind: read_terms(db, kind, index.terms.names, index.newest_term, newest_term)
        for kind, index in indexes.items()
    }
    editions = [*before.editions, *read_editions_after(db, before.newest)]
    parts = {kind: [index.rows] for kind, index in indexes.items()}
    terms = {kind: index.terms.onward(names[kind], {}) for kind, index in indexes.items()}
    for kind, new in read_rows_after(db, edition, before.newest, names, newest_term):
        first_slot = np.uint32(sum(map(len, parts[kind])))
        added = bitmaps_by_number(new.slots + first_slot, new.terms)
        terms[kind] = terms[kind].onward(names[kind], added)
        parts[kind].append(new.rows)
    found = {}
    for kind, index in indexes.items():
        rows = index.rows
        if len(parts[kind]) > 1:
            rows = concatenate_rows(parts[kind])
        found[kind] = replace(
            index,
            edition=edition.no,
            newest=edition.no,
            newest_term=newest_term,
            editions=editions,
            rows=rows,
            live=rows.columns.in_edition(edition.no),
            terms=terms[kind],
        )
    return found


def _update_common_words(db: Session, indexes: dict[str, Index], after: int) -> dict[str, Index]:
    """Add the rows that came after an edition to common words; at most two statements."""
    common = {kind: index.common for kind, index in indexes.items() if index.common}
    if not common:
        return indexes
    more: dict[str, dict[str, BitMap]] = {kind: {} for kind in common}
    words = {word for each in common.values() for word in each.rows}
    for kind, word, seqs in read_rows_with(db, words, Version.opened > after):
        if kind in more:
            more[kind][word] = indexes[kind].slots_of(seqs)
    updated = {
        kind: replace(indexes[kind], common=each.onward(more[kind]))
        for kind, each in common.items()
    }
    return {**indexes, **updated}


def hide_rows(index: Index, ids: Iterable[str]) -> Index:
    """Return the index without records that were purged, in any edition, until it is rebuilt."""
    numbers = [int(id[1:]) for id in ids if id[0] == index.kind]
    purged = np.flatnonzero(np.isin(index.rows.columns.number, numbers))
    index.rows.columns.closed[purged] = 0
    return index.at(index.edition)


def gather_common_words(
    sessions: OpenSession,
    indexes: Mapping[str, Index],
    edition: SelectedEdition,
    pause: Callable[[float], bool],
) -> dict[str, CommonWords] | None:
    """Return the rows of common words by kind; None if `pause` returned true.

    `pause` is called after each statement with its duration in seconds.
    """
    with sessions() as db:
        words = read_common_words(db)
        first, last = db.execute(select(func.min(Version.seq), func.max(Version.seq))).one()
    found = {kind: {word: BitMap() for word in words} for kind in indexes}
    for start in range(first, last + 1, WORD_ROWS_PER_STATEMENT) if words else ():
        began = time.monotonic()
        wanted = and_(
            Version.opened <= edition.no,
            Version.seq.between(start, start + WORD_ROWS_PER_STATEMENT - 1),
        )
        with sessions() as db:
            for kind, word, seqs in read_rows_with(db, words, wanted):
                found[kind][word].update(indexes[kind].slots_of(seqs))
        if pause(time.monotonic() - began):
            return None
    return {kind: CommonWords(rows) for kind, rows in found.items()}


# Reading rows --------------------------------------------------------------------------------


def read_terms(
    db: Session, kind: str, names: Mapping[int, TermPair], known: int, newest: int
) -> Mapping[int, TermPair]:
    """Return the terms of a list by number; `names` has those up to number `known`."""
    if newest == known:
        return names
    new = select(FilterTerm.no, FilterTerm.key, FilterTerm.code).where(
        FilterTerm.no > known, FilterTerm.no <= newest, FilterTerm.key.in_(term_keys(kind))
    )
    return {**names, **{no: (key, code) for no, key, code in db.execute(new)}}


def read_purged_since(db: Session, after: int) -> Sequence[str]:
    """Return the ids of records purged after an edition."""
    return db.scalars(select(PurgedRecord.id).where(PurgedRecord.edition > after)).all()


def read_closed_since(
    db: Session, after: int, edition: SelectedEdition, kinds: Iterable[str]
) -> dict[str, list[tuple[int, Numbers]]]:
    """Return by kind each later edition with the `seq` of earlier rows that it closed."""
    closed = and_(Version.closed > after, Version.closed <= edition.no, Version.opened <= after)
    packed = (
        select(Version.kind, Version.closed, _pack(Version.seq, 8))
        .where(Version.kind.in_(kinds), closed)
        .group_by(Version.kind, Version.closed)
    )
    found: dict[str, list[tuple[int, Numbers]]] = {}
    for kind, no, seqs in execute_binary(db, packed):
        found.setdefault(kind, []).append((no, _unpack(seqs, 8)))
    return found


def read_editions_after(db: Session, after: int) -> Sequence[EditionDay]:
    """Return the editions after another one, with their UTC days."""
    day = func.date(func.timezone("UTC", Edition.at))
    later = select(Edition.no, day).where(Edition.no > after).order_by(Edition.no)
    return [(no, at) for no, at in db.execute(later).all()]


def read_rows_after(
    db: Session,
    edition: SelectedEdition,
    after: int,
    names: Mapping[str, Mapping[int, TermPair]],
    newest: int,
) -> Iterator[tuple[str, ReadRows]]:
    """Yield kind and rows that were opened after one edition and up to another.

    `newest` is the highest number of a term.
    """
    wanted = and_(
        Version.kind.in_(names),
        Version.opened <= edition.no,
        Version.opened > after,
        Version.is_live,
    )
    bounds = select(func.min(Version.seq), func.max(Version.seq))
    if after:
        # With count(), because for min() alone PostgreSQL would scan the index on `seq`.
        bounds = bounds.add_columns(func.count()).where(Version.opened > after)
    first, last = db.execute(bounds).one()[:2]
    listed = {kind: _flags(of_list, newest) for kind, of_list in names.items()}
    for start in range(first or 0, (last or -1) + 1, ROWS_PER_STATEMENT):
        between = Version.seq.between(start, start + ROWS_PER_STATEMENT - 1)
        for kind, packed in _read_part(db, and_(wanted, between)).items():
            yield kind, _to_rows(listed[kind], packed)


Packed = Sequence[bytes]


def _read_part(
    db: Session, wanted: ColumnElement[bool]
) -> dict[str, tuple[Packed, Sequence[Packed]]]:
    """Read by kind the rows of a part, and `seq`, first and last day of their PERIODS."""
    terms = _concatenate_bytes(func.array_send(Version.terms, type_=LargeBinary))
    columns = [_pack(column, 4) for column in COLUMNS.values()]
    rows = select(Version.kind, _pack(Version.seq, 8), terms, *columns).where(wanted)
    found = execute_binary(db, rows.group_by(Version.kind)).all()
    periods: list[dict[str, Packed]] = []
    for column in PERIODS:
        days = select(func.unnest(column).label("days")).correlate(Version).lateral("part")
        each = select(
            Version.kind, _pack(Version.seq, 8), *(_pack(b, 4) for b in _bounds(days.c.days))
        )
        each = each.join(days, true()).where(wanted).group_by(Version.kind)
        periods.append({kind: packed for kind, *packed in execute_binary(db, each)})
    return {
        kind: (packed, [of.get(kind, (b"", b"", b"")) for of in periods]) for kind, *packed in found
    }


def _flags(numbers: Iterable[int], newest: int) -> NDArray[np.bool_]:
    """Return an array that is true at these numbers."""
    flags = np.zeros(newest + 1, dtype=bool)
    flags[[*numbers]] = True
    return flags


def _to_rows(is_listed: NDArray[np.bool_], part: tuple[Packed, Sequence[Packed]]) -> ReadRows:
    """Decode rows, and sort them by `seq`."""
    (seqs, terms, *packed), periods = part
    seq = _unpack(seqs, 8)
    order = np.argsort(seq)
    seq = seq[order]
    columns = {
        name: _unpack(column, 4)[order] for name, column in zip(COLUMNS, packed, strict=True)
    }
    spans, published = (_to_periods(seq, each) for each in periods)
    rows = IndexRows(IndexColumns(seq, **columns), spans, published)
    sent, numbers = _to_terms(terms)
    slot_of = np.empty(len(seq), dtype=np.uint32)
    slot_of[order] = np.arange(len(seq))
    found = is_listed[numbers]
    return ReadRows(rows, slot_of[sent[found]], numbers[found])


def _to_periods(seq: Numbers, packed: Packed) -> Periods:
    """Decode the periods of rows with these `seq`, and sort them by slot."""
    slot = np.searchsorted(seq, _unpack(packed[0], 8)).astype(np.uint32)
    order = np.argsort(slot, kind="stable")
    return Periods(slot[order], *(_unpack(days, 4)[order] for days in packed[1:]))


def _to_terms(packed: bytes) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Decode the terms of rows from PostgreSQL's binary arrays: the row and number of each.

    An array has the header (1, 0, 23, length, 1), or (0, 0, 23) if empty. Each number follows its
    size 4, so the sequence (0, 23) occurs only in headers.
    """
    sent = np.frombuffer(packed, dtype=">i4")
    heads = np.flatnonzero((sent[:-1] == 0) & (sent[1:] == INTEGER_TYPE)) - 1
    first = heads + np.where(sent[heads] == 0, 3, 5)
    counts = (np.append(heads[1:], len(sent)) - first) // 2
    before = np.cumsum(counts) - counts
    start = first - 2 * before + 1
    numbers = sent[np.repeat(start, counts) + 2 * np.arange(counts.sum())]
    return np.repeat(np.arange(len(counts)), counts), numbers


def _pack(column: Any, size: int) -> ColumnElement[bytes]:
    send, type_ = {4: (func.int4send, Integer), 8: (func.int8send, BigInteger)}[size]
    return _concatenate_bytes(send(cast(column, type_), type_=LargeBinary))


def _concatenate_bytes(column: ColumnElement[bytes]) -> ColumnElement[bytes]:
    return func.string_agg(column, literal(b"", LargeBinary), type_=LargeBinary)


def _unpack(packed: bytes, size: int) -> Any:
    return np.frombuffer(packed, dtype=f">i{size}").astype(f"i{size}")


def _ordinal(day: Any) -> ColumnElement[int]:
    """Return SQL for Python's ordinal of a day; null stays null."""
    return cast(cast(day, Date) - cast(literal(date.min), Date), Integer) + 1


def _bounds(
    days: Any, none: tuple[int, int] = (NONE_FIRST, NONE_LAST)
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return SQL for the first and last day of a range: open ends, or `none` if it is missing."""
    is_none = days.is_(None) | func.isempty(days)
    return (
        func.coalesce(_ordinal(func.lower(days)), case((is_none, none[0]), else_=OPEN_START)),
        func.coalesce(_ordinal(func.upper(days)) - 1, case((is_none, none[1]), else_=OPEN_END)),
    )


INTEGER_TYPE = 23
PERIODS = (Version.span, Version.published)
WHOLE_TIME = func.coalesce(Version.surroundings, func.range_merge(Version.lo, Version.hi))
"""SQL: the days that a period must contain to contain the row's whole time; null if undated."""
WHOLE_FIRST, WHOLE_LAST = _bounds(WHOLE_TIME, none=(OPEN_START - 1, OPEN_END + 1))
"""Beyond all days without a whole time, so that even an unbounded period does not contain it."""
SURE_FIRST, SURE_LAST = _bounds(Version.sure)
COLUMNS: dict[str, Any] = {
    "number": Version.number,
    "day": func.coalesce(_ordinal(Version.sort_day), OPEN_END),
    "width": func.coalesce(func.upper(Version.lo) - func.lower(Version.lo), 0),
    "added": Version.added,
    "changed": Version.changed,
    "opened": Version.opened,
    "closed": func.coalesce(Version.closed, NOT_CLOSED),
    "why": func.array_position(cast([*Why], ARRAY(String)), Version.why) - 1,
    "first": _bounds(Version.span)[0],
    "after": func.coalesce(
        _ordinal(func.upper(Version.span)), _ordinal(func.upper(Version.lo)), OPEN_START
    ),
    "whole_first": WHOLE_FIRST,
    "whole_last": WHOLE_LAST,
    "sure_first": SURE_FIRST,
    "sure_last": SURE_LAST,
}
"""SQL of each of `IndexColumns`, without `seq`."""


def no_rows() -> IndexRows:
    days, slots = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.uint32)
    columns = IndexColumns(np.zeros(0, dtype=np.int64), **dict.fromkeys(COLUMNS, days))
    return IndexRows(columns, Periods(slots, days, days), Periods(slots, days, days))
