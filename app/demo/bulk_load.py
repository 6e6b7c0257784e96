"""Filling an empty record at once: the rows that the door would write, at a size that it can't hold in memory.

Forms go through the same checks and the same derivation as at the door (`publish`), and come out as the same rows of
one edition; what differs is that they wait on disk, and that rows go to the database by COPY. Nothing is there yet that
they could change, so that every form is derived once.
"""

import json
import multiprocessing
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from psycopg import sql
from sqlalchemy import Column, MetaData, String, Table, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Session

from app.demo.form_store import Stock
from app.forms import KIND, RecordForm, public
from app.processes import end_with_parent
from app.record.edition_signal import tell
from app.record.models import Counter, Edition, Version
from app.record.publishing.publish import derived, next_edition
from app.record.publishing.row_writer import MADE_OF, columns, searched
from app.record.publishing.validation import (
    Refused,
    refuse_dangling,
    refuse_nameless,
    refuse_unsound,
)
from app.record.publishing.working_set import Change
from app.record.terms import Numbers, TermPair
from app.vocabulary.record import Why

TOGETHER = 2_000
"""Forms that are derived, and rows that are written, in one go."""
MOST_NUMBERS = 500_000
"""Terms whose numbers are kept in memory; most of a large record's are used a few times and never again."""

Line = tuple[list[str | None], list[TermPair]]
"""A row on its way: its columns as COPY takes them, and its terms."""


def fill(
    db: Session, forms: Iterable[RecordForm], *, message: str = "", workers: int = 1
) -> Edition | None:
    """Publishes all of it as edition 1; nothing where there is nothing. Rows are derived by that many processes."""
    counter = db.scalars(select(Counter).with_for_update()).one()
    if counter.edition:
        raise Refused(["there is a record already, and only an empty one can be filled at once"])
    with tempfile.TemporaryFile(prefix="sojourn-") as file:
        stock = Stock(file)
        for form in map(public, forms):
            refuse_nameless(form)
            stock.put(form)
        if not len(stock):
            return None
        stock.seal()
        edition = next_edition(db, counter, message)
        numbers = Numbers(db)
        for lines in _derived(stock, edition.no, workers):
            _write(db, numbers, lines)
    tell(db, edition.no)
    return edition


# Deriving ---------------------------------------------------------------------------------------------------------


def _derived(stock: Stock, edition: int, workers: int) -> Iterator[list[Line]]:
    order = stock.order()
    parts = (order[start : start + TOGETHER] for start in range(0, len(order), TOGETHER))
    if workers == 1:
        yield from (_lines(stock, part, edition) for part in parts)
        return
    # A fork shares the stock's file and who names whom, gigabytes at a million events, without copying either.
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, fork, _keep, (stock,)) as pool:
        waiting: deque[Future[list[Line]]] = deque()
        for part in parts:
            waiting.append(pool.submit(_lines_of_kept, part, edition))
            if (
                len(waiting) > 2 * workers
            ):  # so that what is derived does not pile up before it is written
                yield waiting.popleft().result()
        yield from (each.result() for each in waiting)


_kept: list[Stock] = []


def _keep(stock: Stock) -> None:
    # Nothing to finish: nobody is left to write what would be derived.
    end_with_parent(grace_seconds=0)
    _kept.append(stock)


def _lines_of_kept(part: Sequence[int], edition: int) -> list[Line]:
    return _lines(_kept[0], part, edition)


def _lines(stock: Stock, part: Sequence[int], edition: int) -> list[Line]:
    """What the door would refuse is refused here; what it would write becomes lines."""
    forms = [stock.read(place) for place in part]
    changes = [Change(form, KIND[type(form)], form.id, Why.ADDED) for form in forms]
    refuse_dangling(stock, changes)
    context = stock.context(part)
    refuse_unsound(context, changes, [])
    lines = []
    for form, change in zip(forms, changes, strict=True):
        row = derived(form, context)
        values = columns(edition, change, row)
        lines.append(([_as_text(values[name]) for name in CARRIED], list(row.terms)))
    return lines


# Writing ----------------------------------------------------------------------------------------------------------

_MADE_BY_DATABASE = {"seq", "closed", "search", "cjk"}
_TERMS: Any = Version.__table__.c.terms
_COLUMNS = [
    column for column in Version.__table__.c if column.name not in {*_MADE_BY_DATABASE, "terms"}
]
_WORDS: dict[str, Any] = {**dict.fromkeys(MADE_OF, String()), "pairs": ARRAY(String)}
CARRIED = [*(column.name for column in _COLUMNS), *_WORDS]
# COPY can't make a column of others: rows arrive here, and go on from here.
_ARRIVING = Table(
    "arriving",
    MetaData(),
    *(Column(column.name, column.type) for column in (*_COLUMNS, _TERMS)),
    *(Column(name, type_) for name, type_ in _WORDS.items()),
    prefixes=["TEMPORARY"],
)


def _write(db: Session, numbers: Numbers, lines: Sequence[Line]) -> None:
    if len(numbers.known) > MOST_NUMBERS:
        numbers.known.clear()
    numbers.make(pair for _, pairs in lines for pair in pairs)
    _ARRIVING.create(db.connection())
    driver: Any = db.connection().connection.driver_connection
    names = sql.SQL(", ").join(map(sql.Identifier, [*CARRIED, "terms"]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(_ARRIVING.name), names)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for values, pairs in lines:
            copy.write_row([*values, _as_text(numbers.column(pairs))])
    came = _ARRIVING.c
    made = {
        "search": searched({name: came[name] for name in MADE_OF}),
        "cjk": func.array_to_tsvector(came.pairs),
    }
    kept = {column.name: came[column.name] for column in (*_COLUMNS, _TERMS)} | made
    db.execute(insert(Version).from_select(list(kept), select(*kept.values())))
    # Rows that are only deleted would stay on disk, and be read again each time, until the transaction ends.
    _ARRIVING.drop(db.connection())


def _as_text(value: Any) -> str | None:
    """A value as COPY reads it."""
    match value:
        case None:
            return None
        case Range():
            return f"[{value.lower or ''},{value.upper or ''})"
        case MultiRange():
            return f"{{{','.join(str(_as_text(part)) for part in value)}}}"
        case list():  # of numbers, or of letters that need no quotes
            return f"{{{','.join(map(str, value))}}}"
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)
