"""The page of a province, country, region or the world."""

import re

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.record.publishing.publish import Merge, publish
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_estimate,
    make_event,
    make_place,
    make_term,
    publish_all,
    withdraw,
)
from tests.support.html import words


def figures_on(html: str) -> set[str]:
    return set(re.findall(r'<tr id="(?:wording-)?(M\d+)"', html))


def test_province_shows_containing_and_contained_places(client: TestClient) -> None:
    text = client.get("/places/jilin").text
    for other in ("/places/china", "/places/cn-northeast", "/places/yanbian", "/cities/hunchun"):
        assert f'href="{other}"' in text, other
    assert "Province in China" in words(text)
    assert (
        '<span lang="zh-Hans">吉林省</span>' in text or '<span lang="zh-Hans">吉林</span>' in text
    )


def test_region_lists_members(client: TestClient) -> None:
    members = client.get("/places/cn-northeast").text.partition("Parts")[2]
    assert {"/places/liaoning", "/places/jilin", "/places/heilongjiang"} <= set(
        re.findall(r'href="([^"]+)"', members)
    )


@pytest.mark.parametrize(
    "code", ["jilin", "china", "russia", "cn-northeast", "gulf", "kuwait", "world"]
)
def test_counts_match_linked_lists(client: TestClient, code: str) -> None:
    text = client.get(f"/places/{code}").text
    total = client.get(f"/events.json?place={code}").json()["total"]
    assert f"{total} event" in words(text)
    for address, count in re.findall(
        r'<li><a href="(/(?:places|cities)/[^"]+)"><span>.*?<span class="n">(\d+)<', text
    ):
        inside = address.rpartition("/")[2]
        assert client.get(f"/events.json?place={inside}").json()["total"] == int(count), inside


@pytest.mark.parametrize(
    "code", ["jilin", "china", "russia", "cn-northeast", "kuwait", "world", "yanbian"]
)
def test_estimates_of_area_exclude_its_cities(client: TestClient, code: str) -> None:
    everything = client.get(f"/estimates.json?place={code}&limit=1000").json()["items"]
    own = {item["id"] for item in everything if code in item["places"]}
    assert figures_on(client.get(f"/places/{code}").text) == own
    if code in {"jilin", "china", "russia", "cn-northeast"}:
        assert len(own) < len(everything)


def test_events_of_larger_places_are_counted_apart(database: Settings) -> None:
    """A halt for a whole region is no event of a country in it, and is not passed over either."""
    gulf, kuwait, world = (
        make_place(201, "gulf", kind="region"),
        make_place(202, "kuwait", kind="country", regions=["gulf"], parent="world"),
        make_place(203, "world", kind="world"),
    )
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            *(gulf, kuwait, world),
            make_event(1, terms=[make_term(code="kuwait")]),
            make_event(2, terms=[make_term(code="gulf")]),
            make_event(3, terms=[make_term(code="world")]),
        )
    told = "1 more event is only in a larger place: gulf."
    with TestClient(create_app(database)) as client:
        for address in ("/events?place=kuwait", "/events?place=kuwait&q=nothing", "/places/kuwait"):
            text = client.get(address).text
            assert (told.lower() in words(text).lower()) is ("nothing" not in address), address
        assert 'href="/status?place=kuwait"' in client.get("/events?place=kuwait").text
        assert "larger place" not in client.get("/events?place=gulf").text


def test_estimates_of_cities_are_not_summed(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_estimate(1, point=1_203),
            make_estimate(2, point=2_345),
            make_estimate(3, point=9_000, terms=[make_term(code="province-2")]),
        )
    with TestClient(create_app(database)) as client:
        text = client.get("/places/province-2").text
        assert figures_on(text) == {"M3"}
        assert "9,000" in text and "3,548" not in text and "1,203" not in text


def test_place_without_records_says_so(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_place(4, "empty", kind="province", parent="country-3"),
            make_event(1),
        )
    with TestClient(create_app(database)) as client:
        text = words(client.get("/places/empty").text)
        assert (
            "The record has no events here" in text
            and "The record has no estimate for this place itself" in text
        )


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/places/dandong", "/cities/dandong"),
        ("/places/nanping", "/cities/nanping"),
        ("/places/ryu-gyong", "/cities/dandong"),
        ("/places/alabuga", "/places/tatarstan"),
        ("/places/P17", "/places/jilin"),
        ("/places/dandong?edition=1", "/cities/dandong?edition=1"),
    ],
)
def test_other_address_of_place_redirects_to_own(client: TestClient, address: str, to: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["location"]) == (301, to)


def test_merged_place_redirects_and_withdrawn_shows_reason(database: Settings) -> None:
    with desk_session(database) as desk:
        twice = [
            make_place(number, f"twice-{number}", kind="province", parent="country-3")
            for number in (4, 5)
        ]
        publish_all(desk, *a_small_world(), *twice)
        publish(desk, (), merged=[Merge("P4", "P2")])
        withdraw(desk, "P5", "It is no province.")
    with TestClient(create_app(database), follow_redirects=True) as client:
        assert client.get("/places/twice-4").url.path == "/places/province-2"
        assert client.get("/places/P4").url.path == "/places/province-2"
        assert "It is no province." in words(client.get("/places/twice-5").text)
        assert client.get("/places/twice-4?edition=1").url.path == "/places/twice-4"
