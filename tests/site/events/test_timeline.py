"""The timeline: views, facets, paging, redirects and invalid queries."""

import re

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from app.site.events.events import Events
from tests.make import make_code, make_event
from tests.support.event_pages import published_as
from tests.support.html import words
from tests.support.lists import pages_from

CHINA_2019 = "/events?from=2019-01&to=2019-12&place=china"


def total_of(client: TestClient, query: str = "") -> int:
    total: int = client.get(f"/events.json?{query}").json()["total"]
    return total


EASING = make_code("easing", direction="eases")
LIMIT = make_code("stay-limit", direction="tightens")
ANSWERS = [
    ("", "4 events . 1 is a rule that tightens, 1 rule that eases."),
    ("?place=place-1&from=2019-06", "2 events : in Place-1 ; possibly since June 2019 ."),
    ("?type=easing", "1 event : Kind of event: Easing."),
    ("?place=place-1&type=easing&to=2018", "Kind of event: Easing. Remove the dates : 1 event."),
]


def test_answer_says_filters_directions_and_age(database: Settings) -> None:
    events = (
        make_event(1),
        make_event(2, type="easing", happened="2019-08"),
        make_event(3, type="repatriation", happened="2024-03", terms="place country-3"),
        make_event(4, happened="1998", stages="planned 1998 C4"),
    )
    with published_as(database, (EASING, LIMIT, *events)) as client:
        pages = {
            query: words(client.get(f"/events{query}", follow_redirects=True).text)
            for query, _answer in ANSWERS
        }
        bars = client.get("/events").text.partition('"hist-months"')[2].partition("</div>")[0]
    wrong = [pages[query][:900] for query, answer in ANSWERS if answer not in pages[query]]
    assert wrong == []
    assert "The newest event is 2 years old." in pages[""]
    assert "2024 1 event" in pages[""] and "2019 2 events" in pages[""]
    assert re.findall("<span>([0-9]+)", bars) == ["1998", "2000", "2005", "2010", "2015", "2020"]


def test_newest_are_first_on_the_page_and_named_to_files(client: TestClient) -> None:
    """Files and the API keep the order of the first release."""
    page = client.get("/events").text
    newest = client.get("/events.json?sort=-happened&limit=3").json()["items"]
    oldest = client.get("/events.json?limit=3").json()["items"]
    shown = re.findall(r'<article class="event" id="(E\d+)"', page)
    assert shown[:3] == [item["id"] for item in newest]
    assert 'href="/events.csv?sort=-happened"' in page
    turned = client.get("/events?sort=happened")
    assert turned.status_code == 200
    shown = re.findall(r'<article class="event" id="(E\d+)"', turned.text)
    assert shown[:3] == [item["id"] for item in oldest]


def test_period_ends_with_what_may_be_of_a_later_day(database: Settings) -> None:
    """What is "on or before" a day after the period sorts by that day, and would come first."""
    days = ("2017-05", "[..2023-12-01]", "2017-06")
    events = [make_event(no, happened=each, citations=[]) for no, each in enumerate(days, 1)]
    with published_as(database, tuple(events)) as client:
        query = "from=2017&to=2017&sort=-happened"
        listed = client.get(f"/events.json?{query}").json()["items"]
        assert [item["id"] for item in listed] == ["E3", "E1", "E2"]
        first = client.get(f"/events.json?{query}&limit=2").json()
        assert client.get(first["next"]).json()["items"][0]["id"] == "E2"
        page = words(client.get("/events?from=2017&to=2017").text)
        assert page.index("Event 1") < page.index("Possibly also in this period") < len(page)


def test_equivalent_address_redirects_to_canonical_one(client: TestClient) -> None:
    for query, to in [
        ("q=&place=china&from=", "place=china"),
        (
            "from=2019-13&to=&match=possible&place-how=any&type=dispatch",
            "type=dispatch&from=2019-13",
        ),
    ]:
        answer = client.get(f"/events?{query}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/events?{to}"), query


def test_invalid_filter_is_dropped_with_notice(client: TestClient) -> None:
    for query, said in [
        ("place=china&from=2019-02-30&colour=red", ("2019-02-30", "colour", "events: in China")),
        ("q=%3F!+%E2%80%A6", ("“?! …” has no searchable word and was ignored.",)),
        ("edition=7", ("There is no edition 7.",)),
        ("from=2020&to=2019", ("turn them round",)),
    ]:
        text = words(client.get(f"/events?{query}").text)
        assert all(part in text for part in said), query
    assert "has no searchable word" not in client.get("/events?q=workers+!").text
    text = client.get("/events?type=dispatch&from=2019-13").text
    assert 'name="from" value="2019-13" aria-invalid="true"' in text


def test_empty_list_suggests_wider_filters(client: TestClient) -> None:
    text = client.get("/events?from=1990&to=1990&place=dandong").text
    assert "0 events" in words(text)
    assert 'href="/events?place=dandong"' in text
    for query in ("published_to=1899", "published_from=2199"):
        text = client.get(f"/sources?{query}").text
        assert re.search(r'href="/sources"[^>]*>(<[^>]+>)*Remove the dates', text), query


def test_every_view_shows_same_events(client: TestClient) -> None:
    items = client.get(CHINA_2019.replace("?", ".json?")).json()["items"]
    listed = [item["id"] for item in items]
    shown = client.get(f"{CHINA_2019}&view=table").text
    assert set(re.findall(r'href="/events/(E\d+)"', shown)) == set(listed[: Events.per_page])
    page = client.get(f"{CHINA_2019}&view=map").text
    assert "Dandong" in page and "Liaoning" in page.partition("Larger places")[2]


@pytest.mark.parametrize("sort", ["happened", "-happened", "added", "changed"])
def test_pages_show_every_event_once(client: TestClient, sort: str) -> None:
    address = f"/events?sort={sort}" if sort != "happened" else "/events"
    pages = list(pages_from(client, address))
    seen = [id for html in pages for id in dict.fromkeys(re.findall(r'="/events/(E\d+)"', html))]
    assert len(seen) == len(set(seen)) == total_of(client) and len(pages) > 1
    assert all("edition=1" in html.partition('rel="next')[0][-200:] for html in pages[:-1])


@pytest.mark.parametrize("page", ["/events", "/estimates", "/sources"])
def test_list_of_one_place_or_outlet_shows_its_card(client: TestClient, page: str) -> None:
    one = client.get(f"{page}?place=dandong").text
    card = one.partition('<article class="card card-slim"')[2].partition("</article>")[0]
    assert "facts-line" not in card
    for address in ("/cities/dandong", "/estimates?place=dandong", "/status?place=dandong"):
        assert f'href="{address}"' in card, address
    outlet = client.get(f"{page}?outlet=daily-nk").text
    assert 'aria-label="Daily NK"' in outlet and 'href="/outlets/daily-nk"' in outlet
    named_records = {"actor": "government-of-china"}
    if page != "/estimates":
        named_records["law"] = "unscr-2397"
    for key, code in named_records.items():
        named = client.get(f"{page}?{key}={code}").text.partition("card-slim")[2]
        assert f'href="/{key}s/{code}"' in named.partition("</article>")[0], key
    for query in ("", "?place=dandong&place=hunchun", "?not_place=dandong", "?place=nowhere"):
        assert "card-slim" not in client.get(f"{page}{query}").text, query
