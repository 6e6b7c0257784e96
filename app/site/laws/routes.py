"""Routes of `/laws`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.filtering import DroppedParameter
from app.record.filters import LawListFilters
from app.site.laws.laws import laws
from app.site.laws.page import LAW
from app.site.lists.named_page import named_list_page
from app.site.lists.request import query_in_edition, query_reader, redirect_to_canonical
from app.site.record_pages.page import record_page
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)
Query = Annotated[
    tuple[LawListFilters, list[DroppedParameter]], Depends(query_reader(LawListFilters))
]


@router.get("/laws", name="laws")
def laws_page(request: Request, db: Reader, query: Query) -> Response:
    edition, directory, query_now = query_in_edition(request, db, query)
    if elsewhere := redirect_to_canonical(request, query_now):
        return elsewhere
    return named_list_page(request, edition, laws(edition, query_now, directory))


@router.get("/laws/{name}", name="law")
def law_page(request: Request, db: Reader, name: str) -> Response:
    return record_page(request, db, RecordKind.LAW, name, LAW)
