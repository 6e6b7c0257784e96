"""Addresses of lists by their filters, and of records by id or code."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.filtering import Filters
from app.record.filters import ChangeFilters, ListFilters
from app.record.names.directory import Directory
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SETTLEMENTS, PlaceKind
from app.web.urls import PAGE_OF_KIND, url

PAGES: dict[str, str] = {
    RecordKind.EVENT: "timeline",
    RecordKind.ESTIMATE: "estimates",
    RecordKind.SOURCE: "sources",
    ChangeFilters.KIND: "changes",
}


def address(filters: ListFilters, suffix: str = "") -> str:
    """Return the address of a filtered list."""
    return with_filters(url(PAGES[filters.KIND]) + suffix, filters)


def with_filters(path: str, filters: Filters, dropped: Sequence[tuple[str, str]] = ()) -> str:
    """Append a query string to a path: the filters, then `dropped` pairs of name and value."""
    query = "&".join(part for part in (filters.query_string(), urlencode(dropped)) if part)
    return f"{path}{'?' + query if query else ''}"


def list_address(kind: str) -> str:
    """Return the address of a list without filters."""
    return url(PAGES[kind])


def list_name(filters: ListFilters) -> str:
    """Return a stem for file names, in ASCII: events-china-2019."""
    bounds = [value for key in filters.PERIODS[0] for value in filters[key]]
    parts = [*filters["place"][:3], *filters["type"][:2], *bounds]
    return "-".join([list_address(filters.KIND).strip("/"), *dict.fromkeys(parts)])


def record_address(id: str, code: str = "") -> str:
    """Return the address of a record's page; `code` is for outlets and places."""
    return url(PAGE_OF_KIND[id[0]], id=id, code=code or id)


def place_page_address(directory: Directory, code: str) -> str:
    page, of = place_page(directory, code)
    return url(page, code=of)


@dataclass(frozen=True)
class PageLink:
    label: str
    address: str


def page_link(directory: Directory, noun: str, code: str) -> PageLink:
    """Return a link to a record with names: a place, an outlet, an actor, a law."""
    at = place_page_address(directory, code) if noun == "place" else url(noun, code=code)
    return PageLink(directory.label(noun, code), at)


def place_page(directory: Directory, code: str) -> tuple[str, str]:
    """Return route name and code of the page of a place, which for a site is its parent's."""
    kind = directory.kind_of_place(code)
    parent = directory.places[code].parent if kind is PlaceKind.SITE else ""
    if parent in directory.places:
        return place_page(directory, parent)
    return ("city" if kind in SETTLEMENTS else "place"), code
