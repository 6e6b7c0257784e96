"""The response of a page whose data can be cited, shared and downloaded."""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import Request
from starlette.responses import Response

from app.dates import edtf
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.site.references.citable import CitableView, CiteBox, share_links
from app.site.references.json_ld import FILES, describe_dataset
from app.web.page import page


def dataset_page(
    request: Request,
    template: str,
    edition: IndexedEdition,
    directory: Directory,
    *,
    cited: CitableView,
    file_address: Callable[[str], str],
    places: Iterable[str] = (),
    extent: edtf.Days | None = None,
    **context: Any,
) -> Response:
    """Render a page with its citation, its links to share, and the description of its data.

    `file_address` returns where the data are in this edition, for an ending such as `.csv`.
    `places` and `extent` are where and when the data are about.
    """
    files = [(media_type, file_address(ending)) for ending, media_type in FILES.items()]
    return page(
        request,
        template,
        edition=edition,
        cited=CiteBox(request, cited),
        shared=share_links(request, cited),
        described=describe_dataset(request, cited, files, directory, places=places, extent=extent),
        **context,
    )
