"""Routes of `/figure`, and of SVG and PNG files of lists."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.record.filters import LISTS
from app.site.charts import svg_to_png
from app.site.cite.view import find_view_to_draw
from app.site.components.urls import list_address
from app.site.figure.sheet import FigureSheet, as_svg
from app.site.references.licence import provenance_headers
from app.site.references.share_links import figure_address, share_links
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.static import SVG
from app.web.urls import absolute_url

router = APIRouter(route_class=EditionRoute)


@router.get("/figure/{of:path}", name="figure")
def figure_page(request: Request, db: Reader, of: str) -> Response:
    found, elsewhere = find_view_to_draw(request, db, of, figure_address)
    view = found.view
    if not view.has_figure:
        raise HTTPException(404)
    if elsewhere:
        return elsewhere
    path, _mark, query = view.address.partition("?")
    return page(
        request,
        "site/figure/page.html",
        edition=view.edition,
        view=view,
        files=[(ending, f"{path}.{ending}?{query}") for ending in ("svg", "png")],
        lasting=figure_address(view.address),
        newest_url=figure_address(view.page),
        shared=share_links(request, view),
    )


def sheet_file(request: Request, db: Reader, settings: SettingsDep) -> Response:
    """Return the histogram of a list as SVG or PNG, as the extension of its address says."""
    path, _dot, ending = request.url.path.strip("/").partition(".")
    found, elsewhere = find_view_to_draw(
        request, db, path, lambda of: of.replace("?", f".{ending}?", 1)
    )
    if elsewhere:
        return elsewhere
    view = found.view
    svg = as_svg(FigureSheet(found, settings.licence, absolute_url(request, "")))
    headers = {
        **provenance_headers(request, view.edition),
        "Content-Disposition": (
            f'attachment; filename="sojourn-{view.name}-edition-{view.edition.no}.{ending}"'
        ),
    }
    if ending == "svg":
        return Response(svg, media_type=SVG, headers=headers)
    return Response(svg_to_png.picture(svg), media_type="image/png", headers=headers)


for each in LISTS.values():
    for file_ending in ("svg", "png"):
        router.add_api_route(f"{list_address(each.KIND)}.{file_ending}", sheet_file)
