"""Responses with files of lists. Short files are written while they are sent.

Long files are written by a worker process into a temporary file, which is sent while it grows.
A slow reader therefore blocks no worker, and memory use does not depend on the number of rows.
"""

import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any, TypeVar

from anyio import sleep
from fastapi import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.database.engines import reader_engine
from app.database.sessions import ReaderSession
from app.record.editions import SelectedEdition
from app.record.names.directory import Directory, read_directory
from app.record.sql import rows
from app.record.sql.streaming import OpenSession, Seqs
from app.settings import Settings
from app.site.export import geojson, list_columns, xlsx
from app.site.export.column_types import Column, as_csv
from app.vocabulary.kinds import RecordKind
from app.web.sessions import open_streaming_sessions
from app.web.state import app_state
from app.worker_pool import FILES, POOL, PoolFullError

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
    file = GrowingFile(app_state(request).settings.for_reading(), edition, write)
    file.wait_for_first_bytes()
    return GrowingFileResponse(file, media_type, headers)


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


class GrowingFile:
    """A temporary file that a worker process writes while this process reads it."""

    def __init__(self, settings: Settings, edition: SelectedEdition, write: Write) -> None:
        self.file: IO[bytes] | None = None
        if not SEND_SLOTS.acquire(blocking=False):
            raise PoolFullError("files that are sent")
        self.file = TemporaryFile()  # noqa: SIM115 - closed by `close`
        try:
            self.future = POOL.start(
                FILES, MAX_FILE_SECONDS, write_file, settings, edition, write, files=[self.file]
            )
        except BaseException:
            self.close()
            raise

    def wait_for_first_bytes(self) -> None:
        """Wait for the first bytes, so that an early error gets an error page, not a cut file."""
        try:
            while self.file and not os.fstat(self.file.fileno()).st_size:
                if self.future.done():
                    self.future.result()
                    return
                time.sleep(0.01)
        except BaseException:
            self.close()
            raise

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


class GrowingFileResponse(StreamingResponse):
    """Sends a growing file, and closes it when the response ends or is aborted."""

    def __init__(self, file: GrowingFile, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(file.chunks(), media_type=media_type, headers=dict(headers))
        self.file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.file.close()


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


R = TypeVar("R")
Table = tuple[Sequence[Column[Any]], Iterable[Any]]
TableRows = Callable[[OpenSession, Directory], Table]
"""Reads the columns and rows of a table. Pickled: a partial of a module-level function."""

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "xlsx": xlsx.MEDIA_TYPE}


def list_rows(kind: str, seqs: Seqs, sessions: OpenSession, _directory: Directory) -> Table:
    return list_columns.COLUMNS[kind], rows.rows_for_file(seqs, sessions)


def write_table(
    table_rows: TableRows,
    sessions: OpenSession,
    directory: Directory,
    *,
    ending: str,
    about: Sequence[tuple[str, str]],
    at: datetime,
) -> Iterator[str | bytes]:
    """Yield the table in chunks, as CSV or XLSX."""
    return table_chunks(*table_rows(sessions, directory), ending=ending, about=about, at=at)


def table_chunks(
    columns: Sequence[Column[R]],
    found: Iterable[R],
    *,
    ending: str,
    about: Sequence[tuple[str, str]],
    at: datetime,
) -> Iterator[str | bytes]:
    return iter(
        as_csv(columns, found) if ending == "csv" else xlsx.as_xlsx(columns, found, about, at)
    )


def write_points(
    about: dict[str, Any], seqs: Seqs, sessions: OpenSession, directory: Directory
) -> Iterator[str]:
    """Yield events as GeoJSON in chunks."""
    columns, found = list_columns.COLUMNS[RecordKind.EVENT], rows.rows_for_file(seqs, sessions)
    features = (
        geojson.feature(columns, row, geojson.event_geometry(row, directory)) for row in found
    )
    return geojson.as_geojson(about, features)
