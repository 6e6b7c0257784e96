"""`/desk/review` and `/desk/review/…`: the queue, one draft, and the decision on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved import draft_models, store
from app.desk.approved.draft_models import Draft, DraftState, Revision, RevisionCause, Significance
from app.desk.draft_form.actions import article_of
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes, unchanged
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts import commands as draft_commands
from app.desk.drafts import comments
from app.desk.drafts.comments import CommentView, threads_by_place, with_talks
from app.desk.drafts.update import base_document, has_conflict
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.identity.roles import DeskRole
from app.desk.review import commands
from app.desk.review.citations_to_confirm import CitationToConfirm, confirmed_ids, doubts
from app.desk.review.commands import UnconfirmedError
from app.desk.review.queues import publish_queue, waiting
from app.desk.review.references import with_approved_references
from app.desk.review.report_decision import rows_in_review
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.kinds import CodeForm
from app.record.models import RecordState
from app.record.publishing.validation import PublishError
from app.vocabulary.record import LISTS
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

WHOLE = "comment"
"""Input name of the comment on the whole draft; for a field, its path follows."""


@dataclass(frozen=True)
class ProposedCodeView:
    """A proposed code, the title of its list, and the codes that it could be instead."""

    form: CodeForm
    list_title: str
    others: Sequence[CodeForm]


@dataclass(frozen=True)
class ReviewPage:
    """The data of `desk/review/page.html`."""

    id: int
    record: str
    kind: str
    title: str
    state: str
    is_approved: bool
    number: int
    by: str
    at: datetime
    edition: int | None
    is_withdrawn: bool
    weight: str
    reason: str
    changes: Sequence[FieldChange]
    unchanged: Sequence[FieldChange]
    talk: Sequence[CommentView]
    """Comments on the whole draft, and on fields that this page does not show."""
    proposed: Sequence[ProposedCodeView]
    """Codes that the draft uses and that are only proposed."""
    decides_codes: bool
    doubts: Sequence[CitationToConfirm]
    can_decide: bool
    is_behind: bool
    together: str
    """URL of the bulk edit that the draft is part of, if any."""
    report: str
    """URL of the report that the draft is part of, if it is in review with others."""
    typed: Mapping[str, str]
    problems: Sequence[str]


# Queue ------------------------------------------------------------------------------------------


@router.get("/desk/review", name="reviews")
def reviews_page(request: Request, db: Desk, editor: Editor) -> Response:
    return _reviews_page(request, db, editor)


def _reviews_page(
    request: Request,
    db: Session,
    editor: Person,
    *,
    message: str = "",
    problems: Sequence[str] = (),
) -> Response:
    catalogue = Catalogue(db, editor)
    status = 422 if problems else 200
    return desk_page(
        request,
        "desk/review/list.html",
        waiting=waiting(db, catalogue, app_state(request).settings),
        ready=publish_queue(db, catalogue),
        to_confirm=count_waiting(db),
        message=message,
        problems=[as_sentence(problem) for problem in problems],
        status=status,
    )


@router.post("/desk/review")
def publish(request: Request, db: Desk, editor: Editor, posted: PostedForm) -> Response:
    """Publish the ticked drafts as one edition."""
    ids = [int(name[5:]) for name in posted if re.fullmatch(r"take\.[0-9]{1,9}", name, re.ASCII)]
    message = clean(posted.get("message", "")).strip()
    if not ids or not message:
        missing = (
            _("Tick the changes to publish.") if not ids else _("Enter a summary of this edition.")
        )
        return _reviews_page(request, db, editor, message=message, problems=[missing])
    try:
        edition = commands.publish_drafts(db, ids, editor, message)
    except InvalidStateError:
        return see_other(
            request,
            url("reviews"),
            _("Another person published first. Nothing was published; check what is waiting now."),
        )
    except PublishError as refused:
        return _reviews_page(request, db, editor, message=message, problems=refused.reasons)
    return see_other(request, url("reviews"), _publish_notice(edition.no if edition else None))


def _publish_notice(edition: int | None) -> str:
    if edition is None:
        return _("No published content changes, so there is no new edition.")
    return _("Published as edition {edition}.").format(edition=edition)


# One draft --------------------------------------------------------------------------------------


def submitted_draft(request: Request, db: Desk, _editor: Editor, id: int) -> Draft:
    """Return a submitted draft, locked on POST."""
    draft = draft_commands.find(db, id, to_write=request.method == "POST") if id < 2**31 else None
    if draft is None:
        raise HTTPException(404)
    return draft


SubmittedDraft = Annotated[Draft, Depends(submitted_draft)]


@router.get("/desk/review/{id:int}", name="review")
def review_page(request: Request, db: Desk, editor: Editor, draft: SubmittedDraft) -> Response:
    if draft.state not in draft_models.WAITING_STATES:
        return see_other(request, url("desk-record", record=draft.record))
    return _review_page(request, db, editor, draft)


@router.post("/desk/review/{id:int}")
def decide(
    request: Request,
    db: Desk,
    editor: Editor,
    draft: SubmittedDraft,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Return, approve or publish a draft. If that fails, the page shows what was typed."""
    if not commands.may_decide(db, editor, draft, settings):
        raise HTTPException(403 if draft.state in draft_models.WAITING_STATES else 404)
    typed = {clean(name): clean(text).strip() for name, text in posted.items()}
    number = typed.get("number", "")
    if not re.fullmatch(r"[0-9]{1,9}", number, re.ASCII):
        raise HTTPException(422)
    savepoint = db.begin_nested()
    try:
        notice = _decide(db, editor, draft, typed)
    except (PublishError, UnconfirmedError, InvalidStateError) as error:
        savepoint.rollback()
        db.refresh(draft)
        return _review_page(request, db, editor, draft, typed=typed, problems=_messages_of(error))
    savepoint.commit()
    return see_other(request, url("reviews"), notice)


def _decide(db: Session, editor: Person, draft: Draft, typed: Mapping[str, str]) -> str:
    number = int(typed["number"])
    comments_by_place = {
        name.removeprefix(WHOLE).removeprefix("."): typed[name]
        for name in typed
        if name.startswith(WHOLE)
    }
    commands.check_revision_seen(draft, number)
    match typed.get("do", ""):
        case "return":
            if not any(comments_by_place.values()):
                raise PublishError(
                    [_("Say in a comment what to change: on a field, or in general")]
                )
            commands.return_to_author(db, draft, editor, comments_by_place)
            return _("The draft was returned to its author.")
        case "approve" | "publish" as do:
            if draft.state == DraftState.IN_REVIEW:
                commands.approve(db, draft, editor, confirmed_ids(typed))
            for place, words in comments_by_place.items():
                comments.comment(db, draft, editor, words, place=place)
            if do == "approve":
                return _("The draft was approved. It waits for the next edition.")
            message = typed.get("message") or _default_message(draft, db, editor)
            together = with_approved_references(db, [draft], editor)
            edition = commands.publish_drafts(db, together, editor, message)
            return _publish_notice(edition.no if edition else None)
    raise HTTPException(422)


def _default_message(draft: Draft, db: Session, person: Person) -> str:
    """Return a default message for an edition of one record: the reason or, if new, the title."""
    return draft.reason or Catalogue(db, person).title(draft.kind, draft.document)


def _messages_of(error: PublishError | UnconfirmedError | InvalidStateError) -> list[str]:
    match error:
        case PublishError():
            return [as_sentence(reason) for reason in error.reasons]
        case UnconfirmedError():
            return [_("Confirm each citation that supports or disputes a changed value.")]
    return [_("It has changed since you opened it. Nothing was saved; check it again.")]


def _review_page(
    request: Request,
    db: Session,
    editor: Person,
    draft: Draft,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[str] = (),
) -> Response:
    view = _view(db, editor, draft, typed or {}, problems)
    can_decide = commands.may_decide(db, editor, draft, app_state(request).settings)
    view = replace(view, can_decide=can_decide)
    return desk_page(request, "desk/review/page.html", review=view, status=422 if problems else 200)


def _view(
    db: Session, editor: Person, draft: Draft, typed: Mapping[str, str], problems: Sequence[str]
) -> ReviewPage:
    catalogue = Catalogue(db, editor)
    form, comments_by_place = draft_commands.form_of(draft), threads_by_place(db, draft)
    base = base_document(draft)
    log_reading_of(db, editor, draft.record, base, draft.document)
    changed = changes(catalogue, form, base, draft.document)
    unchanged_fields = unchanged(catalogue, form, draft.document, changed) if draft.base else []
    shown_places = {change.place for change in (*changed, *unchanged_fields)}
    published = store.published_version(db, draft.record)
    submitted = db.scalars(
        select(Revision)
        .where(Revision.draft == draft.id, Revision.saved == RevisionCause.SUBMITTED)
        .order_by(Revision.number)
    ).all()[-1]
    return ReviewPage(
        id=draft.id,
        record=draft.record,
        kind=draft.kind,
        title=catalogue.title(draft.kind, draft.document),
        state=_(DraftState(draft.state).label),
        is_approved=draft.state == DraftState.APPROVED,
        number=draft.number,
        by=db.get_one(Person, submitted.by).called,
        at=submitted.at,
        edition=published.opened if published else None,
        is_withdrawn=published is not None and published.state == RecordState.WITHDRAWN,
        weight=_(Significance(draft.why).label) if draft.why else "",
        reason=draft.reason or "",
        changes=with_talks(changed, comments_by_place),
        unchanged=with_talks(unchanged_fields, comments_by_place),
        talk=[
            talk
            for place, some in comments_by_place.items()
            if place not in shown_places
            for talk in some
        ],
        proposed=[
            ProposedCodeView(form, _(LISTS[form.list]), catalogue.codes(form.list))
            for form in commands.proposed_codes(catalogue, draft)
        ],
        decides_codes=editor.may(DeskRole.ADMIN),
        doubts=doubts(catalogue, draft, confirmed_ids(typed)),
        can_decide=False,
        is_behind=has_conflict(db, draft),
        together=_bulk_edit_url(db, draft),
        report=_report_url(db, draft),
        typed=typed,
        problems=problems,
    )


def _bulk_edit_url(db: Session, draft: Draft) -> str:
    bulk_edits = [
        revision
        for revision in draft_commands.revisions(db, draft)
        if revision.saved == RevisionCause.TOGETHER
    ]
    return url("bulk-made", name=bulk_edits[-1].sheet) if bulk_edits else ""


def _report_url(db: Session, draft: Draft) -> str:
    source = article_of(draft)
    is_part = source and len(rows_in_review(db, source)) > 1
    return url("report-review", id=source) if is_part else ""
