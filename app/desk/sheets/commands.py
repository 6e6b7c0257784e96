"""Commands that change a sheet. Each change is a revision; nothing that was typed is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.draft_form import documents
from app.desk.draft_form.compare import changed_by
from app.desk.draft_form.documents import Document
from app.desk.draft_form.merge import merge_documents
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.sheets.form import SheetForm
from app.desk.sheets.models import ReportSheet, SheetCause, SheetRevision
from app.errors import InvalidStateError


class SheetConflictError(Exception):
    """Somebody else changed the same field since the page was opened; nothing is lost.

    `began` is the common base, `typed` what was typed here and is set aside as a revision. The
    sheet holds the other version. `fields` are paths by row keys: rows.3f0c.when.
    """

    def __init__(self, began: Document, typed: Document, by: int, fields: Sequence[str]) -> None:
        super().__init__()
        self.began, self.typed, self.by, self.fields = began, typed, by, fields


@dataclass(frozen=True)
class RowError:
    """An error of a row: its number on the page from 1, its key, the field of the row, and why."""

    number: int
    key: str
    field: str
    """A field of `StatementRow`, such as when or links.0.to; "" is the whole row."""
    message: str


class SheetInvalidError(Exception):
    """Rows that can't be handed in, or the source itself (number 0). Nothing was handed in."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__()
        self.errors = errors


# Beginning and saving ---------------------------------------------------------------------------


def may_write(person: Person, sheet: ReportSheet) -> bool:
    """Contributors write their own sheets, editors any."""
    return sheet.owner == person.id or person.may(DeskRole.EDITOR)


def find(db: Session, source: str, *, to_write: bool = False) -> ReportSheet | None:
    """Return the sheet of a report, locked until the transaction ends if it is to be written."""
    sheet = db.get(ReportSheet, source, with_for_update=to_write, populate_existing=to_write)
    if sheet is not None:
        fitting = documents.fit_to_form(SheetForm, sheet.document)
        if fitting != sheet.document:
            sheet.document = fitting
    return sheet


def begin(db: Session, person: Person, source: str) -> ReportSheet:
    """Return the sheet of a report, locked; a new one if there is none."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"sheet {source}"))))
    if sheet := find(db, source, to_write=True):
        return sheet
    document = documents.blank(SheetForm, source=source)
    sheet = ReportSheet(source=source, owner=person.id, number=0, document=document, synced={})
    db.add(sheet)
    db.flush()
    _add_revision(db, sheet, person, SheetCause.BEGUN)
    return sheet


def save(
    db: Session,
    sheet: ReportSheet,
    document: Document,
    number: int,
    *,
    page: str,
    by: Person,
    saved: SheetCause = SheetCause.SAVED,
) -> None:
    """Save a document that was typed on a page opened at revision `number`.

    What others saved meanwhile is merged by row key. Raises SheetConflictError only where the same
    field was changed to something else, or a row was changed that the other side removed. `sheet`
    must be locked. Without a change there is no new revision.
    """
    began = state_at(db, sheet, number)
    if began is None:
        raise InvalidStateError
    document = {**document, "source": sheet.source}
    others = [other for other in states(db, sheet, after=number) if not page or other.page != page]
    if others:
        base = documents.fit_to_form(SheetForm, began.document)
        if fields := conflicts(base, sheet.document, document):
            _set_aside(db, sheet, document, by, page)
            raise SheetConflictError(base, document, others[-1].by, fields)
        document, saved = merge(base, sheet.document, document), SheetCause.MERGED
    if document != sheet.document:
        _next_revision(db, sheet, document, by, saved, page=page)


def conflicts(base: Document, theirs: Document, mine: Document) -> list[str]:
    """Return the paths that both sides changed to different values. The order of rows is none."""
    sides = changed_by(SheetForm, base, theirs, mine)
    return [name for name, side in sides.items() if not side and not name.endswith(".order")]


def merge(base: Document, theirs: Document, mine: Document) -> Document:
    """Return a document with the changes of both sides. Where both changed a field: mine."""
    sides = changed_by(SheetForm, base, theirs, mine)
    return merge_documents(
        SheetForm, theirs, mine, lambda path: sides.get(".".join(path), "mine") != "theirs"
    )


def undo(db: Session, sheet: ReportSheet, by: Person, page: str) -> bool:
    """Undo what this person saved last as a new revision; false if there is nothing to undo.

    What others saved since then is kept.
    """
    raise NotImplementedError


def restore(db: Session, sheet: ReportSheet, number: int, by: Person, page: str) -> None:
    """Restore an earlier revision as a new one. Records of removed rows lose their drafts later."""
    earlier = revision(db, sheet, number)
    if earlier is None:
        raise InvalidStateError
    document = documents.fit_to_form(SheetForm, earlier.document)
    _next_revision(db, sheet, document, by, SheetCause.RESTORED, page=page, words=str(number))


# Drafts -----------------------------------------------------------------------------------------


def refresh(db: Session, sheet: ReportSheet, by: Person) -> None:
    """Take into the sheet what was saved in the long forms of its records since it was synced."""
    raise NotImplementedError


def make_drafts(db: Session, sheet: ReportSheet, by: Person) -> list[Draft]:
    """Make or update the draft of each accepted row, and return them.

    Rows of the same record are one draft. Drafts of rows that are no longer accepted are deleted.
    """
    raise NotImplementedError


def open_row(db: Session, sheet: ReportSheet, key: str, by: Person) -> Draft:
    """Return the draft of an accepted row, to be opened in the long form."""
    raise NotImplementedError


def row_errors(db: Session, sheet: ReportSheet, by: Person) -> list[RowError]:
    """Return the errors of accepted rows, as `hand_in` would find them. Writes nothing."""
    raise NotImplementedError


def hand_in(db: Session, sheet: ReportSheet, by: Person) -> list[Draft]:
    """Make all drafts and submit them with the draft of the source. Raises SheetInvalidError."""
    raise NotImplementedError


# Revisions --------------------------------------------------------------------------------------


def _next_revision(
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
    _add_revision(db, sheet, by, saved, page=page, words=words)


def _set_aside(db: Session, sheet: ReportSheet, document: Document, by: Person, page: str) -> None:
    """Keep as a revision what could not be saved; a page may send it more than once."""
    newest = revision(db, sheet, sheet.number)
    if newest is None or (newest.saved, newest.document) != (SheetCause.SET_ASIDE, document):
        sheet.number += 1
        _add_revision(db, sheet, by, SheetCause.SET_ASIDE, page=page, document=document)


def _add_revision(
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
    statement = select(SheetRevision).where(
        SheetRevision.source == sheet.source,
        SheetRevision.number > after,
        SheetRevision.saved != SheetCause.SET_ASIDE,
    )
    return list(db.scalars(statement.order_by(SheetRevision.number)))
