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
from app.desk.drafts.update_routes import _back
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import see_other
from app.web.forms import Posted
from app.web.sessions import Desk

router = APIRouter()


# What is said about it --------------------------------------------------------------------------------------------


@router.post("/desk/drafts/{id:int}/comments", name="draft-comment")
def answer(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: Posted
) -> Response:
    """An answer to a comment, from who writes the draft or who reviews it."""
    comments.comment(
        db,
        draft,
        person,
        clean(posted.get("words", "")),
        answers=_comment(db, draft, posted.get("to", "")),
    )
    return see_other(request, _back(draft))


@router.post("/desk/drafts/{id:int}/comments/{comment}/settle", name="draft-settle")
def settle(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, comment: str
) -> Response:
    comments.settle(db, draft, _comment(db, draft, comment), person)
    return see_other(request, _back(draft))


def _comment(db: Session, draft: Draft, id: str) -> Comment:
    found = db.get(Comment, int(id)) if re.fullmatch(r"[0-9]{1,9}", id, re.ASCII) else None
    if found is None or found.draft != draft.id or found.answers is not None:
        raise HTTPException(404)
    return found
