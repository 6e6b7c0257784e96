"""The row behind the address of one record, and what answers where there is no page to show of it."""

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.record import editions, queries
from app.record.editions import Reading
from app.record.models import Version
from app.record.shelf import name_of
from app.site import exports, rows
from app.site.addresses import record_address
from app.site.asking import names
from app.site.near import near
from app.web import Fault, fault_page, page


def record(request: Request, db: Session, kind: str, name: str) -> tuple[Reading, Version | Response]:
    """The row behind the address of one record; or the answer, where that is not a page about what the row says.

    Another name for it, and a record merged into another, lead on; a withdrawn one says why; `.json` gives the row.
    """
    edition = editions.reading(db, request.query_params.get("edition", ""))
    is_json = name.endswith(".json")
    name = name.removesuffix(".json")
    row = find(db, edition, kind, name)
    if row is None:
        return edition, fault_page(request, Fault(404, near=near(kind, name, names(request, db, edition))))
    if row.state == "purged":
        raise HTTPException(410)
    into = row.payload.get("into")
    if into or name_of(row) != name:
        query = request.scope["query_string"].decode("latin-1")
        to = record_address(into) if into else record_address(row.id, name_of(row))
        return edition, RedirectResponse(to + (".json" if is_json else "") + (f"?{query}" if query else ""), 301)
    if is_json:
        body = {"edition": edition.no, "state": row.state, "reason": row.reason}
        said = rows.as_json(kind, queries.found(row)) if row.state == "live" else {"id": row.id}
        return edition, exports.json_answer(request, body | said, edition)
    if row.state == "withdrawn":
        form = row.payload["form"]
        title = form["title"] if "title" in form else name_of(row)
        ways = near(kind, name, names(request, db, edition))
        return edition, page(
            request, "site/withdrawn.html", edition=edition, id=row.id, title=title, reason=row.reason, near=ways
        )
    return edition, row


def find(db: Session, edition: Reading, kind: str, name: str) -> Version | None:
    """The row of a record by its id, its code or, for a redirect, by its readable name."""
    if not name.isprintable():
        return None  # the database knows no such name, and refuses some
    by = Version.id == name if name[:1] == kind and name[1:].isdigit() else Version.slug == name
    return db.scalars(select(Version).where(Version.kind == kind, by, edition.holds())).first()
