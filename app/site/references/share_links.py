"""How a view is shared: its addresses as of now and as of its edition, picture and figure, and how to embed it."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from fastapi import Request

from app.record.editions import Reading
from app.site.references.citable import View
from app.web.urls import absolute, url

WIDTH, HEIGHT, MARGIN = 600, 315, 24


FRAME_HEIGHT = 640
"""Pixels that a frame is high unless its page wants it otherwise: the head, the chart and a few rows."""


@dataclass(frozen=True)
class Shared:
    """What `site/components/share_links.html` offers, and what the head of a page tells those who show links to it."""

    address: str
    """The page as it was asked for: of the newest edition, or of one for good."""
    is_lasting: bool
    picture: str
    now: str = ""
    """All of these in full, as one sends them to others; empty where a page is no view of the record."""
    lasting: str = ""
    code: str = ""
    """What to put into a page of one's own, to show it there."""
    figure: str = ""
    oembed: str = ""


def shared(request: Request, view: View) -> Shared:
    is_lasting = "edition" in request.query_params
    address = absolute(request, view.address if is_lasting else view.page)
    return Shared(
        address=address,
        is_lasting=is_lasting,
        picture=absolute(request, preview_address(view.address)),
        now=absolute(request, view.page),
        lasting=absolute(request, view.address),
        code=frame(request, view, is_lasting) if view.can_embed else "",
        figure=figure_address(view.address) if view.has_figure else "",
        oembed=f"{absolute(request, url('oembed'))}?{urlencode({'url': address})}",
    )


def shared_page(request: Request, edition: Reading, path: str) -> Shared:
    """A page that is no view of the record by itself: with it goes the picture of the whole timeline."""
    is_lasting = "edition" in request.query_params
    asked = f"?edition={edition.no}"
    return Shared(
        address=absolute(request, path + (asked if is_lasting else "")),
        is_lasting=is_lasting,
        picture=absolute(request, preview_address(url("timeline") + asked)),
    )


def preview_address(of: str) -> str:
    """The picture that goes with a link to that address."""
    path, mark, query = of.partition("?")
    return url("preview", of=path) + mark + query


def figure_address(of: str) -> str:
    """The drawing of that view for print and slides."""
    return url("figure", of=of)


def frame_address(of: str) -> str:
    """The same view for a frame on a page of others."""
    return url("embed", of=of)


def frame(
    request: Request, view: View, is_lasting: bool, width: str = "100%", height: int = FRAME_HEIGHT
) -> str:
    """The HTML that shows a view within another page. It needs no script, and tells nobody who reads it where."""
    address = absolute(request, frame_address(view.address if is_lasting else view.page))
    return (
        f'<iframe src="{escape(address)}" title="{escape(view.title)}" width="{width}" height="{height}" '
        'loading="lazy" referrerpolicy="no-referrer" frameborder="0"></iframe>'
    )
