"""Limits on what one connection may send, hold and wait for. uvicorn's own protocol has none of them.

`sojourn serve` gives the protocol below to uvicorn; no other module uses it. A watchdog looks at each connection every
few seconds and counts how often it did since the present phase began: answering a request reads no clock.
"""

import asyncio
import resource
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, ClassVar, cast

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.web.forms import LARGEST_UPLOAD_BYTES

KEEP_ALIVE_SECONDS = 30
"""Longer than the proxies of docs/deploy keep an idle connection, so that they never use one that is being closed."""


def _max_connections() -> int:
    """Leaves room below the limit of open files for the database and for files being served."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1000 if soft == resource.RLIM_INFINITY else max(50, min(1000, soft - 200))


@dataclass(frozen=True)
class HttpLimits:
    """Bytes and seconds for one connection, and the number of connections of one worker."""

    target_bytes: int = 16_000
    header_bytes: int = 32_000
    """Request line and headers together."""
    headers: int = 100
    body_bytes: int = 4 * LARGEST_UPLOAD_BYTES
    """An upload that is too large is read up to here, so that the browser shows the page that says so."""
    body_overhead_bytes: int = 65_536
    """Chunk sizes, chunk extensions and trailers, beyond eight times the body itself."""
    pipelined_requests: int = 10
    connections: int = 1000

    check_seconds: float = 2
    header_seconds: float = 10
    idle_seconds: float = KEEP_ALIVE_SECONDS
    body_seconds: float = 1800
    linger_seconds: float = 4
    transfer_window_seconds: float = 30
    transfer_window_bytes: int = 15_000
    """A body or an answer that moves fewer bytes than this in a window is given up."""


class Phase(Enum):
    """What the connection reads at present."""

    IDLE = auto()
    HEADERS = auto()
    BODY = auto()
    ANSWERING = auto()
    REFUSED = auto()
    """What still comes is discarded: closed with unread data, TCP would discard the answer instead."""


class RequestRefusedError(Exception):
    """Ends the parsing of a request; `_refusal` holds the status of the answer."""


class LimitedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which refuses requests beyond the limits and closes connections that make no progress."""

    limits: ClassVar[HttpLimits] = HttpLimits(connections=_max_connections())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watchdog: asyncio.TimerHandle | None = None
        self._refusal: HTTPStatus | None = None
        self._phase = Phase.IDLE
        self._checks = 0
        """How often the watchdog has looked since the phase began."""
        self._read_bytes = 0
        """Bytes of this phase as they came, before parsing."""
        self._chunk_bytes = 0
        """Bytes that the parser is being fed at present."""
        self._body_bytes = 0
        self._read_bytes_before = 0
        """Of the body, at the beginning of the present window."""
        self._window_checks = 0
        self._unsent_bytes = 0
        """In the transport's buffer, at the beginning of the present window."""
        self._stalled_checks = 0

    # Connections ---------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watchdog = self.loop.call_later(self.limits.check_seconds, self._check)
        if len(self.connections) > self.limits.connections and not self._make_room():
            transport.write(self._refusal_response(HTTPStatus.SERVICE_UNAVAILABLE))
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watchdog:
            self._watchdog.cancel()
        super().connection_lost(exc)

    def _make_room(self) -> bool:
        """Close the connection that has waited longest without a request, or with half a one."""
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
        # `connection_lost` comes later in the loop; meanwhile another connection must not choose the same one.
        self.connections.discard(longest)
        longest.transport.abort()
        return True

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    # Reading -------------------------------------------------------------------------------------------------------

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
        if refusal := self._why_refused():
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

    def _why_refused(self) -> HTTPStatus | None:
        """The status that refuses a request by its request line and headers; None for one that may go on."""
        limits, headers, target = self.limits, self.headers, self.url
        if len(target) > limits.target_bytes:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        if len(headers) > limits.headers:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        # What came in less than the limit can't be more: most requests are not added up.
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

    # The watchdog --------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        self._watchdog = self.loop.call_later(self.limits.check_seconds, self._check)
        self._checks += 1
        if self._is_stalled_writing():
            self.transport.abort()
        elif self.transport.is_closing():
            pass  # what is written still goes out
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
            # A browser that opened a connection in advance would take an answer for that of its next request.
            self.transport.close()

    def _has_lasted(self, seconds: float) -> bool:
        return self._checks * self.limits.check_seconds >= seconds

    def _is_stalled_reading(self) -> bool:
        """Whether the client has sent too little in the window that ends now."""
        if self.flow.read_paused:
            # The application has not read what came before.
            self._read_bytes_before, self._window_checks = self._read_bytes, 0
            return False
        self._window_checks += 1
        if self._window_checks * self.limits.check_seconds < self.limits.transfer_window_seconds:
            return False
        moved = self._read_bytes - self._read_bytes_before
        self._read_bytes_before, self._window_checks = self._read_bytes, 0
        return moved < self.limits.transfer_window_bytes

    def _is_stalled_writing(self) -> bool:
        """Whether the client has taken too little in the window that ends now."""
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
        # A whole buffer has gone out.
        self._stalled_checks = 0
        super().resume_writing()

    # Refusing ------------------------------------------------------------------------------------------------------

    def _stop_parsing(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise RequestRefusedError

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - as uvicorn calls it
        """Called by uvicorn when the parser has stopped, whether by itself or by `_stop_parsing`."""
        self._refuse(self._refusal or HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer with the status where nothing of an answer has been sent, and end the connection."""
        can_answer = self._can_answer()
        if self._is_answering():
            # The application learns that nobody waits for it.
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
            (b"connection", b"close"),
        ]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        return STATUS_LINE[status] + lines + b"\r\n" + text


WAITING = (Phase.IDLE, Phase.HEADERS)
NO_TRAILERS = cast(list[tuple[bytes, bytes]], deque(maxlen=0))
"""Holds nothing: trailers would become headers of a request that is being answered already."""


def _authority(target: bytes) -> bytes | None:
    """Host and port of a target in absolute form, `http://host:port/path`; None for a target of another form."""
    try:
        parsed = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        return None
    if not parsed.schema or not parsed.host or not parsed.path:
        return None
    return target.partition(b"://")[2].partition(b"/")[0].lower()
