"""Files are read and sent in batches: constant memory, short statements, no idle connections.

`test_xlsx.py` has the same tests for workbooks.
"""

import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import islice

import pytest
from sqlalchemy import Engine, String, cast, event, func, insert, literal, select, true

from app.database.engines import reader_engine
from app.database.sessions import ReaderSession
from app.record.filters import ChangeFilters, EventFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import read_directory
from app.record.publishing.purge import purge
from app.record.reads.changelog import find_changes
from app.record.sql import rows as record_rows
from app.settings import Settings
from app.site import changes
from app.site.export import columns, responses
from app.site.export.columns import EVENT, as_csv
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import a_small_world, make_event, publish_all, withdraw
from tests.support.indexed import select_indexed

FEW, MANY, BATCH = 300, 1_500, 100

FILES = ["csv", "geojson", "changes"]


def start_file(engine: Engine, file: str, no: str = "", limit: int | None = None) -> Iterable[str]:
    """Start a file of that many rows. Its session is closed, as when a response is sent."""

    def later() -> ReaderSession:
        return ReaderSession(engine)

    with later() as db:
        edition = select_indexed(db, no)
        names = read_directory(db, edition)
        if file == "changes":
            found = find_changes(db, edition, ChangeFilters(), names)
            made, every = changes.change_rows(found, ChangeFilters(), later, names)
            return as_csv(made, islice(every, limit))
        seqs = backend.match(db, edition, EventFilters(), names).order("happened")
        rows = islice(record_rows.rows_for_file(seqs, later), limit)
        if file == "csv":
            return as_csv(EVENT, rows)
        return responses.as_geojson(EVENT, rows, {}, names)


@pytest.fixture(scope="module")
def full(module_database: Settings) -> Settings:
    """A record with thousands of copies of one event."""
    own = {"seq", "id", "number", "slug"}
    same = [column for column in Version.__table__.columns if column.name not in own]
    numbers = func.generate_series(2, MANY + 1).table_valued("n").render_derived()
    like = select(literal("E").concat(cast(numbers.c.n, String)), numbers.c.n, *same)
    like = like.join_from(Version, numbers, true()).where(Version.id == "E1")
    names = ["id", "number", *(column.name for column in same)]
    with desk_session(module_database) as desk:
        publish_all(desk, *a_small_world(), make_event(1, summary="Reported. " * 40))
        desk.execute(insert(Version).from_select(names, like))
    return module_database


@pytest.fixture
def engine(full: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(record_rows, "ROWS_PER_BATCH", BATCH)
    engine = reader_engine(full)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("file", FILES)
def test_file_memory_does_not_grow_with_rows(engine: Engine, file: str) -> None:
    def peak(limit: int) -> tuple[int, int]:
        tracemalloc.start()
        written = sum(len(piece) for piece in start_file(engine, file, limit=limit))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found, written

    peak(10)  # warm up: cached objects such as compiled statements
    (few, short), (many, long) = peak(FEW), peak(MANY)
    assert long > 4 * short
    assert many < 1.3 * few


@pytest.mark.parametrize("file", FILES)
def test_file_holds_no_connection_and_reads_small_batches(engine: Engine, file: str) -> None:
    brought: list[int] = []
    event.listen(
        engine,
        "after_cursor_execute",
        lambda _connection, cursor, *_: brought.append(cursor.rowcount),
    )
    pieces = 0
    for _piece in start_file(engine, file):
        pieces += 1
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert pieces > 1 and sum(brought) > MANY
    assert 0 < max(brought) <= BATCH and -1 not in brought


@pytest.mark.parametrize("file", FILES)
def test_file_stays_in_its_edition_while_others_are_published(
    database: Settings, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_rows, "ROWS_PER_BATCH", 7)
    monkeypatch.setattr(columns, "CHUNK", 500)
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), *(make_event(n, citations=[]) for n in range(1, 41)))
    engine = reader_engine(database)
    before = "".join(start_file(engine, file))
    sent, read_on = (iter(start_file(engine, file)) for _ in range(2))
    start, other_start = next(sent), next(read_on)
    with desk_session(database) as desk:
        publish_all(
            desk, make_event(30, title="Otherwise", citations=[]), make_event(41), why=Why.CORRECTED
        )
        withdraw(desk, "E35")
    assert start + "".join(sent) == before == "".join(start_file(engine, file, "1"))

    with desk_session(database) as desk:
        purge(desk, "E25")
    purged = other_start + "".join(read_on)
    assert "E25" in before and "E25" not in purged and "E26" in purged
    engine.dispose()
