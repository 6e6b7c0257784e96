"""The page of a place, or its estimates as a file."""

from collections.abc import Callable

from fastapi import Request
from starlette.responses import Response

from app.site.cities.city import CityPage
from app.site.place_estimates.files import figures_file
from app.site.places.page import PlacePage
from app.site.record_pages.page import show_place
from app.site.record_pages.row import place_named
from app.web.sessions import Reader


def _place_page(request: Request, db: Reader, name: str, view_of: Callable[..., CityPage | PlacePage]) -> Response:
    code, _dot, ending = name.partition(".")
    edition, directory, elsewhere = place_named(request, db, code, ending)
    if elsewhere:
        return elsewhere
    if ending:
        return figures_file(request, edition, view_of(db, edition, code, directory), ending)
    return show_place(request, db, edition, code, directory)
