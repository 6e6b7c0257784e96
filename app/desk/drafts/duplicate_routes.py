"""“It is the same”: what would be dropped from a draft, and adding its citations to the other."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.duplicates import compare_with_duplicate, merge_into_duplicate
from app.desk.drafts.own_draft import OwnDraft
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()


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
