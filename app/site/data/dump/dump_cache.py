"""Cache of dumps. A dump is written on request, one at a time, and cached until the next edition.

A worker process writes the archive into an unnamed temporary file, which disappears with the
process.
"""

import os
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import cachetools
from sqlalchemy.orm import Session

from app.database.engines import reader_engine
from app.database.sessions import ReaderSession
from app.record.editions import count_purges
from app.record.names.directory import read_directory
from app.settings import Settings
from app.site.data.dump.metadata import DumpInfo
from app.site.data.dump.writer import checksum, write_dump
from app.worker_pool import FILES, POOL

MAX_ARCHIVES = 2
"""Archives whose files stay open: they bound the disk space in use."""
MAX_DUMP_SECONDS = 1_800
"""CPU time. A record of a million events takes 620 s."""
MAX_WAIT_SECONDS = 20.0
"""How long a request waits for a dump. Writing continues, so a later request may succeed."""
CHUNK_BYTES = 256 * 1024
Key = tuple[int, int]
"""Edition, and number of purges, because a purge changes past editions."""


class DumpNotReadyError(Exception):
    """The requested dump or another one is still being written."""


@dataclass(frozen=True)
class Archive:
    """A finished dump. Its file is closed when the last reference to it is gone."""

    file: BinaryIO
    size: int
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        """Yield the content. `pread` has its own offset, so several responses can share a file."""
        offset = 0
        while chunk := os.pread(self.file.fileno(), CHUNK_BYTES, offset):
            yield chunk
            offset += len(chunk)


class Dumps:
    """Cache of the most recently requested archives. It bounds the disk space in use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.for_reading()
        self.lock = threading.Lock()
        self.kept: cachetools.LRUCache[Key, Archive] = cachetools.LRUCache(MAX_ARCHIVES)
        self.purges = 0
        """Number of purges at the time when the archives were written."""
        self.being_written: tuple[Key, Future[Archive]] | None = None

    def of(self, db: Session, about: DumpInfo, wait: float = MAX_WAIT_SECONDS) -> Archive:
        """Return the archive of an edition. Raises DumpNotReadyError after `wait` seconds."""
        purges = count_purges(db)
        key = (about.edition.no, purges)
        with self.lock:
            if purges != self.purges:
                self.kept.clear()
                self.purges = purges
            if (archive := self.kept.get(key)) is not None:
                return archive
            if self.being_written is None:
                future: Future[Archive] = Future()
                self.being_written = (key, future)
                threading.Thread(
                    target=self._write, args=(key, about, future), name="dump", daemon=True
                ).start()
            elif self.being_written[0] == key:
                future = self.being_written[1]
            else:
                raise DumpNotReadyError
        try:
            return future.result(wait)
        except TimeoutError:
            raise DumpNotReadyError from None

    def forget(self) -> None:
        """Empty the cache, because a new edition was published."""
        with self.lock:
            self.kept.clear()

    def _write(self, key: Key, about: DumpInfo, future: "Future[Archive]") -> None:
        try:
            file = _unnamed_file()
            size, sha256 = POOL.run(
                FILES, MAX_DUMP_SECONDS, write_archive_of, self.settings, about, files=[file]
            )
            archive = Archive(file, size, sha256)
        except BaseException as error:  # re-raised in the waiting requests
            with self.lock:
                self.being_written = None
            future.set_exception(error)
            return
        with self.lock:
            self.being_written = None
            # An archive from before a purge contains what is removed.
            if key[1] == self.purges:
                self.kept[key] = archive
        future.set_result(archive)


def write_archive_of(settings: Settings, about: DumpInfo, archive: BinaryIO) -> tuple[int, str]:
    """Call `write_archive` with a new database connection. Runs in a worker process."""
    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as db:
            return write_archive(db, about, archive)
    finally:
        engine.dispose()


def write_archive(db: Session, about: DumpInfo, archive: BinaryIO) -> tuple[int, str]:
    """Write the files of a dump as ZIP, below one folder. Returns size and checksum.

    The same dump always gives the same bytes.
    """
    with ExitStack() as files:

        def create(_name: str) -> BinaryIO:
            return files.enter_context(_unnamed_file())

        written = write_dump(db, about.edition, read_directory(db, about.edition), about, create)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
            for name, file in written.items():
                member = zipfile.ZipInfo(f"{about.name}/{name}", about.edition.at.timetuple()[:6])
                member.create_system, member.external_attr = 3, 0o644 << 16
                # Parquet files are compressed already.
                member.compress_type = (
                    zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
                )
                file.seek(0)
                with zipped.open(member, "w", force_zip64=True) as target:
                    copyfileobj(file, target, CHUNK_BYTES)
    sha256 = checksum(archive)
    return archive.tell(), sha256


def _unnamed_file() -> BinaryIO:
    return cast(BinaryIO, TemporaryFile())
