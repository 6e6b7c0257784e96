"""Compare Sojourn, DuckDB, Datasette and a plain SQLAlchemy page: same events, queries and run.

Each program runs as one process on a local port; one reader queries them over an open connection.
Their answers must be equal before anything is timed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine

from app.database.engines import psycopg_url, reader_engine
from app.database.sessions import ReaderSession
from app.settings import Settings
from bench import with_datasette, with_duckdb, with_sqlalchemy
from bench.questions import FACETS, Question, questions
from bench.serving import sojourn, wait_for_index
from bench.timing import TOO_LONG, Reader, Times, program, timed

PAST = "1"
"""The past edition that is asked for too."""


@dataclass(frozen=True)
class Row:
    name: str
    rows: int
    ours: Times
    past: Times
    """The same of a past edition."""
    duckdb: Times
    datasette: Times
    plain: Times


@dataclass(frozen=True)
class Programs:
    """A reader of each program."""

    ours: Reader
    duckdb: Reader
    datasette: Reader
    plain: Reader


def measure(settings: Settings, folder: Path, seconds: float) -> None:
    """Ask all programs all queries, each for up to `seconds`, and print the times at p50."""
    print("| query | rows | Sojourn | edition 1 | DuckDB | × | Datasette | × | plain page | × |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for row in compare(settings, folder, seconds):
        theirs = (row.duckdb.p50, row.datasette.p50, row.plain.p50)
        cells = "".join(f" {time:,.0f} | {time / row.ours.p50:,.1f} |" for time in theirs)
        own = f"{row.ours.p50:.1f} | {row.past.p50:.1f}"
        print(f"| {row.name} | {row.rows or ''} | {own} |{cells}", flush=True)


def compare(settings: Settings, folder: Path, seconds: float) -> list[Row]:
    admin = create_engine(psycopg_url(str(settings.migrate_database_url)))
    print("Copying the record into plain tables, a SQLite and a DuckDB file …", flush=True)
    with_sqlalchemy.make_tables(admin)
    folder.mkdir(parents=True, exist_ok=True)
    with_datasette.make_file(admin, folder)
    duck_file = with_duckdb.make_file(admin, folder)
    admin.dispose()
    readers = reader_engine(settings)
    with ReaderSession(readers) as db:
        asked = questions(db)
    readers.dispose()
    environment = {
        "DATABASE_URL": str(settings.migrate_database_url),
        "DUCKDB_FILE": str(duck_file),
    }

    def factory(module: str) -> Callable[[int], Sequence[str]]:
        options = ["--factory", f"bench.{module}:app", "--log-level", "warning"]
        return lambda port: ["uvicorn", *options, "--port", str(port)]

    with (
        sojourn(settings) as (our_port, _),
        program(lambda port: [*with_datasette.command(folder), "--port", str(port)], {}) as (
            lite_port,
            _,
        ),
        program(factory("with_sqlalchemy"), environment) as (plain_port, _),
        program(factory("with_duckdb"), environment) as (duck_port, _),
    ):
        programs = Programs(
            Reader(our_port), Reader(duck_port), Reader(lite_port), Reader(plain_port)
        )
        wait_for_index(programs.ours)
        return [_compared(question, programs, seconds) for question in asked]


def _compared(question: Question, programs: Programs, seconds: float) -> Row:
    total, took = _assert_equal_answers(question, programs)
    plain = f"/events?{question.filters.query_string()}&skipped={question.skipped}"
    theirs = with_datasette.address(question)
    is_known = took > TOO_LONG * seconds and not question.skipped
    return Row(
        question.name,
        total,
        _ours(programs, question.address, seconds),
        _ours(programs, partial(question.address, edition=PAST), seconds),
        _timed(lambda _: programs.duckdb.page(plain), seconds),
        # A query that takes minutes is not repeated: the time of its JSON answer is used instead.
        Times([took * 1_000])
        if is_known
        else _timed(lambda _: programs.datasette.page(theirs), seconds),
        _timed(lambda _: programs.plain.page(plain), seconds),
    )


def _ours(programs: Programs, address: Callable[[int], str], seconds: float) -> Times:
    """Time an address of ours, each round as another host, so that no answer is cached."""
    return _timed(
        lambda round_: programs.ours.page(address(round_), Host=f"round-{round_}.example"), seconds
    )


def _timed(ask: Callable[..., object], seconds: float) -> Times:
    return timed(ask, seconds=seconds)


# Equal answers ----------------------------------------------------------------------------------


def _assert_equal_answers(question: Question, programs: Programs) -> tuple[int, float]:
    """Assert equal totals and equal counts of all codes that the other programs show.

    Returns the total, and the seconds that Datasette took. Datasette applies a filter to its own
    facet too, so filtered keys are not compared with it.
    """
    filters = question.filters
    address = f"/events.json?{filters.query_string()}"
    ours = programs.ours.ok(address).json()
    start = time.perf_counter()
    theirs = programs.datasette.ok(with_datasette.address(Question("", filters), ".json")).json()
    took = time.perf_counter() - start
    others = [programs.plain.ok(address).json(), programs.duckdb.ok(address).json()]
    totals = ours["total"], theirs["filtered_table_rows_count"], *(each["total"] for each in others)
    assert len(set(totals)) == 1, (question.name, totals)
    for key in FACETS:
        mine = {code["code"]: code["count"] for code in ours["facets"].get(key, [])}
        for each in others:
            _assert_equal_counts(question.name, key, mine, each["facets"].get(key, {}))
        if key not in filters.included and key not in filters.excluded:
            found = theirs["facet_results"].get(key, {}).get("results", [])
            _assert_equal_counts(
                question.name, key, mine, {code["value"]: code["count"] for code in found}
            )
    return int(totals[0]), took


def _assert_equal_counts(
    name: str, key: str, ours: Mapping[str, int], theirs: Mapping[str, int]
) -> None:
    different = {
        code: (ours.get(code), count) for code, count in theirs.items() if ours.get(code) != count
    }
    assert not different, (name, key, different)
