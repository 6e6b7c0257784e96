"""Addresses of lists, written by their filters and by nothing else, and of records, by their ids."""

from collections.abc import Sequence
from urllib.parse import urlencode

from app.record.filters import ListFilters
from app.web import url

PAGES = {"E": "timeline", "M": "estimates", "S": "sources"}
RECORDS = {"E": "event", "M": "estimate", "S": "source"}


def address(filters: ListFilters, suffix: str = "", beside: Sequence[tuple[str, str]] = ()) -> str:
    """The list so filtered; `beside` is what an address asked for that no filter understands."""
    query = "&".join(part for part in (filters.query_string(), urlencode(beside)) if part)
    return f"{url(PAGES[filters.KIND])}{suffix}{'?' + query if query else ''}"


def list_address(kind: str) -> str:
    """All records of that kind."""
    return url(PAGES[kind])


def record_address(id: str) -> str:
    """The page of an event, a figure or a source."""
    return url(RECORDS[id[0]], id=id)
