"""The FastAPI application: middleware, routers, error pages. `app.worker` makes it."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from app.background import GiveUp
from app.database.engines import desk_engine, desk_login_engine, reader_engine, watch_engine
from app.database.errors import database_reason
from app.database.sessions import ReaderSession
from app.record.editions import NoEditionError
from app.record.index.edition_watcher import EditionWatcher, PublishedState
from app.record.index.manager import IndexManager, NotReadyError
from app.record.names.directory import Directories
from app.settings import Settings, release
from app.site import routes as pages
from app.site.api import routes as api_pages
from app.site.changes import changes_since_edition
from app.site.data.dump import DumpNotReadyError, Dumps
from app.site.data.page import SiteState
from app.site.entries import prepare_search
from app.site.lists.request import InvalidQueryError
from app.site.record_views import show_record_page
from app.web.client_network import ProxyHeaders
from app.web.errors import Fault, fault_page, method_not_allowed
from app.web.forms import read_unsaved_form
from app.web.request_log import Observer, RequestLog, logged
from app.web.response_cache import ResponseCache
from app.web.security import ReadOnlyMiddleware, SecurityMiddleware
from app.web.static import static_files
from app.worker_pool import PoolFullError, TaskLimitError

# Text formats that the compression middleware does not know.
for media_type in (
    "application/vnd.oai.openapi+json",
    "application/vnd.citationstyles.csl+json",
    "application/x-bibtex",
    "application/x-research-info-systems",
):
    add_compress_type(media_type)
for media_type in ("text/csv", "application/geo+json"):
    # Streamed: otherwise the first byte is sent only after megabytes are compressed.
    add_compress_type(media_type, streaming=True)


log = logging.getLogger("sojourn")

HSTS_SECONDS = 31_536_000


class Site(FastAPI):
    """FastAPI with two layers outside its own middleware: proxy headers and the response cache."""

    state: SiteState  # type: ignore[assignment]  # Starlette's `State` accepts any attribute.
    response_cache: ResponseCache
    entrance: ProxyHeaders
    """The outermost layer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        enter = self.entrance if scope["type"] == "http" else super().__call__
        await enter(scope, receive, send)


def create_app(
    settings: Settings,
    *,
    give_up: GiveUp | None = None,
    observer: Observer | None = None,
) -> Site:
    is_https = urlsplit(settings.public_url or "").scheme == "https"
    # Messages and sign-ins need it: fail at the start instead of at the first of them.
    settings.require_hash_secret()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        started = time.monotonic()
        static_files()
        # Before it listens, so that no request waits. Without a database, readers get 503.
        await run_sync(indexes.catch_up)
        watch.start()
        indexes.start()
        log.info(
            "This worker answers",
            extra={
                "release": release(),
                "edition": indexes.serving.edition if indexes.serving else 0,
                "seconds": round(time.monotonic() - started, 2),
            },
        )
        yield
        watch.stop()
        indexes.stop()
        readers.dispose()
        if not settings.public_only:
            app.state.desk_engine.dispose()

    def is_lost() -> bool:
        return watch.is_lost

    readers = reader_engine(settings, is_lost)
    dumps = Dumps(settings)
    directories = Directories()
    indexes = IndexManager(
        lambda: ReaderSession(readers),
        directories.of,
        lambda db, edition: prepare_search(directories.of(db, edition)),
        give_up,
    )

    def on_new_edition(newest: PublishedState) -> bool:
        dumps.forget()
        directories.forget(newest.purges)
        return indexes.catch_up()

    watch = EditionWatcher(
        watch_engine(settings), desk_login_engine(settings), on_new_edition, give_up
    )
    app = Site(
        title="Sojourn",
        lifespan=lifespan,
        # FastAPI's own documentation pages load scripts from other sites. `/api` replaces them.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(SecurityMiddleware, hsts=_hsts(settings) if is_https else ""),
            Middleware(
                TrustedHostMiddleware, allowed_hosts=settings.trusted_hosts, www_redirect=False
            ),
            *([Middleware(ReadOnlyMiddleware)] if settings.read_only else []),
            # Zstandard level 4 takes three times as long for a list, for 5 % less.
            Middleware(
                CompressMiddleware, minimum_size=1_000, zstd_level=3, brotli_quality=5, gzip_level=5
            ),
        ],
    )
    app.response_cache = ResponseCache(super(Site, app).__call__, lambda: watch.newest)
    app.entrance = ProxyHeaders(
        RequestLog(app.response_cache, is_logging_all=settings.log_requests, observer=observer),
        settings.forwarded_allow_ips,
        is_https=is_https,
    )
    app.state = SiteState(
        settings=settings,
        reader_engine=readers,
        directories=directories,
        indexes=indexes,
        watch=watch,
        since_then=changes_since_edition,
        dumps=dumps,
    )
    app.include_router(pages.router)
    app.include_router(api_pages.router)
    if not settings.public_only:
        _add_desk(app, desk_engine(settings, is_lost))
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(NoEditionError, _no_edition)
    app.add_exception_handler(InvalidQueryError, _invalid_query)
    for momentary in RETRIES:
        app.add_exception_handler(momentary, _retry_later)
    for unavailable in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(unavailable, _database_unavailable)
    return app


def _hsts(settings: Settings) -> str:
    return f"max-age={HSTS_SECONDS}{'; includeSubDomains' if settings.hsts_subdomains else ''}"


def _add_desk(app: Site, engine: Engine) -> None:
    """Add the desk's pages to a site that is not public only."""
    # Imported here: a public site alone needs none of it.
    from app.desk import routes as desk_pages
    from app.desk.accounts import redirect_to_enrolment, redirect_to_sign_in
    from app.desk.identity.permissions import FactorMissingError, NotSignedInError

    app.state.desk_engine = engine
    app.state.show = show_record_page
    app.include_router(desk_pages.router)
    app.add_exception_handler(NotSignedInError, redirect_to_sign_in)
    app.add_exception_handler(FactorMissingError, redirect_to_enrolment)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return method_not_allowed(request, (error.headers or {}).get("Allow", ""))
    if error.status_code == 503:
        return fault_page(request, Fault(503, unsaved_form=await read_unsaved_form(request)))
    return fault_page(request, Fault(error.status_code))


def _no_edition(request: Request, error: Exception) -> Response:
    return fault_page(request, Fault(404, [("edition", str(error))]))


def _invalid_query(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidQueryError)
    return fault_page(request, Fault(422, error.reasons))


RETRIES: dict[type[Exception], tuple[str, str, int]] = {
    NotReadyError: ("edition", "this edition is still being read", 2),
    DumpNotReadyError: ("file", "it is still being written", 30),
    PoolFullError: ("busy", "more is asked for than can be made at once", 10),
    TaskLimitError: ("limit", "making it took too long or too much memory", 60),
}
"""Errors of a moment: the key and words of the reason, and the seconds to wait."""


def _retry_later(request: Request, error: Exception) -> Response:
    """Answer with 503, `Retry-After` and, for a GET, a link to the same URL."""
    key, reason, seconds = RETRIES[type(error)]
    url = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    response = fault_page(
        request, Fault(503, [(key, reason)], retry_url=url if request.method == "GET" else None)
    )
    response.headers["Retry-After"] = str(seconds)
    return response


async def _database_unavailable(request: Request, error: Exception) -> Response:
    if request.method != "GET":
        fault = Fault(503, unsaved_form=await read_unsaved_form(request))
    else:
        fault = Fault(503, retry_url=request.url.path)
    response = fault_page(request, fault)
    reason = database_reason(error) if isinstance(error, DBAPIError) else type(error).__name__
    logged(request.scope).fault = f"database: {reason}"
    return response
