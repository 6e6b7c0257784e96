"""`sojourn serve`: first start, stop, logs, and errors as one sentence."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app import secret_key
from app.release import release
from app.settings import Settings
from tests.conftest import wait_until
from tests.support.environment import environment_of
from tests.support.processes import free_port, running_command
from tests.support.serving import (
    Start,
    answers,
    log_lines,
    problems_in,
    run,
    server_is_running,
    start_and_stop,
)


def test_first_start_publishes_seeds_and_ctrl_c_stops_all(
    first_start: Start,
) -> None:
    assert (first_start.health["status"], first_start.health["edition"]) == ("ok", 2)
    assert "Published edition 1.\nPublished edition 2.\n" in first_start.output
    assert first_start.output.count("The desk has no accounts yet") == 1
    assert first_start.had_a_server
    assert not server_is_running(first_start.folder)
    assert problems_in(first_start.complaint) == []
    facts = {str(line["message"]): line for line in log_lines(first_start.complaint)}
    assert facts["Sojourn starts"]["database"] == "embedded"
    assert facts["This worker answers"]["edition"] == 2
    assert facts["Sojourn starts"]["release"] == release()
    for name in (secret_key.FILE, secret_key.HASH_FILE):
        file = first_start.folder / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert secret_key.read_keys(first_start.folder, name) == [file.read_text().strip()], (
            "each start must read the key that the first start stored"
        )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_sigterm_and_sighup_stop_everything(filled: Path, how: signal.Signals) -> None:
    start = start_and_stop(filled, how)
    assert start.had_a_server
    assert not server_is_running(filled)
    assert problems_in(start.complaint) == []


def test_second_start_publishes_nothing(filled: Path) -> None:
    start = start_and_stop(filled, signal.SIGINT)
    assert start.health["edition"] == 2
    assert "Publish" not in start.output


def test_port_in_use_is_one_sentence_and_starts_nothing(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("serve", SOJOURN_DATA_DIR=str(folder), PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Cannot listen on 127.0.0.1, port {port}: address already in use." in done.stderr
    assert f"PORT={port + 1 if port < 65535 else 8000} make serve" in done.stderr
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "version", "sentence"),
    [
        ("postgres-18", "not a number", "is broken"),
        ("postgres-18", "17", "was written by PostgreSQL 17"),
        ("postgres-17", "17", "run `sojourn backup` with the release that wrote it"),
    ],
)
def test_unfit_data_folder_is_one_sentence(
    folder: Path, name: str, version: str, sentence: str
) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "PG_VERSION").write_text(f"{version}\n")
    if os.geteuid() == 0:
        shutil.chown(folder / name, "daemon")
    done = run("serve", SOJOURN_DATA_DIR=str(folder), PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr


def test_unmigrated_database_is_one_sentence(empty_database: Settings) -> None:
    done = run(
        "serve", PORT=str(free_port()), DATABASE_URL=empty_database.migrate_database_url or ""
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "run `sojourn migrate` first" in done.stderr


def test_missing_hash_secret_is_one_sentence_before_start(published: Settings) -> None:
    environment = {**environment_of(published), "PORT": str(free_port())}
    del environment["SOJOURN_HASH_SECRET"]
    done = run("serve", **environment)
    assert done.returncode == 1
    assert "Sojourn is at" not in done.stdout
    assert done.stderr.startswith("sojourn: SOJOURN_HASH_SECRET is not set")
    assert done.stderr.count("\n") == 1


def test_first_link_is_printed_until_used(filled: Path) -> None:
    port = free_port()
    settings = {"SOJOURN_DATA_DIR": str(filled), "PORT": str(port)}
    with running_command(["sojourn", "serve"], settings) as program:
        wait_until(lambda: answers(port) or program.poll() is not None, "the site")
        assert program.stdout is not None
        link = re.search(r"http://\S+/desk/welcome/\S+", program.stdout.readline())
        assert link
        form = b"email=amal%40example.org&name=Amal&password=four+words+and+a+horse"
        posting = urllib.request.Request(link[0], form, {"Sec-Fetch-Site": "same-origin"})  # noqa: S310
        with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(
            posting, timeout=30
        ) as answer:
            assert "/desk/account/second-factor" in answer.url, (
                "the first link must lead to the page that adds a second factor"
            )
    assert "The desk has no accounts yet" not in start_and_stop(filled, signal.SIGINT).output


def test_log_has_no_address_and_query_of_readers(filled: Path) -> None:
    port = free_port()
    with running_command(
        ["sojourn", "serve"], {"SOJOURN_DATA_DIR": str(filled), "PORT": str(port)}
    ) as program:
        wait_until(lambda: answers(port) or program.poll() is not None, "the site")
        for path in (
            "/events?q=typed-by-a-reader",
            "/nowhere?typed-by-a-reader",
            "/events.json?typed-by-a-reader=1",
        ):
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(
                    f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
                )
                while line.recv(65536):
                    pass
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET /typed-by-a-reader\x00 HTTP/9\r\n\r\n")
            line.recv(65536)
        program.send_signal(signal.SIGINT)
        output = "".join(program.communicate(timeout=120))
    output += (filled / "postgres.log").read_text()
    assert "typed-by-a-reader" not in output
    assert "127.0.0.1:" not in output.replace(f"http://127.0.0.1:{port}", "")


def test_site_takes_the_socket_that_systemd_opened(published: Settings) -> None:
    """Connections that arrive while no process runs wait instead of being refused."""
    program = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True); "
        "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); "
        "os.execv(sys.argv[2], [sys.argv[2], 'serve'])"
    )
    sojourn = str(Path(sys.executable).parent / "sojourn")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        port = listener.getsockname()[1]
        waiting = socket.create_connection(("127.0.0.1", port))
        waiting.sendall(b"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        environment = {**os.environ, **environment_of(published), "PORT": "1"}
        with subprocess.Popen(
            [sys.executable, "-c", program, str(listener.fileno()), sojourn],
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as site:
            try:
                waiting.settimeout(120)
                assert waiting.recv(100).startswith(b"HTTP/1.1 200")
            finally:
                waiting.close()
                site.terminate()
