"""The embedded PostgreSQL: start, sharing, crashes, and private files."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from app.database import cluster as cluster_module
from app.database import embedded
from app.database.cluster import Cluster
from app.database.cluster import Server as Running
from app.errors import CommandError
from app.settings import Settings
from tests.conftest import is_alive, wait_until
from tests.database.conftest import HASTY, another_user, leave, mark, marks, server_process
from tests.support.temporary_folders import stop_if_unused


def test_server_is_private_and_has_a_fixed_locale(new_folder: Path) -> None:
    new_folder.mkdir(mode=0o751)
    before = [(path, path.stat().st_mode) for path in (new_folder, *new_folder.parents)]
    with (
        embedded.running(new_folder, HASTY) as server,
        psycopg.connect(server.url("postgres")) as connection,
    ):
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, datlocprovider, datlocale, "
            "pg_encoding_to_char(encoding), current_setting('listen_addresses') "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        for private in (server.sockets, new_folder / "postgres-18"):
            assert stat.S_IMODE(private.stat().st_mode) & 0o077 == 0
        for statement in (
            "SELECT 'typed-by-a-reader'::int",
            "SELEKT typed-by-a-reader",
            "SELECT 1/0 -- typed-by-a-reader",
        ):
            with pytest.raises(psycopg.Error), connection.transaction():
                connection.execute(statement.encode())
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            psycopg.connect(server.url("postgres", "pg_write_all_data"))
    assert row == (18, "b", "C.UTF-8", "UTF8", "")
    rules = (new_folder / "postgres-18" / "pg_hba.conf").read_text()
    assert rules == "local all all peer map=sojourn\n"
    assert [(path, path.stat().st_mode) for path, _ in before] == before
    assert "typed-by-a-reader" not in (new_folder / "postgres.log").read_text()


def test_server_is_shared_until_last_program_ends_and_keeps_data(folder: Path) -> None:
    with another_user(folder) as program:
        started = server_process(program)
        with embedded.running(folder, HASTY) as server:
            assert server.process == started
            leave(program)
            assert is_alive(started)
            mark(server, "still here")
        assert not is_alive(started)
    with embedded.running(folder, HASTY) as server:
        assert marks(server) == ["still here"]
    assert not is_alive(server.process)


def test_server_of_killed_user_is_joined_and_stopped(folder: Path) -> None:
    with another_user(folder) as program:
        started = server_process(program)
        assert not stop_if_unused(folder)
        program.kill()
        program.wait()
    assert is_alive(started)
    with embedded.running(folder, HASTY) as server:
        assert server.process == started
    assert not is_alive(started)
    with another_user(folder) as program:
        started = server_process(program)
        program.kill()
        program.wait()
    assert stop_if_unused(folder)
    assert not is_alive(started)
    # Server and user may be killed together.
    with another_user(folder) as program:
        started = server_process(program)
        os.kill(started, signal.SIGKILL)
        program.kill()
        program.wait()
    wait_until(lambda: not is_alive(started), "the server to end")
    with embedded.running(folder, HASTY) as server:
        mark(server, "back")


def is_back(server: Running) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        return marks(server) == ["kept"]
    return False


def test_server_killed_under_site_returns_at_same_socket(folder: Path) -> None:
    with embedded.running(folder, {}, keep_alive=True) as server:
        mark(server, "kept")
        os.kill(server.process, signal.SIGKILL)

        wait_until(
            lambda: not is_alive(server.process) and is_back(server), "the server to come back"
        )
    with pytest.raises(psycopg.OperationalError):
        marks(server)


def test_reused_process_number_is_not_taken_for_server(folder: Path) -> None:
    """After a reboot, small process numbers are soon reused."""
    with embedded.running(folder, {}) as server:
        mark(server, "kept")
        os.kill(server.process, signal.SIGKILL)
        pid_file = folder / "postgres-18" / "postmaster.pid"
        with subprocess.Popen(["sleep", "60"]) as stranger:
            lines = pid_file.read_text().splitlines()
            pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            with embedded.running(folder, {}) as again:
                assert marks(again) == ["kept"]
            assert stranger.poll() is None, (
                "a foreign process with the server's old number must keep running"
            )
            stranger.kill()


def test_empty_pid_file_is_replaced_unless_server_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a power cut."""
    monkeypatch.setattr(cluster_module, "START_SECONDS", 0)
    pid_file = folder / "postgres-18" / "postmaster.pid"
    pid_file.touch()
    with embedded.running(folder, HASTY) as server:
        mark(server, "kept")
        written = pid_file.read_text()
        pid_file.write_text("")
        with pytest.raises(CommandError, match="shared memory block"):
            Cluster(folder, HASTY).start_or_join()
        pid_file.write_text(written)
        assert is_alive(server.process)


def test_data_folder_is_setting_or_outside_checkout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert embedded.data_folder(Settings(data_dir=Path("/srv/x"))) == Path("/srv/x")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert embedded.data_folder(Settings()) == Path("/var/lib/sojourn")
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    monkeypatch.setenv("HOME", "/tmp")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert embedded.data_folder(Settings()) == Path("/tmp/.local/share/sojourn")
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/share")
    assert embedded.data_folder(Settings()) == Path("/srv/share/sojourn")


# Data folders and accounts that are refused, each with one sentence -------------------------------


def test_data_of_other_version_is_refused(folder: Path) -> None:
    (folder / "postgres-18" / "PG_VERSION").write_text("17\n")
    with pytest.raises(
        CommandError,
        match=r"was written by PostgreSQL 17, and this release has PostgreSQL 18: "
        r"run `sojourn backup` with the release that wrote it, then `sojourn restore`",
    ):
        start(folder)


def test_path_that_no_socket_fits_is_refused(new_folder: Path) -> None:
    with pytest.raises(CommandError, match="too long"):
        start(new_folder / ("long" * 30))


@pytest.mark.parametrize("missing", ["global/pg_control", "postgresql.conf", "pg_wal", "base"])
def test_broken_data_is_refused_with_reason(folder: Path, missing: str) -> None:
    broken = folder / "postgres-18" / missing
    shutil.rmtree(broken) if broken.is_dir() else broken.unlink()
    with pytest.raises(
        CommandError,
        match=r"PostgreSQL did not start on .*: .+\. \(All it said is in .*postgres\.log\.\)",
    ):
        start(folder)


def test_link_in_place_of_server_file_is_not_followed(folder: Path) -> None:
    victim = folder.parent / "victim"
    victim.write_text("untouched\n")
    rules = folder / "postgres-18" / "pg_hba.conf"
    rules.unlink()
    rules.symlink_to(victim)
    with embedded.running(folder, HASTY):
        assert not rules.is_symlink()
    assert victim.read_text() == "untouched\n"


def start(folder: Path) -> None:
    with embedded.running(folder, HASTY):
        pass
