"""Normalizes URLs of sources, and finds published sources by URL."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.models import COPIES, NORMALIZED_URL, RecordState, Version
from app.record.names.directory import final_target
from app.record.payloads import Stored, form_of
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.vocabulary.kinds import RecordKind

TRACKING_PREFIXES = ("utm_", "fbclid", "gclid")


def normalised_url(url: str) -> str | None:
    """Return a URL without scheme, `www.`, trailing slash and tracking; None if invalid."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not url:
        return None
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query) if not k.startswith(TRACKING_PREFIXES))
    )
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    return urlunsplit(("", host, parts.path.rstrip("/"), query, ""))


def sources_at(db: Session, edition: SelectedEdition, address: str) -> list[ListRow]:
    """Return the sources with that URL, or with a copy at that URL; merged ones as their target.

    PostgreSQL finds candidates by host and path. Their query is compared in Python, because SQL
    knows no tracking parameters. One statement, and one more for each merge in a row.
    """
    wanted = normalised_url(address)
    if not wanted:
        return []
    path = wanted.removeprefix("//").partition("?")[0].lower()
    is_copy = [
        COPIES.contains([{name: each}])
        for each in _spellings(address)
        for name in ("url", "archive")
    ]
    rows = _read_sources(db, edition, or_(NORMALIZED_URL.in_([path]), *is_copy))
    rows = [(state, row) for state, row in rows if wanted in set(_normalized_urls(form_of(row)))]
    found: dict[int, ListRow] = {}
    while rows:
        found |= {row.number: row for state, row in rows if state == RecordState.LIVE}
        into = {row.payload["into"] for state, row in rows if state == RecordState.MERGED}
        rows = _read_sources(db, edition, Version.id.in_(into)) if into else []
    return [found[number] for number in sorted(found)]


def _read_sources(
    db: Session, edition: SelectedEdition, which: ColumnElement[bool]
) -> list[tuple[str, ListRow]]:
    """Return live and merged sources with their state."""
    of_edition = (
        Version.kind == RecordKind.SOURCE,
        edition.holds(),
        Version.state.in_((RecordState.LIVE, RecordState.MERGED)),
    )
    rows = db.execute(select(Version.state, *record_rows.LIST_COLUMNS).where(*of_edition, which))
    return [(row.state, record_rows.list_row(row)) for row in rows]


def urls_of_merged_sources(db: Session) -> dict[str, str]:
    """Map the URLs of all merged sources to the id of the source that they were merged into."""
    rows = db.execute(
        select(Version.id, Version.payload).where(
            Version.kind == RecordKind.SOURCE,
            Version.closed.is_(None),
            Version.state == RecordState.MERGED,
        )
    ).all()
    into = {row.id: row.payload["into"] for row in rows}
    found: dict[str, str] = {}
    for row in rows:
        last = final_target(into, row.id)
        found |= {address: last for address in _normalized_urls(form_of(row)) if address}
    return found


def _normalized_urls(form: Stored) -> Iterator[str | None]:
    yield normalised_url(form.get("url", ""))
    for copy in form.get("copies", []):
        yield normalised_url(copy.get("url", ""))
        yield normalised_url(copy.get("archive", ""))


def _spellings(address: str) -> Iterator[str]:
    """Yield the URL in its usual spellings: with and without https, `www.` and trailing slash."""
    yield address
    parts = urlsplit(address)
    host, path = parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")
    for scheme in ("https", "http"):
        for prefix in ("", "www."):
            for end in ("", "/"):
                yield urlunsplit((scheme, f"{prefix}{host}", f"{path}{end}", parts.query, ""))
