"""The router of the public site."""

import importlib
import pkgutil

from fastapi import APIRouter

from app import site
from app.site.about import router as about
from app.site.cite import router as cite
from app.site.codebook import router as codebook
from app.site.data.page import router as data
from app.site.dataset import Dataset, routes
from app.site.embed import router as embed
from app.site.health import router as health
from app.site.home import router as home
from app.site.preview import router as preview
from app.site.record_views import router as records
from app.site.search.routes import router as search
from app.site.site_files import router as site_files
from app.site.tell import router as tell
from app.web.sessions import EditionRoute

router = APIRouter(route_class=EditionRoute)
for part in (preview, embed, site_files, tell, health):
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
