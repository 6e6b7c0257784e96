"""Routes of `/embed`, and `/oembed`."""

from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.i18n.translate import _
from app.site.charts.glyphs import ZOOM
from app.site.cite import NotCitableError, citable
from app.site.events.events import Events
from app.site.lists.request import redirect_to_canonical
from app.site.places.page import PlacePage
from app.site.record_pages import find_place
from app.site.references.citable import (
    FRAME_HEIGHT,
    HEIGHT,
    WIDTH,
    CiteBox,
    frame_html,
    place_view,
    preview_address,
    provenance_headers,
)
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import EMBED_PREFIX, absolute_url

router = APIRouter(route_class=EditionRoute)


# Frames -----------------------------------------------------------------------------------------


@router.get("/embed/events", name="embedded timeline")
def embedded_timeline(request: Request, db: Reader) -> Response:
    listing = Events.requested(request, db)
    if elsewhere := redirect_to_canonical(request, (listing.filters, listing.dropped)):
        return elsewhere
    return page(
        request,
        "site/embed/frame.html",
        edition=listing.edition,
        title=listing.title,
        listing=listing,
        cited=CiteBox(request, listing.view),
    )


@router.get("/embed/cities/{code}", name="embedded city")
@router.get("/embed/places/{code}", name="embedded place")
def embedded_place(request: Request, db: Reader, code: str) -> Response:
    """Return the chart of a place, or a redirect to its current address below `/embed`."""
    edition, directory, elsewhere = find_place(request, db, code, "")
    if elsewhere:
        if "location" in elsewhere.headers:
            elsewhere.headers["location"] = EMBED_PREFIX.rstrip("/") + elsewhere.headers["location"]
        return elsewhere
    view = PlacePage(db, edition, code, directory)
    return page(
        request,
        "site/embed/frame.html",
        edition=edition,
        title=_("{place}: worker estimates").format(place=view.label),
        place=view,
        cited=CiteBox(request, place_view(edition, code, directory)),
    )


# oEmbed -----------------------------------------------------------------------------------------

MAX_WIDTH = 700
"""Default and maximum width of an embedded view, in pixels."""
CACHE_SECONDS = 86_400


@router.get("/oembed", name="oembed")
def oembed(
    request: Request,
    db: Reader,
    *,
    url: str = "",
    format: str = "json",
    maxwidth: Annotated[int, Query(ge=1)] = MAX_WIDTH,
    maxheight: Annotated[int, Query(ge=1)] = FRAME_HEIGHT,
) -> Response:
    """Return how to embed a page of this site (https://oembed.com)."""
    if format != "json":
        raise HTTPException(501)
    try:
        found = citable(request, db, _path_here(request, url))
    except NotCitableError:
        raise HTTPException(404) from None
    view, home = found.view, absolute_url(request, "/")
    answer: dict[str, str | int] = {
        "version": "1.0",
        "type": "rich" if view.can_embed else "link",
        "title": view.title,
        "author_name": "Sojourn",
        "author_url": home,
        "provider_name": "Sojourn",
        "provider_url": home,
        "cache_age": CACHE_SECONDS,
        "thumbnail_url": absolute_url(request, preview_address(view.address)),
        "thumbnail_width": WIDTH * ZOOM,
        "thumbnail_height": HEIGHT * ZOOM,
    }
    if view.can_embed:
        is_lasting = "edition" in dict(parse_qsl(urlsplit(url).query))
        width, height = min(maxwidth, MAX_WIDTH), min(maxheight, FRAME_HEIGHT)
        answer |= {
            "html": frame_html(request, view, is_lasting, str(width), height),
            "width": width,
            "height": height,
        }
    return JSONResponse(answer, headers=provenance_headers(request, view.edition))


def _path_here(request: Request, address: str) -> str:
    """Remove scheme and host, either of the request or of the configured public address."""
    for site in (absolute_url(request, ""), str(request.base_url).rstrip("/")):
        if address.startswith(f"{site}/"):
            return address.removeprefix(site)
    raise NotCitableError(address)
