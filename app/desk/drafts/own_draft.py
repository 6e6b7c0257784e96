"""Shared code of a draft's routes: the draft at an address, the posted form, common responses."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved.models import Draft
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui import see_other
from app.i18n.translate import _
from app.web.sessions import Desk
from app.web.urls import url

NUMBER = r"[0-9]{1,9}"
HIDES_PRIVATE = "hides-private"
"""The form field that marks a page without private fields of others."""


def draft_of(request: Request, db: Desk, person: Contributor, id: int) -> Draft:
    """Return the draft if this person may write it; locked on POST. Responds 404 otherwise."""
    draft = commands.find(db, id, to_write=request.method == "POST") if id < 2**31 else None
    if draft is None or not commands.may_write(person, draft):
        raise HTTPException(404)
    return draft


OwnDraft = Annotated[Draft, Depends(draft_of)]


def invalid_state_response(request: Request, draft: Draft) -> Response:
    return see_other(
        request,
        url("draft", id=draft.id),
        _("This is not possible in the draft’s current state. Nothing was changed."),
    )


def name_of_person(db: Session, id: int) -> str:
    return db.get_one(Person, id).called
