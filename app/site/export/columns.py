"""What a column of a published table is: its name, its meaning, what it holds; and a table written out as CSV."""

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

from app.web.csv_safety import harmless

R = TypeVar("R")


class Holds(StrEnum):
    """What the values of a column are. Text that nobody gave is empty; a number or day that nobody gave is null."""

    TEXT = "text"
    LIST = "list"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


IN_JSON: Mapping[Holds, Mapping[str, Any]] = {
    Holds.TEXT: {"type": "string"},
    Holds.LIST: {"type": "array", "items": {"type": "string"}},
    Holds.COUNT: {"type": "integer"},
    Holds.NUMBER: {"type": ["number", "null"]},
    Holds.FLAG: {"type": "boolean"},
    Holds.DAY: {"type": ["string", "null"], "format": "date"},
    Holds.MOMENT: {"type": "string", "format": "date-time"},
}
"""As JSON Schema says it."""

IN_CSV: Mapping[Holds, Mapping[str, Any]] = {
    Holds.TEXT: {"datatype": "string"},
    Holds.LIST: {"datatype": "string", "separator": ";"},
    Holds.COUNT: {"datatype": "integer"},
    Holds.NUMBER: {"datatype": "double"},
    Holds.FLAG: {"datatype": "boolean"},
    Holds.DAY: {"datatype": "date"},
    Holds.MOMENT: {"datatype": "dateTime"},
}
"""As CSV on the Web says it."""


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column of the file and field of the JSON: its name, what it means, how it is read off a row, what it holds."""

    name: str
    description: str
    of: Callable[[R], Any]
    holds: Holds = Holds.TEXT


def as_fields(columns: Sequence[Column[R]], row: R) -> dict[str, Any]:
    """The row as JSON has it."""
    return {column.name: column.of(row) for column in columns}


def in_json(value: Any) -> str:
    """As short as can be, and in its own script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cell(value: Any) -> str:
    value = plain(value)
    return harmless(value) if type(value) is str else str(value).lower()


def plain(value: Any) -> str | int | float | bool:
    """A number as it is, a list as one text, nothing as an empty one."""
    # Asked of every cell of every file, so what nearly all are comes first.
    if type(value) is str:
        return value
    if type(value) is list:
        return ";".join(map(str, value))
    if value is None:
        return ""
    return value if isinstance(value, (int, float)) else str(value)


CHUNK = 64 * 1024


def as_csv(columns: Sequence[Column[R]], rows: Iterable[R]) -> Iterator[str]:
    """A piece at a time, as the rows come. Begins with the byte order mark that spreadsheets ask for."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    readers = [column.of for column in columns]
    for row in rows:
        writer.writerow([cell(of(row)) for of in readers])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def holds(field: FieldInfo) -> Holds:
    """What a form's field holds; a date in EDTF is text."""
    kinds = {field.annotation, *get_args(field.annotation)}
    if any(Decimal in get_args(kind) for kind in kinds):
        return Holds.NUMBER
    return next(
        (
            found
            for kind, found in PLAIN.items()
            if kind in kinds or kind is get_origin(field.annotation)
        ),
        Holds.TEXT,
    )


PLAIN = {bool: Holds.FLAG, int: Holds.COUNT, float: Holds.NUMBER, date: Holds.DAY, list: Holds.LIST}
