"""Shared code of a draft's routes: the draft at an address, the posted form, common responses."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved.draft_models import Draft, Significance
from app.desk.draft_form.actions import empty_of_former_speakers, run_action, run_citation_action
from app.desk.draft_form.card import CardReport, write
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.fields import DraftSheet
from app.desk.draft_form.proposals import ProposedCodes
from app.desk.draft_form.views import CARD
from app.desk.drafts import commands
from app.desk.drafts.articles import row_factory
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.report_settings import card_report
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import see_other
from app.documents import YES, Document, clean, has_fields_of, read_document
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
    if do.startswith(f"set {CARD}"):
        _set, path, text = [*do.split(" ", 2), ""][:3]
        posted, do = {**posted, path: text}, f"wrote {path}"
    if not has_fields_of(form, posted):
        # Disabled boxes are not sent: their absence does not mean that they are empty.
        raise HTTPException(422)
    document = read_document(form, posted)
    if do != "autosave":
        # A page that saves itself keeps its boxes, and has emptied them by its script.
        document = empty_of_former_speakers(draft.document, document)
    document, focus = run_action(
        form, document, do, row_factory(catalogue, draft.article, draft.kind, document)
    )
    if do.startswith("wrote "):
        focus = do.removeprefix("wrote ")
    if draft.kind in CITING_KINDS and not focus:
        document, focus = run_citation_action(catalogue, draft, document, do)
    # After the buttons, which name rows by their positions on the page.
    document = write(form, document, posted, card_report(catalogue.db, draft.article or ""))
    proposals = None
    if draft.kind in CITING_KINDS:
        proposed, at = run_action(ProposedCodes, read_document(ProposedCodes, posted), do)
        proposals, focus = proposed["proposals"], focus or at
    why = posted.get("change.why", "")
    change = (
        why if why in Significance.by_code() else "",
        clean(posted.get("change.reason", "")).strip(),
    )
    sheet, hides_private = clean(posted.get("sheet", "")), posted.get(HIDES_PRIVATE) == YES
    return PostedDraft(document, int(number), sheet, *change, proposals, hides_private), focus


def with_dates_read(sheet: DraftSheet, document: Document, posted: Mapping[str, str]) -> Document:
    """Return a document whose words for dates are the dates, where only one is meant."""
    document, when = sheet.with_sole_readings(document), f"{CARD}when"
    if edtf := sheet.sole_readings.get(when):
        mode = posted.get(f"{CARD}mode", "")
        document = write(sheet.form, document, {f"{CARD}mode": mode, when: edtf}, CardReport())
    return document


def invalid_state_response(request: Request, draft: Draft) -> Response:
    return see_other(
        request,
        url("draft", id=draft.id),
        _("This is not possible in the draft’s current state. Nothing was changed."),
    )


def name_of_person(db: Session, id: int) -> str:
    return db.get_one(Person, id).called
