"""What other sites ask for when somebody shares or embeds a view: its picture, a frame of it, and how to embed it.

And the figure, which leaves the site on paper. All are found by the address of the view, which follows a prefix.
"""

from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.record.filters import LISTS
from app.site.addresses import list_address
from app.site.asking import AskedEvents, asked, asked_by_name, canonical
from app.site.cite import Citable, NotCitable, citable
from app.site.citing import of_list, of_place
from app.site.city import CityPage, one_city
from app.site.exports import NotUnderstood, provenance, refuse_what_has_no_meaning
from app.site.outlet import one_in_each_language
from app.site.place import PlacePage, one_place
from app.site.preview import HEIGHT, WIDTH, preview
from app.site.preview import as_svg as preview_as_svg
from app.site.raster import ZOOM, picture
from app.site.records import place_named
from app.site.sharing import FRAME_HEIGHT, figure_address, frame, preview_address, shared
from app.site.sheet import as_svg as sheet_as_svg
from app.site.sheet import sheet
from app.site.timeline import timeline
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.static import SVG
from app.web.urls import FRAMES, absolute, url

router = APIRouter(route_class=EditionRoute)


def _view_at(request: Request, db: Session, of: str, address: Callable[[str], str]) -> tuple[Citable, Response | None]:
    """The view whose address follows the prefix; or the way to the one address that it has under that prefix.

    So nothing is drawn twice for the same view of an edition, in whatever order somebody writes its filter.
    """
    if "." in of:
        raise HTTPException(404)  # the name of a file, which has no picture
    query = request.scope["query_string"].decode("latin-1")
    try:
        found = citable(request, db, f"/{of}?{query}")
    except NotCitable:
        raise HTTPException(404) from None
    here, lasting = f"{request.url.path}?{query}", address(found.view.address)
    return found, RedirectResponse(lasting, 303) if here != lasting else None


def _view_to_draw(
    request: Request, db: Session, of: str, address: Callable[[str], str]
) -> tuple[Citable, Response | None]:
    """A figure is a file: it does not guess what a filter may have meant."""
    found, elsewhere = _view_at(request, db, of, address)
    if found.filters:
        _filters, dropped = asked(type(found.filters))(request)
        refuse_what_has_no_meaning(found.filters, dropped, found.directory)
    return found, elsewhere


# Pictures ---------------------------------------------------------------------------------------------------------


@router.get("/preview/{of:path}.png", name="preview")
def preview_picture(request: Request, db: Reader, of: str) -> Response:
    found, elsewhere = _view_at(request, db, of, preview_address)
    if elsewhere:
        return elsewhere
    svg = preview_as_svg(preview(db, found, request.app.state.settings.licence))
    headers = provenance(request, found.view.edition)
    return Response(picture(svg), media_type="image/png", headers=headers)


@router.get("/figure/{of:path}", name="figure")
def figure_page(request: Request, db: Reader, of: str) -> Response:
    """The drawing of a list or place, for print and slides."""
    found, elsewhere = _view_to_draw(request, db, of, figure_address)
    view = found.view
    if not view.has_figure:
        raise HTTPException(404)
    if elsewhere:
        return elsewhere
    path, _mark, query = view.address.partition("?")
    return page(
        request,
        "site/figure.html",
        edition=view.edition,
        view=view,
        files=[(ending, f"{path}.{ending}?{query}") for ending in ("svg", "png")],
        lasting=figure_address(view.address),
        newest_url=figure_address(view.page),
        shared=shared(request, view),
    )


def sheet_file(request: Request, db: Reader) -> Response:
    """The histogram of a list as a file, under the name that it has for itself."""
    path, _dot, ending = request.url.path.strip("/").partition(".")
    found, elsewhere = _view_to_draw(request, db, path, lambda of: of.replace("?", f".{ending}?", 1))
    if elsewhere:
        return elsewhere
    settings, view = request.app.state.settings, found.view
    svg = sheet_as_svg(sheet(db, found, settings.licence, absolute(request, "")))
    headers = {
        **provenance(request, view.edition),
        "Content-Disposition": f'attachment; filename="sojourn-{view.name}-edition-{view.edition.no}.{ending}"',
    }
    if ending == "svg":
        return Response(svg, media_type=SVG, headers=headers)
    return Response(picture(svg), media_type="image/png", headers=headers)


for each in LISTS.values():
    for file_ending in ("svg", "png"):
        router.add_api_route(f"{list_address(each.KIND)}.{file_ending}", sheet_file)


# Frames -----------------------------------------------------------------------------------------------------------


@router.get("/embed/events", name="embedded timeline")
def embedded_timeline(request: Request, db: Reader, question: AskedEvents) -> Response:
    """The timeline of a filter, in a frame on somebody's page."""
    edition, directory, question = asked_by_name(request, db, question)
    if elsewhere := canonical(request, question):
        return elsewhere
    listing, view = timeline(db, edition, question, directory)
    cited = of_list(edition, listing.filters, listing.sentence)
    return page(
        request,
        "site/embedded_timeline.html",
        edition=edition,
        listing=listing,
        timeline=view,
        shared=shared(request, cited),
    )


@router.get("/embed/cities/{code}", name="embedded city")
def embedded_city(request: Request, db: Reader, code: str) -> Response:
    return _embedded_place(request, db, code, one_city)


@router.get("/embed/places/{code}", name="embedded place")
def embedded_place(request: Request, db: Reader, code: str) -> Response:
    return _embedded_place(request, db, code, one_place)


def _embedded_place(request: Request, db: Session, code: str, view_of: Callable[..., CityPage | PlacePage]) -> Response:
    """The chart of a place. One that moved to another address leads there, within the frame."""
    edition, directory, elsewhere = place_named(request, db, code, "")
    if elsewhere:
        if "location" in elsewhere.headers:
            elsewhere.headers["location"] = FRAMES.rstrip("/") + elsewhere.headers["location"]
        return elsewhere
    view: Any = view_of(db, edition, code, directory)
    return page(
        request,
        "site/embedded_place.html",
        edition=edition,
        place=view,
        names=one_in_each_language(view.names),
        drawn=view.figures.rows[: view.figures.chart.drawn],
        shared=shared(request, of_place(edition, code, directory)),
    )


# oEmbed -----------------------------------------------------------------------------------------------------------

WIDEST = 700
"""Pixels, where the page that embeds it does not say how much room it has."""
FOR_A_DAY = 86_400


@router.get("/oembed", name="oembed")
def oembed(
    request: Request,
    db: Reader,
    *,
    url: str = "",
    format: str = "json",
    maxwidth: int = WIDEST,
    maxheight: int = FRAME_HEIGHT,
) -> Response:
    """How to show one of our addresses within another page, for programs that ask by themselves (oembed.com)."""
    if format not in {"json", "xml"}:
        raise HTTPException(501)
    if maxwidth < 1 or maxheight < 1:
        raise NotUnderstood([("maxwidth" if maxwidth < 1 else "maxheight", "is no size")])
    try:
        found = citable(request, db, _path_here(request, url))
    except NotCitable:
        raise HTTPException(404) from None
    is_lasting = "edition" in dict(parse_qsl(urlsplit(url).query))
    said = _oembed(request, found, is_lasting, min(maxwidth, WIDEST), min(maxheight, FRAME_HEIGHT))
    headers = provenance(request, found.view.edition)
    if format == "json":
        return JSONResponse(said, headers=headers)
    root = Element("oembed")
    for name, value in said.items():
        SubElement(root, name).text = str(value)
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="text/xml; charset=utf-8", headers=headers)


def _path_here(request: Request, address: str) -> str:
    """The address without the name of this site, by which it was reached or is known to readers."""
    for site in (absolute(request, ""), str(request.base_url).rstrip("/")):
        if address.startswith(f"{site}/"):
            return address.removeprefix(site)
    raise NotCitable(address)


def _oembed(request: Request, found: Citable, is_lasting: bool, width: int, height: int) -> dict[str, str | int]:
    """Rich where there is a frame of it; else a link with its picture."""
    view = found.view
    kind: Literal["rich", "link"] = "rich" if view.can_embed else "link"
    said: dict[str, str | int] = {
        "version": "1.0",
        "type": kind,
        "title": view.title,
        "author_name": "Sojourn",
        "author_url": absolute(request, url("home")),
        "provider_name": "Sojourn",
        "provider_url": absolute(request, url("home")),
        "cache_age": FOR_A_DAY,
        "thumbnail_url": absolute(request, preview_address(view.address)),
        "thumbnail_width": WIDTH * ZOOM,
        "thumbnail_height": HEIGHT * ZOOM,
    }
    if kind == "rich":
        said |= {"html": frame(request, view, is_lasting, str(width), height), "width": width, "height": height}
    return said
