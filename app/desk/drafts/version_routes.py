"""`/desk/drafts/…/preview`, `…/history` and the routes that restore or delete a draft."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.desk.approved.draft_models import (
    WRITABLE_STATES,
    Draft,
    DraftState,
)
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import DocumentVersion, document_versions
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands
from app.desk.drafts.own_draft import NUMBER, OwnDraft, invalid_state_response
from app.desk.drafts.preview import disable_unpublished_links
from app.desk.drafts.trial_publish import publish_on_trial
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.errors import InvalidStateError
from app.i18n.translate import N_, _
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import app_state
from app.web.urls import url

router = APIRouter()


# Preview ----------------------------------------------------------------------------------------


@router.get("/desk/drafts/{id:int}/preview", name="draft-preview")
def preview(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    """Show the public page of the saved draft, or redirect if it can't be published yet."""
    draft_url = url("draft", id=draft.id)
    catalogue = Catalogue(db, person)
    form = check_draft(commands.form_of(draft), catalogue.visible(draft), catalogue).form
    if form is None:
        return RedirectResponse(f"{draft_url}?check=1", 303)
    try:
        with publish_on_trial(db, catalogue, form) as tried:
            shown = app_state(request).show(
                request, db, tried.edition, tried.row, tried.directory, back_to_draft=draft_url
            )
            return disable_unpublished_links(shown, tried)
    except PublishError:
        return RedirectResponse(f"{draft_url}?check=1", 303)


# Earlier versions, deleting ---------------------------------------------------------------------


@dataclass(frozen=True)
class DraftHistory:
    """The data of `desk/drafts/history.html`."""

    id: int
    record: str
    title: str
    state: str
    versions: Sequence[DocumentVersion]
    can_write: bool
    restore_at: str
    """Where a version is posted to restore it; "" if none can be."""
    can_take_back: bool
    can_bring_back: bool


@router.get("/desk/drafts/{id:int}/history", name="draft-history")
def history_page(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    state = DraftState(draft.state)
    view = DraftHistory(
        id=draft.id,
        record=draft.record,
        title=_("Earlier versions of {title}").format(
            title=Catalogue(db, person).title(draft.kind, draft.document)
        ),
        state=_(state.label),
        versions=document_versions(
            Catalogue(db, person),
            commands.form_of(draft),
            commands.revisions(db, draft),
            DraftReader(db, person, draft).visible,
        ),
        can_write=state in WRITABLE_STATES,
        restore_at=url("draft-restore", id=draft.id) if state in WRITABLE_STATES else "",
        can_take_back=state is DraftState.IN_REVIEW,
        can_bring_back=state is DraftState.DELETED and commands.can_bring_back(db, draft),
    )
    return desk_page(request, "desk/drafts/history.html", history=view)


@router.post("/desk/drafts/{id:int}/restore", name="draft-restore")
def restore(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: PostedForm
) -> Response:
    number = posted.get("number", "")
    try:
        if not re.fullmatch(NUMBER, number, re.ASCII):
            raise InvalidStateError
        commands.restore(db, draft, int(number), person, secrets.token_hex(8))
    except InvalidStateError:
        return invalid_state_response(request, draft)
    return see_other(
        request,
        url("draft", id=draft.id),
        _("Version {number} was restored.").format(number=number),
    )


@router.post("/desk/drafts/{id:int}/delete", name="draft-delete")
def delete(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    return _move(request, db, person, draft, commands.DELETE)


@router.post("/desk/drafts/{id:int}/take-back", name="draft-take-back")
def take_back(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    return _move(request, db, person, draft, commands.TAKE_BACK)


@router.post("/desk/drafts/{id:int}/bring-back", name="draft-bring-back")
def bring_back(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    return _move(request, db, person, draft, commands.BRING_BACK)


NOTICES = {
    commands.DELETE: N_("The draft was deleted. You can restore it from the list below."),
    commands.TAKE_BACK: N_("The submission was cancelled. You can edit the draft again."),
    commands.BRING_BACK: N_("The draft was restored."),
}


def _move(
    request: Request, db: Session, person: Person, draft: Draft, step: commands.Transition
) -> Response:
    try:
        commands.move(db, draft, person, step)
    except InvalidStateError:
        return invalid_state_response(request, draft)
    to = url("desk") if step is commands.DELETE else url("draft", id=draft.id)
    return see_other(request, to, _(NOTICES[step]))
