"""Caveats are gathered in one panel a page, “How to read this”, which numbers link to."""

import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from tests.support.page_kinds import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

PANELS = {
    "event": "“Events in the same places in the next 90 days” leaves out",
    "figure": "The number is what the speaker said.",
    "source": "We keep no copy of the article.",
    "outlet": "An outlet and its services count as one source",
    "actor": "Numbers count events as reported. They prove nothing.",
    "law": "Only the official text is authoritative.",
    "city": "A number for one workplace is not an estimate for Dandong.",
    "place": "Only estimates for Jilin itself are shown",
    "place, conflict": "By our rule, two estimates conflict",
    "timeline": "Start and end dates are included.",
    "figures": "Start and end dates are included.",
    "sources": "Start and end dates are included.",
    "cities": "They are not part of the number above them.",
    "comparison": "Each place is a column.",
    "breakdown": "Each cell is a number of events, not of people",
    "status": "Reports often say when a rule began",
}
CAVEAT = re.compile(
    r"does not mean (that|because)|not a range|never added up|are not added up|prove nothing"
    r"|is not an end|is not the end|no proof of a cause|not necessarily a result"
    r"|may be different people"
)
PANEL = re.compile(r'<details class="how-to-read"[^>]*>.*?</details>', re.DOTALL)


@pytest.mark.parametrize("name", PANELS)
def test_page_has_one_panel_with_its_caveats(client: TestClient, name: str) -> None:
    page = client.get(PAGES[name]).text
    [panel] = PANEL.findall(page)
    assert PANELS[name] in " ".join(panel.split())
    assert page.count('id="how-to-read"') == 1


@pytest.mark.parametrize("name", ["event", "figure", "source", "outlet", "actor", "law", "city"])
def test_page_of_a_record_has_no_caveat_outside_its_panel(client: TestClient, name: str) -> None:
    main = client.get(PAGES[name]).text.partition("<main")[2].partition("</main>")[0]
    assert CAVEAT.findall(PANEL.sub("", main)) == []


@pytest.mark.parametrize("name", PAGES)
def test_links_to_the_panel_have_a_panel(client: TestClient, name: str) -> None:
    page = client.get(PAGES[name], follow_redirects=True).text
    assert page.count('id="how-to-read"') <= 1
    assert ('href="#how-to-read"' in page) <= ('id="how-to-read"' in page)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_link_beside_a_number_opens_the_panel(
    page: "Page", plain_page: "Page", has_scripts: bool
) -> None:
    shown = page if has_scripts else plain_page
    shown.goto("/cities/dandong")
    assert not shown.locator("#how-to-read").is_visible()
    shown.get_by_role("link", name="How to read this").first.click()
    shown.locator("#how-to-read").wait_for(state="visible")
