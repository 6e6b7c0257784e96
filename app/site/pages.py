"""The addresses of the public site. Each page opens the reader's session and fixes its edition once."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.i18n.translate import _
from app.record import editions
from app.record.filters import LISTS, ChangeFilters
from app.record.index.edition_watcher import Watch
from app.site import changes, cite, described, exports, telling
from app.site.applied import as_json as status_as_json
from app.site.applied import status_address
from app.site.asking import (
    FILES,
    AskedCities,
    AskedEstimates,
    AskedEvents,
    AskedSources,
    asked_by_name,
    asked_of_a_day,
    asked_of_changes,
    canonical,
    list_page,
    names,
    written_as,
)
from app.site.chart_files import figures_file
from app.site.cities import cities, cities_address
from app.site.citing import cite_address, citebox, of_cities, of_day
from app.site.city import CityPage, one_city
from app.site.codebook import as_json as codebook_as_json
from app.site.codebook import codebook
from app.site.coverage import about
from app.site.dictionary import dictionary_file
from app.site.downloads import downloads, dump_file
from app.site.estimates import estimates
from app.site.feeds import feed_links
from app.site.fixed import router as fixed
from app.site.home import home
from app.site.outside import router as outside
from app.site.place import PlacePage, one_place
from app.site.records import place_named, record
from app.site.sharing import shared, shared_page
from app.site.showing import show, show_place
from app.site.sources import sources
from app.site.status import status
from app.site.timeline import timeline
from app.web.page import page
from app.web.sessions import EditionRoute, Reader, ReadersRoute
from app.web.urls import url

router = APIRouter(route_class=EditionRoute)
uncached = APIRouter(route_class=ReadersRoute)
router.include_router(outside)
router.include_router(fixed)
router.include_router(telling.router)
for each in LISTS.values():
    router.include_router(exports.routes(each))


@router.get("/", name="home")
def home_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    directory = names(request, db, edition)
    return page(
        request,
        "site/home.html",
        edition=edition,
        home=home(db, edition, directory),
        feeds=feed_links(ChangeFilters(), _("Changes")),
        shared=shared_page(request, edition, url("home")),
        described=described.site(request),
    )


@router.get("/events", name="timeline")
def timeline_page(request: Request, db: Reader, question: AskedEvents) -> Response:
    edition, directory, question = asked_by_name(request, db, question)
    if elsewhere := canonical(request, question):
        return elsewhere
    listing, view = timeline(db, edition, question, directory)
    return list_page(request, "site/timeline.html", edition, listing, directory, timeline=view)


@router.get("/events/{name}", name="event")
def event_page(request: Request, db: Reader, name: str) -> Response:
    return _record_page(request, db, "E", name)


def _record_page(request: Request, db: Reader, kind: str, name: str) -> Response:
    edition, row = record(request, db, kind, name)
    return row if isinstance(row, Response) else show(request, db, edition, row, names(request, db, edition))


@router.get("/sources", name="sources")
def sources_page(request: Request, db: Reader, question: AskedSources) -> Response:
    edition, directory, question = asked_by_name(request, db, question)
    if elsewhere := canonical(request, question):
        return elsewhere
    listing, groups = sources(db, edition, question, directory)
    return list_page(request, "site/sources.html", edition, listing, directory, groups=groups)


@router.get("/sources/{name}", name="source")
def source_page(request: Request, db: Reader, name: str) -> Response:
    return _record_page(request, db, "S", name)


@router.get("/outlets/{name}", name="outlet")
def outlet_page(request: Request, db: Reader, name: str) -> Response:
    return _record_page(request, db, "O", name)


@router.get("/places/{name}", name="place")
def place_page(request: Request, db: Reader, name: str) -> Response:
    """The page of anything larger than a town, or its figures as the file that the end of the address names."""
    return _place_page(request, db, name, one_place)


@router.get("/cities/{name}", name="city")
def city_page(request: Request, db: Reader, name: str) -> Response:
    """The page of a city or town, or its figures as the file that the end of the address names."""
    return _place_page(request, db, name, one_city)


def _place_page(request: Request, db: Reader, name: str, view_of: Callable[..., CityPage | PlacePage]) -> Response:
    code, _dot, ending = name.partition(".")
    edition, directory, elsewhere = place_named(request, db, code, ending)
    if elsewhere:
        return elsewhere
    if ending:
        return figures_file(request, edition, view_of(db, edition, code, directory), ending)
    return show_place(request, db, edition, code, directory)


@router.get("/status", name="status")
def status_page(request: Request, db: Reader) -> Response:
    edition, directory, question = asked_of_a_day(request, db)
    if elsewhere := canonical(request, question):
        return elsewhere
    view = status(db, edition, question, directory)
    cited = of_day(edition, question[0], directory)
    return page(
        request,
        "site/status.html",
        edition=edition,
        answer=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
        cited=citebox(request, cited),
        shared=shared(request, cited),
        described=described.dataset(
            request,
            cited,
            [("application/json", status_address(question[0].with_(edition=str(edition.no)), ".json"))],
            directory,
            places=question[0]["place"],
        ),
    )


@router.get("/status.json")
def status_file(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = asked_of_a_day(request, db)
    exports.refuse_what_has_no_meaning(filters, dropped, directory)
    return exports.json_answer(request, status_as_json(db, edition, filters, directory), edition)


@router.get("/changes", name="changes")
def changes_page(request: Request, db: Reader) -> Response:
    edition, directory, question = asked_of_changes(request, db)
    if elsewhere := canonical(request, question):
        return elsewhere
    view = changes.changes(db, edition, question, directory)
    return page(
        request,
        "site/changes.html",
        edition=edition,
        view=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
        feeds=feed_links(view.filters, _("Changes")),
        shared=shared_page(request, edition, url("changes")),
    )


@router.get("/changes.json")
@router.get("/changes.csv")
@router.get("/changes.csv-metadata.json")
@router.get("/changes.xlsx")
@router.get("/changes.atom")
@router.get("/changes.feed.json")
def changes_file(request: Request, db: Reader) -> Response:
    edition, directory, (filters, dropped) = asked_of_changes(request, db)
    exports.refuse_what_has_no_meaning(filters, dropped, directory)
    return exports.changes_file(request, db, edition, filters, directory)


@router.get("/estimates", name="estimates")
def estimates_page(request: Request, db: Reader, question: AskedEstimates) -> Response:
    edition, directory, question = asked_by_name(request, db, question)
    if elsewhere := canonical(request, question):
        return elsewhere
    listing, years = estimates(db, edition, question, directory)
    return list_page(request, "site/estimates.html", edition, listing, directory, years=years)


@router.get("/estimates/{name}", name="estimate")
def estimate_page(request: Request, db: Reader, name: str) -> Response:
    return _record_page(request, db, "M", name)


@router.get("/cities", name="cities")
def cities_page(request: Request, db: Reader, question: AskedCities) -> Response:
    edition, directory, question = asked_by_name(request, db, question)
    if elsewhere := canonical(request, question):
        return elsewhere
    view = cities(db, edition, question, directory)
    cited = of_cities(edition, question[0], directory)
    return page(
        request,
        "site/cities.html",
        edition=edition,
        view=view,
        lasting=view.lasting_address,
        json_url=view.json_address,
        cited=citebox(request, cited),
        shared=shared(request, cited),
        described=described.dataset(
            request,
            cited,
            [
                (media_type, cities_address(question[0].with_(edition=str(edition.no)), end))
                for end, media_type in FILES.items()
            ],
            directory,
            places=question[0]["place"],
        ),
        feeds=feed_links(question[0], _("Cities")),
    )


@router.get("/cities.json")
@router.get("/cities.csv")
@router.get("/cities.csv-metadata.json")
@router.get("/cities.xlsx")
@router.get("/cities.geojson")
@router.get("/cities.atom")
@router.get("/cities.feed.json")
def cities_file(request: Request, db: Reader, question: AskedCities) -> Response:
    edition, directory, (filters, dropped) = asked_by_name(request, db, question)
    exports.refuse_what_has_no_meaning(filters, dropped, directory)
    return exports.cities_file(request, db, edition, filters, directory)


@router.get("/codebook", name="codebook")
def codebook_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    book = codebook(db, edition, names(request, db, edition))
    return page(
        request,
        "site/codebook.html",
        edition=edition,
        book=book,
        json_url=f"{request.url.path}.json",
        shared=shared_page(request, edition, url("codebook")),
    )


@router.get("/codebook.json")
def codebook_file(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    return exports.json_answer(request, codebook_as_json(db, edition, names(request, db, edition)), edition)


@router.get("/cite", name="cite")
def cite_page(request: Request, db: Reader) -> Response:
    """How to cite a view, whose address is given; without one, a form that asks for it."""
    given = cite.given(request)
    try:
        found = cite.citable(request, db, given.address) if given.address else None
    except cite.NotCitable:
        found = None
    if found is None:
        edition = editions.reading(db)
        return page(request, "site/cite.html", edition=edition, cite=None, unknown=request.query_params.get("of", ""))
    style = cite.style_of(request)
    if written_as(request) != (address := cite_address(found.view.address, given.fingerprint, style)):
        return RedirectResponse(address, 303)
    view = cite.cite(request, db, found, given.fingerprint, style)
    edition = found.view.edition
    return page(request, "site/cite.html", edition=edition, cite=view, lasting=address, newest_url=view.address_now)


@router.get("/cite.{ending}")
def cite_file(request: Request, db: Reader, ending: str) -> Response:
    return cite.reference_file(request, db, ending)


@router.get("/bibliography.{ending}", name="bibliography")
def bibliography_file(request: Request, db: Reader, ending: str) -> Response:
    return cite.bibliography_file(request, db, ending)


@router.get("/data", name="data")
def data_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    offered = downloads(request, edition)
    return page(
        request,
        "site/data.html",
        edition=edition,
        downloads=offered,
        shared=shared_page(request, edition, url("data")),
        described=described.catalogue(
            request,
            [(offer.title, offer.address, [address for _ending, address in offer.files]) for offer in offered.offers],
        ),
    )


@router.get("/data/dictionary.csv")
@router.get("/data/dictionary.csv-metadata.json")
@router.get("/data/dictionary.xlsx")
@router.get("/data/dictionary.json")
def data_dictionary(request: Request, db: Reader) -> Response:
    return dictionary_file(request, editions.reading(db, request.query_params.get("edition", "")))


@router.get("/data.zip")
def whole_edition(request: Request, db: Reader) -> Response:
    """All of the record as readers of that edition saw it."""
    return dump_file(request, db, editions.reading(db, request.query_params.get("edition", "")))


@router.get("/about", name="about")
def about_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    directory = names(request, db, edition)
    return page(
        request,
        "site/about.html",
        edition=edition,
        shared=shared_page(request, edition, url("about")),
        **about(db, edition, directory),
    )


@router.get("/privacy", name="privacy")
def privacy_page(request: Request, db: Reader) -> Response:
    edition = editions.reading(db, request.query_params.get("edition", ""))
    return page(request, "site/privacy.html", edition=edition)


@uncached.get("/healthz")
async def health(request: Request) -> Response:
    """Say what this worker saw last; asks the database nothing, and waits for no thread that does.

    Healthy before anything has been published, too: that is edition 0. Not so a worker that can't bring in what is
    published, although it goes on answering from an older edition.
    """
    watch: Watch = request.app.state.watch
    found = request.app.state.indexes.health(watch.published.edition if watch.published else 0)
    said = {"edition": found.published, "served": found.served, "seconds_behind": found.seconds_behind}
    if found.is_gathering:
        said["gathering"] = True
    if watch.problem:
        return JSONResponse({"status": "unavailable", **said, "problem": watch.problem}, 503)
    if found.problem:
        return JSONResponse({"status": "behind", **said, "problem": found.problem}, 503)
    return JSONResponse({"status": "ok", **said})


router.include_router(uncached)
