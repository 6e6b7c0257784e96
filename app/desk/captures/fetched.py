"""What fetching a page gives. `app.desk.captures.fetch` does it, and imports the HTTP client."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from app.i18n.translate import _
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

T = TypeVar("T")

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
MAX_PARSED_BYTES = 5_000_000
"""Larger pages are not parsed: on some pages the libraries take seconds per megabyte."""
MAX_PARSE_SECONDS = 10


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


def parse_in_worker(parse: Callable[..., T], fetched: FetchedPage, *more: Any) -> T:
    """Parse a page in a worker process, because some take minutes. Raises FetchError."""
    if len(fetched.content) > MAX_PARSED_BYTES:
        raise FetchError(
            _("The page is larger than {size} MB, the limit for reading it.").format(
                size=MAX_PARSED_BYTES // 1_000_000
            )
        )
    try:
        return POOL.run(DESK, MAX_PARSE_SECONDS, parse, fetched.content, *more)
    except TaskLimitError:
        raise FetchError(
            _("Reading the page took too long or too much memory. Enter its details by hand.")
        ) from None
    except PoolFullError:
        raise FetchError(
            _("The server is busy reading other pages and files. Try again in a minute.")
        ) from None
