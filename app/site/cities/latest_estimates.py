"""The latest estimate, range, number of estimates and number of events of each place.

With the index, only candidates for the latest estimate are read from the database.
Past editions may have rows without the needed terms, so all their rows are read.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.caches import Cache
from app.record.editions import count_purges
from app.record.index import Index
from app.record.index.edition import IndexedEdition
from app.record.index.rows import OPEN_END, OPEN_START, slots_in
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.site.components.headcounts import (
    NOT_OF_PLACES,
    RANGE_PERIOD,
    STOCK_FILTERS,
    StockRange,
    headline,
    newest_of_any_kind,
    newest_parts,
    newest_wholes,
    of_same_month,
    stock_range,
)
from app.vocabulary.estimates import FigureRole, Rivalry
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS
from app.vocabulary.record import SETTLEMENTS


@dataclass(frozen=True)
class LatestOfPlace:
    """The latest estimates for the whole, with range, for parts, and one of any kind without."""

    newest: ListRow | None = None
    """The latest estimate of people present that is for the whole of the place."""
    month: Sequence[ListRow] = ()
    """The others of its month, shown with it."""
    extremes: StockRange | None = None
    others: Sequence[ListRow] = ()
    """The latest estimates for the whole of other nationalities."""
    parts: Sequence[ListRow] = ()
    """The latest estimates for a part of the people present."""
    other: ListRow | None = None
    """The latest estimate of any kind, if there is none for the whole."""


@dataclass(frozen=True)
class EstimateSummary:
    """The estimates of one place: counts, and the latest ones."""

    count: int
    conflicts: int
    differs: int
    latest: LatestOfPlace

    @property
    def cache_key(self) -> Hashable:
        """Everything that a row of the table is made of."""
        found = self.latest
        groups = (found.month, found.others, found.parts)
        rows = (row and row.seq for row in (found.newest, found.other, *chain(*groups)))
        return self.count, self.conflicts, self.differs, found.extremes, *map(len, groups), *rows


@dataclass(frozen=True)
class PlaceCounts:
    figures: Mapping[str, EstimateSummary]
    """By the place that is named itself, not the places within or around it."""
    events: Mapping[str, int]
    """Number of events in each place, including the places within it."""
    elsewhere: Mapping[str, int]
    """Number of events that name no city or town, by named place."""


MAX_PARTS = 3
"""Parts of a place that are named in its row."""


PLACES_CACHE: Cache[PlaceCounts] = Cache("directories")
LATEST_CACHE: Cache[LatestOfPlace] = Cache("cards")
"""Keyed by place and candidate rows: an edition changes those of few places."""


def count_places(db: Session, edition: IndexedEdition, directory: Directory) -> PlaceCounts:
    """Return the counts of all places, cached by edition."""
    # A purge changes past editions without a new edition, so the key has the number of purges.
    purges = count_purges(db)
    return PLACES_CACHE.of(
        (edition.no, purges, directory), lambda: _build_of_places(db, edition, directory, purges)
    )


def _build_of_places(
    db: Session, edition: IndexedEdition, directory: Directory, purges: int
) -> PlaceCounts:
    events, figures = (edition.indexes[kind] for kind in CITING_KINDS)
    towns = [code for code in directory.places if directory.kind_of_place(code) in SETTLEMENTS]
    others = events.live - events.terms.any_of("place", towns)
    named = {
        code: others.intersection_cardinality(rows) for code, rows in events.terms.each("names")
    }
    return PlaceCounts(
        figures=_figures_by_place(db, figures, (directory, purges)),
        events=events.term_counts.of("place"),
        elsewhere={code: count for code, count in named.items() if count},
    )


def _figures_by_place(
    db: Session, index: Index, key: tuple[Hashable, ...]
) -> Mapping[str, EstimateSummary]:
    terms = index.terms
    is_stock = BitMap.intersection(
        *(terms.any_of(key, codes) for key, codes in STOCK_FILTERS.included.items())
    )
    rejected, superseded = (
        terms.of("uses", f"standing:{role}")
        for role in (FigureRole.REJECTED, FigureRole.SUPERSEDED)
    )
    nationalities = [
        rows for code, rows in terms.each("uses") if code.startswith(f"{TermKey.NATIONALITY}:")
    ]
    # Rows of older releases don't say whether they are for the whole.
    stated = (rows for _code, rows in terms.each("coverage"))
    unstated = index.live - BitMap.union(BitMap(), *stated)
    named = ((code, rows & index.live) for code, rows in terms.each("names"))
    own = {code: rows for code, rows in named if rows}
    candidates = {
        code: index.seqs_of(rows)
        if rows.intersect(unstated)
        else _candidates(
            index,
            rows - rejected,
            _Stocks(
                rows & is_stock - rejected - terms.of("elsewhere", code),
                terms.of("whole-at", code),
                superseded,
                terms.of("low-grade", "yes"),
            ),
            nationalities,
        )
        for code, rows in own.items()
    }
    latest = LATEST_CACHE.of_each(
        {code: (*key, code, *seqs) for code, seqs in candidates.items()},
        lambda codes: _latest_by_place(db, {code: candidates[code] for code in codes}),
    )
    conflicts, differs = (
        terms.of("conflict", code) for code in (Rivalry.CONFLICTS, Rivalry.DIFFERS)
    )
    return {
        code: EstimateSummary(
            len(rows),
            rows.intersection_cardinality(conflicts),
            rows.intersection_cardinality(differs),
            latest[code],
        )
        for code, rows in own.items()
    }


def _latest_by_place(
    db: Session, candidates: Mapping[str, Sequence[int]]
) -> Mapping[str, LatestOfPlace]:
    """Return the latest estimates of these places. Runs two SQL statements."""
    rows = _rows_without_citations(db, [seq for seqs in candidates.values() for seq in seqs])
    latest = {
        code: _latest_of([rows[seq] for seq in seqs if seq in rows], code)
        for code, seqs in candidates.items()
    }
    wanted = [
        row.seq
        for found in latest.values()
        for row in (found.newest, found.other, *found.month, *found.others, *found.parts)
        if row and row.seq
    ]
    full_rows = backend.rows_by_seq(db, wanted)
    return {
        code: LatestOfPlace(
            _full_row(found.newest, full_rows),
            [full for row in found.month if (full := _full_row(row, full_rows))],
            found.extremes,
            [full for row in found.others if (full := _full_row(row, full_rows))],
            [full for row in found.parts if (full := _full_row(row, full_rows))],
            _full_row(found.other, full_rows),
        )
        for code, found in latest.items()
    }


@dataclass(frozen=True)
class _Stocks:
    """The estimates of people present in a place that are not rejected."""

    rows: BitMap
    for_the_whole: BitMap
    superseded: BitMap
    low_grade: BitMap


def _candidates(
    index: Index, rows: BitMap, stocks: _Stocks, nationalities: Sequence[BitMap]
) -> list[int]:
    """Return the `seq` of estimates that may be the latest for the whole, or in its range.

    Added are those that may be among the latest parts, and where there may be none for the whole,
    those that may be the latest of any kind.
    """
    found: dict[int, None] = {}
    # A superseded estimate is never the latest, even if it has the latest date.
    wholes = stocks.rows & stocks.for_the_whole
    latest = OPEN_START
    for group in _split(wholes, nationalities):
        day = _day_of_newest(index, group - stocks.superseded, stocks.low_grade)
        latest = max(latest, day)
        found |= dict.fromkeys(_true_since(index, group, day - RANGE_PERIOD.days))
    parts = stocks.rows - stocks.for_the_whole - stocks.superseded
    found |= dict.fromkeys(_true_since(index, parts, _latest_day(index, parts, MAX_PARTS)))
    if latest == OPEN_START:
        others = rows - stocks.superseded
        for key, codes in NOT_OF_PLACES.items():
            others -= index.terms.any_of(key, codes)
        day = _day_of_newest(index, others, stocks.low_grade)
        found |= dict.fromkeys(_true_since(index, others, day))
    return list(found)


def _split(rows: BitMap, by: Sequence[BitMap]) -> list[BitMap]:
    """Split rows into those that have the same of these terms."""
    groups = [rows] if rows else []
    for having in by:
        if rows.intersect(having):
            groups = [part for group in groups for part in (group & having, group - having) if part]
    return groups


def _day_of_newest(index: Index, rows: BitMap, low_grade: BitMap) -> int:
    day = _latest_day(index, rows - low_grade)
    return day if day != OPEN_START else _latest_day(index, rows)


def _latest_day(index: Index, rows: BitMap, most: int = 1) -> int:
    """Return the first possible day of the row that is `most`-th by it; EVER if none has one."""
    first = index.rows.spans.first[slots_in(rows)]
    dated = np.sort(first[first < OPEN_END])
    return int(dated[-most]) if len(dated) >= most else OPEN_START


def _true_since(index: Index, rows: BitMap, day: int) -> list[int]:
    """Return the `seq` of rows that may be true on or after a day, or have no known start."""
    columns, slots = index.rows.columns, slots_in(rows)
    after = columns.after[slots]
    found: list[int] = columns.seq[slots[(after > day) | (after == OPEN_START)]].tolist()
    return found


WITHOUT_CITATIONS = select(
    Version.seq,
    Version.id,
    Version.number,
    Version.payload["form"].op("-")("citations").label("form"),
    Version.payload["whole_at"].label("whole_at"),
    Version.payload["certainty"].label("certainty"),
    Version.payload["is_of_low_grade"].label("is_of_low_grade"),
).where(*record_rows.IS_LIVE_BY_SEQ)
"""Leaves out citations, which are the largest part of a row."""


def _rows_without_citations(db: Session, seqs: Sequence[int]) -> Mapping[int, ListRow]:
    rows = db.execute(WITHOUT_CITATIONS, {"seqs": seqs})
    return {
        seq: ListRow(seq, id, number, payload, (), None, None, None, None, 0, 0)
        for seq, id, number, form, whole_at, certainty, is_of_low_grade in rows
        for payload in [
            {"form": form, "certainty": certainty, "is_of_low_grade": is_of_low_grade}
            | ({} if whole_at is None else {"whole_at": whole_at})
        ]
    }


def _full_row(row: ListRow | None, full_rows: Mapping[int, ListRow]) -> ListRow | None:
    return full_rows.get(row.seq) if row and row.seq else None


def _latest_of(rows: Sequence[ListRow], code: str) -> LatestOfPlace:
    wholes = newest_wholes(rows, code)
    newest = headline(wholes)
    return LatestOfPlace(
        newest,
        of_same_month(newest, rows, code)[1:] if newest else [],
        stock_range(rows, newest, code) if newest else None,
        [row for row in wholes if row is not newest][:MAX_PARTS],
        newest_parts(rows, code)[:MAX_PARTS],
        None if newest else newest_of_any_kind(rows),
    )
