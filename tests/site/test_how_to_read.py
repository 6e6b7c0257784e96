"""Caveats of a page are in one panel, “How to read this”, if it has one; numbers link to it."""

import re

from starlette.testclient import TestClient

from tests.support.page_kinds import PAGES

PANELS = {
    "figure": "The number is what the speaker said.",
    "source": "We keep no copy of the article.",
    "outlet": "An outlet and its services count as one source",
    "actor": "Numbers count events as reported. They prove nothing.",
    "law": "Only the official text is authoritative.",
    "timeline": "Start and end dates are included.",
    "figures": "Start and end dates are included.",
    "sources": "Start and end dates are included.",
    "cities": "They are not part of the number above them.",
    "breakdown": "Each cell is a number of records, not of people",
}
CAVEAT = re.compile(
    r"does not mean (that|because)|not a range|never added up|are not added up|prove nothing"
    r"|is not an end|is not the end|no proof of a cause|not necessarily a result"
    r"|may be different people"
)
PANEL = re.compile(r'<details class="how-to-read"[^>]*>.*?</details>', re.DOTALL)


def test_page_gathers_its_caveats_in_one_panel(client: TestClient) -> None:
    of_a_record = {"event", "figure", "source", "outlet", "actor", "law", "city"}
    for name, address in PAGES.items():
        page = client.get(address, follow_redirects=True).text
        count = page.count('id="how-to-read"')
        assert ('href="#how-to-read"' in page) <= count <= 1, name
        if name in PANELS:
            [panel] = PANEL.findall(page)
            assert count == 1 and PANELS[name] in " ".join(panel.split()), name
        if name in of_a_record:
            main = page.partition("<main")[2].partition("</main>")[0]
            assert CAVEAT.findall(PANEL.sub("", main)) == [], name
