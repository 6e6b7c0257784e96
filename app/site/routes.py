"""The router of the public site."""

from fastapi import APIRouter

from app.site.about.routes import router as about
from app.site.changes.changes import Changes
from app.site.cite.routes import router as cite
from app.site.cities.cities import Cities
from app.site.codebook.routes import router as codebook
from app.site.compare.compare import PlaceComparison
from app.site.data.routes import router as data
from app.site.datasets.dataset import routes
from app.site.embed.routes import router as embed
from app.site.estimates.estimates import Estimates
from app.site.events.breakdown.breakdown import Breakdown
from app.site.events.events import Events
from app.site.figure.routes import router as figure
from app.site.health.routes import router as health
from app.site.home.routes import router as home
from app.site.named_lists import Actors, Laws, Outlets, Places
from app.site.pages.routes import router as pages
from app.site.preview.routes import router as preview
from app.site.record_views import router as records
from app.site.search.routes import router as search
from app.site.search.search import SiteSearch
from app.site.sources.sources import Sources
from app.site.static.routes import router as static
from app.site.status.status import Status
from app.site.tell.routes import router as tell
from app.site.well_known.routes import router as well_known
from app.web.sessions import EditionRoute

router = APIRouter(route_class=EditionRoute)
for part in (preview, figure, embed, static, tell, health, well_known):
    router.include_router(part)
for dataset in (
    *(Events, Breakdown, Estimates, Sources, Cities, PlaceComparison, Status, Changes),
    *(Places, Outlets, Actors, Laws, SiteSearch),
):
    router.include_router(routes(dataset))
for part in (
    home,
    pages,
    codebook,
    cite,
    data,
    about,
    search,
    records,
):
    router.include_router(part)
