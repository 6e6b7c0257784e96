"""Routes of `/changes`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.i18n.translate import _
from app.record.filters import ChangeFilters
from app.record.lists.session import ListSession
from app.site.changes import files
from app.site.changes import page as changes
from app.site.lists.request import (
    QueryInEdition,
    parse_request,
    redirect_to_canonical,
    reject_invalid_query,
)
from app.site.references.feed_links import feed_links
from app.site.references.share_links import page_share_links
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import url


def read_changes_request(request: Request, db: ListSession) -> QueryInEdition[ChangeFilters]:
    return parse_request(request, db, ChangeFilters, changes.parse_filters)


router = APIRouter(route_class=EditionRoute)


@router.get("/changes", name="changes")
def changes_page(request: Request, db: Reader) -> Response:
    edition, directory, question = read_changes_request(request, db)
    if elsewhere := redirect_to_canonical(request, question):
        return elsewhere
    view = changes.changes(db, edition, question, directory)
    return page(
        request,
        "site/changes/page.html",
        edition=edition,
        view=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
        feeds=feed_links(view.filters, _("Changes")),
        shared=page_share_links(request, edition, url("changes")),
    )


@router.get("/changes.json")
@router.get("/changes.csv")
@router.get("/changes.csv-metadata.json")
@router.get("/changes.xlsx")
@router.get("/changes.atom")
@router.get("/changes.feed.json")
def changes_file(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = read_changes_request(request, db)
    reject_invalid_query(filters, dropped, directory)
    return files.changes_file(request, db, edition, filters, directory)
