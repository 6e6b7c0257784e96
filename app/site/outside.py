"""What other sites ask for when somebody shares or embeds a view: its picture, a frame of it, and how to embed it."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.database.sessions import Reader
from app.site.cite import NotCitable, citable
from app.site.exports import provenance
from app.site.preview import as_svg, preview
from app.site.raster import picture
from app.site.sharing import preview_address

router = APIRouter()

FOR_ALL = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""Pages of others may show it."""


@router.get("/preview/{of:path}.png", name="preview")
def preview_picture(request: Request, db: Reader, of: str) -> Response:
    """Drawn for the canonical address alone, so that no view has more than one picture in an edition."""
    query = request.scope["query_string"].decode("latin-1")
    try:
        found = citable(request, db, f"/{of}?{query}")
    except NotCitable:
        raise HTTPException(404) from None
    address = preview_address(found.view.address)
    if f"{request.url.path}?{query}" != address:
        return RedirectResponse(address, 303)
    svg = as_svg(preview(db, found, request.app.state.settings.licence))
    headers = {**provenance(request, found.view.edition), **FOR_ALL}
    return Response(picture(svg), media_type="image/png", headers=headers)
