"""Columns of published tables, for CSV, XLSX, JSON, GeoJSON and the complete dataset."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo

from app.files import escape_formula
from app.kinds import (
    FORMS,
    CodeForm,
    EstimateForm,
    EventForm,
    Form,
    Name,
    SourceForm,
)
from app.kinds.base import is_private, notes, rows_of
from app.record.names.directory import preferred_name
from app.record.names.quantity import BOUNDS
from app.record.names.support_labels import support_labels
from app.record.payloads import Stored, cited_payload, event_payload, form_of
from app.record.rules.conflicts import bounds_of
from app.record.rules.reported_status import is_our_reading, last_reported
from app.record.sql.rows import FileRow, ListRow
from app.vocabulary.citations import Stance
from app.vocabulary.estimates import Quantifier
from app.vocabulary.events import UNLIMITED, Role, TermKey, Track
from app.vocabulary.kinds import NAMED_KINDS, RecordKind
from app.vocabulary.named import FOLLOW_THE_MONEY, ActorKind

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


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column of a CSV file, and a field in JSON."""

    name: str
    description: str
    of: Callable[[R], Any] | str = ""
    """What reads it from a row, or the attribute that it is, by default of the same name."""
    holds: ColumnType = ColumnType.TEXT

    @cached_property
    def read(self) -> Callable[[R], Any]:
        return attrgetter(self.of or self.name) if isinstance(self.of, str) else self.of


def as_fields(columns: Sequence[Column[R]], row: R) -> dict[str, Any]:
    """Return the row as a JSON object, in the order of the columns."""
    return {column.name: column.read(row) for column in columns}


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
    readers = [column.read for column in columns]
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


# The columns of each kind -------------------------------------------------------------------------


COUNT = ColumnType.COUNT
ColumnRow = ListRow | FileRow


def listed(name: str, description: str, of: Callable[[ColumnRow], Any]) -> Column[ColumnRow]:
    return Column(name, description, of, ColumnType.LIST)


def calculated(
    name: str, description: str, *, payload: str = "", default: Any = None, is_list: bool = False
) -> Column[ColumnRow]:
    """Return the column of a calculated value, which rows of early editions may lack."""
    key, holds = payload or name, ColumnType.LIST if is_list else ColumnType.TEXT
    if default is None:
        return Column(name, description, lambda row: row.payload[key], holds)
    return Column(name, description, lambda row: row.payload.get(key, default), holds)


def former(name: str, field: str = "") -> Column[ColumnRow]:
    """Return the promised column of a field that went. Past editions have its values."""
    return Column(
        name,
        "Filled in early editions only; later ones say it in their texts.",
        lambda row: form_of(row).get(field or name, ""),
    )


def preferred_name_of(row: ColumnRow) -> str:
    return preferred_name([Name.model_validate(name) for name in form_of(row)["names"]])


def columns(form: type[Form], *listed: str | Column[ColumnRow]) -> list[Column[ColumnRow]]:
    """Return the columns of a kind: these, then its other public fields in the form's order.

    A text names fields and `SHARED` columns: the order of released columns is a promise.
    """
    found: list[Column[ColumnRow]] = []
    for each in listed:
        if isinstance(each, Column):
            found.append(each)
        else:
            found += [SHARED.get(name) or _list_column(form, name) for name in each.split()]
    names = {column.name for column in found}
    others = (
        _list_column(form, name)
        for name, field in form.model_fields.items()
        if notes(field).listed and not is_private(field) and not rows_of(field)
    )
    return [*found, *(column for column in others if column.name not in names)]


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


RELEASED: dict[str, tuple[str | Column[ColumnRow], ...]] = {
    RecordKind.PLACE: (
        "id code name kind parent regions country latitude longitude",
        "precision_km geonames added changed remark operator",
    ),
    RecordKind.OUTLET: (
        "id code kind country languages belongs_to reliability",
        "reliability_reason reliability_on added changed name",
    ),
    RecordKind.ACTOR: (
        "id code name kind",
        Column(
            "schema",
            "The schema of its kind in FollowTheMoney.",
            lambda row: FOLLOW_THE_MONEY[ActorKind(form_of(row)["kind"])],
        ),
        "parent country wikidata opensanctions lei isni reply reply_on",
        "reply_url remark added changed",
    ),
    RecordKind.LAW: (
        "id code name kind symbol issuer parent adopted in_force",
        "text_url remark added changed",
    ),
    RecordKind.PAGE: ("id code name kind language body places added changed",),
}
"""The columns of records with names whose order is a promise."""


NOT_COVERED = (Role.EXEMPT, Role.SHOWN_ONLY)
"""Roles of terms that a record leaves out, or only shows."""


def codes_of_key(
    terms: Sequence[Stored], key: str, *roles: str, but: Sequence[str] = NOT_COVERED
) -> list[str]:
    """Return each code or word of a key once: those of some roles, or all but those of others."""
    return list(
        dict.fromkeys(
            term.get("code") or term["printed"]
            for term in terms
            if term["key"] == key and (term["role"] in roles if roles else term["role"] not in but)
        )
    )


def joined(
    rows: Iterable[Mapping[str, Any]],
    fields: str,
    where: Callable[[Mapping[str, Any]], Any] = lambda _row: True,
) -> list[str]:
    """Return fields of repeated rows, as "key:code|printed"; words replace a missing code."""
    return [
        ":".join(
            next(
                (str(row[name]) for name in names.split("|") if row.get(name) not in {None, ""}), ""
            )
            for names in fields.split(":")
        )
        for row in rows
        if where(row)
    ]


def exempt_codes(terms: Sequence[Stored]) -> list[str]:
    """Return what is exempt, as key:code, or key:words where no code fits."""
    exempt = joined(terms, "key:code|printed", lambda term: term["role"] == Role.EXEMPT)
    return list(dict.fromkeys(exempt))


def exempt_words(terms: Sequence[Stored]) -> list[str]:
    """Return the source's words for exempt codes: often only a part of the code is meant."""
    return joined(terms, WORDS_OF_CODE, lambda t: _has_both(t) and t["role"] == Role.EXEMPT)


def covered_words(terms: Sequence[Stored]) -> list[str]:
    """Return the source's words for covered codes: often only a part of the code is meant."""
    named = (TermKey.PLACE, TermKey.ACTOR)
    return joined(
        terms,
        WORDS_OF_CODE,
        lambda t: _has_both(t) and t["key"] not in named and t["role"] not in NOT_COVERED,
    )


WORDS_OF_CODE = "key:code:printed"


def _has_both(term: Mapping[str, Any]) -> bool:
    return bool(term.get("code") and term.get("printed"))


def term_numbers(terms: Sequence[Stored]) -> list[str]:
    """Return the number of each term, as key:code:number, or key:words:number."""
    return joined(terms, "key:code|printed:number", lambda t: t.get("number") is not None)


def _terms(row: ColumnRow) -> Sequence[Stored]:
    terms: Sequence[Stored] = row.payload["form"].get("terms", ())
    return terms


def _of_terms(
    read: Callable[[Sequence[Stored]], list[str]],
) -> Callable[[ColumnRow], list[str]]:
    return lambda row: read(_terms(row))


def _codes(
    key: str, *roles: str, but: Sequence[str] = NOT_COVERED
) -> Callable[[ColumnRow], list[str]]:
    return lambda row: codes_of_key(_terms(row), key, *roles, but=but)


def _fields_supported(row: ColumnRow) -> list[str]:
    found = event_payload(row).get("field_support", {})
    return [f"{field}:{support['corroboration']}" for field, support in found.items()]


def _citation_count(stance: Stance) -> Callable[[ColumnRow], int]:
    def of(row: ColumnRow) -> int:
        citations = cited_payload(row)["form"].get("citations", ())
        return [citation["stance"] for citation in citations].count(stance)

    return of


def _last_reported(track: Track) -> Callable[[ColumnRow], str]:
    def read(row: ColumnRow) -> str:
        payload = event_payload(row)
        step = last_reported(payload).get(track)
        return step.stage.get("date", "") if step else ""

    return read


def _newest_stage(track: str) -> Callable[[ColumnRow], str]:
    return lambda row: event_payload(row)["stage"].get(track, "")


def _links_ours(row: ColumnRow) -> list[str]:
    payload = event_payload(row)
    return [
        f"{link['type']}:{link['to']}"
        for link in payload["form"].get("links", [])
        if is_our_reading(payload, link.get("id", ""))
    ]


def _joined(
    rows: str, fields: str, where: Callable[[Mapping[str, Any]], Any] = lambda _row: True
) -> Callable[[ColumnRow], list[str]]:
    return lambda row: joined(form_of(row).get(rows, ()), fields, where)


def _is_of_actor(term: Mapping[str, Any]) -> bool:
    return bool(term["key"] == TermKey.ACTOR and term.get("printed"))


def _is_unlimited(term: Mapping[str, Any]) -> bool:
    return bool(term.get("scope") in UNLIMITED and term.get("code"))


def _first_day(row: ColumnRow) -> str | None:
    return row.sort_day.isoformat() if row.sort_day else None


def _first_possible_day(row: ColumnRow) -> str | None:
    # What is only attested, or was on or before a day, sorts by that day.
    form = form_of(row)
    is_open = "attested" in form or form.get("happened", "").startswith(("[..", "../"))
    return None if is_open else _first_day(row)


def _position(name: str) -> Callable[[ColumnRow], float | None]:
    return lambda row: (row.payload.get("position") or {}).get(name)


POSITION = (
    Column("latitude", "Degrees north of the only city or town that it names. Empty for several, a workplace or a province.", _position("latitude"), ColumnType.NUMBER),
    Column("longitude", "Degrees east of the same city or town.", _position("longitude"), ColumnType.NUMBER),
    Column("precision_km", "Kilometres by which that position may be off.", _position("precision_km"), ColumnType.NUMBER),
)  # fmt: skip


SHARED: dict[str, Column[ColumnRow]] = {
    column.name: column
    for column in (
        Column("id", "Public id, with a permanent address."),
        Column("name", "Its name in English, or as preferred.", preferred_name_of),
        Column("added", "Edition in which it was first published.", "added", COUNT),
        Column("changed", "Edition in which it last changed.", "changed", COUNT),
        Column("latest", "Latest possible day. Empty if open.", lambda row: row.last_day.isoformat() if row.last_day else None, ColumnType.DAY),
        calculated("corroboration", "How many independent sources support it.", is_list=True),
        Column("origins", "The number of independent sources.", lambda row: len(cited_payload(row)["origins"]), ColumnType.COUNT),
        listed("disputed", "Which fields are disputed.", lambda row: list(cited_payload(row)["disputed"])),
        Column("supports", "How many citations support it.", _citation_count(Stance.SUPPORTS), ColumnType.COUNT),
        Column("disputes", "How many citations dispute it.", _citation_count(Stance.DISPUTES), ColumnType.COUNT),
        calculated("sources", "Ids of the sources cited.", is_list=True),
        calculated("outlets", "Codes of their outlets.", is_list=True),
        Column("support_in_words", "Support in words, with “Alleged” where no source states it firmly.", lambda row: "; ".join(label for _, label in support_labels(cited_payload(row)))),
        calculated("certainty", "firm, or alleged where no source states it firmly. Empty without support.", default=""),
        calculated("supporting_sources", "Ids of the sources that support it.", default=(), is_list=True),
        calculated("supporting_outlets", "Codes of their outlets.", default=(), is_list=True),
        listed("actors", "Codes of the actors named, each once.", _codes("actor")),
        listed("actors_as_worded", "Actors with their wording in the source, as role:code:words. The code is empty for actors without a page.", _joined("terms", "role:code:printed", _is_of_actor)),
    )
}  # fmt: skip
"""Columns that the files of several kinds have."""


EVENT = columns(
    EventForm,
    "id title summary type happened",
    calculated("happened_in_words", "The same in words.", payload="happened_words"),
    "happened_text",
    Column("earliest", "Earliest possible day. Empty if open.", _first_possible_day, ColumnType.DAY),
    "latest",
    calculated("precision", "Whether the date is known to the day, month, season or year."),
    "deadline",
    listed("places", "Codes of the places.", _codes("place")),
    listed("places_shown_only", "Codes of places that are only pictured.", _codes("place", Role.SHOWN_ONLY)),
    Column("law", "Last reported legal status.", _newest_stage("law")),
    Column("practice", "Last reported status in practice.", _newest_stage("practice")),
    listed("side", "Who ordered it.", lambda row: list(dict.fromkeys(t["side"] for t in _terms(row) if t.get("side")))),
    listed("nationalities", "Nationalities covered.", _codes("nationality")),
    listed("groups", "Groups of workers covered.", _codes("group")),
    listed("papers", "Visas and permits covered.", _codes("paper")),
    listed("exempt", "Whom or what it explicitly does not cover, as key:code.", _of_terms(exempt_codes)),
    listed("sectors", "Industries covered.", _codes("sector")),
    "corroboration origins disputed supports disputes",
    Column("mentions", "How many citations mention it.", _citation_count(Stance.MENTIONS), ColumnType.COUNT),
    "sources outlets",
    calculated("estimates", "Ids of the estimates for the event.", is_list=True),
    "added changed",
    former("within"),
    Column("law_last_reported", "Day for which the legal status was last reported, in EDTF.", _last_reported(Track.LAW)),
    Column("practice_last_reported", "Day for which the status in practice was last reported, in EDTF.", _last_reported(Track.PRACTICE)),
    former("within_reason"),
    former("deadline_as_printed", "deadline_text"),
    "support_in_words certainty supporting_sources supporting_outlets",
    listed("fields_supported", "Support of single fields, as field:level.", _fields_supported),
    "no_nationality attested",
    listed("rights", "Rights or services that people lose.", _codes("right")),
    listed("laws", "Related laws, as relation:code:reading.", _joined("legal", "relation:instrument|printed:reading")),
    listed("links", "Links to other events, as link:event.", _joined("links", "type:to")),
    listed("steps", "All status changes, as step:date:citation.", _joined("stages", "step:date:citation")),
    listed("roles", "All values with their roles, as key:role:code.", _joined("terms", "key:role:code|printed")),
    calculated("lapsed", "Tracks whose stated end has passed by the day of the edition.", default=(), is_list=True),
    "happened_basis happened_basis_reason",
    listed("exempt_words", "Wording of exemptions in the source, as key:code:words.", _of_terms(exempt_words)),
    listed("carried_out_by", "For plans: events that carry them out.", lambda row: [each["event"] for each in row.payload.get("carried_out_by", ())]),
    listed("links_ours", "Links that are the editors’ reading, as link:event.", _links_ours),
    listed("planned_for", "Planned dates of status changes, as step:date:citation.", _joined("stages", "step:planned_for:citation", lambda each: each.get("planned_for"))),
    listed("stated_ends", "Stated ends of measures, as step:date:citation.", _joined("stages", "step:valid_until:citation", lambda each: each.get("valid_until"))),
    listed("covered_words", "Wording of what is covered in the source, as key:code:words.", _of_terms(covered_words)),
    listed("term_numbers", "Numbers of values, as key:code:number or key:words:number.", _of_terms(term_numbers)),
    "actors actors_as_worded",
    calculated("direction", "What it means for the workers: tightens, eases, arrives or leaves. Empty if none of these.", default=""),
    *POSITION,
)  # fmt: skip


def _bound(end: str) -> Callable[[ColumnRow], float | None]:
    """Return a reader of `low`, `middle` or `high` of the values that an estimate allows."""

    def read(row: ColumnRow) -> float | None:
        form = form_of(row)
        numbers = (Decimal(str(form[name])) if name in form else None for name in BOUNDS)
        value = getattr(bounds_of(Quantifier(form["quantifier"]), *numbers), end, None)
        return None if value is None else int(value) if value == int(value) else float(value)

    return read


ESTIMATE = columns(
    EstimateForm,
    "id event",
    listed("places", "Codes of the places. Two places are counted together.", _codes("place")),
    "counts nature unit per form low point high quantifier printed_words",
    Column("printed", "False in early editions for a number calculated by us; now its remark says so.", lambda row: bool(form_of(row).get("printed", True)), ColumnType.FLAG),
    "population population_text as_of period",
    calculated("time_in_words", "Date or period in words.", payload="time_words"),
    # No first day could be named of what is true of a day or earlier.
    Column("earliest", "Earliest possible day.", lambda row: None if form_of(row).get("as_of", "").startswith("[..") else _first_day(row), ColumnType.DAY),
    "latest",
    listed("nationalities", "Nationalities counted.", _codes("nationality")),
    listed("papers", "Visas and permits counted.", _codes("paper")),
    listed("sectors", "Industries counted.", _codes("sector")),
    "role",
    calculated("series", "Key of comparable estimates."),
    calculated("conflicts", "Ids of conflicting estimates.", is_list=True),
    calculated("differs", "Ids of estimates up to 92 days apart with a different value.", is_list=True),
    "corroboration origins disputed supports disputes sources outlets added changed",
    Column("time_as_printed", "Wording of the date or period in the source.", lambda row: form_of(row).get("as_of_text") or form_of(row).get("period_text", "")),
    "role_reason remark support_in_words certainty supporting_sources supporting_outlets",
    calculated("coverage", "Whether it covers the “whole” or a “part” of its population at its place. Empty for movements, and for changes and shares if unknown.", default=""),
    listed("describing_sectors", "Industries that the number is not limited to.", _joined("terms", "code", lambda term: term["key"] == TermKey.SECTOR and _is_unlimited(term))),
    listed("places_from", "Codes of places that people come from or leave, also in places.", _codes("place", Role.FROM)),
    listed("places_to", "Codes of places that people go to, also in places.", _codes("place", Role.TO)),
    listed("places_through", "Codes of places that people pass through, also in places.", _codes("place", Role.VIA)),
    listed("groups", "Groups of people counted.", _codes("group")),
    "share_of inferred inferred_reason papers_were",
    listed("counts_others", "Values that the number is not limited to, as key:code:scope. Nationalities among them are also in nationalities.", _joined("terms", "key:code:scope", _is_unlimited)),
    "actors actors_as_worded",
    *POSITION,
    Column("at_least", "The lowest value that it allows, by the rule for conflicts. Empty if it names none.", _bound("low"), ColumnType.NUMBER),
    Column("middle", "The middle between the two. Empty if one is missing.", _bound("middle"), ColumnType.NUMBER),
    Column("at_most", "The highest value that it allows, by the rule for conflicts. Empty if it names none.", _bound("high"), ColumnType.NUMBER),
)  # fmt: skip


SOURCE = columns(
    SourceForm,
    "id outlet title title_basis title_en",
    calculated("address", "Address of the source. Empty for an index or an unrelated site.", payload="link"),
    "language author kind published",
    calculated("published_in_words", "The same in words.", payload="published_words"),
    "published_basis",
    calculated("rests_on", "Ids of all sources that it depends on.", is_list=True),
    calculated("cited_by", "Ids of the events and estimates that cite it.", is_list=True),
    listed("read", "How much of each copy was read.", _joined("copies", "extent", lambda copy: copy.get("extent"))),
    listed("archive", "Addresses of archived copies.", _joined("copies", "archive", lambda copy: copy.get("archive"))),
    "added changed",
    former("published_as_printed", "published_text"),
    former("rights"),
)  # fmt: skip

CODE = columns(
    CodeForm,
    Column("id", "Public id: the list and the code."),
    "list code label definition example group nature successor added changed",
)  # fmt: skip

COLUMNS: dict[str, Sequence[Column[ColumnRow]]] = {
    RecordKind.EVENT: EVENT,
    RecordKind.ESTIMATE: ESTIMATE,
    RecordKind.SOURCE: SOURCE,
    **{
        kind: columns(FORMS[kind], *RELEASED.get(kind, ("id code name added changed",)))
        for kind in NAMED_KINDS
    },
    RecordKind.CODE: CODE,
}
REPEATED_FIELDS: dict[str, list[str]] = {
    kind: [name for name, field in FORMS[kind].model_fields.items() if rows_of(field)]
    for kind in COLUMNS
}
"""Repeated rows of the form that JSON has in addition to the columns."""


def row_as_json(kind: str, row: ColumnRow) -> dict[str, Any]:
    """Return the columns in their order, then the repeated rows of the form in full."""
    form = form_of(row)
    return as_fields(COLUMNS[kind], row) | {key: form.get(key, []) for key in REPEATED_FIELDS[kind]}
