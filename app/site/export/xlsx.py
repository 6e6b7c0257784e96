"""Lists as XLSX: a sheet of rows, and a sheet on filter, edition, licence and columns."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

from app.i18n.translate import _
from app.site.export.column_types import Column, plain_value

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

R = TypeVar("R")

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575
"""The limit of a sheet, less the line of column names."""
MAX_CELL_CHARACTERS = 32_767
CHUNK_CHARACTERS = 128 * 1024
"""Characters compressed at a time; the result is about a fifth as long."""
ROWS_FILE = "xl/worksheets/sheet1.xml"


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
    sent = Sent()
    with ZipFile(sent, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            with archive.open(name, "w") as file:
                file.write(content)
        yield sent.taken()
        with archive.open(ROWS_FILE, "w") as file:
            file.write(before)
            for piece in _rows_as_xml(columns, rows):
                file.write(piece.encode())
                yield sent.taken()
            file.write(end + behind)
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


def _rows_as_xml(columns: Sequence[Column[R]], rows: Iterable[R]) -> Iterator[str]:
    # Imported here: XlsxWriter slows down the start of the site.
    from xlsxwriter.utility import xl_col_to_name

    readers = [(xl_col_to_name(place), column.of) for place, column in enumerate(columns)]
    held: list[str] = []
    size = 0
    for line, row in enumerate(rows, start=2):
        cells = "".join([_cell(f"{letter}{line}", plain_value(of(row))) for letter, of in readers])
        held.append(f'<row r="{line}">{cells}</row>')
        size += len(cells)
        if size > CHUNK_CHARACTERS:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


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


ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_x": "_x005F_x"}
MUST_BE_ESCAPED = re.compile("[&<>]|_x(?=[0-9A-Fa-f]{4}_)")
"""`_xHHHH_` is the escape of a character in XLSX, so such text must be escaped."""


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
        sheet = book.add_worksheet(_("Rows"))
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.name, bold)
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
