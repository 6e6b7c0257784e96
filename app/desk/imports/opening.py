"""Uploaded files as rows of text: CSV, a zip of such files, or a workbook with a sheet a table. Read once, row by row.

What is too large, packed too well, or no text is refused with a sentence, before anything is kept.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.desk.drafts.documents import clean
from app.desk.importing import LARGEST_CELL
from app.language import _
from app.web import LARGEST_UPLOAD_BYTES, MOST_FILES

LARGEST_UNPACKED_BYTES = 10 * LARGEST_UPLOAD_BYTES
"""And no large part of it more than a hundred times what it is packed."""
LARGEST_WORKBOOK_BYTES = 3 * LARGEST_UPLOAD_BYTES
"""A workbook's words are all read before its first row."""
MOST_PACKED, PACKED_WELL_BYTES = 100, 5_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 100

ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATORS = ",;\t"


class Unreadable(Exception):
    """What was uploaded can't be read; the sentence says where, and what to do."""


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    file: IO[bytes]


@dataclass(frozen=True)
class Sheet:
    """One table: what stands over its columns, and its lines with their numbers. It is read where it lies, once."""

    name: str
    header: Sequence[str]
    lines: Iterator[tuple[int, list[str]]]
    is_ragged: bool = False
    """Whether lines end with their last cell that is not blank."""


def sheets(uploads: Sequence[Upload], aside: list[str]) -> Iterator[Sheet]:
    """All tables, one after the other; names of files that are none are added to `aside`."""
    if len(uploads) > MOST_FILES:
        raise Unreadable(_("More than {most} files were sent.").format(most=MOST_FILES))
    for upload in uploads:
        begins = upload.file.read(4)
        upload.file.seek(0)
        if begins == OLD_WORKBOOK:
            words = _("{file} is a workbook of the old kind: save it as .xlsx, or its sheets as CSV.")
            raise Unreadable(words.format(file=upload.name))
        if begins != ZIP:
            yield from _csv(upload.name, upload.file)
            continue
        try:
            with ZipFile(upload.file) as archive:
                names = set(archive.namelist())
                if "[Content_Types].xml" in names:
                    _refuse_bombs(upload.name, archive, LARGEST_WORKBOOK_BYTES)
                    yield from _workbook(upload)
                else:
                    _refuse_bombs(upload.name, archive, LARGEST_UNPACKED_BYTES)
                    yield from _packed(archive, aside)
        # Of a file that is damaged, packed in an unknown way, or locked with a password.
        except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zipfile.LargeZipFile) as error:
            raise Unreadable(_("{file} can’t be unpacked.").format(file=upload.name)) from error


def _refuse_bombs(name: str, archive: ZipFile, largest: int) -> None:
    """Python unpacks no more of a part than its entry says, so that what the entries say is enough to know."""
    parts = archive.infolist()
    is_bomb = sum(part.file_size for part in parts) > largest or any(map(_is_packed_too_well, parts))
    if is_bomb or len(parts) > 10 * MOST_FILES:
        words = _("{file} would be too large unpacked: {most} MB and {files} files at most.")
        raise Unreadable(words.format(file=name, most=largest // 1_000_000, files=10 * MOST_FILES))


def _is_packed_too_well(part: ZipInfo) -> bool:
    return part.file_size > PACKED_WELL_BYTES and part.file_size > MOST_PACKED * max(part.compress_size, 1)


def _packed(archive: ZipFile, aside: list[str]) -> Iterator[Sheet]:
    tables = []
    for part in archive.infolist():
        path = PurePosixPath(part.filename)
        if part.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if path.suffix.lower() in {".csv", ".tsv"}:
            tables.append(part)
        else:
            aside.append(clean(path.name)[:200])
    if len(tables) > MOST_FILES:
        raise Unreadable(_("More than {most} files were sent.").format(most=MOST_FILES))
    for part in tables:
        with archive.open(part) as file:
            yield from _csv(PurePosixPath(part.filename).name, file)


# CSV --------------------------------------------------------------------------------------------------------------


def _csv(name: str, file: IO[bytes]) -> Iterator[Sheet]:
    csv.field_size_limit(LARGEST_CELL)
    name = clean(name)[:200]
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    first = _told(name, text.readline)
    if not first:
        return
    separator = max(SEPARATORS, key=first.count)
    lines = _numbered(name, csv.reader(_after(first, text), strict=True, delimiter=separator))
    _number, header = next(lines, (1, []))
    yield Sheet(name, _header(name, header), lines)
    # Others come after it in the same archive: what wraps it must not close it a second time.
    text.detach()


def _after(first: str, text: io.TextIOWrapper) -> Iterator[str]:
    yield first
    yield from text


def _told(name: str, read: Any, line: int = 1) -> Any:
    try:
        return read()
    except UnicodeDecodeError as error:
        words = _("{file} is not UTF-8 near line {line}: save it as “CSV UTF-8”.")
        raise Unreadable(words.format(file=name, line=line)) from error
    except csv.Error as error:
        words = _("{file} is not CSV at line {line}: {reason}.")
        raise Unreadable(words.format(file=name, line=line, reason=error)) from error


def _numbered(name: str, rows: Any) -> Iterator[tuple[int, list[str]]]:
    """Each line with the number of the first that it fills: a person looks there."""
    while True:
        number = rows.line_num + 1
        row = _told(name, lambda: next(rows, None), number)
        if row is None:
            return
        if any(row):
            yield number, [clean(cell) for cell in row]


def _header(name: str, cells: Sequence[str]) -> list[str]:
    titles = [cell.strip() for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MOST_COLUMNS:
        raise Unreadable(_("{file} has more than {most} columns.").format(file=name, most=MOST_COLUMNS))
    if not titles or any(len(title) > 200 for title in titles):
        raise Unreadable(_("{file} has no names of columns in its first line.").format(file=name))
    return titles


# Workbooks --------------------------------------------------------------------------------------------------------


def _workbook(upload: Upload) -> Iterator[Sheet]:
    """Each sheet that is not empty. Of a formula its value is read, as the program that saved it worked it out."""
    from openpyxl import load_workbook

    name = clean(upload.name)[:200]
    try:
        book = load_workbook(upload.file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a damaged file makes it say
        raise Unreadable(_("{file} can’t be read as a workbook.").format(file=name)) from error
    try:
        for sheet in book.worksheets:
            # What a sheet says of its own size is often wrong.
            sheet.reset_dimensions()
            title = clean(sheet.title)[:200]
            lines = _rows_of_sheet(f"{name}, {title}", sheet)
            _number, header = next(lines, (1, []))
            if any(cell.strip() for cell in header):
                yield Sheet(title, _header(title, header), lines, is_ragged=True)
    finally:
        book.close()


def _rows_of_sheet(name: str, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    rows = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), 1)
    while True:
        try:
            number, row = next(rows, (0, None))
        except Exception as error:
            raise Unreadable(_("{file} can’t be read as a workbook.").format(file=name)) from error
        if row is None:
            return
        cells = [_cell(name, number, cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _cell(name: str, number: int, cell: Any) -> str:
    value = cell.value
    if cell.data_type == "e":
        words = _("{file}, line {line}: the formula in a cell gives {value}.")
        raise Unreadable(words.format(file=name, line=number, value=value))
    text = as_text(value)
    if len(text) > LARGEST_CELL:
        raise Unreadable(_("{file}, line {line}: a cell is too long.").format(file=name, line=number))
    return text


def as_text(value: Any) -> str:
    """A cell's value as somebody would have typed it into a CSV file."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.0f}" if value.is_integer() else repr(value)
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return clean(str(value))
