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
    any_,
    case,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATEMULTIRANGE
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.record.editions import SelectedEdition
from app.record.filters import LISTS
from app.record.index.index import NONE, Index, ListTerms, TermBitmaps, bitmaps_by_place, term_keys
from app.record.index.rows import (
    NONE_FIRST,
    NONE_LAST,
    NOT_CLOSED,
    OPEN_END,
    OPEN_START,
    Days,
    FurtherSpans,
    IndexColumns,
    IndexRows,
    Numbers,
    RowSpans,
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
from app.vocabulary.record import Why

EditionDay = tuple[int, date]
PeriodsColumn = InstrumentedAttribute[Any]
"""A multirange column."""

ROWS_PER_STATEMENT = 50_000


@dataclass(frozen=True)
class ReadRows:
    """Rows with their terms, as pairs of a slot and the place of a term."""

    rows: IndexRows
    slots: Slots
    places: Days


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
    terms = TermBitmaps(ListTerms(), ())
    return {kind: Index(kind, 0, 0, no_rows(), BitMap(), terms, (), 0) for kind in LISTS}


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
    found = _read_on(db, indexes, edition)
    return update_common_words(db, found, after, edition)


def _read_on(
    db: Session, indexes: Mapping[str, Index], edition: SelectedEdition
) -> dict[str, Index]:
    """Return the indexes with the rows, terms and editions that came after those they have."""
    before = next(iter(indexes.values()))
    newest_term = db.scalar(select(func.coalesce(func.max(FilterTerm.no), 0))) or 0
    words = {
        kind: read_terms(db, kind, index.terms.words, index.newest_term, newest_term)
        for kind, index in indexes.items()
    }
    editions = [*before.editions, *read_editions_after(db, before.newest)]
    parts = {kind: [index.rows] for kind, index in indexes.items()}
    terms = {kind: index.terms.onward(words[kind], {}) for kind, index in indexes.items()}
    for kind, new in read_rows_after(db, edition, before.newest, words, newest_term):
        first_slot = np.uint32(sum(map(len, parts[kind])))
        added = bitmaps_by_place(new.slots + first_slot, new.places)
        terms[kind] = terms[kind].onward(words[kind], added)
        parts[kind].append(new.rows)
    found = {}
    for kind, index in indexes.items():
        rows = index.rows
        if len(parts[kind]) > 1:
            rows = concatenate_rows(parts[kind], rows.order)
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


def update_common_words(
    db: Session, indexes: Mapping[str, Index], after: int, edition: SelectedEdition
) -> dict[str, Index]:
    """Update the common words of indexes from an earlier edition; at most two statements."""
    common = {kind: index.common for kind, index in indexes.items() if index.common}
    if not common:
        return dict(indexes)
    more: dict[str, dict[str, BitMap]] = {kind: {} for kind in common}
    words = {word for each in common.values() for word in each.rows}
    for kind, word, seqs in read_rows_with(
        db, words, and_(Version.opened <= edition.no, Version.opened > after)
    ):
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
    lexemes: dict[str, str | None] = {}
    return {kind: CommonWords(rows, lexemes=lexemes) for kind, rows in found.items()}


# Reading rows --------------------------------------------------------------------------------


def read_terms(db: Session, kind: str, words: ListTerms, known: int, newest: int) -> ListTerms:
    """Return the terms of a list: those of `words` first, then new ones up to number `newest`.

    `words` has all terms up to number `known`.
    """
    if newest == known:
        return words
    statement = select(FilterTerm.no, FilterTerm.key, FilterTerm.code).where(
        FilterTerm.no > known, FilterTerm.no <= newest, FilterTerm.key.in_(term_keys(kind))
    )
    new = db.execute(statement.order_by(FilterTerm.no)).all()
    return ListTerms(
        [*words.names, *((key, code) for _no, key, code in new)],
        [*words.numbers, *(no for no, _key, _code in new)],
    )


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
    db: Session, edition: SelectedEdition, after: int, words: Mapping[str, ListTerms], newest: int
) -> Iterator[tuple[str, ReadRows]]:
    """Yield kind and rows that were opened after one edition and up to another.

    `newest` is the highest number of a term.
    """
    wanted = and_(
        Version.kind.in_(words),
        Version.opened <= edition.no,
        Version.opened > after,
        Version.is_live,
    )
    bounds = select(func.min(Version.seq), func.max(Version.seq))
    if after:
        # With count(), because for min() alone PostgreSQL would scan the index on `seq`.
        bounds = bounds.add_columns(func.count()).where(Version.opened > after)
    first, last = db.execute(bounds).one()[:2]
    tables = {kind: _place_table(of_list, newest) for kind, of_list in words.items()}
    for start in range(first or 0, (last or -1) + 1, ROWS_PER_STATEMENT):
        between = Version.seq.between(start, start + ROWS_PER_STATEMENT - 1)
        for kind, packed in _read_part(db, and_(wanted, between)).items():
            yield kind, _to_rows(tables[kind], packed)


Packed = Sequence[bytes]
SeveralPeriods = Sequence[Packed]
"""For each column of PERIODS: `seq`, first and last day of all periods of rows with several."""


def _read_part(
    db: Session, wanted: ColumnElement[bool]
) -> dict[str, tuple[Packed, SeveralPeriods]]:
    """Read a part by kind: one statement for rows, and one for each column with several periods."""
    terms = _concatenate_bytes(func.array_send(Version.terms, type_=LargeBinary))
    columns = [_pack(column, 4) for column in COLUMNS]
    several = [_pack(Version.seq, 8, where=_has_several(periods)) for periods in PERIODS]
    rows = select(Version.kind, *several, _pack(Version.seq, 8), terms, *columns).where(wanted)
    found = execute_binary(db, rows.group_by(Version.kind)).all()
    by_kind = [
        _read_several(db, periods, b"".join(row[at] for row in found))
        for at, periods in enumerate(PERIODS, start=1)
    ]
    return {
        kind: (packed[len(PERIODS) :], [each.get(kind, NO_SEVERAL) for each in by_kind])
        for kind, *packed in found
    }


def _read_several(db: Session, periods: PeriodsColumn, packed: bytes) -> Mapping[str, Packed]:
    """Read by kind all periods of the rows with these `seq`."""
    if not packed:
        return {}
    seqs = _unpack(packed, 8).tolist()
    days = select(func.unnest(periods).label("days")).correlate(Version).lateral("part")
    bounds = [_pack(bound, 4) for bound in _bounds(days.c.days)]
    read = select(Version.kind, _pack(Version.seq, 8), *bounds).join(days, true())
    read = read.where(
        Version.seq == any_(cast(literal(seqs, ARRAY(BigInteger)), ARRAY(BigInteger)))
    )
    return {kind: packed for kind, *packed in execute_binary(db, read.group_by(Version.kind))}


def _place_table(words: ListTerms, newest: int) -> Days:
    """Return the place of each term by its number; NONE for terms of other lists."""
    table = np.full(newest + 1, NONE, dtype=np.int32)
    table[words.numbers] = np.arange(len(words.numbers))
    return table


def _to_rows(places: Days, part: tuple[Packed, SeveralPeriods]) -> ReadRows:
    """Decode rows, and sort them by `seq`."""
    (seqs, terms, *rest), several = part
    seq = _unpack(seqs, 8)
    order = np.argsort(seq)
    seq = seq[order]
    *columns, first, last, published_first, published_last = [
        _unpack(column, 4)[order] for column in rest
    ]
    rows = IndexRows(
        _to_columns(seq, columns, first, last),
        _to_spans(RowSpans(first, last, NO_FURTHER), several[0], seq),
        _to_spans(RowSpans(published_first, published_last, NO_FURTHER), several[1], seq),
    )
    sent, numbers = _to_terms(terms)
    slot_of = np.empty(len(seq), dtype=np.uint32)
    slot_of[order] = np.arange(len(seq))
    found = places[numbers]
    return ReadRows(rows, slot_of[sent[found != NONE]], found[found != NONE])


def _to_columns(seq: Numbers, columns: Sequence[Days], first: Days, last: Days) -> IndexColumns:
    (
        number,
        day,
        added,
        changed,
        opened,
        closed,
        why,
        lo_first,
        lo_last,
        whole_first,
        whole_last,
        sure_first,
        sure_last,
    ) = columns
    last_start = np.where(
        (lo_first != NONE_FIRST) & (lo_last < OPEN_END), lo_last + 1, OPEN_START
    ).astype(np.int32)
    width = np.where((lo_first > OPEN_START) & (last_start > OPEN_START), last_start - lo_first, 0)
    is_whole = whole_first != NONE_FIRST
    return IndexColumns(
        seq=seq,
        number=number,
        day=day,
        width=width.astype(np.int32),
        added=added,
        changed=changed,
        opened=opened,
        closed=closed,
        why=why,
        after=np.where((first != NONE_FIRST) & (last < OPEN_END), last + 1, last_start),
        # Beyond EVER and NEVER, so that even an unbounded period does not contain them.
        whole_first=np.where(is_whole, whole_first, OPEN_START - 1).astype(np.int32),
        whole_last=np.where(is_whole, whole_last, OPEN_END + 1).astype(np.int32),
        sure_first=sure_first,
        sure_last=sure_last,
    )


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


def _to_spans(own: RowSpans, several: Packed, seq: Numbers) -> RowSpans:
    """Replace the periods of rows that have several; `own` has one for each of the sorted `seq`."""
    seqs, first, last = several
    slots = np.searchsorted(seq, _unpack(seqs, 8)).astype(np.uint32)
    by_slot = np.argsort(slots, kind="stable")
    return own.with_several(_unpack(first, 4)[by_slot], _unpack(last, 4)[by_slot], slots[by_slot])


def _pack(column: Any, size: int, where: ColumnElement[bool] | None = None) -> ColumnElement[bytes]:
    send, type_ = {4: (func.int4send, Integer), 8: (func.int8send, BigInteger)}[size]
    return _concatenate_bytes(send(cast(column, type_), type_=LargeBinary), where)


def _concatenate_bytes(
    column: ColumnElement[bytes], where: ColumnElement[bool] | None = None
) -> ColumnElement[bytes]:
    each = func.string_agg(column, literal(b"", LargeBinary), type_=LargeBinary)
    return func.coalesce(each if where is None else each.filter(where), b"")


def _unpack(packed: bytes, size: int) -> Any:
    return np.frombuffer(packed, dtype=f">i{size}").astype(f"i{size}")


def _ordinal(day: Any) -> ColumnElement[int]:
    """Return SQL for Python's ordinal of a day; null stays null."""
    return cast(cast(day, Date) - cast(literal(date.min), Date), Integer) + 1


def _bounds(days: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return SQL for the first and last day of a range or multirange.

    EVER and NEVER if open, NONE_FIRST and NONE_LAST if missing or empty.
    """
    is_none = days.is_(None) | func.isempty(days)
    return (
        func.coalesce(_ordinal(func.lower(days)), case((is_none, NONE_FIRST), else_=OPEN_START)),
        func.coalesce(_ordinal(func.upper(days)) - 1, case((is_none, NONE_LAST), else_=OPEN_END)),
    )


def _has_several(periods: PeriodsColumn) -> ColumnElement[bool]:
    return cast(func.range_merge(periods), DATEMULTIRANGE) != periods


INTEGER_TYPE = 23
PERIODS = (Version.span, Version.published)
WHOLE_TIME = func.coalesce(Version.surroundings, func.range_merge(Version.lo, Version.hi))
"""SQL: the days that a period must contain to contain the row's whole time; null if undated."""
RANGES = (Version.lo, WHOLE_TIME, Version.sure)
COLUMNS = (
    Version.number,
    func.coalesce(_ordinal(Version.sort_day), OPEN_END),
    Version.added,
    Version.changed,
    Version.opened,
    func.coalesce(Version.closed, NOT_CLOSED),
    func.array_position(cast([*Why], ARRAY(String)), Version.why) - 1,
    *(bound for days in (*RANGES, *PERIODS) for bound in _bounds(days)),
)
NO_DAYS: Days = np.zeros(0, dtype=np.int32)
NO_SEQS: Numbers = np.zeros(0, dtype=np.int64)
NO_FURTHER = FurtherSpans(NO_DAYS, NO_DAYS, np.zeros(0, dtype=np.uint32))
NO_SPANS = RowSpans(NO_DAYS, NO_DAYS, NO_FURTHER)
NO_SEVERAL = (b"", b"", b"")


def no_rows() -> IndexRows:
    columns = [NO_DAYS] * (len(COLUMNS) - 2 * len(PERIODS))
    return IndexRows(_to_columns(NO_SEQS, columns, NO_DAYS, NO_DAYS), NO_SPANS, NO_SPANS)
