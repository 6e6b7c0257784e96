"""Writing a dump: every table as CSV and as Parquet, and what a stranger needs to use, cite and check them."""

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

from app.record.editions import Reading
from app.record.names.directory import Directory
from app.site.data.dump import tables
from app.site.data.dump.describing import About, citation_file, data_package, licence_file, readme
from app.site.data.dump.tables import Table
from app.site.export.columns import Column, Holds, cell

if TYPE_CHECKING:
    import pyarrow


Create = Callable[[str], BinaryIO]
"""Makes the file of that name, to be written and read; whoever gives it closes it."""
CHUNK = 256 * 1024
ROWS_AT_ONCE = 5_000
"""That a Parquet file holds together: no more of a table is ever in memory."""


def write_dump(
    db: Session, edition: Reading, directory: Directory, about: About, create: Create
) -> dict[str, BinaryIO]:
    """Writes all files, and gives them by their names in the order in which they are to be listed.

    The same edition has the same bytes, whenever it is written: nothing in it depends on the day, on later editions or
    on the order in which a database keeps its rows. Memory stays the same however many rows there are.
    """
    files: dict[str, BinaryIO] = {}

    def new(name: str) -> BinaryIO:
        files[name] = create(name)
        return files[name]

    sheets = {
        table.name: Sheet(
            table, new(f"data/{table.name}.csv"), new(f"parquet/{table.name}.parquet"), about
        )
        for table in tables.tables()
    }
    with ExitStack() as open_sheets:
        for sheet in sheets.values():
            open_sheets.callback(sheet.close)
        for kind in tables.KINDS:
            of_kind = [sheet for sheet in sheets.values() if kind in sheet.table.kinds]
            for found in tables.records(db, edition, kind):
                for sheet in of_kind:
                    sheet.add(sheet.table.rows(found))
        for sheet in sheets.values():
            if not sheet.table.kinds:
                sheet.add(sheet.table.read(db, edition, directory))
    # To sum up and pack a large record takes minutes, and the database ends a connection that waits a minute within a
    # transaction: nothing would be left of it when the file is whole.
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
    """SHA-256 of all of it; leaves the file at its end."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


@dataclass
class Sheet:
    """One table while it is written, in both formats."""

    table: Table
    csv_file: BinaryIO
    parquet_file: BinaryIO
    about: About
    lines: int = 0
    waiting: list[list[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        import pyarrow  # takes a third of a second, which a page need not wait for
        from pyarrow import parquet

        self.text = io.TextIOWrapper(
            self.csv_file, encoding="utf-8", newline="", write_through=True
        )
        self.csv = csv.writer(self.text, lineterminator="\n")
        self.csv.writerow([each.name for each in self.table.columns])
        said = {
            "edition": str(self.about.edition.no),
            "licence": self.about.licence,
            "title": self.about.title,
        }
        self.schema = pyarrow.schema(
            [_arrow_field(each) for each in self.table.columns], metadata=said
        )
        self.parquet = parquet.ParquetWriter(self.parquet_file, self.schema, compression="zstd")

    def add(self, rows: Any) -> None:
        for row in rows:
            values = [_typed(each.holds, each.of(row)) for each in self.table.columns]
            self.csv.writerow([_as_text(value) for value in values])
            self.waiting.append(values)
            self.lines += 1
            if len(self.waiting) >= ROWS_AT_ONCE:
                self._write_waiting()

    def _write_waiting(self) -> None:
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
        """Writes what is left; the files stay open, to be read."""
        self._write_waiting()
        self.parquet.close()
        self.text.detach()


def _typed(holds: Holds, value: Any) -> Any:
    """The value as its type has it; None for what is not said."""
    if value is None or value == "":
        return None
    match holds:
        case Holds.TEXT:
            return str(value)
        case Holds.LIST:
            return [str(each) for each in value]
        case Holds.DAY:
            return date.fromisoformat(str(value))
        case Holds.MOMENT:
            return value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return value


def _as_text(value: Any) -> str:
    """A cell as in the lists' files; a moment with its zone."""
    return value.isoformat() if isinstance(value, date | datetime) else cell(value)


def _arrow_field(each: Column[Any]) -> "pyarrow.Field":
    import pyarrow

    types = {
        Holds.TEXT: pyarrow.string(),
        Holds.LIST: pyarrow.list_(pyarrow.string()),
        Holds.COUNT: pyarrow.int64(),
        Holds.NUMBER: pyarrow.float64(),
        Holds.FLAG: pyarrow.bool_(),
        Holds.DAY: pyarrow.date32(),
        Holds.MOMENT: pyarrow.timestamp("us", tz="UTC"),
    }
    return pyarrow.field(each.name, types[each.holds], metadata={"description": each.description})
