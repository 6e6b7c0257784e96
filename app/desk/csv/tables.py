"""The seeds' format: which CSV file contains which form, and the column of a row's parent.

Each noun has a file, and so has each kind of repeated row. Private fields have no column.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.kinds import FORMS, Citation, Form, is_private
from app.kinds.base import notes, rows_of
from app.vocabulary.kinds import LISTED_KINDS, NOUN_OF_KIND, RecordKind

NEEDED_KINDS = (RecordKind.CODE, RecordKind.PLACE, RecordKind.OUTLET, *LISTED_KINDS)
"""Kinds of release 0.1.0. A folder may lack the files of later ones."""


@dataclass(frozen=True)
class CsvTable:
    """A CSV file. `parent` is the column with the id of the record or citation above a row."""

    file: str
    forms: tuple[type[Form], ...]
    parent: str | None = None
    field: str | None = None
    kind: str = ""
    """The letter of the records; empty for rows."""

    @property
    def is_optional(self) -> bool:
        return self.kind not in NEEDED_KINDS

    @property
    def columns(self) -> list[str]:
        own = dict.fromkeys(
            name
            for form in self.forms
            for name, field in form.model_fields.items()
            if not is_private(field) and rows_of(field) is None
        )
        return [self.parent, *own] if self.parent else [*own]


def _row_tables(parent: str, *forms: type[Form]) -> list[CsvTable]:
    """Return the tables of the repeated rows of these forms. Several may have rows in one file."""
    found: dict[str, CsvTable] = {}
    for form in forms:
        for name, field in form.model_fields.items():
            if rows := rows_of(field):
                file = f"{notes(field).column or name}.csv"
                table = found.get(file, CsvTable(file, (), parent, name))
                found[file] = replace(table, forms=tuple(dict.fromkeys((*table.forms, rows))))
    return list(found.values())


NOUNS = [
    CsvTable(
        "vocabulary.csv" if kind == RecordKind.CODE else f"{NOUN_OF_KIND[kind]}s.csv",
        (form,),
        kind=kind,
    )
    for kind, form in FORMS.items()
]
ROWS = [*_row_tables("citation", Citation), *_row_tables("record", *FORMS.values())]
"""Chains come first, because they belong to citations, which belong to records."""


def cells_of(table: CsvTable, form: Form, parent: str = "") -> list[str]:
    """Return the cells of a form or row; those of private values do not exist."""
    values = form.model_dump(mode="json")
    # A link of estimates lacks a column that links of events have, and the other way round.
    return [parent if name == table.parent else _cell(values.get(name)) for name in table.columns]


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ";".join(str(item) for item in value)
        case float():
            # repr is the shortest exact text; `format` alone would round to six digits.
            return format(Decimal(repr(value)), "f").removesuffix(".0")
    return str(value)
