"""Reads uploaded files in a worker process, where a hostile one can take neither the site's time nor its memory.

The worker writes what it read into a temporary file, a line of JSON for each row, and the import goes on from there.
"""

import json
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from app.desk.imports.opening import Sheet, Unreadable, Upload, sheets
from app.i18n.translate import _
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

MAX_READ_SECONDS = 60
MAX_CELLS = 5_000_000
"""Of all that is sent at once; blank rows have limits of their own."""


def read_sheets(uploads: Sequence[Upload], aside: list[str]) -> Iterator[Sheet]:
    """Yield all tables, each to be read before the next; names of other files are added to `aside`.

    Raises Unreadable before the first table where any of them can't be read.
    """
    with TemporaryFile() as found:
        for upload in uploads:
            upload.file.seek(0)
            upload.file.fileno()  # moves what was held in memory into a file
            upload.file.flush()
        names = [upload.name for upload in uploads]
        try:
            files = [*(upload.file for upload in uploads), found]
            aside += POOL.run(DESK, MAX_READ_SECONDS, write_tables, names, files=files)
        except TaskLimitError:
            words = _(
                "Reading what was sent took too long or too much memory. Send it in parts, or as CSV files."
            )
            raise Unreadable(words) from None
        except PoolFullError:
            raise Unreadable(
                _(
                    "Too many files are being read at the moment. Nothing was kept: send it again in a minute."
                )
            ) from None
        found.seek(0)
        lines = map(json.loads, found)
        for head in lines:
            yield Sheet(head["name"], head["header"], _rows(lines), head["is_ragged"])


def _rows(lines: Iterator[Any]) -> Iterator[tuple[int, list[str]]]:
    for line in lines:
        if line is None:
            return
        number, cells = line
        yield number, cells


def write_tables(names: Sequence[str], *files: IO[bytes]) -> list[str]:
    """Write all tables of the uploads into the last file; return the names of what is no table. Runs in a worker."""
    *sent, found = files
    aside: list[str] = []
    count = 0
    with open(found.fileno(), "w", encoding="utf-8", closefd=False) as out:
        for sheet in sheets(
            [Upload(name, file) for name, file in zip(names, sent, strict=True)], aside
        ):
            out.write(
                _as_line(
                    {"name": sheet.name, "header": list(sheet.header), "is_ragged": sheet.is_ragged}
                )
            )
            for line in sheet.lines:
                count += len(line[1])
                if count > MAX_CELLS:
                    words = _("There are more than {most} cells: send it in parts.")
                    raise Unreadable(words.format(most=f"{MAX_CELLS:,}"))
                out.write(_as_line(line))
            out.write(_as_line(None))
    return aside


def _as_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
