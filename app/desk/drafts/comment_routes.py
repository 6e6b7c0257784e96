"""`/desk/drafts/…/comments`."""

import re

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.documents import clean
from app.desk.drafts import comments
from app.desk.drafts.comment_models import Comment
from app.desk.drafts.own_draft import OwnDraft
from app.desk.drafts.update_routes import draft_url
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import see_other
from app.web.forms import PostedForm
from app.web.sessions import Desk

router = APIRouter()


@router.post("/desk/drafts/{id:int}/comments", name="draft-comment")
def answer(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: PostedForm
) -> Response:
    """Answer a comment, as the draft's author or a reviewer."""
    comments.comment(
        db,
        draft,
        person,
        clean(posted.get("words", "")),
        answers=_comment_or_404(db, draft, posted.get("to", "")),
    )
    return see_other(request, draft_url(draft))


@router.post("/desk/drafts/{id:int}/comments/{comment}/settle", name="draft-settle")
def settle(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, comment: str
) -> Response:
    comments.settle(db, draft, _comment_or_404(db, draft, comment), person)
    return see_other(request, draft_url(draft))


def _comment_or_404(db: Session, draft: Draft, id: str) -> Comment:
    comment = db.get(Comment, int(id)) if re.fullmatch(r"[0-9]{1,9}", id, re.ASCII) else None
    if comment is None or comment.draft != draft.id or comment.answers is not None:
        raise HTTPException(404)
    return comment
