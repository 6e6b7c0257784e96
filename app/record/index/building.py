"""Builds the index from the rows of all editions, or updates it to a later edition.

An update appends new rows. When there are many later rows, all rows are sorted again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from pyroaring import BitMap
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.filters import LISTS
from app.record.index.bin_bitmaps import bin_bitmaps
from app.record.index.common import read_rows_with
from app.record.index.index import Index
from app.record.index.reading import (
    NEWEST_TERM,
    NO_WORDS,
    EditionDay,
    no_rows,
    read_closed_since,
    read_editions_after,
    read_other_changes,
    read_rows_after,
    read_terms,
)
from app.record.index.rows import IndexRows, Numbers, Slots, bitmap_of_unsorted, slots_in
from app.record.index.terms import NOTHING, ListTerms, TermBitmaps, bitmaps_by_place
from app.record.models import Version

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
    append, by_seq = index.rows.room.append, _slots_by_seq(new_rows)
    found = replace(
        index,
        rows=rows,
        tail=_sorted_tail(rows, index.sorted),
        live=live,
        terms=index.terms.onward(words, bitmaps_by_place(words, new_rows.lists, count), rows.lists),
        bins=index.bins.onward(bin_bitmaps(new_rows, count)),
        by_seq=append("by_seq", index.by_seq, by_seq + np.uint32(count)),
        seqs=append("seqs", index.seqs, new_rows.columns.seq[by_seq]),
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
