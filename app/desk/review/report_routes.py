"""`/desk/review/reports/…`: a report and all that was entered from it, decided as one thing."""

import re
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved.draft_models import Draft
from app.desk.approved.public_ids import RECORD_ID
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import comments
from app.desk.drafts.comment_models import Comment
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.review.batch import revisions_seen
from app.desk.review.citations_to_confirm import confirmed_ids
from app.desk.review.report import report_review
from app.desk.review.report_decision import (
    ReportDecision,
    ReportRefusedError,
    add_comments,
    decide_report,
    publish_report,
    rows_in_review,
)
from app.desk.ui.form_problems import NO_PROBLEMS, FormProblem, FormProblems
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.translate import _, ngettext
from app.record.publishing.validation import PublishError
from app.settings import Settings
from app.vocabulary.kinds import RecordKind
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

YES = "yes"
TICK, COMMENT, FIELD = "tick.", "comment.", "field."
"""Prefixes of input names; the id of the row's draft follows."""
WHOLE = "whole"
"""The id of the field for a comment on the report."""
ON_COMMENT = re.compile(r"(answer|settle) ([0-9]{1,9})", re.ASCII)
RETURN_ONE = re.compile(r"return ([0-9]{1,9})", re.ASCII)


def _check_source(id: str) -> str:
    if id[:1] != RecordKind.SOURCE or not RECORD_ID.fullmatch(id):
        raise HTTPException(404)
    return id


@router.get("/desk/review/reports/{id}", name="report-review")
def report_page(request: Request, db: Desk, editor: Editor, id: str) -> Response:
    return _report_page(request, db, editor, _check_source(id))


@router.post("/desk/review/reports/{id}")
def decide(
    request: Request,
    db: Desk,
    editor: Editor,
    id: str,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Decide on all rows, return one of them, or store, answer and settle comments.

    If that fails, nothing is decided and the page shows what was typed.
    """
    _check_source(id)
    typed = {clean(name): clean(text).strip() for name, text in posted.items()}
    do, decision = typed.get("do", "save"), _decision(typed)
    savepoint = db.begin_nested()
    try:
        if do == "decide":
            notice, is_over = _decide(
                db, editor, id, decision=decision, typed=typed, settings=settings
            )
        elif found := RETURN_ONE.fullmatch(do):
            notice, is_over = (
                _return_one(
                    db, editor, id, decision=decision, draft=int(found[1]), settings=settings
                ),
                False,
            )
        elif found := ON_COMMENT.fullmatch(do):
            comment, draft = _comment_or_404(db, id, int(found[2]))
            words = typed.get(f"answer.{comment.id}", "") if found[1] == "answer" else None
            notice = _answer_or_settle(db, editor, draft, comment, words)
            savepoint.commit()
            # What else was typed stays on the page.
            left = {name: text for name, text in typed.items() if name != f"answer.{found[2]}"}
            return _report_page(request, db, editor, id, typed=left, notice=notice)
        elif do == "save":
            notice, is_over = _save_comments(db, editor, id, decision), False
        else:
            raise HTTPException(422)
    except (PublishError, ReportRefusedError) as refused:
        savepoint.rollback()
        problems = (
            refused.problems
            if isinstance(refused, ReportRefusedError)
            else FormProblems.of_reasons(refused.reasons)
        )
        return _report_page(request, db, editor, id, typed=typed, problems=problems)
    except InvalidStateError:
        savepoint.rollback()
        words = _("It has changed since you opened it. Nothing was saved; check it again.")
        problems = FormProblems((FormProblem(words),))
        return _report_page(request, db, editor, id, typed=typed, problems=problems)
    savepoint.commit()
    return see_other(request, url("reviews") if is_over else url("report-review", id=id), notice)


def _decision(typed: Mapping[str, str]) -> ReportDecision:
    looked_at = revisions_seen(typed)
    return ReportDecision(
        looked_at=looked_at,
        ticked={draft for draft in looked_at if typed.get(f"{TICK}{draft}") == YES},
        comments=_comments(typed, looked_at),
        whole=typed.get("comment", ""),
        confirmed=confirmed_ids(typed),
    )


def _comments(typed: Mapping[str, str], shown: Mapping[int, int]) -> dict[int, tuple[str, str]]:
    return {
        draft: (typed.get(f"{FIELD}{draft}", ""), words)
        for draft in shown
        if (words := typed.get(f"{COMMENT}{draft}", ""))
    }


def _decide(
    db: Session,
    editor: Person,
    id: str,
    *,
    decision: ReportDecision,
    typed: Mapping[str, str],
    settings: Settings,
) -> tuple[str, bool]:
    approved, returned = decide_report(db, id, editor, decision, settings)
    notices = [
        ngettext("{count} row was approved.", "{count} rows were approved.", len(approved))
        if approved
        else "",
        ngettext("{count} row was returned.", "{count} rows were returned.", len(returned))
        if returned
        else "",
    ]
    if approved and typed.get("publish") == YES:
        message = typed.get("message") or _edition_message(db, editor, id)
        edition = publish_report(db, approved, editor, message)
        notices.append(
            _("Published as edition {edition}.").format(edition=edition.no)
            if edition
            else _("No published content changes, so there is no new edition.")
        )
    return " ".join(filter(None, notices)), not rows_in_review(db, id)


def _return_one(
    db: Session,
    editor: Person,
    id: str,
    *,
    decision: ReportDecision,
    draft: int,
    settings: Settings,
) -> str:
    """Return one row with its comment; the others stay in review."""
    if draft not in decision.looked_at:
        raise InvalidStateError
    comment = {draft: decision.comments[draft]} if draft in decision.comments else {}
    alone = ReportDecision({draft: decision.looked_at[draft]}, (), comment, returns_one=True)
    decide_report(db, id, editor, alone, settings)
    return _("The row was returned. The other rows stay in review.")


def _save_comments(db: Session, editor: Person, id: str, decision: ReportDecision) -> str:
    rows: Sequence[Draft] = rows_in_review(db, id, to_write=True)
    count = add_comments(db, rows, editor, decision)
    if not count:
        words = _("There is no comment to save. Write one first.")
        raise ReportRefusedError([FormProblem(words, WHOLE)])
    return ngettext("{count} comment was saved.", "{count} comments were saved.", count)


def _comment_or_404(db: Session, id: str, comment_id: int) -> tuple[Comment, Draft]:
    """Return a comment on a row of the report, and the row's draft."""
    comment = db.get(Comment, comment_id)
    rows = {draft.id: draft for draft in rows_in_review(db, id)}
    draft = rows.get(comment.draft) if comment else None
    if comment is None or comment.answers is not None or draft is None:
        raise HTTPException(404)
    return comment, draft


def _answer_or_settle(
    db: Session, editor: Person, draft: Draft, comment: Comment, words: str | None
) -> str:
    """Answer a comment with these words, or settle it without; return a notice."""
    if words is None:
        comments.settle(db, draft, comment, editor)
        return _("The comment is settled.")
    if comments.comment(db, draft, editor, words, answers=comment) is None:
        words_missing = _("There is no answer to save. Write one first.")
        raise ReportRefusedError([FormProblem(words_missing, f"answer.{comment.id}")])
    return _("The answer is stored.")


def _edition_message(db: Session, editor: Person, id: str) -> str:
    return _("From a report: {title}").format(title=Catalogue(db, editor).label(id))


def _report_page(
    request: Request,
    db: Session,
    editor: Person,
    id: str,
    *,
    typed: Mapping[str, str] | None = None,
    problems: FormProblems = NO_PROBLEMS,
    notice: str = "",
) -> Response:
    typed = typed or {}
    decision = _decision(typed)
    view = report_review(
        db,
        editor,
        id,
        app_state(request).settings,
        unticked=decision.looked_at.keys() - decision.ticked,
        typed=decision.comments,
        confirmed=decision.confirmed,
    )
    if view is None:
        if Catalogue(db, editor).document(id) is None:
            raise HTTPException(404)
        return RedirectResponse(url("article", id=id), 303)
    return desk_page(
        request,
        "desk/review/report.html",
        report=view,
        typed=typed,
        problems=problems,
        notice=notice,
        status=422 if problems else 200,
    )
