"""Lists as XLSX: a sheet of rows, and a sheet on filter, edition, licence and columns."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile

from app.i18n.translate import _
from app.site.export.column_types import Column, ColumnType, plain_value

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

R = TypeVar("R")

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575
"""The limit of a sheet, less the line of column names."""
MAX_CELL_CHARACTERS = 32_767
CHUNK_CHARACTERS = 128 * 1024
"""Characters compressed at a time; the result is about a fifth as long."""
ROWS_FILE, BOOK_FILE = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
MEASURED_ROWS = 100
"""Columns are as wide as the widest value in this many rows at the start."""
MIN_WIDTH, MAX_WIDTH = 8, 60
"""Widths of columns, in characters."""
FILTER_BUTTON_WIDTH = 4
DAY_FORMATS = {ColumnType.DAY: "yyyy-mm-dd", ColumnType.MOMENT: "yyyy-mm-dd hh:mm:ss"}


def as_xlsx(
    columns: Sequence[Column[R]], rows: Iterable[R], about: Sequence[tuple[str, str]], at: datetime
) -> Iterator[bytes]:
    """Yield the workbook in chunks, so that memory use does not depend on the number of rows.

    XlsxWriter writes everything but the rows. In a ZIP archive without seeking, the length of a
    file follows its content. All readers accept this for compressed files below 2 GB; a longer
    one raises RuntimeError.
    """
    files = _without_rows(columns, about, at)
    # The final number of lines is unknown, because records purged meanwhile are left out.
    before, end, behind = re.sub(rb"<dimension [^>]+>", b"", files.pop(ROWS_FILE)).partition(
        b"</sheetData>"
    )
    styles = _styles_of_columns(before)
    book = files.pop(BOOK_FILE)
    sent = Sent()
    with ZipFile(sent, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            with archive.open(name, "w") as file:
                file.write(content)
        yield sent.taken()
        rows = iter(rows)
        first_rows = list(islice(rows, MEASURED_ROWS))
        count = 0
        with archive.open(ROWS_FILE, "w") as file:
            file.write(_with_widths(before, columns, first_rows, styles))
            for lines, piece in _rows_as_xml(columns, chain(first_rows, rows), styles):
                count += lines
                file.write(piece.encode())
                yield sent.taken()
            file.write(end + FILTERED_IN_SHEET.sub(rb"\g<1>%d" % (count + 1), behind))
        with archive.open(BOOK_FILE, "w") as file:
            file.write(FILTERED_IN_BOOK.sub(rb"\g<1>%d" % (count + 1), book))
    yield sent.taken()


class Sent:
    """A write-only file whose bytes are taken out in between."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, chunk: bytes) -> int:
        self.waiting.append(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Do nothing; zipfile requires the method."""

    close = flush

    def taken(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


# Rows -------------------------------------------------------------------------------------------


def _rows_as_xml(
    columns: Sequence[Column[R]], rows: Iterable[R], styles: Mapping[int, int]
) -> Iterator[tuple[int, str]]:
    """Yield chunks: the number of rows, and their XML."""
    # Imported here: XlsxWriter slows down the start of the site.
    from xlsxwriter.utility import xl_col_to_name

    readers = [
        (xl_col_to_name(place), column.of, styles.get(place))
        for place, column in enumerate(columns)
    ]
    held: list[str] = []
    size = 0
    for line, row in enumerate(rows, start=2):
        cells = "".join(
            [
                _cell(f"{letter}{line}", plain_value(of(row)))
                if style is None
                else _day_cell(f"{letter}{line}", plain_value(of(row)), style)
                for letter, of, style in readers
            ]
        )
        held.append(f'<row r="{line}">{cells}</row>')
        size += len(cells)
        if size > CHUNK_CHARACTERS:
            yield len(held), "".join(held)
            held, size = [], 0
    yield len(held), "".join(held)


def _cell(name: str, value: str | float | bool) -> str:
    """Return a cell. Text that looks like a formula or a link stays text, which is safe to open."""
    if isinstance(value, str):
        if not value:
            return ""
        text = (
            value if len(value) <= MAX_CELL_CHARACTERS else f"{value[: MAX_CELL_CHARACTERS - 1]}…"
        )
        text = MUST_BE_ESCAPED.sub(lambda found: ESCAPES[found[0]], text)
        space_attribute = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
        return f'<c r="{name}" t="inlineStr"><is><t{space_attribute}>{text}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{name}" t="b"><v>{value:d}</v></c>'
    return f'<c r="{name}"><v>{value}</v></c>'


DAY_ZERO, FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
"""Day 0 of spreadsheets, and the day from which Excel counts without its leap year of 1900."""


def _day_cell(name: str, value: str | float | bool, style: int) -> str:
    """Return a cell with a date, or with text if spreadsheets can't count that day."""
    text = str(value)
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    if moment.date() < FIRST_DAY:
        return _cell(name, value)
    # Spreadsheets know no time zones: moments are in UTC.
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    days = (utc.date() - DAY_ZERO).days
    seconds = utc.hour * 3600 + utc.minute * 60 + utc.second
    number = days if len(text) == DAY_CHARACTERS else round(days + seconds / 86_400, 8)
    return f'<c r="{name}" s="{style}"><v>{number}</v></c>'


DAY_CHARACTERS = len("2026-01-31")
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_x": "_x005F_x"}
MUST_BE_ESCAPED = re.compile("[&<>]|_x(?=[0-9A-Fa-f]{4}_)")
"""`_xHHHH_` is the escape of a character in XLSX, so such text must be escaped."""


# Widths and formats of columns -------------------------------------------------------------------


STYLED_COLUMNS = re.compile(rb'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"')
FILTERED_IN_SHEET = re.compile(rb'(<autoFilter ref="A1:[A-Z]+)2')
FILTERED_IN_BOOK = re.compile(rb"(\$A\$1:\$[A-Z]+\$)2(?=</definedName>)")


def _styles_of_columns(sheet: bytes) -> dict[int, int]:
    """Return the number of the format of each column with dates, by place."""
    return {
        place: int(style)
        for first, last, style in STYLED_COLUMNS.findall(sheet)
        for place in range(int(first) - 1, int(last))
    }


def _with_widths(
    sheet: bytes, columns: Sequence[Column[R]], rows: Sequence[R], styles: Mapping[int, int]
) -> bytes:
    """Return the start of the sheet with a width for each column, measured in these rows."""
    widths = [
        _column_width(column, [str(plain_value(column.of(row))) for row in rows])
        for column in columns
    ]
    cols = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"'
        + (f' style="{styles[place - 1]}"/>' if place - 1 in styles else "/>")
        for place, width in enumerate(widths, start=1)
    )
    bare = re.sub(rb"<cols>.*?</cols>", b"", sheet)
    return bare.replace(b"<sheetData>", f"<cols>{cols}</cols><sheetData>".encode(), 1)


def _column_width(column: Column[Any], values: Sequence[str]) -> int:
    name = len(column.name) + FILTER_BUTTON_WIDTH
    return min(max(MIN_WIDTH, name, *map(_width, values)), MAX_WIDTH)


def _width(text: str) -> int:
    """Return the width of the longest line, in digits. Chinese and Korean letters count twice."""
    return (
        max(
            (
                sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line[:MAX_WIDTH])
                for line in text.splitlines()
            ),
            default=0,
        )
        + 1
    )


# Everything but the rows ------------------------------------------------------------------------


def _without_rows(
    columns: Sequence[Column[Any]], about: Sequence[tuple[str, str]], at: datetime
) -> dict[str, bytes]:
    """Return the files of a workbook that has column names but no rows."""
    # Imported here: XlsxWriter slows down the start of the site.
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        # The day of the edition, not today, so that the same query gives the same file.
        book.set_properties({"title": about[0][1], "created": at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        formats = {
            kind: book.add_format({"num_format": words}) for kind, words in DAY_FORMATS.items()
        }
        sheet = book.add_worksheet(_("Rows"))
        sheet.freeze_panes(1, 1)
        # For one line; `as_xlsx` puts in the last line when it knows it.
        sheet.autofilter(0, 0, 1, len(columns) - 1)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.name, bold)
            if column.holds in formats:
                sheet.set_column(place, place, None, formats[column.holds])
        _write_about(book.add_worksheet(_("About")), about, columns, bold)
    with ZipFile(file) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def _write_about(
    sheet: "Worksheet", about: Sequence[tuple[str, str]], columns: Sequence[Column[Any]], bold: Any
) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    lines = [*about, ("", ""), *((column.name, column.description) for column in columns)]
    for line, (name, words) in enumerate(lines):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, words)
