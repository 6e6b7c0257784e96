"""The page of a province, country, region or the world."""

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from app.site.charts.glyphs import picture
from tests.browser import all_faults
from tests.make import make_code, make_estimate, make_event, make_place, make_term
from tests.support.event_pages import module_site
from tests.support.html import rows_on, words

made = module_site(
    make_place(201, "gulf", kind="region"),
    make_place(202, "kuwait", kind="country", regions=["gulf"], parent="world"),
    make_place(203, "world", kind="world"),
    make_place(4, "empty", kind="province", parent="country-3"),
    make_place(5, "plant", kind="site", parent="province-2"),
    *(
        make_event(number, terms=[make_term(code=code)])
        for number, code in enumerate(("kuwait", "gulf", "world"), 1)
    ),
    make_place(206, "nepal", kind="country", country="NP"),
    make_code("np", "nationality", label="Nepali"),
    make_event(4, terms="place nepal; nationality np"),
    make_event(5, terms="place province-2; nationality np"),
    make_estimate(1, point=1_203),
    make_estimate(2, point=2_345),
    make_estimate(3, point=9_000, terms="place province-2"),
)


def figures_on(html: str) -> set[str]:
    return set(re.findall(r'<tr id="(?:wording-)?(M\d+)"', html))


def test_province_shows_containing_and_contained_places(client: TestClient) -> None:
    text = client.get("/places/jilin").text
    for other in ("/places/china", "/places/cn-northeast", "/places/yanbian", "/cities/hunchun"):
        assert f'href="{other}"' in text, other
    assert "Province in China" in words(text)
    assert re.search('<b lang="zh-Hans">吉林省?</b>', text)
    members = client.get("/places/cn-northeast").text.partition("Places within")[2]
    assert 'href="/places/liaoning"' in members and 'href="/places/jilin"' in members


def test_estimates_of_area_exclude_its_cities(client: TestClient, made: TestClient) -> None:
    for code in ("jilin", "china", "world"):
        everything = client.get(f"/estimates.json?place={code}&limit=1000").json()["items"]
        own = {item["id"] for item in everything if code in item["places"]}
        assert figures_on(client.get(f"/places/{code}").text) == own, code
        assert code not in {"jilin", "china"} or len(own) < len(everything)
    # Nothing is summed.
    text = made.get("/places/province-2").text
    assert figures_on(text) == {"M3"}
    assert "9,000" in text and "3,548" not in text and "1,203" not in text


def test_events_of_larger_places_are_counted_apart(made: TestClient) -> None:
    """A halt for a whole region is no event of a country in it, and is not passed over either."""
    told = "1 more event is only in a larger place: gulf."
    for address in ("/events?place=kuwait", "/events?place=kuwait&q=nothing"):
        text = words(made.get(address).text).lower()
        assert (told in text) is ("nothing" not in address), address
    assert 'href="/status?place=kuwait"' in made.get("/events?place=kuwait").text
    assert "larger place" not in made.get("/events?place=gulf").text


def test_place_without_records_says_so(made: TestClient) -> None:
    text = words(made.get("/places/empty").text)
    assert "The record has no events here" in text
    assert "No estimate in the record is for Empty itself" in text


def test_country_says_what_the_record_has_of_it(made: TestClient) -> None:
    told = {
        "kuwait": "No estimate in the record is for Kuwait itself.",
        "nepal": "The record counts Nepali workers who are abroad, not those in Nepal. "
        "The record has no rule about Nepali workers in or from Nepal.",
    }
    for code, said in told.items():
        assert said in words(made.get(f"/places/{code}").text), code


# The page of a place in a browser: drawings by width, contrast, print, and accessibility


CITIES = ["/cities/dandong", "/places/russia"]
COMPARISON = "/compare?place=dandong&place=hunchun"
WIDTHS = [320, 390, 768, 960, 1280]

OPEN_ALL = "document.querySelectorAll('main details').forEach(each => { each.open = true; })"

SHOWN = """() => [...document.querySelectorAll("main .chart > [class^=only-]")]
    .filter(each => each.getBoundingClientRect().width)
    .map(each => [each.className, each.querySelector("svg").getBoundingClientRect().width
        / each.querySelector("svg").viewBox.baseVal.width])"""

CONTRASTS = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const rgb = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const linear = part =>
        part / 255 <= .04045 ? part / 255 / 12.92 : ((part / 255 + .055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
    const ratio = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + .05) / (low + .05);
    };
    const paper = element => {
        for (let each = element; each; each = each.parentElement) {
            const colour = rgb(getComputedStyle(each).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return rgb("Canvas");
    };
    const behind = text => {
        const at = text.getBoundingClientRect(), x = at.x + at.width / 2, y = at.y + at.height / 2;
        const shapes = [...text.ownerSVGElement.querySelectorAll("rect")].filter(rect => {
            const box = rect.getBoundingClientRect();
            return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom
                && getComputedStyle(rect).fill !== "none"
                && rect.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
        });
        return shapes.length
            ? rgb(getComputedStyle(shapes.at(-1)).fill)
            : paper(text.ownerSVGElement.parentElement);
    };
    return [...document.querySelectorAll("main svg text")]
        .filter(text => text.getBoundingClientRect().width)
        .map(text => [text.textContent, text.getAttribute("class"),
                      ratio(rgb(getComputedStyle(text).fill), behind(text))]);
}"""


def test_one_drawing_is_shown_at_each_width(page: Page) -> None:
    """Its words are not scaled down from 360 pixels on."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/cities/dandong")
        shown = page.evaluate(SHOWN)
        assert [name for name, _scale in shown] == ["only-w" if width >= 960 else "only-n"]
        assert width < 360 or shown[0][1] >= 0.89
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", [*CITIES, COMPARISON])
def test_text_has_enough_contrast_and_axe_finds_no_fault(
    page: Page, address: str, scheme: Any
) -> None:
    """axe does not measure text in SVG: colours are computed by the browser, WCAG 1.4.3."""
    page.emulate_media(color_scheme=scheme)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.evaluate(OPEN_ALL)
        found = page.evaluate(CONTRASTS)
        assert len(found) > 10
        assert [each for each in found if each[2] < 4.5] == []
        assert all_faults(page) == []


def test_link_to_a_folded_row_opens_it_without_scripts(plain_page: Page) -> None:
    plain_page.goto("/cities/dandong#M17")
    expect(plain_page.locator("tr#M17")).to_be_visible()


def test_page_of_a_city_prints_on_four_sheets(page: Page) -> None:
    page.goto("/cities/dandong")
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= 4


def test_drawings_keep_their_shapes_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/cities/dandong")
    assert [each for each in page.evaluate(CONTRASTS) if each[2] < 4.5] == []


# The files of a city, and the pictures of its chart


PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"


def test_page_json_and_csv_have_same_estimates_in_order(client: TestClient) -> None:
    for address in ("/cities/dandong", "/places/russia"):
        on_page = rows_on(client.get(address).text)
        table = client.get(f"{address}.csv")
        rows = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
        body = client.get(f"{address}.json").json()
        assert [figure["id"] for figure in body["figures"]] == on_page
        assert [row["id"] for row in rows] == on_page
        assert table.headers["x-sojourn-edition"] == "1"
        assert table.headers["x-sojourn-licence"] == "CC BY 4.0"
    body = client.get("/cities/hunchun.json").json()
    assert {"edition", "id", "code", "name", "names", "lies_in", "events", "figures"} <= set(body)
    assert body["lies_in"] == ["yanbian", "jilin", "china"]
    drawn = {figure["id"]: (figure["key"], figure["is_drawn"]) for figure in body["figures"]}
    assert drawn["M1"] == ("a", True) and not drawn["M4"][1]


def test_svg_is_self_contained_with_provenance(client: TestClient) -> None:
    for address in ("/cities/dandong", "/places/russia", "/cities/hunchun"):
        answer = client.get(f"{address}.svg?edition=1")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert re.fullmatch(
            r'attachment; filename="sojourn-[a-z]+-edition-1\.svg"',
            answer.headers["content-disposition"],
        )
        root = ElementTree.fromstring(answer.text)  # noqa: S314 - our own
        text = " ".join(root.itertext())
        assert "Sojourn, edition 1 (" in text and "CC BY 4.0" in text
        assert f"{address}?edition=1" in text
        assert root.find(f"{SVG}title") is not None and root.find(f"{SVG}desc") is not None
        for outward in ("var(", "href", "url("):
            assert outward not in answer.text
        drawn = [f for f in client.get(f"{address}.json").json()["figures"] if f["is_drawn"]]
        assert len(root.findall(f".//{SVG}g[@class]")) == len(drawn)


def test_png_has_twice_the_size(client: TestClient) -> None:
    answer = client.get("/cities/hunchun.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(PNG)
    width, height = (int.from_bytes(answer.content[at : at + 4], "big") for at in (16, 20))
    root = ElementTree.fromstring(client.get("/cities/hunchun.svg").text)  # noqa: S314 - our own
    assert (width, height) == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))


def test_png_without_system_fonts_has_all_glyphs() -> None:
    """Fonts come only from our packages. Missing glyphs all render as the same box."""

    def drawn(sign: str) -> bytes:
        return picture(
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            f'<text x="5" y="30" font-size="24" font-family="sans-serif">{sign}</text></svg>'
        )

    unknown = {drawn("\ue000"), drawn("\U0010fffd"), drawn(" ")}
    signs = "단둥훈춘丹东珲春图们łżéñЖбя≠“–…−あ한"
    pictures = [drawn(sign) for sign in signs]
    assert not unknown & set(pictures)
    assert len(set(pictures)) == len(signs)
