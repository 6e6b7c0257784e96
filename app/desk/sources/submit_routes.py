"""`/desk/sources/…/submit`: submit all that was entered from a report in one press."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.report_submission import submit_report
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.translate import _, ngettext
from app.vocabulary.kinds import RecordKind
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()


@router.post("/desk/sources/{id}/submit", name="submit-report")
def submit(request: Request, db: Desk, person: Contributor, id: str) -> Response:
    """Submit all drafts of the report, or show each row and field that prevents it."""
    catalogue = Catalogue(db, person)
    if id[:1] != RecordKind.SOURCE or catalogue.document(id) is None:
        raise HTTPException(404)
    submitted, errors = submit_report(db, person, id)
    if errors:
        return desk_page(
            request,
            "desk/sources/not_submitted.html",
            source=id,
            title=catalogue.label(id),
            errors=errors,
            status=422,
        )
    notice = ngettext(
        "{count} record of this report was submitted for review.",
        "{count} records of this report were submitted for review.",
        len(submitted),
    )
    return see_other(
        request, url("article", id=id), notice if submitted else _("There is nothing to submit.")
    )
