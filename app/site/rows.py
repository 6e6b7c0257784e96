"""One definition of a published event as data: the columns of its CSV file and the shape of its JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.record.queries import Found
from app.vocabulary import Stance


@dataclass(frozen=True)
class Column:
    """A column of the file and field of the JSON: its name, what it holds, and how it is read off a row."""

    name: str
    description: str
    of: Callable[[Found], Any]


def form_of(row: Found) -> Mapping[str, Any]:
    form: Mapping[str, Any] = row.payload["form"]
    return form


def _terms(key: str, *roles: str, but: Sequence[str] = ("exempt", "shown-only")) -> Callable[[Found], list[str]]:
    def of(row: Found) -> list[str]:
        terms = form_of(row).get("terms", [])
        codes = [t.get("code") or t["printed"] for t in terms if t["key"] == key and _fits(t["role"], roles, but)]
        return list(dict.fromkeys(codes))

    return of


def _fits(role: str, roles: Sequence[str], but: Sequence[str]) -> bool:
    return role in roles if roles else role not in but


def _said(name: str) -> Callable[[Found], str]:
    return lambda row: str(form_of(row).get(name, ""))


def _citations(stance: Stance) -> Callable[[Found], int]:
    return lambda row: sum(citation["stance"] == stance for citation in form_of(row).get("citations", []))


def _step(track: str) -> Callable[[Found], str]:
    return lambda row: str(row.payload["stage"].get(track, ""))


def _exempt(row: Found) -> list[str]:
    terms = form_of(row).get("terms", [])
    return [f"{t['key']}:{t.get('code') or t['printed']}" for t in terms if t["role"] == "exempt"]


def _sides(row: Found) -> list[str]:
    return list(dict.fromkeys(t["side"] for t in form_of(row).get("terms", []) if t.get("side")))


def _earliest(row: Found) -> str:
    return row.sort_day.isoformat() if row.sort_day else ""


def _last(row: Found) -> str:
    days = row.span[-1].last if row.span else None
    return days.isoformat() if days else ""


EVENT: list[Column] = [
    Column("id", "Public id; answers for ever at /events/{id}.", lambda row: row.id),
    Column("title", "What happened, in our own words.", _said("title")),
    Column("summary", "In our own words.", _said("summary")),
    Column("type", "Type of event; see the codebook.", _said("type")),
    Column("happened", "When it happened, in EDTF (ISO 8601-2); empty if nobody says.", _said("happened")),
    Column("happened_in_words", "The same in words.", lambda row: row.payload["happened_words"]),
    Column("happened_as_printed", "The date as the source puts it.", _said("happened_text")),
    Column("earliest", "First day on which it could have happened.", _earliest),
    Column("latest", "Last day on which it could have happened; empty if open.", _last),
    Column("precision", "The coarsest part of the date as written.", lambda row: row.payload["precision"]),
    Column("deadline", "Day by which something must be done, in EDTF.", _said("deadline")),
    Column("places", "Codes of the places named.", _terms("place")),
    Column("places_shown_only", "Codes of places seen in a picture only.", _terms("place", "shown-only")),
    Column("law", "Newest step known on the track of law.", _step("law")),
    Column("practice", "Newest step known on the track of practice.", _step("practice")),
    Column("side", "On whose side those who order stand.", _sides),
    Column("nationalities", "Nationalities covered.", _terms("nationality")),
    Column("groups", "Groups of workers covered.", _terms("group")),
    Column("papers", "Visas and papers covered.", _terms("paper")),
    Column("exempt", "What is left out, as key:code.", _exempt),
    Column("sectors", "Sectors covered.", _terms("sector")),
    Column("corroboration", "How many independent origins support it.", lambda row: row.payload["corroboration"]),
    Column("origins", "The number of independent origins.", lambda row: len(row.payload["origins"])),
    Column("disputed", "Which fields are disputed.", lambda row: list(row.payload["disputed"])),
    Column("supports", "How many citations support it.", _citations(Stance.SUPPORTS)),
    Column("disputes", "How many citations dispute it.", _citations(Stance.DISPUTES)),
    Column("mentions", "How many citations mention it.", _citations(Stance.MENTIONS)),
    Column("sources", "Ids of the sources cited.", lambda row: row.payload["sources"]),
    Column("outlets", "Codes of their outlets.", lambda row: row.payload["outlets"]),
    Column("estimates", "Ids of the figures that belong to it.", lambda row: row.payload["estimates"]),
    Column("added", "Edition in which it was first published.", lambda row: row.added),
    Column("changed", "Edition in which it last changed.", lambda row: row.changed),
]  # fmt: skip


def as_json(row: Found) -> dict[str, Any]:
    """Columns first, in their order; then all that was said, citations with their chains included."""
    values = {column.name: column.of(row) for column in EVENT}
    form = form_of(row)
    return values | {key: form.get(key, []) for key in ("terms", "stages", "links", "legal", "citations")}


def as_cells(row: Found) -> list[str]:
    return [_cell(column.of(row)) for column in EVENT]


def _cell(value: Any) -> str:
    text = ";".join(str(item) for item in value) if isinstance(value, list) else str(value)
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
