"""Routes of `/cite` and `/bibliography`."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.record.lists.session import select_edition
from app.site.cite import page as cite
from app.site.cite.citable import NotCitableError, citable, parse_cited_text
from app.site.lists.request import requested_address
from app.site.references.citable import cite_address
from app.web.page import page
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/cite", name="cite")
def cite_page(request: Request, db: Reader) -> Response:
    """Return the page on citing the view in `of`; without a known view, a form for its address."""
    claim = parse_cited_text(request)
    try:
        found = citable(request, db, claim.address) if claim.address else None
    except NotCitableError:
        found = None
    if found is None:
        edition = select_edition(db)
        return page(
            request,
            "site/cite/page.html",
            edition=edition,
            cite=None,
            unknown=request.query_params.get("of", ""),
        )
    if requested_address(request) != (
        address := cite_address(found.view.address, claim.fingerprint)
    ):
        return RedirectResponse(address, 303)
    view = cite.CitePage(request, db, found, claim.fingerprint)
    edition = found.view.edition
    return page(
        request,
        "site/cite/page.html",
        edition=edition,
        cite=view,
        lasting=address,
        newest_url=view.address_now,
    )


@router.get("/cite.{ending}")
def cite_file(request: Request, db: Reader, ending: str) -> Response:
    return cite.reference_file(request, db, ending)


@router.get("/bibliography.{ending}", name="bibliography")
def bibliography_file(request: Request, db: Reader, ending: str) -> Response:
    return cite.bibliography_file(request, db, ending)
