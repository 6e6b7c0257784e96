"""Who wrote what is to be approved: nobody approves their own words."""

from sqlalchemy import ColumnElement, Text, cast, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITING_CAUSES, Draft, Revision
from app.desk.identity.models import Person
from app.desk.sheets.models import ReportSheet, SheetCause, SheetRevision

WRITING_SHEET_CAUSES = (
    *(SheetCause.BY_ITSELF, SheetCause.SAVED, SheetCause.MERGED),
    *(SheetCause.UNDONE, SheetCause.RESTORED),
)
"""Causes of what somebody typed or chose; others repeat what drafts or the text say."""


def authors(db: Session, draft: Draft) -> set[int]:
    """Return everybody who wrote in the draft, or in the rows of a sheet that it is made of.

    The draft of a row is written by the person who accepts it, with what others typed there before.
    """
    in_draft = select(Revision.by).where(
        Revision.draft == draft.id, Revision.saved.in_(WRITING_CAUSES)
    )
    return {*db.scalars(in_draft), *_authors_of_rows(db, draft)}


def _authors_of_rows(db: Session, draft: Draft) -> set[int]:
    """Return who changed the rows of the draft's record on the sheet of its report."""
    sheet = db.get(ReportSheet, draft.article) if draft.article else None
    rows = sheet.document.get("rows", []) if sheet else []
    keys = [row["row"] for row in rows if row.get("record") == draft.record]
    found: set[int] = set()
    path = cast("$.rows[*] ? (@.row == $key)", JSONPATH)
    for key in keys:
        # The form of a sheet brings keys back, so they may be anything.
        named = cast({"key": key}, JSONB)
        row = cast(func.jsonb_path_query_first(SheetRevision.document, path, named), Text)
        before = func.lag(row).over(order_by=SheetRevision.number)
        changes = (
            select(
                *(SheetRevision.by, SheetRevision.saved, row.label("row")), before.label("before")
            )
            .where(SheetRevision.source == draft.article)
            .subquery()
        )
        changed = changes.c.row.is_distinct_from(changes.c.before)
        wrote = changes.c.saved.in_(WRITING_SHEET_CAUSES)
        found |= {*db.scalars(select(changes.c.by).where(changed, wrote).distinct())}
    return found


def has_written(person: Person) -> ColumnElement[bool]:
    """Return the condition that this person wrote in the draft of a query's row."""
    wrote = (
        Revision.draft == Draft.id,
        Revision.by == person.id,
        Revision.saved.in_(WRITING_CAUSES),
    )
    return exists().where(*wrote).correlate(Draft)
