"""The response that shows the page of a report's sheet."""

import secrets

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import source_page
from app.desk.drafts.articles import article
from app.desk.drafts.carry_over import BLOCKS, usual_blocks
from app.desk.identity.models import Person
from app.desk.sheets.page_model import SheetView
from app.desk.ui.page_frame import desk_page
from app.vocabulary.kinds import RecordKind
from app.web.state import app_state


def sheet_page(
    request: Request,
    db: Session,
    person: Person,
    shown: SheetView,
    *,
    with_problems: bool = False,
    status: int = 200,
) -> Response:
    """Return the page of a sheet, with what else belongs to its source."""
    catalogue = Catalogue(db, person)
    view = article(catalogue, shown.id, secrets.token_hex(8))
    assert view is not None
    settings = app_state(request).settings
    if with_problems:
        shown = shown.with_problems()
    return desk_page(
        request,
        "desk/sources/page.html",
        status=status,
        article=view,
        sheet=shown,
        page=source_page.page_of_source(db, settings, view.id, view.address, person),
        blocks=BLOCKS,
        usual=usual_blocks(view.last[0][0] if view.last else ""),
    )


def check_source(db: Session, person: Person, id: str) -> None:
    if id[:1] != RecordKind.SOURCE or Catalogue(db, person).document(id) is None:
        raise HTTPException(404)
