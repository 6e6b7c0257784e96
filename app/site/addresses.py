"""Addresses of the timeline, written by its filters and by nothing else."""

from app.record.filters import EventFilters
from app.web import url


def address(filters: EventFilters, suffix: str = "") -> str:
    query = filters.query_string()
    return f"{url('timeline')}{suffix}{'?' + query if query else ''}"
