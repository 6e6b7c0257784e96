"""`sojourn serve` as a process: first start, stop, first link, logs, systemd's socket."""

import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

from app import secret_key
from app.settings import Settings, release
from tests.conftest import wait_until
from tests.support.environment import environment_of
from tests.support.processes import children_of, free_port, running_command, workers_of
from tests.support.serving import (
    Start,
    answer,
    answers,
    log_lines,
    problems_in,
    server_is_running,
    start_and_stop,
)


def test_first_start_publishes_seeds_and_ctrl_c_stops_all(
    first_start: Start,
) -> None:
    assert (first_start.health["status"], first_start.health["edition"]) == ("ok", 1)
    assert "Published edition 1.\n" in first_start.output
    assert first_start.output.count("The desk has no accounts yet") == 1
    assert first_start.had_a_server
    assert not server_is_running(first_start.folder)
    assert problems_in(first_start.complaint) == []
    facts = {str(line["message"]): line for line in log_lines(first_start.complaint)}
    assert facts["Sojourn starts"]["database"] == "embedded"
    assert facts["This worker answers"]["edition"] == 1
    assert facts["Sojourn starts"]["release"] == release()
    for name in (secret_key.FILE, secret_key.HASH_FILE):
        file = first_start.folder / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert secret_key.read_keys(first_start.folder, name) == [file.read_text().strip()], (
            "each start must read the key that the first start stored"
        )


def test_later_starts_publish_nothing_and_each_signal_stops_everything(filled: Path) -> None:
    for how in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        start = start_and_stop(filled, how)
        assert start.health["edition"] == 1
        assert "Publish" not in start.output
        assert start.had_a_server
        assert not server_is_running(filled)
        assert problems_in(start.complaint) == []


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
            assert "/desk/account" in answer.url, (
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


def owner_of(process: int) -> int:
    return Path(f"/proc/{process}").stat().st_uid


def test_site_started_by_root_answers_as_another_account(published: Settings) -> None:
    environment = {**environment_of(published), "PORT": str(port := free_port())}

    with running_command(["sojourn", "serve"], environment) as run:
        wait_until(lambda: answers(port) or run.poll() is not None, "the site")
        children = children_of(run.pid)
        assert children
        owners = {owner_of(process) for process in [run.pid, *children]}
        # What it reads when it is asked for, and what a process of its pool does.
        for address in (
            "/events?q=Dandong",
            "/cite.txt?of=/events",
            "/static/site.css",
            "/desk/sign-in",
        ):
            assert answer(port, address)
        run.terminate()
        said = run.communicate(timeout=120)[0]
    if os.geteuid() == 0:
        assert 0 not in owners
        assert "not as root" in said
    else:
        assert owners == {os.geteuid()}


REQUESTS = 40


def as_number(pattern: str, metrics: str) -> float:
    found = re.search(pattern, metrics, re.MULTILINE)
    return float(found[1]) if found else 0


def count_of(metrics: str, route: str, status: int = 200) -> float:
    labels = re.escape(f'{{method="GET",route="{route}",status="{status}"}}')
    return as_number(rf"^sojourn_requests_total{labels} (\S+)$", metrics)


def test_workers_add_up_and_survivors_count_on(published: Settings) -> None:
    port, metrics_port = free_port(), free_port()
    settings = published.model_copy(
        update={"port": port, "metrics_address": f"127.0.0.1:{metrics_port}"}
    )

    def metrics() -> str:
        # The library can't read the file of a worker in the moment in which it is made.
        with contextlib.suppress(HTTPError):
            return answer(metrics_port, "/metrics")
        return ""

    with running_command(["sojourn", "serve", "--workers", "2"], environment_of(settings)) as serve:
        wait_until(lambda: answers(port), "the site")
        wait_until(lambda: "sojourn_workers 2.0" in metrics(), "both workers")
        for number in range(REQUESTS):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/events?q=Dandong{number}").close()
        # Each worker samples its edition every few seconds, and first before it has read one.
        wait_until(
            lambda: "sojourn_edition_served 1.0" in metrics(),
            "the edition of both",
        )
        # Each worker has the limits of the server.
        for more, status in ((b"", 200), (b"Host: localhost\r\n", 400), (b"X: 1\r\n" * 101, 431)):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
                line.sendall(b"GET /about HTTP/1.1\r\nHost: localhost\r\n" + more + b"\r\n")
                assert int(line.recv(65_536).split(b" ", 2)[1]) == status
        before = metrics()
        assert count_of(before, "/events") == REQUESTS
        assert "Dandong" not in before
        assert 'sojourn_letters_waiting{kind="removal"} 0.0' in before
        assert as_number(r"^sojourn_worker_resident_bytes (\S+)$", before) > 50_000_000
        assert 'sojourn_tasks{queue="readers"} 0.0' in before
        assert 'sojourn_database_connections{login="desk"}' in before
        # The counts of a worker that ended stay; its gauges do not.
        workers = workers_of(serve.pid)
        assert len(workers) == 2
        killed = workers[0]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: killed not in workers_of(serve.pid), "its end")
        wait_until(lambda: "sojourn_workers 2.0" in metrics(), "another one")
        assert count_of(metrics(), "/events") == REQUESTS
