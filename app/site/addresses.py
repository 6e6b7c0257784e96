"""Addresses of the timeline, written by its filters and by nothing else."""

from collections.abc import Sequence
from urllib.parse import urlencode

from app.record.filters import EventFilters
from app.web import url


def address(filters: EventFilters, suffix: str = "", beside: Sequence[tuple[str, str]] = ()) -> str:
    """The timeline so filtered; `beside` is what an address asked for that no filter understands."""
    query = "&".join(part for part in (filters.query_string(), urlencode(beside)) if part)
    return f"{url('timeline')}{suffix}{'?' + query if query else ''}"
