"""Every number that is a link equals the list that it leads to."""

import re
from html import unescape

from starlette.testclient import TestClient

PAGES = [
    *("/about", "/events?place=china", "/estimates?place=dandong", "/search?q=Hunchun"),
    *("/places", "/places/china", "/places/russia", "/cities", "/cities/dandong"),
    *("/outlets", "/outlets/daily-nk", "/outlets/yonhap", "/actors", "/laws/unscr-2397"),
    *("/actors/government-of-china", "/status", "/compare?place=dandong&place=russia"),
    *("/codebook", "/events/breakdown?rows=place", "/events/breakdown?rows=outlet&columns=month"),
]
LINK = re.compile(r'<a\b[^>]*\bhref="(/(?:events|estimates|sources)\?[^"#]*)"[^>]*>(.*?)</a>')
NUMBER = re.compile(r"(?:^|>)(\d[\d,]*)(?=<|$)|(\d[\d,]*) (?:events?|estimates?|sources?|differ)\b")


def test_every_number_equals_the_list_that_it_leads_to(client: TestClient) -> None:
    told: dict[tuple[str, int], str] = {}
    for page in PAGES:
        for address, text in LINK.findall(client.get(page).text):
            counted = NUMBER.search(text)
            if counted and "edition=" not in address:
                number = int((counted[1] or counted[2]).replace(",", ""))
                told[unescape(address), number] = page
    assert len(told) > 300
    wrong = []
    for (address, number), page in told.items():
        path, _mark, query = address.partition("?")
        total = client.get(f"{path}.json?{query}").json()["total"]
        if total != number:
            wrong.append(f"{page}: {number} leads to {total} at {address}")
    assert wrong == []
