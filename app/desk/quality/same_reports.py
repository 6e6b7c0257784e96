"""Sources that count as independent, but may be the same report (rule 3).

Their chains begin on the same day, and they give an estimate in the same words. The quality list
and the page of the record suggest to count them as one.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import Subquery

from app.desk.approved.models import Record, rows_of_document
from app.record.models import Version
from app.vocabulary.citations import Counting, Stance
from app.vocabulary.kinds import CITING_KINDS, RecordKind


def same_reports() -> Select[str, str]:
    """Return each record with two sources to compare, in words."""
    one, other, pair = _pairs()
    words = func.concat_ws(" · ", one.c.source, other.c.source, one.c.begins)
    return select(one.c.record, words).where(pair).distinct()


def same_reports_of(record: str) -> Select[str, str]:
    """Return the pairs of sources of one record that may be the same report."""
    one, other, pair = _pairs()
    return select(one.c.source, other.c.source).where(pair, one.c.record == record).distinct()


def _pairs() -> tuple[Subquery, Subquery, ColumnElement[bool]]:
    """Return two tables of beginnings of chains, and the condition that they may be one report."""
    one, other = _beginnings().subquery(), _beginnings().subquery()
    mine, theirs = _estimate_wordings().subquery(), _estimate_wordings().subquery()
    has_same_wording = (
        select(mine.c.source)
        .where(
            mine.c.source == one.c.source,
            theirs.c.source == other.c.source,
            mine.c.wording == theirs.c.wording,
        )
        .exists()
    )
    published = aliased(Version)
    count_apart = (
        select(published.seq)
        .where(
            published.id == one.c.record,
            published.closed.is_(None),
            _has_origin(published, one.c.source),
            _has_origin(published, other.c.source),
            ~_has_origin(published, one.c.source, other.c.source),
        )
        .exists()
    )
    decisions = rows_of_document(Record.document["joined_sources"])
    is_decided = (
        select(Record.id)
        .join(decisions, true())
        .where(
            Record.id == one.c.record,
            decisions.c.value["how"].astext == Counting.SPLIT,
            decisions.c.value["member"].astext.in_(
                [one.c.source, other.c.source, one.c.id, other.c.id]
            ),
        )
        .exists()
    )
    pair = and_(
        one.c.record == other.c.record,
        one.c.source < other.c.source,
        one.c.begins == other.c.begins,
        has_same_wording,
        count_apart,
        ~is_decided,
    )
    return one, other, pair


def _supporting() -> tuple[Select[*tuple[Any, ...]], Any]:
    """Return the supporting citations of all records, and one as a document."""
    citations = rows_of_document(Record.document["citations"])
    citation = citations.c.value
    statement = (
        select(Record.id.label("record"), citation["source"].astext.label("source"))
        .select_from(Record)
        .join(citations, true())
        .where(
            Record.kind.in_(CITING_KINDS),
            citation["stance"].astext == Stance.SUPPORTS,
        )
    )
    return statement, citation


def _beginnings() -> Select[*tuple[Any, ...]]:
    """Return the supporting citations with the day of their statements."""
    statement, citation = _supporting()
    begins = citation["said"].astext
    return statement.add_columns(citation["id"].astext.label("id"), begins.label("begins")).where(
        func.jsonb_array_length(citation["chain"]) > 0,
        ~citation.has_key("about"),
        begins.is_not(None),
    )


def _estimate_wordings() -> Select[*tuple[Any, ...]]:
    """Return the supporting sources of each estimate, with what they say in one text."""
    statement, _citation = _supporting()
    names = ("counts", "quantifier", "low", "point", "high")
    said = [func.coalesce(Record.document[name].astext, "") for name in names]
    printed = func.lower(func.coalesce(Record.document["printed_words"].astext, ""))
    return statement.add_columns(func.concat_ws("|", *said, printed).label("wording")).where(
        Record.kind == RecordKind.ESTIMATE
    )


def _has_origin(version: Any, *sources: Any) -> ColumnElement[bool]:
    """Condition: an independent source of the version includes these sources."""
    together = func.jsonb_build_array(
        func.jsonb_build_object("sources", func.jsonb_build_array(*sources))
    )
    has_origin: ColumnElement[bool] = version.payload["origins"].op("@>", is_comparison=True)(
        together
    )
    return has_origin
