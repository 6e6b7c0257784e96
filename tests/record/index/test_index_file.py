"""The file from which workers start: when it is used, when it is not, and when it is removed.

That an index from a file answers like any other is checked in `test_building`.
"""

import json
import logging
from pathlib import Path

import pytest

from app.record.editions import select_edition
from app.record.index import build_indexes
from app.record.index.index_file import IndexFile
from app.record.index.manager import IndexManager
from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session, reader_session
from tests.make import a_small_world, make_event, publish_all


@pytest.fixture
def written(database: Settings, tmp_path: Path) -> IndexFile:
    """The file of a record with three events, written by release "1"."""
    file = IndexFile(tmp_path / "index", "1")
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2), make_event(3))
        edition = select_edition(desk)
        file.write(desk, edition, build_indexes(desk, edition))
    return file


def test_file_is_private_and_whole(written: IndexFile, database: Settings) -> None:
    assert written.path.stat().st_mode & 0o077 == 0
    assert [each.name for each in written.path.parent.iterdir()] == ["index"]
    with reader_session(database) as db:
        found = written.read(db)
        assert found and len(found["E"].live) == 3
        # Missing, or of another release.
        assert IndexFile(written.path, "2").read(db) is None
        assert IndexFile(written.path.with_name("none"), "1").read(db) is None


def test_damaged_file_is_not_used(
    written: IndexFile, database: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    content = written.path.read_bytes()
    damaged = {
        "cut": content[:-1],
        "changed": content[:-1] + bytes([content[-1] ^ 1]),
        "empty": b"",
        "header": b"?" + content[1:],
    }
    with reader_session(database) as db:
        for damage, changed in damaged.items():
            written.path.write_bytes(changed)
            caplog.clear()
            with caplog.at_level(logging.WARNING):
                assert written.read(db) is None, damage
            assert "can’t be used" in caplog.text
        # Such as the one before a backup was restored: its edition was of another moment.
        at = json.loads(content.partition(b"\n")[0])["state"][0].encode()
        written.path.write_bytes(content.replace(at, at.replace(b"20", b"21", 1), 1))
        assert written.read(db) is None


def test_worker_starts_from_the_file_and_reads_only_later_editions(
    written: IndexFile, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_session(database, readers_see_it=False) as desk:
        publish_all(desk, make_event(4))

    def fail(*_args: object) -> None:
        raise AssertionError("the worker read all rows")

    with monkeypatch.context() as patch:
        patch.setattr("app.record.index.manager.build_indexes", fail)
        manager = IndexManager(lambda: reader_session(database), file=written)
        assert manager.catch_up()
    assert manager.serving and len(manager.serving.indexes["E"].live) == 4
    before = written.path.read_bytes()
    while manager.gather():
        pass
    manager.write_file()
    assert written.path.read_bytes() != before, "the file has the later edition now"
    with reader_session(database) as db:
        found = written.read(db)
    assert found and found["E"].newest == manager.serving.edition


@pytest.mark.parametrize("is_running", [True, False])
def test_purge_removes_the_file(written: IndexFile, database: Settings, is_running: bool) -> None:
    """At once if a worker runs, else when one starts; then the file is written without the rows.

    A worker that starts writes it before it serves, and one that runs after the common words.
    """
    unfinished = written.path.with_name("index.1")
    unfinished.write_bytes(b"left by a killed worker")
    manager = IndexManager(lambda: reader_session(database), file=written)
    if is_running:
        assert manager.catch_up()
    with desk_session(database, readers_see_it=False) as desk:
        purge(desk, "E3")
    assert manager.catch_up()
    assert not unfinished.exists()
    assert written.path.exists() != is_running
    with reader_session(database) as db:
        found = written.read(db)
        assert is_running or (found and 3 not in found["E"].rows.columns.number)
        while manager.gather():
            pass
        manager.write_file()
        found = written.read(db)
    assert found and 3 not in found["E"].rows.columns.number


def test_first_start_maps_the_file_that_it_has_written(
    written: IndexFile, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own arrays would take twice the memory. Common words are added to the file later."""
    written.remove()
    manager = IndexManager(lambda: reader_session(database), file=written)
    assert manager.catch_up()
    assert not manager.published()["E"].rows.columns.number.flags.owndata
    with reader_session(database) as db:
        found = written.read(db)
        assert found and found["E"].common is None
        monkeypatch.setattr("app.record.index.manager.build_indexes", None)
        second = IndexManager(lambda: reader_session(database), file=written)
        assert second.catch_up() and second.is_file_due
        for each in (manager, second):
            while each.gather():
                pass
            each.write_file()
            found = written.read(db)
            assert found and found["E"].common
            written.remove()
