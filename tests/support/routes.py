"""The routes of the application, for tests that must cover each of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.desk import routes as desk_pages
from app.site import routes as pages
from app.site.api import routes as api_pages
from app.web import urls
from bench.amplifiers import ADDRESSES


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


def public_addresses() -> dict[str, str]:
    """Return an address of edition 1 for every public GET route, by its path template."""
    firsts = {path: some[0].replace("{host}", "testserver") for path, some in ADDRESSES.items()}
    return {path: f"{at}{'&' if '?' in at else '?'}edition=1" for path, at in firsts.items()}


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
        for name, pattern in urls.ADDRESSES.items()
        if pattern.startswith("/desk")
    }
