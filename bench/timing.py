"""Tools of all benchmarks: programs on free local ports, an HTTP reader, and percentiles."""

import contextlib
import gzip
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import paths
from tests.support.processes import free_port

ENCODINGS = {"Accept-Encoding": "gzip, deflate, br, zstd"}
WARM_UP_ROUNDS, MAX_ROUNDS = 3, 60


@dataclass(frozen=True)
class Times:
    """Milliseconds of a repeated query."""

    all: Sequence[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.all)

    @property
    def p95(self) -> float:
        return sorted(self.all)[int(len(self.all) * 0.95)]

    def __str__(self) -> str:
        return f"{self.p50:,.1f} / {self.p95:,.1f}"


def timed(ask: Callable[[int], object], seconds: float) -> Times:
    """Call `ask` with the number of the round, as often as fits into `seconds`, after a warm-up."""
    for number in range(-WARM_UP_ROUNDS, 0):
        ask(number)
    found: list[float] = []
    begun = time.perf_counter()
    while len(found) < MAX_ROUNDS and time.perf_counter() - begun < seconds:
        start = time.perf_counter()
        ask(len(found))
        found.append((time.perf_counter() - start) * 1_000)
    return Times(found)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    """Body as received. May be compressed; decompression is not part of the time."""

    def json(self) -> Any:
        is_packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if is_packed else self.body)


class Reader:
    """An HTTP client with one persistent connection that accepts gzip."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def get(self, address: str, **headers: str) -> Answer:
        headers = {"Accept-Encoding": "gzip", **headers}
        try:
            self.connection.request("GET", address, headers=headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # closed while idle
            self.connection.close()
            self.connection.request("GET", address, headers=headers)
            answer = self.connection.getresponse()
        body = answer.read()
        return Answer(
            answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
        )

    def ok(self, address: str, **headers: str) -> Answer:
        answer = self.get(address, **headers)
        assert answer.status == 200, (address, answer.status, answer.body[:500])
        return answer

    def page(self, address: str, **headers: str) -> Answer:
        """Request with the encodings of current browsers over TLS. The body stays compressed."""
        return self.ok(address, **ENCODINGS, **headers)


@contextlib.contextmanager
def program(
    command: Callable[[int], Sequence[str]],
    environment: Mapping[str, str],
    seconds: float = 600,
    *,
    python: str | Path = sys.executable,
    tree: Path = paths.ROOT,
    log: Path = Path(os.devnull),
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Run a Python module of a work tree on a free port; yield once the port is open.

    What it prints goes to `log`, errors to stderr.
    """
    port = free_port()
    arguments = [str(python), "-m", *command(port)]
    with (
        log.open("wb") as printed,
        subprocess.Popen(
            arguments, env={**os.environ, **environment}, cwd=tree, stdout=printed
        ) as process,
    ):
        try:
            _wait_until_it_listens(port, process, seconds)
            yield port, process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{process.args!r} did not start within {seconds} s")
