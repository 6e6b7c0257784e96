"""The result of a search as JSON, for `/search.json` and the API."""

from typing import Any

from fastapi import Request

from app.record.filters import SearchFilters
from app.record.index.edition import IndexedEdition
from app.site.entries.entries import GROUP_OF_NOUN
from app.site.search.hits import Hit
from app.site.search.page import RECORD_GROUPS, HitGroup, SearchPage
from app.web.state import app_state
from app.web.urls import absolute_url

NOT_STORED = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
KIND_OF_LETTER = {kind.value: key for kind, (key, _title) in RECORD_GROUPS.items()}


def as_json(
    request: Request, edition: IndexedEdition, filters: SearchFilters, found: SearchPage
) -> dict[str, Any]:
    hits = [(hit, group.key) for group in found.groups for hit in group.hits]
    hits += [(hit, KIND_OF_LETTER[hit.id[0]]) for hit in found.partial]
    hits.sort(key=lambda each: -each[0].score)
    return {
        "edition": edition.no,
        "query": filters.by_name(),
        "licence": app_state(request).settings.licence,
        "permalink": absolute_url(request, found.lasting_address),
        "total": found.total,
        "cards": [{"kind": GROUP_OF_NOUN[card.key], "id": card.code} for card in found.cards],
        "read_as": [{"words": each.words, "as": each.read_as} for each in found.read_as],
        "hint": found.hint,
        "missing": [part.words for part in found.missing],
        "also": {part.words: part.equivalents for part in found.also},
        "kinds": {group.key: _group(request, group) for group in found.kinds},
        "best": [_hit(request, hit, kind) for hit, kind in hits],
    }


def _group(request: Request, group: HitGroup) -> dict[str, Any]:
    return {
        "title": group.title,
        "total": group.total,
        "list": absolute_url(request, group.list_address) if group.list_address else None,
    }


def _hit(request: Request, hit: Hit, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": hit.id,
        "title": str(hit.title),
        "what": list(hit.kick),
        "text": str(hit.text),
        "why": hit.why,
        "page": absolute_url(request, hit.address),
    }
