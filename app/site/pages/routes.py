"""Routes of `/pages`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.record.lists.session import select_edition
from app.site.lists.request import edition_directory
from app.site.presenters.named import named_view
from app.vocabulary.kinds import RecordNoun
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import url

router = APIRouter(route_class=EditionRoute)


@router.get("/pages", name="pages")
def pages_page(request: Request, db: Reader) -> Response:
    edition = select_edition(db, request.query_params.get("edition", ""))
    directory = edition_directory(request, db, edition)
    return page(
        request,
        "site/pages/list.html",
        edition=edition,
        rows=[
            named_view(RecordNoun.PAGE)(form, directory)
            for form in sorted(directory.pages.values(), key=lambda form: int(form.id[1:]))
        ],
        json_url=f"{url('api-v1')}/pages",
    )
