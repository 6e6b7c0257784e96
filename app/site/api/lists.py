"""The lists of the API, looking up a source by its address, and the strict reading of queries.

A program gets an error where a page would ignore a mistake.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.filtering import DroppedParameter, Filter, Filters, Pairs, Terms
from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.record.lists.session import ListSession, select_edition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import source_payload
from app.record.reads.source_urls import normalised_url, sources_at
from app.record.sql.rows import LIST_COLUMNS, ListRow, list_row
from app.site.changes.changes import Mirror
from app.site.cities.cities import Cities
from app.site.components.urls import record_address
from app.site.dataset import Dataset
from app.site.estimates.estimates import Estimates
from app.site.events.events import Events
from app.site.export.columns import row_as_json
from app.site.lists.request import (
    InvalidQueryError,
    edition_directory,
    query_pairs,
    reject_invalid_query,
)
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
            row_as_json(RecordKind.SOURCE, source) | {"page": _page_address(request, source)}
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


# Queries ----------------------------------------------------------------------------------------

F = TypeVar("F", bound=Filters)


def read_query(
    request: Request, db: ListSession, filters: type[F]
) -> tuple[F, IndexedEdition, Directory]:
    """Return the query, and its edition with that edition's directory.

    Raises InvalidQueryError.
    """
    pairs = query_pairs(request)
    invalid = list(_not_canonical(pairs, filters))
    query, dropped = filters.from_pairs(pairs)
    known = {(item.key, item.value) for item in invalid}
    invalid += [item for item in dropped if (item.key, item.value) not in known]
    if invalid:
        raise InvalidQueryError([(item.key, item.reason) for item in invalid])
    edition = select_edition(db, query.one("edition"))
    directory = edition_directory(request, db, edition)
    query = directory.led_on(query)
    reject_invalid_query(query, (), directory)
    return query, edition, directory


def _not_canonical(pairs: Pairs, filters: type[Filters]) -> Iterator[DroppedParameter]:
    """Yield values that pages accept, such as capitals in a code, spaces, or an empty value."""
    for key, value in pairs:
        filter = filters.by_key().get(key.removeprefix("not_"))
        if filter is None or (key.startswith("not_") and not isinstance(filter, Terms)):
            yield DroppedParameter(key, value, _("is not a parameter of this address"))
        elif not filter.fits(value):
            yield DroppedParameter(key, value, _reason(filter, value))


def _reason(filter: Filter, value: str) -> str:
    try:
        canonical = filter.clean(value)
    except (ValueError, OverflowError) as error:
        return str(error)
    return (
        _("should be written as {value}").format(value=canonical)
        if canonical
        else _("is empty; remove the key")
    )
