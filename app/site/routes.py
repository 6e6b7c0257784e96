"""The router of the public site, and `/healthz`."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.record.editions import OLDER_RULES
from app.record.filters import LISTS
from app.record.models import RULES
from app.site.about.routes import router as about
from app.site.changes.routes import router as changes
from app.site.cite.routes import router as cite
from app.site.cities.routes import router as cities
from app.site.codebook.routes import router as codebook
from app.site.data.routes import router as data
from app.site.embed.routes import router as embed
from app.site.estimates.routes import router as estimates
from app.site.events.routes import router as events
from app.site.export import responses
from app.site.figure.routes import router as figure
from app.site.home.routes import router as home
from app.site.outlets.routes import router as outlets
from app.site.places.routes import router as places
from app.site.preview.routes import router as preview
from app.site.sources.routes import router as sources
from app.site.static.routes import router as static
from app.site.status.routes import router as status
from app.site.tell.routes import router as tell
from app.web.sessions import EditionRoute, ReadersRoute
from app.web.state import app_state

router = APIRouter(route_class=EditionRoute)
for part in (preview, figure, embed, static, tell):
    router.include_router(part)
# Files before pages, because `/events.csv` also matches the route of a record.
for filters in LISTS.values():
    router.include_router(responses.routes(filters))
for part in (
    home,
    events,
    sources,
    outlets,
    places,
    cities,
    status,
    changes,
    estimates,
    codebook,
    cite,
    data,
    about,
):
    router.include_router(part)

uncached = APIRouter(route_class=ReadersRoute)


@uncached.get("/healthz")
async def health(request: Request) -> Response:
    """Report the health of this worker without querying the database or waiting for a thread.

    Before the first edition (0) it is healthy. A worker that has read no edition is not ready. One
    that fails to load the newest edition is behind, although it still serves an older one.
    """
    state = app_state(request)
    watch = state.watch
    found = state.indexes.health(watch.published.edition if watch.published else 0)
    status: dict[str, object] = {
        "edition": found.published,
        "served": found.served,
        "seconds_behind": found.seconds_behind,
    }
    if watch.published and (watch.published.rules or 0) < RULES:
        status["notice"] = OLDER_RULES
    if found.is_gathering:
        status["gathering"] = True
    if watch.problem:
        return JSONResponse({"status": "unavailable", **status, "problem": watch.problem}, 503)
    if not found.is_ready:
        return JSONResponse({"status": "not ready", **status, "problem": found.problem}, 503)
    if found.problem:
        return JSONResponse({"status": "behind", **status, "problem": found.problem}, 503)
    return JSONResponse({"status": "ok", **status})


router.include_router(uncached)
