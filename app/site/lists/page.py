"""The page of a filtered list."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.components.urls import address
from app.site.lists.listing import Listing
from app.site.references.citable import list_view
from app.site.references.dataset_page import dataset_page
from app.site.references.feed_links import feed_links


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
    return dataset_page(
        request,
        template,
        edition,
        directory,
        cited=view,
        file_address=lambda ending: address(lasting, ending),
        places=listing.filters["place"],
        extent=listing.counts.extent,
        listing=listing,
        lasting=listing.lasting_address,
        json_url=listing.json_address,
        feeds=feed_links(listing.filters, listing.title),
        **rows,
    )
