"""`/desk/search`."""

import secrets

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.desk.identity.permissions import Contributor
from app.desk.search.search import search_desk
from app.desk.ui.page_frame import desk_page
from app.documents import clean
from app.kinds import FORMS
from app.vocabulary.kinds import WRITTEN_KINDS
from app.web.sessions import Desk
from app.web.state import app_state

router = APIRouter()


@router.get("/desk/search", name="desk-search")
def search(request: Request, db: Desk, person: Contributor) -> Response:
    """Find anything to change, published or not, in anybody's work."""
    query = clean(request.query_params.get("q", "")).strip()
    hits = search_desk(db, person, query, app_state(request).indexes)
    return desk_page(
        request,
        "desk/search/page.html",
        asked=query,
        hits=hits,
        key=secrets.token_hex(8),
        kinds={kind: FORMS[kind].WORDS for kind in WRITTEN_KINDS},
    )
