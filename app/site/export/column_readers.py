"""Readers of stored fields, for columns of every kind of record."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol

from app.kinds import Name
from app.record.names.directory import preferred_name
from app.record.payloads import form_of


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


def text(name: str, default: str = "") -> Callable[[ColumnRow], str]:
    """Return a reader of a text field. Stored forms omit defaults, hence `default`."""
    return lambda row: str(form_of(row).get(name, default))


def list_field(name: str) -> Callable[[ColumnRow], list[str]]:
    return lambda row: list(form_of(row).get(name, []))


def derived(name: str, default: Any = None) -> Callable[[ColumnRow], Any]:
    """Return a reader of a calculated value. Rows of early editions may lack one with a default."""
    if default is None:
        return lambda row: row.payload[name]
    return lambda row: row.payload.get(name, default)


def number(name: str) -> Callable[[ColumnRow], int | float | None]:
    return lambda row: form_of(row).get(name)


def preferred_name_of(row: ColumnRow) -> str:
    return preferred_name([Name.model_validate(name) for name in form_of(row)["names"]])
