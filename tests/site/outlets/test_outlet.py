"""The page of one outlet: grade, sources, and its roles in reporting."""

import re
from collections.abc import Sequence

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_event,
    make_outlet,
    make_source,
    make_step,
    publish_all,
)
from tests.support.html import words


def counted(html: str) -> dict[str, int]:
    """Return the number of events of each of the three roles."""
    found = re.findall(r'<dt>([\w ]+)</dt><dd><span class="n">(?:<a [^>]*>)?(\d+)', html)
    return {part: int(number) for part, number in found}


def events_under(html: str, part: str) -> list[str]:
    return re.findall(
        r'href="/events/(E\d+)"', html.partition(f'id="{part}"')[2].partition("</ul>")[0]
    )


def test_page_shows_kind_country_and_languages(client: TestClient) -> None:
    text = client.get("/outlets/daily-nk").text
    assert '<span lang="ko">데일리NK</span>' in text
    said = words(text)
    assert "South Korea" in said and "Korean, English, Japanese" in said
    assert 'href="/outlets/uni-media"' in text and "Its services" in said
    assert 'href="/outlets/daily-nk"' in client.get("/outlets/uni-media").text


def test_grade_has_reason_and_date(client: TestClient) -> None:
    text = client.get("/outlets/quoteslay").text
    assert "D · not usually reliable" in text and "A poor rewrite" in text
    assert 'Assessed on <time datetime="2026-11-24">' in text
    assert "F · not judged" in words(client.get("/outlets/rfa").text)


def test_counts_match_linked_lists(client: TestClient) -> None:
    for code in ("daily-nk", "rfa", "yonhap", "tokyo-shimbun", "new-focus"):
        text = client.get(f"/outlets/{code}").text
        cited = re.search(rf'href="/events\?outlet={code}"[^>]*>cited in (\d+)', text)
        begun = re.search(rf'href="/events\?origin={code}"[^>]*>first to report (\d+)', text)
        figures = re.search(rf'href="/estimates\?outlet={code}"[^>]*>cited for (\d+)', text)
        for said, list_ in (
            (cited, f"events.json?outlet={code}"),
            (begun, f"events.json?origin={code}"),
            (figures, f"estimates.json?outlet={code}"),
        ):
            assert client.get(f"/{list_}").json()["total"] == (int(said[1]) if said else 0), list_


def test_histogram_bars_match_linked_lists(client: TestClient) -> None:
    text = client.get("/outlets/rfa").text
    bars = re.findall(
        r'href="(/sources\?outlet=rfa&amp;[^"]+)"[^>]*aria-label="[^:]*: (\d+) possibly', text
    )
    assert len(bars) > 3
    for address, count in bars:
        found = client.get(
            address.replace("&amp;", "&").replace("/sources", "/sources.json")
        ).json()["total"]
        assert found == int(count), address


def test_first_outlet_is_relayed_by_another(client: TestClient) -> None:
    """Checked against the seeds: a first outlet is an origin, and another outlet is cited too."""
    events = {item["id"]: item for item in client.get("/events.json?limit=1000").json()["items"]}
    sources = {
        item["id"]: item["outlet"]
        for item in client.get("/sources.json?limit=1000").json()["items"]
    }
    for code in sorted(set(sources.values())):
        text = client.get(f"/outlets/{code}").text
        for id in events_under(text, "first"):
            assert any(sources[source] != code for source in events[id]["sources"]), (code, id)
        for id in events_under(text, "relayed"):
            assert code in events[id]["outlets"], (code, id)
        for id in events_under(text, "alone"):
            assert events[id]["origins"] == 1, (code, id)


def own(source: int, number: int) -> object:
    return make_citation(number, source)


def relay(source: int, number: int, of: str = "") -> object:
    return make_citation(
        number, source, chain=[make_step("other-outlet", outlet=of, words="" if of else "radio")]
    )


@pytest.mark.parametrize(
    ("citations", "expected"),
    [
        ([own(1, 1)], {"Repeated by others": 0, "Repeats others": 0, "Only source": 1}),
        (
            [own(1, 1), relay(2, 2, of="outlet-1")],
            {"Repeated by others": 1, "Repeats others": 0, "Only source": 1},
        ),
        ([own(1, 1), own(2, 2)], {"Repeated by others": 0, "Repeats others": 0, "Only source": 0}),
        (
            [relay(1, 1, of="outlet-2")],
            {"Repeated by others": 0, "Repeats others": 1, "Only source": 0},
        ),
        ([relay(1, 1)], {"Repeated by others": 0, "Repeats others": 1, "Only source": 0}),
        ([own(2, 1)], {"Repeated by others": 0, "Repeats others": 0, "Only source": 0}),
        (
            [own(2, 1), make_citation(2, 1, stance="disputes")],
            {"Repeated by others": 0, "Repeats others": 0, "Only source": 0},
        ),
        (
            [own(2, 1), make_citation(2, 1, kind="cause")],
            {"Repeated by others": 0, "Repeats others": 0, "Only source": 0},
        ),
    ],
    ids=[
        "its own",
        "passed on",
        "two origins",
        "relay",
        "unnamed relay",
        "another's",
        "a denial",
        "a cause",
    ],
)
def test_outlet_has_role_in_event(
    database: Settings, citations: Sequence[object], expected: dict[str, int]
) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1, citations=citations))
    with TestClient(create_app(database)) as client:
        assert counted(client.get("/outlets/outlet-1").text) == expected


def test_outlet_without_sources_explains_its_page(client: TestClient) -> None:
    assert "others repeat its reports" in words(client.get("/outlets/new-focus").text)


def test_undated_source_is_counted_beside_histogram(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_source(3, published="", published_basis="unknown"))
    with TestClient(create_app(database)) as client:
        text = client.get("/outlets/outlet-1").text
        assert (
            'href="/sources?outlet=outlet-1&amp;basis=unknown"' in text
            and "1 more has no date" in words(text)
        )


def test_id_redirects_to_code_and_json_exists(client: TestClient) -> None:
    answer = client.get("/outlets/O1")
    assert (answer.status_code, answer.headers["location"]) == (301, "/outlets/daily-nk")
    found = client.get("/outlets/daily-nk.json").json()
    assert (
        found["code"] == "daily-nk"
        and {"text": "데일리NK", "language": "ko"}.items() <= found["names"][1].items()
    )


def test_name_of_outlet_is_escaped(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, make_outlet(1, names=[{"text": "<b>Bold</b>"}]))
    with TestClient(create_app(database)) as client:
        assert "&lt;b&gt;Bold" in client.get("/outlets/outlet-1").text
