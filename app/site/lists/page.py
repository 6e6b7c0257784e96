"""The page of a filtered list."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.components.urls import address
from app.site.lists.listing import Listing
from app.site.references import json_ld
from app.site.references.citable import citebox, list_view
from app.site.references.feed_links import feed_links
from app.site.references.json_ld import FILES
from app.site.references.share_links import share_links
from app.web.page import page


def list_page(
    request: Request,
    template: str,
    edition: IndexedEdition,
    listing: Listing,
    directory: Directory,
    **rows: Any,
) -> Response:
    """Render a list. `template` extends `site/components/list_page.html` and adds the rows."""
    view = list_view(edition, listing.filters, listing.sentence)
    lasting = listing.filters.with_(after=None, limit=None, edition=str(edition.no))
    files = [(media_type, address(lasting, ending)) for ending, media_type in FILES.items()]
    places, extent = listing.filters["place"], listing.counts.extent
    return page(
        request,
        template,
        edition=edition,
        listing=listing,
        lasting=listing.lasting_address,
        json_url=listing.json_address,
        cited=citebox(request, view),
        shared=share_links(request, view),
        described=json_ld.describe_dataset(
            request, view, files, directory, places=places, extent=extent
        ),
        feeds=feed_links(listing.filters, listing.title),
        **rows,
    )
