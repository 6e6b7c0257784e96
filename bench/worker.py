"""One worker's index: load time, memory, and its cost relative to fetching the rows alone.

Runs in a process of its own, to measure its memory alone.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, literal, select, tuple_

from app import paths
from app.database.sessions import ReaderSession
from app.main import create_app
from app.record.index.edition import IndexedEdition
from app.record.index.index_file import IndexFile
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.lists.session import ListSession, select_edition, select_newest
from app.record.models import Version
from app.record.names.directory import Directories, Directory
from app.record.sql import rows as record_rows
from app.settings import Settings
from bench.questions import PAGE, Question, questions
from bench.timing import memory_megabytes, timed
from tests.support.environment import environment_of


@dataclass(frozen=True)
class WorkerFigures:
    """What one worker costs: seconds, megabytes, and how many times the rows alone."""

    first_start: float
    """Reading the indexes from PostgreSQL."""
    start: float
    """Reading them from the file of another worker."""
    memory_before: float
    memory_first: float
    memory: float
    times_rows_alone: Sequence[float]


def measure(settings: Settings) -> WorkerFigures:
    """Start two workers one after another, each in a process of its own."""
    environment = {**os.environ, **environment_of(settings)}
    with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as folder:
        first, second = (
            json.loads(
                subprocess.run(
                    [sys.executable, "-m", "bench.worker", f"{folder}/index"],
                    env=environment,
                    cwd=paths.ROOT,
                    check=True,
                    stdout=subprocess.PIPE,
                ).stdout.splitlines()[-1]
            )
            for _ in range(2)
        )
    return WorkerFigures(
        first["seconds"],
        second["seconds"],
        first["before"],
        first["after"],
        second["after"],
        first["times"],
    )


def main() -> None:
    """Start from the file of the first argument, or else from PostgreSQL, and write the file."""
    app = create_app(Settings.from_environment())
    readers, indexes = app.state.reader_engine, app.state.indexes
    indexes.file = IndexFile(Path(sys.argv[1]), "bench")
    is_first = not indexes.file.path.exists()
    before, start = memory_megabytes(os.getpid()), time.perf_counter()
    assert indexes.catch_up()
    seconds, after = time.perf_counter() - start, memory_megabytes(os.getpid())
    times: list[float] = []
    if is_first:
        times = list(_times_rows_alone(readers, indexes))
        with indexes.sessions() as db:
            indexes.file.write(db, select_newest(db, indexes), indexes.published())
    print(json.dumps({"seconds": seconds, "before": before, "after": after, "times": times}))
    readers.dispose()


def _times_rows_alone(readers: Engine, indexes: IndexManager) -> Iterator[float]:
    """Yield for each question how many times the rows alone a page takes."""
    directories = Directories()
    with ReaderSession(readers) as db:
        asked = questions(db)
    for question in asked:
        if question.filters.one("q"):
            continue  # the database, not the index, searches words
        with ListSession(readers, indexes) as db, db.begin():
            edition = select_edition(db)
            yield _against_rows(db, edition, directories.of(db, edition), question)


def _against_rows(
    db: ListSession, edition: IndexedEdition, directory: Directory, question: Question
) -> float:
    """Return the time of a page beside a keyset SELECT of as many rows from the same place on."""
    filters = question.filters
    asked = filters.with_(after=question.after or None)

    def whole(_: int) -> None:
        edition.matching.clear()  # clear the cache of the previous page
        counted = backend.match(db, edition, filters, directory).counts()
        backend.match(db, edition, filters, directory).histogram(counted.extent)
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

    return timed(whole, seconds=1).p50 / timed(alone, seconds=1).p50


if __name__ == "__main__":
    main()
