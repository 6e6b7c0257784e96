"""`sojourn serve` in process: what it does before it serves, and errors as one sentence."""

import socket
from pathlib import Path

import pytest

from app import paths
from app.cli import serve
from app.settings import Settings
from tests.cli.conftest import Run
from tests.conftest import desk_session, newest_edition_number
from tests.support.database_server import SMALL_RECORD
from tests.support.environment import environment_of
from tests.support.processes import free_port


def test_serve_opens_its_port_and_serves_the_ready_database(
    run: Run, published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[object] = []

    def note(settings: Settings, listener: socket.socket, workers: int, _folder: object) -> None:
        served.extend((settings.database_url, listener.getsockname()[1], workers))

    monkeypatch.setattr(serve, "serve_until_stopped", note)
    ended = run(["serve", "--workers", "3", "--port", "0"], **environment_of(published))
    assert (ended.code, ended.complaint) == (0, "")
    assert served[0] == published.database_url and served[1:] == [served[1], 3] and served[1]


def test_first_start_publishes_the_seeds_and_prints_a_link(
    database: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "SEEDS", SMALL_RECORD)
    for _ in range(2):
        serve._publish_seeds_if_empty(database)
        serve._print_first_link(database)
    said = capsys.readouterr().out
    assert said.count("Published edition") == 1 and said.count("/desk/welcome/") == 2
    with desk_session(database) as desk:
        assert newest_edition_number(desk) == 1


def test_ports_in_use_are_one_sentence_and_start_nothing(
    run: Run, published: Settings, folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run(["serve"], SOJOURN_DATA_DIR=str(folder), PORT=str(port))
    assert (ended.code, ended.complaint.count("\n")) == (1, 1)
    assert f"Cannot listen on 127.0.0.1, port {port}: address already in use." in ended.complaint
    assert f"PORT={port + 1 if port < 65535 else 8000} make serve" in ended.complaint
    assert not folder.exists()
    port = free_port()
    settings = published.model_copy(update={"port": port, "metrics_address": f"127.0.0.1:{port}"})
    ended = run(["serve"], **environment_of(settings))
    assert ended.code == 1 and "Change SOJOURN_METRICS_ADDRESS." in ended.complaint


def test_database_or_secret_that_is_missing_is_one_sentence(
    run: Run, empty_database: Settings, published: Settings
) -> None:
    unmigrated = {"DATABASE_URL": empty_database.migrate_database_url or ""}
    ended = run(["serve"], PORT=str(free_port()), **unmigrated)
    assert (ended.code, ended.output) == (1, "")
    assert "run `sojourn migrate` first" in ended.complaint
    environment = {**environment_of(published), "PORT": str(free_port())}
    del environment["SOJOURN_HASH_SECRET"]
    ended = run(["serve"], **environment)
    assert (ended.code, ended.complaint.count("\n")) == (1, 1)
    assert "Sojourn is at" not in ended.output
    assert ended.complaint.startswith("sojourn: SOJOURN_HASH_SECRET is not set")
