"""Private captures of web pages as WARC files, within a quota."""

import hashlib
import io
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter
from sqlalchemy import ScalarResult, func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.captures.fetched import READABLE_TYPES, REQUEST_HEADERS, FetchedPage, FetchError
from app.desk.identity import throttle
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.intake import Capture
from app.i18n.translate import _
from app.settings import Settings
from app.web.security import HEADERS
from app.web.sessions import Desk

router = APIRouter()
# Headers of the transfer. Dropped, because the stored body is de-chunked with its own length.
TRANSFER_HEADERS = {"transfer-encoding", "connection", "keep-alive", "content-length"}


BYTES_PER_MB = 1_000_000


def capture(db: Session, settings: Settings, source: str, url: str, by: Person) -> Capture:
    """Fetch and store a page. Raises FetchError, also if the quota is used up."""
    _check_quota(db, settings, by, 1)
    page = fetch(db, settings, url, by)
    warc = as_warc(page)
    # Serialize from here on: two concurrent captures would miss each other in the quota.
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("captures", 0))))
    _check_quota(db, settings, by, len(warc))
    stored = Capture(
        source=source,
        url=url,
        address=page.address,
        at=page.at,
        by=by.id,
        media_type=page.media_type,
        sha256=hashlib.sha256(page.content).hexdigest(),
        size_bytes=len(warc),
        warc=warc,
    )
    db.add(stored)
    db.flush()
    log_action(db, "captured", by, source)
    return stored


def fetch(
    db: Session, settings: Settings, url: str, by: Person, types: Collection[str] = READABLE_TYPES
) -> FetchedPage:
    """Fetch a page for a person, unless they have fetched too many. Raises FetchError."""
    # Imported here: the HTTP client slows down the start of the site.
    from app.desk.captures.fetch import fetch_page

    # In a transaction of its own: a slow site must not keep others from signing in.
    with Session(db.get_bind()) as own, own.begin():
        try:
            throttle.count_attempt(own, settings, throttle.fetch_limits(settings, by))
        except throttle.TooManyAttemptsError:
            raise FetchError(
                _(
                    "You can read at most {most} pages within 15 minutes. Wait a few minutes, "
                    "then try again."
                ).format(most=settings.pages_per_quarter_hour)
            ) from None
    return fetch_page(url, types, settings.fetch_also_from)


def _check_quota(db: Session, settings: Settings, by: Person, size_bytes: int) -> None:
    used = select(func.coalesce(func.sum(Capture.size_bytes), 0))
    if (db.scalar(used) or 0) + size_bytes > settings.capture_total_mb * BYTES_PER_MB:
        raise FetchError(
            _(
                "Copies of pages have reached this installation’s limit of {most} MB, so "
                "this copy was not saved. Ask the operator to raise SOJOURN_CAPTURE_TOTAL_MB."
            ).format(most=settings.capture_total_mb)
        )
    is_recent = (Capture.by == by.id) & (Capture.at > func.now() - timedelta(days=1))
    used_by_person = db.scalar(used.where(is_recent)) or 0
    if used_by_person + size_bytes > settings.capture_daily_mb * BYTES_PER_MB:
        raise FetchError(
            _(
                "This copy was not saved, because you can save only {most} MB within 24 "
                "hours. Try again later."
            ).format(most=settings.capture_daily_mb)
        )


def captures_of_source(db: Session, source: str) -> ScalarResult[Capture]:
    """Return the captures of a source, newest first."""
    return db.scalars(select(Capture).where(Capture.source == source).order_by(Capture.id.desc()))


def as_warc(page: FetchedPage) -> bytes:
    """Return all requests and responses, redirects included, as a gzipped WARC file."""
    # Imported here: warcio slows down the start of the site.
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for hop in page.hops:
        parts = urlsplit(hop.address)
        date_header = {"WARC-Date": page.at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request_headers = [("Host", parts.netloc), *REQUEST_HEADERS]
        request_head = StatusAndHeaders(
            f"GET {path} HTTP/1.1", request_headers, is_http_request=True
        )
        headers = [
            (name, value) for name, value in hop.headers if name.lower() not in TRANSFER_HEADERS
        ]
        response_head = StatusAndHeaders(
            f"{hop.status} {hop.reason}".strip(),
            [*headers, ("Content-Length", str(len(hop.body)))],
            protocol="HTTP/1.1",
        )
        response = writer.create_warc_record(
            hop.address,
            "response",
            payload=io.BytesIO(hop.body),
            http_headers=response_head,
            warc_headers_dict=dict(date_header),
        )
        request = writer.create_warc_record(
            hop.address, "request", http_headers=request_head, warc_headers_dict=dict(date_header)
        )
        writer.write_request_response_pair(request, response)
    return file.getvalue()


@router.get("/desk/captures/{id:int}", name="capture")
def capture_file(db: Desk, _editor: Editor, id: int) -> Response:
    """Download a capture as WARC. The headers keep browsers from rendering it on this origin."""
    stored = db.get(Capture, id) if id < 2**31 else None
    if stored is None:
        raise HTTPException(404)
    name = f"{stored.source}-{stored.at:%Y%m%dT%H%M%SZ}.warc.gz"
    policy = f"{HEADERS['Content-Security-Policy']}; sandbox"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": policy,
    }
    return Response(stored.warc, media_type="application/warc", headers=headers)
