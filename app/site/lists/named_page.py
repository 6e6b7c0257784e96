"""The response of a list of named records."""

from fastapi import Request
from starlette.responses import Response

from app.record.index.edition import IndexedEdition
from app.site.lists.named_list import NamedList
from app.web.page import page


def named_list_page(request: Request, edition: IndexedEdition, view: NamedList) -> Response:
    return page(
        request,
        "site/components/named_list.html",
        edition=edition,
        view=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
    )
