"""Lists of records with names, such as `/api/v1/places`, and looking up a source by its address."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.filtering import Filters
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.editions import SelectedEdition
from app.record.filters import NamedFilters
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import source_payload
from app.record.reads.source_urls import normalised_url, sources_at
from app.record.sql.rows import LIST_COLUMNS, ListRow, list_row
from app.site.components.urls import record_address, with_filters
from app.site.export import list_columns
from app.site.export.responses import ListFile, json_heading, limit_of, next_address
from app.site.presenters.named import named_view
from app.site.presenters.title import title_parts
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind
from app.web.urls import absolute_url


def named_rows_as_json(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: NamedFilters,
    directory: Directory,
) -> dict[str, Any]:
    """Return one page of records with names, ordered by id.

    One statement reads all of a kind, and Python filters them, because they are few.
    """
    kind = filters.KIND
    rows = db.execute(
        select(*LIST_COLUMNS)
        .where(Version.kind == kind, edition.holds(), Version.is_live)
        .order_by(Version.number)
    )
    entry = named_view(NOUN_OF_KIND[kind])
    every = [(list_row(row), FORMS[kind].model_validate(row.payload["form"])) for row in rows]
    matching = [row for row, form in every if entry(form, directory).matches(filters)]
    after, limit = int(filters.one("after") or 0), limit_of(filters)
    rest = [row for row in matching if row.number > after]
    last = str(rest[limit - 1].number) if len(rest) > limit else None
    permanent = filters.with_(after=None, limit=None, edition=str(edition.no))
    words = "; ".join([_(FORMS[kind].WORDS.title), *_filters_in_words(filters, directory)])
    file = ListFile("", words, with_filters(request.url.path, permanent), len(matching))
    return {
        **json_heading(request, edition, filters, file),
        "total": len(matching),
        "next": next_address(request, edition, filters, last),
        "items": [list_columns.as_json(kind, row) for row in rest[:limit]],
    }


def _filters_in_words(filters: Filters, directory: Directory) -> Sequence[str]:
    return [
        (_("{key}: not {value}") if is_excluded else _("{key}: {value}")).format(
            key=_(key.title), value=directory.label(key.vocabulary, code)
        )
        for key in filters.terms()
        for is_excluded, codes in (
            (False, filters[key.key]),
            (True, filters.excluded.get(key.key, ())),
        )
        for code in codes
    ]


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
