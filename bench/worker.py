"""One worker's index: load time, memory, and its cost relative to fetching the rows alone.

Runs in a process of its own, to measure its memory alone.
"""

import os
import subprocess
import sys
import time

from sqlalchemy import literal, select, tuple_

from app import paths
from app.database.sessions import ReaderSession
from app.main import create_app
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.lists.session import ListSession, select_edition
from app.record.models import Version
from app.record.names.directory import Directories, Directory
from app.record.sql import rows as record_rows
from app.settings import Settings
from bench.questions import PAGE, Question, questions
from bench.timing import memory_megabytes, timed
from tests.support.environment import environment_of


def measure(settings: Settings) -> None:
    environment = {**os.environ, **environment_of(settings)}
    subprocess.run(
        [sys.executable, "-m", "bench.worker"], env=environment, cwd=paths.ROOT, check=True
    )


def main() -> None:
    app = create_app(Settings.from_environment())
    readers, indexes = app.state.reader_engine, app.state.indexes
    with ReaderSession(readers) as db:
        asked = questions(db)
    before, start = memory_megabytes(os.getpid()), time.perf_counter()
    assert indexes.catch_up()
    seconds, after = time.perf_counter() - start, memory_megabytes(os.getpid())
    print("\nOne worker, from inside")
    print(f"{'reading the indexes of all lists':36} {seconds:8.1f} s   (wanted at 1,000,000: 5 s)")
    print(
        f"{'memory before and after':36} {before:8,.0f} and {after:,.0f} MB (wanted at "
        "1,000,000: 500 MB)"
    )
    print(
        f"\n{'index and rows against rows alone':36} {'ms p50 / p95':>18} "
        f"{'alone':>18}    ×   (wanted: 12)"
    )
    directories = Directories()
    for question in asked:
        if question.filters.one("q"):
            continue  # the database, not the index, searches words
        with (
            ListSession(readers, indexes) as db,
            db.begin(),
        ):
            edition = select_edition(db)
            _show(db, edition, directories.of(db, edition), question)
    print(
        "Rows alone: a keyset SELECT of as many rows from the same place on, whatever was asked.",
        flush=True,
    )
    readers.dispose()


def _show(
    db: ListSession, edition: IndexedEdition, directory: Directory, question: Question
) -> None:
    filters = question.filters
    asked = filters.with_(after=question.after or None)

    def whole(_: int) -> None:
        edition.matching.clear()  # clear the cache of the previous page
        counted = backend.count_list(db, edition, filters, directory)
        backend.histogram(db, edition, filters, directory, counted.extent)
        backend.read_page(db, edition, asked, directory, PAGE)

    first = backend.read_page(db, edition, asked, directory, PAGE).rows[0]
    keyset = (
        select(Version.seq, *record_rows.LIST_COLUMNS)
        .where(Version.kind == "E", Version.closed.is_(None), Version.state == "live")
        .where(
            tuple_(Version.sort_day, Version.number)
            >= tuple_(literal(first.sort_day), literal(first.number))
        )
        .order_by(Version.sort_day, Version.number)
        .limit(PAGE + 1)
    )

    def alone(_: int) -> None:
        for row in db.execute(keyset):
            record_rows.list_row(row)

    ours, bare = timed(whole, seconds=2), timed(alone, seconds=2)
    print(f"{question.name:36} {ours!s:>18} {bare!s:>18} {ours.p50 / bare.p50:5.1f}")


if __name__ == "__main__":
    main()
