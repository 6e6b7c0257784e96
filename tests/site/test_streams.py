"""A file takes no more memory for more rows: they come from the database, and go to the reader, a few at a time.

Of workbooks the same is tried in `test_files.py`.
"""

import tracemalloc
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import String, cast, func, insert, literal, select, true
from sqlalchemy.orm import Session

from app.record import queries
from app.record.directory import Directory, directory
from app.record.editions import Reading, reading
from app.record.filters import ChangeFilters, EventFilters
from app.record.models import Version
from app.settings import Settings
from app.site import changes, geojson
from app.site.columns import as_csv
from app.site.rows import EVENT
from tests.conftest import desk_session, reader_session
from tests.make import a_small_world, make_event, publish_all

FEW, MANY = 600, 3_000


def events(db: Session, edition: Reading, names: Directory, limit: int) -> Iterable[queries.Found]:
    """The list as files have it, so many rows of it."""
    return islice(queries.stream(db, edition, EventFilters(), names), limit)


def csv(db: Session, edition: Reading, names: Directory, limit: int) -> Iterable[str | bytes]:
    return as_csv(EVENT, events(db, edition, names, limit))


def points(db: Session, edition: Reading, names: Directory, limit: int) -> Iterable[str | bytes]:
    found = events(db, edition, names, limit)
    return geojson.as_geojson({}, (geojson.feature(EVENT, row, geojson.of_event(row, names)) for row in found))


def all_changes(db: Session, edition: Reading, names: Directory, limit: int) -> Iterable[str | bytes]:
    every = changes.every(db, edition, ChangeFilters(), names)
    return as_csv(changes.COLUMNS, islice(every, limit))


@pytest.fixture(scope="module")
def full(server: Any, template: str) -> Iterable[Settings]:
    """A record of one event, and thousands like it."""
    name = server.create(template)
    settings = server.settings(name)
    with desk_session(settings) as desk:
        publish_all(desk, *a_small_world(), make_event(1, summary="Reported. " * 40))
        own = {"seq", "id", "number", "slug"}
        same = [column for column in Version.__table__.columns if column.name not in own]
        numbers = func.generate_series(2, MANY + 1).table_valued("n").render_derived()
        like = select(literal("E").concat(cast(numbers.c.n, String)), numbers.c.n, *same)
        like = like.join_from(Version, numbers, true()).where(Version.id == "E1")
        desk.execute(insert(Version).from_select(["id", "number", *(column.name for column in same)], like))
    yield settings
    server.drop(name)


@pytest.mark.parametrize("file", [csv, points, all_changes])
def test_a_file_takes_no_more_memory_for_more_rows(full: Settings, file: Callable[..., Iterable[str | bytes]]) -> None:
    def peak(limit: int) -> tuple[int, int]:
        with reader_session(full) as db:
            edition = reading(db)
            names = directory(db, edition)
            tracemalloc.start()
            written = sum(len(piece) for piece in file(db, edition, names, limit))
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found, written

    peak(10)  # what is made once, such as the statement, is made
    (few, short), (many, long) = peak(FEW), peak(MANY)
    assert long > 4 * short
    assert many < 1.3 * few
