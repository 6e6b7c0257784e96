"""`/events/breakdown` and `/estimates/breakdown`: tables of counts, each with its list.

Counted by the index, without SQL, except for words of a search.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from fastapi import Request

from app.filtering import Choice
from app.i18n.translate import N_, _, inside, ngettext
from app.record.breakdown_filters import (
    BreakdownFilters,
    EstimateBreakdownFilters,
    EventBreakdownFilters,
)
from app.record.filters import ListFilters
from app.record.index import breakdown
from app.record.lists import backend
from app.record.lists.cited_rows import RowsInEdition, rows_of_list
from app.site.components.text import TextPart
from app.site.components.urls import address
from app.site.datasets.dataset import FILES, FORMER_FILES, Dataset
from app.site.events.breakdown.axes import (
    MAX_ROWS,
    MAX_ROWS_IN_FILE,
    OTHERS,
    UNDATED,
    VAGUE,
    AxisEntry,
    AxisView,
    Narrow,
    axis_title,
    column_axis,
    has_entries,
    row_axis,
)
from app.site.export.column_types import Column, ColumnType
from app.site.lists.summary import WORDING, ListWording, sentence
from app.site.lists.summary import title as list_title
from app.site.references.citable import CitableView, plain_title
from app.vocabulary.kinds import NOUN_OF_KIND

HIDDEN_IF_EMPTY = {OTHERS, VAGUE, UNDATED}


class Cell(NamedTuple):
    number: int
    address: str
    """Address of the list of these rows; empty for none, or if no filter finds them."""
    level: int = 0
    """Shade from 0 (few events, or none) to 3, by the highest count of the table."""


class Line(NamedTuple):
    """One row with its cells. A total counts each record once, however many cells have it."""

    entry: AxisEntry
    total: Cell
    cells: Sequence[Cell]


class Table(NamedTuple):
    rows: AxisView
    columns: AxisView
    heads: Sequence[tuple[AxisEntry, Cell]]
    """The columns with their totals."""
    lines: Sequence[Line]
    total: Cell


class CellRow(NamedTuple):
    """One cell, or a total if it has no row or no column."""

    row: AxisEntry | None
    column: AxisEntry | None
    cell: Cell


def _code(entry: AxisEntry | None) -> str:
    return entry.code if entry else ""


def columns_of(what: str, label: str) -> list[Column[CellRow]]:
    """Return the columns of a table of `what` is counted, such as events."""

    def label_of(entry: AxisEntry | None) -> str:
        return entry.label if entry else _(label)

    return [
        Column("row", "Code of the row; empty for the total of a column.", lambda r: _code(r.row)),
        Column("row_label", "Label of the row.", lambda r: label_of(r.row)),
        Column(
            "column", "Code of the column; empty for the total of a row.", lambda r: _code(r.column)
        ),
        Column("column_label", "Label of the column.", lambda r: label_of(r.column)),
        Column(
            what,
            f"Number of {what}. One may be in several rows or columns; a total counts it once.",
            lambda r: r.cell.number,
            ColumnType.COUNT,
        ),
        Column("list", f"Address of the list of these {what}.", lambda r: r.cell.address),
    ]


class CountedTable(Dataset[BreakdownFilters]):
    """A table of counts by two keys; each list has its own."""

    template = "site/events/breakdown.html"
    endings = FILES
    key = ("row", "column")
    form_keys = frozenset({"rows", "columns", "page"})
    what: ClassVar[str]
    """Name of what is counted, in columns and file names."""
    all_label: ClassVar[str]
    """Label of the totals."""
    caption: ClassVar[str]
    remark: ClassVar[str]
    usual: ClassVar[Sequence[str]]
    """Keys that are offered first."""

    def __init_subclass__(cls) -> None:
        cls.columns = columns_of(cls.what, cls.all_label)

    @property
    def title(self) -> str:
        # Translators: the name of a list, then the keys of rows and columns.
        rows, columns = map(axis_title, self.filters.axes)
        return _("{list}: {rows} by {columns}").format(
            list=list_title(self.listed, self.directory),
            rows=inside(rows),
            columns=inside(columns),
        )

    @property
    def listed(self) -> ListFilters:
        return self.filters.listed

    @property
    def wording(self) -> ListWording:
        return WORDING[self.listed.KIND]

    @property
    def caption_shown(self) -> str:
        rows, columns = map(axis_title, self.filters.axes)
        return _(self.caption).format(rows=rows, columns=columns)

    @property
    def list_address(self) -> str:
        return address(self.listed)

    @cached_property
    def sentence(self) -> list[TextPart]:
        counts = backend.match(self.db, self.edition, self.listed, self.directory).counts()
        parts = sentence(self.listed, counts, self.directory)
        return [part for part in parts if not part.is_aside]

    @property
    def options(self) -> list[tuple[str, str, list[tuple[str, list[tuple[str, str, bool]]]]]]:
        """The fields for rows and columns: key, label, and the usual options before the others.

        Each option says whether it is chosen.
        """
        fields: list[tuple[str, str, Choice]] = [
            ("rows", _("Rows"), self.filters.ROWS),
            ("columns", _("Columns"), self.filters.COLUMNS),
        ]
        return [
            (
                key,
                label,
                [
                    (title, [(code, axis_title(code), code == chosen) for code in codes])
                    for title, codes in (
                        (_("Usual"), [code for code in self.usual if code in choice.choices]),
                        (_("Others"), [code for code in choice.choices if code not in self.usual]),
                    )
                ],
            )
            for (key, label, choice), chosen in zip(fields, self.filters.axes, strict=True)
        ]

    @property
    def swapped_address(self) -> str:
        rows, columns = self.filters.axes
        swapped = self.bare.with_(rows=columns, columns=rows).pairs()
        return self.address_of(self.filter_class.from_pairs(swapped)[0])

    # Pages ----------------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        return int(self.filters.one("page") or 1)

    @property
    def first(self) -> int:
        """Position of the first row among all."""
        return (self.number - 1) * MAX_ROWS

    @property
    def total_rows(self) -> int:
        # Rows of dates have no pages.
        return self.counts.rows.found or (len(self.counts.lines) if self.number == 1 else 0)

    @property
    def is_empty(self) -> bool:
        return not (has_entries(self.counts.rows) and self.counts.lines)

    @property
    def is_past_end(self) -> bool:
        """Whether the page has no rows, but an earlier one does."""
        return not self.counts.lines and self.first > 0 and self.counts.total.number > 0

    @property
    def shown_rows(self) -> str:
        """Which rows of how many, in words; empty if all are shown."""
        shown = len(self.counts.lines)
        words = _("Rows {first}–{last} of {total}").format(
            first=self.first + 1, last=self.first + shown, total=self.total_rows
        )
        return words if shown and self.total_rows > shown else ""

    def _page_address(self, number: int) -> str:
        return self.address_of(self.bare.with_(page=str(number) if number > 1 else None))

    @property
    def earlier_address(self) -> str:
        return self._page_address(self.number - 1) if self.number > 1 else ""

    @property
    def further_address(self) -> str:
        is_last = self.total_rows <= self.first + MAX_ROWS
        return "" if is_last else self._page_address(self.number + 1)

    # The table ------------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> Table:
        return self._table(self.first, MAX_ROWS)

    def _table(self, first: int, most: int) -> Table:
        """Return `most` rows from position `first`."""
        matching = backend.match(self.db, self.edition, self.listed, self.directory)
        row_key, column_key = self.filters.axes
        rows = row_axis(matching, row_key, self.directory, first, most)
        columns = column_axis(matching, column_key, self.directory)
        counted = breakdown.cells(matching.answers, rows.axis, columns.axis)
        heads = [
            (at, entry, _cell(self.listed, entry.narrow, count))
            for at, (entry, count) in enumerate(
                zip(columns.entries, columns.axis.counts(matching.answers), strict=True)
            )
            if count or entry.code not in HIDDEN_IF_EMPTY
        ]
        highest = max((max(line, default=0) for line in counted), default=0)
        lines = []
        for entry, total, counts in zip(
            rows.entries, rows.axis.counts(matching.answers), counted, strict=True
        ):
            if total or entry.code not in HIDDEN_IF_EMPTY:
                row = entry.narrow(self.listed)
                cells = [_cell(row, head.narrow, counts[at], highest) for at, head, _ in heads]
                lines.append(Line(entry, _cell(self.listed, entry.narrow, total), cells))
        return Table(
            rows,
            columns,
            [(entry, total) for _at, entry, total in heads],
            lines,
            Cell(matching.total, address(self.listed) if matching.total else ""),
        )

    @property
    def notes(self) -> list[str]:
        """What the table leaves out, and why."""
        found = []
        rows, columns = self.counts.rows, self.counts.columns
        for view, key in zip((rows, columns), self.filters.axes, strict=True):
            if view.is_code and self.filters[key]:
                found.append(
                    _(
                        "“{key}” is in the filter: the table shows only values whose events all "
                        "match the filter."
                    ).format(key=view.title)
                )
        hidden = columns.found - sum(entry.code != OTHERS for entry in columns.entries)
        if columns.is_code and hidden:
            found.append(
                ngettext(
                    "{count} more column is counted under “Others”. Swap rows and columns to see "
                    "all.",
                    "{count} more columns are counted under “Others”. Swap rows and columns to see "
                    "all.",
                    hidden,
                )
            )
        return found

    # Citation and files ---------------------------------------------------------------------------

    def file_address(self, ending: str) -> str:
        return self.address_of(self.filters.with_(edition=str(self.edition.no)), ending)

    @property
    def view(self) -> CitableView:
        rows, columns = self.filters.axes
        parts = [self.what, *self.filters["place"][:3], "by", rows, columns]
        return CitableView(
            edition=self.edition,
            page=self.address_of(self.filters.with_(edition=None)),
            name="-".join(parts).replace("_", "-"),
            title=plain_title([self.title]),
            remark=_(self.remark),
        )

    @property
    def cited_rows(self) -> RowsInEdition:
        return rows_of_list(self.db, self.listed)

    @property
    def changed(self) -> list[tuple[str, str]]:
        return [("what", NOUN_OF_KIND[self.listed.KIND]), *self.listed.narrowing.pairs()]

    @property
    def total_cited(self) -> int:
        return backend.match(self.db, self.edition, self.listed, self.directory).total

    def file_rows(self) -> list[CellRow]:
        """Return one row for each cell, totals included, of up to 1,000 rows."""
        table = self._table(0, MAX_ROWS_IN_FILE)
        heads = [head for head, _total in table.heads]
        found = []
        for line in table.lines:
            found.append(CellRow(line.entry, None, line.total))
            cells = zip(heads, line.cells, strict=True)
            found += [CellRow(line.entry, head, cell) for head, cell in cells]
        totals = [CellRow(None, head, total) for head, total in table.heads]
        return [*found, *totals, CellRow(None, None, table.total)]

    def as_json(self, request: Request) -> dict[str, Any]:
        table = self._table(0, MAX_ROWS_IN_FILE)
        rows, columns = self.filters.axes
        return {
            **self.json_heading(request, len(table.lines)),
            "rows": rows,
            "columns": columns,
            "total": table.total.number,
            "column_totals": [_as_json(head, total) for head, total in table.heads],
            "items": [
                _as_json(line.entry, line.total) | {self.what: [cell.number for cell in line.cells]}
                for line in table.lines
            ],
        }


def _cell(listed: ListFilters | None, narrow: Narrow, count: int, highest: int = 0) -> Cell:
    found = narrow(listed) if listed is not None and count else None
    level = min(3, 4 * count // highest) if highest else 0
    return Cell(count, address(found) if found else "", level)


def _as_json(entry: AxisEntry, total: Cell) -> dict[str, Any]:
    return {
        "code": entry.code,
        "label": entry.label,
        "total": total.number,
        "list": total.address,
    }


class Breakdown(CountedTable):
    name = "breakdown"
    filter_class = EventBreakdownFilters
    former = FORMER_FILES
    what, all_label = "events", N_("All events")
    caption = N_("Number of events: {rows} by {columns}")
    remark = N_("numbers of events, not of people")
    usual = ("direction", "type", "place", "year", "paper", "side", "corroboration", "nationality")


class EstimateBreakdown(CountedTable):
    name = "estimate-breakdown"
    filter_class = EstimateBreakdownFilters
    what, all_label = "estimates", N_("All estimates")
    caption = N_("Number of estimates: {rows} by {columns}")
    remark = N_("numbers of estimates, not of people")
    usual = ("place", "counts", "outlet", "year", "attribution", "nature", "conflict")
