"""Files of lists: the address of a list with `.json`, `.csv`, `.xlsx` … has the same rows.

Short files are written while they are sent. Long files are written by a worker process into a
temporary file, which is sent while it grows. A slow reader therefore blocks no worker, and memory
use does not depend on the number of rows.
"""

import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any, TypeVar

from anyio import sleep
from fastapi import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.database.engines import reader_engine
from app.database.sessions import ReaderSession
from app.filtering import Filters
from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory, read_directory
from app.record.payloads import form_of
from app.record.reads.event_context import named_places
from app.record.sql import rows
from app.record.sql.rows import OpenSession, Seqs
from app.settings import Settings
from app.site.components.urls import with_filters
from app.site.export.columns import (
    COLUMNS,
    Column,
    ColumnRow,
    ColumnType,
    as_csv,
    as_fields,
    compact_json,
    plain_value,
)
from app.site.lists.request import (
    InvalidQueryError,
)
from app.site.references.citable import (
    CitableView,
    file_headers,
    provenance_headers,
)
from app.vocabulary.record import SETTLEMENTS
from app.web.sessions import open_streaming_sessions
from app.web.state import app_state
from app.web.urls import absolute_url
from app.worker_pool import FILES, POOL, PoolFullError

# XLSX -------------------------------------------------------------------------------------------


R = TypeVar("R")

MAX_SHEET_ROWS = 1_048_575
"""The limit of a sheet, less the line of column names."""
MAX_CELL_CHARACTERS = 32_767
XLSX_CHUNK_BYTES = 128 * 1024
COLUMN_WIDTH = 20
"""Of each column, in characters."""
FIRST_DAY = datetime(1900, 3, 1)
"""The day from which Excel counts without its leap year of 1900; earlier days are text."""


def as_xlsx(
    columns: Sequence[Column[R]], rows: Iterable[R], about: Mapping[str, Any], at: datetime
) -> Iterator[bytes]:
    """Yield the workbook in chunks. It is written to disk, so memory has one row at a time.

    The first chunk comes after the last row: an archive lists its files with their lengths.
    """
    with TemporaryFile() as file:
        _write_workbook(file, columns, rows, about, at)
        file.seek(0)
        while chunk := file.read(XLSX_CHUNK_BYTES):
            yield chunk


def _write_workbook(
    file: IO[bytes],
    columns: Sequence[Column[R]],
    rows: Iterable[R],
    about: Mapping[str, Any],
    at: datetime,
) -> None:
    # Imported here: XlsxWriter slows down the start of the site.
    from xlsxwriter import Workbook

    # Text that looks like a formula or a link stays text, which is safe to open.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    # Not closed after an error: the file would look complete.
    book = Workbook(file, options)
    # The day of the edition, not today, so that the same query gives the same file.
    book.set_properties({"title": about["filter"], "created": at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    formats = {
        ColumnType.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        ColumnType.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    sheet = book.add_worksheet(_("Rows"))
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, [column.name for column in columns], bold)
    sheet.set_column(0, len(columns) - 1, COLUMN_WIDTH)
    line = 0
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = plain_value(column.read(row))
            day_format = formats.get(column.holds)
            if value != "":
                sheet.write(line, place, _cell(value, is_day=day_format is not None), day_format)
    sheet.autofilter(0, 0, max(line, 1), len(columns) - 1)
    sheet = book.add_worksheet(_("About"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    described = [
        (_("Filter"), about["filter"]),
        (_("Edition"), f"{about['edition']}, {at.date().isoformat()}"),
        (_("Licence"), about["licence"]),
        (_("Address"), about["page"]),
        ("", ""),
        *((column.name, column.description) for column in columns),
    ]
    for line, (name, words) in enumerate(described):
        sheet.write(line, 0, name, bold)
        sheet.write(line, 1, words)
    book.close()


def _cell(value: str | float | bool, *, is_day: bool) -> str | float | bool | datetime:
    """Return a cell. Days are in UTC without a zone, because spreadsheets know none."""
    if isinstance(value, str) and value and is_day:
        moment = datetime.fromisoformat(value)
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        return moment if moment >= FIRST_DAY else value
    if isinstance(value, str) and len(value) > MAX_CELL_CHARACTERS:
        return f"{value[: MAX_CELL_CHARACTERS - 1]}…"
    return value


# GeoJSON ----------------------------------------------------------------------------------------


def as_geojson(
    columns: Sequence[Column[ColumnRow]],
    rows: Iterable[ColumnRow],
    about: Mapping[str, Any],
    directory: Directory,
) -> Iterator[str]:
    """Yield events as a feature collection, in parts. `about` are members before the features."""
    yield compact_json({"type": "FeatureCollection", **about})[:-1] + ',"features":['
    for number, row in enumerate(rows):
        properties = as_fields(columns, row)
        feature = {
            "type": "Feature",
            "id": properties["id"],
            "geometry": event_geometry(row, directory),
            "properties": properties,
        }
        yield (",\n" if number else "") + compact_json(feature)
    yield "]}"


def event_geometry(row: ColumnRow, directory: Directory) -> dict[str, Any] | None:
    """Return the cities of an event, or None if no position is known.

    A workplace is at its city; larger places have no point.
    """
    places = [
        directory.places[code]
        for code in named_places(form_of(row), directory)
        if directory.kind_of_place(code) in SETTLEMENTS
    ]
    points = [[place.longitude, place.latitude] for place in places if place.longitude is not None]
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points} if points else None


# Writing ----------------------------------------------------------------------------------------


MAX_ROWS_INLINE = 1_000
"""A row takes about 0.1 ms, so this many cost as much as ten pages of a list."""
MAX_FILE_SECONDS = 600
"""CPU time. A million events as CSV take about a minute, as XLSX several."""
MAX_FILES_SENT = 8
"""Long files on disk at a time. A file is deleted when its response ends."""
CHUNK_BYTES = 256 * 1024
ABANDONED_MODE = 0
"""Permissions set on a file whose reader has disconnected: the signal to stop writing."""
SEND_SLOTS = BoundedSemaphore(MAX_FILES_SENT)

Write = Callable[[OpenSession, Directory], Iterator[str | bytes]]
"""Yields a file in chunks. Pickled for the worker: a module-level function or a partial of one."""


def file_response(
    request: Request,
    edition: SelectedEdition,
    names: Directory,
    *,
    rows: int,
    write: Write,
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """Return a response with the file. Raises PoolFullError if too many long files are in work."""
    if rows <= MAX_ROWS_INLINE:
        return StreamingResponse(
            write(open_streaming_sessions(request), names),
            media_type=media_type,
            headers=dict(headers),
        )
    return GrowingFile(
        app_state(request).settings.for_reading(), edition, write, media_type, headers
    )


def in_chunks(parts: Iterable[str]) -> Iterator[str]:
    """Join short parts, because each chunk of a response costs a change of threads."""
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size > CHUNK_BYTES:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


class GrowingFile(StreamingResponse):
    """Sends a temporary file while a worker process writes it."""

    def __init__(
        self,
        settings: Settings,
        edition: SelectedEdition,
        write: Write,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        """Wait for the first bytes, so that an early error gets an error page, not a cut file."""
        super().__init__(self.chunks(), media_type=media_type, headers=dict(headers))
        self.file: IO[bytes] | None = None
        if not SEND_SLOTS.acquire(blocking=False):
            raise PoolFullError("files that are sent")
        self.file = TemporaryFile()  # noqa: SIM115 - closed by `close`
        try:
            self.future = POOL.start(
                FILES, MAX_FILE_SECONDS, write_file, settings, edition, write, files=[self.file]
            )
            while not (os.fstat(self.file.fileno()).st_size or self.future.done()):
                time.sleep(0.01)
            if self.future.done():
                self.future.result()
        except BaseException:
            self.close()
            raise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.close()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the file in chunks of `CHUNK_BYTES`, which compress to the same each time."""
        at, pause = 0, 0.01
        while self.file:
            is_done = self.future.done()
            chunk = os.pread(self.file.fileno(), CHUNK_BYTES, at)
            if len(chunk) == CHUNK_BYTES or (is_done and chunk):
                at, pause = at + len(chunk), 0.01
                yield chunk
            elif is_done:
                self.future.result()  # raises the worker's error: the response is cut off
                return
            else:
                await sleep(pause)
                pause = min(2 * pause, 0.2)

    def close(self) -> None:
        """Delete the file. A worker that is still writing stops at its next chunk."""
        file, self.file = self.file, None
        if file:
            os.fchmod(file.fileno(), ABANDONED_MODE)
            file.close()
            SEND_SLOTS.release()

    __del__ = close


def write_file(settings: Settings, edition: SelectedEdition, write: Write, file: IO[bytes]) -> None:
    """Write the file until its end or until it is abandoned. Runs in a worker process."""
    engine = reader_engine(settings)
    try:
        sessions = partial(ReaderSession, engine)
        with sessions() as db:
            names = read_directory(db, edition)
        for part in write(sessions, names):
            if os.fstat(file.fileno()).st_mode & 0o777 == ABANDONED_MODE:
                return
            file.write(part.encode() if isinstance(part, str) else part)
            file.flush()
    finally:
        engine.dispose()


Table = tuple[Sequence[Column[Any]], Iterable[Any]]
TableRows = Callable[[OpenSession, Directory], Table]
"""Reads the columns and rows of a table. Pickled: a partial of a module-level function."""

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


def list_rows(kind: str, seqs: Seqs, sessions: OpenSession, _directory: Directory) -> Table:
    return COLUMNS[kind], rows.rows_for_file(seqs, sessions)


def write_table(
    table_rows: TableRows,
    sessions: OpenSession,
    directory: Directory,
    *,
    ending: str,
    about: Mapping[str, Any],
    at: datetime,
) -> Iterator[str | bytes]:
    """Return the table in chunks, as CSV, XLSX or GeoJSON."""
    columns, found = table_rows(sessions, directory)
    if ending == "csv":
        return iter(as_csv(columns, found))
    if ending == "geojson":
        return iter(in_chunks(as_geojson(columns, found, about, directory)))
    return iter(as_xlsx(columns, found, about, at))


# Responses --------------------------------------------------------------------------------------


DEFAULT_LIMIT = 100


def limit_of(filters: Filters) -> int:
    return int(filters.one("limit") or DEFAULT_LIMIT)


def next_address(
    request: Request, edition: IndexedEdition, filters: Filters, after: str | None
) -> str | None:
    """Return the address of the next page in the same format and edition."""
    return (
        with_filters(request.url.path, filters.with_(after=after, edition=str(edition.no)))
        if after
        else None
    )


# Metadata of a file -----------------------------------------------------------------------------


def json_heading(request: Request, filters: Filters, view: CitableView) -> dict[str, Any]:
    """Return the first members of the JSON of every list."""
    return {
        "edition": view.edition.no,
        "query": filters.by_name(),
        "filter": view.title,
        "licence": app_state(request).settings.licence,
        "permalink": absolute_url(request, view.address),
    }


def led_on(request: Request, now: str) -> Response:
    """Lead from a former file to one of today: a path, or another ending of this one."""
    path = now if now.startswith("/") else request.url.path.partition(".")[0] + now
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path, 301)


# Responses --------------------------------------------------------------------------------------


def list_response(
    request: Request, edition: SelectedEdition, body: Mapping[str, Any], links: Sequence[str] = ()
) -> Response:
    """Return a page of a list as JSON. The Link header repeats its links."""
    following = [f'<{absolute_url(request, body["next"])}>; rel="next"'] if body.get("next") else []
    return json_response(
        request, body, edition, links=[*following, f'<{body["permalink"]}>; rel="cite-as"', *links]
    )


def csv_response(
    request: Request, view: CitableView, columns: Sequence[Column[R]], rows: Iterable[R]
) -> Response:
    """Return a short table as CSV."""
    return StreamingResponse(
        as_csv(columns, rows),
        media_type=MEDIA_TYPES["csv"],
        headers=file_headers(request, view, "csv"),
    )


def table_response(
    request: Request, view: CitableView, names: Directory, rows: TableRows, total: int
) -> Response:
    """Return a table of any length as CSV, XLSX or GeoJSON, by the ending of the address."""
    ending = request.url.path.partition(".")[2]
    if ending == "xlsx" and total > MAX_SHEET_ROWS:
        room = f"a sheet has room for {MAX_SHEET_ROWS:,} rows; narrow the list, or take CSV"
        raise InvalidQueryError([("xlsx", room)])
    about = {
        "edition": view.edition.no,
        "filter": view.title,
        "licence": app_state(request).settings.licence,
        "page": absolute_url(request, view.address),
        "total": total,
    }
    return file_response(
        request,
        view.edition,
        names,
        rows=total,
        write=partial(write_table, rows, ending=ending, about=about, at=view.edition.at),
        media_type=MEDIA_TYPES[ending],
        headers=file_headers(request, view, ending),
    )


def json_response(
    request: Request,
    body: Mapping[str, Any],
    edition: SelectedEdition,
    media_type: str = "application/json",
    links: Sequence[str] = (),
) -> Response:
    return Response(
        compact_json(body),
        media_type=media_type,
        headers=provenance_headers(request, edition, links),
    )
