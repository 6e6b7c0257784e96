"""Dumps that readers ask for: written when they are, one at a time, and kept until the next edition.

A worker process writes an archive into a file without a name, so that none of it outlives the process.
"""

import os
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from app.database.engines import reader_engine
from app.database.sessions import ReaderSession
from app.record.editions import count_purges
from app.record.names.directory import directory
from app.settings import Settings
from app.site.data.dump.describing import About
from app.site.data.dump.writing import checksum, write_dump
from app.worker_pool import FILES, POOL

MOST_KEPT = 2
MAX_DUMP_SECONDS = 1_800
"""CPU time. A record of a million events takes 620 s."""
SECONDS_TO_WAIT = 20.0
"""A reader waits so long; a dump that takes longer is ready when they ask again."""
CHUNK = 256 * 1024
Key = tuple[int, int]
"""Edition, and how many purges there were: each changes past editions too."""


class NotReady(Exception):
    """It is still being written, or another one is."""


@dataclass(frozen=True)
class Archive:
    """A finished dump in one file, which is closed once nobody reads it any more."""

    file: BinaryIO
    size: int
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        """All of it, from a place of one's own: many read the same file at once."""
        at = 0
        while chunk := os.pread(self.file.fileno(), CHUNK, at):
            yield chunk
            at += len(chunk)


class Dumps:
    """The archives that were asked for lately. What is on the disk at once is bounded, whoever asks for how many."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.for_reading()
        self.lock = threading.Lock()
        self.kept: OrderedDict[Key, Archive] = OrderedDict()
        self.being_written: tuple[Key, Future[Archive]] | None = None

    def of(self, db: Session, about: About, wait: float = SECONDS_TO_WAIT) -> Archive:
        """The archive of that edition; NotReady where it takes longer than a reader would wait."""
        purges = count_purges(db)
        key = (about.edition.no, purges)
        with self.lock:
            for other in [other for other in self.kept if other[1] != purges]:
                del self.kept[other]
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
            if self.being_written is None:
                future: Future[Archive] = Future()
                self.being_written = (key, future)
                threading.Thread(
                    target=self._write, args=(key, about, future), name="dump", daemon=True
                ).start()
            elif self.being_written[0] == key:
                future = self.being_written[1]
            else:
                raise NotReady
        try:
            return future.result(wait)
        except TimeoutError:
            raise NotReady from None

    def forget(self) -> None:
        """Readers see another edition: what was asked for of the one before need not be kept."""
        with self.lock:
            self.kept.clear()

    def _write(self, key: Key, about: About, future: "Future[Archive]") -> None:
        try:
            file = _unnamed_file()
            size, sha256 = POOL.run(
                FILES, MAX_DUMP_SECONDS, write_archive_of, self.settings, about, files=[file]
            )
            archive = Archive(file, size, sha256)
        except BaseException as error:  # whoever waits for it is told
            with self.lock:
                self.being_written = None
            future.set_exception(error)
            return
        with self.lock:
            self.being_written = None
            self.kept[key] = archive
            while len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
        future.set_result(archive)


def write_archive_of(settings: Settings, about: About, archive: BinaryIO) -> tuple[int, str]:
    """The same with a reader's login of its own. Runs in a worker process."""
    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as db:
            return write_archive(db, about, archive)
    finally:
        engine.dispose()


def write_archive(db: Session, about: About, archive: BinaryIO) -> tuple[int, str]:
    """Write all files of a dump into one, below a folder that says what it is; return its size and checksum.

    Equal dumps are equal archives.
    """
    with ExitStack() as files:

        def create(_name: str) -> BinaryIO:
            return files.enter_context(_unnamed_file())

        written = write_dump(db, about.edition, directory(db, about.edition), about, create)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
            for name, file in written.items():
                member = zipfile.ZipInfo(f"{about.name}/{name}", about.edition.at.timetuple()[:6])
                member.create_system, member.external_attr = 3, 0o644 << 16
                # What Parquet has compressed gets no smaller.
                member.compress_type = (
                    zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
                )
                file.seek(0)
                with zipped.open(member, "w", force_zip64=True) as place:
                    copyfileobj(file, place, CHUNK)
    sha256 = checksum(archive)
    return archive.tell(), sha256


def _unnamed_file() -> BinaryIO:
    return cast(BinaryIO, TemporaryFile())
