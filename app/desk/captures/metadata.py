"""Read title, outlet, language, author and date from a web page, as proposals for an editor."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.dates import edtf
from app.dates.edtf import DateError
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
MAX_PROPOSALS_PER_FIELD = 4


@dataclass(frozen=True)
class PageProposal:
    """A value for a field. `where` lists kind and name of its positions, such as a `meta` tag."""

    path: str
    value: str
    where: Sequence[tuple[str, str]]


@dataclass
class ParsedPage:
    """A parsed page."""

    html: str
    tree: Any
    metas: Sequence[tuple[str, str]]
    nodes: Sequence[dict[str, Any]]
    """Nodes of its JSON-LD."""
    text: str


FoundValues = Iterator[tuple[str, str, str]]
"""Values with the kind and name of their position."""


def read_proposals(fetched: FetchedPage) -> list[PageProposal]:
    """Return the proposals, most reliable position first. Parses in a worker process.

    Raises FetchError.
    """
    return _in_worker(find_proposals, fetched)


def read_text(fetched: FetchedPage) -> str:
    """Return the text of an article without what surrounds it; "" if there is none.

    Parses in a worker process. Raises FetchError.
    """
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


def find_text(content: bytes) -> str:
    """Parse the page; in a worker process only."""
    page = _parse_page(content)
    return page.text if page else ""


def find_proposals(content: bytes) -> list[PageProposal]:
    """Parse the page. Some pages take minutes, so this runs in a worker process only."""
    page = _parse_page(content)
    if page is None:
        return []
    found_by_path = {
        "title": _titles(page),
        "outlet": _outlets(page),
        "author": _authors(page),
        "language": _languages(page),
        "published": _dates(page),
    }
    return [
        proposal
        for path, found in found_by_path.items()
        for proposal in _merge_proposals(path, found)
    ]


def _merge_proposals(path: str, found: FoundValues) -> list[PageProposal]:
    """Return one proposal per value, with all its positions."""
    places: dict[str, list[tuple[str, str]]] = {}
    for value, kind, name in found:
        text = " ".join(value.split())
        if (
            text
            and len(text) <= MAX_VALUE_LENGTH
            and text.isprintable()
            and (kind, name) not in places.get(text, [])
        ):
            places.setdefault(text, []).append((kind, name))
    return [
        PageProposal(path, value, where)
        for value, where in list(places.items())[:MAX_PROPOSALS_PER_FIELD]
    ]


def _parse_page(content: bytes) -> ParsedPage | None:
    # Imported here: trafilatura slows down the start of the site.
    import trafilatura
    from trafilatura.utils import decode_file, load_html

    html = decode_file(content)
    tree = load_html(html)
    if tree is None:
        return None
    metas = [
        (name.lower(), meta.get("content") or "")
        for meta in tree.iter("meta")
        if (name := meta.get("property") or meta.get("name") or meta.get("itemprop") or "")
    ]
    return ParsedPage(html, tree, metas, list(_nodes(tree)), trafilatura.extract(html) or "")


# JSON-LD ----------------------------------------------------------------------------------------


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD nodes of articles and web pages."""
    for script in tree.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").lower() == "application/ld+json" and len(
            text
        ) <= MAX_JSON_LENGTH:
            try:
                yield from _described_nodes(json.loads(text))
            except (ValueError, RecursionError):
                continue


def _described_nodes(values: Any) -> Iterator[dict[str, Any]]:
    nodes = values if isinstance(values, list) else [values]
    for node in nodes:
        if isinstance(node, dict):
            if isinstance(inner := node.get("@graph"), list):
                yield from _described_nodes(inner)
            if any(str(kind).endswith(JSON_LD_KINDS) for kind in _as_list(node.get("@type"))):
                yield node


JSON_LD_KINDS = ("Article", "Posting", "Report", "WebPage")


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(value: Any) -> Iterator[str]:
    """Yield names of persons or publishers, given as text or as a node with a name."""
    for each in _as_list(value):
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str) and not name.startswith("http"):
            yield name


def _values_of_nodes(page: ParsedPage, *names: str) -> FoundValues:
    for node in page.nodes:
        for name in names:
            for value in _names(node.get(name)):
                yield value, "json-ld", name


def _values_of_metas(page: ParsedPage, *names: str) -> FoundValues:
    for name in names:
        for key, value in page.metas:
            if key == name:
                yield value, "meta", name


# Fields -----------------------------------------------------------------------------------------


def _titles(page: ParsedPage) -> FoundValues:
    yield from _values_of_nodes(page, "headline")
    yield from _values_of_metas(
        page, "og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title"
    )
    for title in page.tree.iter("title"):
        yield title.text or "", "tag", "title"
        break
    if found := _metadata(page).get("title"):
        yield found, "text", "trafilatura"


def _outlets(page: ParsedPage) -> FoundValues:
    yield from _values_of_nodes(page, "publisher")
    yield from _values_of_metas(
        page, "og:site_name", "citation_journal_title", "dc.publisher", "application-name"
    )


def _authors(page: ParsedPage) -> FoundValues:
    yield from _values_of_nodes(page, "author")
    for value, kind, name in _values_of_metas(
        page, "author", "article:author", "citation_author", "dc.creator", "byl"
    ):
        if not value.startswith("http"):
            yield value, kind, name
    if found := _metadata(page).get("author"):
        yield found, "text", "trafilatura"


def _languages(page: ParsedPage) -> FoundValues:
    values = [(page.tree.get("lang") or "", "tag", "html lang")]
    values += _values_of_nodes(page, "inLanguage")
    values += _values_of_metas(page, "og:locale", "content-language", "dc.language")
    for value, kind, name in values:
        if code := language_code(value):
            yield code, kind, name
    if code := guess_language(page.text):
        yield code, "letters", ""


def language_code(text: str) -> str:
    """Return a language tag as the forms write it: `ko` for `ko_KR`, `zh-Hant` for `zh-hant-TW`."""
    parts = re.split(r"[-_]", text.strip())
    if not re.fullmatch(r"[A-Za-z]{2,3}", parts[0]):
        return ""
    scripts = [part.capitalize() for part in parts[1:2] if re.fullmatch(r"[A-Za-z]{4}", part)]
    return "-".join([parts[0].lower(), *scripts])


DAY = re.compile(r"([12][0-9]{3})[-/.]?([01][0-9])[-/.]?([0-3][0-9])(?![0-9])")
DATE_METAS = (
    *(
        "article:published_time",
        "datepublished",
        "og:article:published_time",
        "parsely-pub-date",
        "pubdate",
    ),
    *(
        "publishdate",
        "citation_publication_date",
        "dc.date.issued",
        "dc.date",
        "dcterms.created",
        "date",
    ),
)


def _dates(page: ParsedPage) -> FoundValues:
    values = [*_values_of_nodes(page, "datePublished"), *_values_of_metas(page, *DATE_METAS)]
    values += [(time.get("datetime") or "", "tag", "time") for time in page.tree.iter("time")][:1]
    for value, kind, name in values:
        if day := _date(value):
            yield day, kind, name
    # Imported here: htmldate slows down the start of the site.
    import htmldate
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    try:
        estimated = htmldate.find_date(page.html, original_date=True)
    except (LxmlError, ValueError, RecursionError):
        estimated = None
    if day := _date(estimated or ""):
        yield day, "text", "htmldate"


def _date(text: str) -> str:
    """Return the date as printed. A conversion of its time zone could change the day."""
    found = DAY.match(text.strip())
    day = "-".join(found.groups()) if found else ""
    try:
        whole = edtf.parse(day).whole if day else None
    except DateError:
        return ""
    return (
        day if whole and whole.first and whole.first <= edtf.latest_today(datetime.now(UTC)) else ""
    )


def _metadata(page: ParsedPage) -> dict[str, Any]:
    """Return the metadata that trafilatura finds, also from headings and text."""
    # Imported here: trafilatura slows down the start of the site.
    from lxml.etree import LxmlError
    from trafilatura.metadata import extract_metadata

    try:
        return extract_metadata(page.html).as_dict()
    except (LxmlError, ValueError, RecursionError, AttributeError, AssertionError):
        # Malformed pages, also those that lose their root when drawings are left out.
        return {}
