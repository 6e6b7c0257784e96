"""Answers that readers get again as they were, until the next edition: a thin layer before all routing.

Whatever a public address shows follows from the edition, the release and the address itself. So one look at these tells
that a browser has it already (304), or that it was written before. Only what was asked for lately is kept, in memory.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import paths
from app.record.editions import PUBLISHED, published_by
from app.record.watch import Newest

MOST_BYTES = 64_000_000
LARGEST_BYTES = 1_000_000
"""What is larger, a long file, is written anew each time."""
NOT_OURS = ("/desk", "/static", "/healthz", "/robots.txt", "/favicon.ico")
SECONDS_TO_REMEMBER = 60
"""Long before that every worker has an edition that was published."""
ENCODINGS = ("zstd", "br", "gzip")


@dataclass(frozen=True)
class Answer:
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Enough(Exception):
    """The headers said it all: nobody waits for the rest of a long file."""


@dataclass(frozen=True)
class Asked:
    """What a request says of the answer it wants."""

    is_head: bool
    tags: str | None
    since: str | None

    def has(self, headers: MutableHeaders) -> bool:
        """Whether the reader has this answer, by its day. Where tags are sent, these alone count (RFC 9110, 13.1.3)."""
        if self.tags is not None or self.since is None:
            return False
        try:
            return parsedate_to_datetime(headers["last-modified"]) <= parsedate_to_datetime(self.since)
        except (ValueError, TypeError):
            return False  # no day, or one without a time zone


class Kept:
    """`newest` tells which edition readers see, or nothing while that is not known: then nothing is kept."""

    def __init__(self, app: ASGIApp, newest: Callable[[], Newest | None]) -> None:
        self.app = app
        self.newest = newest
        self.answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self.bytes = 0
        self.of: Newest | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/desk"):
            send = _with_cookie(scope, send)
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or scope["path"].startswith(NOT_OURS):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = Asked(scope["method"] == "HEAD", headers.get("if-none-match"), headers.get("if-modified-since"))
        if asked.is_head:
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        newest = self.newest()
        if newest is None:
            await self.app(scope, receive, send)
            return
        if newest != self.of:
            self.answers.clear()
            self.bytes, self.of = 0, newest
        if published_by(cookie_parser(headers.get("cookie", ""))) > newest.edition:
            await self.app(scope, receive, send)
            return
        host, query = headers.get("host", ""), scope["query_string"].decode("latin-1")
        accepted = headers.get("accept-encoding", "")
        key = (scope["scheme"], host, scope["path"], query, *(name for name in ENCODINGS if name in accepted))
        tag = _tag(newest, *key[:4])
        if asked.tags and tag in asked.tags:
            await _send(send, 304, [(b"etag", tag.encode()), (b"cache-control", b"no-cache")], b"")
        elif key in self.answers:
            self.answers.move_to_end(key)
            kept = self.answers[key]
            if asked.has(MutableHeaders(raw=kept.headers)):
                await _send(send, 304, _without_content(kept.headers), b"")
            else:
                await _send(send, 200, kept.headers, kept.body)
        else:
            with suppress(Enough):
                await self._write(key, newest, asked, (scope, receive, send))

    async def _write(
        self, key: tuple[str, ...], newest: Newest, asked: Asked, request: tuple[Scope, Receive, Send]
    ) -> None:
        scope, receive, send = request
        started: Message = {}
        parts: list[bytes] = []
        is_ours, is_had = False, False

        async def note(message: Message) -> None:
            nonlocal started, is_ours, is_had
            if message["type"] == "http.response.start":
                started, headers = message, MutableHeaders(scope=message)
                # An answer may already be of an edition that came in while it was written.
                edition = headers.get("x-sojourn-edition", "")
                is_ours = message["status"] == 200 and (edition == str(newest.edition) or "edition=" in key[3])
                if is_ours:
                    headers["etag"] = _tag(newest, *key[:4])
                    headers["cache-control"] = "no-cache"
                    headers["last-modified"] = _last_modified(headers, newest)
                    is_had = asked.has(headers)
                if is_had:
                    message = {**message, "status": 304, "headers": _without_content(message["headers"])}
                await send(message)
                return
            if is_ours and sum(map(len, parts)) <= LARGEST_BYTES:
                parts.append(message.get("body", b""))
            if (is_had or asked.is_head) and message.get("more_body"):
                await send({"type": "http.response.body", "body": b""})
                raise Enough
            await send({**message, "body": b""} if is_had else message)

        await self.app(scope, receive, note)
        body = b"".join(parts)
        if is_ours and len(body) <= LARGEST_BYTES and newest == self.of:
            self._keep(key, Answer(started["headers"], body))

    def _keep(self, key: tuple[str, ...], answer: Answer) -> None:
        before = self.answers.pop(key, None)
        self.bytes += len(answer.body) - (len(before.body) if before else 0)
        self.answers[key] = answer
        while self.bytes > MOST_BYTES:
            _key, oldest = self.answers.popitem(last=False)
            self.bytes -= len(oldest.body)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    # Others may add headers of their own on the way out.
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})


def _last_modified(headers: MutableHeaders, newest: Newest) -> str:
    """When the edition was published that the answer is of; or later, when something was removed from all of them."""
    said = headers.get("last-modified")
    changed = parsedate_to_datetime(said) if said else newest.at
    return format_datetime(max(changed, newest.purged_at or changed).astimezone(UTC), usegmt=True)


def _without_content(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in {b"content-length", b"content-encoding"}]


def _without_body(send: Send) -> Send:
    async def headers_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return headers_only


def _with_cookie(scope: Scope, send: Send) -> Send:
    """The edition that this request published, for whoever did: another worker may not have it yet."""

    async def telling(message: Message) -> None:
        edition = scope.get("state", {}).get("published")
        if edition and message["type"] == "http.response.start":
            secure = "; Secure" if scope["scheme"] == "https" else ""
            cookie = f"{PUBLISHED}={edition}; Path=/; Max-Age={SECONDS_TO_REMEMBER}; HttpOnly; SameSite=Lax{secure}"
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return telling


def _tag(newest: Newest, *address: str) -> str:
    """Weak, since compression may differ: the same page, if not the same bytes."""
    said = "\n".join((str(newest.edition), str(newest.purges), release(), *address))
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:20]}"'


@cache
def release() -> str:
    """A name for all that pages are made by: another release may say the same in other words."""
    digest = hashlib.sha256()
    for folder in ("app", "templates", "static"):
        for file in sorted((paths.ROOT / folder).rglob("*.*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".svg"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
