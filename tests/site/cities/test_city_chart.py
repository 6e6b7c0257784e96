"""The chart of a city in a browser: drawings by width, letters, contrast, and accessibility."""

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser import all_faults

if TYPE_CHECKING:
    from playwright.sync_api import Page

CITIES = ["/cities/dandong", "/cities/hunchun", "/places/russia"]
COMPARISON = "/compare?place=dandong&place=hunchun"
WIDTHS = [320, 390, 768, 1280]
DRAWING = {320: "s", 390: "s", 768: "m", 1280: "l"}

OPEN_ALL = "document.querySelectorAll('main details').forEach(each => { each.open = true; })"

LETTERS = """() => [...document.querySelectorAll("main .chart svg")]
    .filter(svg => svg.getBoundingClientRect().width)
    .flatMap(svg => [...svg.querySelectorAll("a")].map(link => ({
        name: link.querySelector("title").textContent,
        letter: link.querySelector(".k-let, .k-on").textContent,
        isBlack: Boolean(link.querySelector(".k-top")),
        target: link.getAttribute("href").slice(1),
        box: link.querySelector(".k-box, .k-top").getBoundingClientRect().toJSON(),
        chart: svg.getBoundingClientRect().toJSON(),
    })))"""

ROWS = """() => Object.fromEntries([...document.querySelectorAll("main .letters > li")].map(
    row => [row.id, {letter: row.querySelector(".key").textContent,
                     isBlack: row.querySelector(".key").classList.contains("key-top")}]))"""

SHOWN = """() => [...document.querySelectorAll("main [class^=at-]")]
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


@pytest.mark.parametrize("address", CITIES)
def test_each_letter_in_a_drawing_is_that_of_its_row(page: "Page", address: str) -> None:
    """At each width one drawing is shown. Text is not scaled down from 360 pixels on."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        shown = page.evaluate(SHOWN)
        assert shown and {name for name, _scale in shown} == {f"at-{DRAWING[width]}"}
        if width >= 360:
            assert {round(scale, 3) for _name, scale in shown} == {1}
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(OPEN_ALL)
        letters: list[Any] = page.evaluate(LETTERS)
        rows: dict[str, Any] = page.evaluate(ROWS)
        assert len(letters) == len({each["letter"] for each in letters}) > 3
        assert {each["target"] for each in letters} == set(rows)
        for each in letters:
            row = rows[each["target"]]
            assert (each["letter"], each["isBlack"]) == (row["letter"], row["isBlack"])
            assert each["name"].startswith(f"{each['letter']}: ")
            assert each["letter"] not in {"i", "l", "o", "I", "L", "O"}
            assert each["box"]["left"] >= each["chart"]["left"] - 1
            assert each["box"]["right"] <= each["chart"]["right"] + 1
        assert sum(each["isBlack"] for each in letters) == 1


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
        assert len(found) > 20
        assert [each for each in found if each[2] < 4.5] == []
        assert all_faults(page) == []


def test_measured_contrast_finds_pale_text(page: "Page") -> None:
    """The measurement itself can fail."""
    page.goto("/cities/dandong")
    page.evaluate("document.querySelectorAll('.x-lab').forEach(e => { e.style.fill = '#999'; })")
    page.evaluate("document.querySelectorAll('.k-on').forEach(e => { e.style.fill = '#444'; })")
    pale = {each[1].split()[0] for each in page.evaluate(CONTRASTS) if each[2] < 4.5}
    assert pale == {"x-lab", "k-on"}


def test_mark_opens_its_row_by_keyboard(page: "Page") -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/cities/dandong")
    page.locator(".at-l a[href='#M17']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("li#M17:target")).to_be_visible()


def test_links_to_parts_stay_in_view_above_what_they_lead_to(page: "Page") -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/cities/dandong")
    assert page.evaluate("document.documentElement.scrollHeight") < 8_000
    events = page.locator("#events").bounding_box()
    assert events and events["y"] < 3_500
    link = page.locator(".jump a[href='#events']")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#events")
    page.wait_for_function("scrollY > 1000")
    menu, heading = (page.locator(each).bounding_box() for each in (".jump", "#events"))
    assert menu and heading
    assert menu["y"] == pytest.approx(0, abs=1)
    assert heading["y"] >= menu["y"] + menu["height"]


def test_link_to_a_folded_row_opens_it_without_scripts(plain_page: "Page") -> None:
    plain_page.goto("/cities/dandong#wording-M17")
    expect(plain_page.locator("#wording-M17")).to_be_visible()


@pytest.mark.parametrize("address", CITIES)
def test_drawings_keep_their_shapes_in_forced_colours(page: "Page", address: str) -> None:
    """A letter is readable, and the black box differs from the others."""
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    page.evaluate(OPEN_ALL)
    assert [each for each in page.evaluate(CONTRASTS) if each[2] < 4.5] == []
    fills = page.evaluate(
        """() => ['.k-box', '.k-top'].map(each =>
            getComputedStyle(document.querySelector('.chart ' + each)).fill)"""
    )
    assert fills[0] != fills[1]
