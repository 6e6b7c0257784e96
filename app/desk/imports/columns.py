"""Which table of the seeds' format an uploaded one is, and which field each of its columns holds: guesses first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from app.desk.csv.reader import needed
from app.desk.csv.tables import NOUNS, ROWS, Table
from app.forms import is_private
from app.forms.base import rows_of
from app.i18n.translate import N_, _

TABLES: Mapping[str, Table] = {table.file: table for table in [*NOUNS, *ROWS]}
TITLES: Mapping[str, str] = {
    "vocabulary.csv": N_("Codes"),
    "places.csv": N_("Places"),
    "outlets.csv": N_("Outlets"),
    "sources.csv": N_("Sources"),
    "events.csv": N_("Events"),
    "estimates.csv": N_("Figures"),
    "chains.csv": N_("Chains of citations"),
    "names.csv": N_("Names of places and outlets"),
    "copies.csv": N_("Copies of sources"),
    "derivations.csv": N_("What sources rest on"),
    "terms.csv": N_("Terms of events and figures"),
    "stages.csv": N_("Stages of events"),
    "links.csv": N_("Links of events and figures"),
    "legal.csv": N_("Legal basis of events"),
    "citations.csv": N_("Citations of events and figures"),
}


@dataclass(frozen=True)
class Field:
    """What a column may hold."""

    name: str
    title: str
    is_private: bool = False
    is_needed: bool = False


@cache
def fields(file: str) -> Mapping[str, Field]:
    """By name. Other than in the seeds, what only the desk sees is among them."""
    table = TABLES[file]
    found = {}
    if table.parent:
        found[table.parent] = Field(table.parent, _("Stands under"), is_needed=True)
    for name, described in table.forms[0].model_fields.items():
        if rows_of(described) is None:
            is_needed = name in needed(table)
            found[name] = Field(name, _(described.title or name), is_private(described), is_needed)
    return found


def of_name(name: str) -> str:
    """The table that a file or sheet is by its name: `events.csv`, `Events`; none where that tells nothing."""
    file = f"{_plain(PurePath(name).stem if name.lower().endswith(('.csv', '.tsv')) else name)}.csv"
    return file if file in TABLES else ""


def of_header(header: Sequence[str]) -> str:
    """The table whose fields the header names, if one has all that such a row needs and most of the columns."""
    found = {}
    for file, table in TABLES.items():
        named = {column["field"] for column in guessed(file, header)} - {""}
        if named >= set(needed(table)):
            found[file] = len(named)
    best = max(found.values(), default=0)
    likeliest = [file for file, count in found.items() if count == best]
    return likeliest[0] if len(likeliest) == 1 and best * 2 > len(header) else ""


def guessed(file: str, header: Sequence[str]) -> list[dict[str, str]]:
    """Each column with the field that it seems to hold; each field once."""
    known = fields(file) if file else {}
    by_title = {_plain(field.title): name for name, field in known.items()}
    columns, taken = [], set()
    for title in header:
        plain = _plain(title)
        name = plain if plain in known else by_title.get(plain, "")
        columns.append({"title": title, "field": "" if name in taken else name})
        taken.add(name)
    return columns


def wrong(file: str, columns: Sequence[Mapping[str, str]]) -> list[str]:
    """Why these columns do not make such a table. What else a new record needs is told row by row: old ones have it."""
    chosen = [column["field"] for column in columns if column["field"]]
    known, parent = fields(file), TABLES[file].parent
    twice = sorted({name for name in chosen if chosen.count(name) > 1})
    reasons = [_("two columns hold “{field}”").format(field=known[name].title) for name in twice]
    if parent and parent not in chosen:
        reasons.append(_("no column holds “{field}”").format(field=known[parent].title))
    if not chosen:
        reasons.append(_("no column holds anything; leave the table out"))
    return reasons


def lacking(file: str, columns: Sequence[Mapping[str, str]]) -> list[str]:
    """What a new record needs and no column holds."""
    chosen = {column["field"] for column in columns}
    return [
        field.title
        for name, field in fields(file).items()
        if field.is_needed and name not in chosen
    ]


def _plain(title: str) -> str:
    return re.sub(r"[^\w]+", "_", title.strip().lower()).strip("_")
