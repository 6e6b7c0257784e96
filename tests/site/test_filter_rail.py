"""The filter beside a list, the list's own search field, and the header, in a browser."""

from typing import TYPE_CHECKING

import pytest

from tests.site.test_in_a_browser import DESKTOP, PHONE, chips_are, choice

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.parametrize("address", ["/events", "/estimates", "/sources"])
def test_search_of_a_list_keeps_its_filter(plain_page: "Page", address: str) -> None:
    plain_page.goto(f"{address}?place=china")
    plain_page.locator(".list-find input").first.fill("workers")
    plain_page.keyboard.press("Enter")
    plain_page.wait_for_url(f"**{address}?q=workers&place=china")
    assert plain_page.locator(".list-find button").inner_text() == f"Search {address[1:]}"


def test_filter_stays_in_view_with_its_button_and_scrolls_by_itself(page: "Page") -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto("/events?all=filters")
    for down in (0, 3_000):
        page.evaluate("down => scrollTo(0, down)", down)
        page.wait_for_timeout(100)  # rows are laid out as they come into view
        box = page.locator("#filters").bounding_box()
        button = page.locator("#filters .apply button").bounding_box()
        assert box and button and box["y"] >= 0
        assert button["y"] + button["height"] <= DESKTOP["height"]
    before = page.evaluate("scrollY")
    page.locator("#filters .filters-body").evaluate("rail => rail.scrollTo(0, rail.scrollHeight)")
    assert page.evaluate("scrollY") == before
    last = page.locator("#more-filters .facet").last.bounding_box()
    button = page.locator("#filters .apply button").bounding_box()
    assert last and button and 0 <= last["y"] < button["y"]


@pytest.mark.parametrize("code", ["ph", "kp"])
def test_choice_far_down_shows_the_new_list_from_its_beginning(page: "Page", code: str) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto("/events")
    page.evaluate("scrollTo(0, 5000)")
    choice(page, "nationality", code).check()
    chips_are(page, 1)
    top = page.locator("#results h1").bounding_box()
    first = page.locator("#results .ev").first.bounding_box()
    assert top and 0 <= top["y"] < 120
    assert first and first["y"] < DESKTOP["height"]
    assert choice(page, "nationality", code).evaluate("box => box === document.activeElement")


def test_search_shares_the_first_line_with_the_name_on_phone(page: "Page") -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/events")
    name, search, menu = (
        page.locator(part).bounding_box() for part in (".brand", ".find", ".top nav")
    )
    assert name and search and menu
    assert search["y"] < name["y"] + name["height"] <= menu["y"]
