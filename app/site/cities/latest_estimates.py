"""The latest estimate, range, number of estimates and number of events of each place.

With the index, only candidates for the latest estimate are read from the database.
Past editions may have rows without the needed terms, so all their rows are read.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition, count_purges
from app.record.index import Index
from app.record.index.rows import OPEN_END, OPEN_START, slots_in
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import estimate_form, estimate_payload, named_place_codes
from app.record.rules.containment import place_and_ancestors
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.site.components.headcounts import (
    RANGE_PERIOD,
    STOCK_FILTERS,
    StockRange,
    newest_of_any_kind,
    newest_stock,
    stock_range,
)
from app.vocabulary.estimates import FigureRole, Rivalry
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.vocabulary.record import SETTLEMENTS
from app.web.render_cache import RenderCache


@dataclass(frozen=True)
class EstimateSummary:
    """The estimates of one place: counts, and the latest ones."""

    count: int
    conflicts: int
    differs: int
    newest: ListRow | None
    """The latest estimate of workers present."""
    extremes: StockRange | None
    other: ListRow | None
    """The latest estimate of another kind, if there is none of workers present."""

    @property
    def cache_key(self) -> Hashable:
        """Everything that a row of the table is made of."""
        rows = (row and row.seq for row in (self.newest, self.other))
        return self.count, self.conflicts, self.differs, self.extremes, *rows


@dataclass(frozen=True)
class PlaceCounts:
    figures: Mapping[str, EstimateSummary]
    """By the place that is named itself, not the places within or around it."""
    events: Mapping[str, int]
    """Number of events in each place, including the places within it."""
    elsewhere: Mapping[str, int]
    """Number of events that name no city or town, by named place."""


LatestOfPlace = tuple[ListRow | None, StockRange | None, ListRow | None]
"""Latest estimate of workers present and its range; without one, the latest of any kind."""
PLACES_CACHE: RenderCache[PlaceCounts] = RenderCache(2)
LATEST_CACHE: RenderCache[LatestOfPlace] = RenderCache(2_000)
"""Keyed by place and candidate rows: an edition changes those of few places."""


def count_places(db: Session, edition: SelectedEdition, directory: Directory) -> PlaceCounts:
    """Return the counts of all places, cached by edition."""
    # A purge changes past editions without a new edition, so the key has the number of purges.
    purges = count_purges(db)
    return PLACES_CACHE.of(
        (edition.no, purges, directory), lambda: _build_of_places(db, edition, directory, purges)
    )


def _build_of_places(
    db: Session, edition: SelectedEdition, directory: Directory, purges: int
) -> PlaceCounts:
    events, figures = (backend.index_of(db, edition, kind) for kind in CITING_KINDS)
    if events is None or figures is None:
        return _from_rows(db, edition, directory)
    towns = [code for code in directory.places if directory.kind_of_place(code) in SETTLEMENTS]
    others = events.live - events.terms.any_of("place", towns)
    named = {
        code: others.intersection_cardinality(rows) for code, rows in events.terms.each("names")
    }
    return PlaceCounts(
        figures=_figures_by_place(db, figures, (directory, purges)),
        events=events.terms.uses("place"),
        elsewhere={code: count for code, count in named.items() if count},
    )


# With the index ---------------------------------------------------------------------------------


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
    own = {code: rows for code, rows in terms.each("names") if rows}
    candidates = {
        code: _candidates(index, rows - rejected, is_stock, superseded)
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
            count=len(rows),
            conflicts=rows.intersection_cardinality(conflicts),
            differs=rows.intersection_cardinality(differs),
            newest=newest,
            extremes=range_,
            other=other,
        )
        for code, rows in own.items()
        for newest, range_, other in [latest[code]]
    }


def _latest_by_place(
    db: Session, candidates: Mapping[str, Sequence[int]]
) -> Mapping[str, LatestOfPlace]:
    """Return the latest estimates of these places. Runs two SQL statements."""
    rows = _rows_without_citations(db, [seq for seqs in candidates.values() for seq in seqs])
    latest = {
        code: _latest_of([rows[seq] for seq in seqs if seq in rows])
        for code, seqs in candidates.items()
    }
    wanted = [
        row.seq
        for newest, _extremes, other in latest.values()
        for row in (newest, other)
        if row and row.seq
    ]
    full_rows = backend.rows_by_seq(db, wanted)
    return {
        code: (_full_row(newest, full_rows), range_, _full_row(other, full_rows))
        for code, (newest, range_, other) in latest.items()
    }


def _candidates(index: Index, rows: BitMap, is_stock: BitMap, superseded: BitMap) -> list[int]:
    """Return the `seq` of estimates that may be the latest of workers present or in its range.

    If none of those has a date, estimates that may be the latest of any kind are added.
    """
    stocks = rows & is_stock
    # A superseded estimate is never the latest, even if it has the latest date.
    latest = _latest_day(index, stocks - superseded)
    found = _true_since(index, stocks, latest - RANGE_PERIOD.days)
    return (
        found
        if latest > OPEN_START
        else [*found, *_true_since(index, rows, _latest_day(index, rows))]
    )


def _latest_day(index: Index, rows: BitMap) -> int:
    """Return the latest first possible day of these rows; EVER if none has one."""
    first = index.rows.spans.first[slots_in(rows)]
    return int(first[first < OPEN_END].max(initial=OPEN_START))


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
).where(*record_rows.IS_LIVE_BY_SEQ)
"""Leaves out citations, which are the largest part of a row."""


def _rows_without_citations(db: Session, seqs: Sequence[int]) -> Mapping[int, ListRow]:
    rows = db.execute(WITHOUT_CITATIONS, {"seqs": seqs})
    return {
        seq: ListRow(seq, id, number, {"form": form}, (), None, None, None, None, 0, 0)
        for seq, id, number, form in rows
    }


def _full_row(row: ListRow | None, full_rows: Mapping[int, ListRow]) -> ListRow | None:
    return full_rows.get(row.seq) if row and row.seq else None


# Without an index -------------------------------------------------------------------------------


def _from_rows(db: Session, edition: SelectedEdition, directory: Directory) -> PlaceCounts:
    live = (edition.holds(), Version.is_live)
    by_place: dict[str, list[ListRow]] = defaultdict(list)
    for row in db.execute(
        select(*record_rows.LIST_COLUMNS).where(Version.kind == RecordKind.ESTIMATE, *live)
    ):
        for code in named_place_codes(estimate_form(row)["terms"]):
            by_place[code].append(record_rows.list_row(row))
    counted: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    for terms in db.scalars(
        select(Version.payload["form"]["terms"]).where(Version.kind == RecordKind.EVENT, *live)
    ):
        named = named_place_codes(terms)
        around = {wider for code in named for wider in place_and_ancestors(code, directory.places)}
        counted.update(around)
        if not any(directory.kind_of_place(code) in SETTLEMENTS for code in around):
            elsewhere.update(named)
    return PlaceCounts(
        {code: _figures(rows) for code, rows in by_place.items()}, counted, elsewhere
    )


def _figures(rows: Sequence[ListRow]) -> EstimateSummary:
    payloads = [estimate_payload(row) for row in rows]
    conflicts = sum(bool(payload["conflicts"]) for payload in payloads)
    differs = sum(bool(payload["differs"]) for payload in payloads)
    return EstimateSummary(len(rows), conflicts, differs, *_latest_of(rows))


def _latest_of(rows: Sequence[ListRow]) -> LatestOfPlace:
    newest = newest_stock(rows)
    return (
        (newest, stock_range(rows, newest), None)
        if newest
        else (None, None, newest_of_any_kind(rows))
    )
