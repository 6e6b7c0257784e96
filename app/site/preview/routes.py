"""Routes of `/preview`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.charts import svg_to_png
from app.site.cite.citable import find_view
from app.site.preview.card import as_svg, preview
from app.site.references.citable import preview_address
from app.site.references.licence import provenance_headers
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep

router = APIRouter(route_class=EditionRoute)


@router.get("/preview/{of:path}.png", name="preview")
def preview_picture(request: Request, db: Reader, settings: SettingsDep, of: str) -> Response:
    found, elsewhere = find_view(request, db, of, preview_address)
    if elsewhere:
        return elsewhere
    svg = as_svg(preview(db, found, settings.licence))
    headers = provenance_headers(request, found.view.edition)
    return Response(svg_to_png.picture(svg), media_type="image/png", headers=headers)
