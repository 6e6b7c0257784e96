"""Metadata files of a dump: Data Package, README with dictionary, licence, citation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.i18n.formats import day
from app.record.editions import SelectedEdition
from app.site.data.dump.tables import DumpTable, tables
from app.site.export.column_types import Column, ColumnType
from app.site.references.citable import AUTHOR

LICENCES = {
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0 1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}
"""SPDX identifier and address of each licence."""


@dataclass(frozen=True)
class DumpInfo:
    """Edition and licence of a dump."""

    edition: SelectedEdition
    licence: str
    public_url: str
    """Permanent address of the site; empty if none is configured."""

    @property
    def name(self) -> str:
        return f"sojourn-edition-{self.edition.no}"

    @property
    def title(self) -> str:
        return f"{AUTHOR}, a record of restrictions on migrant workers: edition {self.edition.no}"

    @property
    def day(self) -> str:
        return self.edition.at.date().isoformat()

    @property
    def page(self) -> str:
        """Address of the edition's page on data."""
        return f"{self.public_url}/data?edition={self.edition.no}" if self.public_url else ""

    @property
    def citation(self) -> str:
        at = f" {self.page}." if self.page else ""
        return (
            f"{AUTHOR}. Edition {self.edition.no}, "
            f"{day(self.edition.at.date())}.{at} {self.licence}."
        )


# The package ------------------------------------------------------------------------------------

TYPES = {
    ColumnType.TEXT: "string",
    ColumnType.LIST: "string",
    ColumnType.COUNT: "integer",
    ColumnType.NUMBER: "number",
    ColumnType.FLAG: "boolean",
    ColumnType.DAY: "date",
    ColumnType.MOMENT: "datetime",
}
"""Types of Frictionless. A list is a string joined by “;”."""


def data_package(about: DumpInfo, files: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    """Return a Data Package (https://specs.frictionlessdata.io).

    `files` are checksum and size of each file, by name.
    """
    name, path = LICENCES.get(about.licence, ("", ""))
    return {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "version": str(about.edition.no),
        "created": about.edition.at.isoformat(timespec="seconds"),
        **({"homepage": about.page} if about.page else {}),
        "licenses": [
            {
                "name": name or about.licence.replace(" ", "-"),
                "title": about.licence,
                **({"path": path} if path else {}),
            }
        ],
        "contributors": [{"title": AUTHOR, "role": "publisher"}],
        "resources": [_resource(table, *files[f"data/{table.name}.csv"]) for table in tables()],
    }


def _resource(table: DumpTable, sha256: str, size: int) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.description,
        "path": f"data/{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": {
            "fields": [
                {
                    "name": each.name,
                    "type": TYPES[each.holds],
                    "description": _description(each),
                    **({"constraints": {"required": True}} if each.name in table.key else {}),
                }
                for each in table.columns
            ],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [own], "reference": {"resource": other, "fields": [there]}}
                for own, (other, there) in (table.refers or {}).items()
            ],
        },
    }


def _description(each: Column[Any]) -> str:
    return (
        f"{each.description} Joined by “;”." if each.holds is ColumnType.LIST else each.description
    )


# Text files -------------------------------------------------------------------------------------


def readme(about: DumpInfo, lines: Mapping[str, int]) -> str:
    parts = [
        README.format(
            title=about.title, citation=about.citation, licence=about.licence, no=about.edition.no
        )
    ]
    parts += [
        f"| `data/{table.name}.csv` | {lines[table.name]:,} | {table.description} |\n"
        for table in tables()
    ]
    for table in tables():
        parts.append(f"\n### {table.name}\n\n{table.description} Key: {', '.join(table.key)}.\n\n")
        parts.append("| column | is a | meaning |\n| --- | --- | --- |\n")
        parts += [
            f"| `{each.name}` | {each.holds} | {each.description} |\n" for each in table.columns
        ]
    return "".join(parts)


README = """\
# {title}

Who may stay, who must leave, who was seen leaving, as reported by named sources: everything that readers of
edition {no} could see, and nothing of later editions. What was taken out for the safety of a person is in no edition.

How to cite it: {citation}

* `data/` has one CSV file a table: UTF-8, commas, LF, a header in line 1. An empty cell means “not stated”, never zero.
  Lists in a cell are joined by “;”. A text that a spreadsheet would take for a formula has an apostrophe in front.
  A program that guesses how a file is written may have to be told that `"` quotes: DuckDB reads the changes with
  `read_csv('data/changes.csv', quote='"')`.
* `parquet/` has the same tables with lists as lists and texts as they are.
* `datapackage.json` describes the CSV files as a Frictionless Data Package.
* `SHA256SUMS` has the checksum of every file; `sha256sum -c SHA256SUMS` compares them. The same edition has the same
  bytes whenever it is written.

Before you count: figures of different kinds (people present, arrivals, papers) are never added up. A gap in the record
does not mean that nothing happened; perhaps nobody looked. Dates are EDTF (ISO 8601-2); an event without a day is not
one of the first of the month, and `earliest` and `latest` say what its date leaves open. `corroboration` counts independent
sources, not articles.

The record is under {licence}. Short quotations in it belong to those who wrote them.

## Tables

| file | rows | holds |
| --- | --- | --- |
"""  # noqa: E501


def citation_file(about: DumpInfo) -> str:
    """Return CITATION.cff (https://citation-file-format.github.io)."""
    spdx = LICENCES.get(about.licence, ("",))[0]
    fields = {
        "cff-version": "1.2.0",
        "message": "Please name the edition, and the id of each record that you use.",
        "type": "dataset",
        "title": about.title,
        "version": str(about.edition.no),
        "date-released": about.day,
        **({"license": spdx} if spdx else {}),
        **({"url": about.page} if about.page else {}),
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items()]
    return "".join([*lines, f"authors:\n  - name: {AUTHOR}\n"])


def licence_file(about: DumpInfo) -> str:
    path = LICENCES.get(about.licence, ("", ""))[1]
    text = (
        f"The record is under {about.licence}{f' ({path})' if path else ''}.\n"
        f"Credit: {about.citation}\n"
    )
    return f"{text}Short quotations in it belong to those who wrote them.\n"
