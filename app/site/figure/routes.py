"""Routes of `/figure`, and of SVG and PNG files of lists."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.i18n.formats import day
from app.i18n.translate import _
from app.record.filters import LISTS
from app.site.charts import svg_to_png
from app.site.charts.histogram_bars import bars
from app.site.charts.svg import MARGIN_PIXELS, TEXT, TITLE, reported_by, style, wrap
from app.site.cite.citable import Citable, find_view_to_draw
from app.site.components.urls import list_address
from app.site.lists.histogram import MUST
from app.site.references.citable import figure_address, share_links
from app.site.references.licence import provenance_headers
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.static import SVG
from app.web.templates import environment
from app.web.urls import absolute_url

WIDTH, MAX_BAR_HEIGHT = 760, 220
"""Width of the histogram and height of its highest bar, in pixels.

Narrower than the chart of a city, so that text is legible on a slide.
"""
MAX_ADDRESS_LINES = 20
"""Enough lines for the longest address, which must not be cut."""
PIXELS_ABOVE, PIXELS_BELOW, LINE_PIXELS = 24, 30, 18


class FigureSheet:
    """Everything that `site/figure/sheet.svg` prints."""

    def __init__(self, found: Citable, licence: str, site: str) -> None:
        """Runs no SQL statement if an index answers."""
        view, listing = found.view, found.listing
        assert listing
        histogram = listing.matching.histogram(listing.extent)
        title = _positioned(wrap(view.title, TITLE, WIDTH, 3), MARGIN_PIXELS + 20, TITLE.line)
        said = _positioned(
            wrap(view.remark, TEXT, WIDTH, 2) if view.remark else [], title[-1][0] + 26, TEXT.line
        )
        top = (said or title)[-1][0] + PIXELS_ABOVE + LINE_PIXELS
        base = top + MAX_BAR_HEIGHT if histogram else top
        outlets = {
            found.directory.label("outlet", code): many
            for code, many in listing.counts.within.get("outlet", {}).items()
        }
        where = _("Sojourn, edition {no} ({day}). {licence}. {address}").format(
            no=view.edition.no,
            day=day(view.edition.at.date()),
            licence=licence,
            address=f"{site}{view.address}",
        )
        lines = [
            *([_(listing.wording.in_many)] if histogram else []),
            *wrap(reported_by(outlets), TEXT, WIDTH, 2),
            *wrap(where, TEXT, WIDTH, MAX_ADDRESS_LINES),
        ]
        key_at = base + PIXELS_BELOW + 14
        self.words = view.title
        # Edition, licence and permanent link.
        self.where = where
        # Lines of text with their y.
        self.title = title
        self.said = said
        self.histogram = bars(histogram, MARGIN_PIXELS, WIDTH, top, base) if histogram else None
        # Label of solid bars in the legend.
        self.must = _(MUST[histogram.bin]) if histogram else ""
        self.key_at = key_at
        self.lines = _positioned(
            lines, key_at + 26 if histogram else base + PIXELS_BELOW, LINE_PIXELS
        )
        self.width = WIDTH + 2 * MARGIN_PIXELS
        self.height = (
            (key_at + 26 if histogram else base + PIXELS_BELOW)
            + LINE_PIXELS * len(lines)
            + MARGIN_PIXELS // 2
        )


def _positioned(lines: Sequence[str], first: int, step: int) -> list[tuple[int, str]]:
    return [(first + step * number, words) for number, words in enumerate(lines)]


def as_svg(view: FigureSheet) -> str:
    return (
        environment()
        .get_template("site/figure/sheet.svg")
        .render(sheet=view, style=style(), margin=MARGIN_PIXELS)
    )


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
