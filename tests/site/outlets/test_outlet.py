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
    make_event(2, citations=[make_citation(3, 2), make_citation(4, stance="disputes")]),
    make_event(3, citations=[make_citation(5, 2), make_citation(6, kind="cause")]),
)
"""Outlet 2 repeats a report of outlet 1, which disputes or explains other reports of it."""


def counted(html: str) -> dict[str, int]:
    """Return the number of events of each of the three roles."""
    found = re.findall(r'<dt>([\w ]+)</dt><dd><span class="n">(?:<a [^>]*>)?(\d+)', html)
    return {part: int(number) for part, number in found}


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
    assert "D · not usually reliable" in text and "A poor rewrite" in text
    assert 'Assessed on <time datetime="2026-11-24">' in text
    assert "&lt;b&gt;Bold" in text and "<b>Bold" not in text
    assert "F · not judged" in words(client.get("/outlets/rfa").text)
    # A source without a date is counted beside the histogram.
    assert 'href="/sources?outlet=outlet-9&amp;basis=unknown"' in text
    assert "1 more has no date" in words(text)


def test_counts_match_linked_lists(client: TestClient) -> None:
    for code in ("daily-nk", "rfa", "yonhap", "tokyo-shimbun", "nhk"):
        text = client.get(f"/outlets/{code}").text
        for list_, key, label in [
            ("events", "outlet", "cited in"),
            ("events", "origin", "first to report"),
            ("estimates", "outlet", "cited for"),
        ]:
            said = re.search(rf'href="/{list_}\?{key}={code}"[^>]*>{label} (\d+)', text)
            total = client.get(f"/{list_}.json?{key}={code}").json()["total"]
            assert total == (int(said[1]) if said else 0), (code, list_, key)
    bars = re.findall(
        r'href="/sources\?(outlet=daily-nk&amp;[^"]+)"[^>]*aria-label="[^:]*: (\d+) possibly',
        client.get("/outlets/daily-nk").text,
    )
    assert len(bars) > 3
    for query, count in bars:
        found = client.get(f"/sources.json?{query.replace('&amp;', '&')}").json()["total"]
        assert found == int(count), query


def test_outlet_has_role_in_event(made: TestClient) -> None:
    for outlet, first, relayed, alone in [("outlet-1", 1, 0, 1), ("outlet-2", 0, 1, 2)]:
        assert counted(made.get(f"/outlets/{outlet}").text) == {
            "Repeated by others": first,
            "Repeats others": relayed,
            "Only source": alone,
        }


def test_outlet_without_sources_explains_its_page(client: TestClient) -> None:
    assert "others repeat its reports" in words(client.get("/outlets/nhk").text)
