"""Tables and points of lists in chunks. Long lists run these functions in a worker process."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from app.record.names.directory import Directory
from app.record.sql import rows
from app.record.sql.streaming import OpenSession, Seqs
from app.site.export import geojson, list_columns, xlsx
from app.site.export.column_types import Column, as_csv
from app.vocabulary.kinds import RecordKind

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
