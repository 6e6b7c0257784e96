"""Compare Sojourn with DuckDB: same events, queries and run.

Each program runs as one process on a local port; one reader queries them over an open connection.
Their answers must be equal before anything is timed.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine

from app.database.engines import psycopg_url, reader_engine
from app.database.sessions import ReaderSession
from app.record.editions import select_edition
from app.settings import Settings
from bench import with_duckdb
from bench.questions import FACETS, Question, questions
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, Times, program, timed


def measure(settings: Settings, folder: Path, seconds: float) -> None:
    """Ask both programs all queries, each for up to `seconds`, and print the times at p50."""
    print("Copying the record into a DuckDB file …", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    admin = create_engine(psycopg_url(str(settings.migrate_database_url)))
    environment = {"DUCKDB_FILE": str(with_duckdb.make_file(admin, folder))}
    admin.dispose()
    readers = reader_engine(settings)
    with ReaderSession(readers) as db:
        asked, past = questions(db), str(select_edition(db).no - 1)
    readers.dispose()
    words = ["uvicorn", "--factory", "bench.with_duckdb:app", "--log-level", "warning"]
    with (
        sojourn(settings) as (our_port, _),
        program(lambda port: [*words, "--port", str(port)], environment) as (duck_port, _),
    ):
        ours, duck = Reader(our_port), Reader(duck_port)
        wait_for_index(ours)
        print("| query | rows | Sojourn | past edition | DuckDB | × |")
        print("| --- | --- | --- | --- | --- | --- |")
        for question in asked:
            total = assert_equal_answers(question, ours, duck)
            address = f"/events?{question.filters.query_string()}&skipped={question.skipped}"
            newest = _time_ours(ours, question.address, seconds)
            before = _time_ours(ours, partial(question.address, edition=past), seconds)
            theirs = timed(lambda _, page=address: duck.page(page), seconds)
            print(
                f"| {question.name} | {total or ''} | {newest.p50:.1f} | {before.p50:.1f} "
                f"| {theirs.p50:,.0f} | {theirs.p50 / newest.p50:,.1f} |",
                flush=True,
            )


def _time_ours(ours: Reader, address: Callable[[int], str], seconds: float) -> Times:
    """Time an address of ours, each round as another host, so that no answer is cached."""
    return timed(lambda round_: ours.page(address(round_), Host=f"round-{round_}.example"), seconds)


def assert_equal_answers(question: Question, ours: Reader, duck: Reader) -> int:
    """Assert equal totals and equal counts of all codes that DuckDB shows; return the total."""
    address = f"/events.json?{question.filters.query_string()}"
    mine, theirs = ours.ok(address).json(), duck.ok(address).json()
    assert mine["total"] == theirs["total"], (question.name, mine["total"], theirs["total"])
    for key in FACETS:
        counts = {code["code"]: code["count"] for code in mine["facets"].get(key, [])}
        different = theirs["facets"][key].items() - counts.items()
        assert not different, (question.name, key, different)
    return int(mine["total"])
