"""Commands that change a sheet. Each change is a revision; nothing that was typed is lost."""

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.sheets.drafting import make_drafts, open_row
from app.desk.sheets.form import SheetForm, sheet_of
from app.desk.sheets.from_forms import refresh, refreshed
from app.desk.sheets.models import ReportSheet, SheetCause
from app.desk.sheets.revisions import (
    add_revision,
    find,
    next_revision,
    revision,
    revisions,
    set_aside,
    state_at,
    states,
)
from app.desk.sheets.submitting import (
    RowError,
    SheetInvalidError,
    errors_beside_rows,
    errors_of_submission,
    hand_in,
    row_errors,
    unsubmitted_of_others,
)
from app.documents import MINE, ROW, THEIRS, Document, blank, changed_by, merge_documents
from app.errors import InvalidStateError

__all__ = [
    "RowError",
    "SheetConflictError",
    "SheetInvalidError",
    "begin",
    "conflicts",
    "errors_beside_rows",
    "errors_of_submission",
    "find",
    "hand_in",
    "make_drafts",
    "may_write",
    "merge",
    "open_row",
    "refresh",
    "refreshed",
    "restore",
    "revision",
    "revisions",
    "row_errors",
    "save",
    "state_at",
    "states",
    "undo",
    "unsaved",
    "unsubmitted_of_others",
]

CAN_BE_UNDONE = frozenset(
    {
        *(SheetCause.BY_ITSELF, SheetCause.SAVED, SheetCause.MERGED),
        SheetCause.RESTORED,
    }
)


class SheetConflictError(Exception):
    """Somebody else changed the same field since the page was opened; nothing is lost.

    `began` is the common base, `typed` what was typed here and is set aside as a revision. The
    sheet holds the other version. `fields` are paths by row keys: rows.3f0c.when.
    """

    def __init__(self, began: Document, typed: Document, by: int, fields: Sequence[str]) -> None:
        super().__init__()
        self.began, self.typed, self.by, self.fields = began, typed, by, fields


# Beginning and saving ---------------------------------------------------------------------------


def may_write(person: Person, sheet: ReportSheet) -> bool:
    """Contributors write their own sheets, editors any."""
    return sheet.owner == person.id or person.may(DeskRole.EDITOR)


def begin(db: Session, person: Person, source: str) -> ReportSheet:
    """Return the sheet of a report, locked; a new one, without rows, if there is none."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"sheet {source}"))))
    if sheet := find(db, source, to_write=True):
        return sheet
    document = blank(SheetForm, source=source)
    sheet = ReportSheet(source=source, owner=person.id, number=0, document=document, synced={})
    db.add(sheet)
    db.flush()
    add_revision(db, sheet, person, SheetCause.BEGUN)
    return sheet


def unsaved(db: Session, person: Person, source: str) -> ReportSheet:
    """Return a sheet for a report that has none, with rows for its drafts. Writes nothing."""
    document = blank(SheetForm, source=source)
    sheet = ReportSheet(source=source, owner=person.id, number=0, document=document, synced={})
    sheet.document, sheet.synced = refreshed(db, sheet, person)
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
        base = sheet_of(began.document)
        if fields := conflicts(base, sheet.document, document):
            set_aside(db, sheet, document, by, page)
            raise SheetConflictError(base, document, others[-1].by, fields)
        document, saved = merge(base, sheet.document, document), SheetCause.MERGED
    if document != sheet.document:
        next_revision(db, sheet, document, by, saved, page=page)


def conflicts(base: Document, theirs: Document, mine: Document) -> list[str]:
    """Return the paths that both sides changed to different values. The order of rows is none."""
    sides = changed_by(SheetForm, base, theirs, mine)
    return [name for name, side in sides.items() if not side and not name.endswith(".order")]


def merge(
    base: Document, theirs: Document, mine: Document, *, prefers_mine: bool = True
) -> Document:
    """Return a document with the changes of both sides; where both changed a field, of one."""
    sides = changed_by(SheetForm, base, theirs, mine)
    return merge_documents(SheetForm, theirs, mine, sides, MINE if prefers_mine else THEIRS)


def undo(db: Session, sheet: ReportSheet, by: Person, page: str) -> bool:
    """Undo what this person saved last as a new revision; false if there is nothing to undo.

    A second call undoes the one before. What others changed in the same fields since is kept.
    """
    saved = states(db, sheet)
    undone = {int(each.words) for each in saved if each.saved == SheetCause.UNDONE and each.words}
    for before, each in reversed([*pairwise(saved)]):
        if each.by != by.id or each.saved not in CAN_BE_UNDONE or each.number in undone:
            continue
        began, back = (sheet_of(r.document) for r in (each, before))
        document = merge(began, sheet.document, back, prefers_mine=False)
        # Records keep their rows: the drafts that were made are not undone.
        document = with_records(document, sheet.document)
        next_revision(db, sheet, document, by, SheetCause.UNDONE, page=page, words=str(each.number))
        return True
    return False


def with_records(document: Document, current: Document) -> Document:
    """Return a document whose rows name the records that they became meanwhile."""
    records = {row[ROW]: row["record"] for row in current["rows"]}
    rows = [
        {**row, "record": records.get(row[ROW], row["record"]) or row["record"]}
        for row in document["rows"]
    ]
    return {**document, "rows": rows}


def restore(db: Session, sheet: ReportSheet, number: int, by: Person, page: str) -> None:
    """Restore an earlier revision as a new one. Records of removed rows lose their drafts later."""
    earlier = revision(db, sheet, number)
    if earlier is None:
        raise InvalidStateError
    document = with_records(sheet_of(earlier.document), sheet.document)
    next_revision(db, sheet, document, by, SheetCause.RESTORED, page=page, words=str(number))
