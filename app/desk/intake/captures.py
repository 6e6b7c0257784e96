"""Pages kept as they were sent, for the desk alone: to be looked at when the page itself is gone or is another."""

import hashlib
import io
from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from app.desk.audit import Action, note
from app.desk.intake.fetching import READABLE, REQUEST_HEADERS, Fetched, fetch
from app.desk.intake.models import Capture
from app.desk.people.models import Person
from app.settings import Settings

# How the answer travelled; it is kept unfolded, and its length is that of what is kept.
OF_THE_WAY = frozenset({"transfer-encoding", "connection", "keep-alive", "content-length"})


def capture(db: Session, settings: Settings, source: str, url: str, by: Person) -> Capture:
    """Fetches a page and keeps it. Raises NotFetched."""
    page = fetch(url, READABLE, settings.fetch_also_from)
    warc = as_warc(page)
    kept = Capture(
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
    db.add(kept)
    db.flush()
    note(db, Action.CAPTURED, by, source)
    return kept


def as_warc(page: Fetched) -> bytes:
    """What was asked and answered, each step of it, as a packed WARC file."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    for hop in page.hops:
        parts = urlsplit(hop.address)
        at = {"WARC-Date": page.at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = [("Host", parts.netloc), *REQUEST_HEADERS]
        asked = StatusAndHeaders(f"GET {path} HTTP/1.1", sent, is_http_request=True)
        headers = [(name, value) for name, value in hop.headers if name.lower() not in OF_THE_WAY]
        answered = StatusAndHeaders(
            f"{hop.status} {hop.reason}".strip(),
            [*headers, ("Content-Length", str(len(hop.body)))],
            protocol="HTTP/1.1",
        )
        answer = writer.create_warc_record(
            hop.address, "response", payload=io.BytesIO(hop.body), http_headers=answered, warc_headers_dict=dict(at)
        )
        request = writer.create_warc_record(hop.address, "request", http_headers=asked, warc_headers_dict=dict(at))
        writer.write_request_response_pair(request, answer)
    return file.getvalue()


def of_source(db: Session, source: str) -> Sequence[Capture]:
    """The newest first."""
    return db.scalars(select(Capture).where(Capture.source == source).order_by(Capture.id.desc())).all()


def find(db: Session, id: int) -> Capture | None:
    return db.get(Capture, id) if id < 2**31 else None
