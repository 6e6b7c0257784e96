"""Reading the query string of public lists and files: validation, editions, redirects."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.filtering import ARRANGEMENT, DroppedParameter, Filters
from app.record.filters import ListFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.backend import ListSession, select_edition
from app.record.names.directory import Directory
from app.record.words.query import MAX_UNITS
from app.site.components.urls import PageLink, address, with_filters
from app.site.lists.summary import too_long, unknown_codes
from app.web.state import app_state


class InvalidQueryError(ValueError):
    """A query of a program has invalid parts. Pages drop such parts and say so instead."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(f"{key}: {reason}" for key, reason in reasons))


def reject_invalid_query(
    filters: Filters, dropped: Sequence[DroppedParameter], directory: Directory
) -> None:
    reasons = [(item.key, item.reason) for item in dropped]
    reasons += [
        (key.key, f"there is no “{value}” in this edition")
        for key, value in unknown_codes(filters, directory)
    ]
    reasons += [
        (key, f"has too many words; a search has at most {MAX_UNITS}")
        for key in too_long(filters, directory)
    ]
    if reasons:
        raise InvalidQueryError(reasons)


F = TypeVar("F", bound=Filters)
Query = tuple[F, Sequence[DroppedParameter]]
"""Valid filters, and the parts of the address that are not."""


def query_pairs(request: Request) -> list[tuple[str, str]]:
    text = request.scope["query_string"].decode("latin-1")
    return parse_qsl(text, keep_blank_values=True, errors="replace")


def redirect_to_canonical(request: Request, query: Query[Filters]) -> Response | None:
    """Redirect to the canonical address of the query, or return None if this is it.

    The canonical address has a fixed order of keys, no empty values and no defaults. Invalid parts
    follow at the end, so that the page can report them.
    """
    filters, dropped = query
    left_out = [(item.key, item.value) for item in dropped]
    if query_pairs(request) == [*filters.pairs(), *left_out]:
        return None
    return RedirectResponse(with_filters(request.url.path, filters, left_out), 303)


def requested_address(request: Request) -> str:
    """Return path and query string as requested."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.url.path}?{query}" if query else request.url.path


def edition_directory(request: Request, db: Session, edition: IndexedEdition) -> Directory:
    return app_state(request).directories.of(db, edition)


def requested_edition(request: Request, db: ListSession) -> IndexedEdition:
    """Return the edition that the query names, or the newest one."""
    return select_edition(db, request.query_params.get("edition", ""))


def followed_filters(filters: F) -> F:
    """Remove sorting and paging from the filters, because a feed ignores them."""
    kept = {
        key: values
        for key, values in filters.included.items()
        if key not in ARRANGEMENT or key == "edition"
    }
    return filters.made_of(kept, filters.excluded)


def feed_link(filters: ListFilters, label: str) -> PageLink:
    """Return the link to the feed of a list, independent of the edition."""
    return PageLink(label, address(followed_filters(filters).with_(edition=None), ".atom"))
