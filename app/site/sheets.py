"""A list as a workbook: one sheet of its rows, and one that says what they are, from where and under which licence."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app.language import _
from app.site.columns import Column, plain

R = TypeVar("R")

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""A sheet has room for one more: the names of the columns."""
MOST_LETTERS = 32_767
CHUNK = 64 * 1024


def as_xlsx(
    columns: Sequence[Column[R]], rows: Iterable[R], about: Sequence[tuple[str, str]], at: datetime
) -> Iterator[bytes]:
    """Rows go to the disk as they come, so that memory stays the same however many there are."""
    with tempfile.TemporaryFile() as file:
        # Text that looks like a formula or an address stays text: a reader's program runs and fetches nothing.
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with Workbook(file, options) as book:
            # The day of the edition, so that the same question has the same file.
            book.set_properties({"title": about[0][1], "created": at.replace(tzinfo=None)})
            bold = book.add_format({"bold": True})
            sheet = book.add_worksheet(_("Rows"))
            sheet.freeze_panes(1, 1)
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column.name, bold)
            for line, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    _write(sheet, line, place, plain(column.of(row)))
            _write_about(book.add_worksheet(_("About")), about, columns, bold)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _write(sheet: Worksheet, line: int, place: int, value: str | float | bool) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif value:
        sheet.write_string(line, place, value if len(value) <= MOST_LETTERS else f"{value[: MOST_LETTERS - 1]}…")


def _write_about(sheet: Worksheet, about: Sequence[tuple[str, str]], columns: Sequence[Column[R]], bold: Any) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    told = [*about, ("", ""), *((column.name, column.description) for column in columns)]
    for line, (name, words) in enumerate(told):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, words)
