"""Previews of shared links: Open Graph tags and pictures; and figures."""

import re
import struct
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.charts.svg_style import style
from app.site.charts.text_metrics import TEXT, TITLE, text_width, wrap
from app.site.references.share_links import figure_address, preview_address
from app.worker_pool import POOL, READERS
from tests.conftest import wait_until
from tests.site.cite.test_cite import CHINA_2019, VIEWS
from tests.support.queries import ABSURD_QUERIES

if TYPE_CHECKING:
    from playwright.sync_api import Page

DANDONG, E5 = "/cities/dandong?edition=1", "/events/E5?edition=1"
CHINA_2019_FOR_GOOD = "/events?from=2019&to=2019&place=china&edition=1"


@pytest.fixture(scope="module")
def another(published: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(published), follow_redirects=True) as client:
        yield client


@pytest.fixture
def drawings(another: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A site that returns SVG instead of PNG."""
    monkeypatch.setattr("app.site.charts.svg_to_png.picture", str.encode)
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


@pytest.mark.parametrize("of", [*VIEWS, "/", "/changes", "/data", "/about", "/codebook"])
def test_page_has_open_graph_title_text_address_and_picture(client: TestClient, of: str) -> None:
    page = client.get(of, follow_redirects=True)
    told = og(page.text)
    title = re.search(r"<title(?: lang=\"[^\"]+\")?>(.*) – Sojourn</title>", page.text)
    assert title and told["og:title"] == unescape(title[1])
    assert len(told["og:description"]) > 20
    assert told["og:url"] == str(page.url)
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["twitter:card"] == "summary_large_image"
    picture = urlsplit(told["og:image"])
    assert picture.query.endswith("edition=1") and picture.path.endswith(".png")


def test_open_graph_description_is_the_summary(client: TestClient) -> None:
    words = og(client.get(CHINA_2019).text)["og:description"].replace("\u00a0", " ")
    assert words.startswith("25 events: in China; possibly between 1 January and 31 December 2019")


def test_open_graph_address_keeps_requested_edition(client: TestClient) -> None:
    assert og(client.get("/events/E5").text)["og:url"] == "http://testserver/events/E5"
    assert og(client.get(E5).text)["og:url"] == "http://testserver/events/E5?edition=1"


def test_open_graph_uses_the_configured_public_address(published: Settings) -> None:
    with TestClient(
        create_app(published.model_copy(update={"public_url": "https://sojourn.example"}))
    ) as client:
        told = og(client.get("/cities/dandong").text)
    assert told["og:url"] == "https://sojourn.example/cities/dandong"
    assert told["og:image"] == "https://sojourn.example/preview/cities/dandong.png?edition=1"


def test_robots_txt_allows_link_previews(client: TestClient) -> None:
    everybody, previewers = client.get("/robots.txt").text.strip().split("\n\n")
    assert "Disallow: /*?" in everybody
    assert (
        "Twitterbot" in previewers and "/*?" not in previewers and "Disallow: /desk" in previewers
    )


# Pictures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [CHINA_2019_FOR_GOOD, DANDONG, E5])
def test_preview_is_png_of_1200_by_630_pixels(client: TestClient, of: str) -> None:
    answer = client.get(preview_address(of))
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    assert len(answer.content) < 300_000


@pytest.mark.parametrize("of", VIEWS)
def test_preview_names_title_edition_and_licence(drawings: TestClient, of: str) -> None:
    address = urlsplit(og(drawings.get(of).text)["og:image"])
    svg = drawings.get(f"{address.path}?{address.query}").text
    cited = drawings.get(f"/cite.json?of={of.replace('&', '%26')}").json()[0]
    words, title = " ".join(lines_of(svg)), cited["title"]
    shown = title.partition(":")[0] if of.startswith(("/cities/", "/places/")) else title
    assert shown.split()[0] in words and shown.split()[-1].rstrip(".") in words
    assert (
        f"Edition 1, {drawings.get('/').text.partition('datetime=')[2][1:5]}" in words
        or "Edition 1, " in words
    )
    assert "CC BY 4.0" in words


@pytest.mark.parametrize(
    "of", [CHINA_2019_FOR_GOOD, "/events?q=%EB%8B%A8%EB%91%A5&edition=1", "/estimates?edition=1"]
)
def test_preview_histogram_has_the_bars_of_the_page(drawings: TestClient, of: str) -> None:
    listed = drawings.get(of).text.partition('class="hist-list"')[2].partition("</ul>")[0]
    bars = re.findall(r": (\d+) possibly, (\d+) definitely</li>", listed)
    for picture in (preview_address(of), of.replace("?", ".svg?", 1)):
        svg = drawings.get(picture).text
        told = [text.text for text in parts(svg, "text") if text.get("class") == "x-lab x-mid"]
        assert bars and told == [could for could, _must in bars if could != "0"]
        solid = [
            rect for rect in parts(svg, "rect") if rect.get("class") == "b-cert" and rect.get("x")
        ]
        assert len(solid) == len([must for _could, must in bars if must != "0"])


def test_city_preview_has_chart_and_newest_estimate(drawings: TestClient) -> None:
    svg = drawings.get(preview_address(DANDONG)).text
    words = lines_of(svg)
    first = drawings.get("/cities/dandong.json").json()["figures"]
    drawn = [each for each in first if each["is_drawn"] and each["counts"] == "present"]
    assert svg.count('class="em a-') == len([e for e in drawn if e["coverage"] == "whole"]) == 3
    assert any("up to 80,000" in line for line in words) and "丹东" in "".join(words)


def test_preview_of_place_without_chart_counts_events(
    drawings: TestClient,
) -> None:
    nothing = lines_of(drawings.get(preview_address("/cities/moscow?edition=1")).text)
    assert "The record has no estimate." in nothing
    assert "The record has no event. No entry does not mean that nothing happened." in nothing
    few = lines_of(drawings.get(preview_address("/cities/st-petersburg?edition=1")).text)
    assert any("190" in line for line in few) and "1 event is in the record." in few


def test_event_preview_has_badges_with_symbols(drawings: TestClient) -> None:
    svg = drawings.get(preview_address(E5)).text
    assert (
        "Several anonymous people, one report" in lines_of(svg)
        and 'href="#co-single-anonymous"' in svg
    )
    assert any(line.startswith("Disputed: ") for line in lines_of(svg)) and 'href="#ne"' in svg
    assert 'class="r-poss"' in svg and 'class="r-dl"' in svg


def test_every_class_in_pictures_is_in_their_stylesheet(drawings: TestClient) -> None:
    """Shapes with a class missing in the stylesheet would be black."""
    pictures = [
        preview_address(of) for of in (CHINA_2019_FOR_GOOD, DANDONG, E5, "/places/russia?edition=1")
    ]
    for address in [*pictures, "/events.svg?edition=1", "/cities/dandong.svg", "/places/china.svg"]:
        named = {
            name
            for some in re.findall(r' class="([^"]+)"', drawings.get(address).text)
            for name in some.split()
        }
        known = set(re.findall(r"\.([a-z][a-z0-9-]*)", style()))
        assert named - {"rail", "a-out"} <= known | {"em"}, address


def test_preview_redirects_to_canonical_address(client: TestClient) -> None:
    for of in (
        "events.png?to=2019&place=china&from=2019",
        "events.png?from=2019&to=2019&place=china&x=1",
    ):
        answer = client.get(f"/preview/{of}")
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            preview_address(CHINA_2019_FOR_GOOD),
        )
    for of in ("/events/E9999", "/nowhere", "/desk/people", "/events/E5.json"):
        assert client.get(preview_address(f"{of}?edition=1")).status_code in {303, 404}, of
    assert client.get("/preview/events/E9999.png").status_code == 404


def test_picture_with_full_queue_is_503_and_pages_answer(published: Settings) -> None:
    places = POOL.admitted[READERS]
    held = 0
    with TestClient(create_app(published)) as client:
        try:
            while places.acquire(blocking=False):
                held += 1
            answer = client.get(preview_address("/sources/S9?edition=1"))
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
            assert client.get("/events/E5").status_code == 200
        finally:
            places.release(held)
        assert client.get(preview_address("/sources/S9?edition=1")).status_code == 200


@pytest.mark.parametrize(
    "address", ["/preview/events.png", "/events.svg", "/figure/events", "/embed/events", "/oembed"]
)
def test_absurd_queries_never_cause_server_errors(drawings: TestClient, address: str) -> None:
    for pairs in ABSURD_QUERIES:
        asked = urlencode(
            pairs
            if address != "/oembed"
            else [("url", f"http://testserver/events?{urlencode(pairs)}")]
        )
        assert drawings.get(f"{address}?{asked}").status_code in {200, 404, 422}, pairs


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab  丹단é")), st.integers(60, 600), st.integers(1, 4))
def test_wrapped_text_fits_width_and_line_limit(text: str, width: int, most: int) -> None:
    lines = wrap(text, TITLE, width, most)
    assert len(lines) <= most
    assert all(text_width(line, TITLE) <= max(width, 24 * TITLE.size) for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrapped_address_breaks_after_separators() -> None:
    address = (
        "https://sojourn.example/events?from=2019&to=2019&place=china&type=stay-limit&edition=1"
    )
    for width in range(150, 600, 10):
        lines = wrap(f"Sojourn, edition 1. {address}", TEXT, width, 20)
        assert all(line[-1] in ".1,/?&" for line in lines), lines


def test_preview_is_rendered_once_per_edition(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def picture(svg: str) -> bytes:
        drawn.append(svg)
        return svg.encode()

    monkeypatch.setattr("app.site.charts.svg_to_png.picture", picture)
    with TestClient(create_app(published)) as client:
        wait_until(lambda: "etag" in client.get("/privacy").headers, "the site to know its edition")
        first = client.get(preview_address(E5))
        again = client.get(preview_address(E5))
        assert (len(drawn), again.content) == (1, first.content)
        told = client.get(preview_address(E5), headers={"If-None-Match": first.headers["etag"]})
        assert (told.status_code, len(drawn)) == (304, 1)


# Figures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (CHINA_2019_FOR_GOOD, "sojourn-events-china-2019-edition-1"),
        (DANDONG, "sojourn-dandong-edition-1"),
    ],
)
def test_figure_names_source_licence_and_permalink(
    drawings: TestClient, of: str, name: str
) -> None:
    page = drawings.get(figure_address(of))
    files = re.findall(r'href="([^"]+)" rel="nofollow" download', page.text)
    assert len(files) == 2
    for address, ending in zip(files, ("svg", "png"), strict=True):
        answer = drawings.get(address.replace("&amp;", "&"))
        assert f'filename="{name}.{ending}"' in answer.headers["content-disposition"]
    words = " ".join(lines_of(drawings.get(files[0].replace("&amp;", "&")).text))
    assert "Reported by " in words and "Daily NK" in words
    assert "edition 1" in words and "CC BY 4.0" in words
    assert f"http://testserver{of}" in words.replace(" ", "")


def test_figure_explains_left_out_estimates_only_if_any(
    drawings: TestClient,
) -> None:
    some, none = (
        " ".join(lines_of(drawings.get(f"/cities/{city}.svg").text))
        for city in ("dandong", "moscow")
    )
    assert "Not drawn: one workplace or group (4); a share (1);" in some
    assert "The record has no estimate." in none
    assert not any(
        words in none for words in ("Not drawn", "Each estimate", "Reported by", "No source")
    )


def test_figure_has_place_name_in_a_text_of_its_own(drawings: TestClient) -> None:
    """The renderer uses one font for a whole text, and the font with Korean letters is not bold."""
    svg = drawings.get("/cities/vladivostok.svg").text
    assert "Vladivostok" in lines_of(svg)
    assert any("블라디보스토크" in line and "Владивосток" in line for line in lines_of(svg))


def test_figure_with_invalid_query_is_422(client: TestClient) -> None:
    for address, key in (
        ("/events.svg?place=nowhere-at-all", "place"),
        ("/events.png?from=2019-02-30", "from"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["errors"][0]["key"]) == (422, key)
    assert client.get("/figure/events?place=nowhere-at-all").status_code == 422
    assert client.get("/figure/events/E5?edition=1").status_code == 404


def test_figure_page_shows_the_svg_file(page: "Page") -> None:
    from playwright.sync_api import expect

    page.goto(figure_address(CHINA_2019_FOR_GOOD))
    drawn = page.locator("figure.sheet img")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.complete && image.naturalWidth") == 808
