"""Which routes declare that their responses may be cached."""

import re

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.testclient import TestClient

from app.desk import routes as desk_pages
from app.main import create_app
from app.record import editions
from app.settings import Settings
from app.site import routes as pages
from app.site.api import routes as api_pages
from app.web.page import page
from app.web.security import PUBLISHED_EDITION_COOKIE
from app.web.sessions import EditionRoute, Reader
from tests.conftest import wait_until
from tests.support.cached_site import client_and_statements
from tests.support.routes import public_addresses, routes_of


def declared_paths() -> set[str]:
    """Return the path templates of routes whose responses may be cached."""
    return {
        route.path
        for router in (pages.router, api_pages.router, desk_pages.router)
        for route in routes_of(router)
        if isinstance(route, EditionRoute)
    }


def test_cache_holds_exactly_the_routes_that_declare_it(published: Settings) -> None:
    """Requests every public GET route with `edition=`, and the desk's pages while signed out."""
    addresses = public_addresses() | {
        "/desk": "/desk?edition=1",
        "/desk/sign-in": "/desk/sign-in?edition=1",
    }
    with client_and_statements(published) as (client, _):
        layer = client.app.response_cache  # type: ignore[attr-defined]
        for path, address in addresses.items():
            if path.endswith((".png", ".zip")):
                continue
            for method in ("HEAD", "GET"):
                layer.responses.clear()
                answer = client.request(method, address, follow_redirects=True)
                assert (len(layer.responses) == 1) == (path in declared_paths()), address
                says_no_store = "no-store" in answer.headers.get("cache-control", "")
                assert not layer.responses or not (
                    says_no_store or "set-cookie" in answer.headers
                ), address


def test_letter_form_with_edition_key_is_each_readers_own(cached: TestClient) -> None:
    for address in ("/tell?about=E1&edition=1", "/tell?edition=1"):
        later = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        answers = [cached.get(address, headers=later) for _ in range(2)]
        keys = {re.findall(r'name="key" value="([^"]+)"', each.text)[0] for each in answers}
        assert len(keys) == 2 and answers[1].status_code == 200, address
        headers = answers[1].headers
        assert headers["cache-control"] == "no-store" and "etag" not in headers, address


def test_cookies_change_no_cached_page(cached: TestClient) -> None:
    for address in ("/events", "/estimates?place=dandong", "/privacy", "/codebook"):
        plain = cached.get(address)
        for edition in (2, 1):  # one that this worker lacks, and its own
            cookies = f"{PUBLISHED_EDITION_COOKIE}={edition}; sojourn=x; lang=ko; session=x"
            other = cached.get(address, headers={"Cookie": cookies})
            assert other.content == plain.content, address
            assert other.headers.get("etag", plain.headers["etag"]) == plain.headers["etag"]


def test_declared_route_with_private_headers_is_not_cached(published: Settings) -> None:
    router = APIRouter(route_class=EditionRoute)
    private = {"Cache-Control": "no-store"}, {"Cache-Control": "private"}, {"Set-Cookie": "a=b"}

    @router.get("/private-page")
    def private_page(request: Request, db: Reader, of: int) -> Response:
        return page(
            request,
            "site/about/privacy.html",
            edition=editions.select_edition(db),
            logs_requests=False,
            counts_answers=False,
            headers=private[of],
        )

    app = create_app(published)
    app.include_router(router)
    with TestClient(app) as client:
        wait_until(lambda: "etag" in client.get("/privacy").headers, "the site to know its edition")
        for number, expected in enumerate(private):
            answer = client.get(f"/private-page?edition=1&of={number}")
            [(name, value)] = expected.items()
            assert (answer.status_code, answer.headers[name]) == (200, value)
            assert "etag" not in answer.headers and len(app.response_cache.responses) == 1
