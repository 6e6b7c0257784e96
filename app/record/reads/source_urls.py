"""By which address a source is known, and which published sources were found at one."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.record.editions import Reading
from app.record.models import COPIES, FOUND_AT, Version
from app.record.names.redirects import last_of
from app.record.sql import rows as queries
from app.record.sql.rows import Found

TRACKING = ("utm_", "fbclid", "gclid")


def normalised_url(url: str) -> str | None:
    """The address by which a source is known already: without scheme, `www.`, last slash or tracking."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not url:
        return None
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query) if not k.startswith(TRACKING))
    )
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    return urlunsplit(("", host, parts.path.rstrip("/"), query, ""))


def sources_at(db: Session, edition: Reading, address: str) -> list[Found]:
    """The sources that were found at that address, or of which a copy was, or what these were merged into since.

    The database finds them by host and path; the rest is compared here, where it is known what is tracking. One
    statement, and one more for each time that they were merged.
    """
    wanted = normalised_url(address)
    if not wanted:
        return []
    path = wanted.removeprefix("//").partition("?")[0].lower()
    copied = [
        COPIES.contains([{name: each}])
        for each in _written_otherwise(address)
        for name in ("url", "archive")
    ]
    there = _sources(db, edition, or_(FOUND_AT.in_([path]), *copied))
    there = [(state, row) for state, row in there if wanted in set(_addresses(row.payload["form"]))]
    found: dict[int, Found] = {}
    while there:
        found |= {row.number: row for state, row in there if state == "live"}
        into = {row.payload["into"] for state, row in there if state == "merged"}
        there = _sources(db, edition, Version.id.in_(into)) if into else []
    return [found[number] for number in sorted(found)]


def _sources(db: Session, edition: Reading, which: ColumnElement[bool]) -> list[tuple[str, Found]]:
    """Each with its state: as readers see it, or as it was when it was merged."""
    of_edition = (Version.kind == "S", edition.holds(), Version.state.in_(("live", "merged")))
    rows = db.execute(select(Version.state, *queries.SHOWN).where(*of_edition, which))
    return [(row.state, queries.found(row)) for row in rows]


def of_merged_sources(db: Session) -> dict[str, str]:
    """The addresses of all sources that were merged, and the id of what each was merged into; one statement."""
    rows = db.execute(
        select(Version.id, Version.payload).where(
            Version.kind == "S", Version.closed.is_(None), Version.state == "merged"
        )
    ).all()
    into = {row.id: row.payload["into"] for row in rows}
    found: dict[str, str] = {}
    for row in rows:
        last = last_of(into, row.id)
        found |= {address: last for address in _addresses(row.payload["form"]) if address}
    return found


def _addresses(form: Mapping[str, Any]) -> Iterator[str | None]:
    yield normalised_url(form.get("url", ""))
    for copy in form.get("copies", []):
        yield normalised_url(copy.get("url", ""))
        yield normalised_url(copy.get("archive", ""))


def _written_otherwise(address: str) -> Iterator[str]:
    """The same address in the ways in which it is written most."""
    yield address
    parts = urlsplit(address)
    host, path = parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/")
    for scheme in ("https", "http"):
        for prefix in ("", "www."):
            for end in ("", "/"):
                yield urlunsplit((scheme, f"{prefix}{host}", f"{path}{end}", parts.query, ""))
