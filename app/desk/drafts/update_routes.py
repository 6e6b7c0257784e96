"""Routes of `/desk/drafts/…/update`, which updates a draft to a newer approved version."""

import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.desk.approved import draft_models
from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import ConflictView, posted_sides
from app.desk.drafts.own_draft import OwnDraft
from app.desk.drafts.update import UndecidedError, differences_to_update, is_behind, update
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()


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
