"""Limits of size and time for each connection, which uvicorn's own protocol does not have.

`sojourn serve` passes the protocol below to uvicorn. A watchdog checks each connection every few
seconds. Durations are measured in checks, so that no request has to read a clock.
"""

import asyncio
import logging
import resource
import time
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, ClassVar, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.web.uploads import MAX_UPLOAD_BYTES

log = logging.getLogger("sojourn")

KEEP_ALIVE_SECONDS = 30
"""Longer than the idle timeout of the proxies in docs/deploy.

With a shorter time, a proxy could send a request on a connection that is being closed.
"""


def _max_connections() -> int:
    """Return a limit that leaves file descriptors for the database and for files being served."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1000 if soft == resource.RLIM_INFINITY else max(50, min(1000, soft - 200))


@dataclass(frozen=True)
class HttpLimits:
    """Limits of one connection, and the number of connections of one worker."""

    target_bytes: int = 16_000
    header_bytes: int = 32_000
    """Request line and headers together."""
    headers: int = 100
    body_bytes: int = 4 * MAX_UPLOAD_BYTES
    """An upload that is too large is read up to this size: browsers then show the error page."""
    body_overhead_bytes: int = 65_536
    """Chunk sizes, chunk extensions and trailers. Each byte of the body allows eight more."""
    pipelined_requests: int = 10
    connections: int = 1000

    check_seconds: float = 2
    header_seconds: float = 10
    idle_seconds: float = KEEP_ALIVE_SECONDS
    body_seconds: float = 1800
    linger_seconds: float = 4
    transfer_window_seconds: float = 30
    transfer_window_bytes: int = 15_000
    """A connection that transfers fewer bytes in a window is ended."""


class Phase(Enum):
    """State of a connection."""

    IDLE = auto()
    HEADERS = auto()
    BODY = auto()
    ANSWERING = auto()
    REFUSED = auto()
    """Further input is discarded: closing with unread data would make TCP drop the answer."""


class RequestRefusedError(Exception):
    """Ends the parsing of a request; `_refusal` holds the status of the answer."""


class LimitedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits; closes connections that make no progress."""

    limits: ClassVar[HttpLimits] = HttpLimits(connections=_max_connections())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watchdog: asyncio.TimerHandle | None = None
        self._refusal: HTTPStatus | None = None
        self._phase = Phase.IDLE
        self._checks = 0
        """Number of the watchdog's checks since the phase began."""
        self._read_bytes = 0
        """Bytes received in this phase, before parsing."""
        self._chunk_bytes = 0
        """Bytes of the input that the parser is working on."""
        self._body_bytes = 0
        self._read_bytes_before = 0
        """`_read_bytes` at the start of the current window."""
        self._window_checks = 0
        self._unsent_bytes = 0
        """Bytes in the transport's buffer at the start of the current window."""
        self._stalled_checks = 0

    # Connections ---------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watchdog = self.loop.call_later(self.limits.check_seconds, self._check)
        if len(self.connections) > self.limits.connections and not self._make_room():
            transport.write(self._refusal_response(HTTPStatus.SERVICE_UNAVAILABLE))
            transport.close()
            _log_full(len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watchdog:
            self._watchdog.cancel()
        super().connection_lost(exc)

    def _make_room(self) -> bool:
        """Close the connection that has waited longest for a complete request; false if none."""
        others = (
            each
            for each in self.connections
            if isinstance(each, LimitedHttpProtocol) and each is not self
        )
        waiting = [each for each in others if not each._is_answering() and each._phase in WAITING]
        longest = max(
            waiting, key=lambda each: (each._phase is Phase.IDLE, each._checks), default=None
        )
        if longest is None:
            return False
        # `connection_lost` is called later; until then no other connection may choose this one.
        self.connections.discard(longest)
        longest.transport.abort()
        return True

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    # Reading -------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self._phase is Phase.REFUSED:
            return
        self._chunk_bytes = len(data)
        self._read_bytes += self._chunk_bytes
        super().data_received(data)
        if self._phase in WAITING:
            if self._read_bytes > self.limits.header_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif (
            self._phase is Phase.BODY
            and self._read_bytes > self.limits.body_overhead_bytes + 9 * self._body_bytes
        ):
            self._refuse(HTTPStatus.BAD_REQUEST)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self.limits.pipelined_requests:
            self._stop_parsing(HTTPStatus.TOO_MANY_REQUESTS)
        self._phase = Phase.HEADERS
        self._checks = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if refusal := self._refusal_status():
            self._stop_parsing(refusal)
        super().on_headers_complete()
        self.headers = NO_TRAILERS
        self._phase = Phase.BODY
        self._checks = self._read_bytes = self._body_bytes = self._read_bytes_before = (
            self._window_checks
        ) = 0

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self.limits.body_bytes:
            self._stop_parsing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._phase = Phase.IDLE if self.cycle.response_complete else Phase.ANSWERING
        self._checks = self._read_bytes = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if self._phase is Phase.ANSWERING:
            self._phase = Phase.IDLE
            self._checks = 0
        super().on_response_complete()

    def _refusal_status(self) -> HTTPStatus | None:
        """Return the status that refuses the request line or the headers; None if they are fine."""
        limits, headers, target = self.limits, self.headers, self.url
        if len(target) > limits.target_bytes:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        if len(headers) > limits.headers:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        # Most requests have fewer bytes than the limit, so the sum is rarely needed.
        if self._read_bytes > limits.header_bytes or self._chunk_bytes > limits.header_bytes:
            size = len(target) + sum(len(name) + len(value) + 4 for name, value in headers)
            if size > limits.header_bytes:
                return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        host: bytes | None = None
        for name, value in headers:
            if name == b"host":
                if host is not None:
                    return HTTPStatus.BAD_REQUEST
                host = value
            elif name == b"content-length" and int(value) > limits.body_bytes:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if target[:1] != b"/" and target != b"*" and _authority(target) != (host or b"").lower():
            return HTTPStatus.BAD_REQUEST
        return None

    # The watchdog --------------------------------------------------------------------------------

    def _check(self) -> None:
        self._watchdog = self.loop.call_later(self.limits.check_seconds, self._check)
        self._checks += 1
        if self._is_stalled_writing():
            self.transport.abort()
        elif self.transport.is_closing():
            pass  # the buffer is still being sent
        elif self._phase is Phase.REFUSED:
            if self._has_lasted(self.limits.linger_seconds):
                self.transport.close()
        elif self._phase is Phase.BODY:
            if self._is_stalled_reading() or self._has_lasted(self.limits.body_seconds):
                self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self._is_answering():
            self._checks = 0
        elif self._phase is Phase.HEADERS:
            if self._has_lasted(self.limits.header_seconds):
                self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self._has_lasted(
            self.limits.idle_seconds if self.cycle else self.limits.header_seconds
        ):
            # No 408 here: a browser that opened the connection early would take the 408 for the
            # response to its first request.
            self.transport.close()

    def _has_lasted(self, seconds: float) -> bool:
        return self._checks * self.limits.check_seconds >= seconds

    def _is_stalled_reading(self) -> bool:
        """Whether the client has sent too few bytes in the window that ends now."""
        if self.flow.read_paused:
            # The application has not read the earlier input yet.
            self._read_bytes_before, self._window_checks = self._read_bytes, 0
            return False
        self._window_checks += 1
        if self._window_checks * self.limits.check_seconds < self.limits.transfer_window_seconds:
            return False
        moved = self._read_bytes - self._read_bytes_before
        self._read_bytes_before, self._window_checks = self._read_bytes, 0
        return moved < self.limits.transfer_window_bytes

    def _is_stalled_writing(self) -> bool:
        """Whether the client has received too few bytes in the window that ends now."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or self._stalled_checks == 0:
            self._unsent_bytes, self._stalled_checks = unsent, 1 if unsent else 0
            return False
        self._stalled_checks += 1
        if self._stalled_checks * self.limits.check_seconds <= self.limits.transfer_window_seconds:
            return False
        moved = self._unsent_bytes - unsent
        self._unsent_bytes, self._stalled_checks = unsent, 1
        return moved < min(self.limits.transfer_window_bytes, self._unsent_bytes)

    def resume_writing(self) -> None:
        # The buffer has been sent.
        self._stalled_checks = 0
        super().resume_writing()

    # Refusing ------------------------------------------------------------------------------------

    def _stop_parsing(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise RequestRefusedError

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn passes it
        # uvicorn calls this when the parser has stopped, by itself or because of `_stop_parsing`.
        self._refuse(self._refusal or HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer with the status if no response has been started, and end the connection."""
        can_answer = self._can_answer()
        if self._is_answering():
            # Tell the application that the client is gone.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if can_answer:
            self.transport.write(self._refusal_response(status))
            self.transport.write_eof()
            self.flow.resume_reading()
            self._phase, self._checks = Phase.REFUSED, 0
        else:
            self.transport.close()

    def _can_answer(self) -> bool:
        if self.cycle is None:
            return True
        if self._phase in WAITING:
            return self.cycle.response_complete
        return not (self.cycle.response_started or self.pipeline)

    def _refusal_response(self, status: HTTPStatus) -> bytes:
        text = f"{status.phrase}\n".encode()
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
            (b"connection", b"close"),
        ]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        return STATUS_LINE[status] + lines + b"\r\n" + text


SECONDS_BETWEEN_WARNINGS = 60.0
_warned_at: list[float] = []


def _log_full(connections: int) -> None:
    """Log that connections are refused, at most once a minute."""
    now = time.monotonic()
    if not _warned_at or now - _warned_at[0] >= SECONDS_BETWEEN_WARNINGS:
        _warned_at[:] = [now]
        log.warning("Connections are refused with 503: %d are open", connections)


WAITING = (Phase.IDLE, Phase.HEADERS)
NO_TRAILERS = cast(list[tuple[bytes, bytes]], deque(maxlen=0))
"""Discards trailers, which would become headers of a request that is being answered already."""


def _authority(target: bytes) -> bytes | None:
    """Return host and port of a target `http://host:port/path`; None for other forms."""
    try:
        parsed = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        return None
    if not parsed.schema or not parsed.host or not parsed.path:
        return None
    return target.partition(b"://")[2].partition(b"/")[0].lower()
