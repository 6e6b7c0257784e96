"""Looks up the record at an address: its row, or a redirect, a tombstone page, JSON or an error."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.i18n.translate import _
from app.kinds import FORMS
from app.record.index.edition import IndexedEdition
from app.record.lists.backend import ListSession
from app.record.models import RecordState, Version
from app.record.names.directory import Directory
from app.record.publishing.working_set import reference_name
from app.record.search import plain_text
from app.record.sql import rows as record_rows
from app.record.sql.rows import find_by_name
from app.site.components.urls import list_address, page_link, place_page_address, record_address
from app.site.export.columns import row_as_json
from app.site.export.responses import json_response
from app.site.lists.request import edition_directory, requested_edition
from app.vocabulary.kinds import LISTED_KINDS, NOUN_OF_KIND, RecordKind
from app.web.errors import Fault, fault_page
from app.web.page import page
from app.web.urls import EMBED_PREFIX

MAX_SUGGESTIONS = 5
MAX_NAME_CHARACTERS = 100


def suggest_pages(kind: str, name: str, directory: Directory) -> list[tuple[str, str]]:
    """Return suggested pages as (label, address)."""
    if kind in LISTED_KINDS:
        return [(_(FORMS[kind].WORDS.title), list_address(kind))]
    noun = NOUN_OF_KIND[kind]
    codes = similar_codes(name, noun, list(directory.named_records[noun]), directory)
    links = [page_link(directory, noun, code) for code in codes]
    return [(link.label, link.address) for link in links]


def similar_codes(
    name: str, vocabulary: str, codes: Sequence[str], directory: Directory
) -> list[str]:
    """Return codes with this name or a similar one, or with a similar code; the nearest first."""
    words = plain_text(name.replace("-", " "))[:MAX_NAME_CHARACTERS]
    by_name = {
        name: code
        for name, meanings in directory.names.items()
        for key, code in meanings
        if key == vocabulary
    }
    by_name |= {code.replace("-", " "): code for code in codes}
    similar = get_close_matches(words, by_name, n=MAX_SUGGESTIONS, cutoff=MIN_SIMILARITY)
    return list(dict.fromkeys(by_name[name] for name in similar))


MIN_SIMILARITY = 0.7
"""From 0 to 1, for difflib: "Dangdong" matches Dandong, "Dalian" does not."""


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
            Fault(404, near=suggest_pages(kind, name, edition_directory(request, db, edition))),
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
        suggestions = suggest_pages(kind, name, edition_directory(request, db, edition))
        return edition, page(
            request,
            "site/record_pages/withdrawn.html",
            edition=edition,
            id=row.id,
            title=title,
            reason=row.reason,
            near=suggestions,
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
