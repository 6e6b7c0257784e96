"""Writes rows of the table `version` from derived rows, for publish() and the synthetic record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, func, text
from sqlalchemy.dialects.postgresql import ARRAY, Range, insert
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Session

from app.dates import edtf
from app.kinds import NamedForm
from app.record.derivation import rows as derived_rows
from app.record.models import PAYLOAD_FORMAT, Version
from app.record.publishing.working_set import Change
from app.record.search import CONFIGURATION, plain_text
from app.vocabulary.record import SILENT

SEARCH_WEIGHTS = {"title": "A", "summary": "B", "paraphrase": "C", "printed": "D"}
"""Keys of `version_columns` whose texts are in the column `search`, and the weight of each."""


def version_columns(edition: int, change: Change, row: derived_rows.DerivedRow) -> dict[str, Any]:
    """Return the values of a new row, except `terms`, whose numbers the caller looks up.

    `pairs` and the keys of `SEARCH_WEIGHTS` are no columns: SQL makes `cjk` and `search` from them.
    """
    old = change.old
    is_silent = change.why in SILENT
    slug = getattr(change.form, "slug", None) or (old.slug if old else None)
    if isinstance(change.form, NamedForm):
        slug = change.form.code
    return {
        "kind": change.kind,
        "id": change.id,
        "number": int(change.id[1:]) if change.id[1:].isdigit() else 0,
        "slug": slug,
        "opened": edition,
        "added": old.added if old else edition,
        "changed": old.changed if old and is_silent else edition,
        "state": change.state,
        "why": str(change.why),
        "reason": change.reason,
        "span": MultiRange(as_range(days) for days in row.spans.possible),
        "lo": row.spans.lo and as_range(row.spans.lo),
        "hi": row.spans.hi and as_range(row.spans.hi),
        "sure": row.spans.sure and as_range(row.spans.sure),
        "surroundings": row.spans.surroundings and as_range(row.spans.surroundings),
        "published": MultiRange(as_range(days) for days in row.published),
        "sort_day": row.sort_day,
        "title": plain_text(row.title),
        "summary": plain_text(row.summary),
        "paraphrase": plain_text(row.paraphrase),
        "printed": plain_text(row.printed),
        "pairs": row.cjk,
        "plain": row.plain,
        "format": PAYLOAD_FORMAT,
        "payload": row.payload if change.is_live else change.payload,
    }


def insert_rows(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    pairs = cast(bindparam("pairs", type_=ARRAY(String)), ARRAY(String))
    # Not the class: the ORM would prepare each row, which more than doubles the time of an insert.
    table: Any = Version.__table__
    words = {name: bindparam(name, type_=String) for name in SEARCH_WEIGHTS}
    statement = insert(table).values(search=search_column(words), cjk=func.array_to_tsvector(pairs))
    if rows:
        db.execute(statement, rows)


def search_column(words: dict[str, Any]) -> ColumnElement[Any]:
    """Return SQL that joins the weighted texts: title first, then the others."""
    title, *others = (
        func.setweight(func.to_tsvector(CONFIGURATION, words[name]), text(f"'{weight}'"))
        for name, weight in SEARCH_WEIGHTS.items()
    )
    weighted: ColumnElement[Any] = title
    for part in others:
        weighted = weighted.op("||")(part)
    return weighted


def as_range(days: edtf.Days) -> Range[Any]:
    return Range(days.first, days.last + timedelta(days=1) if days.last else None, bounds="[)")
