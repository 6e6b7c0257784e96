"""Long files are written by a worker process: equal bytes, limited number, limited time."""

import io
import zipfile
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.export import responses
from app.worker_pool import FILES, POOL
from tests.conftest import wait_until
from tests.support.held_places import held_places

LONG = [
    "/events.csv",
    "/events.geojson?place=china",
    "/sources.xlsx",
    "/changes.csv?why=added",
    "/bibliography.bib?of=/sources",
    "/bibliography.json?of=/sources",
]


@pytest.fixture
def by_worker(published: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A site where a worker writes even short files."""
    monkeypatch.setattr(responses, "MAX_ROWS_INLINE", 0)
    with TestClient(create_app(published), follow_redirects=False) as site:
        yield site


def parts(content: bytes, address: str) -> object:
    """Return comparable content. The compressed bytes of a workbook depend on its chunks."""
    if ".xlsx" not in address:
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_file_from_worker_equals_file_written_inline(
    client: TestClient, by_worker: TestClient
) -> None:
    for address in LONG:
        inline, made = client.get(address), by_worker.get(address)
        assert made.status_code == 200, address
        assert parts(made.content, address) == parts(inline.content, address), address
        for name in ("content-type", "content-disposition"):
            assert made.headers[name] == inline.headers[name], address


def test_too_many_long_files_are_503_and_pages_answer(by_worker: TestClient) -> None:
    queues = {
        "/events.csv": patch.dict(POOL.admitted, {FILES: FILES.processes + FILES.waiting}),
        "/changes.csv": held_places(responses.SEND_SLOTS),
    }
    for address, full in queues.items():
        with full:
            answer = by_worker.get(address)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
            assert by_worker.get("/events").status_code == 200
        assert by_worker.get(address).status_code == 200


def test_abandoned_file_releases_its_slot(by_worker: TestClient) -> None:
    for _ in range(2 * responses.MAX_FILES_SENT):
        assert by_worker.head("/events.csv", headers={"Cookie": "a=b"}).status_code == 200
    wait_until(
        lambda: responses.SEND_SLOTS._value == responses.MAX_FILES_SENT, "all places to be free"
    )
    assert by_worker.get("/events.csv").status_code == 200
