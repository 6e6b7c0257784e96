"""The lists of the API, and looking up a source by its address."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.filtering import Filters
from app.record.editions import SelectedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import source_payload
from app.record.reads.source_urls import normalised_url, sources_at
from app.record.sql.rows import LIST_COLUMNS, ListRow, list_row
from app.site.changes.changes import Mirror
from app.site.cities.cities import Cities
from app.site.components.urls import record_address
from app.site.datasets.dataset import Dataset
from app.site.estimates.estimates import Estimates
from app.site.events.events import Events
from app.site.export import list_columns
from app.site.named_lists import NamedList
from app.site.presenters.title import title_parts
from app.site.sources.sources import Sources
from app.vocabulary.kinds import NAMED_LISTS, RecordKind
from app.web.urls import absolute_url

NAMED = {each.noun: each for each in NamedList.__subclasses__()}
RESOURCES: Sequence[type[Dataset[Any]]] = (
    *(Events, Estimates, Sources, Cities),
    *(NAMED[noun] for noun in NAMED_LISTS.values()),
    Mirror,
)


def filters_of(resource: type[Dataset[Any]]) -> type[Filters]:
    found: type[Filters] = getattr(resource, "api_filters", resource.filter_class)
    return found


def lookup(
    request: Request, db: Session, edition: SelectedEdition, address: str, directory: Directory
) -> dict[str, Any]:
    sources = sources_at(db, edition, address)
    citing = _citing_records(
        db, edition, [id for source in sources for id in source_payload(source)["cited_by"]]
    )
    return {
        "url": address,
        "normalised": normalised_url(address),
        "known": bool(sources),
        "sources": [
            list_columns.as_json(RecordKind.SOURCE, source)
            | {"page": _page_address(request, source)}
            for source in sources
        ],
        "rests_on_it": [
            {
                "id": row.id,
                "title": title_parts(row, directory)[0],
                "page": _page_address(request, row),
            }
            for row in citing
        ],
    }


def _citing_records(db: Session, edition: SelectedEdition, ids: Sequence[str]) -> list[ListRow]:
    if not ids:
        return []
    rows = db.execute(
        select(*LIST_COLUMNS)
        .where(Version.id.in_(sorted(set(ids))), edition.holds(), Version.is_live)
        .order_by(Version.kind, Version.number)
    )
    return [list_row(row) for row in rows]


def _page_address(request: Request, row: ListRow) -> str:
    return absolute_url(request, record_address(row.id))
