"""All that knows Jinja and htmx: how a page is rendered, how addresses and static files are named, how errors look."""

import hashlib
import json
import mimetypes
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import IO, Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import HTMLResponse, Response

from app import paths
from app.i18n.translate import N_, _, translations
from app.record.editions import Reading

MENU = [
    ("timeline", N_("Events")),
    ("cities", N_("Cities")),
    ("sources", N_("Sources")),
    ("changes", N_("Changes")),
    ("codebook", N_("Codebook")),
    ("data", N_("Data")),
    ("about", N_("About")),
]
"""The menu shows only what exists."""

OWN_FILES = ["site.css", "desk.css", "site.js", "desk.js", "passkey.js", "icons.svg", "favicon.svg"]


@dataclass(frozen=True)
class StaticFile:
    """A file that readers fetch once: its address holds a hash of its content."""

    content: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Our own files, htmx from its package, and the outline of the world drawn from another."""
    from app.site.map import world_outline

    files = {name: (paths.STATIC / name).read_bytes() for name in OWN_FILES}
    files["htmx.js"] = paths.HTMX.read_bytes()
    files["world.svg"] = world_outline(paths.COUNTRIES).encode()
    return {name: StaticFile(content, _media_type(name)) for name, content in files.items()}


@cache
def static(name: str) -> str:
    return f"/static/{name}?v={static_files()[name].digest}"


def _media_type(name: str) -> str:
    media_type = mimetypes.types_map.get(Path(name).suffix, "application/octet-stream")
    return SVG if media_type == "image/svg+xml" else media_type


SVG = "image/svg+xml; charset=utf-8"


class Writing(CodeGenerator):
    """Has templates print by `written`: a page prints two thousand things, many of them HTML or a number."""

    def _output_child_pre(
        self,
        node: nodes.Expr,  # noqa: ARG002 - as Jinja calls it
        frame: Frame,  # noqa: ARG002
        finalize: CodeGenerator._FinalizeInfo,
    ) -> None:
        self.write("environment.written(")
        if finalize.src is not None:
            self.write(finalize.src)


class Templates(Environment):
    code_generator_class = Writing

    @staticmethod
    def written(value: Any) -> str:
        """As HTML: escaped, unless it is that already or has no sign that means something there."""
        kind = type(value)
        if kind is Markup or (kind is str and not HAS_SIGNS(value)):
            return value  # type: ignore[no-any-return]
        return str(value) if kind is int or kind is float else escape(value)


HAS_SIGNS = re.compile("[&<>\"']").search


@cache
def environment() -> Environment:
    env = Templates(
        loader=FileSystemLoader(paths.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_translations(translations(), newstyle=True)  # type: ignore[attr-defined]
    env.globals |= {"static": static, "url": url, "_": _said}
    env.globals["ui"] = Parts(env.get_template("ui.html").module)
    return env


class Parts:
    """The macros of `ui.html`, of which those that lists print again and again draw the same only once."""

    OFTEN = ("place", "stage", "support", "span_bar", "strip", "rests_on")

    def __init__(self, macros: object) -> None:
        self.macros = macros
        for name in self.OFTEN:
            # What is HTML already is another thing than the same letters that are not.
            setattr(self, name, lru_cache(maxsize=5_000, typed=True)(getattr(macros, name)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.macros, name)


def _said(message: str, **parts: Any) -> Markup:
    """Gettext as Jinja has it; but a page says a hundred things, most of them as they stand."""
    return _as_markup(message) % parts if parts else _as_it_stands(message)


@cache
def _as_markup(message: str) -> Markup:
    return Markup(_(message))  # noqa: S704 (our own words)


@cache
def _as_it_stands(message: str) -> Markup:
    return _as_markup(message) % {}


def part(template: str, **context: Any) -> Markup:
    """A part of a page by itself, so that it can be kept and printed again."""
    return Markup(environment().get_template(template).render(context))  # noqa: S704 (the template has escaped it)


ADDRESSES = {
    "home": "/",
    "timeline": "/events",
    "event": "/events/{id}",
    "estimates": "/estimates",
    "estimate": "/estimates/{id}",
    "sources": "/sources",
    "source": "/sources/{id}",
    "outlet": "/outlets/{code}",
    "cities": "/cities",
    "city": "/cities/{code}",
    "place": "/places/{code}",
    "status": "/status",
    "changes": "/changes",
    "codebook": "/codebook",
    "data": "/data",
    "dictionary": "/data/dictionary",
    "api": "/api",
    "api-v1": "/api/v1",
    "cite": "/cite",
    "bibliography": "/bibliography",
    "preview": "/preview{of}.png",
    "figure": "/figure{of}",
    "embed": "/embed{of}",
    "oembed": "/oembed",
    "about": "/about",
    "privacy": "/privacy",
    "tell": "/tell",
    "told": "/tell/sent",
    "letter-state": "/tell/{code}",
    "desk": "/desk",
    "sign-in": "/desk/sign-in",
    "code": "/desk/sign-in/code",
    "passkey-question": "/desk/sign-in/passkey/question",
    "passkey-sign-in": "/desk/sign-in/passkey",
    "sign-out": "/desk/sign-out",
    "welcome": "/desk/welcome/{token}",
    "account": "/desk/account",
    "password": "/desk/account/password",
    "signature": "/desk/account/signature",
    "factor": "/desk/account/second-factor",
    "remove-factor": "/desk/account/second-factor/remove",
    "read-notices": "/desk/account/notices/read",
    "passkeys": "/desk/account/passkeys",
    "add-passkey": "/desk/account/passkeys/add",
    "remove-passkey": "/desk/account/passkeys/{id}/remove",
    "recovery-codes": "/desk/account/recovery-codes",
    "end-sign-in": "/desk/account/sign-ins/{id}/end",
    "end-other-sign-ins": "/desk/account/sign-ins/end-others",
    "people": "/desk/people",
    "person": "/desk/people/{id}",
    "person-link": "/desk/people/{id}/link",
    "person-role": "/desk/people/{id}/role",
    "person-factor": "/desk/people/{id}/second-factor/remove",
    "disable": "/desk/people/{id}/disable",
    "enable": "/desk/people/{id}/enable",
    "audit": "/desk/audit",
    "desk-search": "/desk/search",
    "vocabulary": "/desk/vocabulary",
    "new-code": "/desk/vocabulary/new/{list}",
    "code-of-list": "/desk/vocabulary/{id}",
    "retire-code": "/desk/vocabulary/{id}/retire",
    "take-code-back": "/desk/vocabulary/{id}/take-back",
    "drafts": "/desk/drafts",
    "draft": "/desk/drafts/{id}",
    "draft-choose": "/desk/drafts/{id}/choose",
    "draft-reading": "/desk/drafts/{id}/reading",
    "draft-preview": "/desk/drafts/{id}/preview",
    "draft-outlook": "/desk/drafts/{id}/outlook",
    "draft-history": "/desk/drafts/{id}/history",
    "draft-restore": "/desk/drafts/{id}/restore",
    "draft-delete": "/desk/drafts/{id}/delete",
    "draft-take-back": "/desk/drafts/{id}/take-back",
    "draft-bring-back": "/desk/drafts/{id}/bring-back",
    "draft-comment": "/desk/drafts/{id}/comments",
    "draft-settle": "/desk/drafts/{id}/comments/{comment}/settle",
    "draft-update": "/desk/drafts/{id}/update",
    "reviews": "/desk/review",
    "review": "/desk/review/{id}",
    "desk-record": "/desk/records/{record}",
    "compare": "/desk/records/{record}/compare",
    "record-restore": "/desk/records/{record}/restore",
    "merge": "/desk/records/{record}/merge",
    "merge-undo": "/desk/merges/{id}/undo",
    "purge": "/desk/records/{record}/purge",
    "withdraw": "/desk/records/{record}/withdraw",
    "confirmations": "/desk/confirmations",
    "confirmation": "/desk/confirmations/{id}",
    "record-private": "/desk/records/{record}/private",
    "publish-again": "/desk/records/{record}/publish",
    "bulk": "/desk/bulk",
    "bulk-made": "/desk/bulk/{name}",
    "imports": "/desk/imports",
    "import": "/desk/imports/{id}",
    "import-report": "/desk/imports/{id}/report.csv",
    "import-review": "/desk/imports/{id}/review",
    "checks": "/desk/checks",
    "check-take-back": "/desk/checks/{no}/take-back",
    "quality": "/desk/quality",
    "quality-file": "/desk/quality.csv",
    "quality-list": "/desk/quality/{name}",
    "articles": "/desk/sources",
    "article": "/desk/sources/{id}",
    "inbox": "/desk/inbox",
    "lead-new": "/desk/inbox/new",
    "lead": "/desk/inbox/{id}",
    "lead-source": "/desk/inbox/{id}/source",
    "feeds": "/desk/feeds",
    "feed": "/desk/feeds/{id}",
    "capture": "/desk/captures/{id}",
    "letters": "/desk/requests",
    "letter": "/desk/requests/{id}",
    "letter-hide": "/desk/requests/{id}/hide",
}


FRAMES = "/embed/"
"""Pages for frames on the pages of others: nothing else may be shown there."""


def url(name: str, /, **parts: object) -> str:
    """The address of a page, by the page's name."""
    return ADDRESSES[name].format(**parts)


def absolute(request: Request, address: str) -> str:
    """An address of ours as others name it: in a citation, a feed or a file."""
    return f"{site_address(request)}{address}"


def site_address(request: Request) -> str:
    """The site's own address, without a slash at its end.

    Without a public address, the name is the one that the request came by, which is among the trusted ones. The port
    is named only if the site listens on it: any other could be a client's invention.
    """
    if public := request.app.state.settings.public_url:
        return str(public).rstrip("/")
    scheme, server = request.scope["scheme"], request.scope.get("server")
    host = parse_host(request.headers.get("host", ""))
    if host is None:
        return f"{scheme}://localhost"
    is_own = server is not None and host.port == server[1] and host.port != DEFAULT_PORTS[scheme]
    return f"{scheme}://{host.name}:{host.port}" if is_own else f"{scheme}://{host.name}"


DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII)


@dataclass(frozen=True)
class HostHeader:
    """What a Host header names."""

    name: str
    port: int | None


def parse_host(text: str) -> HostHeader | None:
    """Name and port of a Host header; None for one that is malformed."""
    found = HOST.fullmatch(text)
    return HostHeader(found["name"].lower(), int(found["port"]) if found["port"] else None) if found else None


LONGEST_FORM_BYTES = 1_000_000
MOST_FIELDS = 2_000
FORM_STATE = "posted_form"
"""Where a request's state holds the fields that were read from its form, for an error page."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form, none of them larger than a form of ours can be."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM_BYTES:
            raise HTTPException(413)
    try:
        fields = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise HTTPException(413) from None
    setattr(request.state, FORM_STATE, fields)
    return fields


Posted = Annotated[dict[str, str], Depends(read_form)]

LARGEST_UPLOAD_BYTES = 50_000_000
MOST_FILES = 40


@dataclass(frozen=True)
class SentFiles:
    """Files that a form sent, by the names that they had there. Large ones lie on the disk until they are read."""

    files: Sequence[tuple[str, IO[bytes]]] = ()
    is_too_large: bool = False
    are_too_many: bool = False


async def read_files(request: Request) -> SentFiles:
    """What a form of files sent. More than we take is read to its end all the same, and not kept.

    A browser that is cut off while it sends shows nobody what we answer. One that goes on without end is.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return SentFiles()
    size = 0
    # One stream for both: what was sent can be read on from where the parser left it, and not once more.
    stream = request.stream()

    async def counted() -> AsyncGenerator[bytes, None]:
        nonlocal size
        async for part in stream:
            size += len(part)
            if size > 4 * LARGEST_UPLOAD_BYTES:
                raise HTTPException(413)
            if size <= LARGEST_UPLOAD_BYTES:
                yield part

    try:
        form = await MultiPartParser(request.headers, counted(), max_files=MOST_FILES, max_fields=10).parse()
    except MultiPartException as error:
        async for _part in counted():
            pass
        # It is told apart from what is no form at all by its words alone.
        are_too_many = error.message.startswith("Too many files")
        return SentFiles(is_too_large=size > LARGEST_UPLOAD_BYTES, are_too_many=are_too_many)
    if size > LARGEST_UPLOAD_BYTES:
        return SentFiles(is_too_large=True)
    found = [value for _name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]
    return SentFiles([(str(upload.filename), upload.file) for upload in found])


Sent = Annotated[SentFiles, Depends(read_files)]


def page(
    request: Request,
    template: str,
    *,
    edition: Reading | None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """A full page; htmx takes from it what it needs, so that one address has one answer."""
    path = request.url.path
    here = next((name for name, _ in MENU if path == url(name) or path.startswith(url(name) + "/")), "")
    html = (
        environment()
        .get_template(template)
        .render(
            {
                "request_path": path,
                "menu": [(_(label), url(name), name == here) for name, label in MENU],
                "edition": edition,
                "q": "",
                "licence": request.app.state.settings.licence,
                **_banner(request, edition, context),
                **context,
            }
        )
    )
    of = {"X-Sojourn-Edition": str(edition.no)} if edition else {}
    return HTMLResponse(html, status, {**of, **(headers or {})})


def _banner(request: Request, edition: Reading | None, context: Mapping[str, Any]) -> dict[str, Any]:
    """Over a page of a past edition: the way to now, and what became of the view since."""
    if edition is None or edition.is_newest:
        return {}
    if "newest_url" in context or request.url.path.startswith(url("embed", of="/")):
        # A page about another view says itself what became of it; a frame has room for the number alone.
        return {"newest": _Newest(edition.newest), "since": None}
    from app.site.since import since_then

    rest = [(key, value) for key, value in request.query_params.multi_items() if key != "edition"]
    now = request.url.path + (f"?{urlencode(rest, safe=':/,.~')}" if rest else "")
    since = since_then(request, request.state.reader, edition)
    return {"newest": _Newest(edition.newest), "newest_url": now, "since": since}


@dataclass(frozen=True)
class _Newest:
    no: int


@dataclass(frozen=True)
class Fault:
    """What an error page or an error in JSON says."""

    status: int
    reasons: Sequence[tuple[str, str]] = field(default=())
    retry_url: str | None = None
    near: Sequence[tuple[str, str]] = field(default=())
    """Names and addresses of pages that may have been meant."""
    unsaved_form: Mapping[str, str] = field(default_factory=dict)
    """The fields of a form that could not be processed: the page offers to send it again."""


FOR_ALL = {
    # What is public may be read by the pages of others too.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition, X-Sojourn-Edition, X-Sojourn-Licence, "
    "X-Sojourn-Filter",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    **FOR_ALL,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}

MACHINE_ENDINGS = (".json", ".csv", ".atom", ".xlsx", ".geojson", ".bib", ".ris", ".txt", ".svg", ".png")


def is_read_only(request: Request) -> bool:
    """Whether it is an address of the interface for programs, where nothing can be changed."""
    return f"{request.url.path}/".startswith(f"{url('api-v1')}/")


def is_at_desk(path: str) -> bool:
    """Whether what stands there is private, or nothing is there and it would be."""
    return f"{path}/".startswith(f"{url('desk')}/")


def is_for_machines(request: Request) -> bool:
    return request.url.path.endswith(MACHINE_ENDINGS) or is_read_only(request)


def fault_page(request: Request, fault: Fault) -> Response:
    """An error as a page or, behind a machine's address, as JSON."""
    if is_for_machines(request):
        body = {"status": fault.status, "errors": [{"key": key, "reason": reason} for key, reason in fault.reasons]}
        text = json.dumps(body, ensure_ascii=False)
        return Response(text, fault.status, media_type="application/json", headers=FOR_ALL)
    is_framed = request.url.path.startswith(FRAMES)
    from_desk = is_at_desk(request.url.path) and not request.app.state.settings.public_only
    return page(
        request,
        "site/error.html",
        edition=None,
        status=fault.status,
        fault=fault,
        is_framed=is_framed,
        from_desk=from_desk,
    )


def wrong_method(request: Request, allowed: str) -> Response:
    """To another site's page that first asks whether it may: what is public may be read. To all else: what would do."""
    methods = f"{allowed}, HEAD, OPTIONS" if "GET" in allowed else allowed
    if request.method == "OPTIONS":
        answer = Response(status_code=204, headers=PREFLIGHT if is_for_machines(request) else {})
    else:
        answer = fault_page(request, Fault(405))
    answer.headers["Allow"] = methods
    return answer


def harmless(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
