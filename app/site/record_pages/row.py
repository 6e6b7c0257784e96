"""The row behind the address of one record, and what answers where there is no page to show of it."""

from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.record import editions
from app.record.editions import Reading
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import name_of
from app.record.sql import rows as queries
from app.record.sql.by_name import find
from app.site.components.urls import place_page_address, record_address
from app.site.export import record_columns
from app.site.export.responses import json_answer
from app.site.lists.request import names
from app.site.record_pages.suggestions import near
from app.web.errors import Fault, fault_page
from app.web.page import page
from app.web.urls import FRAMES


def record(
    request: Request, db: Session, kind: str, name: str
) -> tuple[Reading, Version | Response]:
    """The row behind the address of one record; or the answer, where that is not a page about what the row says.

    Another name for it, and a record merged into another, lead on; a withdrawn one says why; `.json` gives the row.
    """
    edition = editions.reading(db, request.query_params.get("edition", ""))
    is_json = name.endswith(".json")
    name = name.removesuffix(".json")
    row = find(db, edition, kind, name)
    if row is None:
        return edition, fault_page(
            request, Fault(404, near=near(kind, name, names(request, db, edition)))
        )
    if row.state == "purged":
        raise HTTPException(410)
    into = row.payload.get("into")
    if into or name_of(row) != name:
        to = record_address(into) if into else record_address(row.id, name_of(row))
        return edition, _permanently(request, to + (".json" if is_json else ""))
    if is_json:
        return edition, json_answer(request, {"edition": edition.no} | said(row), edition)
    if row.state == "withdrawn":
        form = row.payload["form"]
        title = form["title"] if "title" in form else name_of(row)
        ways = near(kind, name, names(request, db, edition))
        return edition, page(
            request,
            "site/record_pages/withdrawn.html",
            edition=edition,
            id=row.id,
            title=title,
            reason=row.reason,
            near=ways,
        )
    return edition, row


def said(row: Version) -> dict[str, Any]:
    """What a record says, as JSON has it; of one that was withdrawn, that and why."""
    fields = (
        record_columns.as_json(row.kind, queries.found(row))
        if row.state == "live"
        else {"id": row.id}
    )
    return {"state": row.state, "reason": row.reason} | fields


def place_named(
    request: Request, db: Session, code: str, ending: str
) -> tuple[Reading, Directory, Response | None]:
    """The edition and names for the page of a place, and the answer where that page is not to be shown here.

    The names hold all that is said of a place, so that most pages need not look for its row; and they tell on which
    page it stands: a city's, that of the city a site is in, or one of its own.
    """
    edition = editions.reading(db, request.query_params.get("edition", ""))
    directory = names(request, db, edition)
    suffix = f".{ending}" if ending else ""
    if code not in directory.places:
        _edition, answer = record(request, db, "P", code + suffix)
        assert isinstance(
            answer, Response
        )  # a place that has a page of its own stands among the names
        return edition, directory, answer
    here = place_page_address(directory, code) + suffix
    asked = request.url.path.removeprefix(FRAMES.rstrip("/"))
    return edition, directory, _permanently(request, here) if here != asked else None


def _permanently(request: Request, to: str) -> Response:
    """The same question at the address that the record has for good."""
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{to}?{query}" if query else to, 301, headers=ASKED_AGAIN)


ASKED_AGAIN = {"Cache-Control": "no-cache"}
"""Browsers would keep a 301 for ever, and what was merged may be taken apart again."""
