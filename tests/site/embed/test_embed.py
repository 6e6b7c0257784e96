"""Embedded views: content, framing permissions, and oEmbed."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

from app.settings import Settings
from tests.conftest import desk_session
from tests.make import withdraw
from tests.site.test_cite import CHINA_2019, a_record

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


def test_frame_has_the_chart_of_the_page(client: TestClient) -> None:
    page, framed = client.get("/cities/dandong").text, client.get("/embed/cities/dandong").text
    drawn = re.compile(r"<figure>.*?</figure>", re.DOTALL)
    assert drawn.findall(framed) == drawn.findall(page) != []


def test_frame_needs_no_script_and_names_edition_licence_and_page(client: TestClient) -> None:
    for address in [*FRAMED, "/embed/nothing", "/embed/cities/nowhere"]:
        answer = client.get(address)
        page, policy = answer.text, answer.headers["content-security-policy"]
        for word in ("<script", "hx-", "style=", "<form"):
            assert word not in page, (address, word)
        assert '<base target="_blank">' in page and 'rel="noopener"' in page
        for part in ("frame-ancestors *", "default-src 'none'", "form-action 'none'"):
            assert part in policy, address
        assert "script-src" not in policy and "x-frame-options" not in answer.headers
        if address in FRAMED:
            assert "Edition 1," in page and "CC BY 4.0" in page
            of = address.removeprefix("/embed").replace("&", "&amp;")
            shown = f'href="http://testserver{of}"'
            assert shown in page and f'<link rel="canonical" {shown}>' in page
            assert '<meta name="robots" content="noindex">' in page


def test_frame_of_past_edition_keeps_withdrawn_records(database: Settings) -> None:
    with a_record(database) as client:
        with desk_session(database) as desk:
            withdraw(desk, "E2")
        assert ids(client.get("/embed/events").text) == ["E1"]
        then = client.get("/embed/events?edition=1").text
        assert ids(then) == ["E2", "E1"] and "Edition 2 is newer." in then
        assert "M1" in client.get("/embed/cities/place-1?edition=1").text


# Framing permissions ------------------------------------------------------------------------------


def test_other_pages_must_not_be_framed(client: TestClient) -> None:
    for address in (
        "/",
        "/events",
        "/events/E5",
        "/cities/dandong",
        "/cite",
        "/desk/sign-in",
        "/events.json",
        "/nope",
        "/embedded",
        "/oembed",
        "/embed",
    ):
        headers = client.get(address).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], address
        assert headers["x-frame-options"] == "DENY", address


# oEmbed -------------------------------------------------------------------------------------------


def test_oembed_returns_the_frame_of_embeddable_views(client: TestClient) -> None:
    for of in (CHINA_2019, "/cities/dandong?edition=1", "/places/russia"):
        page = client.get(of).text
        [link] = re.findall(r'type="application/json\+oembed" href="([^"]+)"', page)
        told = client.get(unescape(link))
        assert told.headers["access-control-allow-origin"] == "*"
        said = told.json()
        expected = {
            "version": "1.0",
            "type": "rich",
            "width": 700,
            "height": 640,
            "provider_name": "Sojourn",
            "thumbnail_width": 1200,
            "thumbnail_height": 630,
        }
        assert {key: said[key] for key in expected} == expected, of
        assert said["title"] and said["cache_age"] > 0
        source = unescape(re.findall('<iframe src="([^"]+)"', said["html"])[0])
        assert source == f"http://testserver/embed{of}"
        assert client.get(source).status_code == 200
        code = re.findall(r'<textarea id="embed-code"[^>]*>(.*?)</textarea>', page, re.DOTALL)
        assert unescape(code[0]) == said["html"].replace('width="700"', 'width="100%"')


def test_oembed_has_size_title_and_code_of_the_view(client: TestClient) -> None:
    said = oembed(client, "/events", maxwidth=320, maxheight=200).json()
    assert (said["width"], said["height"]) == (320, 200)
    assert 'width="320" height="200"' in said["html"]
    assert oembed(client, "/events", maxwidth=5_000).json()["width"] == 700
    # A fragment is no part of the view; words in its title are escaped in the code.
    said = oembed(client, "/cities/dandong?edition=1#M9").json()
    assert 'src="http://testserver/embed/cities/dandong?edition=1"' in said["html"]
    said = oembed(client, "/events?q=%22%3E%3Cscript%3Ealert(1)").json()
    assert "<script" in said["title"]
    assert said["html"].count("<") == said["html"].count(">") == 2
    # What can't be embedded is a link with its picture.
    said = oembed(client, "/events/E5").json()
    assert said["type"] == "link" and "html" not in said
    assert said["thumbnail_url"] == "http://testserver/preview/events/E5.png?edition=1"


def test_oembed_of_unsupported_request_is_refused(client: TestClient) -> None:
    assert oembed(client, "/events", format="xml").status_code == 501
    assert oembed(client, "/nowhere").status_code == 404
    assert client.get("/oembed").status_code == 404
    for width in (0, "wide"):
        assert oembed(client, "/events", maxwidth=width).status_code == 422
    for url in (
        "https://elsewhere.example/events",
        "http://testserver.elsewhere.example/events",
        "http://[x",
        "//[x/events",
        "http://a\N{ACCOUNT OF}b/events",
        "[",
        "\x00",
    ):
        assert client.get("/oembed", params={"url": url}).status_code == 404, url
