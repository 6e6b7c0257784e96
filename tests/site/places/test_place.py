"""The page of a province, country, region or the world."""

import re

from starlette.testclient import TestClient

from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_code, make_estimate, make_event, make_place, make_term, withdraw
from tests.support.event_pages import module_site, published_as
from tests.support.html import words

made = module_site(
    make_place(201, "gulf", kind="region"),
    make_place(202, "kuwait", kind="country", regions=["gulf"], parent="world"),
    make_place(203, "world", kind="world"),
    make_place(4, "empty", kind="province", parent="country-3"),
    make_place(5, "plant", kind="site", parent="province-2"),
    *(
        make_event(number, terms=[make_term(code=code)])
        for number, code in enumerate(("kuwait", "gulf", "world"), 1)
    ),
    make_place(206, "nepal", kind="country", country="NP"),
    make_code("np", "nationality", label="Nepali"),
    make_event(4, terms="place nepal; nationality np"),
    make_event(5, terms="place province-2; nationality np"),
    make_estimate(1, point=1_203),
    make_estimate(2, point=2_345),
    make_estimate(3, point=9_000, terms="place province-2"),
)


def figures_on(html: str) -> set[str]:
    return set(re.findall(r'<tr id="(?:wording-)?(M\d+)"', html))


def test_province_shows_containing_and_contained_places(client: TestClient) -> None:
    text = client.get("/places/jilin").text
    for other in ("/places/china", "/places/cn-northeast", "/places/yanbian", "/cities/hunchun"):
        assert f'href="{other}"' in text, other
    assert "Province in China" in words(text)
    assert re.search('<b lang="zh-Hans">吉林省?</b>', text)
    members = client.get("/places/cn-northeast").text.partition("Places within")[2]
    assert 'href="/places/liaoning"' in members and 'href="/places/jilin"' in members


def test_estimates_of_area_exclude_its_cities(client: TestClient, made: TestClient) -> None:
    for code in ("jilin", "china", "world"):
        everything = client.get(f"/estimates.json?place={code}&limit=1000").json()["items"]
        own = {item["id"] for item in everything if code in item["places"]}
        assert figures_on(client.get(f"/places/{code}").text) == own, code
        assert code not in {"jilin", "china"} or len(own) < len(everything)
    # Nothing is summed.
    text = made.get("/places/province-2").text
    assert figures_on(text) == {"M3"}
    assert "9,000" in text and "3,548" not in text and "1,203" not in text


def test_events_of_larger_places_are_counted_apart(made: TestClient) -> None:
    """A halt for a whole region is no event of a country in it, and is not passed over either."""
    told = "1 more event is only in a larger place: gulf."
    for address in ("/events?place=kuwait", "/events?place=kuwait&q=nothing"):
        text = words(made.get(address).text).lower()
        assert (told in text) is ("nothing" not in address), address
    assert 'href="/status?place=kuwait"' in made.get("/events?place=kuwait").text
    assert "larger place" not in made.get("/events?place=gulf").text


def test_place_without_records_says_so(made: TestClient) -> None:
    text = words(made.get("/places/empty").text)
    assert "The record has no events here" in text
    assert "No estimate in the record is for Empty itself" in text


def test_country_says_what_the_record_has_of_it(made: TestClient) -> None:
    told = {
        "kuwait": "No estimate in the record is for Kuwait itself.",
        "nepal": "The record counts Nepali workers who are abroad, not those in Nepal. "
        "The record has no rule about Nepali workers in or from Nepal.",
    }
    for code, said in told.items():
        assert said in words(made.get(f"/places/{code}").text), code


def test_withdrawn_place_shows_reason(database: Settings) -> None:
    twice = make_place(5, "twice", kind="province", parent="country-3")
    with published_as(database, (twice,)) as client:
        with desk_session(database) as desk:
            withdraw(desk, "P5", "It is no province.")
        assert "It is no province." in words(client.get("/places/twice").text)
