"""The site in a browser: accessibility, keyboard, phone, no scripts, history, no third parties."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web.templates import environment
from tests.browser import complaints_of, grave_faults
from tests.support.html_validation import html_faults
from tests.support.page_kinds import CHINA_2019, PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def test_every_page_template_has_an_address_here(published: Settings) -> None:
    """A new template must get an address here."""
    environment.cache_clear()
    with TestClient(create_app(published)) as client:
        for address in (*PAGES.values(), "/search/suggestions?q=Hunch"):
            client.get(address)
    visited = {name for _, name in (environment().cache or {})}
    pages = {
        name
        for name in environment().list_templates()
        if name.endswith(".html") and not name.startswith("desk/")
    }
    assert pages - visited == {"site/record_pages/withdrawn.html"}


def choice(page: "Page", key: str, code: str) -> "Locator":
    """Return a choice of a facet, which is opened if it is closed and can be seen."""
    closed = page.locator(f"#facet-{key}:not([open]) > summary")
    if closed.is_visible():
        closed.click()
    return page.locator(f"#filters input[name='{key}'][value='{code}']")


def chips_are(page: "Page", count: int) -> None:
    """Wait until the list has loaded and shows this number of chips."""
    from playwright.sync_api import expect

    expect(page.locator(".chips a.chip")).to_have_count(count)


@pytest.mark.parametrize(
    "window", [("light", DESKTOP), ("dark", PHONE)], ids=["light desktop", "dark phone"]
)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_fits_and_asks_nobody_else(
    layout_page: "Page", site: str, name: str, window: Any, request: pytest.FixtureRequest
) -> None:
    page, asked, (scheme, size) = layout_page, list[str](), window
    complaints = complaints_of(page)
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    page.goto(PAGES[name])
    page.wait_for_load_state("networkidle")
    assert all(address.startswith(site) for address in asked), asked
    expected = ["404"] if name == "missing" else []
    assert [c for c in complaints if not any(e in c for e in expected)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.context.cookies() == []
    # Only this rule of axe depends on the fonts; the others run with the first set of fonts.
    has_first_fonts = request.node.callspec.params["layout_page"] == "NOTO"
    grave = grave_faults(page, "" if has_first_fonts else "target-size")
    assert not grave, "\n".join(grave)


@pytest.fixture(scope="module")
def validator(browser: "Browser") -> Iterator["Page"]:
    """A blank page that validates HTML; loading the validator takes some seconds."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_valid_html(validator: "Page", client: TestClient, name: str) -> None:
    answer = client.get(PAGES[name], follow_redirects=True)
    assert html_faults(validator, answer.content.decode()) == []


def test_validator_finds_what_is_invalid(validator: "Page") -> None:
    nested = "<a href='/'><a href='/'>x</a></a>"
    page = f"<!doctype html><html lang='en'><head><title>x</title></head><body>{nested}</body>"
    assert any("element-permitted-content" in fault for fault in html_faults(validator, page))


def test_ticked_filter_updates_list_counts_address_title(page: "Page") -> None:
    page.goto("/events")
    choice(page, "corroboration", "single-anonymous").check()
    page.wait_for_url("**/events?corroboration=single-anonymous")
    chips_are(page, 1)
    assert "Single anonymous source" in page.locator(".chips").inner_text()
    total = choice(page, "corroboration", "single-anonymous").locator("~ .n").inner_text()
    assert page.locator("#results").inner_text().find(f"{total} events") >= 0
    assert choice(page, "corroboration", "single-anonymous").is_checked()


def test_ticked_filter_updates_immediately_with_all_facets(page: "Page") -> None:
    asked: list[str] = []
    page.goto("/events?from=2015")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url))
    choice(page, "corroboration", "relayed").check()
    page.wait_for_url("**/events?from=2015&corroboration=relayed")
    chips_are(page, 2)
    # A browser asks for the icon when it likes.
    pages = [address for address in asked if "/favicon" not in address]
    assert len(pages) == 1, "ticking a filter must take one request, without a redirect"
    # Closed facets are hidden until they are opened.
    said = page.locator("#filters").text_content()
    page.reload()
    assert page.locator("#filters").text_content() == said


def test_two_filters_ticked_in_quick_succession_both_apply(page: "Page") -> None:
    page.goto("/events")
    page.wait_for_load_state("networkidle")
    page.evaluate(TICK, [["corroboration", "relayed"], ["corroboration", "independent"]])
    page.wait_for_url("**/events?corroboration=independent&corroboration=relayed")
    chips_are(page, 2)
    assert (
        choice(page, "corroboration", "relayed").is_checked()
        and choice(page, "corroboration", "independent").is_checked()
    )


TICK = """choices => {
  for (const [name, value] of choices)
    document.querySelector(`#filters [name=${name}][value=${value}]`).click();
}"""


def test_back_forward_and_reload_match_the_address(page: "Page") -> None:
    page.goto("/events?place=china")
    choice(page, "corroboration", "relayed").check()
    page.wait_for_url("**corroboration=relayed**")
    chips_are(page, 2)
    narrowed = page.locator("#results").text_content()
    page.go_back()
    page.wait_for_url("**/events?place=china")
    chips_are(page, 1)
    assert not choice(page, "corroboration", "relayed").is_checked()
    page.go_forward()
    chips_are(page, 2)
    assert page.locator("#results").text_content() == narrowed
    page.reload()
    assert page.locator("#results").text_content() == narrowed


def test_unopened_list_has_few_elements(page: "Page") -> None:
    page.goto("/events")
    assert page.evaluate("document.getElementsByTagName('*').length") <= 1_500


def test_shared_address_looks_equal_without_scripts(page: "Page", plain_page: "Page") -> None:
    page.goto(CHINA_2019)
    plain_page.goto(CHINA_2019)
    cards = "#results a[href^='/events/E']"
    with_scripts = page.locator(cards).evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    without = plain_page.locator(cards).evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert with_scripts == without and len(without) >= 20


def test_filter_form_works_without_scripts(plain_page: "Page") -> None:
    plain_page.goto("/events")
    choice(plain_page, "corroboration", "independent").check()
    plain_page.locator("input[name=from]").fill("2018")
    plain_page.locator("#filters button:not([form])").first.click()
    plain_page.wait_for_url("**/events?from=2018&corroboration=independent")
    assert "possibly on or after" in plain_page.locator("#results").inner_text()


def test_filter_form_works_by_keyboard_alone(page: "Page") -> None:
    page.goto("/events")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    choice(page, "corroboration", "relayed").focus()
    page.keyboard.press("Space")
    page.wait_for_url("**corroboration=relayed**")
    chips_are(page, 1)
    assert page.evaluate("document.activeElement.value") == "relayed"


def test_none_of_these_waits_for_its_first_value(page: "Page") -> None:
    page.goto("/events?all=filters")
    none_of_these = page.locator("#filters input[name='stage-how'][value='not']")
    page.locator("#facet-stage summary").first.click()
    none_of_these.check()
    choice(page, "corroboration", "single-anonymous").check()
    chips_are(page, 1)
    assert none_of_these.is_checked()
    page.locator("#facet-stage summary").first.click()
    choice(page, "corroboration", "relayed").check()
    chips_are(page, 2)
    page.locator("#facet-stage summary").first.click()
    choice(page, "stage", "planned").check()
    page.wait_for_url("**/events?**not_stage=planned**")
    chips_are(page, 3)
    page.locator(".chips a", has_text="Planned").click()
    chips_are(page, 2)
    page.locator("#more-filters > summary").click()
    assert not none_of_these.is_checked(), "removing the last value must untick “None of these”"


def test_typing_finds_values_not_listed_in_long_facet(page: "Page") -> None:
    page.goto("/events?all=filters")
    page.locator("#facet-outlet summary").first.click()
    rare = page.locator("#facet-outlet .opt", has=page.locator("input[value=redcensor]"))
    assert rare.count() == 0
    page.locator("#find-outlet").press_sequentially("redc")
    rare.wait_for()
    assert page.locator("#facet-outlet .opt:visible").count() < 5
    assert page.locator("#find-outlet").input_value() == "redc"
    assert "?all=outlet" in page.url
    rare.click()
    page.wait_for_url("**/events?outlet=redcensor&all=outlet")


def test_text_typed_in_closed_facet_survives_other_clicks(
    page: "Page",
) -> None:
    page.goto("/events?all=filters")
    outlets, find = page.locator("#facet-outlet"), page.locator("#find-outlet")
    outlets.locator("summary").first.click()
    find.fill("nk")
    page.wait_for_url("**/events?all=outlet")
    found = outlets.locator(".opt:visible").all_inner_texts()
    outlets.locator("summary").first.click()
    choice(page, "corroboration", "single-anonymous").check()
    chips_are(page, 1)
    outlets.locator("summary").first.click()
    assert find.input_value() == "nk"
    left = outlets.locator(".opt:visible").all_inner_texts()
    assert 0 < len(left) <= len(found) and all("nk" in choice.lower() for choice in left)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("address", "key", "left"),
    [
        ("/events?all=filters", "outlet", 1),
        ("/events?place=hunchun&all=filters", "attribution", 0),
    ],
)
def test_facet_search_field_keeps_its_position(
    page: "Page", address: str, key: str, left: int, size: Any
) -> None:
    """Also while the rest of a list is fetched, and if the list made the page long."""
    from playwright.sync_api import expect

    page.set_viewport_size(size)
    page.goto(f"{address}#filters")
    page.locator(f"#facet-{key} summary").first.click()
    find = page.locator(f"#find-{key}")
    find.evaluate("field => field.scrollIntoView()")
    find.focus()
    before = find.bounding_box()
    page.keyboard.type("redc")
    expect(page.locator(f"#facet-{key} .opt:visible")).to_have_count(left)
    assert find.bounding_box() == before


def test_more_filters_are_fetched_and_stay_open(page: "Page") -> None:
    page.goto("/events")
    assert page.locator("#facet-outlet").count() == 0
    page.locator("#more-filters > summary").click()
    page.locator("#facet-outlet > summary").click()
    assert page.url.endswith("/events"), "opening a list of filters must not change the address"
    page.locator("#facet-outlet .opt").first.click()
    page.wait_for_url("**/events?outlet=**")
    chips_are(page, 1)
    assert page.locator("#facet-lang > summary").is_visible()


def test_more_filters_work_without_scripts(plain_page: "Page") -> None:
    plain_page.goto("/events?place=china")
    plain_page.locator("#more-filters > summary").click()
    plain_page.locator("#more-filters a").click()
    plain_page.wait_for_url("**/events?place=china&all=filters#more-filters")
    plain_page.locator("#facet-lang > summary").click()
    choice(plain_page, "lang", "ko").check()
    plain_page.locator("#filters button:not([form])").first.click()
    plain_page.wait_for_url("**/events?place=china&lang=ko**")


def test_histogram_bar_sets_the_period(page: "Page") -> None:
    page.goto("/events?place=china")
    bar = page.locator("#results a[href*='from=2017&to=2017']").first
    bar.click()
    page.wait_for_url("**from=2017&to=2017**")
    chips_are(page, 3)


def test_histogram_bars_are_tappable_on_phone(page: "Page") -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/events")
    bars = page.locator(".hist-bars a:visible")
    boxes = [bar.bounding_box() for bar in bars.all()]
    assert 5 < len(boxes) <= 13
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    page.locator(".hist summary").click()
    assert page.locator(".hist-list li").count() > len(boxes), (
        "the list for screen readers must have more rows than the phone has bars"
    )
    bars.last.click()
    page.wait_for_url("**/events?from=*&to=*")
    chips_are(page, 2)


def test_filter_opens_and_closes_on_phone(page: "Page") -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/events")
    assert not choice(page, "corroboration", "relayed").is_visible()
    page.locator("a[href='#filters']").first.click()
    assert choice(page, "corroboration", "relayed").is_visible()
    choice(page, "corroboration", "relayed").check()
    page.wait_for_url("**corroboration=relayed**")
    page.locator("#filters a[href='#results']").first.click()
    assert not choice(page, "corroboration", "relayed").is_visible()


def test_header_search_finds_place_in_any_script(page: "Page") -> None:
    page.goto("/about")
    page.locator("#q").fill("단둥")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    assert page.locator("main a[href='/cities/dandong']").first.is_visible()


@pytest.mark.parametrize("width", [360, 600, 1280])
def test_day_of_edition_does_not_wrap(layout_page: "Page", width: int) -> None:
    page = layout_page
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/")
    lines = page.locator("#changes ~ .newest time").first.evaluate(
        """time => {
            time.textContent = "30\u00a0September\u00a02026";
            const words = document.createRange();
            words.selectNodeContents(time);
            return words.getClientRects().length;
        }"""
    )
    assert lines == 1


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("part", [".newest .marks", "#changes ~ .newest a"])
def test_long_address_in_reason_does_not_widen_home_page(
    page: "Page", part: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/")
    page.locator(part).first.evaluate(
        "said => said.append(' https://example.org/' + 'a'.repeat(400))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_print_style_hides_controls(page: "Page") -> None:
    page.goto(CHINA_2019)
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert page.locator("#results h1, main h1").first.is_visible()


def test_forced_colours_mark_only_the_current_link_of_the_menu(page: "Page") -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/events")
    current, others, paper = page.evaluate(
        """() => {
          const line = link => getComputedStyle(link).borderBottomColor
          return [
            line(document.querySelector(".nav a[aria-current]")),
            [...new Set([...document.querySelectorAll(".nav a:not([aria-current])")].map(line))],
            getComputedStyle(document.body).backgroundColor,
          ]
        }"""
    )
    assert others == [paper]
    assert current != paper


def test_labels_of_home_chart_do_not_meet_in_narrow_window(page: "Page") -> None:
    page.set_viewport_size({"width": 320, "height": 844})
    page.goto("/")
    meeting = page.evaluate(
        """() => [...document.querySelectorAll(".story-place")].flatMap(place => {
          const labels = [...place.querySelectorAll(".s-val")].filter(one => one.checkVisibility())
          const boxes = labels.map(label => label.getBoundingClientRect())
          const meet = (a, b) => a.left < b.right && b.left < a.right
            && a.top < b.bottom - 4 && b.top < a.bottom - 4
          return labels.filter((_, i) => boxes.slice(i + 1).some(box => meet(boxes[i], box)))
            .map(label => label.textContent)
        })"""
    )
    assert meeting == []


def test_link_to_list_of_place_stays_on_the_line_of_its_name(page: "Page") -> None:
    page.set_viewport_size({"width": 320, "height": 844})
    page.goto("/events")
    alone = page.evaluate(
        """() => [...document.querySelectorAll(".places .only")].filter(link => {
          const name = document.createRange()
          name.selectNode(link.previousElementSibling ?? link.previousSibling)
          return link.getBoundingClientRect().top >= [...name.getClientRects()].at(-1).bottom
        }).length"""
    )
    assert page.locator(".places .only").count()
    assert alone == 0


PAPER_PIXELS = 703
"""Width of a sheet of A4 within its margins."""


@pytest.mark.parametrize("rows", ["type", "place"])
def test_printed_breakdown_has_all_its_columns(page: "Page", rows: str) -> None:
    page.set_viewport_size({"width": PAPER_PIXELS, "height": 1000})
    page.emulate_media(media="print")
    page.goto(f"/events/breakdown?rows={rows}&columns=year")
    box = page.locator(".t-cross").bounding_box()
    assert box and box["x"] + box["width"] <= PAPER_PIXELS


def test_printed_city_has_charts_and_tables_of_a_tablet(page: "Page") -> None:
    page.set_viewport_size({"width": PAPER_PIXELS, "height": 1000})
    page.emulate_media(media="print")
    page.goto("/cities/dandong")
    assert page.locator(".at-m").first.is_visible()
    assert not page.locator(".at-s").first.is_visible()
    assert page.locator(".t-figures thead").first.is_visible()


@pytest.mark.parametrize("address", ["/", "/status", "/events/breakdown", "/compare"])
def test_printed_page_has_no_buttons(page: "Page", address: str) -> None:
    page.emulate_media(media="print")
    page.goto(address)
    assert page.locator(".btn:visible, select:visible").count() == 0


def test_printed_permanent_link_is_a_whole_address(page: "Page", site: str) -> None:
    page.goto("/status")
    link = page.locator("#edition a").first
    assert link.inner_text().startswith("/status?")
    page.emulate_media(media="print")
    assert link.inner_text().startswith(f"{site}/status?")
