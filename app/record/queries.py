"""What a filtered list asks of the record: events, figures or sources.

Plain SQL over terms and ranges: the slow and obvious way, right at any size. The number of statements never depends on
how many filters are set or rows are found: one for counts, one for the histogram, one for the rows of a page.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal, NamedTuple

from pydantic_core import from_json
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Float,
    Integer,
    Numeric,
    Select,
    String,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, Range, array
from sqlalchemy.orm import Session

from app.dates import edtf
from app.record import search
from app.record.batches import Seqs, Sessions, in_batches, packed
from app.record.directory import Directory
from app.record.editions import Reading, first_since
from app.record.filters import ListFilters, is_by_date, place_in_list
from app.record.models import Term, Version
from app.record.terms import TermPair, term_numbers
from app.vocabulary.events import Role, TermKey

Bin = Literal["month", "quarter", "year", "two-years", "five-years", "decade"]
BIN_MONTHS: dict[Bin, int] = {"month": 1, "quarter": 3, "year": 12, "two-years": 24, "five-years": 60, "decade": 120}
MOST_BINS = 36
WINDOW = "window"


# Matching ---------------------------------------------------------------------------------------------------------


def window_of(filters: ListFilters) -> edtf.Days:
    """The period asked for, of the rows' own time."""
    return _period(filters, *filters.PERIODS[0])


def _period(filters: ListFilters, first: str, last: str) -> edtf.Days:
    return edtf.window(filters.one(first) or None, filters.one(last) or None)


def conditions(filters: ListFilters, directory: Directory) -> dict[str, ColumnElement[bool]]:
    """What each key asks of a row. `x` and `not_x` are one key, as are the two ends of a window."""
    found: dict[str, ColumnElement[bool]] = {}
    for key in filters.terms():
        parts = []
        if values := filters.included.get(key.key):
            parts.append(Version.terms.overlap(term_numbers((key.key, value) for value in values)))
        if values := filters.excluded.get(key.key):
            parts.append(not_(Version.terms.overlap(term_numbers((key.key, value) for value in values))))
        if parts:
            found[key.key] = and_(*parts)
    if question := filters.one("q"):
        found["q"] = says(question, directory)
    window = window_of(filters)
    if window != edtf.Days():
        found[WINDOW] = certain(window) if filters["match"] == ("certain",) else possible(window)
    for first, last in filters.PERIODS[1:]:
        if (published := _period(filters, first, last)) != edtf.Days():
            found["published"] = Version.published.op("&&")(_range(published))
    for name, number in (("added_since", Version.added), ("changed_since", Version.changed)):
        for asked in filters[name]:
            found[name] = number >= first_since(asked)
    return found


def says(question: str, directory: Directory) -> ColumnElement[bool]:
    """It holds the words, or is of a place or outlet so named."""
    return search.condition(search.asked(question, directory.named), directory.named, term_numbers)


def possible(window: edtf.Days) -> ColumnElement[bool]:
    """It could have fallen in the window."""
    return Version.span.op("&&")(_range(window))


def certain(window: edtf.Days) -> ColumnElement[bool]:
    """It must have fallen in the window."""
    return _is_certain(_range(window))


def _is_certain(within: ColumnElement[Any]) -> ColumnElement[bool]:
    """The window holds all of it, or meets the days that it covers for certain (rule 1)."""
    contained = and_(Version.lo.op("<@")(within), Version.hi.op("<@")(within))
    return or_(func.coalesce(contained, false()), func.coalesce(Version.sure.op("&&")(within), false()))


def _range(days: edtf.Days) -> ColumnElement[Range[date]]:
    return cast(literal(Range(days.first, days.last, bounds="[]"), DATERANGE), DATERANGE)


def rows_of(edition: Reading, filters: ListFilters) -> ColumnElement[bool]:
    return and_(Version.kind == filters.KIND, edition.holds(), Version.state == "live")


# Counting ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """How many rows answer, and how many would for each code of each key with that key's own filter left out."""

    total: int
    undated: int
    possible: int
    certain: int
    facets: Mapping[str, Mapping[str, int]]
    within: Mapping[str, Mapping[str, int]]
    """The same counts among the rows that answer, for the sentence over the list."""
    extent: edtf.Days
    """First and last day on which any row that answers could have happened; an open end counts by its beginning."""
    highest: "Highest" = field(compare=False)
    """The same as in `facets`, but of a key that may have thousands of codes only what stands first."""

    def having(self, key: str, code: str) -> int:
        """How many of the rows that answer have this code."""
        return self.within.get(key, {}).get(code, 0)


@dataclass(frozen=True)
class Tally:
    """How many rows answer, and how many of them have each of the codes that were asked for."""

    total: int
    codes: Mapping[TermPair, int]

    def having(self, key: str, code: str) -> int:
        return self.codes[key, code]


Highest = Callable[[str, int, Collection[str]], tuple[Mapping[str, int], bool]]
"""Of a key the codes with the highest counts: so many, with all that have as many as the last. Whether these are all
that any row answers to. And beside them some codes that are asked for by name."""


def highest_of(
    facets: Mapping[str, Mapping[str, int]], key: str, most: int, also: Collection[str]
) -> tuple[Mapping[str, int], bool]:
    counts = facets.get(key, {})
    least = sorted(counts.values(), reverse=True)[most - 1] if len(counts) > most else 0
    kept = {code: count for code, count in counts.items() if count >= least or code in also}
    return kept, not any(count < least for count in counts.values())


def counts(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> Counts:
    """All that is counted of a list, in one statement."""
    facets: dict[str, dict[str, int]] = defaultdict(dict)
    within: dict[str, dict[str, int]] = defaultdict(dict)
    for key, code, numbers in db.execute(_counting(edition, filters, directory)):
        if not key:
            total, undated, could, must, first, after = numbers
            continue
        facets[key][code] = numbers[0]
        if numbers[1]:
            within[key][code] = numbers[1]
    extent = None
    if first is not None:
        last = EPOCH + timedelta(days=after - 1) if after is not None else None
        extent = edtf.Days(EPOCH + timedelta(days=first), last).common(window_of(filters))
    return Counts(total, undated, could, must, facets, within, extent or edtf.Days(), partial(highest_of, facets))


def _counting(edition: Reading, filters: ListFilters, directory: Directory) -> CompoundSelect[Any]:
    """A row of totals with neither key nor code, and one for each term: of all that count for it, and of the answers.

    A row counts for a key if it fails no key, or only that one.
    """
    asked = conditions(filters, directory)
    window = window_of(filters)
    failing = [case((condition, null()), else_=literal(key)) for key, condition in asked.items()]
    rows = (
        select(
            Version.terms,
            func.array_remove(cast(array(failing), ARRAY(String)), null(), type_=ARRAY(String)).label("fails"),
            func.isempty(Version.span).label("is_undated"),
            func.lower(Version.span).label("first"),
            func.coalesce(func.upper(Version.span), func.upper(Version.lo)).label("after"),
            possible(window).label("is_possible"),
            certain(window).label("is_certain"),
        )
        .where(rows_of(edition, filters))
        .cte("rows")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    answers = func.cardinality(rows.c.fails) == 0
    keys = [key.key for key in filters.terms()]
    term = func.unnest(rows.c.terms).table_valued("no").render_derived().lateral("used")
    # Grouped by number before names are looked up: there are far fewer terms than uses of them.
    each = (
        select(term.c.no, rows.c.fails[1].label("failed"))
        .select_from(rows)
        .join(term, true())
        .where(func.cardinality(rows.c.fails) <= 1)
        .subquery()
    )
    used = select(each.c.no, each.c.failed, func.count().label("count")).group_by(each.c.no, each.c.failed).subquery()
    among = func.coalesce(func.sum(used.c.count).filter(used.c.failed.is_(None)), 0)
    by_term = (
        select(Term.key, Term.code, cast(array([func.sum(used.c.count), among]), NUMBERS).label("numbers"))
        .join(used, used.c.no == Term.no)
        .where(Term.key.in_(keys), or_(used.c.failed.is_(None), used.c.failed == Term.key))
        .group_by(Term.key, Term.code)
    )
    fails_window_only = or_(answers, rows.c.fails == cast([WINDOW], ARRAY(String)))
    whole = [
        func.count().filter(answers),
        func.count().filter(fails_window_only & rows.c.is_undated),
        func.count().filter(fails_window_only & rows.c.is_possible),
        func.count().filter(fails_window_only & rows.c.is_certain),
        # Days as numbers, so that they fit in beside the counts.
        func.min(rows.c.first).filter(answers) - literal(EPOCH, Date),
        func.max(rows.c.after).filter(answers) - literal(EPOCH, Date),
    ]
    totals = select(literal(""), literal(""), cast(array(whole), NUMBERS)).select_from(rows)
    return union_all(totals, by_term)


NUMBERS = ARRAY(Integer)
EPOCH = date(2000, 1, 1)


def tally(
    db: Session, edition: Reading, filters: ListFilters, directory: Directory, codes: Sequence[TermPair]
) -> Tally:
    """The total and what has each of a few codes, in a tenth of the time that all facets take."""
    each = [func.count().filter(Version.terms.overlap(term_numbers([pair]))) for pair in codes]
    found = select(func.count(), *each).where(rows_of(edition, filters), *conditions(filters, directory).values())
    total, *counted = db.execute(found).one()
    return Tally(total, dict(zip(codes, counted, strict=True)))


def counts_without(db: Session, edition: Reading, filters: ListFilters, directory: Directory) -> dict[str, int]:
    """How many rows would answer if one key were dropped, for each key; one statement."""
    asked = conditions(filters, directory)
    if not asked:
        return {}
    columns = [
        func.count().filter(and_(true(), *(condition for other, condition in asked.items() if other != key))).label(key)
        for key in asked
    ]
    row = db.execute(select(*columns).where(rows_of(edition, filters))).one()
    return dict(zip(asked, row, strict=True))


# The histogram ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """One bin of the histogram: its first and last day, and how many rows must or could fall in it."""

    days: edtf.Days
    certain: int
    possible: int


@dataclass(frozen=True)
class Histogram:
    bin: Bin
    bars: Sequence[Bar]


def histogram(
    db: Session,
    edition: Reading,
    filters: ListFilters,
    directory: Directory,
    extent: edtf.Days,
    *,
    least: Bin = "month",
    most: int = MOST_BINS,
) -> Histogram | None:
    """How many of the rows found must or could fall in each bin; None where nothing found has a date."""
    if not (extent.first and extent.last):
        return None
    name, days = bins(extent.first, extent.last, least, most)
    bounds = func.unnest(
        cast([bar.first for bar in days], ARRAY(Date)), cast([bar.last for bar in days], ARRAY(Date))
    ).table_valued(column("first", Date), column("last", Date), name="bins")
    bounds = bounds.render_derived()
    span = func.daterange(bounds.c.first, bounds.c.last, "[]")
    found = and_(Version.span.op("&&")(span), rows_of(edition, filters), *conditions(filters, directory).values())
    rows = db.execute(
        select(bounds.c.first, func.count(Version.seq).filter(_is_certain(span)), func.count(Version.seq))
        .select_from(bounds)
        .outerjoin(Version, found)
        .group_by(bounds.c.first)
    )
    counted = {first: (sure, could) for first, sure, could in rows}
    return Histogram(name, [Bar(bar, *counted[bar.first]) for bar in days if bar.first])


def bins(first: date, last: date, least: Bin = "month", most: int = MOST_BINS) -> tuple[Bin, list[edtf.Days]]:
    """The narrowest bins of which at most so many cover the period; decades where no others are so few."""
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    names = [name for name in BIN_MONTHS if BIN_MONTHS[name] >= BIN_MONTHS[least]]
    name = next((name for name in names if end // BIN_MONTHS[name] - begin // BIN_MONTHS[name] < most), names[-1])
    size = BIN_MONTHS[name]
    starts = range(begin // size * size, end + 1, size)
    ends = (_first_of_month(start + size) - timedelta(days=1) for start in starts)
    return name, [edtf.Days(_first_of_month(start), end) for start, end in zip(starts, ends, strict=True)]


def _first_of_month(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


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


def page(db: Session, edition: Reading, filters: ListFilters, directory: Directory, limit: int) -> Page:
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
    return packed(db, _matching(edition, filters, directory), Version.seq, _ways(*_order(filters, _score(filters))))


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
    return [[{"key": TermKey.PLACE, "code": code, "role": role}] for code in codes for role in roles]


def _matching(edition: Reading, filters: ListFilters, directory: Directory) -> Select[Any]:
    return select(Version.seq).where(rows_of(edition, filters), *conditions(filters, directory).values())


def _score(filters: ListFilters) -> ColumnElement[float]:
    question = filters.one("q")
    # Rounded, so that its text in a link is the number that was sorted by.
    is_asked = question and filters.one("sort") == "relevance"
    return cast(func.round(cast(search.rank(question), Numeric), 6) if is_asked else literal(0.0), Float)


def _order(filters: ListFilters, score: ColumnElement[float]) -> tuple[list[ColumnElement[Any]], bool]:
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
        keys.insert(0, -cast(func.coalesce(func.upper(Version.lo) - func.lower(Version.lo), 0), Integer))
        keys.insert(0, func.coalesce(Version.sort_day, literal_column(UNDATED_LAST[descending])))
    else:
        keys.insert(0, others[sort])
    return keys, descending


def _ways(keys: Sequence[ColumnElement[Any]], descending: bool) -> list[ColumnElement[Any]]:
    return [key.desc() if descending else key for key in keys]


def _follows(after: str, keys: Sequence[ColumnElement[Any]], descending: bool, sort: str) -> ColumnElement[bool]:
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
