"""Changes in order, each with the new state of its record, for keeping a copy of the record."""

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session

from app.record.filters import MirrorFilters
from app.record.index.edition import IndexedEdition
from app.record.models import RecordState
from app.record.names.directory import Directory
from app.record.reads.changelog import RecordChange
from app.site.changes import page as changes
from app.site.changes.files import changes_as_json
from app.site.components.urls import with_filters
from app.site.export import list_columns


def as_json(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: MirrorFilters,
    directory: Directory,
) -> dict[str, Any]:
    """Return one page of changes. `follow` is the address for changes of later editions."""
    body = changes_as_json(request, db, edition, filters, directory, item=_with_record)
    since = filters.with_(since=str(edition.no + 1), after=None, edition=None)
    return {**body, "follow": with_filters(request.url.path, since)}


def _with_record(change: RecordChange, directory: Directory) -> dict[str, Any]:
    record = (
        list_columns.as_json(change.noun.kind, change.row)
        if change.state == RecordState.LIVE
        else None
    )
    return {**changes.as_json(change, directory), "record": record}
