"""`/events/breakdown` and `/estimates/breakdown`: tables of counts, each with its list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from fastapi import Request

from app.dates import edtf
from app.filtering import MAX_VALUES, NONE, Choice
from app.i18n.translate import N_, _, day_in_words, inside, ngettext
from app.record.breakdown_filters import (
    KEY_TITLES,
    UNIT_TITLES,
    BreakdownFilters,
    EstimateBreakdownFilters,
    EventBreakdownFilters,
)
from app.record.filters import DATE_UNITS, ListFilters
from app.record.index import Matching, breakdown
from app.record.index.breakdown import (
    Axis,
    CodeAxis,
    DateAxis,
    code_axis,
    counted_codes,
    date_axis,
)
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads.cited_rows import RowsInEdition, rows_of_list
from app.record.rules.containment import place_and_ancestors
from app.record.sql.conditions import window_of
from app.site.components.text import TextPart
from app.site.components.urls import address
from app.site.dataset import FILES, FORMER_FILES, Dataset
from app.site.export.columns import Column, ColumnType
from app.site.lists.summary import WORDING, ListWording, sentence
from app.site.lists.summary import title as list_title
from app.site.references.citable import CitableView, plain_title
from app.vocabulary.kinds import NOUN_OF_KIND

# Axes -------------------------------------------------------------------------------------------


MAX_ROWS, MAX_COLUMNS = 50, 30
"""Rows of a page, and columns."""
MAX_ROWS_IN_FILE = 1_000
ENTRIES_OUTSIDE_UNITS = 3
"""Entries of an axis of dates besides its units: earlier, in no single unit, without a date."""
OTHERS, EARLIER, VAGUE, UNDATED = "others", "earlier", "several", "no-date"
"""Codes of entries that are no code of the key."""
Narrow = Callable[[ListFilters], ListFilters | None]
"""Returns the filter of an entry's rows within a filter; None if no filter finds them."""


@dataclass(frozen=True)
class AxisEntry:
    """One row or column."""

    code: str
    label: str
    narrow: Narrow


@dataclass(frozen=True)
class AxisView:
    """An axis with the labels of its entries, in the order of its counts."""

    title: str
    axis: Axis
    entries: Sequence[AxisEntry]
    found: int
    """Number of codes that some row has, shown or not; 0 for dates."""
    is_code: bool


def axis_title(key: str) -> str:
    return _(UNIT_TITLES.get(key) or KEY_TITLES[key])


def row_axis(
    matching: Matching, key: str, directory: Directory, first: int = 0, most: int = MAX_ROWS
) -> AxisView:
    """Return `most` rows, of codes those from position `first`."""
    if key in DATE_UNITS:
        return _dates(matching, key, most)
    codes = _codes_of_key(matching, key, directory)
    shown = codes[first : first + most]
    return _codes(matching, key, code_axis(matching, key, shown), len(codes), directory)


def column_axis(matching: Matching, key: str, directory: Directory) -> AxisView:
    """Return the columns. Codes that don't fit are counted together, under "Others"."""
    if key in DATE_UNITS:
        return _dates(matching, key, MAX_COLUMNS)
    codes = _codes_of_key(matching, key, directory)
    if len(codes) <= MAX_COLUMNS:
        return _codes(matching, key, code_axis(matching, key, codes), len(codes), directory)
    last = [NONE] if codes[-1] == NONE else []
    shown = [*codes[: MAX_COLUMNS - 1 - len(last)], *last]
    axis = code_axis(matching, key, shown, has_rest=True)
    return _codes(matching, key, axis, len(codes), directory)


# Codes ------------------------------------------------------------------------------------------


def _codes_of_key(matching: Matching, key: str, directory: Directory) -> list[str]:
    """Return the codes of a key, the most frequent first."""

    def is_within(code: str, selected: Sequence[str]) -> bool:
        # Events in Dandong that all name Hyesan too don't put Hyesan into China.
        around = place_and_ancestors(code, directory.places) if key == "place" else selected
        return not set(selected).isdisjoint(around)

    terms = next(each for each in matching.filters.terms() if each.key == key)
    counts = counted_codes(matching, key, is_within)
    selected = matching.filters[key]
    # As in filters, a retired code has a row only where none of its successors has one.
    replaced = {
        code for code, now in terms.retired if any(successor in counts for successor in now)
    } | directory.retired(terms.vocabulary)
    return [code for code in counts if code in selected or code not in replaced]


def _codes(
    matching: Matching, key: str, axis: CodeAxis, found: int, directory: Directory
) -> AxisView:
    vocabulary = next(each.vocabulary for each in matching.filters.terms() if each.key == key)

    def having(code: str) -> Narrow:
        return lambda filters: filters.with_(**{key: code})

    entries = [
        AxisEntry(code, directory.label(vocabulary, code), having(code)) for code in axis.codes
    ]
    if axis.rest is not None:
        entries.append(
            AxisEntry(OTHERS, _("Others"), lambda filters: _without(filters, key, axis.codes))
        )
    return AxisView(axis_title(key), axis, entries, found, is_code=True)


def _without(filters: ListFilters, key: str, codes: Sequence[str]) -> ListFilters | None:
    excluded = {*filters.excluded.get(key, ()), *codes}
    if len(excluded) > MAX_VALUES:
        return None
    left = [code for code in filters[key] if code not in codes]
    if filters[key] and not left:
        return None
    return filters.made_of(
        {**filters.included, key: left}, {**filters.excluded, key: sorted(excluded)}
    )


# Dates ------------------------------------------------------------------------------------------

VAGUE_LABELS = {
    "year": N_("No single year"),
    "half-year": N_("No single half-year"),
    "month": N_("No single month"),
}


def _dates(matching: Matching, unit: str, most: int) -> AxisView:
    axis = date_axis(matching, DATE_UNITS[unit], most - ENTRIES_OUTSIDE_UNITS)
    entries = [
        AxisEntry(_unit_code(days, unit), _unit_label(days, unit), _during(days, unit))
        for days in axis.units
    ]
    if axis.earlier:
        until = axis.units[0]
        label = _("Before {time}").format(time=_unit_label(until, unit))
        entries.insert(0, AxisEntry(EARLIER, label, _during(axis.earlier[0], unit)))
    entries += [
        AxisEntry(VAGUE, _(VAGUE_LABELS[unit]), lambda filters: _vague(filters, unit)),
        AxisEntry(UNDATED, _("No date"), _undated),
    ]
    return AxisView(axis_title(unit), axis, entries, 0, is_code=False)


def _undated(filters: ListFilters) -> ListFilters | None:
    return filters.with_(date=NONE) if "date" in filters.by_key() else None


def _vague(filters: ListFilters, unit: str) -> ListFilters | None:
    """Select dates that are not certain to the unit, or to a longer one that the filter has."""
    if "vague" not in filters.by_key():
        return None
    coarsest = min([unit, *filters["vague"]], key=list(DATE_UNITS).index)
    return filters.with_(vague=coarsest)


def _during(days: edtf.Days, unit: str) -> Narrow:
    def narrow(filters: ListFilters) -> ListFilters:
        window = window_of(filters)
        first = filters.one("from") if days.first == window.first else _bound(days, unit, 0)
        last = filters.one("to") if days.last == window.last else _bound(days, unit, 1)
        return filters.with_(from_=first, to=last, match="certain")

    return narrow


def _bound(days: edtf.Days, unit: str, end: int) -> str:
    """Return the first or last year or month of a unit in a filter; empty for an open end."""
    day = days.last if end else days.first
    if day is None:
        return ""
    return f"{day.year}" if unit == "year" else f"{day:%Y-%m}"


def _unit_code(days: edtf.Days, unit: str) -> str:
    first = days.first
    assert first
    if unit == "half-year":
        return f"{first.year}-H{1 if first.month <= 6 else 2}"
    return f"{first.year}" if unit == "year" else f"{first:%Y-%m}"


def _unit_label(days: edtf.Days, unit: str) -> str:
    first = days.first
    assert first
    if unit == "month":
        return day_in_words(first, "MMM y")
    if unit == "year":
        return str(first.year)
    words = _("Jan–Jun {year}") if first.month <= 6 else _("Jul–Dec {year}")
    return words.format(year=first.year)


def has_entries(view: AxisView) -> bool:
    return bool(view.entries) and not (isinstance(view.axis, DateAxis) and not view.axis.units)


# Tables -----------------------------------------------------------------------------------------


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
