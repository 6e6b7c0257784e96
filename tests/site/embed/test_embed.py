"""Embedded views: content, framing permissions, and oEmbed."""

import re
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.browser import complaints_of
from tests.conftest import desk_session
from tests.make import withdraw
from tests.site.cite.test_cite import CHINA_2019, a_record

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

FRAMED = [
    f"/embed{CHINA_2019}",
    "/embed/events?view=lanes",
    "/embed/cities/dandong",
    "/embed/places/russia",
]


def ids(page: str) -> list[str]:
    return re.findall(r'<(?:article|tr|li)[^>]* id="(E[0-9]+)"', page)


def oembed(client: TestClient, of: str, **asked: object) -> Any:
    return client.get(f"/oembed?{urlencode({'url': f'http://testserver{of}', **asked})}")


# Content ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "?from=2019&to=2019&place=china", "?place=china&view=table", "?from=1990&to=1990"]
)
def test_frame_has_the_rows_of_the_page(client: TestClient, query: str) -> None:
    page, framed = client.get(f"/events{query}").text, client.get(f"/embed/events{query}").text
    assert ids(framed) == ids(page)
    sentence = re.compile(r'<p class="sentence"[^>]*>(.*?)</p>', re.DOTALL)
    assert sentence.findall(framed) == sentence.findall(page) != []


def test_frame_has_the_chart_of_the_page(client: TestClient) -> None:
    page, framed = client.get("/cities/dandong").text, client.get("/embed/cities/dandong").text
    drawn = re.compile(r'<svg width="760".*?</svg>', re.DOTALL)
    here = [
        svg.replace('href="#', 'href="http://testserver/cities/dandong#')
        for svg in drawn.findall(page)
    ]
    assert sorted(drawn.findall(framed)) == sorted(here) != []


@pytest.mark.parametrize("address", [*FRAMED, "/embed/nothing", "/embed/cities/nowhere"])
def test_frame_has_no_script_and_links_to_new_tabs(client: TestClient, address: str) -> None:
    page = client.get(address).text
    assert (
        "<script" not in page and "hx-" not in page and "style=" not in page and "<form" not in page
    )
    assert '<base target="_blank">' in page and 'rel="noopener"' in page


@pytest.mark.parametrize("address", FRAMED)
def test_frame_names_edition_licence_and_page(client: TestClient, address: str) -> None:
    page = client.get(address).text
    assert "Edition 1," in page and "CC BY 4.0" in page
    shown = f'href="http://testserver{address.removeprefix("/embed").replace("&", "&amp;")}"'
    assert shown in page and f'<link rel="canonical" {shown}>' in page
    assert '<meta name="robots" content="noindex">' in page


def test_frame_of_past_edition_keeps_withdrawn_records(database: Settings) -> None:
    with a_record(database) as client:
        with desk_session(database) as desk:
            withdraw(desk, "E2")
        assert ids(client.get("/embed/events").text) == ["E1"]
        then = client.get("/embed/events?edition=1").text
        assert ids(then) == ["E1", "E2"] and "Edition 2 is newer." in then
        assert "M1" in client.get("/embed/cities/place-1?edition=1").text


def test_frame_of_moved_place_redirects_within_embed(client: TestClient) -> None:
    answer = client.get("/embed/places/dandong?edition=1")
    assert (answer.status_code, answer.headers["location"]) == (
        301,
        "/embed/cities/dandong?edition=1",
    )
    answer = client.get("/embed/events?to=2019&from=2019")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/embed/events?from=2019&to=2019",
    )


# Framing permissions ------------------------------------------------------------------------------

NOT_FRAMED = [
    "/",
    "/events",
    "/events/E5",
    "/cities/dandong",
    "/figure/events?edition=1",
    "/cite",
    "/desk/sign-in",
]


@pytest.mark.parametrize(
    "address", [*NOT_FRAMED, "/events.json", "/nope", "/embedded", "/oembed", "/embed"]
)
def test_other_pages_must_not_be_framed(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("address", [*FRAMED, "/embed/nothing"])
def test_frame_is_allowed_everywhere_without_scripts(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert (
        "frame-ancestors *" in policy
        and "script-src" not in policy
        and "default-src 'none'" in policy
    )
    assert "form-action 'none'" in policy and "x-frame-options" not in headers


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another site, whose page frames the address in its query string."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            framed = unquote(urlsplit(self.path).query)
            self.wfile.write(
                (
                    '<!doctype html><link rel="icon" href="data:,">'
                    f'<iframe src="{framed}"></iframe>'
                ).encode()
            )

        def log_message(self, format: str, *args: object) -> None:
            """Print no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


def framed_by(page: "Page", elsewhere: str, address: str) -> "Frame":
    page.goto(f"{elsewhere}/?{quote(address)}")
    page.wait_for_load_state("networkidle")
    return page.frames[1]


@pytest.mark.parametrize("address", [FRAMED[0], FRAMED[2]])
def test_browser_shows_frame_and_opens_links_in_new_tab(
    browser: "Browser", site: str, elsewhere: str, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    complaints = complaints_of(page)
    frame = framed_by(page, elsewhere, f"{site}{address}")
    assert frame.locator("h1").is_visible() and not complaints
    with context.expect_page() as opened:
        frame.locator("h1 a").click()
    beside = opened.value
    beside.wait_for_load_state()
    assert beside.url == f"{site}{address.removeprefix('/embed')}"
    assert beside.evaluate("window.opener") is None
    assert beside.locator("nav").first.is_visible()
    context.close()


def test_browser_refuses_to_frame_other_pages(page: "Page", site: str, elsewhere: str) -> None:
    complaints = complaints_of(page)
    frame = framed_by(page, elsewhere, f"{site}/cities/dandong")
    assert frame.locator("h1", has_text="Dandong").count() == 0
    assert any("frame-ancestors" in complaint for complaint in complaints)


# oEmbed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [CHINA_2019, "/cities/dandong?edition=1", "/places/russia"])
def test_oembed_returns_the_frame_of_embeddable_views(client: TestClient, of: str) -> None:
    page = client.get(of).text
    links = dict(re.findall(r'type="(application/json|text/xml)\+oembed" href="([^"]+)"', page))
    told = client.get(unescape(links["application/json"]))
    assert told.headers["access-control-allow-origin"] == "*"
    said = told.json()
    assert (said["version"], said["type"], said["width"], said["height"]) == (
        "1.0",
        "rich",
        700,
        640,
    )
    assert said["provider_name"] == "Sojourn" and said["title"] and said["cache_age"] > 0
    assert (said["thumbnail_width"], said["thumbnail_height"]) == (1200, 630)
    source = unescape(re.findall('<iframe src="([^"]+)"', said["html"])[0])
    assert source == f"http://testserver/embed{of}"
    assert client.get(source).status_code == 200
    xml = ElementTree.fromstring(client.get(unescape(links["text/xml"])).content)  # noqa: S314 - our own
    assert {child.tag: child.text for child in xml} == {
        name: str(value) for name, value in said.items()
    }
    code = re.findall(r'<textarea id="embed-code"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert unescape(code[0]) == said["html"].replace('width="700"', 'width="100%"')


@pytest.mark.parametrize(
    "address", ["http://[x", "//[x/events", "http://a\N{ACCOUNT OF}b/events", "[", "\x00"]
)
def test_oembed_of_malformed_address_is_not_found(client: TestClient, address: str) -> None:
    for format in ("json", "xml"):
        assert client.get("/oembed", params={"url": address, "format": format}).status_code == 404


def test_oembed_limits_frame_to_requested_size(client: TestClient) -> None:
    said = oembed(client, "/events", maxwidth=320, maxheight=200).json()
    assert (said["width"], said["height"]) == (320, 200)
    assert 'width="320" height="200"' in said["html"]
    assert oembed(client, "/events", maxwidth=5_000).json()["width"] == 700


def test_oembed_accepts_address_with_fragment(client: TestClient) -> None:
    said = oembed(client, "/cities/dandong?edition=1#M9").json()
    assert 'src="http://testserver/embed/cities/dandong?edition=1"' in said["html"]
    assert (
        oembed(client, "/events?place=china#h3").json()["title"]
        == oembed(client, "/events?place=china").json()["title"]
    )


def test_oembed_of_other_views_is_a_link_with_picture(client: TestClient) -> None:
    said = oembed(client, "/events/E5").json()
    assert said["type"] == "link" and "html" not in said
    assert said["thumbnail_url"] == "http://testserver/preview/events/E5.png?edition=1"


def test_oembed_of_unsupported_request_is_refused(client: TestClient) -> None:
    assert oembed(client, "/events", format="yaml").status_code == 501
    assert oembed(client, "/nowhere").status_code == 404
    assert client.get("/oembed").status_code == 404
    assert client.get("/oembed?url=https://elsewhere.example/events").status_code == 404
    assert client.get("/oembed?url=http://testserver.elsewhere.example/events").status_code == 404
    assert oembed(client, "/events", maxwidth=0).status_code == 422
    assert oembed(client, "/events", maxwidth="wide").status_code == 422


def test_searched_words_are_escaped_in_embed_code(client: TestClient) -> None:
    """The words are in the title of the frame, in HTML that others embed unchanged."""
    said = oembed(client, "/events?q=%22%3E%3Cscript%3Ealert(1)").json()
    assert "<script" in said["title"]
    assert said["html"].count("<") == said["html"].count(">") == 2
