"""Shared code of a draft's routes: the draft at an address, the posted form, common responses."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved.draft_models import Draft, Significance
from app.desk.draft_form import documents
from app.desk.draft_form.actions import run_action
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import ROW, YES, Document, clean
from app.desk.draft_form.proposals import ProposedCodes
from app.desk.draft_form.repeated_citations import run_reuse_action
from app.desk.draft_form.speakers import empty_of_former_speakers
from app.desk.drafts import commands
from app.desk.drafts.articles import row_factory, without_speakers_of_another_source
from app.desk.drafts.carry_over import carried_speakers
from app.desk.drafts.commands import PostedDraft
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import see_other
from app.i18n.translate import _
from app.vocabulary.kinds import CITING_KINDS
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


def read_posted_draft(
    catalogue: Catalogue, draft: Draft, posted: Mapping[str, str], do: str
) -> tuple[PostedDraft, str]:
    number = posted.get("number", "")
    if not re.fullmatch(NUMBER, number, re.ASCII):
        raise HTTPException(422)
    form = commands.form_of(draft)
    if not documents.has_fields_of(form, posted):
        # Disabled boxes are not sent: their absence does not mean that they are empty.
        raise HTTPException(422)
    document = documents.read_document(form, posted)
    if do != "autosave":
        # A page that saves itself keeps its boxes, and has emptied them by its script.
        document = empty_of_former_speakers(draft.document, document)
        document = without_speakers_of_another_source(draft, document)
    before = document
    document, focus = run_action(
        form, document, do, row_factory(catalogue, draft.article, draft.kind, document)
    )
    carried = _carried_by_adding(draft, before, document)
    if draft.kind in CITING_KINDS and not focus:
        document, focus = run_reuse_action(catalogue, draft, document, do)
    looked_at = do.removeprefix("looked ") if do.startswith("looked ") else ""
    proposals = None
    if draft.kind in CITING_KINDS:
        proposed, at = run_action(ProposedCodes, documents.read_document(ProposedCodes, posted), do)
        proposals, focus = proposed["proposals"], focus or at
    why = posted.get("change.why", "")
    change = (
        why if why in Significance.by_code() else "",
        clean(posted.get("change.reason", "")).strip(),
    )
    sheet, hides_private = clean(posted.get("sheet", "")), posted.get(HIDES_PRIVATE) == YES
    typed = PostedDraft(
        document, int(number), sheet, *change, looked_at, proposals, hides_private, carried
    )
    return typed, focus


def _carried_by_adding(draft: Draft, before: Document, after: Document) -> list[str]:
    """Return the marks of a citation that was added with the speakers of the one before."""
    if draft.kind not in CITING_KINDS or not draft.article:
        return []
    known = {row[ROW] for row in before["citations"]}
    return [
        mark
        for row in after["citations"]
        if row[ROW] not in known
        for mark in carried_speakers(row)
    ]


def invalid_state_response(request: Request, draft: Draft) -> Response:
    return see_other(
        request,
        url("draft", id=draft.id),
        _("This is not possible in the draft’s current state. Nothing was changed."),
    )


def name_of_person(db: Session, id: int) -> str:
    return db.get_one(Person, id).called
