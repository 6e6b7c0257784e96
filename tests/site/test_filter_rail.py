"""The filter beside a list in a browser: ticking, typing, keyboard, phone, and without scripts."""

from playwright.sync_api import Locator, Page, ViewportSize, expect

PHONE: ViewportSize = {"width": 390, "height": 844}

TICK = """choices => {
  for (const [name, value] of choices)
    document.querySelector(`#filters [name=${name}][value=${value}]`).click();
}"""


def choice(page: Page, key: str, code: str) -> Locator:
    """Return a choice of a facet, which is opened if it is closed and can be seen."""
    closed = page.locator(f"#facet-{key}:not([open]) > summary")
    if closed.is_visible():
        closed.click()
    return page.locator(f"#filters input[name='{key}'][value='{code}']")


def chips_are(page: Page, count: int) -> None:
    """Wait until the list has loaded and shows this number of chips."""
    expect(page.locator(".chips a.chip")).to_have_count(count)


def test_ticked_filters_change_list_counts_address_history(page: Page) -> None:
    asked: list[str] = []
    results = page.locator("#results")
    page.goto("/events?from=2015")
    page.on("request", lambda request: asked.append(request.url))
    ticked = choice(page, "corroboration", "single-anonymous")
    total = ticked.locator("~ .n").inner_text()
    ticked.check()
    page.wait_for_url("**/events?from=2015&corroboration=single-anonymous")
    chips_are(page, 2)
    expect(page.locator(".chips")).to_contain_text("One report, source not named")
    expect(results).to_contain_text(f"{total} events")
    # A browser asks for the icon when it likes.
    pages = [address for address in asked if "/favicon" not in address]
    assert len(pages) == 1, "ticking a filter must take one request, without a redirect"

    # Back, forward and reload show what the address says. Closed facets count too.
    parts = [page.locator(part) for part in ("#results", "#filters")]
    narrowed = [part.text_content() or "" for part in parts]
    page.go_back()
    page.wait_for_url("**/events?from=2015")
    chips_are(page, 1)
    expect(ticked).not_to_be_checked()
    page.go_forward()
    chips_are(page, 2)
    expect(ticked).to_be_checked()
    assert results.text_content() == narrowed[0]
    page.reload()
    assert [part.text_content() for part in parts] == narrowed

    # Two in quick succession both apply.
    page.evaluate(TICK, [["corroboration", "relayed"], ["corroboration", "independent"]])
    page.wait_for_url("**corroboration=independent&corroboration=relayed**")
    chips_are(page, 4)
    for code in ("independent", "relayed"):
        expect(choice(page, "corroboration", code)).to_be_checked()


def test_filter_form_works_by_keyboard_alone(page: Page) -> None:
    page.goto("/events")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    relayed = choice(page, "corroboration", "relayed")
    relayed.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**corroboration=relayed**")
    chips_are(page, 1)
    expect(relayed).to_be_focused()


def test_none_of_these_waits_for_its_first_value(page: Page) -> None:
    page.goto("/events?all=filters")
    none_of_these = page.locator("#filters input[name='stage-how'][value='not']")
    page.locator("#facet-stage summary").first.click()
    none_of_these.check()
    choice(page, "corroboration", "single-anonymous").check()
    chips_are(page, 1)
    expect(none_of_these).to_be_checked()
    page.locator("#facet-stage summary").first.click()
    choice(page, "corroboration", "relayed").check()
    chips_are(page, 2)
    choice(page, "stage", "planned").check()
    page.wait_for_url("**/events?**not_stage=planned**")
    chips_are(page, 3)
    page.locator(".chips a", has_text="Planned").click()
    chips_are(page, 2)
    # Removing the last value unticks “None of these”.
    page.locator("#more-filters > summary").click()
    expect(none_of_these).not_to_be_checked()


def test_typing_finds_values_that_a_long_facet_leaves_out(page: Page) -> None:
    page.goto("/events?all=filters")
    outlets, find = page.locator("#facet-outlet"), page.locator("#find-outlet")
    visible = outlets.locator(".opt:visible")
    outlets.locator("summary").first.click()
    rare = choice(page, "outlet", "yomiuri-shimbun")
    expect(rare).to_have_count(0)
    find.press_sequentially("yomi")
    expect(visible).to_have_count(1)
    expect(find).to_have_value("yomi")
    assert page.url.endswith("/events?all=outlet")

    # What was typed stays while the facet is closed and another is used.
    find.fill("nk")
    expect(rare).to_be_hidden()
    found = visible.all_inner_texts()
    outlets.locator("summary").first.click()
    choice(page, "corroboration", "single-anonymous").check()
    chips_are(page, 1)
    outlets.locator("summary").first.click()
    expect(find).to_have_value("nk")
    expect(visible).not_to_have_count(0)
    left = visible.all_inner_texts()
    assert len(left) <= len(found) and all("nk" in name.lower() for name in left)
    visible.first.click()
    page.wait_for_url("**/events?**outlet=**")
    chips_are(page, 2)


def test_more_filters_are_fetched_and_stay_open(page: Page) -> None:
    page.goto("/events")
    outlets = page.locator("#facet-outlet")
    expect(outlets).to_have_count(0)
    page.locator("#more-filters > summary").click()
    outlets.locator("> summary").click()
    assert page.url.endswith("/events"), "opening a list of filters must not change the address"
    outlets.locator(".opt").first.click()
    page.wait_for_url("**/events?outlet=**")
    chips_are(page, 1)
    expect(page.locator("#facet-lang > summary")).to_be_visible()


def test_lists_are_filtered_and_searched_without_scripts(plain_page: Page) -> None:
    page, apply = plain_page, plain_page.locator("#filters button:not([form])").first
    page.goto("/about")
    page.locator("#q").fill("단둥")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    expect(page.locator("main a[href='/cities/dandong']").first).to_be_visible()

    page.goto("/events")
    choice(page, "corroboration", "independent").check()
    page.locator("input[name=from]").fill("2018")
    apply.click()
    page.wait_for_url("**/events?from=2018&corroboration=independent")
    expect(page.locator("#results")).to_contain_text("possibly since 2018")

    page.goto("/events?place=china")
    page.locator("#more-filters > summary").click()
    page.locator("#more-filters a").click()
    page.wait_for_url("**/events?place=china&all=filters#more-filters")
    choice(page, "lang", "ko").check()
    apply.click()
    page.wait_for_url("**/events?place=china&lang=ko**")

    for address in ("/estimates", "/sources"):
        page.goto(f"{address}?place=china")
        page.locator(".list-find input").first.fill("workers")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}?q=workers&place=china")


def test_filter_and_histogram_work_on_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/events")
    name, search, menu = (
        page.locator(part).bounding_box() for part in (".brand", ".find", ".top nav")
    )
    assert name and search and menu
    assert search["y"] < name["y"] + name["height"] <= menu["y"]

    relayed = page.locator("#filters input[value=relayed]")
    expect(relayed).to_be_hidden()
    page.locator("a[href='#filters']").first.click()
    choice(page, "corroboration", "relayed").check()
    page.wait_for_url("**corroboration=relayed**")
    chips_are(page, 1)
    page.locator("#filters a[href='#results']").first.click()
    expect(relayed).to_be_hidden()

    page.goto("/events")
    bars = page.locator(".hist-bars a:visible")
    boxes = [bar.bounding_box() for bar in bars.all()]
    assert 5 < len(boxes) <= 13
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    page.locator(".hist summary").click()
    assert page.locator(".bar-labels li").count() > len(boxes), (
        "the list for screen readers must have more rows than the phone has bars"
    )
    bars.last.click()
    page.wait_for_url("**/events?from=*&to=*")
    chips_are(page, 2)
