"""`/events/breakdown` and `/estimates/breakdown`: tables of counts, each with its list."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from fastapi import Request
from markupsafe import Markup
from pyroaring import BitMap

from app.dates import edtf
from app.filtering import NONE, Terms
from app.i18n.translate import N_, _, day_in_words, inside, ngettext
from app.kinds import FORMS
from app.record.filters import (
    DATE_UNITS,
    KEY_TITLES,
    UNIT_TITLES,
    WINDOW,
    BreakdownFilters,
    EstimateBreakdownFilters,
    EventBreakdownFilters,
    ListFilters,
    window_of,
)
from app.record.index import Matching
from app.record.index.matching import counted_codes, used_units
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads.cited_rows import RowsInEdition, rows_of_list
from app.record.rules.containment import place_and_ancestors
from app.site.components.urls import address
from app.site.dataset import FILES, FORMER_FILES, Dataset
from app.site.export.columns import Column, ColumnType
from app.site.lists.summary import sentence
from app.site.lists.summary import title as list_title
from app.site.references.citable import CitableView, plain_title
from app.vocabulary.kinds import NOUN_OF_KIND

MAX_ROWS, MAX_COLUMNS = 50, 30
"""Rows and columns of a page."""
MAX_ROWS_IN_FILE = 1_000
ENTRIES_OUTSIDE_UNITS = 3
"""Entries of an axis of dates besides its units: earlier, in no single unit, without a date."""
OTHERS, EARLIER, VAGUE, UNDATED = "others", "earlier", "several", "no-date"
"""Codes of entries that are no code of the key."""
HIDDEN_IF_EMPTY = {OTHERS, VAGUE, UNDATED}
VAGUE_LABELS = {
    "year": N_("No single year"),
    "half-year": N_("No single half-year"),
    "month": N_("No single month"),
}


class AxisEntry(NamedTuple):
    """One row or column; its code is empty if it is all of them."""

    code: str
    label: str
    has: BitMap
    narrow: Callable[[ListFilters], ListFilters | None]
    """Returns the filter of what it has within a filter; None if no filter finds it."""


class Cell(NamedTuple):
    row: AxisEntry
    column: AxisEntry
    number: int
    address: str
    """Address of the list of these rows; empty for none, or if no filter finds them."""
    level: int
    """Shade from 0 (few, or none) to 3, by the highest count of the table."""


class CountTable(NamedTuple):
    hidden: int
    """Number of values that are counted as "Others"."""
    lines: Sequence[Sequence[Cell]]
    """The totals of the columns, then each row. Each begins with its own total.

    A total counts each record once, however many cells have it.
    """


# Codes ------------------------------------------------------------------------------------------


def code_entries(
    matching: Matching, key: str, directory: Directory, most: int
) -> tuple[list[AxisEntry], int]:
    """Return the most frequent codes, then what does not fit as "Others", with their number."""
    terms = next(each for each in matching.filters.terms() if each.key == key)
    codes = _codes_of_key(matching, terms, directory)
    has_rest = len(codes) > most
    last = [NONE] if has_rest and codes[-1] == NONE else []
    shown = [*codes[: most - len(last) - 1], *last] if has_rest else codes

    def having(code: str) -> AxisEntry:
        label = directory.label(terms.vocabulary, code)
        rows = matching.index.terms.of(key, code)
        return AxisEntry(code, label, rows, lambda filters: filters.with_(**{key: code}))

    entries = [having(code) for code in shown]
    if has_rest:
        rest = matching.answers.difference(*(entry.has for entry in entries))
        entries.append(AxisEntry(OTHERS, _("Others"), rest, lambda _filters: None))
    return entries, len(codes) - len(shown)


def _codes_of_key(matching: Matching, terms: Terms, directory: Directory) -> list[str]:
    """Return the codes of a key, the most frequent first."""

    def is_within(code: str, selected: Sequence[str]) -> bool:
        # Events in Dandong that all name Hyesan too don't put Hyesan into China.
        is_place = terms.key == "place"
        around = place_and_ancestors(code, directory.places) if is_place else selected
        return not set(selected).isdisjoint(around)

    counts = counted_codes(matching, terms.key, is_within)
    selected = matching.filters[terms.key]
    # As in filters, a retired code has a row only where none of its successors has one.
    replaced = {
        code for code, now in terms.retired if any(successor in counts for successor in now)
    } | directory.retired(terms.vocabulary)
    return [code for code in counts if code in selected or code not in replaced]


# Dates ------------------------------------------------------------------------------------------


def date_entries(matching: Matching, unit: str, most: int) -> list[AxisEntry]:
    """Return the latest units, after what is before them; then what is certain in none of them."""
    index, months = matching.index, DATE_UNITS[unit]
    units = used_units(matching, months)

    def during(days: edtf.Days, code: str, label: str) -> AxisEntry:
        def bound(filters: ListFilters, end: int) -> str:
            """Return the first or last year or month in a filter; empty for an open end."""
            day, of_window = (each[end] for each in (_ends(days), _ends(window_of(filters))))
            if day is None or day == of_window:
                return filters.one(("from", "to")[end])
            return f"{day.year}" if unit == "year" else f"{day:%Y-%m}"

        return AxisEntry(
            code,
            label,
            index.certain(days),
            lambda filters: filters.with_(
                from_=bound(filters, 0), to=bound(filters, 1), match="certain"
            ),
        )

    shown = units[-(most - ENTRIES_OUTSIDE_UNITS) :]
    entries = [during(days, *_unit_in_words(days, unit)) for days in shown]
    window = window_of(matching.filters)
    if len(units) > len(shown) and (begin := shown[0].first):
        label = _("Before {time}").format(time=entries[0].label)
        before = edtf.Days(window.first, begin - timedelta(days=1))
        entries.insert(0, during(before, EARLIER, label))
    return [
        *entries,
        AxisEntry(
            VAGUE,
            _(VAGUE_LABELS[unit]),
            index.vague(window, months),
            lambda filters: _vague(filters, unit),
        ),
        AxisEntry(
            UNDATED,
            _("No date"),
            BitMap() if WINDOW in matching.sets else matching.answers - index.dated,
            lambda filters: filters.with_(date=NONE) if "date" in filters.by_key() else None,
        ),
    ]


def _ends(days: edtf.Days) -> tuple[date | None, date | None]:
    return days.first, days.last


def _vague(filters: ListFilters, unit: str) -> ListFilters | None:
    """Select dates that are not certain to the unit, or to a longer one that the filter has."""
    if "vague" not in filters.by_key():
        return None
    coarsest = min([unit, *filters["vague"]], key=list(DATE_UNITS).index)
    return filters.with_(vague=coarsest)


def _unit_in_words(days: edtf.Days, unit: str) -> tuple[str, str]:
    """Return the code and the label of a unit."""
    first = days.first
    assert first
    if unit == "year":
        return str(first.year), str(first.year)
    if unit == "month":
        return f"{first:%Y-%m}", day_in_words(first, "MMM y")
    half, words = (1, _("Jan–Jun {year}")) if first.month <= 6 else (2, _("Jul–Dec {year}"))
    return f"{first.year}-H{half}", words.format(year=first.year)


# The table --------------------------------------------------------------------------------------


def columns_of(what: str) -> list[Column[Cell]]:
    """Return the columns of a table of `what` is counted, such as events."""
    return [
        Column("row", "Code of the row; empty for the total of a column.", lambda r: r.row.code),
        Column("row_label", "Label of the row.", lambda r: r.row.label),
        Column(
            "column", "Code of the column; empty for the total of a row.", lambda r: r.column.code
        ),
        Column("column_label", "Label of the column.", lambda r: r.column.label),
        Column(
            what,
            f"Number of {what}. One may be in several rows or columns; a total counts it once.",
            lambda r: r.number,
            ColumnType.COUNT,
        ),
        Column("list", f"Address of the list of these {what}.", lambda r: r.address),
    ]


class CountedTable(Dataset[BreakdownFilters]):
    """A table of counts by two keys; each list has its own."""

    template = "site/events/breakdown.html"
    endings = FILES
    form_keys = frozenset({"rows", "columns"})
    what: ClassVar[str]
    """Name of what is counted, in columns and file names."""
    all_label: ClassVar[str]
    """Label of the totals."""
    caption: ClassVar[str]
    remark: ClassVar[str]
    usual: ClassVar[Sequence[str]]
    """Keys that are offered first."""

    def __init_subclass__(cls) -> None:
        cls.columns = columns_of(cls.what)

    @property
    def titles(self) -> list[str]:
        """The titles of rows and columns."""
        return [self.title_of(key) for key in self.filters.axes]

    @property
    def title(self) -> str:
        # Translators: the name of a list, then the keys of rows and columns.
        rows, columns = map(inside, self.titles)
        return _("{list}: {rows} by {columns}").format(
            list=list_title(self.listed, self.directory), rows=rows, columns=columns
        )

    @property
    def caption_shown(self) -> str:
        rows, columns = self.titles
        return _(self.caption).format(rows=rows, columns=columns)

    @property
    def listed(self) -> ListFilters:
        return self.filters.listed

    @property
    def list_heading(self) -> str:
        return _(FORMS[self.listed.KIND].WORDS.title)

    @property
    def list_address(self) -> str:
        return address(self.listed)

    @cached_property
    def matching(self) -> Matching:
        return backend.match(self.db, self.edition, self.listed, self.directory)

    @cached_property
    def sentence(self) -> Markup:
        return sentence(self.listed, self.matching.counts(), self.directory)

    def title_of(self, key: str) -> str:
        return _(UNIT_TITLES.get(key) or KEY_TITLES[key])

    # The table ------------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> CountTable:
        return self._table(MAX_ROWS)

    def _table(self, most: int) -> CountTable:
        """Return the table with at most so many rows."""
        answers, axes, hidden = self.matching.answers, [], 0
        for key, size in zip(self.filters.axes, (most, MAX_COLUMNS), strict=True):
            if key in DATE_UNITS:
                axes.append(date_entries(self.matching, key, size))
            else:
                entries, others = code_entries(self.matching, key, self.directory, size)
                axes.append(entries)
                hidden += others
        everything = AxisEntry("", _(self.all_label), answers, lambda filters: filters)
        rows, columns = (
            [entry for entry in (everything, *entries) if _is_shown(entry, answers)]
            for entries in axes
        )
        counted = [
            [(answers & row.has).intersection_cardinality(column.has) for column in columns]
            for row in rows
        ]
        highest = max((number for line in counted[1:] for number in line[1:]), default=0)
        lines = []
        for row, numbers in zip(rows, counted, strict=True):
            listed = row.narrow(self.listed)
            lines.append(
                [
                    _cell(row, column, number, listed, highest)
                    for column, number in zip(columns, numbers, strict=True)
                ]
            )
        return CountTable(hidden, lines)

    @property
    def notes(self) -> list[str]:
        """What the table leaves out, and why."""
        found = [
            _(
                "“{key}” is in the filter: the table shows only values whose events all match the "
                "filter."
            ).format(key=self.title_of(key))
            for key in self.filters.axes
            if key not in DATE_UNITS and self.filters[key]
        ]
        if self.counts.hidden:
            found.append(
                ngettext(
                    "{count} more value is counted under “Others”. The files have all rows.",
                    "{count} more values are counted under “Others”. The files have all rows.",
                    self.counts.hidden,
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
        return self.matching.total

    def file_rows(self) -> list[Cell]:
        """Return one row for each cell of up to 1,000 rows, then the totals."""
        (total, *heads), *lines = self._table(MAX_ROWS_IN_FILE).lines
        return [*(cell for line in lines for cell in line), *heads, total]

    def as_json(self, request: Request) -> dict[str, Any]:
        (total, *heads), *lines = self._table(MAX_ROWS_IN_FILE).lines
        rows, columns = self.filters.axes
        return {
            **self.json_heading(request),
            "rows": rows,
            "columns": columns,
            "total": total.number,
            "column_totals": [_as_json(head.column, head) for head in heads],
            "items": [
                _as_json(line[0].row, line[0]) | {self.what: [cell.number for cell in line[1:]]}
                for line in lines
            ],
        }


def _is_shown(entry: AxisEntry, answers: BitMap) -> bool:
    return entry.code not in HIDDEN_IF_EMPTY or answers.intersect(entry.has)


def _cell(
    row: AxisEntry, column: AxisEntry, count: int, listed: ListFilters | None, highest: int
) -> Cell:
    """Return a cell. `listed` is the filter of its row."""
    found = column.narrow(listed) if listed is not None and count else None
    level = min(3, 4 * count // highest) if highest else 0
    return Cell(row, column, count, address(found) if found else "", level)


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
