"""Decide on a report as one thing: approve its ticked rows and return the others, or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState, Revision, RevisionCause
from app.desk.approved.store import preload_rows
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import comments
from app.desk.drafts.commands import move, open_drafts
from app.desk.drafts.comment_models import Comment
from app.desk.drafts.comments import notify_owners
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind
from app.desk.review.commands import (
    APPROVE,
    PUBLISH_ORDER,
    RETURN,
    UnconfirmedError,
    check_revision_seen,
    checked_form,
    may_decide,
    publish_drafts,
)
from app.desk.review.references import with_approved_references
from app.desk.sheets.form import sheet_of
from app.desk.sheets.models import ReportSheet
from app.desk.sheets.text_view import numbered_rows
from app.desk.ui.form_problems import FormProblem, FormProblems
from app.documents import ROW
from app.errors import InvalidStateError
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _
from app.kinds import RecordForm
from app.record.models import Edition
from app.record.publishing.validation import PublishError
from app.settings import Settings


@dataclass(frozen=True)
class ReportDecision:
    """What an editor decided on a report. Rows are drafts, named by their ids."""

    looked_at: Mapping[int, int]
    """The revision of each row that the page showed."""
    ticked: Collection[int]
    comments: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """For each row a comment: the path of the field, "" for the whole row, and the words."""
    whole: str = ""
    """A comment on the report."""
    confirmed: Collection[str] = ()
    """Citations in doubt that were confirmed."""
    returns_one: bool = False
    """Whether it returns one row, whose tick means nothing then."""


class ReportRefusedError(Exception):
    """Nothing was decided. Each problem has the id of its row, or of the row's comment."""

    def __init__(self, problems: Sequence[FormProblem]) -> None:
        super().__init__()
        self.problems = FormProblems(tuple(problems))


def row_anchor(number: int) -> str:
    """Return the id of a row on the page, by its number from 1."""
    return f"row-{number}"


def comment_field(draft: int) -> str:
    """Return the id of the field for a comment on a row, by the id of its draft."""
    return f"comment-{draft}"


def rows_in_review(db: Session, source: str, *, to_write: bool = False) -> Sequence[Draft]:
    """Return the submitted drafts of a report and of its source, in the order of their numbers."""
    found = (
        select(Draft)
        .where(
            or_(Draft.article == source, Draft.record == source),
            Draft.state == DraftState.IN_REVIEW,
        )
        .order_by(PUBLISH_ORDER, Draft.id)
    )
    if to_write:
        # In the order of ids, as other commands lock many drafts.
        ids = sorted(draft.id for draft in db.scalars(found))
        locked = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.id).with_for_update()
        db.scalars(locked, execution_options={"populate_existing": True}).all()
    return db.scalars(found).all()


def row_numbers(db: Session, source: str, drafts: Sequence[Draft]) -> dict[int, int]:
    """Return by draft the number that its first row has on the sheet, which its author knows.

    The source, places and others without a row are numbered after the last row of the sheet.
    """
    sheet = db.get(ReportSheet, source)
    document = sheet_of(sheet.document if sheet else {})
    of_sheet = numbered_rows(document)
    of_record: dict[str, int] = {}
    for row in document["rows"]:
        if row["record"] and row[ROW] in of_sheet:
            of_record.setdefault(row["record"], of_sheet[row[ROW]])
    following = count(len(of_sheet) + 1)
    # Of two drafts of a record the second has no row.
    return {
        draft.id: number if (number := of_record.pop(draft.record, 0)) else next(following)
        for draft in drafts
    }


def decide_report(
    db: Session, source: str, by: Person, decision: ReportDecision, settings: Settings
) -> tuple[Sequence[Draft], Sequence[Draft]]:
    """Approve the ticked rows and return the others; return both.

    Raises ReportRefusedError with the errors of all rows, or InvalidStateError if a row changed
    since the page was opened. The caller rolls back, so that nothing is decided then.
    """
    rows = rows_in_review(db, source, to_write=True)
    numbers = row_numbers(db, source, rows)
    decided = [
        draft
        for draft in rows
        if draft.id in decision.looked_at and may_decide(db, by, draft, settings)
    ]
    if not decided or not decision.looked_at.keys() <= numbers.keys():
        raise InvalidStateError
    for draft in decided:
        check_revision_seen(draft, decision.looked_at[draft.id])
    approved = [draft for draft in decided if draft.id in decision.ticked]
    returned = [draft for draft in decided if draft.id not in decision.ticked]
    add_comments(db, rows, by, decision, is_decision=True)
    missing = (
        _("Row {number} ({id}) is to be returned. Say in a comment what to change.")
        if decision.returns_one
        else _("Row {number} ({id}) is not ticked. Say in a comment what to change.")
    )
    problems = [
        FormProblem(
            missing.format(number=numbers[draft.id], id=draft.record), comment_field(draft.id)
        )
        for draft in returned
        if not _is_explained(db, draft, by)
    ]
    doubts: dict[str, Sequence[str]] = {}
    problems += _approval_problems(db, by, approved, numbers, decision=decision, doubts=doubts)
    if problems:
        raise ReportRefusedError(problems)
    for draft in approved:
        move(db, draft, by, APPROVE, words=enumerate_words(doubts[draft.record]))
    for draft in returned:
        move(db, draft, by, RETURN)
    notify_owners(db, NoticeKind.APPROVED, approved, by)
    notify_owners(db, NoticeKind.RETURNED, returned, by)
    return approved, returned


def add_comments(
    db: Session,
    rows: Sequence[Draft],
    by: Person,
    decision: ReportDecision,
    *,
    is_decision: bool = False,
) -> int:
    """Store what was typed as comments, and return how many.

    The one on the report is stored with its source, if that is in review, or else with row 1.
    """
    count = 0
    for draft in rows:
        place, words = decision.comments.get(draft.id, ("", ""))
        # A row that returns with its comment gets one notice.
        returns = draft.id in decision.looked_at and draft.id not in decision.ticked and is_decision
        new = comments.comment(db, draft, by, words, place=place, notifies=not returns)
        count += new is not None
    if rows and decision.whole.strip():
        of_source = (draft for draft in rows if not draft.article)
        comments.comment(db, next(of_source, rows[0]), by, decision.whole)
        count += 1
    return count


def _is_explained(db: Session, draft: Draft, by: Person) -> bool:
    """Whether this person has commented on the row since it was last submitted."""
    submitted = (
        select(Revision.number)
        .where(Revision.draft == draft.id, Revision.saved == RevisionCause.SUBMITTED)
        .order_by(Revision.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    own = select(Comment.id).where(
        Comment.draft == draft.id,
        Comment.by == by.id,
        Comment.number >= submitted,
        Comment.settled_by.is_(None),
    )
    return db.scalars(own.limit(1)).first() is not None


def _approval_problems(
    db: Session,
    by: Person,
    approved: Sequence[Draft],
    numbers: Mapping[int, int],
    *,
    decision: ReportDecision,
    doubts: dict[str, Sequence[str]],
) -> list[FormProblem]:
    """Return why ticked rows can't be approved; fill `doubts` with the confirmed citations."""
    catalogue = Catalogue(db, by)
    forms: dict[str, RecordForm] = {}
    reasons: dict[str, Sequence[str]] = {}
    with preload_rows(db, [draft.record for draft in approved]):
        for draft in approved:
            try:
                forms[draft.record], doubts[draft.record] = checked_form(
                    db, catalogue, draft, decision.confirmed
                )
            except PublishError as refused:
                reasons[draft.record] = refused.reasons
            except UnconfirmedError:
                reasons[draft.record] = [
                    _("confirm each citation that supports or disputes a changed value")
                ]
    reasons |= publish_errors_by_id(db, catalogue, list(forms.values()))
    words = _("Row {number} ({id}): {reason}")
    return [
        FormProblem(
            as_sentence(
                words.format(
                    number=numbers[draft.id],
                    id=draft.record,
                    reason=reason.removeprefix(f"{draft.record}: "),
                )
            ),
            row_anchor(numbers[draft.id]),
        )
        for draft in approved
        for reason in reasons.get(draft.record, ())
    ]


def publish_report(
    db: Session, approved: Sequence[Draft], by: Person, message: str
) -> Edition | None:
    """Publish approved rows, with the approved drafts that introduce the records they change."""
    introduced = {
        first.id
        for draft in approved
        for first in open_drafts(db, draft.record)
        if first.base is None and first.state == DraftState.APPROVED
    }
    together = with_approved_references(db, approved, by)
    return publish_drafts(db, together | introduced, by, message)
