"""The response of a list of named records."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from starlette.responses import Response

from app.record.filters import NamedListFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.session import ListSession
from app.record.names.directory import Directory
from app.site.lists.named_list import NamedList
from app.site.lists.request import Query, query_in_edition, redirect_to_canonical
from app.web.page import page

F = TypeVar("F", bound=NamedListFilters)


def named_list_page(
    request: Request,
    db: ListSession,
    query: Query[F],
    fill: Callable[[IndexedEdition, Query[F], Directory], NamedList],
) -> Response:
    """Render the list that `fill` returns, or redirect to the canonical address of the query."""
    edition, directory, query = query_in_edition(request, db, query)
    if elsewhere := redirect_to_canonical(request, query):
        return elsewhere
    view = fill(edition, query, directory)
    return page(
        request,
        "site/components/named_list.html",
        edition=edition,
        view=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
    )
