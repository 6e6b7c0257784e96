"""What is on record for each place itself: its newest figure, what was said around it, how many there are of each kind.

Where there are indexes, figures are counted by these, and only those are read that may be the newest or were said
around it. Rows of past editions may be older than the terms that say so, and all of them are read.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import Reading, count_purges
from app.record.index import Index
from app.record.index.rows import EVER, NEVER, members
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.rules.containment import surroundings
from app.record.sql import rows as queries
from app.record.sql.rows import Found
from app.site.components.headcounts import (
    AROUND,
    STOCK,
    Extremes,
    extremes,
    newest_of_any_kind,
    newest_stock,
)
from app.site.components.quantity import Form
from app.vocabulary.estimates import FigureRole, Rivalry
from app.vocabulary.events import Role
from app.vocabulary.record import SETTLEMENTS
from app.web.render_cache import Drawn


@dataclass(frozen=True)
class Figures:
    """Those of one place."""

    count: int
    conflicts: int
    differs: int
    newest: Found | None
    """For people present."""
    extremes: Extremes | None
    other: Found | None
    """Where there is none for people present, the newest of any other kind."""

    @property
    def told_by(self) -> Hashable:
        """What a line of the table is told by: two figures that are equal in it are told alike."""
        rows = (row and row.seq for row in (self.newest, self.other))
        return self.count, self.conflicts, self.differs, self.extremes, *rows


@dataclass(frozen=True)
class OfPlaces:
    figures: Mapping[str, Figures]
    """By places that they count themselves: not those inside, nor those around."""
    events: Mapping[str, int]
    """How many events there are in each place and all that lies in it."""
    elsewhere: Mapping[str, int]
    """By the places that they name, events that name no city or town."""


Told = tuple[Found | None, Extremes | None, Found | None]
"""The newest figure for people present and what was said around it; without one, the newest of any kind."""
KEPT: Drawn[OfPlaces] = Drawn(2)
TOLD: Drawn[Told] = Drawn(2_000)
"""By place and the figures that it was told from; an edition changes those of few places."""


def of_places(db: Session, edition: Reading, directory: Directory) -> OfPlaces:
    """Worked out once an edition: one statement to look whether that holds, and two more for places that changed."""
    # What was removed from all editions is in none of them, also before the next one is.
    purges = count_purges(db)
    return KEPT.of(
        (edition.no, purges, directory), lambda: _of_places(db, edition, directory, purges)
    )


def _of_places(db: Session, edition: Reading, directory: Directory, purges: int) -> OfPlaces:
    events, figures = (backend.index_of(db, edition, kind) for kind in "EM")
    if events is None or figures is None:
        return _read(db, edition, directory)
    towns = [code for code in directory.places if directory.kind_of_place(code) in SETTLEMENTS]
    others = events.live - events.terms.any_of("place", towns)
    named = {
        code: others.intersection_cardinality(rows) for code, rows in events.terms.each("names")
    }
    return OfPlaces(
        figures=_counted(db, figures, (directory, purges)),
        events=events.terms.uses("place"),
        elsewhere={code: count for code, count in named.items() if count},
    )


# With the index -----------------------------------------------------------------------------------


def _counted(db: Session, index: Index, of: tuple[Hashable, ...]) -> Mapping[str, Figures]:
    terms = index.terms
    is_stock = BitMap.intersection(
        *(terms.any_of(key, codes) for key, codes in STOCK.included.items())
    )
    rejected, superseded = (
        terms.of("uses", f"standing:{role}")
        for role in (FigureRole.REJECTED, FigureRole.SUPERSEDED)
    )
    own = {code: rows for code, rows in terms.each("names") if rows}
    maybe = {
        code: _maybe(index, rows - rejected, is_stock, superseded) for code, rows in own.items()
    }
    told = TOLD.of_each(
        {code: (*of, code, *seqs) for code, seqs in maybe.items()},
        lambda codes: _told_of(db, {code: maybe[code] for code in codes}),
    )
    conflicts, differs = (
        terms.of("conflict", code) for code in (Rivalry.CONFLICTS, Rivalry.DIFFERS)
    )
    return {
        code: Figures(
            count=len(rows),
            conflicts=rows.intersection_cardinality(conflicts),
            differs=rows.intersection_cardinality(differs),
            newest=newest,
            extremes=said_around,
            other=other,
        )
        for code, rows in own.items()
        for newest, said_around, other in [told[code]]
    }


def _told_of(db: Session, maybe: Mapping[str, Sequence[int]]) -> Mapping[str, Told]:
    """Two statements: what was said around the newest figures of these places, and these as they are shown."""
    said = _said(db, [seq for seqs in maybe.values() for seq in seqs])
    told = {code: _told([said[seq] for seq in seqs if seq in said]) for code, seqs in maybe.items()}
    wanted = [
        row.seq
        for newest, _extremes, other in told.values()
        for row in (newest, other)
        if row and row.seq
    ]
    whole = backend.rows(db, wanted)
    return {
        code: (_of(newest, whole), said_around, _of(other, whole))
        for code, (newest, said_around, other) in told.items()
    }


def _maybe(index: Index, rows: BitMap, is_stock: BitMap, superseded: BitMap) -> list[int]:
    """By `seq`, the figures of a place that may be the newest for people present, or were said around that one; where
    there is none with a date, those that may be the newest of any kind."""
    stocks = rows & is_stock
    # What was superseded is never the newest, and may have been said long after it.
    latest = _latest(index, stocks - superseded)
    found = _since(index, stocks, latest - AROUND.days)
    return found if latest > EVER else [*found, *_since(index, rows, _latest(index, rows))]


def _latest(index: Index, rows: BitMap) -> int:
    """The latest of the first days on which any of them may be true."""
    first = index.rows.spans.first[members(rows)]
    return int(first[first < NEVER].max(initial=EVER))


def _since(index: Index, rows: BitMap, day: int) -> list[int]:
    """Those that may be true on that day or later, or of a time without a beginning."""
    columns, slots = index.rows.columns, members(rows)
    after = columns.after[slots]
    found: list[int] = columns.seq[slots[(after > day) | (after == EVER)]].tolist()
    return found


SAID = select(
    Version.seq,
    Version.id,
    Version.number,
    Version.payload["form"].op("-")("citations").label("form"),
).where(*queries.STILL_THERE)
"""Figures without who says so, which is most of a row."""


def _said(db: Session, seqs: Sequence[int]) -> Mapping[int, Found]:
    rows = db.execute(SAID, {"seqs": seqs})
    return {
        seq: Found(seq, id, number, {"form": form}, (), None, None, None, 0, 0)
        for seq, id, number, form in rows
    }


def _of(row: Found | None, whole: Mapping[int, Found]) -> Found | None:
    return whole.get(row.seq) if row and row.seq else None


# Without an index ---------------------------------------------------------------------------------


def _read(db: Session, edition: Reading, directory: Directory) -> OfPlaces:
    live = (edition.holds(), Version.state == "live")
    by_place: dict[str, list[Found]] = defaultdict(list)
    for row in db.execute(select(*queries.SHOWN).where(Version.kind == "M", *live)):
        for code in _named(row.payload["form"]["terms"]):
            by_place[code].append(queries.found(row))
    counted: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    for terms in db.scalars(
        select(Version.payload["form"]["terms"]).where(Version.kind == "E", *live)
    ):
        named = _named(terms)
        around = {wider for code in named for wider in surroundings(code, directory.places)}
        counted.update(around)
        if not any(directory.kind_of_place(code) in SETTLEMENTS for code in around):
            elsewhere.update(named)
    return OfPlaces({code: _figures(rows) for code, rows in by_place.items()}, counted, elsewhere)


def _named(terms: Iterable[Form]) -> list[str]:
    named = (
        t["code"]
        for t in terms
        if t["key"] == "place" and "code" in t and t["role"] != Role.SHOWN_ONLY
    )
    return list(dict.fromkeys(named))


def _figures(rows: Sequence[Found]) -> Figures:
    conflicts, differs = (
        sum(bool(row.payload[key]) for row in rows) for key in ("conflicts", "differs")
    )
    return Figures(len(rows), conflicts, differs, *_told(rows))


def _told(rows: Sequence[Found]) -> Told:
    newest = newest_stock(rows)
    return (
        (newest, extremes(rows, newest), None) if newest else (None, None, newest_of_any_kind(rows))
    )
