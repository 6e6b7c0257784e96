"""Routes of `/sources`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.site.cards.card import cards_of_list
from app.site.lists.page import list_page
from app.site.lists.request import SourcesQuery, query_in_edition, redirect_to_canonical
from app.site.record_pages.page import record_page
from app.site.sources.source import SOURCE
from app.site.sources.sources import sources
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/sources", name="sources")
def sources_page(request: Request, db: Reader, question: SourcesQuery) -> Response:
    edition, directory, question = query_in_edition(request, db, question)
    if elsewhere := redirect_to_canonical(request, question):
        return elsewhere
    listing, groups = sources(db, edition, question, directory)
    cards = cards_of_list(db, edition, question[0], directory)
    return list_page(
        request, "site/sources/list.html", edition, listing, directory, cards=cards, groups=groups
    )


@router.get("/sources/{name}", name="source")
def source_page(request: Request, db: Reader, name: str) -> Response:
    return record_page(request, db, RecordKind.SOURCE, name, SOURCE)
