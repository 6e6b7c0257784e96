"""Read uploaded files in a worker process with limits on time and memory.

The worker writes each row as a line of JSON into a temporary file, which is read back.
"""

import json
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from app.desk.imports.file_reader import UnreadableUploadError, Upload, UploadedTable, read_tables
from app.i18n.translate import _
from app.worker_pool import DESK, POOL, PoolFullError, TaskLimitError

MAX_READ_SECONDS = 60
MAX_CELLS = 5_000_000
"""Cells of all uploads of one request."""


def read_sheets(uploads: Sequence[Upload], ignored: list[str]) -> Iterator[UploadedTable]:
    """Yield all tables; read each before the next. Appends other files' names to `ignored`.

    Raises UnreadableUploadError, before the first table is yielded, if a file can't be read.
    """
    with TemporaryFile() as output:
        for upload in uploads:
            upload.file.seek(0)
            upload.file.fileno()  # moves an upload that is held in memory into a file
            upload.file.flush()
        names = [upload.name for upload in uploads]
        try:
            files = [*(upload.file for upload in uploads), output]
            ignored += POOL.run(DESK, MAX_READ_SECONDS, write_tables, names, files=files)
        except TaskLimitError:
            message = _(
                "Reading the files took too long or too much memory. Upload them in parts, "
                "or as CSV files."
            )
            raise UnreadableUploadError(message) from None
        except PoolFullError:
            raise UnreadableUploadError(
                _(
                    "The server is busy reading other files. Nothing was uploaded. Try again in "
                    "a minute."
                )
            ) from None
        output.seek(0)
        lines = map(json.loads, output)
        for heading in lines:
            yield UploadedTable(
                heading["name"], heading["header"], _read_rows(lines), heading["is_ragged"]
            )


def _read_rows(lines: Iterator[Any]) -> Iterator[tuple[int, list[str]]]:
    for line in lines:
        if line is None:
            return
        number, cells = line
        yield number, cells


def write_tables(names: Sequence[str], *files: IO[bytes]) -> list[str]:
    """Write all tables into the last file. Returns the ignored files. Runs in a worker."""
    *uploaded, output = files
    ignored: list[str] = []
    count = 0
    with open(output.fileno(), "w", encoding="utf-8", closefd=False) as out:
        for sheet in read_tables(
            [Upload(name, file) for name, file in zip(names, uploaded, strict=True)], ignored
        ):
            out.write(
                _json_line(
                    {"name": sheet.name, "header": list(sheet.header), "is_ragged": sheet.is_ragged}
                )
            )
            for line in sheet.lines:
                count += len(line[1])
                if count > MAX_CELLS:
                    message = _("There are more than {most} cells. Upload the files in parts.")
                    raise UnreadableUploadError(message.format(most=f"{MAX_CELLS:,}"))
                out.write(_json_line(line))
            out.write(_json_line(None))
    return ignored


def _json_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
