"""A comparison as JSON, and its estimates as a table with one row for each place and estimate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.record.compare_filters import CompareFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.sql.rows import ListRow
from app.site.compare.page import (
    ComparedPlace,
    PlaceComparison,
    compare,
    day_of,
    is_comparable,
    view_of_comparison,
)
from app.site.export import list_columns
from app.site.export.column_types import Column, ColumnType
from app.site.export.responses import ListFile, json_heading, list_response, table_response
from app.site.lists.request import InvalidQueryError
from app.vocabulary.kinds import RecordKind


@dataclass(frozen=True)
class ComparedEstimateRow:
    """One estimate of one place. An estimate of two places has two rows."""

    place: str
    letter: str
    """Its letter in the charts; empty if it is not drawn."""
    found: ListRow


def _of_estimate(column: Column[Any]) -> Callable[[ComparedEstimateRow], Any]:
    return lambda row: column.of(row.found)


COLUMNS: list[Column[ComparedEstimateRow]] = [
    Column("compared_place", "Code of the place that is compared.", lambda row: row.place),
    Column("key", "Its letter in the charts; empty if it is not drawn.", lambda row: row.letter),
    Column("is_drawn", "Whether a chart has it.", lambda row: bool(row.letter), ColumnType.FLAG),
    *(
        Column(each.name, each.description, _of_estimate(each), each.holds)
        for each in list_columns.COLUMNS[RecordKind.ESTIMATE]
    ),
]


def require_places(filters: CompareFilters) -> None:
    """Raise InvalidQueryError unless there are two places or more."""
    if not is_comparable(filters):
        raise InvalidQueryError([("place", "is needed two to four times: one for each column")])


def _rows(found: PlaceComparison) -> list[ComparedEstimateRow]:
    letters = found.charts.letters
    return [
        ComparedEstimateRow(place.code, letters.get(f"{place.code} {row.id}", ""), row)
        for place in found.places
        for row in place.found
    ]


def _file(
    edition: IndexedEdition, filters: CompareFilters, directory: Directory, rows: int
) -> ListFile:
    view = view_of_comparison(edition, filters, directory)
    return ListFile(view.name, view.title, view.address, rows, key=("compared_place", "id"))


def as_table(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: CompareFilters,
    directory: Directory,
) -> Response:
    require_places(filters)
    rows = _rows(compare(db, edition, filters, directory))
    return table_response(
        request, edition, _file(edition, filters, directory, len(rows)), COLUMNS, rows
    )


def as_json(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: CompareFilters,
    directory: Directory,
) -> Response:
    require_places(filters)
    found = compare(db, edition, filters, directory)
    file = _file(edition, filters, directory, len(found.places))
    body = {
        **json_heading(request, edition, filters, file),
        "date": day_of(filters, edition).isoformat(),
        "first_year": found.charts.first_year,
        "last_year": found.charts.last_year,
        "places": [_place_as_json(place, found, at) for at, place in enumerate(found.places)],
    }
    return list_response(request, edition, body)


def _place_as_json(place: ComparedPlace, found: PlaceComparison, at: int) -> dict[str, Any]:
    checked = place.checked
    return {
        "code": place.code,
        "name": place.label,
        "headline": place.stock.newest.id if place.stock else None,
        "last_checked": {
            "first": checked.first.isoformat(),
            "last": checked.last.isoformat(),
            "where": checked.where,
            "outcome": checked.outcome,
        }
        if checked
        else None,
        "events": place.events_total,
        "newest_events": [
            {"id": event.address.rpartition("/")[2], "title": event.title, "when": event.when}
            for event in place.events
        ],
        "rules": {group: list(ids) for group, ids in found.rules.ids[at].items()},
        "figures": [
            {"key": row.letter, "is_drawn": bool(row.letter)}
            | list_columns.as_json(RecordKind.ESTIMATE, row.found)
            for row in _rows(found)
            if row.place == place.code
        ],
    }
