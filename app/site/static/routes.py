"""What no edition changes: the files that pages are made with, their icon, and what programs may fetch."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.web.static import static_files

router = APIRouter()


@router.get("/robots.txt")
def robots() -> Response:
    """Every record may be indexed, the endless combinations of filters may not; what readers send may be shown."""
    previews = "".join(f"User-agent: {name}\n" for name in PREVIEWERS)
    private = "Disallow: /desk\nDisallow: /tell/\n"
    return Response(
        f"User-agent: *\nDisallow: /*?\n{private}\n{previews}{private}", media_type="text/plain"
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
"""They fetch one address at a time, because somebody sent it to somebody."""


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
    # Pages link to an address with a hash of the content, which a browser need never ask for again. At any other
    # address, such as one that an older release linked to, the content may change.
    is_for_ever = request.query_params.get("v") == file.digest
    tag = f'"{file.digest}"'
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_for_ever else "no-cache",
        "ETag": f"W/{tag}",  # weak: the same content may be compressed in several ways
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
