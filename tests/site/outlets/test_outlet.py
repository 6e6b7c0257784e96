"""The page of one outlet: grade, sources, and its roles in reporting."""

import re
from typing import Any

from starlette.testclient import TestClient

from tests.make import make_citation, make_event, make_outlet, make_source, make_step
from tests.support.event_pages import module_site
from tests.support.html import words

OF_FIRST = [make_step("other-outlet", outlet="outlet-1")]
JUDGED: dict[str, Any] = {
    "reliability": "d",
    "reliability_reason": "A poor rewrite.",
    "reliability_on": "2026-11-24",
    "names": [{"text": "<b>Bold</b>"}],
}
made = module_site(
    make_outlet(9, **JUDGED),
    make_source(9, outlet="outlet-9", published="", published_basis="unknown"),
    make_event(1, citations=[make_citation(1), make_citation(2, 2, chain=OF_FIRST)]),
    make_event(2, citations="C3 S2; C4 S1 (stance=disputes)"),
    make_event(3, citations="C5 S2; C6 S1 (kind=cause)"),
)
"""Outlet 2 repeats a report of outlet 1, which disputes or explains other reports of it."""


def counted(html: str) -> dict[str, int]:
    """Return the number of events of each role that the outlet has."""
    found = re.findall(r"<summary><b>([\w ]+)</b>\s*<span[^>]*>(\d+) events?<", html)
    return {role: int(number) for role, number in found}


def test_page_shows_kind_country_and_languages(client: TestClient) -> None:
    text = client.get("/outlets/daily-nk").text
    assert '<span lang="ko">데일리NK</span>' in text
    said = words(text)
    assert "South Korea" in said and "Korean, English, Japanese" in said
    assert 'href="/outlets/uni-media"' in text and "Its services" in said
    assert 'href="/outlets/daily-nk"' in client.get("/outlets/uni-media").text
    answer = client.get("/outlets/O1")
    assert (answer.status_code, answer.headers["location"]) == (301, "/outlets/daily-nk")
    found = client.get("/outlets/daily-nk.json").json()
    assert found["code"] == "daily-nk"
    assert {"text": "데일리NK", "language": "ko"}.items() <= found["names"][1].items()


def test_grade_has_reason_and_date(client: TestClient, made: TestClient) -> None:
    text = made.get("/outlets/outlet-9").text
    assert 'Assessed on <time datetime="2026-11-24">' in text
    assert "&lt;b&gt;Bold" in text and "<b>Bold" not in text
    assert "F · not judged" in words(client.get("/outlets/rfa").text)
    # A source without a date is counted beside the histogram.
    assert 'href="/sources?outlet=outlet-9&amp;basis=unknown"' in text
    assert "1 more has no date" in words(text)


def test_outlet_has_role_in_event(made: TestClient) -> None:
    for outlet, roles in [
        ("outlet-1", {"Repeated by others": 1, "Only source": 1}),
        ("outlet-2", {"Repeats others": 1, "Only source": 2}),
    ]:
        assert counted(made.get(f"/outlets/{outlet}").text) == roles


def test_answer_says_how_many_sources_and_why_its_grade(
    client: TestClient, made: TestClient
) -> None:
    judged = "The record has 1 source by &lt;b&gt;Bold&lt;/b&gt;. Its reliability: D · not usually"
    for site, outlet, answer in (
        (made, "outlet-9", f"{judged} reliable. A poor rewrite."),
        (client, "nhk", "The record has no source by NHK: others repeat its reports."),
        (client, "nhk", "Its reliability was not judged."),
    ):
        text = site.get(f"/outlets/{outlet}").text
        said = re.sub(" (?=[.:])", "", words(text.partition('class="lede"')[2][:900]))
        assert answer in said, outlet
