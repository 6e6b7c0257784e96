"""What a page says of itself: title, outlet, language, author and day, each with where it stands. Only proposals."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.dates import edtf
from app.dates.edtf import BadDate
from app.desk.captures.fetch import Fetched, NotFetched
from app.i18n.translate import _
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

MAX_PAGE_BYTES = 5_000_000
"""A larger page is not parsed: the libraries take seconds for each megabyte of some."""
MAX_PARSE_SECONDS = 10
LONGEST = 500
LARGEST_JSON = 200_000
MOST_OF_EACH = 4


@dataclass(frozen=True)
class Proposal:
    """A value for a field. `where` are the places at which the page says so: what kind of place, and its name."""

    path: str
    value: str
    where: Sequence[tuple[str, str]]


@dataclass
class Page:
    """A page in the forms in which it is looked through."""

    html: str
    tree: Any
    metas: Sequence[tuple[str, str]]
    nodes: Sequence[dict[str, Any]]
    """What its JSON-LD says, thing by thing."""
    text: str


Found = Iterator[tuple[str, str, str]]
"""Values, with the kind of place and its name."""


def proposals(fetched: Fetched) -> list[Proposal]:
    """Return what the page says, the surest places first; parse it in a worker process. Raises NotFetched."""
    if len(fetched.content) > MAX_PAGE_BYTES:
        size = MAX_PAGE_BYTES // 1_000_000
        raise NotFetched(
            _(
                "The page is larger than {size} MB. Enter its details by hand; a copy can still be kept."
            ).format(size=size)
        )
    try:
        return POOL.run(DESK, MAX_PARSE_SECONDS, find_proposals, fetched.content)
    except TaskLimitError:
        raise NotFetched(
            _(
                "Reading the page took too long or too much memory. "
                "Enter its details by hand; a copy can still be kept."
            )
        ) from None
    except PoolFullError:
        raise NotFetched(
            _("Too many pages and files are being read at the moment. Try again in a minute.")
        ) from None


def find_proposals(content: bytes) -> list[Proposal]:
    """Parse the page. Some pages take minutes, so this runs in a worker process only."""
    page = _page(content)
    if page is None:
        return []
    ways = {
        "title": _titles(page),
        "outlet": _outlets(page),
        "author": _authors(page),
        "language": _languages(page),
        "published": _days(page),
    }
    return [proposal for path, found in ways.items() for proposal in _gathered(path, found)]


def _gathered(path: str, found: Found) -> list[Proposal]:
    """One proposal for each value, with all places at which it stands."""
    places: dict[str, list[tuple[str, str]]] = {}
    for value, kind, name in found:
        tidy = " ".join(value.split())
        if (
            tidy
            and len(tidy) <= LONGEST
            and tidy.isprintable()
            and (kind, name) not in places.get(tidy, [])
        ):
            places.setdefault(tidy, []).append((kind, name))
    return [Proposal(path, value, where) for value, where in list(places.items())[:MOST_OF_EACH]]


# What reads pages is large: it is loaded when the first page is read, and no start of the site waits for it.


def _page(content: bytes) -> Page | None:
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
    return Page(html, tree, metas, list(_nodes(tree)), trafilatura.extract(html) or "")


# JSON-LD ----------------------------------------------------------------------------------------------------------


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles, and the pages, that a page describes as data."""
    for script in tree.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").lower() == "application/ld+json" and len(
            text
        ) <= LARGEST_JSON:
            try:
                yield from _described(json.loads(text))
            except (ValueError, RecursionError):
                continue


def _described(said: Any) -> Iterator[dict[str, Any]]:
    waiting = said if isinstance(said, list) else [said]
    for node in waiting:
        if isinstance(node, dict):
            if isinstance(inner := node.get("@graph"), list):
                yield from _described(inner)
            if any(str(kind).endswith(KINDS) for kind in _listed(node.get("@type"))):
                yield node


KINDS = ("Article", "Posting", "Report", "WebPage")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(value: Any) -> Iterator[str]:
    """A person or a publisher, by name: written out or as a thing that has one."""
    for each in _listed(value):
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str) and not name.startswith("http"):
            yield name


def _of_nodes(page: Page, *names: str) -> Found:
    for node in page.nodes:
        for name in names:
            for value in _names(node.get(name)):
                yield value, "json-ld", name


def _of_metas(page: Page, *names: str) -> Found:
    for name in names:
        for key, value in page.metas:
            if key == name:
                yield value, "meta", name


# Field by field ---------------------------------------------------------------------------------------------------


def _titles(page: Page) -> Found:
    yield from _of_nodes(page, "headline")
    yield from _of_metas(
        page, "og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title"
    )
    for title in page.tree.iter("title"):
        yield title.text or "", "tag", "title"
        break
    if found := _metadata(page).get("title"):
        yield found, "text", "trafilatura"


def _outlets(page: Page) -> Found:
    yield from _of_nodes(page, "publisher")
    yield from _of_metas(
        page, "og:site_name", "citation_journal_title", "dc.publisher", "application-name"
    )


def _authors(page: Page) -> Found:
    yield from _of_nodes(page, "author")
    for value, kind, name in _of_metas(
        page, "author", "article:author", "citation_author", "dc.creator", "byl"
    ):
        if not value.startswith("http"):
            yield value, kind, name
    if found := _metadata(page).get("author"):
        yield found, "text", "trafilatura"


def _languages(page: Page) -> Found:
    said = [(page.tree.get("lang") or "", "tag", "html lang")]
    said += _of_nodes(page, "inLanguage")
    said += _of_metas(page, "og:locale", "content-language", "dc.language")
    for value, kind, name in said:
        if code := language_code(value):
            yield code, kind, name
    if code := language_of_letters(page.text):
        yield code, "letters", ""


def language_code(text: str) -> str:
    """A language as our forms write one: `ko` for `ko_KR`, `zh-Hant` for `zh-hant-TW`."""
    parts = re.split(r"[-_]", text.strip())
    if not re.fullmatch(r"[A-Za-z]{2,3}", parts[0]):
        return ""
    scripts = [part.capitalize() for part in parts[1:2] if re.fullmatch(r"[A-Za-z]{4}", part)]
    return "-".join([parts[0].lower(), *scripts])


LETTERS = [
    ("ko", "[가-힣]"),
    ("ja", "[ぁ-ヺ]"),
    ("zh", "[一-鿿]"),
    ("ru", "[а-яё]"),
    ("ar", "[؀-ۿ]"),
    ("th", "[ก-๛]"),
]
FEWEST_LETTERS = 0.1


def language_of_letters(text: str) -> str:
    """The language that is likeliest for these letters; none for Latin ones, which many share."""
    letters = re.sub(r"[\W\d_]", "", text.lower())
    for code, sign in LETTERS:
        if letters and len(re.findall(sign, letters)) >= FEWEST_LETTERS * len(letters):
            return code
    return ""


DAY = re.compile(r"([12][0-9]{3})[-/.]?([01][0-9])[-/.]?([0-3][0-9])(?![0-9])")
DAYS_OF_METAS = (
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


def _days(page: Page) -> Found:
    said = [*_of_nodes(page, "datePublished"), *_of_metas(page, *DAYS_OF_METAS)]
    said += [(time.get("datetime") or "", "tag", "time") for time in page.tree.iter("time")][:1]
    for value, kind, name in said:
        if day := _day(value):
            yield day, kind, name
    import htmldate
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    try:
        worked_out = htmldate.find_date(page.html, original_date=True)
    except (LxmlError, ValueError, RecursionError):
        worked_out = None
    if day := _day(worked_out or ""):
        yield day, "text", "htmldate"


def _day(text: str) -> str:
    """The day as printed: an hour and a zone of time would only move it to where the reader is."""
    found = DAY.match(text.strip())
    day = "-".join(found.groups()) if found else ""
    try:
        whole = edtf.parse(day).whole if day else None
    except BadDate:
        return ""
    return (
        day if whole and whole.first and whole.first <= edtf.latest_today(datetime.now(UTC)) else ""
    )


def _metadata(page: Page) -> dict[str, Any]:
    """What trafilatura makes of the page, headings and lines of its text among that."""
    from lxml.etree import LxmlError
    from trafilatura.metadata import extract_metadata

    try:
        return extract_metadata(page.html).as_dict()
    except (LxmlError, ValueError, RecursionError, AttributeError):
        return {}
