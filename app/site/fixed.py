"""What no edition changes: the files that pages are made with, their icon, and what programs may fetch."""

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.web import static_files

router = APIRouter()


@router.get("/robots.txt")
def robots() -> Response:
    """Every record may be indexed, the endless combinations of filters may not; what readers send may be shown."""
    previews = "".join(f"User-agent: {name}\n" for name in PREVIEWERS)
    private = "Disallow: /desk\nDisallow: /tell/\n"
    return Response(f"User-agent: *\nDisallow: /*?\n{private}\n{previews}{private}", media_type="text/plain")


PREVIEWERS = [
    *("Twitterbot", "facebookexternalhit", "LinkedInBot", "Slackbot-LinkExpanding", "Discordbot", "TelegramBot"),
    *("WhatsApp", "Iframely", "Mastodon", "Bluesky"),
]
"""They fetch one address at a time, because somebody sent it to somebody."""


@router.get("/favicon.ico")
def favicon() -> Response:
    return _static("favicon.svg")


@router.get("/static/{name}")
def static_file(name: str) -> Response:
    return _static(name)


def _static(name: str) -> Response:
    file = static_files().get(name)
    if file is None:
        raise HTTPException(404)
    # The address holds a hash of the content, so that a browser need never ask again.
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{file.digest}"'}
    return Response(file.content, media_type=file.media_type, headers=headers)
