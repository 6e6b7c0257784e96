"""`/sitemap.xml`: the pages that search engines should know."""

from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from app.record.lists.session import select_edition
from app.record.models import Edition, Version
from app.site.components.urls import place_page_address, record_address
from app.site.lists.request import edition_directory
from app.site.references.citable import provenance_headers
from app.vocabulary.actors import ActorKind
from app.vocabulary.kinds import RecordKind
from app.web.sessions import EditionRoute, Reader
from app.web.urls import PAGE_OF_KIND, absolute_url, url

MAX_ADDRESSES = 50_000
"""As many as the format allows: https://www.sitemaps.org/protocol.html."""
PAGES = (
    *("home", "status", "timeline", "estimates", "sources", "cities", "places", "outlets"),
    *("actors", "laws", "changes", "codebook", "rules", "method-changes", "data", "api", "about"),
    *("privacy", "accessibility"),
)

# Texts of editors are shown by the pages above.
KINDS = [kind for kind in PAGE_OF_KIND if kind != RecordKind.PAGE]

router = APIRouter(route_class=EditionRoute)


@router.get("/sitemap.xml")
def sitemap(request: Request, db: Reader) -> Response:
    """List the pages that search engines may show, newest records first, each with its last day."""
    edition = select_edition(db)
    directory = edition_directory(request, db, edition)
    rows = db.execute(
        select(Version.kind, Version.id, Version.slug, Edition.at)
        .join(Edition, Edition.no == Version.changed)
        .where(edition.holds(), Version.is_live, Version.kind.in_(KINDS))
        .order_by(Version.changed.desc(), Version.kind, Version.number)
        .limit(MAX_ADDRESSES - len(PAGES))
    )
    found = {url(name): "" for name in PAGES}
    for row in rows:
        code = row.slug or ""
        if row.kind == RecordKind.ACTOR and directory.actors[code].kind is ActorKind.COMPANY:
            continue  # its page is not for search engines
        is_place = row.kind == RecordKind.PLACE
        at = place_page_address(directory, code) if is_place else record_address(row.id, code)
        found.setdefault(at, f"<lastmod>{row.at.date()}</lastmod>")
    entries = "".join(
        f"<url><loc>{escape(absolute_url(request, at))}</loc>{day}</url>\n"
        for at, day in found.items()
    )
    return Response(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n',
        media_type="application/xml",
        headers=provenance_headers(request, edition),
    )
