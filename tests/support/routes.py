"""The routes of the application, for tests that must cover each of them."""

from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from app.main import create_app
from app.settings import Settings


def get_paths() -> list[str]:
    """The path templates of all GET routes, each once."""
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"))
    return list(dict.fromkeys(route.path for route in iterate_routes(app) if "GET" in (route.methods or ())))


def iterate_routes(router: FastAPI | APIRouter) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif included := getattr(route, "original_router", None):
            yield from iterate_routes(included)
