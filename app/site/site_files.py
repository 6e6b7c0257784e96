"""Files for programs: `/static`, the icon, `/robots.txt`, `/sitemap.xml` and security contacts."""

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy import select
from starlette.responses import PlainTextResponse, Response

from app.record.lists.backend import select_edition
from app.record.models import Edition, Version
from app.site.components.urls import place_page_address, record_address
from app.site.lists.request import edition_directory
from app.site.references.citable import provenance_headers
from app.vocabulary.kinds import RecordKind
from app.vocabulary.named import ActorKind
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.static import static_files
from app.web.urls import PAGE_OF_KIND, absolute_url, url

router = APIRouter()


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Forbid filtered lists, frames and files, except for programs that show link previews."""
    previews = "".join(f"User-agent: {name}\n" for name in PREVIEWERS)
    private = "Disallow: /desk\nDisallow: /tell/\n"
    others = "".join(f"Disallow: {path}\n" for path in NOT_FOR_SEARCH_ENGINES)
    sitemap = absolute_url(request, "/sitemap.xml")
    return Response(
        f"User-agent: *\n{others}{private}\n{previews}{private}\nSitemap: {sitemap}\n",
        media_type="text/plain",
    )


NOT_FOR_SEARCH_ENGINES = (
    "/*?",
    "/embed/",
    "/api/v1/",
    "/*.csv$",
    "/*.json$",
    "/*.xlsx$",
    "/*.zip$",
)
PREVIEWERS = [
    *(
        "Twitterbot",
        "facebookexternalhit",
        "LinkedInBot",
        "Slackbot-LinkExpanding",
        "Discordbot",
        "TelegramBot",
    ),
    *("WhatsApp", "Iframely", "Mastodon", "Bluesky"),
]
"""Programs that fetch a single page to show a preview of a shared link."""


@router.get("/favicon.ico")
def favicon(request: Request) -> Response:
    return _static(request, "favicon.svg")


@router.get("/static/{name}")
def static_file(request: Request, name: str) -> Response:
    return _static(request, name)


def _static(request: Request, name: str) -> Response:
    file = static_files().get(name)
    if file is None:
        raise HTTPException(404)
    # Pages link to addresses with a hash of the content, which never change. At other addresses,
    # such as one linked from an older release, the content may change.
    is_immutable = request.query_params.get("v") == file.digest
    tag = f'"{file.digest}"'
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_immutable else "no-cache",
        "ETag": f"W/{tag}",  # weak: the same content may be compressed in several ways
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


# The sitemap --------------------------------------------------------------------------------------


MAX_ADDRESSES = 50_000
"""As many as the format allows: https://www.sitemaps.org/protocol.html."""
PAGES = (
    *("home", "status", "timeline", "estimates", "sources", "cities", "places", "outlets"),
    *("actors", "laws", "changes", "codebook", "rules", "method-changes", "data", "api", "about"),
    *("privacy", "accessibility"),
)

# Texts of editors are shown by the pages above.
KINDS = [kind for kind in PAGE_OF_KIND if kind != RecordKind.PAGE]


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


router.add_api_route("/sitemap.xml", sitemap, route_class_override=EditionRoute)


# Who takes reports of security problems -----------------------------------------------------------


VALID_DAYS = 180
"""RFC 9116 asks for less than a year. The date moves as long as the site runs."""


@router.get("/.well-known/security.txt")
async def security_txt(request: Request, settings: SettingsDep) -> Response:  # noqa: ARG001
    if not settings.security_contact:
        raise HTTPException(404)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires = midnight + timedelta(days=VALID_DAYS)
    lines = [
        *(f"Contact: {contact}" for contact in settings.security_contact),
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
    ]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}/.well-known/security.txt")
    return PlainTextResponse("\n".join(lines) + "\n")
