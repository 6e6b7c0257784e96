"""Limits of each connection, which uvicorn's own protocol does not have.

`sojourn serve` passes the protocol below to uvicorn. Slow bodies and slow readers are left to the
proxy in front of a site; here they only count as connections.
"""

import asyncio
import resource
from collections import deque
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.web.forms import MAX_UPLOAD_BYTES

KEEP_ALIVE_SECONDS = 30
"""Longer than the idle timeout of the proxies in docs/deploy.

With a shorter time, a proxy could send a request on a connection that is being closed.
"""
LINGER_SECONDS = 4
"""How long input is discarded after a refusal: closing with unread data would drop the answer."""


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
    header_seconds: float = 10
    body_bytes: int = 4 * MAX_UPLOAD_BYTES
    """An upload that is too large is read up to this size: browsers then show the error page."""
    connections: int = 1000


class RequestRefusedError(Exception):
    """Ends the parsing of a request; `_refusal` holds the status of the answer."""


class LimitedHttpProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits."""

    limits: ClassVar[HttpLimits] = HttpLimits(connections=_max_connections())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header_timer: asyncio.TimerHandle | None = None
        """Runs while the connection waits for the rest of the headers."""
        self._refusal: HTTPStatus | None = None
        self._is_refused = False
        self._is_in_body = False
        self._read_bytes = 0
        """Bytes received since the last request ended, before parsing."""
        self._body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_header_timer()
        if len(self.connections) > self.limits.connections:
            transport.write(self._refusal_response(HTTPStatus.SERVICE_UNAVAILABLE))
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_header_timer()
        super().connection_lost(exc)

    def _is_waiting(self) -> bool:
        return not self._is_in_body and (self.cycle is None or self.cycle.response_complete)

    def _start_header_timer(self) -> None:
        if self._header_timer is None:
            self._header_timer = self.loop.call_later(self.limits.header_seconds, self._time_out)

    def _stop_header_timer(self) -> None:
        if self._header_timer:
            self._header_timer.cancel()
            self._header_timer = None

    def _time_out(self) -> None:
        # Without a byte there is no 408: a browser that opened the connection early would take it
        # for the response to its first request.
        if self._read_bytes:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        self._read_bytes += len(data)
        if self._is_waiting():
            self._start_header_timer()
        super().data_received(data)
        if self._is_waiting() and self._read_bytes > self.limits.header_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._stop_header_timer()
        if refusal := self._refusal_status():
            self._stop_parsing(refusal)
        super().on_headers_complete()
        self.headers = NO_TRAILERS
        self._is_in_body = True
        self._body_bytes = 0

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self.limits.body_bytes:
            self._stop_parsing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_in_body = False
        self._read_bytes = 0
        super().on_message_complete()

    def _refusal_status(self) -> HTTPStatus | None:
        """Return the status that refuses the request line or the headers; None if they are fine."""
        limits, headers, target = self.limits, self.headers, self.url
        if len(target) > limits.target_bytes:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        size = len(target) + sum(len(name) + len(value) + 4 for name, value in headers)
        if len(headers) > limits.headers or size > limits.header_bytes:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) > 1:
            return HTTPStatus.BAD_REQUEST
        if any(n == b"content-length" and int(value) > limits.body_bytes for n, value in headers):
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if target[:1] != b"/" and target != b"*":  # the form for proxies
            return HTTPStatus.BAD_REQUEST
        return None

    def _stop_parsing(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise RequestRefusedError

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn passes it
        # uvicorn calls this when the parser has stopped, by itself or because of `_stop_parsing`.
        self._refuse(self._refusal or HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer with the status if no response has been started, and end the connection."""
        self._stop_header_timer()
        self._is_refused = True
        is_answering = self.cycle is not None and not self.cycle.response_complete
        can_answer = not is_answering or (
            self._is_in_body and not self.cycle.response_started and not self.pipeline
        )
        if is_answering:
            # Tell the application that the client is gone.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if can_answer:
            self.transport.write(self._refusal_response(status))
            self.transport.write_eof()
            self.flow.resume_reading()
            self.loop.call_later(LINGER_SECONDS, self.transport.close)
        else:
            self.transport.close()

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


NO_TRAILERS = cast(list[tuple[bytes, bytes]], deque(maxlen=0))
"""Discards trailers, which would become headers of a request that is being answered already."""
