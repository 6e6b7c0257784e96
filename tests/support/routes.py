"""The routes of the application, for tests that must cover each of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.desk import routes as desk_pages
from app.site import routes as pages
from app.site.api import routes as api_pages
from app.web.urls import ADDRESSES


def all_routes() -> list[tuple[str, str]]:
    """Method and path template of every route, in the order in which they are matched."""
    return [(method, route.path) for route in _routes() for method in sorted(route.methods or ())]


def named_paths() -> list[tuple[str, str]]:
    """Name and path template of every route."""
    return [(route.name, route.path) for route in _routes()]


def _routes() -> Iterator[APIRoute]:
    for router in (pages.router, api_pages.router, desk_pages.router):
        yield from routes_of(router)


def get_paths() -> list[str]:
    """The path templates of all GET routes, each once."""
    return list(dict.fromkeys(path for method, path in all_routes() if method == "GET"))


IN_PATHS = {
    "/events/{name}": "E1",
    "/estimates/{name}": "M1",
    "/sources/{name}": "S1",
    "/actors/{name}": "actor-1",
    "/laws/{name}": "law-1",
    "/outlets/{name}": "outlet-1",
    "/places/{name}": "country-3",
    "/pages/{name}": "page-1",
    "/cities/{name}": "place-1",
    "/embed/cities/{code}": "place-1",
    "/embed/places/{code}": "country-3",
    "/static/{name}": "site.css",
    "/codebook/{list}": "stage",
    "{of:path}": "events",
    "{ending}": "json",
}
"""The value of each part of a path in the small world of `tests.make`."""
QUERIES = {
    "/oembed": "url=http://testserver/events",
    "/api/v1/lookup": "url=https://example.org/1",
    "/api/v1/search": "q=place",
    "/cite": "of=/events",
    "/bibliography": "of=/events",
    "/compare": "place=country-3&place=place-1",
}


def public_addresses(edition: int) -> dict[str, str]:
    """An address of that edition for every GET route that readers have, by its path template."""
    found = {}
    for path in get_paths():
        if not path.startswith("/desk"):
            address = path.removeprefix("/api/v1") if "{" in path else path
            for part, value in IN_PATHS.items():
                if address.endswith(part) or not part.startswith("/"):
                    address = address.replace(part[part.index("{") :], value)
            address = ("/api/v1" if path.startswith("/api/v1") and "{" in path else "") + address
            query = QUERIES.get(path.partition(".")[0])
            found[path] = f"{address}?{f'{query}&' if query else ''}edition={edition}"
    return found


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    """Yield all routes, also of included routers. Raises AttributeError for any other kind."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from routes_of(getattr(route, "original_router"))  # noqa: B009 - how a router keeps those it includes


def dependencies_of(route: APIRoute) -> set[Callable[..., object] | None]:
    """Return all dependencies of a route's signature, at any depth."""
    found: set[Callable[..., object] | None] = set()
    waiting = list(route.dependant.dependencies)
    while waiting:
        one = waiting.pop()
        found.add(one.call)
        waiting += one.dependencies
    return found


def every_address(named: dict[str, str]) -> dict[str, str]:
    """Return each desk address by route name, filled in with these names or with “1”."""
    of = defaultdict(lambda: "1", named)
    return {
        name: pattern.format_map(of)
        for name, pattern in ADDRESSES.items()
        if pattern.startswith("/desk")
    }
