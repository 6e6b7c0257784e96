"""Who wrote what is to be approved: nobody approves their own words."""

from typing import Any

from sqlalchemy import ColumnElement, Select, cast, func, or_, select, union
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session, aliased

from app.desk.approved.draft_models import WRITING_CAUSES, Draft, Revision
from app.desk.identity.models import Person
from app.desk.sheets.models import ReportSheet, SheetCause, SheetRevision

WRITING_SHEET_CAUSES = (
    *(SheetCause.BY_ITSELF, SheetCause.SAVED, SheetCause.MERGED),
    *(SheetCause.UNDONE, SheetCause.RESTORED),
)
"""Causes of what somebody typed or chose; others repeat what drafts or the text say."""
KEYS_OF_RECORD = """
$.rows[*] ? (
    @.record == $record
    || @.links[*] ? (@.relation == "citation-of").to == $record
    || @.links[*] ? (@.relation == "citation-of").to == $.rows[*] ? (@.record == $record).row
).row
"""
ROWS_WITH_KEYS = "$.rows[*] ? (@.row == $keys[*])"


def authors(db: Session, draft: Draft) -> set[int]:
    """Return everybody who wrote in the draft, or in the rows of a sheet that it is made of.

    The draft of a row is written by the person who accepts it, with what others typed there before.
    """
    return {*db.scalars(union(*_writings(draft.id, draft.record, draft.article)))}


def has_written(person: Person) -> ColumnElement[bool]:
    """Return the condition that this person is an author of the draft of a query's row."""
    writings = _writings(Draft.id, Draft.record, Draft.article)
    return or_(*(each.where(each.selected_columns.by == person.id).exists() for each in writings))


def _writings(draft: Any, record: Any, article: Any) -> tuple[Select[int], Select[int]]:
    """Select who saved words of a draft, and of its rows on the sheet of its report.

    The arguments are values, or columns of `Draft`.
    """
    in_draft = select(Revision.by).where(
        Revision.draft == draft, Revision.saved.in_(WRITING_CAUSES)
    )
    sheet, before = ReportSheet, aliased(SheetRevision)
    keys = select(_find(sheet.document, KEYS_OF_RECORD, "record", record))
    keys = keys.where(sheet.source == article).correlate(Draft)

    # The form of a sheet brings keys back, so they may be anything.
    def rows(document: Any) -> ColumnElement[Any]:
        return _find(document, ROWS_WITH_KEYS, "keys", keys.scalar_subquery())

    previous = select(rows(before.document)).where(
        before.source == SheetRevision.source, before.number == SheetRevision.number - 1
    )
    previous = previous.correlate(Draft, SheetRevision)
    in_rows = select(SheetRevision.by).where(
        SheetRevision.source == article,
        SheetRevision.saved.in_(WRITING_SHEET_CAUSES),
        rows(SheetRevision.document) != func.coalesce(previous.scalar_subquery(), cast([], JSONB)),
    )
    return in_draft.correlate(Draft), in_rows.correlate(Draft)


def _find(document: Any, path: str, name: str, value: Any) -> ColumnElement[Any]:
    """Return what a path finds in a document, as an array; the path has one variable."""
    variables = func.jsonb_build_object(name, value)
    return func.jsonb_path_query_array(document, cast(path, JSONPATH), variables)
