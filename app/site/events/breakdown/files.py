"""A breakdown as JSON and as a table with one row a cell."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.i18n.translate import _
from app.record.breakdown_filters import BreakdownFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.events.breakdown.axes import MAX_ROWS_IN_FILE, AxisEntry
from app.site.events.breakdown.page import view_of_breakdown
from app.site.events.breakdown.table import Cell, all_cells, breakdown_table
from app.site.export.column_types import Column, ColumnType
from app.site.export.responses import ListFile, json_heading, list_response, table_response


@dataclass(frozen=True)
class CellRow:
    """One cell, or a total if it has no row or no column."""

    row: AxisEntry | None
    column: AxisEntry | None
    cell: Cell


def _code(entry: AxisEntry | None) -> str:
    return entry.code if entry else ""


def _label(entry: AxisEntry | None) -> str:
    return entry.label if entry else _("All events")


COLUMNS: list[Column[CellRow]] = [
    Column("row", "Code of the row; empty for the total of a column.", lambda r: _code(r.row)),
    Column("row_label", "Label of the row.", lambda r: _label(r.row)),
    Column(
        "column", "Code of the column; empty for the total of a row.", lambda r: _code(r.column)
    ),
    Column("column_label", "Label of the column.", lambda r: _label(r.column)),
    Column(
        "events",
        "Number of events. An event may be in several rows or columns; a total counts it once.",
        lambda r: r.cell.count,
        ColumnType.COUNT,
    ),
    Column("list", "Address of the list of these events.", lambda r: r.cell.address),
]


def _file(
    edition: IndexedEdition, filters: BreakdownFilters, directory: Directory, rows: int
) -> ListFile:
    view = view_of_breakdown(edition, filters.with_(page=None), directory)
    return ListFile(view.name, view.title, view.address, rows, key=("row", "column"))


def as_table(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: BreakdownFilters,
    directory: Directory,
) -> Response:
    """Return one row for each cell, totals included, of up to 1,000 rows."""
    table = breakdown_table(db, edition, filters, directory, most=MAX_ROWS_IN_FILE)
    rows = [CellRow(*each) for each in all_cells(table)]
    return table_response(
        request, edition, _file(edition, filters, directory, len(rows)), COLUMNS, rows
    )


def as_json(
    request: Request,
    db: Session,
    edition: IndexedEdition,
    filters: BreakdownFilters,
    directory: Directory,
) -> Response:
    table = breakdown_table(db, edition, filters, directory, most=MAX_ROWS_IN_FILE)
    file = _file(edition, filters, directory, len(table.lines))
    body: dict[str, Any] = {
        **json_heading(request, edition, filters, file),
        "rows": filters.axes[0],
        "columns": filters.axes[1],
        "total": table.total.count,
        "column_totals": [_as_json(head, total) for head, total in table.heads],
        "items": [
            _as_json(line.entry, line.total) | {"events": [cell.count for cell in line.cells]}
            for line in table.lines
        ],
    }
    return list_response(request, edition, body)


def _as_json(entry: AxisEntry, total: Cell) -> dict[str, Any]:
    return {
        "code": entry.code,
        "label": entry.label,
        "total": total.count,
        "list": total.address,
    }
