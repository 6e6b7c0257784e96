"""`/desk/drafts/…/preview`, `…/history` and the routes that restore or delete a draft."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from app.desk.approved.draft_models import (
    WRITABLE_STATES,
    Draft,
    DraftState,
    Revision,
    RevisionCause,
)
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.compare import ComparedField, compare_documents
from app.desk.draft_form.documents import Document
from app.desk.draft_form.fields import as_sentence
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands
from app.desk.drafts.own_draft import NUMBER, OwnDraft, invalid_state_response
from app.desk.drafts.preview_links import disable_unpublished_links
from app.desk.drafts.preview_summary import PreviewSummary, preview_summary
from app.desk.drafts.trial_publish import publish_on_trial
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.errors import InvalidStateError
from app.i18n.translate import N_, _
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.page import page
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


@router.get("/desk/drafts/{id:int}/outlook", name="draft-outlook")
def outlook_part(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    """Return the calculated values, as a fragment of the draft's page."""
    catalogue = Catalogue(db, person)
    form = check_draft(commands.form_of(draft), catalogue.visible(draft), catalogue).form
    if form is None:
        # The draft became incomplete meanwhile. An error page would interrupt the editor.
        return Response(status_code=204)
    try:
        with publish_on_trial(db, catalogue, form) as tried:
            seen = preview_summary(tried)
    except PublishError as refused:
        seen = PreviewSummary([as_sentence(reason) for reason in refused.reasons])
    return page(request, "desk/drafts/preview.html", edition=None, outlook=seen)


# Earlier versions, deleting ---------------------------------------------------------------------


@dataclass(frozen=True)
class DraftVersion:
    """One revision; consecutive autosaves of one person are joined.

    A revision that was set aside is compared with the state of that moment, as is the next
    revision.
    """

    number: int
    at: datetime
    by: str
    saved: str
    words: str
    changed: Sequence[ComparedField]
    is_newest: bool


@dataclass(frozen=True)
class DraftHistory:
    """The data of `desk/drafts/history.html`."""

    id: int
    record: str
    title: str
    state: str
    versions: Sequence[DraftVersion]
    can_write: bool
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
        versions=_versions(Catalogue(db, person), draft),
        can_write=state in WRITABLE_STATES,
        can_take_back=state is DraftState.IN_REVIEW,
        can_bring_back=state is DraftState.DELETED and commands.can_bring_back(db, draft),
    )
    return desk_page(request, "desk/drafts/history.html", history=view)


def _versions(catalogue: Catalogue, draft: Draft) -> list[DraftVersion]:
    db, form = catalogue.db, commands.form_of(draft)
    people = {person.id: person.called for person in db.scalars(select(Person))}
    shown_revisions: list[Revision] = []
    for revision in commands.revisions(db, draft):
        if (
            shown_revisions
            and shown_revisions[-1].saved == RevisionCause.BY_ITSELF
            and (shown_revisions[-1].saved, shown_revisions[-1].by) == (revision.saved, revision.by)
        ):
            shown_revisions.pop()
        shown_revisions.append(revision)
    reader = DraftReader(db, catalogue.person, draft)
    states = [
        reader.visible(documents.fit_to_form(form, revision.document))
        for revision in shown_revisions
    ]
    previous_states: list[Document | None] = [None]
    for revision, state in zip(shown_revisions, states, strict=True):
        previous_states.append(
            previous_states[-1] if revision.saved == RevisionCause.SET_ASIDE else state
        )
    return [
        DraftVersion(
            number=revision.number,
            at=revision.at,
            by=people[revision.by],
            saved=_(RevisionCause(revision.saved).label),
            words=revision.words or "",
            changed=compare_documents(catalogue, form, before, state) if before else [],
            is_newest=revision is shown_revisions[-1] and revision.saved != RevisionCause.SET_ASIDE,
        )
        for revision, before, state in reversed(
            list(zip(shown_revisions, previous_states, states, strict=False))
        )
    ]


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
