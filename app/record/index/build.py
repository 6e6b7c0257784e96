"""Builds the indexes from the rows of all editions, updates them, and reads common words.

PostgreSQL packs the numbers, days and terms of many rows into a few values, which numpy decodes. An
update appends new rows; when there are many later rows, all rows are sorted again.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

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
from app.record.index.bin_bitmaps import bin_bitmaps
from app.record.index.common import (
    WORD_ROWS_PER_STATEMENT,
    CommonWords,
    drop_rarest_words,
    read_common_words,
    read_rows_with,
)
from app.record.index.index import Index
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
    TermLists,
    bitmap_of_unsorted,
    concatenate_rows,
    slots_in,
    smallest_integers,
)
from app.record.index.terms import (
    MAX_CODES_IN_SHARED_LIST,
    NONE,
    NOTHING,
    ListTerms,
    TermBitmaps,
    bitmaps_by_place,
    term_keys,
)
from app.record.models import Edition, FilterTerm, PurgedRecord, Version
from app.record.sql.conditions import WHOLE_TIME
from app.record.sql.streaming import OpenSession, execute_binary
from app.vocabulary.record import Why

EditionDay = tuple[int, date]
PeriodsColumn = InstrumentedAttribute[Any]
"""A multirange column."""
FindPlaces = Callable[[Numbers], NDArray[np.signedinteger]]
"""Returns the places of terms by their numbers; NONE for terms of other lists."""
T = TypeVar("T")

ROWS_PER_STATEMENT = 50_000
MIN_LATER_ROWS_TO_SORT = 5_000
"""An index is sorted again when it has more later rows than this and than SHARE_TO_SORT."""
MIN_SHARE_TO_SORT = 0.02


def build_index(db: Session, edition: SelectedEdition, kind: str) -> Index:
    """Build the index of one kind up to an edition, which is selected."""
    return build_indexes(db, edition, [kind])[kind]


def build_indexes(
    db: Session, edition: SelectedEdition, kinds: Iterable[str] = LISTS
) -> dict[str, Index]:
    """Build the indexes of several kinds together: reading one kind scans the rows of all."""
    newest = db.scalar(select(NEWEST_TERM)) or 0
    words = {kind: read_terms(db, kind, NO_WORDS, 0, newest) for kind in kinds}
    editions, read = read_editions_after(db, 0), read_rows_after(db, edition, 0, words, newest)
    found = {}
    for kind, of_list in words.items():
        # pop() frees the rows of one kind before the next is sorted, which needs memory for a copy.
        rows = read.pop(kind)
        rows = rows.at(rows.in_order())
        found[kind] = _sorted_index(
            kind,
            _without_counted_lists(rows),
            bitmaps_by_place(of_list, rows.lists),
            of_list,
            edition=edition.no,
            newest_term=newest,
            editions=editions,
        )
    return found


def empty_indexes() -> dict[str, Index]:
    """Return indexes without rows."""
    rows = _without_counted_lists(no_rows(NO_WORDS))
    return {
        kind: _sorted_index(kind, rows, {}, NO_WORDS, edition=0, newest_term=0, editions=())
        for kind in LISTS
    }


def update_index(db: Session, index: Index, edition: SelectedEdition) -> Index:
    """Update the index of one kind to a later edition."""
    return update_indexes(db, {index.kind: index}, edition)[index.kind]


def update_indexes(
    db: Session, indexes: Mapping[str, Index], edition: SelectedEdition
) -> dict[str, Index]:
    """Update the indexes of several kinds to a later edition, with few statements."""
    after = next(iter(indexes.values())).newest
    since = read_other_changes(db, after)
    if since.purged or not all(index.terms.names for index in indexes.values()):
        # A purge overwrites closed rows too, so the changed rows can't be found. Without terms, it
        # is unknown which keys have many codes.
        return build_indexes(db, edition, indexes)
    words = {
        kind: read_terms(db, kind, index.terms.words, index.newest_term, since.newest_term)
        for kind, index in indexes.items()
    }
    closed, new_rows = (
        read_closed_since(db, after, edition, indexes),
        read_rows_after(db, edition, after, words, since.newest_term),
    )
    editions = read_editions_after(db, after)
    found = {
        kind: _update(
            replace(
                index,
                edition=edition.no,
                newest=edition.no,
                newest_term=since.newest_term,
                editions=[*index.editions, *editions],
            ),
            words[kind],
            closed.get(kind, ()),
            new_rows[kind],
        )
        for kind, index in indexes.items()
    }
    return (
        update_common_words(db, found, after, edition)
        if any(map(len, new_rows.values()))
        else found
    )


def update_common_words(
    db: Session, indexes: Mapping[str, Index], after: int, edition: SelectedEdition
) -> dict[str, Index]:
    """Update the common words of indexes from an earlier edition; at most two statements."""
    # An index that was sorted since has none, because its rows have other slots.
    common = {kind: index.common for kind, index in indexes.items() if index.common}
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


def _update(
    index: Index, words: ListTerms, closed: Iterable[tuple[int, Numbers]], new_rows: IndexRows
) -> Index:
    """Return the index with some rows closed and others appended."""
    live = index.live
    for no, seqs in closed:
        slots = index.slots_of(seqs)
        index.rows.columns.closed[slots_in(slots)] = no
        live = live - slots
    if not len(new_rows) and words is index.terms.words:
        return replace(index, live=live)
    new_rows = new_rows.at(new_rows.in_order())
    count = len(index.rows)
    rows = index.rows.onward(_without_counted_lists(new_rows))
    live = live | new_rows.columns.in_edition(index.edition).shift(count)
    # Later rows have a higher `seq`, because publish() holds a lock.
    by_seq = _slots_by_seq(new_rows)
    found = replace(
        index,
        rows=rows,
        tail=_sorted_tail(rows, index.sorted),
        live=live,
        terms=index.terms.onward(words, bitmaps_by_place(words, new_rows.lists, count), rows.lists),
        bins=index.bins.onward(bin_bitmaps(new_rows, count)),
        by_seq=np.concatenate([index.by_seq, by_seq + np.uint32(count)]),
        seqs=np.concatenate([index.seqs, new_rows.columns.seq[by_seq]]),
    )
    return (
        sort_index(found)
        if len(found.tail) > max(MIN_LATER_ROWS_TO_SORT, MIN_SHARE_TO_SORT * len(rows))
        else found
    )


def hide_rows(index: Index, ids: Iterable[str]) -> Index:
    """Return the index without records that were purged, in any edition, until it is rebuilt."""
    numbers = [int(id[1:]) for id in ids if id[0] == index.kind]
    purged = np.flatnonzero(np.isin(index.rows.columns.number, numbers))
    index.rows.columns.closed[purged] = 0
    return index.at(index.edition)


def sort_index(index: Index) -> Index:
    """Return the index with all rows sorted."""
    order = index.rows.in_order()
    place = np.empty(len(index.rows), dtype=np.uint32)
    place[order] = np.arange(len(order), dtype=np.uint32)
    rows, words = index.rows.at(order), index.terms.words
    counted = {
        term: bitmap_of_unsorted(place[slots_in(index.terms.rows[term])])
        for term in words.places[words.of_counted].tolist()
    }
    sets = {**bitmaps_by_place(words, rows.lists), **counted}
    return _sorted_index(
        index.kind,
        rows,
        sets,
        words,
        edition=index.edition,
        newest_term=index.newest_term,
        editions=index.editions,
    )


def _without_counted_lists(rows: IndexRows) -> IndexRows:
    """Drop the row-by-row terms of keys without a facet; their bitmaps are enough."""
    return replace(rows, lists=rows.lists[:-1])


def _sorted_index(
    kind: str,
    rows: IndexRows,
    sets: Mapping[int, BitMap],
    words: ListTerms,
    *,
    edition: int,
    newest_term: int,
    editions: Sequence[EditionDay],
) -> Index:
    """Return the index of sorted rows; `sets` are the slots of each term."""
    found = [sets.get(place, NOTHING) for place in range(len(words.names))]
    by_seq = _slots_by_seq(rows)
    return Index(
        kind=kind,
        edition=edition,
        newest=edition,
        rows=rows,
        sorted=len(rows),
        tail=_sorted_tail(rows, len(rows)),
        live=rows.columns.in_edition(edition),
        terms=TermBitmaps(
            words, found, rows.lists, np.array([len(each) for each in found], dtype=np.int64)
        ),
        bins=bin_bitmaps(rows),
        editions=editions,
        by_seq=by_seq,
        seqs=rows.columns.seq[by_seq],
        newest_term=newest_term,
    )


def _sorted_tail(rows: IndexRows, first: int) -> Slots:
    columns = rows.columns
    order = np.lexsort((columns.number[first:], -columns.width[first:], columns.day[first:]))
    return (order + first).astype(np.uint32)


def _slots_by_seq(rows: IndexRows) -> Slots:
    return np.argsort(rows.columns.seq, kind="stable").astype(np.uint32)


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
        drop_rarest_words(found)
        words = [word for word in words if word in next(iter(found.values()))]
        if pause(time.monotonic() - began):
            return None
    lexemes: dict[str, str | None] = {}
    for rows in found.values():
        for each in rows.values():
            each.run_optimize()
            each.shrink_to_fit()
    return {kind: CommonWords(rows, lexemes=lexemes) for kind, rows in found.items()}


# Reading rows --------------------------------------------------------------------------------


def read_terms(db: Session, kind: str, words: ListTerms, known: int, newest: int) -> ListTerms:
    """Return the terms of a list: those of `words` first, then new ones up to number `newest`.

    `words` has all terms up to number `known`.
    """
    if newest == known:
        return words
    listed, counted = term_keys(kind), LISTS[kind].COUNTED
    statement = select(FilterTerm.no, FilterTerm.key, FilterTerm.code).where(
        FilterTerm.no > known, FilterTerm.no <= newest, FilterTerm.key.in_(listed)
    )
    new = db.execute(statement.order_by(FilterTerm.no)).all()
    if not new:
        return words
    names = [*words.names, *((key, code) for _no, key, code in new)]
    numbers = np.append(words.numbers, np.array([no for no, _key, _code in new], dtype=np.int32))
    # Rows are stored by list, so a key stays in its list until the index is rebuilt.
    codes = Counter(key for key, _code in names)
    wide = [
        key
        for key, count in sorted(codes.items())
        if count > MAX_CODES_IN_SHARED_LIST and key not in counted
    ]
    return ListTerms(names, numbers, frozenset(counted), words.wide if words.names else wide)


@dataclass(frozen=True)
class OtherChanges:
    """Changes since an edition, other than rows."""

    purged: Sequence[str]
    """Ids of purged records."""
    newest_term: int


def read_other_changes(db: Session, after: int) -> OtherChanges:
    purged = select(PurgedRecord.id).where(PurgedRecord.edition > after)
    ids = func.array(purged.scalar_subquery(), type_=ARRAY(String))
    return OtherChanges(*db.execute(select(ids, NEWEST_TERM)).one())


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
) -> dict[str, IndexRows]:
    """Return by kind the rows that were opened after one edition and up to another, unsorted.

    `newest` is the highest number of a term.
    """
    wanted = and_(Version.kind.in_(words), Version.opened <= edition.no, Version.is_live)
    if after:
        wanted = and_(wanted, Version.opened > after)
    bounds = select(func.min(Version.seq), func.max(Version.seq))
    if after:
        # With count(), because for min() alone PostgreSQL would scan the index on `seq`.
        bounds = bounds.add_columns(func.count()).where(Version.opened > after)
    first, last = db.execute(bounds).one()[:2]
    starts = range(first or 0, (last or -1) + 1, ROWS_PER_STATEMENT)
    parts_wanted = [
        and_(wanted, Version.seq.between(start, start + ROWS_PER_STATEMENT - 1)) for start in starts
    ]
    found = {kind: [no_rows(of_list)] for kind, of_list in words.items()}
    find: dict[str, FindPlaces] = {
        kind: partial(_search_places, of_list.numbers)
        if after
        else _place_table(of_list.numbers, newest).__getitem__
        for kind, of_list in words.items()
    }
    for part in _read_ahead(lambda part: _read_part(db, part), parts_wanted):
        for kind, packed in part.items():
            found[kind].append(_to_rows(words[kind], find[kind], packed))
    return {kind: concatenate_rows(parts) for kind, parts in found.items()}


def _read_ahead(
    read: Callable[[ColumnElement[bool]], T], parts: Sequence[ColumnElement[bool]]
) -> Iterator[T]:
    """Yield results in order; the database reads the next part while the last one is processed."""
    if len(parts) == 1:
        yield read(parts[0])
        return
    with ThreadPoolExecutor(1, "index") as executor:
        next_part: Future[T] | None = None
        for part in parts:
            found, next_part = next_part, executor.submit(read, part)
            if found:
                yield found.result()
        if next_part:
            yield next_part.result()


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


def _search_places(numbers: NDArray[np.int32], terms: Numbers) -> NDArray[np.signedinteger]:
    places = np.searchsorted(numbers, terms)
    return np.where(np.append(numbers, NONE)[places] == terms, places, NONE)


def _place_table(numbers: NDArray[np.int32], newest: int) -> NDArray[np.signedinteger]:
    """Return the place of each term number as a table: faster than a search for many terms."""
    table = np.full(newest + 1, NONE, dtype=np.min_scalar_type(-len(numbers) - 1))
    table[numbers] = np.arange(len(numbers))
    return table


def _to_rows(words: ListTerms, find: FindPlaces, part: tuple[Packed, SeveralPeriods]) -> IndexRows:
    (seqs, terms, *rest), several = part
    seq = _unpack(seqs, 8)
    *columns, first, last, published_first, published_last = [_unpack(column, 4) for column in rest]
    return IndexRows(
        _to_columns(seq, columns, first, last),
        _to_spans(RowSpans(first, last, NO_FURTHER), several[0], seq),
        _to_spans(RowSpans(published_first, published_last, NO_FURTHER), several[1], seq),
        _to_lists(terms, words, find),
    )


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
        seq=smallest_integers(seq),
        number=number,
        day=day,
        # A signed type, because rows are sorted by its negative.
        width=width.astype(np.min_scalar_type(-int(width.max(initial=0)) - 1)),
        added=smallest_integers(added),
        changed=smallest_integers(changed),
        opened=smallest_integers(opened),
        closed=closed,
        why=why.astype(np.int8),
        after=np.where((first != NONE_FIRST) & (last < OPEN_END), last + 1, last_start),
        # Beyond EVER and NEVER, so that even an unbounded period does not contain them.
        whole_first=np.where(is_whole, whole_first, OPEN_START - 1).astype(np.int32),
        whole_last=np.where(is_whole, whole_last, OPEN_END + 1).astype(np.int32),
        sure_first=sure_first,
        sure_last=sure_last,
    )


def _to_lists(packed: bytes, words: ListTerms, find: FindPlaces) -> list[TermLists]:
    """Decode the terms of each row from PostgreSQL's binary arrays.

    An array has the header (1, 0, 23, length, 1), or (0, 0, 23) if empty. Each number follows its
    size 4, so the sequence (0, 23) occurs only in headers.
    """
    sent = np.frombuffer(packed, dtype=">i4")
    heads = np.flatnonzero((sent[:-1] == 0) & (sent[1:] == INTEGER_TYPE)) - 1
    first = heads + np.where(sent[heads] == 0, 3, 5)
    counts = (np.append(heads[1:], len(sent)) - first) // 2
    before = np.cumsum(counts) - counts
    start = (first - 2 * before + 1).astype(np.int32)
    terms = sent[np.repeat(start, counts) + 2 * np.arange(counts.sum(), dtype=np.int32)]
    places = find(terms)
    rows = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    listed = np.append(words.listed, NONE)[places]  # NONE is the last place, too

    def of_list(list_: int) -> TermLists:
        which = listed == list_
        within = words.within[places[which]].astype(_smallest_type(words, list_))
        return TermLists.of(np.bincount(rows[which], minlength=len(counts)), within)

    return [of_list(list_) for list_ in words.lists]


def _smallest_type(words: ListTerms, list_: int) -> np.dtype[Any]:
    """Return the smallest type for the terms of a list: one byte for up to 256."""
    return np.min_scalar_type(max(0, words.codes[list_] - 1))


def _to_spans(own: RowSpans, several: Packed, seq: Numbers) -> RowSpans:
    """Replace the periods of rows that have several; `own` has one for each row of `seq`."""
    seqs, first, last = several
    order = np.argsort(seq)
    slots = order[np.searchsorted(seq, _unpack(seqs, 8), sorter=order)].astype(np.uint32)
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


NEWEST_TERM = select(func.coalesce(func.max(FilterTerm.no), 0)).scalar_subquery()
INTEGER_TYPE = 23
PERIODS = (Version.span, Version.published)
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
NO_WORDS = ListTerms((), NO_DAYS)


def no_rows(words: ListTerms) -> IndexRows:
    return IndexRows(
        _to_columns(NO_SEQS, [NO_DAYS] * (len(COLUMNS) - 2 * len(PERIODS)), NO_DAYS, NO_DAYS),
        NO_SPANS,
        NO_SPANS,
        [
            TermLists.of(
                np.zeros(0, dtype=np.int64), np.zeros(0, dtype=_smallest_type(words, list_))
            )
            for list_ in words.lists
        ],
    )
