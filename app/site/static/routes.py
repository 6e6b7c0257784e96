"""Routes of static files, the icon and robots.txt."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.web.static import static_files
from app.web.urls import absolute_url

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
