"""The table of a breakdown, for the page and its files: counted by the index, without SQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.record.breakdown_filters import BreakdownFilters
from app.record.filters import EventFilters
from app.record.index import breakdown
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.site.components.urls import address
from app.site.events.breakdown.axes import (
    MAX_ROWS,
    OTHERS,
    UNDATED,
    VAGUE,
    AxisEntry,
    AxisView,
    Narrow,
    column_axis,
    row_axis,
)

HIDDEN_IF_EMPTY = {OTHERS, VAGUE, UNDATED}


@dataclass(frozen=True)
class Cell:
    count: int
    address: str
    """Address of the list of these events; empty for no events, or if no filter finds them."""
    level: int = 0
    """Shade from 0 (few events, or none) to 3, by the highest count of the table."""


@dataclass(frozen=True)
class Line:
    """One row with its cells. A total counts each event once, however many cells have it."""

    entry: AxisEntry
    total: Cell
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    rows: AxisView
    columns: AxisView
    heads: Sequence[tuple[AxisEntry, Cell]]
    """The columns with their totals."""
    lines: Sequence[Line]
    total: Cell
    first: int
    """Position of the first row among all."""
    hidden_columns: int
    """Number of codes that have no column."""


def breakdown_table(
    db: Session,
    edition: IndexedEdition,
    filters: BreakdownFilters,
    directory: Directory,
    *,
    first: int = 0,
    most: int = MAX_ROWS,
) -> Table:
    """Return `most` rows from position `first`. Runs no SQL, except for words of a search."""
    events = filters.events
    matching = backend.match(db, edition, events, directory)
    row_key, column_key = filters.axes
    rows = row_axis(matching, row_key, directory, first, most)
    columns = column_axis(matching, column_key, directory)
    counted = breakdown.cells(matching.answers, rows.axis, columns.axis)
    row_totals = rows.axis.counts(matching.answers)
    column_totals = columns.axis.counts(matching.answers)
    shown = [
        at
        for at, (entry, count) in enumerate(zip(columns.entries, column_totals, strict=True))
        if count or entry.code not in HIDDEN_IF_EMPTY
    ]
    highest = max((max(line, default=0) for line in counted), default=0)
    narrow_columns = [columns.entries[at].narrow for at in shown]
    lines = [
        Line(
            entry,
            _cell(events, entry.narrow, total),
            _cells(events, entry.narrow, narrow_columns, [counts[at] for at in shown], highest),
        )
        for entry, total, counts in zip(rows.entries, row_totals, counted, strict=True)
        if total or entry.code not in HIDDEN_IF_EMPTY
    ]
    return Table(
        rows=rows,
        columns=columns,
        heads=[
            (columns.entries[at], _cell(events, columns.entries[at].narrow, column_totals[at]))
            for at in shown
        ],
        lines=lines,
        total=Cell(matching.total, address(events) if matching.total else ""),
        first=first,
        hidden_columns=columns.found - sum(entry.code != OTHERS for entry in columns.entries)
        if columns.is_code
        else 0,
    )


def _cells(
    events: EventFilters,
    narrow_row: Narrow,
    narrow_columns: Sequence[Narrow],
    counts: Sequence[int],
    highest: int,
) -> list[Cell]:
    row = narrow_row(events)
    return [
        _cell(row, narrow, count, highest)
        for narrow, count in zip(narrow_columns, counts, strict=True)
    ]


def _cell(events: EventFilters | None, narrow: Narrow, count: int, highest: int = 0) -> Cell:
    found = narrow(events) if events is not None and count else None
    level = min(3, 4 * count // highest) if highest else 0
    return Cell(count, address(found) if found else "", level)


def all_cells(table: Table) -> Iterator[tuple[AxisEntry | None, AxisEntry | None, Cell]]:
    """Yield row, column and cell; None for the totals over all rows or columns."""
    for line in table.lines:
        yield line.entry, None, line.total
        yield from (
            (line.entry, head, cell)
            for (head, _total), cell in zip(table.heads, line.cells, strict=True)
        )
    yield from ((None, head, total) for head, total in table.heads)
    yield None, None, table.total
