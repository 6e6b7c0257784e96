"""Previews of shared links: Open Graph tags and pictures."""

import re
import struct
from collections.abc import Iterator
from html import unescape
from unittest.mock import patch
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.charts.glyphs import SMALL_LETTER_PIXELS, style, width_in_pixels, wrap
from app.site.references.citable import preview_address
from app.worker_pool import POOL, READERS
from tests.site.test_cite import CHINA_2019, VIEWS
from tests.support.event_pages import published_as

DANDONG, E5 = "/cities/dandong?edition=1", "/events/E5?edition=1"
CHINA_2019_FOR_GOOD = "/events?from=2019&to=2019&place=china&edition=1"


@pytest.fixture(scope="module")
def another(published: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(published), follow_redirects=True) as client:
        yield client


@pytest.fixture
def drawings(another: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A site that returns SVG instead of PNG."""
    monkeypatch.setattr("app.site.preview.picture", str.encode)
    return another


def parts(svg: str, name: str) -> list[Element]:
    return list(ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{name}"))  # noqa: S314 - our own


def lines_of(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in parts(svg, "text")]


def og(page: str) -> dict[str, str]:
    tags = re.findall(
        r'<meta (?:property|name)="((?:og|twitter):[a-z:_]+)" content="([^"]*)">', page
    )
    return {name: unescape(content) for name, content in tags}


# Open Graph tags ----------------------------------------------------------------------------------


def test_page_has_open_graph_title_text_address_and_picture(client: TestClient) -> None:
    for of in (*VIEWS, E5, "/", "/changes", "/data", "/about", "/codebook"):
        page = client.get(of, follow_redirects=True)
        told = og(page.text)
        title = re.search(r"<title(?: lang=\"[^\"]+\")?>(.*) – Sojourn</title>", page.text)
        assert title and told["og:title"] == unescape(title[1]), of
        assert len(told["og:description"]) > 20, of
        assert told["og:url"] == str(page.url), of
        assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630"), of
        assert told["twitter:card"] == "summary_large_image", of
        picture = urlsplit(told["og:image"])
        assert picture.query.endswith("edition=1") and picture.path.endswith(".png"), of


def test_period_is_in_title_description_and_citation_of_a_list(client: TestClient) -> None:
    page = client.get(CHINA_2019).text.replace("\u00a0", " ")
    assert og(page)["og:title"] == "Events: China, 2019"
    total = client.get(CHINA_2019.replace("?", ".json?")).json()["total"]
    assert og(page)["og:description"].startswith(f"{total} events: in China; possibly 2019. ")
    cited = client.get(f"/cite.json?of={quote(CHINA_2019)}").json()
    assert "possibly 2019" in cited[0]["title"].replace("\u00a0", " ")


def test_robots_txt_allows_link_previews(client: TestClient) -> None:
    everybody, previewers, sitemap = client.get("/robots.txt").text.strip().split("\n\n")
    assert sitemap == "Sitemap: http://testserver/sitemap.xml"
    assert "Disallow: /*?" in everybody
    assert (
        "Twitterbot" in previewers and "/*?" not in previewers and "Disallow: /desk" in previewers
    )


# Pictures -----------------------------------------------------------------------------------------


def test_preview_is_png_of_1200_by_630_pixels(client: TestClient) -> None:
    for of in (CHINA_2019_FOR_GOOD, DANDONG, E5):
        answer = client.get(preview_address(of))
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
        assert len(answer.content) < 300_000


def test_preview_names_title_edition_and_licence(drawings: TestClient) -> None:
    for of in VIEWS:
        address = urlsplit(og(drawings.get(of).text)["og:image"])
        words = " ".join(lines_of(drawings.get(f"{address.path}?{address.query}").text))
        title = drawings.get(f"/cite.json?of={quote(of)}").json()[0]["title"]
        shown = title.partition(":")[0] if of.startswith(("/cities/", "/places/")) else title
        for part in (shown.split()[0], shown.split()[-1].rstrip("."), "Edition 1, ", "CC BY 4.0"):
            assert part in words, (of, part)


def test_cards_say_what_their_page_says_first(drawings: TestClient, database: Settings) -> None:
    with published_as(database, ()) as client:
        nothing = lines_of(client.get(preview_address("/cities/place-1?edition=1")).text)
    assert "No estimate in the record is for Place-1 itself." in nothing
    city = " ".join(lines_of(drawings.get(preview_address(DANDONG)).text))
    assert "Dandong Up to 80,000 North Korean workers were in Dandong (2022), by" in city
    event = lines_of(drawings.get(preview_address(E5)).text)
    assert "One report, source not named" in event
    assert any(line.startswith("Disputed: ") for line in event)
    for event in drawings.get("/events.json").json()["items"]:
        lines = lines_of(drawings.get(preview_address(f"/events/{event['id']}?edition=1")).text)
        assert len(lines) > 5, event["id"]


def test_every_class_in_pictures_is_in_their_stylesheet(drawings: TestClient) -> None:
    """Shapes with a class missing in the stylesheet would be black."""
    known = {*re.findall(r"\.([a-z][a-z0-9-]*)", style()), "em"}
    views = (CHINA_2019_FOR_GOOD, DANDONG, E5, "/places/russia?edition=1")
    others = "/cities/dandong.svg", "/cities/hunchun.svg", "/places/china.svg", "/places/russia.svg"
    for address in (*map(preview_address, views), *others):
        named = re.findall(r' class="([^"]+)"', drawings.get(address).text)
        assert {name for some in named for name in some.split()} <= known, address


def test_picture_with_full_queue_is_503_and_pages_answer(client: TestClient) -> None:
    address = preview_address("/sources/S16?edition=1")
    with patch.dict(POOL.admitted, {READERS: READERS.processes + READERS.waiting}):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert client.get("/events/E5").status_code == 200
    assert client.get(address).status_code == 200


@given(st.text(st.sampled_from("ab  丹단é")), st.integers(200, 600), st.integers(1, 4))
def test_wrapped_text_fits_width_and_line_limit(text: str, width: int, most: int) -> None:
    lines = wrap(text, SMALL_LETTER_PIXELS, width, most)
    assert len(lines) <= most
    assert all(width_in_pixels(line, SMALL_LETTER_PIXELS) <= width for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


# Figures ------------------------------------------------------------------------------------------


def test_former_addresses_of_figures_lead_to_the_preview(drawings: TestClient) -> None:
    picture = drawings.get(preview_address(CHINA_2019_FOR_GOOD))
    for address in (
        f"/figure{CHINA_2019_FOR_GOOD}",
        CHINA_2019_FOR_GOOD.replace("?", ".svg?"),
        CHINA_2019_FOR_GOOD.replace("?", ".png?"),
    ):
        answer = drawings.get(address)
        assert (answer.url, answer.content) == (picture.url, picture.content), address
