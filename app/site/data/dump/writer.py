"""Writes a dump: each table as CSV and Parquet, the metadata files, and the checksums."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from app.progress import track
from app.record.editions import SelectedEdition
from app.record.names.directory import Directory
from app.site.data.dump import tables
from app.site.data.dump.metadata import DumpInfo, citation_file, data_package, licence_file, readme
from app.site.data.dump.tables import DumpTable
from app.site.export.column_types import ColumnType, compact_json, csv_cell

Create = Callable[[str], BinaryIO]
"""Opens a new file for writing and reading. The caller of `write_dump` closes it."""
CHUNK_BYTES = 256 * 1024
ROWS_PER_GROUP = 10_240
"""Rows of a row group of Parquet: the most that are in memory at a time."""
DUCKDB_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "256MB",
    "autoinstall_known_extensions": False,
}
"""One thread, so that the same rows give the same bytes. Nothing is fetched from the network."""


def write_dump(
    db: Session, edition: SelectedEdition, directory: Directory, about: DumpInfo, create: Create
) -> dict[str, BinaryIO]:
    """Write all files of a dump, and return them sorted by name.

    The same edition always gives the same bytes: the content does not depend on the day, on later
    editions or on the physical order of rows. Memory use does not depend on the number of rows.
    """
    files: dict[str, BinaryIO] = {}

    def new(name: str) -> BinaryIO:
        files[name] = create(name)
        return files[name]

    sheets = {
        table.name: TableWriter(
            table, new(f"data/{table.name}.csv"), new(f"parquet/{table.name}.parquet"), about
        )
        for table in tables.tables()
    }
    with ExitStack() as open_sheets:
        for sheet in sheets.values():
            open_sheets.callback(sheet.close)
        for kind in tables.KINDS:
            of_kind = [sheet for sheet in sheets.values() if kind in sheet.table.kinds]
            what = f"Writing {kind.name.lower()} records"
            for found in track(tables.records(db, edition, kind), what):
                for sheet in of_kind:
                    sheet.add(sheet.table.rows(found))
        for sheet in sheets.values():
            if not sheet.table.kinds:
                sheet.add(sheet.table.read(db, edition, directory))
    # Checksums and compression of a large record take minutes, and the database closes a connection
    # that is idle in a transaction for a minute.
    db.rollback()
    sizes = {name: (checksum(file), file.tell()) for name, file in files.items()}
    texts = {
        "datapackage.json": json.dumps(data_package(about, sizes), ensure_ascii=False, indent=1)
        + "\n",
        "README.md": readme(about, {name: sheet.lines for name, sheet in sheets.items()}),
        "CITATION.cff": citation_file(about),
        "LICENCE.txt": licence_file(about),
    }
    for name, text in texts.items():
        new(name).write(text.encode())
    sums = "".join(f"{checksum(files[name])}  {name}\n" for name in sorted(files))
    new("SHA256SUMS").write(sums.encode())
    return dict(sorted(files.items()))


def checksum(file: BinaryIO) -> str:
    """Return the SHA-256 of the whole file. Leaves the position at its end."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


class TableWriter:
    """Writes one table in both formats. Parquet is made of its rows as JSON when it is closed."""

    def __init__(
        self, table: DumpTable, csv_file: BinaryIO, parquet_file: BinaryIO, about: DumpInfo
    ) -> None:
        self.table, self.about, self.parquet_file = table, about, parquet_file
        self.lines = 0
        self.text = io.TextIOWrapper(csv_file, encoding="utf-8", newline="", write_through=True)
        self.csv = csv.writer(self.text, lineterminator="\n")
        self.csv.writerow([each.name for each in table.columns])
        self.folder = TemporaryDirectory()
        self.json = (Path(self.folder.name) / "rows.json").open("w", encoding="utf-8")

    def add(self, rows: Any) -> None:
        for row in rows:
            values = [_typed_value(each.holds, each.of(row)) for each in self.table.columns]
            self.csv.writerow([_csv_text(value) for value in values])
            found = {
                each.name: _json_value(value)
                for each, value in zip(self.table.columns, values, strict=True)
            }
            self.json.write(f"{compact_json(found)}\n")
            self.lines += 1

    def close(self) -> None:
        """Write the Parquet file. Both files stay open for reading."""
        self.text.detach()
        with self.folder, self.json:
            self.json.flush()
            self._write_parquet(Path(self.json.name))

    def _write_parquet(self, rows: Path) -> None:
        # Imported here: DuckDB takes a third of a second.
        import duckdb

        types = {each.name: PARQUET_TYPES[each.holds] for each in self.table.columns}
        written = rows.with_name("rows.parquet")
        info = {
            "edition": str(self.about.edition.no),
            "licence": self.about.licence,
            "title": self.about.title,
        }
        with duckdb.connect(config=DUCKDB_CONFIG) as db:
            db.execute(
                f"copy (from read_json({_sql(rows)}, format = 'newline_delimited', "
                f"columns = {_sql(types)})) to {_sql(written)} (format parquet, compression zstd, "
                f"row_group_size {ROWS_PER_GROUP}, kv_metadata {_sql(info)})"
            )
        with written.open("rb") as file:
            copyfileobj(file, self.parquet_file, CHUNK_BYTES)


PARQUET_TYPES = {
    ColumnType.TEXT: "varchar",
    ColumnType.LIST: "varchar[]",
    ColumnType.COUNT: "bigint",
    ColumnType.NUMBER: "double",
    ColumnType.FLAG: "boolean",
    ColumnType.DAY: "date",
    ColumnType.MOMENT: "timestamptz",
}
"""The types in SQL."""


def _sql(value: object) -> str:
    """Return a text, or an object with texts, as SQL."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_sql(key)}: {_sql(each)}' for key, each in value.items())}}}"
    return "'" + str(value).replace("'", "''") + "'"


def _typed_value(holds: ColumnType, value: Any) -> Any:
    """Convert a value to its column's type; empty text becomes None."""
    if value is None or value == "":
        return None
    match holds:
        case ColumnType.TEXT:
            return str(value)
        case ColumnType.LIST:
            return [str(each) for each in value]
        case ColumnType.DAY:
            return date.fromisoformat(str(value))
        case ColumnType.MOMENT:
            return value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return value


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _csv_text(value: Any) -> str:
    """Return a CSV cell as in the lists' files. A time includes its zone."""
    return csv_cell(_json_value(value))
