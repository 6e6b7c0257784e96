"""Readers of stored fields, for columns of every kind of record."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from pydantic.fields import FieldInfo

from app.kinds import Form, Name
from app.kinds.base import notes
from app.record.names.directory import preferred_name
from app.record.payloads import form_of
from app.site.export.column_types import Column, ColumnType, column_type

COUNT = ColumnType.COUNT


class ColumnRow(Protocol):
    """The attributes of a row that columns read."""

    @property
    def id(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def sort_day(self) -> date | None: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def added(self) -> int: ...
    @property
    def changed(self) -> int: ...


def derived(name: str, default: Any = None) -> Callable[[ColumnRow], Any]:
    """Return a reader of a calculated value. Rows of early editions may lack one with a default."""
    if default is None:
        return lambda row: row.payload[name]
    return lambda row: row.payload.get(name, default)


def former(name: str, field: str = "") -> Column[ColumnRow]:
    """Return the promised column of a field that went. Past editions have its values."""
    return Column(
        name,
        "Filled in early editions only; later ones say it in their texts.",
        lambda row: form_of(row).get(field or name, ""),
    )


def preferred_name_of(row: ColumnRow) -> str:
    return preferred_name([Name.model_validate(name) for name in form_of(row)["names"]])


SHARED: dict[str, Column[ColumnRow]] = {
    column.name: column
    for column in (
        Column("id", "Public id, with a permanent address.", lambda row: row.id),
        Column("name", "Its name in English, or as preferred.", preferred_name_of),
        Column("added", "Edition in which it was first published.", lambda row: row.added, COUNT),
        Column("changed", "Edition in which it last changed.", lambda row: row.changed, COUNT),
    )
}
"""Columns that the files of several kinds have."""


def columns(form: type[Form], *listed: str | Column[ColumnRow]) -> list[Column[ColumnRow]]:
    """Return the columns of a kind, in their order. A text names fields and `SHARED` columns."""
    found: list[Column[ColumnRow]] = []
    for each in listed:
        if isinstance(each, Column):
            found.append(each)
        else:
            found += [SHARED.get(name) or _list_column(form, name) for name in each.split()]
    return found


def _list_column(form: type[Form], name: str) -> Column[ColumnRow]:
    field = form.model_fields[name]
    column = field_column(name, field, form_of)
    # In JSON a count is never null.
    holds = ColumnType.NUMBER if column.holds is COUNT and not field.default else column.holds
    return replace(column, name=notes(field).column or name, holds=holds)


def field_column(
    name: str, field: FieldInfo, stored_of: Callable[[Any], Mapping[str, Any]]
) -> Column[Any]:
    """Return a column that reads a field of a stored form. Stored forms omit defaults."""
    holds = column_type(field)
    default = None if field.is_required() else field.get_default()
    default = "" if default is None and holds is ColumnType.TEXT else default
    return Column(
        name, field.description or "", lambda row: stored_of(row).get(name, default), holds
    )
