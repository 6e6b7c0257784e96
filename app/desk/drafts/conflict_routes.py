"""Two versions to choose from: saved from two pages, published meanwhile, or entered twice."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved import draft_models
from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import (
    ConflictView,
    differences_to_choose,
    merge_as_chosen,
    posted_sides,
)
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands
from app.desk.drafts.commands import ConflictError, PostedDraft
from app.desk.drafts.duplicates import compare_with_duplicate, merge_into_duplicate
from app.desk.drafts.own_draft import (
    HIDES_PRIVATE,
    NUMBER,
    OwnDraft,
    invalid_state_response,
    name_of_person,
    read_posted_draft,
)
from app.desk.drafts.update import UndecidedError, differences_to_update, is_behind, update
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import YES, fit_to_form, flatten
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()


def conflict_page(
    request: Request,
    catalogue: Catalogue,
    draft: Draft,
    typed: PostedDraft,
    *,
    began: int,
    chosen: Mapping[str, str] | None = None,
) -> Response:
    """Show both versions field by field.

    What was typed is sent along in hidden fields until the editor has chosen.
    """
    form = commands.form_of(draft)
    revision = commands.state_at(catalogue.db, draft, began)
    start = fit_to_form(form, revision.document) if revision else draft.document
    full = commands.restore_private_values(catalogue.db, draft, typed, catalogue.person, start)
    reader = DraftReader(catalogue.db, catalogue.person, draft)
    visible = [reader.visible(document) for document in (start, draft.document, full.document)]
    hidden = [
        ("number", str(draft.number)),
        ("sheet", secrets.token_hex(8)),
        ("began", str(began)),
        *flatten(form, typed.document),
        ("change.why", typed.why),
        ("change.reason", typed.reason),
    ]
    if typed.hides_private:
        hidden.append((HIDES_PRIVATE, YES))
    who = name_of_person(catalogue.db, commands.states(catalogue.db, draft)[-1].by)
    view = ConflictView(
        title=_("Two versions of {record}").format(record=draft.record),
        lede=_(
            "{who} saved this draft after you opened it. Choose a value for each difference. "
            "Both versions stay under “Earlier versions”."
        ).format(who=who),
        back=(url("draft", id=draft.id), draft.record),
        action=url("draft-choose", id=draft.id),
        theirs=_("Version of {who}").format(who=who),
        mine=_("Your version"),
        differences=differences_to_choose(catalogue, form, visible, chosen),
        hidden=hidden,
        is_incomplete=chosen is not None,
    )
    return desk_page(request, "desk/components/conflict.html", conflict=view)


@router.post("/desk/drafts/{id:int}/choose", name="draft-choose")
def choose(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: PostedForm
) -> Response:
    """Save the chosen version of each field.

    Shows both versions again if a choice is missing, or if somebody saved meanwhile.
    """
    form = commands.form_of(draft)
    typed, _focus = read_posted_draft(Catalogue(db, person), draft, posted, "")
    began = posted.get("began", "")
    theirs = commands.state_at(db, draft, typed.number)
    if theirs is None or not re.fullmatch(NUMBER, began, re.ASCII):
        raise HTTPException(422)
    start = commands.state_at(db, draft, int(began)) or theirs
    full = commands.restore_private_values(
        db, draft, typed, person, start.document, theirs.document
    )
    chosen = posted_sides(posted)
    document = merge_as_chosen(form, theirs.document, full.document, chosen)
    if document is None:
        return conflict_page(
            request, Catalogue(db, person), draft, typed, began=int(began), chosen=chosen
        )
    try:
        commands.save(db, draft, replace(typed, document=document), person)
    except ConflictError:
        typed = replace(typed, document=DraftReader(db, person, draft).visible(document))
        return conflict_page(request, Catalogue(db, person), draft, typed, began=typed.number)
    except InvalidStateError:
        return invalid_state_response(request, draft)
    return RedirectResponse(f"{url('draft', id=draft.id)}?check=1", 303)


def draft_url(draft: Draft) -> str:
    return url("review" if draft.state in draft_models.WAITING_STATES else "draft", id=draft.id)


@router.get("/desk/drafts/{id:int}/update", name="draft-update")
def update_page(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    """Show the differences between the approved version and the draft, field by field."""
    if not is_behind(db, draft):
        return see_other(request, draft_url(draft))
    return _update_page(request, Catalogue(db, person), draft)


def _update_page(
    request: Request,
    catalogue: Catalogue,
    draft: Draft,
    chosen: Mapping[str, str] | None = None,
) -> Response:
    view = ConflictView(
        title=_("Update {record} to the published version").format(record=draft.record),
        lede=_(
            "The record was published again after this change was started. Choose a value for each "
            "difference. Both versions stay in the history."
        ),
        back=(url("desk-record", record=draft.record), draft.record),
        action=url("draft-update", id=draft.id),
        theirs=_("Published version"),
        mine=_("This draft"),
        differences=differences_to_update(catalogue, draft, chosen),
        hidden=[("number", str(draft.number))],
        is_incomplete=chosen is not None,
    )
    status = 200 if chosen is None else 422
    return desk_page(request, "desk/components/conflict.html", conflict=view, status=status)


@router.post("/desk/drafts/{id:int}/update")
def update_to_approved(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: PostedForm
) -> Response:
    chosen = posted_sides(posted)
    try:
        if posted.get("number", "") != str(draft.number):
            raise InvalidStateError
        update(db, draft, person, chosen, sheet=secrets.token_hex(8))
    except UndecidedError:
        return _update_page(request, Catalogue(db, person), draft, chosen)
    except InvalidStateError:
        return see_other(
            request,
            draft_url(draft),
            _("It has changed since you opened it. Nothing was saved; check it again."),
        )
    return see_other(
        request, draft_url(draft), _("The draft was updated to the published version.")
    )


@router.get("/desk/drafts/{id:int}/same/{twin}", name="draft-same")
def same(request: Request, db: Desk, person: Contributor, draft: OwnDraft, twin: str) -> Response:
    """Show field by field what would be dropped; nothing is changed."""
    comparison = compare_with_duplicate(Catalogue(db, person), draft, twin)
    if comparison is None:
        return _unavailable(request, draft, twin)
    return desk_page(request, "desk/drafts/same.html", draft=draft, same=comparison)


@router.post("/desk/drafts/{id:int}/same/{twin}")
def add_to_duplicate(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, twin: str
) -> Response:
    """Add the draft's citations to the other record, and delete the draft."""
    try:
        other, place = merge_into_duplicate(db, draft, twin, person)
    except InvalidStateError:
        return _unavailable(request, draft, twin)
    citation_url = (
        f"{url('draft', id=other.id)}?focus=citations.{place}.paraphrase#citations.{place}"
    )
    return see_other(
        request,
        citation_url,
        _("Your citations were added to this record, and your draft was deleted."),
    )


def _unavailable(request: Request, draft: Draft, twin: str) -> Response:
    notice = _(
        "Another person is editing {record} or has submitted it. Nothing was changed."
    ).format(record=twin)
    return see_other(request, url("draft", id=draft.id), notice)
