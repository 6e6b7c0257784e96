"""Sources that count as independent, but may be the same report (rule 3).

Their chains begin on the same day, and they give an estimate in the same words. The quality list
and the page of the record suggest to count them as one.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import Subquery

from app.desk.approved.models import ChainStepRow, CitationRow, Estimate, JoinedSourcesRow
from app.record.models import Version
from app.vocabulary.citations import Counting, Stance


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
    is_decided = (
        select(JoinedSourcesRow.no)
        .where(
            func.coalesce(JoinedSourcesRow.event, JoinedSourcesRow.estimate) == one.c.record,
            JoinedSourcesRow.how == Counting.SPLIT,
            JoinedSourcesRow.member.in_([one.c.source, other.c.source, one.c.id, other.c.id]),
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


def _beginnings() -> Select[*tuple[Any, ...]]:
    """Return the supporting citations with the day on which their chains begin."""
    begins = func.coalesce(ChainStepRow.said, CitationRow.said)
    return (
        select(
            CitationRow.id,
            CitationRow.source,
            func.coalesce(CitationRow.event, CitationRow.estimate).label("record"),
            begins.label("begins"),
        )
        .join(ChainStepRow, ChainStepRow.citation == CitationRow.id)
        .where(
            ChainStepRow.position == 0,
            CitationRow.stance == Stance.SUPPORTS,
            CitationRow.about.is_(None),
            begins.is_not(None),
        )
    )


def _estimate_wordings() -> Select[*tuple[Any, ...]]:
    """Return the supporting sources of each estimate, with what they say in one text."""
    wording = func.concat_ws(
        "|",
        Estimate.counts,
        Estimate.quantifier,
        func.coalesce(Estimate.low, -1),
        func.coalesce(Estimate.point, -1),
        func.coalesce(Estimate.high, -1),
        func.lower(func.coalesce(Estimate.printed_words, "")),
    )
    return (
        select(CitationRow.source, wording.label("wording"))
        .join(Estimate, Estimate.id == CitationRow.estimate)
        .where(CitationRow.stance == Stance.SUPPORTS)
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
