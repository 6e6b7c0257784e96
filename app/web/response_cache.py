"""Response cache: serves a public page from memory until the next edition, and answers 304. Outermost middleware.

Only a response whose route declares that it depends on nothing but the address, the edition and the release is cached
(`EditionRoute`). A response of any other route passes through as it is, whatever its address looks like. A cached
response is stored as it left all inner layers: one that was stored for a host was allowed for that host.
"""

import hashlib
import re
import sys
import sysconfig
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache, lru_cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import paths
from app.database.sessions import DECLARED_EDITION
from app.record.index.edition_watcher import Newest
from app.settings import Settings
from app.web.cookies import PUBLISHED, cookie_name, published_by
from app.web.errors import is_at_desk
from app.web.security import Enough

MOST_BYTES = 64_000_000
LARGEST_BYTES = 1_000_000
"""Responses above this size are not cached, but their ETag is, so that 304 still works."""
SECONDS_TO_REMEMBER = 60
"""Long before that every worker has an edition that was published."""
PUBLISHED_COOKIE = PUBLISHED.encode()
ENCODINGS = (b"zstd", b"br", b"gzip")
"""As the layer that compresses prefers them."""
MAX_ACCEPT_ENCODING_BYTES = 200
"""Browsers send about 30. Nothing is compressed for a longer header, whose parsing would be remembered."""
SAID_AGAIN = {
    *(b"etag", b"cache-control", b"vary"),
    *(b"access-control-allow-origin", b"access-control-expose-headers"),
}
"""What a 304 says (RFC 9110, 15.4.5): a browser keeps all other headers of what it has. A script of another site that
asked with a tag gets the 304 itself, and only where that lets it."""

Key = tuple[str, bytes | None, str, bytes, bytes]
"""Scheme, host, path, query, and the encoding of the response: one of `ENCODINGS`, or empty for none."""
Request = tuple[Scope, Receive, Send]


@dataclass(frozen=True)
class Answer:
    """Messages as they are sent, made once: each header costs a server as much as all that is decided here."""

    tag: bytes
    """In quotes, as it stands among a reader's tags whether or not these call it weak."""
    unchanged: Message
    start: Message
    body: Message | None
    """None for what is too long to be kept."""

    @property
    def size(self) -> int:
        """In bytes, headers included: they repeat the address, which can be longer than the body."""
        headers = sum(len(name) + len(value) for name, value in self.start["headers"])
        return OWN_BYTES + headers + (len(self.body["body"]) if self.body else 0)


OWN_BYTES = 4_000
"""What any response takes, whatever its length."""
NOTHING: Message = {"type": "http.response.body", "body": b""}


@dataclass(frozen=True)
class Asked:
    """What a request says of the answer it wants."""

    is_head: bool
    tags: str | None
    since: str | None

    def has(self, start: Message) -> bool:
        """Whether the reader has this answer. Where tags are sent, its day does not count (RFC 9110, 13.1.3)."""
        headers = Headers(raw=start["headers"])
        if self.tags is not None:
            return headers["etag"].removeprefix("W/") in self.tags
        if self.since is None:
            return False
        try:
            return parsedate_to_datetime(headers["last-modified"]) <= parsedate_to_datetime(
                self.since
            )
        except (ValueError, TypeError):
            return False  # no day, or one without a time zone


class Kept:
    """`newest` tells which edition readers see, or nothing while that is not known: then nothing is kept."""

    def __init__(
        self, app: ASGIApp, newest: Callable[[], Newest | None], settings: Settings
    ) -> None:
        self.app = app
        self.newest = newest
        self.settings_fingerprint = settings.fingerprint()
        self.answers: OrderedDict[Key, Answer] = OrderedDict()
        self.bytes = 0
        self.of: Newest | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        newest = self.newest()
        if newest is not self.of:
            self.answers.clear()
            self.bytes, self.of = 0, newest
        headers = scope["headers"]
        given = dict(headers)
        encoding = choose_encoding(
            given.get(b"accept-encoding", b"")[: MAX_ACCEPT_ENCODING_BYTES + 1]
        )
        key = scope["scheme"], given.get(b"host"), scope["path"], scope["query_string"], encoding
        answer = self.answers.get(key)
        # What was said twice, another layer may read otherwise: nothing is kept of that.
        is_plain = len(given) == len(headers) and PUBLISHED_COOKIE not in given.get(b"cookie", b"")
        if answer and is_plain and scope["method"] == "GET":
            tags = given.get(b"if-none-match")
            if tags is not None and answer.tag in tags:
                await send(answer.unchanged)
                await send(NOTHING)
                return
            if answer.body and b"if-modified-since" not in given:
                self.answers.move_to_end(key)
                await send(answer.start)
                await send(answer.body)
                return
        await self._less_plainly(key, len(given) == len(headers), (scope, receive, send))

    async def _less_plainly(self, key: Key, is_said_once: bool, request: Request) -> None:
        """What is asked for the first time, or by its day, or for its headers alone, or by an editor."""
        scope, receive, send = request
        if is_at_desk(scope["path"]):
            await self.app(scope, receive, _with_cookie(scope, send))
            return
        if scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = Asked(
            scope["method"] == "HEAD",
            headers.get("if-none-match"),
            headers.get("if-modified-since"),
        )
        if asked.is_head:
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        newest, published = (
            self.of,
            published_by(cookie_parser(headers.get("cookie", "")), scope["scheme"]),
        )
        if newest is None or published > newest.edition or not is_said_once:
            await self.app(scope, receive, send)
            return
        answer = self.answers.get(key)
        if answer and asked.has(answer.start):
            await send(_unchanged(answer.start, SAID_AGAIN | {b"last-modified"}))
            await send(NOTHING)
        elif answer and answer.body:
            await send(answer.start)
            await send(answer.body)
        else:
            with suppress(Enough):
                await self._write(key, newest, asked, (scope, receive, send))

    async def _write(self, key: Key, newest: Newest, asked: Asked, request: Request) -> None:
        """Pass the request on, and store the response if its route declares that it may be."""
        scope, receive, send = request
        state = scope.setdefault("state", {})
        parts: list[bytes] = []
        held: Message | None = None
        answer: Answer | None = None
        is_had = False

        async def note(message: Message) -> None:
            nonlocal held, answer, is_had
            if message["type"] == "http.response.start":
                if _may_be_kept(message, state, newest):
                    held = message  # Its tag depends on the body, if that comes as a whole.
                else:
                    await send(message)
                return
            if held:
                start, held = held, None
                tag = self._tag(newest, key, start, message)
                answer = Answer(tag.encode(), _unchanged(start, SAID_AGAIN), dict(start), None)
                self._keep(key, answer, newest)
                is_had = asked.has(start)
                await send(_unchanged(start, SAID_AGAIN | {b"last-modified"}) if is_had else start)
            if answer and sum(map(len, parts)) <= LARGEST_BYTES:
                parts.append(message.get("body", b""))
            if (is_had or asked.is_head) and message.get("more_body"):
                await send(NOTHING)
                raise Enough
            await send(NOTHING if is_had else message)

        await self.app(_with_encoding(scope, key[-1]), receive, note)
        body = b"".join(parts)
        if answer and len(body) <= LARGEST_BYTES:
            self._keep(
                key, replace(answer, body={"type": "http.response.body", "body": body}), newest
            )

    def _tag(self, newest: Newest, key: Key, start: Message, first: Message) -> str:
        """Return the ETag of a response, and set the headers that go with it.

        A response that comes as a whole has a tag of its content, so that two bodies never share one. A file that is
        sent while it is written has a tag of all that it depends on.
        """
        headers = MutableHeaders(scope=start)
        digest = hashlib.sha256()
        for name, value in start["headers"]:
            digest.update(name + b":" + value + b"\n")
        if first.get("more_body"):
            scheme, host, path, query, _encoding = key
            of = (
                str(newest.edition),
                str(newest.purges),
                release(),
                self.settings_fingerprint,
                scheme,
                path,
            )
            digest.update("\n".join(of).encode() + b"\n" + (host or b"") + b"\n" + query)
        else:
            digest.update(first.get("body", b""))
        tag = f'"{digest.hexdigest()[:20]}"'
        # Weak, since the parts of a long file may be packed in other ways: the same content, if not the same bytes.
        headers["etag"] = f"W/{tag}"
        headers["cache-control"] = "no-cache"
        headers["last-modified"] = _last_modified(headers, newest)
        return tag

    def _keep(self, key: Key, answer: Answer, newest: Newest) -> None:
        if newest is not self.of:
            return
        before = self.answers.pop(key, None)
        self.bytes += _size(key, answer) - (_size(key, before) if before else 0)
        self.answers[key] = answer
        while self.bytes > MOST_BYTES:
            self.bytes -= _size(*self.answers.popitem(last=False))


def _size(key: Key, answer: Answer) -> int:
    """Bytes of an entry. The address counts: it can be four times as long as all else that is kept of a long file."""
    return len(key[2]) + len(key[3]) + answer.size


@lru_cache(maxsize=1_000)
def choose_encoding(accepted: bytes) -> bytes:
    """Return the first of `ENCODINGS` that an Accept-Encoding header names and does not refuse; empty if none."""
    if len(accepted) > MAX_ACCEPT_ENCODING_BYTES:
        return b""
    named = (item.partition(b";") for item in accepted.lower().split(b","))
    names = {name.strip() for name, _mark, weight in named if ABOVE_ZERO.fullmatch(weight)}
    return next((encoding for encoding in ENCODINGS if encoding in names), b"")


ABOVE_ZERO = re.compile(rb"\s*(?:q=(?:1(?:\.0*)?|0\.0*[1-9][0-9]*)\s*)?")


def _with_encoding(scope: Scope, encoding: bytes) -> Scope:
    """The request with this Accept-Encoding alone: the layer that compresses can't read the client's in another way."""
    others = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
    return {**scope, "headers": [*others, (b"accept-encoding", encoding)] if encoding else others}


def _unchanged(start: Message, names: Collection[bytes]) -> Message:
    headers = [(name, value) for name, value in start["headers"] if name.lower() in names]
    return {"type": "http.response.start", "status": 304, "headers": headers}


def _last_modified(headers: MutableHeaders, newest: Newest) -> str:
    """When the edition was published that the answer is of; or later, when something was removed from all of them."""
    said = headers.get("last-modified")
    changed = parsedate_to_datetime(said) if said else newest.at
    return format_datetime(max(changed, newest.purged_at or changed).astimezone(UTC), usegmt=True)


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
            name, secure = (
                cookie_name(PUBLISHED, scope["scheme"]),
                "; Secure" if scope["scheme"] == "https" else "",
            )
            cookie = f"{name}={edition}; Path=/; Max-Age={SECONDS_TO_REMEMBER}; HttpOnly; SameSite=Lax{secure}"
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return telling


def _may_be_kept(start: Message, state: Mapping[str, object], newest: Newest) -> bool:
    """Whether the route declared the response to depend on this edition alone, and nothing in it contradicts that.

    The response may already be of an edition that came in while it was written.
    """
    headers = Headers(raw=start["headers"])
    is_private = "cache-control" in headers or "set-cookie" in headers
    return (
        start["status"] == 200 and state.get(DECLARED_EDITION) == newest.edition and not is_private
    )


@cache
def release() -> str:
    """A hash of the code and packages that write responses: another release may write the same rows differently."""
    digest = hashlib.sha256(sys.version.encode())
    for folder in (paths.ROOT / "app", paths.TEMPLATES, paths.STATIC, paths.LOCALES):
        for file in sorted(folder.rglob("*.*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo"}:
                digest.update(file.read_bytes())
    for packages in sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}):
        # Each installed package has a folder here that is named after it and its version.
        digest.update(
            "\n".join(sorted(found.name for found in Path(packages).glob("*.dist-info"))).encode()
        )
    digest.update(paths.NODE_LOCK.read_bytes() if paths.NODE_LOCK.exists() else b"")
    return digest.hexdigest()[:12]
