"""The router of the public site."""

import importlib
import pkgutil

from fastapi import APIRouter

from app import site
from app.site.about.routes import router as about
from app.site.cite.routes import router as cite
from app.site.codebook.page import router as codebook
from app.site.data.page import router as data
from app.site.datasets.dataset import Dataset, routes
from app.site.embed.routes import router as embed
from app.site.health.routes import router as health
from app.site.home.routes import router as home
from app.site.preview.routes import router as preview
from app.site.record_views import router as records
from app.site.search.routes import router as search
from app.site.sitemap import router as sitemap
from app.site.static.routes import router as static
from app.site.tell.routes import router as tell
from app.site.well_known.routes import router as well_known
from app.web.sessions import EditionRoute

router = APIRouter(route_class=EditionRoute)
for part in (preview, embed, sitemap, static, tell, health, well_known):
    router.include_router(part)
# Every list of the site; before the records, since `/events/breakdown` is no event.
for module in pkgutil.walk_packages(site.__path__, "app.site."):
    for each in list(vars(importlib.import_module(module.name)).values()):
        is_list = isinstance(each, type) and issubclass(each, Dataset) and "name" in vars(each)
        if is_list and each.__module__ == module.name:
            router.include_router(routes(each))
for part in (
    home,
    codebook,
    cite,
    data,
    about,
    search,
    records,
):
    router.include_router(part)
