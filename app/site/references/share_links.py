"""Links for sharing a view: newest and permanent address, preview picture, figure, embedding."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from fastapi import Request

from app.record.editions import SelectedEdition
from app.site.references.citable import CitableView
from app.web.urls import absolute_url, url

WIDTH, HEIGHT, MARGIN = 600, 315, 24


FRAME_HEIGHT = 640
"""Default height of an embedded frame in pixels: heading, chart and a few rows."""


@dataclass(frozen=True)
class ShareLinks:
    """For `site/components/share_links.html`, and for the Open Graph tags of the page."""

    address: str
    """Address of the requested page: of the newest edition, or of a fixed one."""
    is_lasting: bool
    picture: str
    now: str = ""
    """Full address of the newest edition; `lasting`: permanent link. Empty for other pages."""
    lasting: str = ""
    code: str = ""
    """HTML that embeds the view in another page; empty if it can't be embedded."""
    figure: str = ""
    oembed: str = ""


def share_links(request: Request, view: CitableView) -> ShareLinks:
    is_lasting = "edition" in request.query_params
    address = absolute_url(request, view.address if is_lasting else view.page)
    return ShareLinks(
        address=address,
        is_lasting=is_lasting,
        picture=absolute_url(request, preview_address(view.address)),
        now=absolute_url(request, view.page),
        lasting=absolute_url(request, view.address),
        code=frame_html(request, view, is_lasting) if view.can_embed else "",
        figure=figure_address(view.address) if view.has_figure else "",
        oembed=f"{absolute_url(request, url('oembed'))}?{urlencode({'url': address})}",
    )


def page_share_links(request: Request, edition: SelectedEdition, path: str) -> ShareLinks:
    """Return the links of a page that can't be cited. Its preview shows the whole timeline."""
    is_lasting = "edition" in request.query_params
    edition_query = f"?edition={edition.no}"
    return ShareLinks(
        address=absolute_url(request, path + (edition_query if is_lasting else "")),
        is_lasting=is_lasting,
        picture=absolute_url(request, preview_address(url("timeline") + edition_query)),
    )


def preview_address(of: str) -> str:
    """Return the address of the preview picture for the view at `of`."""
    path, mark, query = of.partition("?")
    return url("preview", of=path) + mark + query


def figure_address(of: str) -> str:
    """Return the address of the figure of the view at `of`."""
    return url("figure", of=of)


def frame_address(of: str) -> str:
    """Return the address of the embedded version of the view at `of`."""
    return url("embed", of=of)


def frame_html(
    request: Request,
    view: CitableView,
    is_lasting: bool,
    width: str = "100%",
    height: int = FRAME_HEIGHT,
) -> str:
    """Return the HTML that embeds a view: no script, and no referrer is sent."""
    address = absolute_url(request, frame_address(view.address if is_lasting else view.page))
    return (
        f'<iframe src="{escape(address)}" title="{escape(view.title)}" width="{width}" '
        f'height="{height}" loading="lazy" referrerpolicy="no-referrer" frameborder="0"></iframe>'
    )
