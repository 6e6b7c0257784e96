"""Files of lists as answers: short ones are written as they are sent, long ones by a worker process.

A worker writes into a file without a name, which is sent while it grows: a slow reader keeps no worker waiting, and
memory stays the same however many rows there are.
"""

import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from functools import partial
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from anyio import sleep
from fastapi import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.database.engines import reader_engine
from app.database.sessions import ReaderSession
from app.record.editions import Reading
from app.record.names.directory import Directory, directory
from app.record.sql.streaming import Sessions
from app.settings import Settings
from app.web.sessions import later
from app.worker_pool import FILES, POOL, PoolFullError

MAX_ROWS_INLINE = 1_000
"""A row takes some 0.1 ms, so that these cost about as much as ten pages of a list."""
MAX_FILE_SECONDS = 600
"""CPU time. A million events as a workbook take 100 s."""
MAX_FILES_SENT = 8
"""Long files that are on the disk at a time, until their last reader has them or has gone."""
CHUNK = 256 * 1024
ABANDONED_MODE = 0
"""The permissions of a file whose reader has gone, by which its worker knows."""
SENT = BoundedSemaphore(MAX_FILES_SENT)

Write = Callable[[Sessions, Directory], Iterator[str | bytes]]
"""Writes a file piece by piece. It is pickled: a function of a module, or a partial of one."""


def file_answer(
    request: Request,
    edition: Reading,
    names: Directory,
    *,
    rows: int,
    write: Write,
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """The file as an answer. Raises PoolFullError where it is long and too many others are being written or sent."""
    if rows <= MAX_ROWS_INLINE:
        return StreamingResponse(
            write(later(request), names), media_type=media_type, headers=dict(headers)
        )
    file = GrowingFile(request.app.state.settings.for_reading(), edition, write)
    file.wait_for_first_bytes()
    return GrowingFileResponse(file, media_type, headers)


def in_chunks(parts: Iterable[str]) -> Iterator[str]:
    """Join short parts: each piece of an answer costs a change of threads."""
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size > CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


class GrowingFile:
    """A file that a worker process writes, and that is read as far as it is written."""

    def __init__(self, settings: Settings, edition: Reading, write: Write) -> None:
        self.file: IO[bytes] | None = None
        if not SENT.acquire(blocking=False):
            raise PoolFullError("files that are sent")
        self.file = TemporaryFile()  # noqa: SIM115 - it is open as long as this
        try:
            self.future = POOL.start(
                FILES, MAX_FILE_SECONDS, write_file, settings, edition, write, files=[self.file]
            )
        except BaseException:
            self.close()
            raise

    def wait_for_first_bytes(self) -> None:
        """So that what goes wrong at the beginning is an answer of its own and no file that breaks off."""
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
        at, pause = 0, 0.01
        while self.file:
            is_done = self.future.done()
            if chunk := os.pread(self.file.fileno(), CHUNK, at):
                at, pause = at + len(chunk), 0.01
                yield chunk
            elif is_done:
                self.future.result()  # where it failed the answer breaks off
                return
            else:
                await sleep(pause)
                pause = min(2 * pause, 0.2)

    def close(self) -> None:
        """Nobody reads it any more: a worker that still writes stops at its next piece."""
        file, self.file = self.file, None
        if file:
            os.fchmod(file.fileno(), ABANDONED_MODE)
            file.close()
            SENT.release()

    __del__ = close


class GrowingFileResponse(StreamingResponse):
    """Sends a file while it is written, and closes it however the answer ends."""

    def __init__(self, file: GrowingFile, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(file.chunks(), media_type=media_type, headers=dict(headers))
        self.file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.file.close()


def write_file(settings: Settings, edition: Reading, write: Write, file: IO[bytes]) -> None:
    """Write all of it, unless nobody reads it any more. Runs in a worker process, with a reader's login of its own."""
    engine = reader_engine(settings)
    try:
        sessions = partial(ReaderSession, engine)
        with sessions() as db:
            names = directory(db, edition)
        for part in write(sessions, names):
            if os.fstat(file.fileno()).st_mode & 0o777 == ABANDONED_MODE:
                return
            file.write(part.encode() if isinstance(part, str) else part)
            file.flush()
    finally:
        engine.dispose()
