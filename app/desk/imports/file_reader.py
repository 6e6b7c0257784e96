"""Read uploaded files as rows of text: CSV, ZIP archives of CSV files, and .xlsx workbooks.

Files that are too large, compressed too well, or not text are rejected before rows are stored.
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

from app.desk.csv.reader import MAX_CELL_CHARACTERS
from app.documents import clean
from app.i18n.translate import _
from app.web.uploads import MAX_FILES, MAX_UPLOAD_BYTES

MAX_UNPACKED_BYTES = 10 * MAX_UPLOAD_BYTES
"""Unpacked size of all uploads of one request."""
MAX_WORKBOOK_BYTES = 3 * MAX_UPLOAD_BYTES
"""Unpacked size of a workbook. openpyxl reads all shared strings before the first row."""
MAX_SHARED_STRINGS_BYTES = 50_000_000
MAX_WORKBOOK_PART_BYTES = 10_000_000
"""Unpacked size of a workbook's other parts, such as styles: openpyxl reads each part whole."""
MAX_COMPRESSION_RATIO, RATIO_CHECKED_FROM_BYTES = 100, 5_000_000
MAX_ROWS = 100_000
"""Rows of all uploads together, and of each table with its blank rows.

Blank rows count, because one cell far down a sheet creates a million blank rows.
"""
MAX_COLUMNS = 100
MAX_ROW_CHARACTERS = 1_000_000
"""Characters of a CSV row. Without the limit, a file without line breaks is read as one row."""

ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATORS = ",;\t"
ARCHIVE_ERRORS = (
    BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error,
    NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
)  # fmt: skip
"""Exceptions for archives that are damaged, encrypted, or use an unknown compression."""


class UnreadableUploadError(Exception):
    """The upload can't be read. The message names the file and line, and what to do."""


@dataclass(frozen=True)
class Upload:
    """An uploaded file."""

    name: str
    file: IO[bytes]


@dataclass(frozen=True)
class UploadedTable:
    """One table: its header, and its numbered lines, which can be read once."""

    name: str
    header: Sequence[str]
    lines: Iterator[tuple[int, list[str]]]
    is_ragged: bool = False
    """Whether trailing blank cells are missing from the lines."""


def read_tables(uploads: Sequence[Upload], ignored: list[str]) -> Iterator[UploadedTable]:
    """Yield all tables. Appends the names of files that are not tables to `ignored`."""
    if len(uploads) > MAX_FILES:
        raise UnreadableUploadError(too_many_files_message())
    unpacked = 0
    for upload in uploads:
        signature = upload.file.read(4)
        upload.file.seek(0)
        if signature == OLD_WORKBOOK:
            message = _(
                "{file} is a workbook in the old format. Save it as .xlsx, or its sheets as CSV."
            )
            raise UnreadableUploadError(message.format(file=upload.name))
        _reject_wrong_extension(upload.name, is_packed=signature == ZIP)
        if signature != ZIP:
            yield from _csv_sheets(upload.name, upload.file)
            continue
        try:
            with ZipFile(upload.file) as archive:
                is_workbook = "[Content_Types].xml" in archive.namelist()
                _reject_bombs(
                    upload.name,
                    archive,
                    MAX_WORKBOOK_BYTES if is_workbook else MAX_UNPACKED_BYTES,
                )
                if is_workbook:
                    _reject_large_parts(upload.name, archive)
                unpacked += sum(part.file_size for part in archive.infolist())
                if unpacked > MAX_UNPACKED_BYTES:
                    message = _(
                        "Uncompressed, the files are larger than {most} MB, the limit. Upload them "
                        "in parts."
                    )
                    raise UnreadableUploadError(
                        message.format(most=MAX_UNPACKED_BYTES // 1_000_000)
                    )
                yield from (
                    _workbook_sheets(upload) if is_workbook else _archive_sheets(archive, ignored)
                )
        except ARCHIVE_ERRORS as error:
            raise UnreadableUploadError(
                _("{file} can’t be unpacked. Create the ZIP file again.").format(file=upload.name)
            ) from error


def _reject_wrong_extension(name: str, is_packed: bool) -> None:
    """Reject a file whose content does not match its file name extension."""
    ending = PurePath(name).suffix.lower()
    if ending not in IS_ARCHIVE:
        message = _(
            "{file} is not a table. Upload CSV files (.csv, .tsv), a ZIP of them, or a "
            "workbook (.xlsx)."
        )
        raise UnreadableUploadError(message.format(file=clean(name)[:200]))
    if is_packed != IS_ARCHIVE[ending]:
        message = _(
            "The content of {file} does not match its name. Save it again as CSV, ZIP or .xlsx."
        )
        raise UnreadableUploadError(message.format(file=clean(name)[:200]))


IS_ARCHIVE = {".csv": False, ".tsv": False, ".zip": True, ".xlsx": True}
"""File name extensions, and whether such a file is a ZIP archive."""


def too_many_files_message() -> str:
    return _("There are more than {most} files. Upload them in parts.").format(most=MAX_FILES)


def _reject_bombs(name: str, archive: ZipFile, max_bytes: int) -> None:
    """Reject an archive that unpacks to too much. The declared sizes suffice, because Python never
    unpacks more than the declared size of a part.
    """
    parts = archive.infolist()
    is_bomb = sum(part.file_size for part in parts) > max_bytes or any(
        map(_is_compressed_too_well, parts)
    )
    if is_bomb or len(parts) > 10 * MAX_FILES:
        message = _(
            "Uncompressed, {file} is too large. The limits are {most} MB and {files} "
            "files. Upload it in parts."
        )
        raise UnreadableUploadError(
            message.format(file=name, most=max_bytes // 1_000_000, files=10 * MAX_FILES)
        )


def _reject_large_parts(name: str, archive: ZipFile) -> None:
    """Reject large parts of a workbook, because openpyxl keeps all parts but the rows in memory."""
    for part in archive.infolist():
        is_sheet = part.filename.lower().startswith("xl/worksheets/")
        is_words = part.filename.lower().endswith("sharedstrings.xml")
        if not is_sheet and part.file_size > (
            MAX_SHARED_STRINGS_BYTES if is_words else MAX_WORKBOOK_PART_BYTES
        ):
            message = _(
                "{file} contains too many words or styles. Save its sheets as CSV, or upload "
                "it in parts."
            )
            raise UnreadableUploadError(message.format(file=name))


def _is_compressed_too_well(part: ZipInfo) -> bool:
    return (
        part.file_size > RATIO_CHECKED_FROM_BYTES
        and part.file_size > MAX_COMPRESSION_RATIO * max(part.compress_size, 1)
    )


def _archive_sheets(archive: ZipFile, ignored: list[str]) -> Iterator[UploadedTable]:
    tables = []
    for part in archive.infolist():
        path = PurePosixPath(part.filename)
        if part.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if path.suffix.lower() in {".csv", ".tsv"}:
            tables.append(part)
        else:
            ignored.append(clean(path.name)[:200])
    if len(tables) > MAX_FILES:
        raise UnreadableUploadError(too_many_files_message())
    for part in tables:
        with archive.open(part) as file:
            yield from _csv_sheets(PurePosixPath(part.filename).name, file)


# CSV --------------------------------------------------------------------------------------------


def _csv_sheets(name: str, file: IO[bytes]) -> Iterator[UploadedTable]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    name = clean(name)[:200]
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines_read = _Lines(name, text)
    first = _read_or_raise(name, lambda: next(lines_read, ""))
    if not first:
        return
    separator = max(SEPARATORS, key=first.count)
    lines = _numbered_rows(
        name, csv.reader(chain([first], lines_read), strict=True, delimiter=separator), lines_read
    )
    _number, header = next(lines, (1, []))
    yield UploadedTable(name, _header(name, header), lines)
    # The wrapper must not close the file, because the archive is read further.
    text.detach()


class _Lines(Iterator[str]):
    """Lines of a CSV file, with a limit on the characters of a row that spans several lines."""

    def __init__(self, name: str, text: io.TextIOWrapper) -> None:
        self.name, self.text = name, text
        self.number, self.of_row = 0, 0

    def __next__(self) -> str:
        line = self.text.readline(MAX_ROW_CHARACTERS + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.of_row += len(line)
        if self.of_row > MAX_ROW_CHARACTERS:
            message = _("{file}, line {line}: the row is too long. Shorten it.")
            raise UnreadableUploadError(message.format(file=self.name, line=self.number))
        return line


def _read_or_raise(name: str, read: Any, line: int = 1) -> Any:
    try:
        return read()
    except UnicodeDecodeError as error:
        message = _("{file} is not UTF-8 near line {line}. Save it as “CSV UTF-8”.")
        raise UnreadableUploadError(message.format(file=name, line=line)) from error
    except csv.Error as error:
        message = _("{file} is not valid CSV at line {line}: {reason}.")
        raise UnreadableUploadError(message.format(file=name, line=line, reason=error)) from error
    except ARCHIVE_ERRORS as error:
        raise UnreadableUploadError(
            _("{file} can’t be unpacked. Create the ZIP file again.").format(file=name)
        ) from error


def _numbered_rows(name: str, rows: Any, lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its first line."""
    for count in itertools.count(1):
        number = rows.line_num + 1
        row = _read_or_raise(name, lambda: next(rows, None), number)
        lines.of_row = 0
        if row is None:
            return
        if count > MAX_ROWS + 1:
            raise UnreadableUploadError(too_many_rows_message(name))
        if any(row):
            yield number, [clean(cell) for cell in row]


def too_many_rows_message(name: str) -> str:
    message = _(
        "{file} has more than {most} rows, including blank ones. Remove blank rows, "
        "or upload it in parts."
    )
    return message.format(file=name, most=f"{MAX_ROWS:,}")


def _header(name: str, cells: Sequence[str]) -> list[str]:
    titles = [cell.strip() for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MAX_COLUMNS:
        raise UnreadableUploadError(
            _("{file} has more than {most} columns, the limit. Remove some.").format(
                file=name, most=MAX_COLUMNS
            )
        )
    if not titles or any(len(title) > 200 for title in titles):
        raise UnreadableUploadError(
            _("{file} has no column names in its first line. Add them.").format(file=name)
        )
    return titles


# Workbooks --------------------------------------------------------------------------------------


def _workbook_sheets(upload: Upload) -> Iterator[UploadedTable]:
    """Yield each sheet that is not empty. A formula is read as its saved value."""
    # Imported here: openpyxl slows down the start of the site.
    from openpyxl import load_workbook

    name = clean(upload.name)[:200]
    try:
        book = load_workbook(upload.file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises many kinds of error for damaged files
        raise UnreadableUploadError(
            _(
                "{file} can’t be read as a workbook. Save it again as .xlsx, or its sheets as CSV."
            ).format(file=name)
        ) from error
    try:
        for sheet in book.worksheets:
            # The size declared in a sheet is often wrong.
            sheet.reset_dimensions()
            title = clean(sheet.title)[:200]
            lines = _numbered_sheet_rows(f"{name}, {title}", sheet)
            _number, header = next(lines, (1, []))
            if any(cell.strip() for cell in header):
                yield UploadedTable(title, _header(title, header), lines, is_ragged=True)
    finally:
        book.close()


def _numbered_sheet_rows(name: str, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    # openpyxl fills a gap with blank rows up to `max_row`; without it, with up to 2,000 million.
    rows = enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=MAX_ROWS + 2), 1)
    while True:
        try:
            number, row = next(rows, (0, None))
        except Exception as error:
            raise UnreadableUploadError(
                _(
                    "{file} can’t be read as a workbook. Save it again as .xlsx, or its sheets "
                    "as CSV."
                ).format(file=name)
            ) from error
        if row is None:
            return
        if number > MAX_ROWS + 1:
            raise UnreadableUploadError(too_many_rows_message(name))
        cells = [_cell_text(name, number, cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _cell_text(name: str, number: int, cell: Any) -> str:
    value = cell.value
    if cell.data_type == "e":
        message = _("{file}, line {line}: a formula results in {value}. Correct the formula.")
        raise UnreadableUploadError(message.format(file=name, line=number, value=value))
    text = cell_as_text(value)
    if len(text) > MAX_CELL_CHARACTERS:
        raise UnreadableUploadError(
            _("{file}, line {line}: a cell is too long. Shorten its text.").format(
                file=name, line=number
            )
        )
    return text


def cell_as_text(value: Any) -> str:
    """Return the value of a cell as an editor would type it into a CSV file."""
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
