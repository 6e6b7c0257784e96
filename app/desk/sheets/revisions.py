"""Finding a sheet, and its revisions. Rows of revisions are only added."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.identity.models import Person
from app.desk.sheets.form import sheet_of
from app.desk.sheets.models import ReportSheet, SheetCause, SheetRevision
from app.documents import Document


def find(db: Session, source: str, *, to_write: bool = False) -> ReportSheet | None:
    """Return the sheet of a report, locked until the transaction ends if it is to be written."""
    sheet = db.get(ReportSheet, source, with_for_update=to_write, populate_existing=to_write)
    if sheet is not None:
        fitting = sheet_of(sheet.document)
        if fitting != sheet.document:
            sheet.document = fitting
    return sheet


def next_revision(
    db: Session,
    sheet: ReportSheet,
    document: Document,
    by: Person,
    saved: SheetCause,
    *,
    page: str,
    words: str = "",
) -> None:
    sheet.document = document
    sheet.number += 1
    # Keeps the order of saves if the clock was set back.
    sheet.saved_at = func.greatest(ReportSheet.saved_at, func.now())
    add_revision(db, sheet, by, saved, page=page, words=words)


def set_aside(db: Session, sheet: ReportSheet, document: Document, by: Person, page: str) -> None:
    """Keep as a revision what could not be saved; a page may send it more than once."""
    newest = revision(db, sheet, sheet.number)
    if newest is None or (newest.saved, newest.document) != (SheetCause.SET_ASIDE, document):
        sheet.number += 1
        add_revision(db, sheet, by, SheetCause.SET_ASIDE, page=page, document=document)


def add_revision(
    db: Session,
    sheet: ReportSheet,
    by: Person,
    saved: SheetCause,
    *,
    page: str = "",
    words: str = "",
    document: Document | None = None,
) -> None:
    db.add(
        SheetRevision(
            source=sheet.source,
            number=sheet.number,
            by=by.id,
            saved=saved,
            page=page,
            document=document or sheet.document,
            words=words or None,
        )
    )
    db.flush()


def revision(db: Session, sheet: ReportSheet, number: int) -> SheetRevision | None:
    return db.get(SheetRevision, (sheet.source, number))


def state_at(db: Session, sheet: ReportSheet, number: int) -> SheetRevision | None:
    """Return the sheet's state at that number; revisions that were set aside are skipped."""
    if number > sheet.number:
        return None
    statement = select(SheetRevision).where(
        SheetRevision.source == sheet.source,
        SheetRevision.number <= number,
        SheetRevision.saved != SheetCause.SET_ASIDE,
    )
    return db.scalars(statement.order_by(SheetRevision.number.desc()).limit(1)).first()


def states(db: Session, sheet: ReportSheet, after: int = -1) -> list[SheetRevision]:
    """Return the revisions that were the sheet's state, in order."""
    found = revisions(db, sheet, after)
    return [each for each in found if each.saved != SheetCause.SET_ASIDE]


def revisions(db: Session, sheet: ReportSheet, after: int = -1) -> list[SheetRevision]:
    """Return all revisions, also those that were set aside, in order."""
    statement = select(SheetRevision).where(
        SheetRevision.source == sheet.source, SheetRevision.number > after
    )
    return list(db.scalars(statement.order_by(SheetRevision.number)))
