"""What fetching a page gives. `app.desk.captures.fetch` does it, and imports the HTTP client."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
READABLE_TYPES = HTML_TYPES | {"application/pdf", "text/plain"}
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/xml",
        "text/xml",
        "application/rdf+xml",
    }
)

REQUEST_HEADERS = [
    # Reveals neither the installation nor its version.
    ("User-Agent", "Mozilla/5.0 (compatible)"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
]


class FetchError(Exception):
    """The page could not be fetched. The message is for the editor and quotes no server text."""


@dataclass(frozen=True)
class HttpResponse:
    """One response: a redirect, or the page itself."""

    address: str
    status: int
    reason: str
    headers: Sequence[tuple[str, str]]
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class FetchedPage:
    """A fetched page. `content` is the decompressed body."""

    at: datetime
    hops: Sequence[HttpResponse]
    media_type: str
    content: bytes = field(repr=False)

    @property
    def address(self) -> str:
        """URL after all redirects."""
        return self.hops[-1].address
