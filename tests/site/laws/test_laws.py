"""The pages of laws, their list, and addresses with the codes of the former list."""

import re

from starlette.testclient import TestClient

from tests.support.html import fold, words


def test_page_says_what_the_law_says_and_what_rests_on_it(client: TestClient) -> None:
    page = words(client.get("/laws/unscr-2397").text)
    for part in (
        "What it requires in our own words · How to read this Paragraph 8",
        "It entered into force 22 December 2017.",
        "Carried out or invoked",
        "Breaches and possible breaches",
        "Symbol S/RES/2397 (2017)",
        "Issued by UN Security Council",
        "Rules under it",
    ):
        assert part in page, part
    assert re.search(r"Named in \d+ events : carried out or invoked \d+, breaches and", page)


def test_page_has_what_is_linked_to_events_under_the_law(client: TestClient) -> None:
    """E122 shows, in the editors’ reading, that E19, which made the resolution, was not applied."""
    section = fold(client.get("/laws/unscr-2397").text, "evaded")
    assert "E122" in section
    assert "Shows that it was not applied (our reading): UN Security Council orders" in section
    assert "(A stay on expired visas is said to be accepted ten months after" in section
    assert 'id="evaded"' not in client.get("/laws/unscr-2371").text
    # A law above has what is based on the laws under it.
    page = words(client.get("/laws/un-sanctions").text)
    assert "Laws under it" in page and "(UNSCR 2397)" in page


def test_law_is_found_by_its_code_symbol_and_names(client: TestClient) -> None:
    assert '<a href="/laws/unscr-2397">UNSCR 2397</a>' in client.get("/events/E4").text
    # Codes of the former list stay valid.
    for code in ("un-sanctions", "unscr-2371"):
        assert client.get(f"/events.json?law={code}").json()["total"] > 0, code
    page = words(client.get("/status?on=2019-12-22&law=unscr-2397").text)
    assert "any nationality on 22 December 2019: UNSCR 2397" in page
    assert '<option value="united-nations">' in client.get("/laws").text
    for query in ("S/RES/2397", "결의 2397호", "2397"):
        page = words(client.get("/laws", params={"q": query}).text)
        assert "UNSCR 2397" in page and "UNSCR 2375" not in page, query
    law = client.get("/api/v1/laws/unscr-2397").json()
    assert law["articles"][0]["number"] == "paragraph 8"
    listed = client.get("/api/v1/laws?actor=united-nations").json()["items"]
    assert "unscr-2397" in {item["code"] for item in listed}
