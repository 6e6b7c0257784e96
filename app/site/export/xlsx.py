"""A list as a workbook: one sheet of its rows, and one that says what they are, from where and under which licence."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from app.i18n.translate import _
from app.site.export.columns import Column, plain

R = TypeVar("R")

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""A sheet has room for one more: the names of the columns."""
MOST_LETTERS = 32_767
CHUNK = 128 * 1024
"""Letters that are packed at once, into about a fifth of them."""
ROWS = "xl/worksheets/sheet1.xml"


def as_xlsx(
    columns: Sequence[Column[R]], rows: Iterable[R], about: Sequence[tuple[str, str]], at: datetime
) -> Iterator[bytes]:
    """A piece at a time, as the rows come, so that memory stays the same however many there are.

    XlsxWriter makes all but the rows. An archive that can't be gone back in says how long each of its files is behind
    it, which is read everywhere as long as the file is compressed and shorter than 2 GB: beyond that, RuntimeError.
    """
    files = _without_rows(columns, about, at)
    # Nothing says up to which line it goes, since what is purged meanwhile is left out.
    before, end, behind = re.sub(rb"<dimension [^>]+>", b"", files.pop(ROWS)).partition(
        b"</sheetData>"
    )
    sent = Sent()
    with ZipFile(sent, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            with archive.open(name, "w") as file:
                file.write(content)
        yield sent.taken()
        with archive.open(ROWS, "w") as file:
            file.write(before)
            for piece in _in_xml(columns, rows):
                file.write(piece.encode())
                yield sent.taken()
            file.write(end + behind)
    yield sent.taken()


class Sent:
    """A file to write to, whose bytes are taken out again as they come."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, some: bytes) -> int:
        self.waiting.append(some)
        return len(some)

    def flush(self) -> None:
        """Whoever takes them does so when they like."""

    close = flush

    def taken(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


# Rows -------------------------------------------------------------------------------------------------------------


def _in_xml(columns: Sequence[Column[R]], rows: Iterable[R]) -> Iterator[str]:
    readers = [(xl_col_to_name(place), column.of) for place, column in enumerate(columns)]
    held: list[str] = []
    size = 0
    for line, row in enumerate(rows, start=2):
        cells = "".join([_cell(f"{letter}{line}", plain(of(row))) for letter, of in readers])
        held.append(f'<row r="{line}">{cells}</row>')
        size += len(cells)
        if size > CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _cell(name: str, value: str | float | bool) -> str:
    """Text that looks like a formula or an address stays text: a reader's program runs and fetches nothing."""
    if isinstance(value, str):
        if not value:
            return ""
        text = value if len(value) <= MOST_LETTERS else f"{value[: MOST_LETTERS - 1]}…"
        text = IN_XML.sub(lambda found: XML[found[0]], text)
        kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
        return f'<c r="{name}" t="inlineStr"><is><t{kept}>{text}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{name}" t="b"><v>{value:d}</v></c>'
    return f'<c r="{name}"><v>{value}</v></c>'


XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_x": "_x005F_x"}
IN_XML = re.compile("[&<>]|_x(?=[0-9A-Fa-f]{4}_)")
"""The last is how a workbook writes a letter by its number."""


# All else ---------------------------------------------------------------------------------------------------------


def _without_rows(
    columns: Sequence[Column[Any]], about: Sequence[tuple[str, str]], at: datetime
) -> dict[str, bytes]:
    """The files of the workbook, with the names of the columns only."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        # The day of the edition, so that the same question has the same file.
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
    sheet: Worksheet, about: Sequence[tuple[str, str]], columns: Sequence[Column[Any]], bold: Any
) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    told = [*about, ("", ""), *((column.name, column.description) for column in columns)]
    for line, (name, words) in enumerate(told):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, words)
