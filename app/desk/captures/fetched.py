"""What fetching a page gives, and what is read from it. `fetch` imports the HTTP client."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.dates import edtf
from app.i18n.translate import _
from app.kinds.locale_names import guess_language
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

T = TypeVar("T")

HTML_TYPES = {"text/html", "application/xhtml+xml"}
READABLE_TYPES = HTML_TYPES | {"application/pdf", "text/plain"}
FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
    "text/xml",
    "application/rdf+xml",
}

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


# Details of a page --------------------------------------------------------------------------------


MAX_VALUE_LENGTH = 500
PUBLISHED = re.compile(
    r"(?:datePublished|published_time|pubdate|publication_date|dc\.date|\"date)"
    r"[^0-9<>]{1,40}([12][0-9]{3}-[01][0-9]-[0-3][0-9])",
    re.IGNORECASE,
)
"""Days of publication as printed: a conversion of their time zone could change the day."""


def read_details(fetched: FetchedPage) -> dict[str, list[str]]:
    """Return the values that a page gives for each field, likeliest first. Raises FetchError."""
    return parse_in_worker(find_details, fetched)


def read_text(fetched: FetchedPage) -> str:
    """Return the text of an article without what surrounds it; "" if none. Raises FetchError."""
    return parse_in_worker(find_text, fetched)


# In the worker process, because some pages take minutes ------------------------------------------


def find_text(content: bytes | str) -> str:
    # Imported here: trafilatura slows down the start of the site.
    import trafilatura

    return trafilatura.extract(content) or ""


def find_details(content: bytes) -> dict[str, list[str]]:
    # Imported here: trafilatura slows down the start of the site.
    from trafilatura.utils import decode_file, load_html

    html = decode_file(content)
    tree, found = load_html(html), _metadata(html)
    title, outlet, author = (found.get(name) or "" for name in ("title", "sitename", "author"))
    language = _language_code((tree.get("lang") or "") if tree is not None else "")
    values = {
        "title": [title],
        "outlet": [outlet],
        "author": ["" if author.startswith("http") else author],
        "language": [language, guess_language(find_text(html))],
        # If these differ, the editor chooses.
        "published": [_day(day) for day in (*PUBLISHED.findall(html), found.get("date") or "")],
    }
    shown = {path: list(dict.fromkeys(filter(_is_shown, texts))) for path, texts in values.items()}
    return {path: texts for path, texts in shown.items() if texts}


def _is_shown(text: str) -> bool:
    return 0 < len(text) <= MAX_VALUE_LENGTH and text.isprintable()


def _metadata(html: str) -> dict[str, Any]:
    """Return the metadata that trafilatura finds."""
    # Imported here: trafilatura slows down the start of the site.
    from lxml.etree import LxmlError  # type: ignore[import-untyped]
    from trafilatura.metadata import extract_metadata

    try:
        return extract_metadata(html).as_dict()
    except (LxmlError, ValueError, RecursionError, AttributeError, AssertionError):
        # Malformed pages, also those that lose their root when drawings are left out.
        return {}


def _language_code(text: str) -> str:
    """Return a language tag as the forms write it: `ko` for `ko_KR`, `zh-Hant` for `zh-hant-TW`."""
    parts = re.split(r"[-_]", text.strip())
    if not re.fullmatch(r"[A-Za-z]{2,3}", parts[0]):
        return ""
    scripts = [part.capitalize() for part in parts[1:2] if re.fullmatch(r"[A-Za-z]{4}", part)]
    return "-".join([parts[0].lower(), *scripts])


def _day(text: str) -> str:
    """Return a date unless it is in the future or does not exist."""
    parsed = edtf.parse_or_none(text)
    first = parsed.whole.first if parsed and parsed.whole else None
    return text if first and first <= edtf.latest_today(datetime.now(UTC)) else ""
