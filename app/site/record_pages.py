"""Looks up the record at an address: its row, or a redirect, a tombstone page, JSON or an error."""

from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.i18n.translate import _
from app.kinds import FORMS
from app.record.filters import SearchFilters
from app.record.index.edition import IndexedEdition
from app.record.lists.backend import ListSession
from app.record.models import RecordState, Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import reference_name
from app.record.sql import rows as record_rows
from app.record.sql.rows import find_by_name
from app.site.components.urls import list_address, place_page_address, record_address, with_filters
from app.site.export.columns import row_as_json
from app.site.export.responses import json_response
from app.site.lists.request import edition_directory, requested_edition
from app.vocabulary.kinds import LISTED_KINDS, RecordKind
from app.web.errors import Fault, fault_page
from app.web.page import page
from app.web.urls import EMBED_PREFIX, url


def suggest_pages(kind: str, name: str) -> list[tuple[str, str]]:
    """Return label and address of a list, or of a search, which reads misspelled names."""
    if kind in LISTED_KINDS:
        return [(_(FORMS[kind].WORDS.title), list_address(kind))]
    words = SearchFilters.made_of({"q": [name.replace("-", " ")]}, {})
    return [(_("Search for “{name}”").format(name=name), with_filters(url("search"), words))]


def find_record(
    request: Request, db: ListSession, kind: str, name: str
) -> tuple[IndexedEdition, Version | Response]:
    """Return the row at an address, or a response to send instead of the record's page.

    Redirects other names and merged records. Withdrawn records get a tombstone page.
    `.json` returns the row as JSON. Raises 410 for purged records.
    """
    edition = requested_edition(request, db)
    is_json = name.endswith(".json")
    name = name.removesuffix(".json")
    row = find_by_name(db, edition, kind, name)
    if row is None:
        return edition, fault_page(
            request,
            Fault(404, near=suggest_pages(kind, name)),
        )
    if row.state == RecordState.PURGED:
        raise HTTPException(410)
    into = row.payload.get("into")
    if into or reference_name(row) != name:
        to = record_address(into) if into else record_address(row.id, reference_name(row))
        return edition, redirect_to_record(request, to + (".json" if is_json else ""))
    if is_json:
        return edition, json_response(
            request, {"edition": edition.no} | record_as_json(row), edition
        )
    if row.state == RecordState.WITHDRAWN:
        form = row.payload["form"]
        title = form["title"] if "title" in form else reference_name(row)
        return edition, page(
            request,
            "site/record_pages/withdrawn.html",
            edition=edition,
            id=row.id,
            title=title,
            reason=row.reason,
            near=suggest_pages(kind, name),
        )
    return edition, row


def record_as_json(row: Version) -> dict[str, Any]:
    """Return a record as JSON; for a withdrawn record, only its id, state and reason."""
    fields = row_as_json(row.kind, record_rows.list_row(row)) if row.is_live else {"id": row.id}
    return {"state": row.state, "reason": row.reason} | fields


def find_place(
    request: Request, db: ListSession, code: str, ending: str
) -> tuple[IndexedEdition, Directory, Response | None]:
    """Return edition, directory, and a response if the place's page is not at this address.

    The directory has all data of a place, so its row is read only if the code is unknown.
    A workplace redirects to the page of its city.
    """
    edition = requested_edition(request, db)
    directory = edition_directory(request, db, edition)
    suffix = f".{ending}" if ending else ""
    if code not in directory.places:
        _edition, answer = find_record(request, db, RecordKind.PLACE, code + suffix)
        assert isinstance(answer, Response)  # every live place is in the directory
        return edition, directory, answer
    here = place_page_address(directory, code) + suffix
    path = request.url.path.removeprefix(EMBED_PREFIX.rstrip("/"))
    return edition, directory, redirect_to_record(request, here) if here != path else None


def redirect_to_record(request: Request, to: str) -> Response:
    """Redirect permanently to the record's own address, with the same query string."""
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{to}?{query}" if query else to, 301, headers=REVALIDATE_HEADERS)


REVALIDATE_HEADERS = {"Cache-Control": "no-cache"}
"""Browsers cache a 301 without limit, but a merge may be undone."""
