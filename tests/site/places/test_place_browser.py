"""The page of a place in a browser: drawings by width, contrast, print, and accessibility."""

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import all_faults

if TYPE_CHECKING:
    from playwright.sync_api import Page

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


def test_one_drawing_is_shown_at_each_width(page: "Page") -> None:
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
    page: "Page", address: str, scheme: Any
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


def test_link_to_a_folded_row_opens_it_without_scripts(plain_page: "Page") -> None:
    plain_page.goto("/cities/dandong#M17")
    expect(plain_page.locator("tr#M17")).to_be_visible()


def test_page_of_a_city_prints_on_four_sheets(page: "Page") -> None:
    page.goto("/cities/dandong")
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= 4


def test_drawings_keep_their_shapes_in_forced_colours(page: "Page") -> None:
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/cities/dandong")
    assert [each for each in page.evaluate(CONTRASTS) if each[2] < 4.5] == []
