"""Uploaded files as rows of text: CSV, a zip of such files, or a workbook with a sheet a table. Read once, row by row.

What is too large, packed too well, or no text is refused with a sentence, before anything is kept.
"""

import csv
import io
import itertools
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import PurePath, PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.desk.csv.reader import LARGEST_CELL
from app.desk.draft_form.documents import clean
from app.i18n.translate import _
from app.web.forms import LARGEST_UPLOAD_BYTES, MOST_FILES

LARGEST_UNPACKED_BYTES = 10 * LARGEST_UPLOAD_BYTES
"""All that is sent at once; and no large part of it more than a hundred times what it is packed."""
LARGEST_WORKBOOK_BYTES = 3 * LARGEST_UPLOAD_BYTES
"""A workbook's words are all read before its first row."""
MAX_SHARED_STRINGS_BYTES = 50_000_000
MAX_WORKBOOK_PART_BYTES = 10_000_000
"""Of styles, names and all else in a workbook that is neither rows nor their words: a program reads it as a whole."""
MOST_PACKED, PACKED_WELL_BYTES = 100, 5_000_000
MOST_ROWS = 100_000
"""Of all that is sent, and of each table with its blank rows: a number far down makes a million of them."""
MOST_COLUMNS = 100
LONGEST_ROW = 1_000_000
"""So many characters of a CSV file are held at once: with no break in it, it would be all."""

ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATORS = ",;\t"
DAMAGED = (
    BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError,
    EOFError, OSError, ValueError,
)  # fmt: skip
"""What a zip makes Python raise that is damaged, packed in an unknown way, or locked with a password."""


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
        raise Unreadable(too_many())
    unpacked = 0
    for upload in uploads:
        begins = upload.file.read(4)
        upload.file.seek(0)
        if begins == OLD_WORKBOOK:
            words = _(
                "{file} is a workbook of the old kind: save it as .xlsx, or its sheets as CSV."
            )
            raise Unreadable(words.format(file=upload.name))
        _refuse_other_kinds(upload.name, is_packed=begins == ZIP)
        if begins != ZIP:
            yield from _csv(upload.name, upload.file)
            continue
        try:
            with ZipFile(upload.file) as archive:
                is_workbook = "[Content_Types].xml" in archive.namelist()
                _refuse_bombs(
                    upload.name,
                    archive,
                    LARGEST_WORKBOOK_BYTES if is_workbook else LARGEST_UNPACKED_BYTES,
                )
                if is_workbook:
                    _refuse_large_parts(upload.name, archive)
                unpacked += sum(part.file_size for part in archive.infolist())
                if unpacked > LARGEST_UNPACKED_BYTES:
                    words = _(
                        "What was sent would be too large unpacked: {most} MB at most. Send it in parts."
                    )
                    raise Unreadable(words.format(most=LARGEST_UNPACKED_BYTES // 1_000_000))
                yield from _workbook(upload) if is_workbook else _packed(archive, aside)
        except DAMAGED as error:
            raise Unreadable(_("{file} can’t be unpacked.").format(file=upload.name)) from error


def _refuse_other_kinds(name: str, is_packed: bool) -> None:
    """What a file holds must be what its name says: a program that reads as a table is no table."""
    ending = PurePath(name).suffix.lower()
    if ending not in KINDS:
        words = _(
            "{file} is no table: send CSV files (.csv, .tsv), a zip of them, or a workbook (.xlsx)."
        )
        raise Unreadable(words.format(file=clean(name)[:200]))
    if is_packed != KINDS[ending]:
        words = _("{file} is not what its name says: save it again as CSV, zip or .xlsx.")
        raise Unreadable(words.format(file=clean(name)[:200]))


KINDS = {".csv": False, ".tsv": False, ".zip": True, ".xlsx": True}
"""Whether a file with this ending is packed."""


def too_many() -> str:
    return _("More than {most} files were sent.").format(most=MOST_FILES)


def _refuse_bombs(name: str, archive: ZipFile, largest: int) -> None:
    """Python unpacks no more of a part than its entry says, so that what the entries say is enough to know."""
    parts = archive.infolist()
    is_bomb = sum(part.file_size for part in parts) > largest or any(
        map(_is_packed_too_well, parts)
    )
    if is_bomb or len(parts) > 10 * MOST_FILES:
        words = _("{file} would be too large unpacked: {most} MB and {files} files at most.")
        raise Unreadable(words.format(file=name, most=largest // 1_000_000, files=10 * MOST_FILES))


def _refuse_large_parts(name: str, archive: ZipFile) -> None:
    """Openpyxl holds everything but the rows in memory."""
    for part in archive.infolist():
        is_sheet = part.filename.lower().startswith("xl/worksheets/")
        is_words = part.filename.lower().endswith("sharedstrings.xml")
        if not is_sheet and part.file_size > (
            MAX_SHARED_STRINGS_BYTES if is_words else MAX_WORKBOOK_PART_BYTES
        ):
            words = _(
                "{file} holds too many words or styles: save its sheets as CSV, or send it in parts."
            )
            raise Unreadable(words.format(file=name))


def _is_packed_too_well(part: ZipInfo) -> bool:
    return part.file_size > PACKED_WELL_BYTES and part.file_size > MOST_PACKED * max(
        part.compress_size, 1
    )


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
        raise Unreadable(too_many())
    for part in tables:
        with archive.open(part) as file:
            yield from _csv(PurePosixPath(part.filename).name, file)


# CSV --------------------------------------------------------------------------------------------------------------


def _csv(name: str, file: IO[bytes]) -> Iterator[Sheet]:
    csv.field_size_limit(LARGEST_CELL)
    name = clean(name)[:200]
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines_read = _Lines(name, text)
    first = _told(name, lambda: next(lines_read, ""))
    if not first:
        return
    separator = max(SEPARATORS, key=first.count)
    lines = _numbered(
        name, csv.reader(chain([first], lines_read), strict=True, delimiter=separator), lines_read
    )
    _number, header = next(lines, (1, []))
    yield Sheet(name, _header(name, header), lines)
    # Others come after it in the same archive: what wraps it must not close it a second time.
    text.detach()


class _Lines(Iterator[str]):
    """The lines of a file. Of no row, however many lines it fills, more is read than a row may have."""

    def __init__(self, name: str, text: io.TextIOWrapper) -> None:
        self.name, self.text = name, text
        self.number, self.of_row = 0, 0

    def __next__(self) -> str:
        line = self.text.readline(LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.of_row += len(line)
        if self.of_row > LONGEST_ROW:
            words = _("{file}, line {line}: a row is too long.")
            raise Unreadable(words.format(file=self.name, line=self.number))
        return line


def _told(name: str, read: Any, line: int = 1) -> Any:
    try:
        return read()
    except UnicodeDecodeError as error:
        words = _("{file} is not UTF-8 near line {line}: save it as “CSV UTF-8”.")
        raise Unreadable(words.format(file=name, line=line)) from error
    except csv.Error as error:
        words = _("{file} is not CSV at line {line}: {reason}.")
        raise Unreadable(words.format(file=name, line=line, reason=error)) from error
    except DAMAGED as error:
        raise Unreadable(_("{file} can’t be unpacked.").format(file=name)) from error


def _numbered(name: str, rows: Any, lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """Each line with the number of the first that it fills: a person looks there."""
    for count in itertools.count(1):
        number = rows.line_num + 1
        row = _told(name, lambda: next(rows, None), number)
        lines.of_row = 0
        if row is None:
            return
        if count > MOST_ROWS + 1:
            raise Unreadable(too_many_rows(name))
        if any(row):
            yield number, [clean(cell) for cell in row]


def too_many_rows(name: str) -> str:
    words = _(
        "{file} has more than {most} rows, blank ones counted: remove blank rows, or send it in parts."
    )
    return words.format(file=name, most=f"{MOST_ROWS:,}")


def _header(name: str, cells: Sequence[str]) -> list[str]:
    titles = [cell.strip() for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MOST_COLUMNS:
        raise Unreadable(
            _("{file} has more than {most} columns.").format(file=name, most=MOST_COLUMNS)
        )
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
    # For a gap openpyxl makes all blank rows up to the next number, as far as it is let: two thousand million, too.
    rows = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_ROWS + 2), 1)
    while True:
        try:
            number, row = next(rows, (0, None))
        except Exception as error:
            raise Unreadable(_("{file} can’t be read as a workbook.").format(file=name)) from error
        if row is None:
            return
        if number > MOST_ROWS + 1:
            raise Unreadable(too_many_rows(name))
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
        raise Unreadable(
            _("{file}, line {line}: a cell is too long.").format(file=name, line=number)
        )
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
