"""Long files are written by a worker process: equal bytes, limited number, limited time."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.export import file_writer
from app.worker_pool import FILES, POOL
from tests.conftest import wait_until

LONG = [
    "/events.csv",
    "/events.geojson?place=china",
    "/sources.xlsx",
    "/changes.csv?why=added",
    "/changes.xlsx",
    "/bibliography.bib?of=/sources",
    "/bibliography.json?of=/sources",
]


@pytest.fixture
def by_worker(published: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A site where a worker writes even short files."""
    monkeypatch.setattr(file_writer, "MAX_ROWS_INLINE", 0)
    with TestClient(create_app(published), follow_redirects=False) as site:
        yield site


def parts(content: bytes, address: str) -> object:
    """Return comparable content. The compressed bytes of a workbook depend on its chunks."""
    if ".xlsx" not in address:
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("address", LONG)
def test_file_from_worker_equals_file_written_inline(
    client: TestClient, by_worker: TestClient, address: str
) -> None:
    inline, made = client.get(address), by_worker.get(address)
    assert (made.status_code, made.headers["content-type"]) == (200, inline.headers["content-type"])
    assert parts(made.content, address) == parts(inline.content, address)
    assert made.headers["content-disposition"] == inline.headers["content-disposition"]


def test_file_with_full_queue_is_503_and_pages_answer(by_worker: TestClient) -> None:
    places, held = POOL.admitted[FILES], 0
    try:
        while places.acquire(blocking=False):
            held += 1
        answer = by_worker.get("/events.csv")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert by_worker.get("/events").status_code == 200
    finally:
        places.release(held)
    assert by_worker.get("/events.csv").status_code == 200


def test_too_many_long_files_being_sent_are_503(by_worker: TestClient) -> None:
    held = 0
    try:
        while file_writer.SEND_SLOTS.acquire(blocking=False):
            held += 1
        assert by_worker.get("/changes.csv").status_code == 503
    finally:
        file_writer.SEND_SLOTS.release(held)
    assert by_worker.get("/changes.csv").status_code == 200


def test_abandoned_file_releases_its_slot(by_worker: TestClient) -> None:
    for _ in range(2 * file_writer.MAX_FILES_SENT):
        assert by_worker.head("/events.csv", headers={"Cookie": "a=b"}).status_code == 200
    wait_until(
        lambda: file_writer.SEND_SLOTS._value == file_writer.MAX_FILES_SENT, "all places to be free"
    )
    assert by_worker.get("/events.csv").status_code == 200


def test_file_that_takes_too_long_is_503(
    by_worker: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_writer, "MAX_FILE_SECONDS", 0.0)
    answer = by_worker.get("/changes.xlsx")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
