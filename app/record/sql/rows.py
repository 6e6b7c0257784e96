"""What a filtered list asks of the record: events, figures or sources.

Plain SQL over terms and ranges: the slow and obvious way, right at any size. The number of statements never depends on
how many filters are set or rows are found: one for counts, one for the histogram, one for the rows of a page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Float,
    Integer,
    Numeric,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record import search
from app.record.editions import Reading
from app.record.filters import ListFilters, is_by_date, place_in_list
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql.conditions import conditions, rows_of
from app.record.sql.streaming import Seqs, Sessions, in_batches, packed
from app.vocabulary.events import Role, TermKey

# The rows of a page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """One row as a list shows it. What is changed stands in another row, with another `seq`."""

    seq: int | None
    """None for a row that is only looked at before it is published."""
    id: str
    number: int
    payload: Mapping[str, Any]
    span: Sequence[edtf.Days]
    lo: edtf.Days | None
    hi: edtf.Days | None
    sort_day: date | None
    added: int
    changed: int
    rank: float = 0.0

    @property
    def last_day(self) -> date | None:
        """The last day that it could have happened on; None if that is open."""
        return self.span[-1].last if self.span else None


@dataclass(frozen=True)
class Filed:
    """One row as a file has it: no more than its columns are read off."""

    id: str
    payload: Mapping[str, Any]
    sort_day: date | None
    last_day: date | None
    added: int
    changed: int


class Place(NamedTuple):
    """All that puts a row where it stands in a list."""

    seq: int
    number: int
    sort_day: date | None
    width: int
    """How many days its beginning is uncertain by."""
    added: int
    changed: int

    def written(self, sort: str) -> str:
        """As the address of the page behind it says it."""
        by = f"{self.sort_day or 'none'}.{self.width}" if is_by_date(sort) else getattr(self, sort)
        return f"{by}_{self.number}"


@dataclass(frozen=True)
class Page:
    rows: Sequence[Found]
    next: str | None
    """Where the next page begins, if there is one."""
    remaining: int
    """How many rows there are from here on."""


SHOWN = (
    Version.seq,
    Version.id,
    Version.number,
    Version.payload,
    Version.span,
    Version.lo,
    Version.hi,
    Version.sort_day,
    Version.added,
    Version.changed,
)
"""What a list shows of a row."""


def page(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, limit: int
) -> Page:
    """The rows of one page, by keyset: what is published meanwhile neither repeats nor hides a row."""
    score = _score(filters)
    keys, descending = _order(filters, score)
    shown_too = score.label("rank"), func.count().over().label("remaining")
    statement = _matching(edition, filters, directory).with_only_columns(*SHOWN, *shown_too)
    statement = statement.order_by(*_ways(keys, descending))
    if after := filters.one("after"):
        statement = statement.where(_follows(after, keys, descending, filters.one("sort")))
    rows = db.execute(statement.limit(limit + 1)).all()
    shown = [found(row, row.rank) for row in rows[:limit]]
    next_ = position(shown[-1], filters.one("sort")) if len(rows) > limit else None
    return Page(shown, next_, rows[0].remaining if rows else 0)


def order(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Seqs:
    """All rows by their `seq`, in the order asked for; nothing that is printed is read for it."""
    return packed(
        db,
        _matching(edition, filters, directory),
        Version.seq,
        _ways(*_order(filters, _score(filters))),
    )


def by_seq(db: Session, seqs: Sequence[int]) -> list[Found]:
    """These rows in this order, as far as they are still there; one statement."""
    rows = {row.seq: found(row) for row in db.execute(BY_SEQ, {"seqs": seqs})}
    return [rows[seq] for seq in seqs if seq in rows]


def filed(seqs: Seqs, sessions: Sessions) -> Iterator[Filed]:
    """These rows for a file, some at a time, as far as they are still there.

    Each document is read when its turn has come. Of five hundred that were read at once there are so many objects that
    Python looks through all of them again and again for such as nobody needs any more.
    """
    for _seq, id, payload, *rest in in_batches(seqs, _to_file, sessions):
        yield Filed(id, read(payload), *rest)


def read(document: str) -> Any:
    """A document as a file reads it: the keys of many are the same, what else they say is hardly ever."""
    return from_json(document, cache_strings="keys")


def _to_file(db: Session, seqs: Sequence[int]) -> list[Sequence[Any]]:
    rows: dict[int, Sequence[Any]] = {row.seq: row for row in db.execute(TO_FILE, {"seqs": seqs})}
    return [rows[seq] for seq in seqs if seq in rows]


STILL_THERE = (
    Version.seq == any_(bindparam("seqs", type_=ARRAY(BigInteger))),
    Version.state == "live",  # no longer, where it was purged since
)
"""Rows by their `seq`, as an index or a list before has found them."""
BY_SEQ = select(*SHOWN).where(*STILL_THERE)
TO_FILE = select(
    Version.seq,
    Version.id,
    cast(Version.payload, Text),
    Version.sort_day,
    func.upper(Version.span, type_=Date) - 1,
    Version.added,
    Version.changed,
).where(*STILL_THERE)

NEWEST_FIRST = (
    Version.sort_day.desc().nulls_last(),
    func.coalesce(func.upper(Version.lo) - func.lower(Version.lo), 0),
    Version.number.desc(),
)
"""The order of lists by date, the newest first; it must be that of `Matching.page`."""


def named_itself(codes: Iterable[str]) -> list[list[dict[str, str]]]:
    """What the terms of a stored form contain, one or other, if it names one of these places itself.

    What a picture only shows is not named. So is it asked where rows may be older than the term `names`.
    """
    roles = [role for role in Role if role is not Role.SHOWN_ONLY]
    return [
        [{"key": TermKey.PLACE, "code": code, "role": role}] for code in codes for role in roles
    ]


def _matching(edition: Reading, filters: ListFilters, directory: Directory) -> Select[Any]:
    return select(Version.seq).where(
        rows_of(edition, filters), *conditions(filters, directory).values()
    )


def _score(filters: ListFilters) -> ColumnElement[float]:
    question = filters.one("q")
    # Rounded, so that its text in a link is the number that was sorted by.
    is_asked = question and filters.one("sort") == "relevance"
    return cast(
        func.round(cast(search.rank(question), Numeric), 6) if is_asked else literal(0.0), Float
    )


def _order(
    filters: ListFilters, score: ColumnElement[float]
) -> tuple[list[ColumnElement[Any]], bool]:
    """What the rows are sorted by, and whether backwards."""
    sort = filters.one("sort")
    descending = not (is_by_date(sort) and sort[0] != "-")
    others: dict[str, ColumnElement[Any]] = {
        "added": cast(Version.added, Integer),
        "changed": cast(Version.changed, Integer),
        "relevance": score,
    }
    keys: list[ColumnElement[Any]] = [cast(Version.number, Integer)]
    if is_by_date(sort):
        # "2019" and "January 2019" begin on the same day: what is known less well comes first, under its own heading.
        keys.insert(
            0, -cast(func.coalesce(func.upper(Version.lo) - func.lower(Version.lo), 0), Integer)
        )
        keys.insert(0, func.coalesce(Version.sort_day, literal_column(UNDATED_LAST[descending])))
    else:
        keys.insert(0, others[sort])
    return keys, descending


def _ways(keys: Sequence[ColumnElement[Any]], descending: bool) -> list[ColumnElement[Any]]:
    return [key.desc() if descending else key for key in keys]


def _follows(
    after: str, keys: Sequence[ColumnElement[Any]], descending: bool, sort: str
) -> ColumnElement[bool]:
    there: list[ColumnElement[Any]] = [literal(value) for value in place_in_list(after, sort)]
    if after.startswith("none"):
        there[0] = literal_column(UNDATED_LAST[descending])
    if is_by_date(sort):
        there[1] = -there[1]
    here = tuple_(*keys)
    return here < tuple_(*there) if descending else here > tuple_(*there)


UNDATED_LAST = {False: "'infinity'::date", True: "'-infinity'::date"}
"""What stands for a missing date, by whether the list descends: a row without one comes last either way."""


def position(row: Found, sort: str) -> str:
    return f"{row.rank:.6f}_{row.number}" if sort == "relevance" else place(row).written(sort)


def place(row: Found) -> Place:
    assert row.seq
    width = (row.lo.last - row.lo.first).days + 1 if row.lo and row.lo.first and row.lo.last else 0
    return Place(row.seq, row.number, row.sort_day, width, row.added, row.changed)


def found(row: Any, rank: float = 0.0) -> Found:
    return Found(
        row.seq,
        row.id,
        row.number,
        row.payload,
        [days for part in row.span if (days := _days(part))],
        _days(row.lo),
        _days(row.hi),
        row.sort_day,
        row.added,
        row.changed,
        rank,
    )


def _days(part: Range[date] | None) -> edtf.Days | None:
    if part is None or part.is_empty:
        return None
    return edtf.Days(part.lower, part.upper - timedelta(days=1) if part.upper else None)
