"""Compare Sojourn, DuckDB and Datasette: same events, queries and run.

Each program runs as one process on a local port; one reader queries them over an open connection.
Their answers must be equal before anything is timed.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine

from app.database.engines import psycopg_url, reader_engine
from app.database.sessions import ReaderSession
from app.settings import Settings
from bench import with_datasette, with_duckdb
from bench.questions import FACETS, Question, questions
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, Times, program, timed


def measure(settings: Settings, folder: Path, seconds: float) -> None:
    """Ask all programs all queries, and print the times at p50.

    Sojourn and DuckDB are asked for up to `seconds`, Datasette, which may take minutes, once.
    """
    print("Copying the record into a DuckDB and a SQLite file …", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    admin = create_engine(psycopg_url(str(settings.migrate_database_url)))
    duck_file = with_duckdb.make_file(admin, folder)
    admin.dispose()
    lite_file = with_datasette.make_file(duck_file, folder)
    environment = {"DUCKDB_FILE": str(duck_file)}
    readers = reader_engine(settings)
    with ReaderSession(readers) as db:
        asked = questions(db)
    readers.dispose()

    served = ["uvicorn", "--factory", "bench.with_duckdb:app", "--log-level", "warning"]
    with (
        sojourn(settings) as (our_port, _),
        program(lambda port: [*served, "--port", str(port)], environment) as (duck_port, _),
        program(lambda port: [*with_datasette.command(lite_file), "--port", str(port)], {}) as (
            lite_port,
            _,
        ),
    ):
        ours, duck, lite = map(Reader, (our_port, duck_port, lite_port))
        wait_for_index(ours)
        print("| query | rows | Sojourn | DuckDB | × | Datasette | × |")
        print("|" + " --- |" * 7)
        for question in asked:
            total = assert_equal_answers(question, ours, duck, lite)
            address = f"/events?{question.filters.query_string()}&skipped={question.skipped}"
            own = _time_ours(ours, question.address, seconds).p50
            theirs = (
                timed(partial(_ask, duck, address), seconds).p50,
                _time_once(lite, with_datasette.address_of(question)),
            )
            cells = "".join(f" {time:,.0f} | {time / own:,.1f} |" for time in theirs)
            print(f"| {question.name} | {total or ''} | {own:.1f} |{cells}", flush=True)


def _time_ours(ours: Reader, address: Callable[[int], str], seconds: float) -> Times:
    """Time an address of ours, each round as another host, so that no answer is cached."""
    return timed(lambda round_: ours.page(address(round_), Host=f"round-{round_}.example"), seconds)


def _ask(reader: Reader, address: str, _round: int) -> None:
    reader.page(address)


def _time_once(reader: Reader, address: str) -> float:
    start = perf_counter()
    reader.page(address)
    return (perf_counter() - start) * 1_000


def assert_equal_answers(question: Question, ours: Reader, duck: Reader, lite: Reader) -> int:
    """Assert equal totals and counts of all codes that the others show; return the total.

    Datasette applies a filter to its own facet too, so filtered keys are not compared with it.
    """
    filters = question.filters
    address = f"/events.json?{filters.query_string()}"
    mine = ours.ok(address).json()
    other = duck.ok(address).json()
    theirs = lite.ok(with_datasette.address_of(Question("", filters), ".json")).json()
    totals = {mine["total"], theirs["filtered_table_rows_count"], other["total"]}
    assert len(totals) == 1, (question.name, totals)
    for key in FACETS:
        counts = {code["code"]: code["count"] for code in mine["facets"].get(key, [])}
        shown = [other["facets"][key]]
        if key not in filters.included and key not in filters.excluded:
            found = theirs["facet_results"].get(key, {}).get("results", [])
            shown.append({code["value"]: code["count"] for code in found})
        for each in shown:
            assert not each.items() - counts.items(), (question.name, key, each)
    return int(mine["total"])
