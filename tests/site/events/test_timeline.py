"""The timeline: views, facets, paging, redirects and invalid queries."""

import re
from operator import itemgetter

import pytest
from starlette.testclient import TestClient

from app.site.events.timeline import EVENTS_PER_PAGE
from app.site.lists.facets import MAX_CODES
from tests.support.html import words

CHINA_2019 = "/events?from=2019-01&to=2019-12&place=china"


def test_timeline_without_filter_shows_all_and_next_page(
    client: TestClient,
) -> None:
    page = client.get("/events")
    assert page.status_code == 200
    assert "126 events" in words(page.text)
    following = re.search(r'href="(/events\?after=[^"]+)"', page.text)
    assert following and "edition=1" in following[1]


def test_filter_is_sentence_with_linked_counts(client: TestClient) -> None:
    text = client.get(CHINA_2019).text
    assert "25 events: in China; possibly between 1 January and 31 December 2019" in words(text)
    assert (
        'href="/events?from=2019-01&amp;to=2019-12&amp;place=china&amp;corroboration=single-anonymous"'
        in text
    )


def test_counts_in_sentence_match_linked_lists(client: TestClient) -> None:
    whole = client.get(CHINA_2019.replace("/events", "/events.json")).json()
    for option in whole["facets"]["corroboration"]:
        found = client.get(
            f"{CHINA_2019.replace('/events', '/events.json')}&corroboration={option['code']}"
        ).json()
        assert found["total"] == option["count"], option


def test_long_histogram_has_narrow_version(client: TestClient) -> None:
    """CSS selects one of the two drawings; the list always has the finer intervals."""
    text = client.get("/events").text
    wide, narrow = re.findall(r'<div class="hist-bars">(.*?)</div>', text)
    assert wide.count("<a ") > 13 >= narrow.count("<a ") > 5
    assert text.count("hist-drawing only-wide") == text.count('<div class="only-narrow">') == 1
    assert text.split('hist-list">')[1].split("</ul>")[0].count("<li>") == wide.count("<a ")
    first, last = re.search(r"from=(\d+)&amp;to=(\d+)", narrow).groups()  # type: ignore[union-attr]
    could = re.search(r": (\d+) possibly", narrow)[1]  # type: ignore[index]
    assert client.get(f"/events.json?from={first}&to={last}").json()["total"] == int(could)


def test_short_histogram_has_one_version(client: TestClient) -> None:
    text = client.get(CHINA_2019).text
    assert (
        text.count('<div class="hist-bars">') == 1
        and "only-narrow" not in text.split("hist-months")[0]
    )


@pytest.mark.parametrize(
    "query", ["q=&place=china&from=", "place=china&match=possible", "place=china&sort=happened"]
)
def test_equivalent_address_redirects_to_canonical_one(client: TestClient, query: str) -> None:
    answer = client.get(f"/events?{query}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/events?place=china")


def test_type_how_not_redirects_to_excluded_types(client: TestClient) -> None:
    answer = client.get("/events?type-how=not&type=dispatch&type=repatriation")
    assert answer.headers["location"] == "/events?not_type=dispatch&not_type=repatriation"
    assert "not Workers sent" in words(client.get(answer.headers["location"]).text)


def test_invalid_filter_is_dropped_with_notice(client: TestClient) -> None:
    text = words(client.get("/events?place=china&from=2019-02-30&colour=red").text)
    assert "2019-02-30" in text and "colour" in text
    assert "events: in China" in text


def test_query_without_word_is_reported(client: TestClient) -> None:
    told = "“?! …” has no searchable word and was ignored."
    assert told in words(client.get("/events?q=%3F!+%E2%80%A6").text)
    assert "has no searchable word" not in client.get("/events?q=workers+!").text


def test_form_with_bad_date_redirects_to_short_address(client: TestClient) -> None:
    answer = client.get("/events?from=2019-13&to=&match=possible&place-how=any&type=dispatch")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/events?type=dispatch&from=2019-13",
    )
    text = client.get(answer.headers["location"]).text
    assert "“from=2019-13” was ignored: 13 is not a month" in words(text)
    assert 'name="from" value="2019-13" aria-invalid="true"' in text


def test_unknown_edition_is_named(client: TestClient) -> None:
    assert "There is no edition 7." in words(client.get("/events?edition=7").text)


def test_unknown_place_is_named(client: TestClient) -> None:
    assert "atlantis" in words(client.get("/events?place=atlantis").text)


def test_window_ending_before_start_drops_end_with_notice(
    client: TestClient,
) -> None:
    text = words(client.get("/events?from=2020&to=2019").text)
    assert "turn them round" in text


def test_empty_list_suggests_wider_filters(client: TestClient) -> None:
    text = client.get("/events?from=1990&to=1990&place=dandong").text
    assert "0 events" in words(text)
    assert 'href="/events?place=dandong"' in text


@pytest.mark.parametrize("kind", ["events", "sources"])
def test_filter_of_actors_in_words_alone_answers(client: TestClient, kind: str) -> None:
    """They have no card, as they have no record."""
    assert client.get(f"/{kind}?actor=in-words").status_code == 200


@pytest.mark.parametrize("asked", ["/events?q=E5", "/events?q=e5", "/sources?q=E5"])
def test_search_for_id_redirects_to_record(client: TestClient, asked: str) -> None:
    text = client.get(asked).text
    assert '<a href="/events/E5">E5</a> is the ID of a record' in text


@pytest.mark.parametrize("asked", ["E99999", "X5", "E", "E5 E6", "E٥", "P"])
def test_search_for_unknown_id_does_not_redirect(client: TestClient, asked: str) -> None:
    assert "is the ID of a record" not in client.get("/events", params={"q": asked}).text


def test_filtered_list_has_few_elements(client: TestClient) -> None:
    """Every filter adds a chip, its choices, and for some a card."""
    offered = client.get("/events.json").json()["facets"]
    most = {key: max(codes, key=itemgetter("count"))["code"] for key, codes in offered.items()}
    pairs = [f"{name}={code}" for key, code in most.items() for name in (key, f"not_{key}")]
    pairs += ["side=home-state&not_outlet=rfa", "actor=government-of-north-korea&group=workers"]
    for query in pairs:
        elements = re.findall("<[a-z]", client.get(f"/events?{query}").text)
        assert len(elements) <= 1_500, (query, len(elements))


def test_undated_events_are_counted_below_window(client: TestClient) -> None:
    assert "date=none" in client.get("/events?from=2019&to=2019").text


def test_long_facet_shows_most_frequent_and_links_to_all(
    client: TestClient,
) -> None:
    """Counts are exact in both lists. Without scripts, "all" is a link, and the form keeps it."""
    counts = {
        code["code"]: code["count"]
        for code in client.get("/events.json").json()["facets"]["outlet"]
    }

    def offered(query: str) -> dict[str, int]:
        text = client.get(f"/events?{query or 'all=filters'}").text
        facet = text.partition('id="facet-outlet"')[2].partition('id="facet-origin"')[0]
        found = re.findall(r'name="outlet" value="([^"]+)"( checked)?>.*?class="n">(\d+)<', facet)
        assert ('all=outlet#filters"' in facet) == ("all=outlet" not in query)
        assert ('type="hidden" name="all" value="outlet"' in text) == ("all=outlet" in query)
        return {code: int(count) for code, _checked, count in found}

    few = offered("")
    assert MAX_CODES <= len(few) <= MAX_CODES + 1 < len(
        counts
    ) and few.items() <= counts.items() | {("none", 0)}
    assert sum(sorted(counts.values())[-MAX_CODES:]) == sum(sorted(few.values())[-MAX_CODES:])
    every = offered("all=outlet")
    assert every.keys() == counts.keys() | {"none"} and every.items() <= counts.items() | {
        ("none", 0)
    }
    rare = next(code for code in counts if code not in few)
    chosen = offered("&".join(f"outlet={code}" for code in sorted([rare, next(iter(few))])))
    assert {rare: counts[rare]}.items() <= chosen.items()


@pytest.mark.parametrize("view", ["table", "lanes", "map"])
def test_every_view_shows_same_events(client: TestClient, view: str) -> None:
    """A table has pages; lanes and map show all events."""
    items = client.get(CHINA_2019.replace("?", ".json?")).json()["items"]
    listed = [item["id"] for item in items]
    shown = client.get(CHINA_2019 + f"&view={view}").text
    if view == "map":
        assert "Dandong" in shown
    else:
        wanted = listed[:EVENTS_PER_PAGE] if view == "table" else listed
        assert set(re.findall(r'href="/events/(E\d+)"', shown)) == set(wanted)


@pytest.mark.parametrize("sort", ["happened", "-happened", "added", "changed"])
def test_pages_show_every_event_once(client: TestClient, sort: str) -> None:
    seen: list[str] = []
    address = f"/events?sort={sort}" if sort != "happened" else "/events"
    for _ in range(9):
        text = client.get(address).text
        seen += dict.fromkeys(re.findall(r'href="/events/(E\d+)"', text))
        following = re.search(r'href="(/events\?[^"]*after=[^"]+)" rel="next', text)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 126


@pytest.mark.parametrize("word", ["단둥", "丹东", "Tandong", "Dandong"])
def test_place_is_found_by_any_name(client: TestClient, word: str) -> None:
    total = client.get("/events.json", params={"q": word}).json()["total"]
    assert total >= client.get("/events.json?place=dandong").json()["total"] > 30


def test_matching_words_are_marked(client: TestClient) -> None:
    assert "<mark>" in client.get("/events?q=waitresses").text


def test_match_in_citation_is_shown_with_citation(client: TestClient) -> None:
    """Only a citation of E5 contains "rumours", not its title or summary."""
    text = client.get("/events?q=rumour").text
    card = text[text.index('id="E5"') :].split("</article>")[0]
    assert "In a citation:" in words(card) and "<mark>Rumour</mark>" in card


def test_edition_is_selected_by_number_or_day(client: TestClient) -> None:
    """Only one edition exists, so the query selects the newest one by number and by day."""
    assert client.get("/events?edition=1").status_code == 200
    assert client.get("/events?edition=2").status_code == 404
    assert client.get("/events?edition=1999-01-01").status_code == 404
    assert client.get("/events?edition=2199-01-01").status_code == 200


def test_filtered_pages_are_noindex(client: TestClient) -> None:
    assert "Disallow: /*?" in client.get("/robots.txt").text
    for link in re.findall(r"<a [^>]*href=\"/events\?[^>]*>", client.get("/events").text):
        assert "nofollow" in link, link


def test_links_to_sources_send_no_referrer(client: TestClient) -> None:
    text = client.get("/events/E1").text
    outward = re.findall(r'<a [^>]*href="https?://[^>]*>', text)
    assert outward
    assert all("noreferrer" in link and "nofollow" in link for link in outward)


def test_mirror_is_named_but_not_linked(client: TestClient) -> None:
    """A copy on a mirror must not be linked from a public page."""
    for item in client.get("/events.json?limit=1000").json()["items"]:
        text = client.get(f"/events/{item['id']}").text
        assert "cloudfront.net" not in "".join(re.findall(r'href="[^"]*"', text))


def test_address_with_title_redirects_to_id(client: TestClient) -> None:
    answer = client.get("/events/ev-cn-2019-leave-by-june")
    assert (answer.status_code, answer.headers["location"]) == (301, "/events/E5")
    assert (
        client.get("/events/ev-cn-2019-leave-by-june.json").headers["location"] == "/events/E5.json"
    )
    assert client.get("/events/E99999").status_code == 404
    assert client.get("/events/e99999.json").status_code == 404


@pytest.mark.parametrize("page", ["/events", "/estimates", "/sources"])
def test_list_of_one_place_or_outlet_shows_its_card(client: TestClient, page: str) -> None:
    one = client.get(f"{page}?place=dandong").text
    card = one.partition('<article class="card card-slim"')[2].partition("</article>")[0]
    assert "Latest estimate for the whole place" in card
    for address in ("/cities/dandong", "/estimates?place=dandong", "/status?place=dandong"):
        assert f'href="{address}"' in card, address
    outlet = client.get(f"{page}?outlet=daily-nk").text
    assert 'aria-label="Daily NK"' in outlet and 'href="/outlets/daily-nk"' in outlet
    for key, code in (("actor", "government-of-china"), ("law", "unscr-2397")):
        named = client.get(f"{page}?{key}={code}").text.partition("card-slim")[2]
        assert f'href="/{key}s/{code}"' in named.partition("</article>")[0], key


@pytest.mark.parametrize(
    "query", ["", "?place=dandong&place=hunchun", "?not_place=dandong", "?place=nowhere"]
)
def test_list_of_several_places_or_of_none_has_no_card(client: TestClient, query: str) -> None:
    assert "card-slim" not in client.get(f"/events{query}").text


def test_name_of_place_leads_to_its_page_and_offers_its_events(client: TestClient) -> None:
    card = client.get("/events").text.partition('id="E20"')[2].partition("</article>")[0]
    assert '<a href="/cities/dandong">Dandong</a>' in card
    assert re.search(
        r'<a class="only" href="/events\?place=dandong"[^>]*aria-label="Show only Dandong"', card
    )


def test_map_zooms_to_a_country_by_link(client: TestClient) -> None:
    text = client.get("/events?view=map").text
    links = dict(re.findall(r'<a href="(/events[^"]*)" rel="nofollow"[^>]*>([^<]+)</a>', text))
    found = {label: address.replace("&amp;", "&") for address, label in links.items()}
    assert found["China"] == "/events?place=china&view=map"
    zoomed = client.get(found["China"]).text
    assert 'rel="nofollow" aria-current="true">China</a>' in zoomed
    assert zoomed.count('class="m-link"') < text.count('class="m-link"')
