"""DuckDB in process over the same events: what a good engineer would pick instead of an index.

Set up as DuckDB's performance guide advises: one columnar file, rows loaded in the order in which
lists show them so that zone maps skip blocks, a table of terms for each key with its codes as an
ENUM, and exact counts by GROUP BY. Words are a table, too, because its full-text extension has to
be downloaded from another host; the questions' words have no endings, so that they need no stemmer.
Chinese words are found by a scan.
"""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from fastapi import FastAPI
from sqlalchemy import Engine, func, select

from app.record.filters import EventFilters, window_of
from app.record.search import CJK_RUN, plain_text
from bench.questions import FACETS, PAGE
from bench.with_sqlalchemy import (
    MAX_CODES_PER_FACET,
    Event,
    EventTerm,
    Found,
    site,
)

COLUMNS = tuple(column for column in Event.__table__.columns if column.name != "search")
TABLES = """
CREATE TABLE event AS SELECT * FROM read_csv('{folder}/event.csv', quote = '"', nullstr = '',
    types = {{
    'happened': 'VARCHAR', 'title': 'VARCHAR', 'summary': 'VARCHAR', 'words': 'VARCHAR',
    'sort_day': 'DATE', 'first': 'DATE', 'last': 'DATE', 'whole_first': 'DATE',
    'whole_last': 'DATE', 'sure_first': 'DATE', 'sure_last': 'DATE'}});
CREATE TABLE word AS SELECT * FROM read_csv('{folder}/word.csv', types = {{'word': 'VARCHAR'}})
    ORDER BY word, event;
"""
TERM_TABLE = """
CREATE TYPE code_{key} AS ENUM (
    SELECT DISTINCT code FROM read_csv('{folder}/{key}.csv', types = {{'code': 'VARCHAR'}}) ORDER BY 1);
CREATE TABLE term_{key} AS SELECT event, code::code_{key} AS code
    FROM read_csv('{folder}/{key}.csv', types = {{'code': 'VARCHAR'}}) ORDER BY event;
"""  # noqa: E501


class EventRow(NamedTuple):
    """A row of a page; its terms are read by a second statement."""

    number: int
    title: str
    summary: str
    happened: str
    terms: "list[TermRow]"


class TermRow(NamedTuple):
    key: str
    code: str


def make_file(engine: Engine, folder: Path) -> Path:
    """Copy the plain tables into one DuckDB file. PostgreSQL's lexemes are the words."""
    file = folder / "events.duckdb"
    if file.exists():
        return file
    draft = folder / "draft.duckdb"
    draft.unlink(missing_ok=True)
    events = select(*COLUMNS).order_by(Event.sort_day.nulls_last(), Event.number)
    words = select(
        func.unnest(func.tsvector_to_array(Event.search)).label("word"),
        Event.number.label("event"),
    )
    tables = {
        "event": events,
        "word": words,
    } | {key: select(EventTerm.event, EventTerm.code).where(EventTerm.key == key) for key in FACETS}
    for name, statement in tables.items():
        _write_csv(engine, statement, folder / f"{name}.csv")
    with duckdb.connect(draft) as duck:
        duck.execute(TABLES.format(folder=folder))
        for key in FACETS:
            duck.execute(TERM_TABLE.format(folder=folder, key=key))
        duck.execute("CHECKPOINT")
    for name in tables:
        (folder / f"{name}.csv").unlink()
    draft.rename(file)
    return file


def _write_csv(engine: Engine, statement: Any, file: Path) -> None:
    with (
        engine.connect().execution_options(yield_per=10_000) as connection,
        file.open("w", newline="") as out,
    ):
        rows = connection.execute(statement)
        writer = csv.writer(out)
        writer.writerow(rows.keys())
        for some in rows.partitions():
            writer.writerows(some)


# Queries ----------------------------------------------------------------------------------------

Condition = tuple[str, list[Any]]
"""SQL over the table `event`, and its parameters."""


def conditions(filters: EventFilters) -> Mapping[str, Condition]:
    found: dict[str, Condition] = {}
    for codes_of, word in ((filters.included, "IN"), (filters.excluded, "NOT IN")):
        for key in FACETS:
            if codes := codes_of.get(key):
                marks = ", ".join("?" for _code in codes)
                having = f"SELECT event FROM term_{key} WHERE code::VARCHAR IN ({marks})"
                found[f"{word} {key}"] = f"number {word} ({having})", list(codes)
    if words := filters.one("q"):
        if CJK_RUN.search(words):
            found["q"] = "contains(words, ?)", [plain_text(words)]
        else:
            found["q"] = "number IN (SELECT event FROM word WHERE word = ?)", [words.lower()]
    window = window_of(filters)
    if window.first and window.last:
        days = [window.first, window.last]
        if filters.one("match") == "certain":
            whole = "whole_first >= ? AND whole_last <= ?"
            sure = "sure_first <= ? AND sure_last >= ?"
            found["window"] = f"(({whole}) OR ({sure}))", [*days, *reversed(days)]
        else:
            found["window"] = (
                "first <= ? AND coalesce(last, DATE '9999-12-31') >= ?",
                [*reversed(days)],
            )
    return found


def events(duck: duckdb.DuckDBPyConnection, filters: EventFilters, skipped: int) -> Found:
    by_key = conditions(filters)
    where, values = _where(by_key)
    duck.execute(
        f"CREATE OR REPLACE TEMP TABLE matching AS SELECT number FROM event {where}", values
    )
    total = _one(duck, "SELECT count(*) FROM matching")
    years = duck.execute(
        "SELECT year(sort_day), count(*) FROM event SEMI JOIN matching USING (number) "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    facets = {key: _facet(duck, key, by_key) for key in FACETS}
    rows = duck.execute(
        "SELECT number, title, summary, happened FROM event SEMI JOIN matching USING (number) "
        f"ORDER BY sort_day NULLS LAST, number LIMIT {PAGE} OFFSET {skipped}"
    ).fetchall()
    return Found(total, list(_with_terms(duck, rows)), facets, years)  # type: ignore[arg-type]


def _facet(
    duck: duckdb.DuckDBPyConnection, key: str, by_key: Mapping[str, Condition]
) -> Sequence[tuple[str, int]]:
    """Count the codes of a key among the rows that match all other keys."""
    others = {name: each for name, each in by_key.items() if name.rpartition(" ")[2] != key}
    rows = ""
    values: list[Any] = []
    if others == by_key and by_key:
        rows = "SEMI JOIN matching ON number = event"
    elif others:
        where, values = _where(others)
        rows = f"SEMI JOIN (SELECT number FROM event {where}) ON number = event"
    return duck.execute(
        f"SELECT code::VARCHAR, count(*) AS rows FROM term_{key} {rows} GROUP BY code "
        f"ORDER BY rows DESC, 1 LIMIT {MAX_CODES_PER_FACET}",
        values,
    ).fetchall()


def _where(by_key: Mapping[str, Condition]) -> tuple[str, list[Any]]:
    if not by_key:
        return "", []
    parts = [sql for sql, _values in by_key.values()]
    return "WHERE " + " AND ".join(parts), [
        value for _sql, values in by_key.values() for value in values
    ]


def _with_terms(
    duck: duckdb.DuckDBPyConnection, rows: Sequence[tuple[Any, ...]]
) -> Iterator[EventRow]:
    numbers = ", ".join(str(row[0]) for row in rows) or "0"
    terms: dict[int, list[TermRow]] = {row[0]: [] for row in rows}
    for key in FACETS:
        found = duck.execute(f"SELECT event, code FROM term_{key} WHERE event IN ({numbers})")
        for event, code in found.fetchall():
            terms[event].append(TermRow(key, code))
    return (EventRow(row[0], row[1], row[2], row[3], terms[row[0]]) for row in rows)


def _one(duck: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = duck.execute(statement).fetchone()
    assert row
    return int(row[0])


# Pages ------------------------------------------------------------------------------------------


def app() -> FastAPI:
    """Return the site; DUCKDB_FILE is the file. One thread, as each other program has one core."""
    whole = duckdb.connect(os.environ["DUCKDB_FILE"], read_only=True, config={"threads": 1})

    def read(filters: EventFilters, skipped: int) -> Found:
        with whole.cursor() as duck:
            return events(duck, filters, skipped)

    return site(read)
