"""Table and fields that an uploaded file holds: guesses from its name and header, and checks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from app.desk.csv.reader import required_columns
from app.desk.csv.tables import NOUNS, ROWS, CsvTable
from app.i18n.translate import N_, _
from app.kinds import is_private
from app.kinds.base import rows_of

TABLES: Mapping[str, CsvTable] = {table.file: table for table in [*NOUNS, *ROWS]}
TITLES: Mapping[str, str] = {
    "vocabulary.csv": N_("Codes"),
    "actors.csv": N_("Actors"),
    "laws.csv": N_("Laws"),
    "law_articles.csv": N_("Articles of laws"),
    "places.csv": N_("Places"),
    "outlets.csv": N_("Outlets"),
    "sources.csv": N_("Sources"),
    "events.csv": N_("Events"),
    "estimates.csv": N_("Estimates"),
    "chains.csv": N_("Attribution chains"),
    "pages.csv": N_("Pages"),
    "page_sections.csv": N_("Parts of pages"),
    "page_marks.csv": N_("Marks of the picture on the front page"),
    "names.csv": N_("Names of actors, laws, places, outlets and pages"),
    "copies.csv": N_("Copies of sources"),
    "derivations.csv": N_("Earlier reports of sources"),
    "terms.csv": N_("Terms of events and estimates"),
    "stages.csv": N_("Status changes of events"),
    "links.csv": N_("Links of events and estimates"),
    "joined_sources.csv": N_("Decisions on independent sources"),
    "legal.csv": N_("Laws of events and estimates"),
    "citations.csv": N_("Citations of events and estimates"),
}


@dataclass(frozen=True)
class ColumnField:
    """A field that a column can hold."""

    name: str
    title: str
    is_private: bool = False
    is_needed: bool = False


@cache
def fields_of_table(file: str) -> Mapping[str, ColumnField]:
    """Return the fields of a table by name, private fields included (seed files have none)."""
    table = TABLES[file]
    result = {}
    if table.parent:
        result[table.parent] = ColumnField(table.parent, _("Belongs to"), is_needed=True)
    fields = [field for form in table.forms for field in form.model_fields.items()]
    for name, described in fields:
        if rows_of(described) is None:
            is_needed = name in required_columns(table)
            result[name] = ColumnField(
                name, _(described.title or name), is_private(described), is_needed
            )
    return result


def guess_table_by_name(name: str) -> str:
    """Return the table of a file or sheet named `events.csv` or `Events`, or an empty string."""
    stem = PurePath(name).stem if name.lower().endswith((".csv", ".tsv")) else name
    file = f"{_normalise(stem)}.csv"
    return file if file in TABLES else ""


def guess_table_by_header(header: Sequence[str]) -> str:
    """Return the table that the header fits best, or an empty string.

    The header must have every required field of the table; most of its columns must be fields.
    """
    result = {}
    for file, table in TABLES.items():
        named = {column["field"] for column in guess_columns(file, header)} - {""}
        if named >= set(required_columns(table)):
            result[file] = len(named)
    best = max(result.values(), default=0)
    likeliest = [file for file, count in result.items() if count == best]
    return likeliest[0] if len(likeliest) == 1 and best * 2 > len(header) else ""


def guess_columns(file: str, header: Sequence[str]) -> list[dict[str, str]]:
    """Return each column with the field that its title names. Each field is used once."""
    by_name = fields_of_table(file) if file else {}
    by_title = {_normalise(field.title): name for name, field in by_name.items()}
    columns, used = [], set()
    for title in header:
        normalised = _normalise(title)
        name = normalised if normalised in by_name else by_title.get(normalised, "")
        columns.append({"title": title, "field": "" if name in used else name})
        used.add(name)
    return columns


def column_errors(file: str, columns: Sequence[Mapping[str, str]]) -> list[str]:
    """Return why the columns don't fit the table.

    Missing required fields are reported row by row, because existing records already have them.
    """
    chosen = [column["field"] for column in columns if column["field"]]
    by_name, parent = fields_of_table(file), TABLES[file].parent
    repeated = sorted({name for name in chosen if chosen.count(name) > 1})
    reasons = [
        _("two columns contain “{field}”: choose another content for one of them").format(
            field=by_name[name].title
        )
        for name in repeated
    ]
    if parent and parent not in chosen:
        reasons.append(
            _("no column contains “{field}”: choose a column for it").format(
                field=by_name[parent].title
            )
        )
    if not chosen:
        reasons.append(_("no column has a content: choose one, or leave the table out"))
    return reasons


def missing_fields(file: str, columns: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the titles of fields that a new record needs and no column holds."""
    chosen = {column["field"] for column in columns}
    return [
        field.title
        for name, field in fields_of_table(file).items()
        if field.is_needed and name not in chosen
    ]


def _normalise(title: str) -> str:
    return re.sub(r"[^\w]+", "_", title.strip().lower()).strip("_")
