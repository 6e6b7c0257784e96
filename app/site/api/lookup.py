"""Whether a source is known that was found at an address, and what rests on it."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.record.editions import Reading
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.reads.source_urls import normalised_url, sources_at
from app.record.sql import rows as queries
from app.record.sql.rows import Found
from app.site.components.record_title import named
from app.site.components.urls import record_address
from app.site.export import record_columns
from app.web.urls import absolute


def lookup(
    request: Request, db: Session, edition: Reading, address: str, directory: Directory
) -> dict[str, Any]:
    """Two statements. What an editor has not published is as unknown here as to any reader."""
    found = sources_at(db, edition, address)
    citing = _citing(db, edition, [id for source in found for id in source.payload["cited_by"]])
    return {
        "url": address,
        "normalised": normalised_url(address),
        "known": bool(found),
        "sources": [
            record_columns.as_json("S", source) | {"page": _page(request, source)}
            for source in found
        ],
        "rests_on_it": [
            {"id": row.id, "title": named(row, directory)[0], "page": _page(request, row)}
            for row in citing
        ],
    }


def _citing(db: Session, edition: Reading, ids: Sequence[str]) -> list[Found]:
    if not ids:
        return []
    rows_ = db.execute(
        select(*queries.SHOWN)
        .where(Version.id.in_(sorted(set(ids))), edition.holds(), Version.state == "live")
        .order_by(Version.kind, Version.number)
    )
    return [queries.found(row) for row in rows_]


def _page(request: Request, row: Found) -> str:
    return absolute(request, record_address(row.id))
