"""Response cache: serves a public page from memory until the next edition, and answers 304.

`app.main` puts it around all other middleware except the proxy headers. Only responses of
`EditionRoute` are cached; all others pass through. A response is stored as it left the inner
middleware, so one that is stored for a host was allowed for that host.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress._utils import parse_accept_encoding

from app.caches import Cache
from app.database.sessions import DECLARED_EDITION
from app.record.index.edition_watcher import PublishedState
from app.settings import release
from app.web.errors import is_desk_path
from app.web.request_log import NO_ROUTE, logged
from app.web.security import (
    PUBLISHED_EDITION_COOKIE,
    BodyNotNeededError,
    cookie_name,
    published_edition,
)

MAX_CACHED_BODY_BYTES = 1_000_000
"""Responses above this size are not cached, but their ETag is, so that 304 still works."""
PUBLISHED_COOKIE_SECONDS = 60
"""Lifetime of the publisher's cookie. Workers load a new edition long before."""
PUBLISHED_COOKIE = PUBLISHED_EDITION_COOKIE.encode()
GZIP_TIME = slice(4, 8)
"""Bytes of a file of gzip with the time of compression, which are set to zero."""
NAMED_EDITION = re.compile(rb"(?:^|&)edition=[^&]")
NAMED_EDITION_CACHING = "public, max-age=60"
"""Caching of an address that names its edition. Caches outside may show a purged record for so
long; `sojourn purge`, the desk and docs/operate.md say so."""
NOT_MODIFIED_HEADERS = {
    *(b"etag", b"cache-control", b"vary", b"last-modified"),
    *(b"access-control-allow-origin", b"access-control-expose-headers"),
}
"""Headers of a 304 (RFC 9110, 15.4.5); a browser keeps all others. The CORS headers are needed by
scripts of other sites that send `If-None-Match` themselves."""

Key = tuple[str, bytes | None, str, bytes, frozenset[str]]
"""Scheme, host, path, query, and the encodings that the client accepts."""
Request = tuple[Scope, Receive, Send]


@dataclass(frozen=True)
class CachedResponse:
    """A response as ASGI messages, made once: making headers costs as much as the lookup."""

    tag: bytes
    """ETag without `W/`, so that it is found in `If-None-Match` with and without it."""
    modified: str
    not_modified: Message
    start: Message
    body: Message | None
    """None if the body is too large."""
    route: str
    """For the log and the metrics."""
    url_bytes: int
    """Length of the URL in the cache key: for a long file that can be four times the rest."""

    def is_had(self, asked: Mapping[bytes, bytes]) -> bool:
        """Whether a client has it, by the headers of its request.

        Tags outrank the date (RFC 9110, 13.1.3).
        """
        if (tags := asked.get(b"if-none-match")) is not None:
            return self.tag in tags
        try:
            since = parsedate_to_datetime(asked.get(b"if-modified-since", b"").decode("latin-1"))
            return parsedate_to_datetime(self.modified) <= since
        except (ValueError, TypeError):
            return False  # not a date, or one without a time zone

    @property
    def size(self) -> int:
        """Bytes, headers included: they repeat the URL, which can be longer than the body."""
        headers = sum(len(name) + len(value) for name, value in self.start["headers"])
        body = len(self.body["body"]) if self.body else 0
        return OVERHEAD_BYTES + self.url_bytes + headers + body


OVERHEAD_BYTES = 4_000
"""Memory of a response besides headers and body."""
EMPTY_BODY: Message = {"type": "http.response.body", "body": b""}


class ResponseCache:
    """ASGI middleware.

    `newest` returns the newest edition; None if unknown, then nothing is cached.
    """

    def __init__(self, app: ASGIApp, newest: Callable[[], PublishedState | None]) -> None:
        self.app = app
        self.newest = newest
        self.responses: Cache[CachedResponse] = Cache("responses", lambda kept: kept.size)
        self.edition: PublishedState | None = None
        """The edition of the cached responses."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        newest = self.newest()
        if newest is not self.edition:
            self.responses.clear()
            self.edition = newest
        is_desk = is_desk_path(scope["path"])
        if is_desk:
            send = _with_published_cookie(scope, send)
        if is_head := scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # the server sends no body
        headers = dict(scope["headers"])
        cookie = headers.get(b"cookie", b"")
        if (
            is_desk
            or newest is None
            or scope["method"] != "GET"
            # Another layer may pick the other value of a repeated header.
            or len(headers) < len(scope["headers"])
            or (
                PUBLISHED_COOKIE in cookie
                and newest.edition
                < published_edition(cookie_parser(cookie.decode("latin-1")), scope["scheme"])
            )
        ):
            await self.app(scope, receive, send)
            return
        accepted = parse_accept_encoding(headers.get(b"accept-encoding", b"").decode("latin-1"))
        key = scope["scheme"], headers.get(b"host"), scope["path"], scope["query_string"], accepted
        cached = self.responses.kept(key)
        if cached:
            logged(scope).route = cached.route
        if cached and cached.is_had(headers):
            await send(cached.not_modified)
            await send(EMPTY_BODY)
        elif cached and cached.body:
            await send(cached.start)
            await send(cached.body)
        else:
            with suppress(BodyNotNeededError):
                await self._write(key, newest, headers, is_head, (scope, receive, send))

    async def _write(
        self,
        key: Key,
        newest: PublishedState,
        asked: Mapping[bytes, bytes],
        is_head: bool,
        request: Request,
    ) -> None:
        """Pass the request on, and store the response if its route declares that it may be."""
        scope, receive, send = request
        state = scope.setdefault("state", {})
        body = bytearray()
        held: Message | None = None

        async def send_and_collect(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_cacheable(message, state, newest):
                held = message
                return
            if not held:
                await send(message)
                return
            # The ETag is of all bytes, so that half a file never has that of the whole. A reader
            # who leaves ends the application half-way, without an error: then nothing is stored.
            body.extend(message.get("body", b""))
            if len(body) >= GZIP_TIME.stop and (b"content-encoding", b"gzip") in held["headers"]:
                body[GZIP_TIME] = bytes(4)
            has_more = message.get("more_body", False)
            if has_more and len(body) <= MAX_CACHED_BODY_BYTES:
                return
            start, held = held, None
            content = bytes(body)
            tag = self._set_cache_headers(newest, key, start, None if has_more else content)
            whole: Message = {"type": "http.response.body", "body": content}
            response = CachedResponse(
                tag.encode(),
                Headers(raw=start["headers"])["last-modified"],
                _not_modified(start),
                dict(start),
                whole if len(content) <= MAX_CACHED_BODY_BYTES else None,
                scope["route"].path_format if "route" in scope else NO_ROUTE,
                len(key[2]) + len(key[3]),
            )
            self._store(key, response, newest)
            is_had = response.is_had(asked)
            await send(response.not_modified if is_had else start)
            if is_had or is_head:
                await send(EMPTY_BODY)
                if has_more:
                    raise BodyNotNeededError
                return
            await send({**whole, "more_body": has_more})

        await self.app(scope, receive, send_and_collect)

    def _set_cache_headers(
        self, newest: PublishedState, key: Key, start: Message, content: bytes | None
    ) -> str:
        """Set ETag, Cache-Control and Last-Modified; return the ETag without `W/`.

        The ETag is strong, a hash of the content, so that two bodies never share one. A file that
        is too large to be cached is sent before its end is known (`content` is None): its ETag is
        weak, a hash of its address, the edition and the release.
        """
        headers = MutableHeaders(scope=start)
        digest = hashlib.sha256()
        for name, value in start["headers"]:
            digest.update(name + b":" + value + b"\n")
        if content is None:
            scheme, host, path, query, _accepted = key
            inputs = f"{newest.edition} {newest.purges} {release()} {scheme} {path}"
            digest.update(inputs.encode() + b"\n" + (host or b"") + b"\n" + query)
        else:
            digest.update(content)
        tag = f'"{digest.hexdigest()[:20]}"'
        headers["etag"] = f"W/{tag}" if content is None else tag
        is_named = NAMED_EDITION.search(key[3])
        headers["cache-control"] = NAMED_EDITION_CACHING if is_named else "no-cache"
        headers["last-modified"] = _last_modified(headers, newest)
        return tag

    def _store(self, key: Key, response: CachedResponse, newest: PublishedState) -> None:
        if newest is self.edition:
            self.responses.store(key, response)


def _not_modified(start: Message) -> Message:
    headers = [each for each in start["headers"] if each[0].lower() in NOT_MODIFIED_HEADERS]
    return {"type": "http.response.start", "status": 304, "headers": headers}


def _last_modified(headers: MutableHeaders, newest: PublishedState) -> str:
    """Return the edition's time of publication or, if later, the time of the last purge."""
    declared = headers.get("last-modified")
    changed = parsedate_to_datetime(declared) if declared else newest.at
    return format_datetime(max(changed, newest.purged_at or changed).astimezone(UTC), usegmt=True)


def _with_published_cookie(scope: Scope, send: Send) -> Send:
    """Set a cookie with the edition just published, which other workers may not have yet."""

    async def send_with_cookie(message: Message) -> None:
        edition = scope.get("state", {}).get("published")
        if edition and message["type"] == "http.response.start":
            name = cookie_name(PUBLISHED_EDITION_COOKIE, scope["scheme"])
            secure = "; Secure" if scope["scheme"] == "https" else ""
            cookie = (
                f"{name}={edition}; Path=/; Max-Age={PUBLISHED_COOKIE_SECONDS}; HttpOnly; "
                f"SameSite=Lax{secure}"
            )
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return send_with_cookie


def _is_cacheable(start: Message, state: Mapping[str, object], newest: PublishedState) -> bool:
    """Whether the route declares this edition and the response is not private.

    The route may have read an edition that was published meanwhile, which is not cacheable yet.
    """
    headers = Headers(raw=start["headers"])
    is_private = "cache-control" in headers or "set-cookie" in headers
    return (
        start["status"] == 200 and state.get(DECLARED_EDITION) == newest.edition and not is_private
    )
