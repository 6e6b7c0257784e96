"""Limits of the HTTP server: size of requests, time per request, and number of connections."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import pytest
import uvicorn

from app.web.http_limits import HttpLimits, LimitedHttpProtocol
from tests.conftest import wait_until
from tests.support.tables import differing

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
MEGABYTE = b"x" * 1_000_000


class PatientProtocol(LimitedHttpProtocol):
    """Never loses patience of itself: a slow machine ends no connection."""

    limits: ClassVar[HttpLimits] = HttpLimits(
        connections=8, body_bytes=2_000_000, header_seconds=3600
    )


class HastyProtocol(LimitedHttpProtocol):
    """Waits for tenths of a second, so that tests need not wait for seconds."""

    limits: ClassVar[HttpLimits] = replace(PatientProtocol.limits, header_seconds=0.3)


class EchoApp:
    """Answers with the length of the body it read, and notes what it saw."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        length = 0
        has_more = True
        while has_more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            length += len(message["body"])
            has_more = message["more_body"]
        body = str(length).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@contextlib.contextmanager
def running_server(
    app: Any, protocol: type[LimitedHttpProtocol]
) -> Iterator[tuple[uvicorn.Server, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app,
            http=protocol,
            proxy_headers=False,
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="error",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive(), "the server to start")
            yield server, listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def app() -> EchoApp:
    return EchoApp()


@pytest.fixture(scope="module")
def servers(app: EchoApp) -> Iterator[list[tuple[uvicorn.Server, int]]]:
    protocols = (PatientProtocol, HastyProtocol)
    with contextlib.ExitStack() as running:
        yield [running.enter_context(running_server(app, each)) for each in protocols]


Connect = Callable[[], socket.socket]


@contextlib.contextmanager
def connecting(running: tuple[uvicorn.Server, int]) -> Iterator[Connect]:
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(
            socket.create_connection(("127.0.0.1", running[1]), timeout=60)
        )
    wait_until(lambda: not running[0].server_state.connections, "connections to end")


@pytest.fixture
def connect(servers: list[tuple[uvicorn.Server, int]]) -> Iterator[Connect]:
    """Connects with a server that waits for hours."""
    with connecting(servers[0]) as connect:
        yield connect


@pytest.fixture
def connect_hastily(servers: list[tuple[uvicorn.Server, int]]) -> Iterator[Connect]:
    """Connects with a server that waits for tenths of a second."""
    with connecting(servers[1]) as connect:
        yield connect


@pytest.fixture
def connections(servers: list[tuple[uvicorn.Server, int]]) -> set[Any]:
    """The connections of the server that waits for hours."""
    return servers[0][0].server_state.connections


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def ask(connection: socket.socket, *parts: bytes) -> int:
    """The status of the answer; 0 if the connection was closed without one."""
    with contextlib.suppress(ConnectionError):
        for part in parts:
            connection.sendall(part)
    answer = connection.recv(65_536)
    return status_of(answer) if answer else 0


def ask_once(connect: Connect, *parts: bytes) -> int:
    with connect() as connection:
        return ask(connection, *parts)


def test_request_head_beyond_limits_is_refused(connect: Connect) -> None:
    answers = {
        GET + b"\r\n": 200,
        b"GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n\r\n": 400,
        b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n": 400,
        GET + b"Host: a\r\n\r\n": 400,
        GET + b"host: b\r\n\r\n": 400,
        b"GET /" + b"a" * 16_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n": 414,
        GET + b"X: 1\r\n" * 100 + b"\r\n": 431,
        GET + b"X: " + b"a" * 32_000 + b"\r\n\r\n": 431,
        GET + b"X: " + b"a" * 40_000: 431,
        b"\r\n" * 20_000: 431,
        POST + b"Content-Length: 2000001\r\n\r\n": 413,
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345": 400,
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n12345": 400,
    }
    assert differing(partial(ask_once, connect), answers) == {}


def test_requests_that_grow_beyond_limits_are_refused(connect: Connect) -> None:
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"f4240\r\n" + MEGABYTE + b"\r\n"
    answers = {
        (GET, *[b"X: " + b"a" * 9_000 + b"\r\n"] * 5): 431,
        (GET + b"X: ", *[MEGABYTE] * 10): 431,  # the client still sends when it is refused
        (chunked, chunk, chunk, chunk): 413,
    }
    assert differing(partial(ask_once, connect), answers) == {}


def test_trailers_never_become_headers(connect: Connect, app: EchoApp) -> None:
    connection = connect()
    connection.sendall(
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nCookie: forged=1\r\n\r\n"
    )
    assert connection.recv(65_536).endswith(b"\r\n\r\n1")
    assert [name for name, _value in app.scopes[-1]["headers"]] == [b"host", b"transfer-encoding"]


def test_half_a_request_is_ended(connect_hastily: Connect) -> None:
    answers = {b"": 0, b"\r\n\r\n": 408, b"GET / HT": 408, GET + b"X: y\r\n": 408}
    assert differing(partial(ask_once, connect_hastily), answers) == {}


def test_connections_beyond_limit_get_503(connect: Connect, connections: set[Any]) -> None:
    for _ in range(PatientProtocol.limits.connections):
        connect().sendall(POST + b"Content-Length: 10\r\n\r\n")
    wait_until(
        lambda: (
            len(connections) == PatientProtocol.limits.connections
            and all(each._is_in_body for each in connections)
        ),
        "all connections",
    )
    assert connect().recv(65_536).startswith(b"HTTP/1.1 503 ")
