"""`/desk/review` and below: the queue, and the decision on drafts."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved.models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import comments
from app.desk.drafts.commands import article_of
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.review import commands
from app.desk.review.commands import Decision, ReviewSet
from app.desk.review.page import publish_queue, review_context, waiting
from app.desk.ui import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _, ngettext
from app.record.models import Edition
from app.record.publishing.validation import PublishError
from app.settings import Settings
from app.vocabulary.kinds import RecordKind
from app.web.forms import PostedForm, with_prefix
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

YES = "yes"
TICK, COMMENT, FIELD, CONFIRM = "tick.", "comment.", "field.", "confirm."
"""Prefixes of input names; the id of the row's draft or of a citation follows."""
CONFIRM_ALL = "confirm-all"
"""The name of the checkbox for all citations of the page; its value holds their ids."""
SEEN = re.compile(r"seen\.([0-9]{1,9})", re.ASCII)
"""The input name of a draft; its value is the revision that was shown."""
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


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
    ready = publish_queue(db, catalogue)
    reports = {article_of(draft) for draft, *_rest in ready["lines"]}
    if len(reports) == 1 and (report := reports.pop()):
        message = message or _from_report(catalogue, report)
    return desk_page(
        request,
        "desk/review/list.html",
        waiting=waiting(db, catalogue, app_state(request).settings),
        ready=ready,
        to_confirm=count_waiting(db),
        message=message,
        problems=[as_sentence(problem) for problem in problems],
        status=422 if problems else 200,
    )


@router.post("/desk/review")
def publish(request: Request, db: Desk, editor: Editor, posted: PostedForm) -> Response:
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
    published = db.scalars(select(Draft.record).where(Draft.id.in_(ids)).order_by(Draft.id)).all()
    return see_other(request, url("reviews"), _publish_notice(edition, published))


def _publish_notice(edition: Edition | None, records: Sequence[str]) -> str:
    if edition is None:
        return _("No published content changes, so there is no new edition.")
    words = _("Published as edition {edition}: {ids}.")
    return words.format(edition=edition.no, ids=enumerate_words(records))


# One decision -----------------------------------------------------------------------------------


def review_target(request: Request, db: Desk, editor: Editor) -> ReviewSet:
    """Return the drafts that the address means."""
    found = None
    match request.path_params:
        case {"id": int(id)}:
            found = commands.one_draft(db, id)
        case {"id": str(source)}:
            catalogue = Catalogue(db, editor)
            is_report = source[:1] == RecordKind.SOURCE and catalogue.document(source)
            found = commands.report(catalogue, source) if is_report else None
        case {"name": name}:
            found = commands.bulk_edit(db, name)
    if found is None:
        raise HTTPException(404)
    return found


Target = Annotated[ReviewSet, Depends(review_target)]


@router.get("/desk/review/{id:int}", name="review")
@router.get("/desk/review/reports/{id}", name="report-review")
@router.get("/desk/review/edits/{name}", name="bulk-review")
def drafts_page(request: Request, db: Desk, editor: Editor, target: Target) -> Response:
    return _drafts_page(request, db, editor, target)


@router.post("/desk/review/{id:int}")
@router.post("/desk/review/reports/{id}")
@router.post("/desk/review/edits/{name}")
def decide(
    request: Request,
    db: Desk,
    editor: Editor,
    target: Target,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Decide on all rows, or store comments or settle one.

    If that fails, nothing is decided and the page shows what was typed.
    """
    typed = {clean(name): clean(text).strip() for name, text in posted.items()}
    do, rows = typed.get("do", "save"), target.drafts(db, to_write=True)
    savepoint = db.begin_nested()
    try:
        if do.startswith("settle "):
            id = do.removeprefix("settle ")
            if not any(comments.settle(db, row, id, editor) for row in rows):
                raise HTTPException(404)
            savepoint.commit()
            # What else was typed stays on the page.
            return _drafts_page(request, db, editor, target, typed=typed)
        notice = _act(db, editor, target, rows, typed=typed, settings=settings)
    except (InvalidStateError, PublishError) as refused:
        savepoint.rollback()
        words = _("another person published first: nothing was saved; check it again")
        reasons = refused.reasons if isinstance(refused, PublishError) else [words]
        return _drafts_page(request, db, editor, target, typed=typed, reasons=reasons)
    savepoint.commit()
    is_over = not target.drafts(db)
    return see_other(request, url("reviews") if is_over else request.url.path, notice)


def _act(
    db: Session,
    editor: Person,
    target: ReviewSet,
    rows: Sequence[Draft],
    *,
    typed: Mapping[str, str],
    settings: Settings,
) -> str:
    """Do what the button says, and return the notice."""
    decision, do = _decision(typed), typed.get("do", "save")
    if do == "save":
        count = commands.add_comments(db, rows, editor, decision)
        return ngettext("{count} comment was saved.", "{count} comments were saved.", count)
    if do != "decide" or not decision.looked_at:
        raise HTTPException(422)
    approved, returned = commands.decide(db, rows, editor, decision, settings)
    notices = [
        ngettext("{count} row was approved.", "{count} rows were approved.", len(approved))
        if approved
        else "",
        ngettext("{count} row was returned.", "{count} rows were returned.", len(returned))
        if returned
        else "",
    ]
    if approved and typed.get("publish") == YES:
        message = typed.get("message") or _default_message(db, editor, target, approved)
        edition = commands.publish_with_references(db, approved, editor, message)
        notices.append(_publish_notice(edition, [draft.record for draft in approved]))
    return " ".join(filter(None, notices))


def _decision(typed: Mapping[str, str]) -> Decision:
    looked_at = {
        int(found[1]): int(value)
        for name, value in typed.items()
        if (found := SEEN.fullmatch(name)) and NUMBER.fullmatch(value)
    }
    return Decision(
        looked_at=looked_at,
        ticked={draft for draft in looked_at if typed.get(f"{TICK}{draft}") == YES},
        comments={
            draft: (typed.get(f"{FIELD}{draft}", ""), words)
            for draft in looked_at
            if (words := typed.get(f"{COMMENT}{draft}", ""))
        },
        confirmed={*with_prefix(typed, CONFIRM)} | {*typed.get(CONFIRM_ALL, "").split()},
    )


def _from_report(catalogue: Catalogue, source: str) -> str:
    return _("From a report: {title}").format(title=catalogue.label(source))


def _default_message(
    db: Session, editor: Person, target: ReviewSet, approved: Sequence[Draft]
) -> str:
    """Return the summary of an edition for which none was typed."""
    catalogue = Catalogue(db, editor)
    if target.source:
        return _from_report(catalogue, target.source)
    first = approved[0]
    return target.words or first.reason or catalogue.title(first.kind, first.document)


def _drafts_page(
    request: Request,
    db: Session,
    editor: Person,
    target: ReviewSet,
    *,
    typed: Mapping[str, str] | None = None,
    reasons: Sequence[str] = (),
) -> Response:
    typed = typed or {}
    settings = app_state(request).settings
    context = review_context(db, editor, target, _decision(typed), settings, reasons=reasons)
    if not context["rows"]:
        return see_other(request, url("reviews"))
    return desk_page(
        request,
        "desk/review/page.html",
        here=request.url.path,
        typed=typed,
        status=422 if reasons else 200,
        **context,
    )
