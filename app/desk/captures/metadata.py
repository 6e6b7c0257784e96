"""Read title, outlet, language, author and date from a web page, for an editor to check."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from app.dates import edtf
from app.desk.captures.fetched import FetchedPage, FetchError
from app.i18n.translate import _
from app.kinds.locale_names import guess_language
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

T = TypeVar("T")

MAX_PAGE_BYTES = 5_000_000
"""Larger pages are not parsed: on some pages the libraries take seconds per megabyte."""
MAX_PARSE_SECONDS = 10
MAX_VALUE_LENGTH = 500
MAX_JSON_LENGTH = 200_000


class Positions(NamedTuple):
    """Where a page may have the value of a field, most reliable first."""

    json_ld: str
    metas: Sequence[str]
    tag: str = ""
    found: str = ""
    """Name in the metadata that trafilatura finds, also from headings and text."""


POSITIONS = {
    "title": Positions("headline", ("og:title", "citation_title", "dc.title"), "title", "title"),
    "outlet": Positions("publisher", ("og:site_name", "citation_journal_title", "dc.publisher")),
    "author": Positions(
        "author", ("author", "article:author", "citation_author", "dc.creator"), found="author"
    ),
    "language": Positions("inLanguage", ("og:locale", "content-language", "dc.language")),
    "published": Positions(
        "datePublished",
        ("article:published_time", "pubdate", "citation_publication_date", "dc.date", "date"),
        found="date",
    ),
}
JSON_LD_KINDS = ("Article", "Posting", "Report", "WebPage")
DAY = re.compile(r"([12][0-9]{3})[-/.]?([01][0-9])[-/.]?([0-3][0-9])(?![0-9])")


def read_details(fetched: FetchedPage) -> dict[str, list[str]]:
    """Return the values of each field, those of the most reliable position first.

    Raises FetchError.
    """
    return _in_worker(find_details, fetched)


def read_text(fetched: FetchedPage) -> str:
    """Return the text of an article without what surrounds it; "" if none. Raises FetchError."""
    return _in_worker(find_text, fetched)


def _in_worker(parse: Callable[[bytes], T], fetched: FetchedPage) -> T:
    if len(fetched.content) > MAX_PAGE_BYTES:
        size = MAX_PAGE_BYTES // 1_000_000
        raise FetchError(
            _(
                "The page is larger than {size} MB, the limit for reading. Enter its details "
                "by hand. You can still save a copy."
            ).format(size=size)
        )
    try:
        return POOL.run(DESK, MAX_PARSE_SECONDS, parse, fetched.content)
    except TaskLimitError:
        raise FetchError(
            _(
                "Reading the page took too long or too much memory. Enter its details by "
                "hand. You can still save a copy."
            )
        ) from None
    except PoolFullError:
        raise FetchError(
            _("The server is busy reading other pages and files. Try again in a minute.")
        ) from None


# In the worker process, because some pages take minutes ------------------------------------------


def find_text(content: bytes) -> str:
    # Imported here: trafilatura slows down the start of the site.
    from trafilatura.utils import decode_file

    return _article(decode_file(content))


def _article(html: str) -> str:
    # Imported here: trafilatura slows down the start of the site.
    import trafilatura

    return trafilatura.extract(html) or ""


def find_details(content: bytes) -> dict[str, list[str]]:
    # Imported here: trafilatura slows down the start of the site.
    from trafilatura.utils import decode_file, load_html

    html = decode_file(content)
    tree = load_html(html)
    found = {path: list[str]() for path in POSITIONS}
    for path, value in _values(html, tree) if tree is not None else ():
        text = _READERS.get(path, _line)(value)
        if text and len(text) <= MAX_VALUE_LENGTH and text.isprintable():
            found[path].append(text)
    return {path: list(dict.fromkeys(values)) for path, values in found.items() if values}


def _values(html: str, tree: Any) -> Iterator[tuple[str, str]]:
    """Yield field and value."""
    metas = [
        ((meta.get("property") or meta.get("name") or "").lower(), meta.get("content") or "")
        for meta in tree.iter("meta")
    ]
    nodes, read = [*_nodes(tree)], _metadata(html)
    yield "language", tree.get("lang") or ""
    for path, of in POSITIONS.items():
        for node in nodes:
            for name in _names(node.get(of.json_ld)):
                yield path, name
        for key in of.metas:
            yield from ((path, value) for name, value in metas if name == key)
        for tag in [*tree.iter(of.tag)][:1] if of.tag else ():
            yield path, tag.text or ""
        if of.found:
            yield path, read.get(of.found) or ""
    yield "language", guess_language(_article(html))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD nodes of articles and web pages."""
    for script in tree.iter("script"):
        text = script.text or ""
        is_json = (script.get("type") or "").lower() == "application/ld+json"
        if is_json and len(text) <= MAX_JSON_LENGTH:
            try:
                yield from _described_nodes(json.loads(text))
            except (ValueError, RecursionError):
                continue


def _described_nodes(values: Any) -> Iterator[dict[str, Any]]:
    for node in _as_list(values):
        if isinstance(node, dict):
            if isinstance(inner := node.get("@graph"), list):
                yield from _described_nodes(inner)
            if any(str(kind).endswith(JSON_LD_KINDS) for kind in _as_list(node.get("@type"))):
                yield node


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(value: Any) -> Iterator[str]:
    """Yield texts, or names of persons or publishers, given as text or as a node with a name."""
    for each in _as_list(value):
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str):
            yield name


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


def _line(text: str) -> str:
    return "" if text.startswith("http") else " ".join(text.split())


def _language_code(text: str) -> str:
    """Return a language tag as the forms write it: `ko` for `ko_KR`, `zh-Hant` for `zh-hant-TW`."""
    parts = re.split(r"[-_]", text.strip())
    if not re.fullmatch(r"[A-Za-z]{2,3}", parts[0]):
        return ""
    scripts = [part.capitalize() for part in parts[1:2] if re.fullmatch(r"[A-Za-z]{4}", part)]
    return "-".join([parts[0].lower(), *scripts])


def _day(text: str) -> str:
    """Return the date as printed. A conversion of its time zone could change the day."""
    found = DAY.match(text.strip())
    day = "-".join(found.groups()) if found else ""
    parsed = edtf.parse_or_none(day)
    first = parsed.whole.first if parsed and parsed.whole else None
    return day if first and first <= edtf.latest_today(datetime.now(UTC)) else ""


_READERS: dict[str, Callable[[str], str]] = {"language": _language_code, "published": _day}
