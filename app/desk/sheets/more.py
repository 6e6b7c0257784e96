"""The part of a draft's document that a row of a sheet has no field for, as JSON in the row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from app.documents import ROW, Document, fit_to_form, new_key
from app.kinds import ChainStep, Form, Legal
from app.kinds.base import is_private, rows_of
from app.vocabulary.laws import LegalRelation, Reading

OWNED_BY_ROW = frozenset(
    {
        *("title", "summary", "type", "happened", "happened_text", "attested", "deadline"),
        *("event", "counts", "nature", "unit", "per", "form", "share_of", "low"),
        *("point", "high", "quantifier", "printed_words", "population", "population_text"),
        *("as_of", "as_of_text", "period", "period_text", "stance", "kind", "certainty"),
        *(
            "certainty_text",
            "said",
            "said_text",
            "paraphrase",
            "reason",
            "to",
            "reports_event",
        ),
        *("step", "date", "planned_for", "citation"),
    }
)
"""Fields that come from the row if it has a value for them, whatever `more` has."""


IN_ROW = frozenset({"terms"})
"""Lists of a document that a row has as a whole."""


def read_more(text: str) -> Document:
    """Return the fields of the long form that a row keeps; none if the text is no such part."""
    try:
        part = json.loads(text) if text else {}
    except ValueError:
        return {}
    return part if isinstance(part, dict) else {}


def with_more(form: type[Form], produced: Document, more: Document) -> Document:
    """Return what a row gives, with what it keeps of the long form."""
    document = dict(produced)
    for name, described in form.model_fields.items():
        kept = more.get(name)
        if child := rows_of(described):
            if isinstance(kept, list) and name == "chain":
                document[name] = _with_more_steps(produced[name], kept)
            elif isinstance(kept, list):
                document[name] = merge_rows(child, produced[name], kept)
        elif isinstance(kept, str) and not (name in OWNED_BY_ROW and produced[name]):
            document[name] = kept
    return document


def merge_rows(
    form: type[Form], produced: Sequence[Document], kept: Iterable[Document]
) -> list[Document]:
    """Return the rows that a row gives, each with what was kept of it, then rows only kept."""
    by_key = {part[ROW]: part for part in kept if isinstance(part, dict) and ROW in part}
    merged = [
        {ROW: each[ROW], **with_more(form, each, by_key.pop(each[ROW], {}))} for each in produced
    ]
    return [*merged, *(_filled(form, part) for part in by_key.values())]


def _with_more_steps(produced: Sequence[Document], kept: Sequence[Document]) -> list[Document]:
    """Return a chain: the first steps are the speaker's, each with what was kept of it."""
    nothing: Document = {}
    of_speaker = [
        {ROW: step[ROW], **with_more(ChainStep, step, part)}
        for step, part in zip_longest(produced, kept[: len(produced)], fillvalue=nothing)
    ]
    return [*of_speaker, *(_filled(ChainStep, part) for part in kept[len(produced) :])]


def _filled(form: type[Form], part: Document) -> Document:
    return fit_to_form(form, {ROW: part.get(ROW) or new_key(), **part})


# What is left over -----------------------------------------------------------------------------


def rest_of(form: type[Form], produced: Document, document: Document) -> Document:
    """Return the fields of a document that differ from what is produced; no ids, none private."""
    rest: Document = {}
    for name, described in form.model_fields.items():
        if is_private(described) or name == "id" or name in IN_ROW:
            continue
        if child := rows_of(described):
            rows = _rest_of_rows(child, produced.get(name, []), document.get(name, []))
            if rows:
                rest[name] = rows
        elif produced[name] != document[name] and not _comes_from_row(name, produced):
            rest[name] = document[name]
    return rest


def _comes_from_row(name: str, produced: Mapping[str, str]) -> bool:
    return name in OWNED_BY_ROW and bool(produced[name])


def _rest_of_rows(
    form: type[Form], produced: list[Document], rows: list[Document]
) -> list[Document]:
    if form is ChainStep:
        steps = [rest_of(form, *pair) for pair in zip(produced, rows, strict=False)]
        steps += [_public(form, step) for step in rows[len(produced) :]]
        return steps if any(steps) else []
    by_key = {row[ROW]: row for row in produced}
    rest = []
    for row in rows:
        if form is Legal and is_plain_law(row):
            continue
        if row[ROW] not in by_key:
            rest.append({ROW: row[ROW], **_public(form, row)})
        elif part := rest_of(form, by_key[row[ROW]], row):
            rest.append({ROW: row[ROW], **part})
    return rest


def _public(form: type[Form], row: Document) -> Document:
    """Return the filled fields of a row without its id and private fields."""
    kept: Document = {}
    for name, described in form.model_fields.items():
        if is_private(described) or name == "id" or not row[name]:
            continue
        child = rows_of(described)
        kept[name] = [_public(child, each) for each in row[name]] if child else row[name]
    return kept


def is_plain_law(row: Document) -> bool:
    plain = (LegalRelation.REFERS_TO, Reading.SOURCE, "")
    has_code = bool(row["instrument"])
    return has_code and (row["relation"], row["reading"], row["printed"]) == plain
