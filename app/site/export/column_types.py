"""Columns of published tables: name, description and type of value; and a CSV writer."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo

from app.web.csv_safety import escape_formula

R = TypeVar("R")


class ColumnType(StrEnum):
    """The type of a column's values. A missing text is empty; a missing number or day is null."""

    TEXT = "text"
    LIST = "list"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


JSON_SCHEMA_TYPES: Mapping[ColumnType, Mapping[str, Any]] = {
    ColumnType.TEXT: {"type": "string"},
    ColumnType.LIST: {"type": "array", "items": {"type": "string"}},
    ColumnType.COUNT: {"type": "integer"},
    ColumnType.NUMBER: {"type": ["number", "null"]},
    ColumnType.FLAG: {"type": "boolean"},
    ColumnType.DAY: {"type": ["string", "null"], "format": "date"},
    ColumnType.MOMENT: {"type": "string", "format": "date-time"},
}
"""The types in JSON Schema."""

CSVW_DATATYPES: Mapping[ColumnType, Mapping[str, Any]] = {
    ColumnType.TEXT: {"datatype": "string"},
    ColumnType.LIST: {"datatype": "string", "separator": ";"},
    ColumnType.COUNT: {"datatype": "integer"},
    ColumnType.NUMBER: {"datatype": "double"},
    ColumnType.FLAG: {"datatype": "boolean"},
    ColumnType.DAY: {"datatype": "date"},
    ColumnType.MOMENT: {"datatype": "dateTime"},
}
"""The types in CSV on the Web metadata."""


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column of a CSV file, and a field in JSON. `of` reads its value from a row."""

    name: str
    description: str
    of: Callable[[R], Any]
    holds: ColumnType = ColumnType.TEXT


def as_fields(columns: Sequence[Column[R]], row: R) -> dict[str, Any]:
    """Return the row as a JSON object, in the order of the columns."""
    return {column.name: column.of(row) for column in columns}


def compact_json(value: Any) -> str:
    """Return compact JSON that does not escape letters outside ASCII."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def csv_cell(value: Any) -> str:
    value = plain_value(value)
    return escape_formula(value) if type(value) is str else str(value).lower()


def plain_value(value: Any) -> str | int | float | bool:
    """Return a value for a single cell: lists are joined by ";", None becomes empty text."""
    # Called for each cell of each file, so the most frequent types are tested first.
    if type(value) is str:
        return value
    if type(value) is list:
        return ";".join(map(str, value))
    if value is None:
        return ""
    return value if isinstance(value, (int, float)) else str(value)


CHUNK = 64 * 1024


def as_csv(columns: Sequence[Column[R]], rows: Iterable[R]) -> Iterator[str]:
    """Yield the table in chunks. The byte order mark makes spreadsheets read it as UTF-8."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    readers = [column.of for column in columns]
    for row in rows:
        writer.writerow([csv_cell(of(row)) for of in readers])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def column_type(field: FieldInfo) -> ColumnType:
    """Return the column type of a form's field. Dates in EDTF are text."""
    kinds = {field.annotation, *get_args(field.annotation)}
    if any(Decimal in get_args(kind) for kind in kinds):
        return ColumnType.NUMBER
    return next(
        (
            found
            for kind, found in TYPES_BY_ANNOTATION.items()
            if kind in kinds or kind is get_origin(field.annotation)
        ),
        ColumnType.TEXT,
    )


TYPES_BY_ANNOTATION = {
    bool: ColumnType.FLAG,
    int: ColumnType.COUNT,
    float: ColumnType.NUMBER,
    date: ColumnType.DAY,
    list: ColumnType.LIST,
}
