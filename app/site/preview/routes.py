"""Routes of `/preview`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.filters import LISTS
from app.site.charts import svg_to_png
from app.site.cite.citable import find_view
from app.site.components.urls import list_address
from app.site.export.responses import led_on
from app.site.preview.card import as_svg, preview
from app.site.references.citable import preview_address
from app.site.references.licence import provenance_headers
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep

router = APIRouter(route_class=EditionRoute)


@router.get("/figure/{of:path}")  # of release 0.1.0: leads to the picture
@router.get("/preview/{of:path}.png", name="preview")
def preview_picture(request: Request, db: Reader, settings: SettingsDep, of: str) -> Response:
    found, elsewhere = find_view(request, db, of)
    if elsewhere:
        return elsewhere
    svg = as_svg(preview(db, found, settings.licence))
    headers = provenance_headers(request, found.view.edition)
    return Response(svg_to_png.picture(svg), media_type="image/png", headers=headers)


def former_picture(request: Request) -> Response:
    """Lead from the pictures of lists of release 0.1.0."""
    return led_on(request, preview_address(request.url.path.partition(".")[0]))


for each in LISTS.values():
    for ending in ("svg", "png"):
        router.add_api_route(f"{list_address(each.KIND)}.{ending}", former_picture)
