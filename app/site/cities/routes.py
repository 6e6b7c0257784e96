"""Routes of `/cities`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.i18n.translate import _
from app.site.cities import files
from app.site.cities.cities import cities, cities_address, view_of_cities
from app.site.cities.city import CITY
from app.site.lists.request import (
    CitiesQuery,
    query_in_edition,
    redirect_to_canonical,
    reject_invalid_query,
)
from app.site.place_estimates.page import place_page
from app.site.references.dataset_page import dataset_page
from app.site.references.feed_links import feed_links
from app.web.sessions import EditionRoute, Reader

router = APIRouter(route_class=EditionRoute)


@router.get("/cities/{name}", name="city")
def city_page(request: Request, db: Reader, name: str) -> Response:
    """Return the page of a city or town, or its estimates as a file if the name has a suffix."""
    return place_page(request, db, name, CITY)


@router.get("/cities", name="cities")
def cities_page(request: Request, db: Reader, question: CitiesQuery) -> Response:
    edition, directory, question = query_in_edition(request, db, question)
    if elsewhere := redirect_to_canonical(request, question):
        return elsewhere
    view = cities(db, edition, question, directory)
    cited = view_of_cities(edition, question[0], directory)
    in_edition = question[0].with_(edition=str(edition.no))
    return dataset_page(
        request,
        "site/cities/list.html",
        edition,
        directory,
        cited=cited,
        file_address=lambda ending: cities_address(in_edition, ending),
        places=question[0]["place"],
        view=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
        feeds=feed_links(question[0], _("Cities")),
    )


@router.get("/cities.json")
@router.get("/cities.csv")
@router.get("/cities.csv-metadata.json")
@router.get("/cities.xlsx")
@router.get("/cities.geojson")
@router.get("/cities.atom")
@router.get("/cities.feed.json")
def cities_file(request: Request, db: Reader, question: CitiesQuery) -> Response:
    edition, directory, (filters, dropped) = query_in_edition(request, db, question)
    reject_invalid_query(filters, dropped, directory)
    return files.cities_file(request, db, edition, filters, directory)
