"""Fills an empty record with more forms than fit into memory, as one edition.

Checks and rows are those of publish(). Forms are stored on disk, and rows are written by COPY. The
record is empty, so every row is calculated once.
"""

import json
import multiprocessing
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from psycopg import sql
from sqlalchemy import Column, MetaData, String, Table, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Session

from app.kinds import KIND, RecordForm, public
from app.processes import end_with_parent
from app.progress import stage, track
from app.record.edition_signal import notify_workers
from app.record.models import RULES, Edition, Version
from app.record.publishing.next_edition import lock_counter, next_edition
from app.record.publishing.publish import derive_or_refuse
from app.record.publishing.row_writer import SEARCH_WEIGHTS, search_column, version_columns
from app.record.publishing.validation import (
    PublishError,
    refuse_invalid_events,
    refuse_missing_ids,
    refuse_missing_references,
)
from app.record.publishing.working_set import Change
from app.record.terms import TermNumbers, TermPair
from app.vocabulary.record import Why
from bench.made_up.form_store import FormStore

ROWS_PER_BATCH = 2_000
"""Rows that are calculated, and written, in one batch."""
MAX_TERM_NUMBERS = 500_000
"""Maximum number of terms in the cache; most terms of a large record are used a few times."""

CopyLine = tuple[list[str | None], list[TermPair]]
"""A row to write: its columns in COPY's text format, and its terms."""


def fill_record(
    db: Session, forms: Iterable[RecordForm], *, message: str = "", workers: int = 1
) -> Edition | None:
    """Publish forms as edition 1; return None if there are none.

    `workers` is the number of processes that calculate rows.
    """
    counter = lock_counter(db)
    if counter.edition:
        raise PublishError(
            ["there is a record already, and only an empty one can be filled at once"]
        )
    with tempfile.TemporaryFile(prefix="sojourn-") as file:
        store = FormStore(file)
        for form in track(map(public, forms), "Making records"):
            refuse_missing_ids(form)
            store.put(form)
        if not len(store):
            return None
        store.seal()
        edition = next_edition(db, counter, message, rules=RULES)
        numbers = TermNumbers(db)
        with stage("Calculating and writing rows", len(store)) as advance:
            for lines in _lines_in_batches(store, edition.no, workers):
                _write(db, numbers, lines)
                advance(len(lines))
    notify_workers(db, edition.no)
    return edition


# Calculation ------------------------------------------------------------------------------------


def _lines_in_batches(store: FormStore, edition: int, workers: int) -> Iterator[list[CopyLine]]:
    order = store.order()
    parts = (
        order[start : start + ROWS_PER_BATCH] for start in range(0, len(order), ROWS_PER_BATCH)
    )
    if workers == 1:
        yield from (_lines(store, part, edition) for part in parts)
        return
    # A fork shares the store's file and relations, gigabytes for a million events, without a copy.
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, fork, _start_worker, (store,)) as pool:
        pending: deque[Future[list[CopyLine]]] = deque()
        for part in parts:
            pending.append(pool.submit(_lines_in_worker, part, edition))
            if len(pending) > 2 * workers:  # limits the results that wait for the writer
                yield pending.popleft().result()
        yield from (each.result() for each in pending)


_store_of_worker: list[FormStore] = []


def _start_worker(store: FormStore) -> None:
    # Without the parent, nobody would write the results.
    end_with_parent(grace_seconds=0)
    _store_of_worker.append(store)


def _lines_in_worker(part: Sequence[int], edition: int) -> list[CopyLine]:
    return _lines(_store_of_worker[0], part, edition)


def _lines(store: FormStore, part: Sequence[int], edition: int) -> list[CopyLine]:
    """Check forms like publish(), and calculate their rows."""
    forms = [store.read(place) for place in part]
    changes = [Change(form, KIND[type(form)], form.id, Why.ADDED) for form in forms]
    refuse_missing_references(store, changes)
    context = replace(store.context(part), day=datetime.now(UTC).date())
    refuse_invalid_events(context, changes, [])
    lines = []
    for form, change in zip(forms, changes, strict=True):
        row = derive_or_refuse(form, context)
        values = version_columns(edition, change, row)
        lines.append(([_as_text(values[name]) for name in COPY_COLUMNS], list(row.terms)))
    return lines


# Writing ----------------------------------------------------------------------------------------

_MADE_BY_DATABASE = {"seq", "closed", "search", "cjk"}
_TERMS: Any = Version.__table__.c.terms
_COLUMNS = [
    column for column in Version.__table__.c if column.name not in {*_MADE_BY_DATABASE, "terms"}
]
_WORDS: dict[str, Any] = {**dict.fromkeys(SEARCH_WEIGHTS, String()), "pairs": ARRAY(String)}
COPY_COLUMNS = [*(column.name for column in _COLUMNS), *_WORDS]
# COPY can't calculate columns from others, so rows are inserted by way of a temporary table.
_STAGING = Table(
    "arriving",
    MetaData(),
    *(Column(column.name, column.type) for column in (*_COLUMNS, _TERMS)),
    *(Column(name, type_) for name, type_ in _WORDS.items()),
    prefixes=["TEMPORARY"],
)


def _write(db: Session, numbers: TermNumbers, lines: Sequence[CopyLine]) -> None:
    if len(numbers.known) > MAX_TERM_NUMBERS:
        numbers.known.clear()
    numbers.make(pair for _, pairs in lines for pair in pairs)
    _STAGING.create(db.connection())
    driver: Any = db.connection().connection.driver_connection
    names = sql.SQL(", ").join(map(sql.Identifier, [*COPY_COLUMNS, "terms"]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(_STAGING.name), names)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for values, pairs in lines:
            copy.write_row([*values, _as_text(numbers.column(pairs))])
    staged = _STAGING.c
    calculated = {
        "search": search_column({name: staged[name] for name in SEARCH_WEIGHTS}),
        "cjk": func.array_to_tsvector(staged.pairs),
    }
    values_by_column = {
        column.name: staged[column.name] for column in (*_COLUMNS, _TERMS)
    } | calculated
    db.execute(
        insert(Version).from_select(list(values_by_column), select(*values_by_column.values()))
    )
    # Dropped, because deleted rows would be scanned again until the transaction ends.
    _STAGING.drop(db.connection())


def _as_text(value: Any) -> str | None:
    """Return a value in COPY's text format."""
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
