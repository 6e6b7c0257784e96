"""Responses a second: cached pages and 304 compared with a bare uvicorn, and a mix of queries.

The mix is uncached and runs with one worker and with two.
"""

import contextlib
import os
import random
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from app.settings import Settings
from bench.questions import asked_at_random
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader, program

HOST = "localhost"
CONNECTIONS = 16
READERS = 8  # of the mix


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer with the smallest response, to measure uvicorn alone."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
    )
    await send({"type": "http.response.body", "body": b"hello"})


@dataclass(frozen=True)
class Rates:
    """Answers a second."""

    hello: float
    unchanged: float
    """304s."""
    cached: float
    mix: float
    mix_of_two: float
    """Of two workers."""


def measure(settings: Settings, seconds: float) -> Rates:
    with contextlib.ExitStack() as stack:
        with _on_core(0):  # child processes inherit the core
            hello_port, _ = stack.enter_context(program(_hello, {}))
            port, _ = stack.enter_context(sojourn(settings))
        reader = Reader(port)
        wait_for_index(reader)
        answer = reader.ok("/events", Host=HOST)  # ETags differ by host
        unchanged_since = f"If-None-Match: {answer.headers['etag']}"
        with _on_core(1):
            least = _answers_a_second(hello_port, _request("/"), 200, seconds)
            unchanged = _answers_a_second(port, _request("/events", unchanged_since), 304, seconds)
            kept = _answers_a_second(port, _request("/events"), 200, seconds)
    mixes = [_mix(settings, workers, seconds) for workers in (1, 2)]
    return Rates(least, unchanged, kept, *mixes)


def _hello(port: int) -> Sequence[str]:
    """Return the command with the options of `sojourn serve`."""
    options = ["--no-access-log", "--no-server-header", "--ws", "none", "--log-level", "warning"]
    return ["uvicorn", "bench.throughput:hello", "--port", str(port), *options]


@contextlib.contextmanager
def _on_core(core: int) -> Iterator[None]:
    """Pin this process and new child processes to one core."""
    if not hasattr(os, "sched_setaffinity") or len(before := os.sched_getaffinity(0)) < 2:
        yield
        return
    os.sched_setaffinity(0, {sorted(before)[core]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _request(address: str, *headers: str) -> bytes:
    lines = [f"GET {address} HTTP/1.1", f"Host: {HOST}", "Accept-Encoding: gzip", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def _answers_a_second(port: int, request: bytes, status: int, seconds: float) -> float:
    """Return the rate with `CONNECTIONS` busy connections. All responses have the same length."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    length = _length_of_one(connections[0], request, status)
    with selectors.DefaultSelector() as waiting:
        left = dict.fromkeys(connections, length)
        for each in connections:
            waiting.register(each, selectors.EVENT_READ, each)
            each.sendall(request)
        answers, start = 0, time.perf_counter()
        while (passed := time.perf_counter() - start) < seconds:
            for key, _ in waiting.select():
                connection: socket.socket = key.data
                left[connection] -= len(connection.recv(1 << 18))
                if not left[connection]:
                    answers += 1
                    left[connection] = length
                    connection.sendall(request)
    for each in connections:
        each.close()
    return answers / passed


def _length_of_one(connection: socket.socket, request: bytes, wanted: int) -> int:
    connection.sendall(request)
    received = connection.recv(1 << 18)
    head, _, _body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    assert status.split()[1] == str(wanted), status
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    length = len(head) + 4 + int(headers.get("content-length", 0))
    while len(received) < length:
        received += connection.recv(1 << 18)
    return length


def _mix(settings: Settings, workers: int, seconds: float) -> float:
    with sojourn(settings, workers) as (port, process):
        for _ in range(4 * workers):  # several tries, to reach each worker
            wait_for_index(Reader(port))
        addresses = asked_at_random(Reader(port), random.Random(1), 500)
        for number, address in enumerate(
            addresses[: 20 * workers]
        ):  # so that nobody waits for what is made once
            Reader(port).ok(address, Host=f"before-{number}.example")
        start = time.perf_counter()
        with ThreadPoolExecutor(READERS) as readers:
            found = readers.map(
                lambda number: _request_for(port, addresses[number::READERS], number, seconds),
                range(READERS),
            )
        passed = time.perf_counter() - start
        assert process.poll() is None
    return sum(found) / passed


def _request_for(port: int, addresses: Sequence[str], number: int, seconds: float) -> int:
    """Request addresses one after another; return how many were answered."""
    reader, round_ = Reader(port), 0
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        reader.page(addresses[round_ % len(addresses)], Host=f"reader-{number}-{round_}.example")
        round_ += 1
    return round_
