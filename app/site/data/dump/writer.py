"""Writes a dump: each table as CSV and Parquet, the metadata files, and the checksums."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy.orm import Session

from app.progress import track
from app.record.editions import SelectedEdition
from app.record.names.directory import Directory
from app.site.data.dump import tables
from app.site.data.dump.metadata import DumpInfo, citation_file, data_package, licence_file, readme
from app.site.data.dump.tables import DumpTable
from app.site.export.column_types import Column, ColumnType, csv_cell

if TYPE_CHECKING:
    import pyarrow


Create = Callable[[str], BinaryIO]
"""Opens a new file for writing and reading. The caller of `write_dump` closes it."""
CHUNK_BYTES = 256 * 1024
MAX_ROWS_IN_MEMORY = 5_000
"""Rows of a row group of Parquet: the most that are in memory at a time."""


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


@dataclass
class TableWriter:
    """Writes one table in both formats."""

    table: DumpTable
    csv_file: BinaryIO
    parquet_file: BinaryIO
    about: DumpInfo
    lines: int = 0
    waiting: list[list[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Imported here: pyarrow takes a third of a second.
        import pyarrow
        from pyarrow import parquet

        self.text = io.TextIOWrapper(
            self.csv_file, encoding="utf-8", newline="", write_through=True
        )
        self.csv = csv.writer(self.text, lineterminator="\n")
        self.csv.writerow([each.name for each in self.table.columns])
        metadata = {
            "edition": str(self.about.edition.no),
            "licence": self.about.licence,
            "title": self.about.title,
        }
        self.schema = pyarrow.schema(
            [_arrow_field(each) for each in self.table.columns], metadata=metadata
        )
        self.parquet = parquet.ParquetWriter(self.parquet_file, self.schema, compression="zstd")

    def add(self, rows: Any) -> None:
        for row in rows:
            values = [_typed_value(each.holds, each.of(row)) for each in self.table.columns]
            self.csv.writerow([_csv_text(value) for value in values])
            self.waiting.append(values)
            self.lines += 1
            if len(self.waiting) >= MAX_ROWS_IN_MEMORY:
                self._write_waiting()

    def _write_waiting(self) -> None:
        # Imported here: pyarrow takes a third of a second.
        import pyarrow

        if self.waiting:
            columns = zip(*self.waiting, strict=True)
            arrays = [
                pyarrow.array(values, each.type)
                for values, each in zip(columns, self.schema, strict=True)
            ]
            self.parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=self.schema))
            self.waiting.clear()

    def close(self) -> None:
        """Write the remaining rows. The files stay open for reading."""
        self._write_waiting()
        self.parquet.close()
        self.text.detach()


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


def _csv_text(value: Any) -> str:
    """Return a CSV cell as in the lists' files. A time includes its zone."""
    return value.isoformat() if isinstance(value, date | datetime) else csv_cell(value)


def _arrow_field(each: Column[Any]) -> "pyarrow.Field":
    # Imported here: pyarrow takes a third of a second.
    import pyarrow

    types = {
        ColumnType.TEXT: pyarrow.string(),
        ColumnType.LIST: pyarrow.list_(pyarrow.string()),
        ColumnType.COUNT: pyarrow.int64(),
        ColumnType.NUMBER: pyarrow.float64(),
        ColumnType.FLAG: pyarrow.bool_(),
        ColumnType.DAY: pyarrow.date32(),
        ColumnType.MOMENT: pyarrow.timestamp("us", tz="UTC"),
    }
    return pyarrow.field(each.name, types[each.holds], metadata={"description": each.description})
