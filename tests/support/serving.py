"""Runs `sojourn serve` and other commands as processes."""

import json
import signal
import subprocess
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from app.database.cluster import Cluster
from tests.conftest import wait_until
from tests.support.processes import free_port, running_command


def answer(port: int, path: str = "/healthz") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
        body: bytes = response.read()
    return body.decode()


def answers(port: int) -> bool:
    try:
        answer(port)
    except OSError:
        return False
    return True


def server_is_running(folder: Path) -> bool:
    return Cluster(folder, {}).running_process() is not None


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a `sojourn` command to its end."""
    with running_command(["sojourn", *words], environment) as program:
        output, complaint = program.communicate(timeout=120)
    return subprocess.CompletedProcess(words, program.returncode, output, complaint)


def log_lines(complaint: str) -> list[dict[str, object]]:
    """Return the lines of the log on stderr; other lines count as errors."""
    return [
        json.loads(line)
        if line.startswith("{")
        else {"level": "error", "process": "", "message": line}
        for line in complaint.splitlines()
    ]


def problems_in(complaint: str) -> list[dict[str, object]]:
    """Return what is on stderr besides facts about the start."""
    return [line for line in log_lines(complaint) if line["level"] != "info"]


@dataclass(frozen=True)
class Start:
    """Observations of one run of the server, from start to stop."""

    folder: Path
    health: dict[str, object]
    had_a_server: bool
    output: str
    complaint: str


def start_and_stop(folder: Path, how: signal.Signals) -> Start:
    port = free_port()
    with running_command(
        ["sojourn", "serve"], {"SOJOURN_DATA_DIR": str(folder), "PORT": str(port)}
    ) as program:
        wait_until(lambda: answers(port) or program.poll() is not None, "the site")
        health, had_a_server = json.loads(answer(port)), server_is_running(folder)
        program.send_signal(how)
        output, complaint = program.communicate(timeout=120)
    assert f"Sojourn is at http://127.0.0.1:{port}" in output
    assert not answers(port)
    return Start(folder, health, had_a_server, output, complaint)
