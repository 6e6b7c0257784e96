"""The complete dataset: content, metadata, other programs that read it, caching and memory."""

import csv
import io
import subprocess
import zipfile
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import duckdb
import frictionless
import pandas
import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.main import create_app
from app.record.editions import select_edition
from app.record.publishing.publish import Approved, Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from app.site.data.dump import (
    DumpInfo,
    DumpNotReadyError,
    Dumps,
    checksum,
    tables,
    write_archive,
)
from app.vocabulary.record import Why
from app.worker_pool import FILES, POOL
from tests.conftest import MOST_SECONDS, desk_session, reader_session
from tests.make import a_small_world, make_citation, make_event, make_place, publish_all, withdraw
from tests.support.database_server import Server
from tests.support.environment import environment_of
from tests.support.event_pages import published_as
from tests.support.processes import running_command


@pytest.fixture(scope="module")
def folder(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dump of the shared record, written by the command."""
    to = tmp_path_factory.mktemp("dump") / "edition-1"
    with running_command(
        ["sojourn", "export", "--edition", "1", str(to)], environment_of(published)
    ) as command:
        out, error = command.communicate(timeout=60)
    assert (command.returncode, out) == (0, f"Written to {to}.\n"), error
    return to


def archive(client: TestClient, edition: int | str = "") -> bytes:
    answer = client.get(f"/data.zip?edition={edition}" if edition else "/data.zip")
    assert answer.status_code == 200, answer.text
    return answer.content


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        assert zipped.testzip() is None
        return {name.partition("/")[2]: zipped.read(name) for name in zipped.namelist()}


def files_in(folder: Path) -> dict[str, bytes]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


# Content and metadata -----------------------------------------------------------------------------


def test_command_and_site_write_identical_dumps(client: TestClient, folder: Path) -> None:
    answer = client.get("/data.zip")
    headers = answer.headers
    assert (headers["content-type"], headers["x-sojourn-edition"]) == ("application/zip", "1")
    assert 'filename="sojourn-edition-1.zip"' in headers["content-disposition"]
    assert int(headers["content-length"]) == len(answer.content)
    assert files(answer.content) == files_in(folder)
    client.app.state.dumps.forget()  # type: ignore[attr-defined]
    assert archive(client, 1) == answer.content


def test_dump_is_a_valid_data_package(folder: Path) -> None:
    """Checks types, keys, foreign keys, sizes and checksums of every table, and of every file."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    wrong = report.flatten(["taskNumber", "rowNumber", "fieldName", "type", "note"])
    assert report.valid, wrong[:5]
    assert [task.name for task in report.tasks] == [table.name for table in tables()]
    command = ["sha256sum", "--check", "SHA256SUMS"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    named = {line.partition(":")[0] for line in ran.stdout.splitlines()}
    assert named == files_in(folder).keys() - {"SHA256SUMS"}


def test_dump_states_edition_licence_and_citation(folder: Path) -> None:
    readme = (folder / "README.md").read_text()
    for table in tables():
        assert f"`data/{table.name}.csv`" in readme
        for each in table.columns:
            assert f"| `{each.name}` | {each.holds} | {each.description} |" in readme
            assert each.description.endswith(".")
    assert "CC BY 4.0" in readme and "Sojourn. Edition 1, " in readme
    assert "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)" in readme


def test_dump_has_all_rows_and_columns_of_the_lists(client: TestClient, folder: Path) -> None:
    for name in ("events", "estimates", "sources", "changes"):
        listed = rows(client.get(f"/{name}.csv?{'why=' if name == 'changes' else ''}").content)
        dumped = {row["id"]: row for row in rows((folder / f"data/{name}.csv").read_bytes())}
        assert len(dumped) == len(listed) > 20
        for row in listed:
            if name == "changes":
                del row["at"]
            assert {key: dumped[row["id"]][key] for key in row} == row
    cited = client.get("/events/E5.json").json()["citations"]
    found = rows((folder / "data/citations.csv").read_bytes())
    assert [(row["id"], row["speaker"]) for row in found if row["record"] == "E5"] == [
        (each["id"], each["chain"][0]["attribution"]) for each in cited
    ]


# Other programs -----------------------------------------------------------------------------------


def test_duckdb_and_pandas_read_equal_tables_from_both_formats(folder: Path) -> None:
    counts = []
    for file in ("parquet/{}.parquet", "data/{}.csv"):
        events, citations = (f"'{folder / file.format(name)}'" for name in ("events", "citations"))
        found = duckdb.execute(
            f"select e.id, count(*) from {events} e join {citations} c on c.record = e.id "
            "group by 1 order by 2 desc, 1"
        )
        counts.append(found.fetchall())
    assert counts[0] == counts[1] and len(counts[0]) > 20
    for table in tables():
        from_csv = pandas.read_csv(folder / f"data/{table.name}.csv")
        from_parquet = pandas.read_parquet(folder / f"parquet/{table.name}.parquet")
        names = [each.name for each in table.columns]
        assert list(from_csv.columns) == list(from_parquet.columns) == names
        assert len(from_csv) == len(from_parquet)
    described = duckdb.execute(
        f"select name, type from (describe '{folder / 'parquet/events.parquet'}') "
        "t(name, type, a, b, c, d)"
    )
    types = dict(described.fetchall())
    assert (types["earliest"], types["places"], types["added"]) == ("DATE", "VARCHAR[]", "BIGINT")


# Past editions ------------------------------------------------------------------------------------


def test_dump_of_past_edition_keeps_its_bytes_but_no_purged_record(database: Settings) -> None:
    """Five editions, the dump of three while each was the newest, and a purge."""
    events = [make_event(n, citations=[make_citation(n)]) for n in (1, 2, 3, 4)]
    with published_as(database, tuple(events)) as client:
        seen = {1: archive(client, 1)}
        mended = make_event(1, title="=Mended")
        with desk_session(database) as desk:
            publish(desk, [Approved(mended, Why.CORRECTED, "A slip.")])
            publish_all(desk, make_place(1, parent="province-2", names=[{"text": "Renamed"}]))
        seen[3] = archive(client, 3)
        with desk_session(database) as desk:
            withdraw(desk, "E2", "It was another city.")
            publish(desk, [], merged=[Merge("E3", "E1", "The same buses.")])
        seen[5] = archive(client, 5)
        assert len(set(seen.values())) == 3
        for no, content in seen.items():
            client.app.state.dumps.forget()  # type: ignore[attr-defined]
            assert archive(client, no) == content
        assert archive(client) == seen[5]
        assert client.get("/data.zip?edition=9").status_code == 404
        with desk_session(database) as desk:
            purge(desk, "E4")
        for no in (*seen, 6):
            held = files(archive(client, no))
            assert not [name for name, content in held.items() if b"Event 4" in content], no
            purged = [(r["id"], r["state"], r["reason"]) for r in rows(held["data/removed.csv"])]
            assert ("E4", "purged", "") in purged, no
    first, last = files(seen[1]), files(seen[5])
    titles = [row["title"] for row in rows(first["data/events.csv"])]
    assert titles == [f"Event {n}" for n in (1, 2, 3, 4)]
    assert [row["title"] for row in rows(last["data/events.csv"])] == ["'=Mended", "Event 4"]
    assert rows(last["data/names.csv"])[-1]["text"] != "Place-1"
    removed = [(row["id"], row["state"], row["into"]) for row in rows(last["data/removed.csv"])]
    assert removed == [("E2", "withdrawn", ""), ("E3", "merged", "E1")]
    told = [(r["edition"], r["id"], r["why"]) for r in rows(last["data/changes.csv"])]
    assert [each for each in told if each[2] != "reindexed"][-3:] == [
        ("3", "P1", "updated"),
        ("4", "E2", "withdrawn"),
        ("5", "E3", "merged"),
    ]
    table = pandas.read_parquet(io.BytesIO(last["parquet/events.parquet"]))
    assert table["title"][0] == "=Mended"


# Limits -------------------------------------------------------------------------------------------


def test_one_dump_is_written_at_a_time_and_one_is_cached(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world())
        for n in range(1, 5):
            publish_all(desk, make_event(n, citations=[]))
    dumps = Dumps(database)
    workers = POOL.running[FILES]
    for _ in range(FILES.processes):
        assert workers.acquire(timeout=MOST_SECONDS)
    with reader_session(database) as db:
        abouts = [DumpInfo(select_edition(db, str(no)), "CC BY 4.0", "") for no in range(1, 6)]
        for about in abouts:
            with pytest.raises(DumpNotReadyError):
                dumps.of(db, about, wait=0.01)
            assert dumps.newest and dumps.newest[0] == (1, 0)
        workers.release(FILES.processes)
        first = dumps.of(db, abouts[0], wait=MOST_SECONDS)
        for about in abouts:
            assert dumps.of(db, about, wait=MOST_SECONDS).size
        # A response continues to the end although its archive has left the cache.
        assert sum(map(len, first.chunks())) == first.size


def test_dump_still_being_written_is_503_with_retry_after(published: Settings) -> None:
    app = create_app(published)
    app.state.dumps.newest = (1, 0), Future()
    with TestClient(app) as client:
        answer = client.get("/data.zip?edition=1")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert "still being written" in answer.text and 'href="/data.zip?edition=1"' in answer.text


def test_failed_dump_raises_and_can_be_requested_again(server: Server, published: Settings) -> None:
    broken = published.model_copy(update={"reader_database_url": server.url("not_there", "reader")})
    dumps = Dumps(broken)
    with reader_session(published) as db:
        for _ in range(2):
            with pytest.raises(OperationalError, match="not_there"):
                dumps.of(db, DumpInfo(select_edition(db), "CC BY 4.0", ""), wait=MOST_SECONDS)


def test_no_transaction_is_open_while_dump_is_compressed(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database closes connections that are idle in a transaction, which would lose the dump."""
    waiting: list[bool] = []

    def checked(path: Path) -> str:
        waiting.append(db.in_transaction())
        return checksum(path)

    monkeypatch.setattr("app.site.data.dump.checksum", checked)
    with reader_session(published) as db, TemporaryFile() as file:
        write_archive(db, DumpInfo(select_edition(db, ""), "CC BY 4.0", ""), cast(BinaryIO, file))
    assert len(waiting) > 2 * len(tables()) and not any(waiting)
