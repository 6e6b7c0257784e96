"""By which address a source is known, and which published sources were found at one."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.record import queries
from app.record.editions import Reading
from app.record.models import COPIES, FOUND_AT, Version
from app.record.queries import Found

TRACKING = ("utm_", "fbclid", "gclid")


def normalised_url(url: str) -> str | None:
    """The address by which a source is known already: without scheme, `www.`, last slash or tracking."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not url:
        return None
    query = urlencode(sorted((k, v) for k, v in parse_qsl(parts.query) if not k.startswith(TRACKING)))
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    return urlunsplit(("", host, parts.path.rstrip("/"), query, ""))


def sources_at(db: Session, edition: Reading, address: str) -> list[Found]:
    """The sources that were found at that address, or of which a copy was; one statement.

    The database finds them by host and path; the rest is compared here, where it is known what is tracking.
    """
    wanted = normalised_url(address)
    if not wanted:
        return []
    path = wanted.removeprefix("//").partition("?")[0].lower()
    copied = [COPIES.contains([{name: each}]) for each in _written_otherwise(address) for name in ("url", "archive")]
    rows = db.execute(
        select(*queries.SHOWN)
        .where(
            Version.kind == "S",
            edition.holds(),
            Version.state == "live",
            or_(FOUND_AT.in_([path]), *copied),
        )
        .order_by(Version.number)
    )
    found = [queries.found(row) for row in rows]
    return [row for row in found if wanted in set(_addresses(row))]


def _addresses(row: Found) -> Iterator[str | None]:
    form = row.payload["form"]
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
