"""`/.well-known/security.txt` (RFC 9116): to whom a security problem is reported."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import PlainTextResponse, Response

from app.web.sessions import ReadersRoute
from app.web.state import SettingsDep

router = APIRouter(route_class=ReadersRoute)
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
