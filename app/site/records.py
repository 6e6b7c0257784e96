"""The row behind the address of one record, and what answers where there is no page to show of it."""

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.record import editions, queries
from app.record.editions import Reading
from app.record.models import Version
from app.site import exports, rows
from app.site.addresses import list_address, record_address
from app.web import page


def record(request: Request, db: Session, kind: str, name: str) -> tuple[Reading, Version | Response]:
    """The row behind the address of one record; or the answer, where that is not a page about what the row says.

    Another name for it, and a record merged into another, lead on; a withdrawn one says why; `.json` gives the row.
    """
    edition = editions.reading(db, request.query_params.get("edition", ""))
    is_json = name.endswith(".json")
    name = name.removesuffix(".json")
    row = find(db, edition, kind, name)
    if row is None:
        raise HTTPException(404)
    if row.state == "purged":
        raise HTTPException(410)
    to = row.payload.get("into") or (row.id if row.id != name else "")
    if to:
        query = request.scope["query_string"].decode("latin-1")
        where = record_address(to) + (".json" if is_json else "") + (f"?{query}" if query else "")
        return edition, RedirectResponse(where, 301)
    if is_json:
        body = {"edition": edition.no, "state": row.state, "reason": row.reason}
        said = rows.as_json(kind, queries.found(row)) if row.state == "live" else {"id": row.id}
        return edition, exports.json_answer(request, body | said, edition)
    if row.state == "withdrawn":
        form = row.payload["form"]
        context = {"id": row.id, "title": form.get("title", row.id), "reason": row.reason, "back": list_address(kind)}
        return edition, page(request, "site/withdrawn.html", edition=edition, **context)
    return edition, row


def find(db: Session, edition: Reading, kind: str, name: str) -> Version | None:
    """The row of a record by its id or, for a redirect, by its readable name."""
    by = Version.id == name if name[:1] == kind and name[1:].isdigit() else Version.slug == name
    return db.scalars(select(Version).where(Version.kind == kind, by, edition.holds())).first()
