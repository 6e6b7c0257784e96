"""The indexes of an edition in a file, which all workers of a machine map into their memory.

Reading a million events from PostgreSQL takes a worker many seconds, mapping the file less than
one. The file has numbers and days, no text. It is checked by a hash and by the database, used only
by the release that wrote it, and removed after a purge.
"""

import hashlib
import json
import logging
import mmap
import os
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.index.index import Index
from app.record.models import Edition, PurgedRecord

log = logging.getLogger("sojourn")

ALIGNMENT = 64
"""Arrays begin at multiples of this number of bytes."""
MAX_HEADER = 1_000_000
"""Bytes of the header, a line of JSON."""


@dataclass(frozen=True)
class IndexFile:
    path: Path
    release: str
    """Hash of the code that writes the file; another release makes its own."""

    def read(self, db: Session) -> dict[str, Index] | None:
        """Return the indexes by kind; None if no file of this release fits the database."""
        try:
            with self.path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            header, parts = _split(memoryview(mapped))
            if header["release"] != self.release:
                return None
            if header["state"] != _state(db, header["edition"]):
                return None
            if header["hash"] != _hash(parts):
                raise ValueError("its hash is wrong")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("The file of the index can’t be used, and is made again: %s", error)
            return None
        # The hash shows that it is whole; only this site's own user may write in its folder.
        found: dict[str, Index] = pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301
        if hasattr(mapped, "madvise"):
            # Bitmaps were copied, and most arrays are read later: give the memory back until then.
            mapped.madvise(mmap.MADV_DONTNEED)
        return {kind: _with_own_closed(index) for kind, index in found.items()}

    def write(self, db: Session, edition: SelectedEdition, indexes: Mapping[str, Index]) -> bool:
        """Replace the file by one with these indexes, in one step; return whether it worked."""
        buffers: list[pickle.PickleBuffer] = []
        # Without the cached values that each index has beside its fields.
        bare = {kind: replace(index) for kind, index in indexes.items()}
        whole = pickle.dumps(bare, protocol=5, buffer_callback=buffers.append)
        parts = [memoryview(whole), *(buffer.raw() for buffer in buffers)]
        header = {
            "release": self.release,
            "edition": edition.no,
            "state": _state(db, edition.no),
            "sizes": [len(part) for part in parts],
            "hash": _hash(parts),
        }
        unfinished = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            unfinished.touch(mode=0o600)
            with unfinished.open("wb") as file:
                file.write(json.dumps(header).encode() + b"\n")
                for part in parts:
                    file.write(bytes(-file.tell() % ALIGNMENT))
                    file.write(part)
            unfinished.replace(self.path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            log.warning("The file of the index can’t be written: %s", error)
            return False
        return True

    def remove(self) -> None:
        """Remove the file, and those that a killed worker left unfinished."""
        for path in (self.path, *self.path.parent.glob(f"{self.path.name}.*")):
            path.unlink(missing_ok=True)


def _split(content: memoryview) -> tuple[dict[str, Any], list[memoryview]]:
    """Return the header, and the parts after it. Raises ValueError or KeyError."""
    end = bytes(content[:MAX_HEADER]).find(b"\n") + 1
    header = json.loads(bytes(content[:end]))
    parts = []
    for size in header["sizes"]:
        start = end + -end % ALIGNMENT
        end = start + size
        parts.append(content[start:end])
    if end != len(content):
        raise ValueError("its length is wrong")
    return header, parts


def _hash(parts: Sequence[memoryview]) -> str:
    digest = hashlib.blake2b()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _state(db: Session, edition: int) -> list[object]:
    """Return what tells this database, at an edition, from another or a restored one."""
    purges = select(func.count()).where(PurgedRecord.edition <= edition).scalar_subquery()
    row = db.execute(select(Edition.at, Edition.rules, purges).where(Edition.no == edition)).first()
    return [row.at.isoformat(), row.rules, row[2]] if row else []


def _with_own_closed(index: Index) -> Index:
    """Return the index with a column of its own for `closed`, which later editions change."""
    columns = index.rows.columns
    own = replace(columns, closed=columns.closed.copy())
    return replace(index, rows=replace(index.rows, columns=own))
