"""The pages of laws, their list, and addresses with the codes of the former list."""

import html
import re

from starlette.testclient import TestClient


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_page_says_what_the_law_says_and_what_rests_on_it(client: TestClient) -> None:
    page = words(client.get("/laws/unscr-2397").text)
    for part in (
        "Summary How to read this Paragraph 8",
        "Carried out or invoked",
        "Breaches and possible breaches",
    ):
        assert part in page
    assert "Symbol S/RES/2397 (2017)" in page and "Issued by UN Security Council" in page
    assert "No end recorded" in page and "Rules under it" in page
    assert re.search(r"Deadlines in events .{0,60}22 December 2019 E19 ", page)


def test_page_has_what_is_linked_to_events_that_carry_the_law_out(client: TestClient) -> None:
    """E122 shows, in the editors’ reading, that E19, which made the resolution, was not applied."""
    page = client.get("/laws/unscr-2397").text
    section = words(page.partition('aria-labelledby="evaded"')[2].partition("</section>")[0])
    assert "How to read this" in section and "E122" in section
    assert "events that, according to a source or the editors, evade an event" in words(page)
    assert (
        "Shows that it was not applied, in the editors’ reading: UN Security Council "
        "orders repatriation"
    ) in section
    assert "(A stay on expired visas is said to be accepted ten months after" in section
    assert 'id="evaded"' not in client.get("/laws/caatsa").text


def test_law_above_has_what_rests_on_the_laws_under_it(client: TestClient) -> None:
    page = words(client.get("/laws/un-sanctions").text)
    assert "Laws under it" in page and "(UNSCR 2397)" in page


def test_event_links_to_the_page_of_its_law(client: TestClient) -> None:
    assert '<a href="/laws/unscr-2397">UNSCR 2397</a>' in client.get("/events/E4").text


def test_codes_of_the_former_list_stay_valid(client: TestClient) -> None:
    codes = ("un-sanctions", "unscr-2371", "caatsa", "eo-13722", "nkspea")
    for code in codes:
        answer = client.get(f"/events.json?law={code}").json()
        assert answer["total"] > 0, code


def test_rules_on_a_date_are_those_that_rest_on_a_law(client: TestClient) -> None:
    page = words(client.get("/status?on=2019-12-22&law=unscr-2397").text)
    assert "Rules last reported for 22 December 2019: UNSCR 2397" in page


def test_list_finds_a_law_by_its_symbol_and_in_other_scripts(client: TestClient) -> None:
    for query in ("S/RES/2397", "결의 2397호", "2397"):
        page = words(client.get("/laws", params={"q": query}).text)
        assert "UNSCR 2397" in page and "CAATSA" not in page


def test_api_gives_articles_and_laws_of_an_issuer(client: TestClient) -> None:
    law = client.get("/api/v1/laws/unscr-2397").json()
    assert law["articles"][0]["number"] == "paragraph 8"
    listed = client.get("/api/v1/laws?actor=united-nations").json()["items"]
    assert "unscr-2397" in {item["code"] for item in listed}
