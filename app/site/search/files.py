"""The result of a search as JSON, for `/search.json` and the API."""

from typing import Any

from fastapi import Request

from app.record.filters import SearchFilters
from app.record.index.edition import IndexedEdition
from app.site.search.hits import Hit
from app.site.search.page import Group, SearchPage
from app.web.state import app_state
from app.web.urls import absolute_url


def as_json(
    request: Request, edition: IndexedEdition, filters: SearchFilters, found: SearchPage
) -> dict[str, Any]:
    hits = sorted(
        ((hit, group) for group in found.groups for hit in group.hits),
        key=lambda each: -each[0].score,
    )
    return {
        "edition": edition.no,
        "query": filters.by_name(),
        "licence": app_state(request).settings.licence,
        "permalink": absolute_url(request, found.lasting_address),
        "total": found.total,
        "kinds": {group.key: _group(request, group) for group in found.kinds},
        "best": [_hit(request, hit, group) for hit, group in hits],
    }


def _group(request: Request, group: Group) -> dict[str, Any]:
    return {
        "title": group.title,
        "total": group.total,
        "list": absolute_url(request, group.list_address) if group.list_address else None,
    }


def _hit(request: Request, hit: Hit, group: Group) -> dict[str, Any]:
    return {
        "kind": group.key,
        "id": hit.id,
        "title": str(hit.title),
        "what": list(hit.kick),
        "text": str(hit.text),
        "why": hit.why,
        "page": absolute_url(request, hit.address),
    }
