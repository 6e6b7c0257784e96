"""The search over everything: groups, cards, hits and the JSON."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient


def found(client: TestClient, query: str, **more: str) -> Any:
    response = client.get("/search.json", params={"q": query, **more})
    assert response.status_code == 200
    return response.json()


def ids(client: TestClient, query: str, kind: str = "") -> list[str]:
    return [hit["id"] for hit in found(client, query)["best"] if kind in ("", hit["kind"])]


def test_place_without_record_of_a_year_is_no_result(client: TestClient) -> None:
    answer = found(client, "Dandong 1987")
    assert answer["total"] == 0 and [card["id"] for card in answer["cards"]] == ["dandong"]
    assert "No results for all of these words" in client.get("/search?q=Dandong 1987").text


def test_several_ids_find_their_records_in_that_order(client: TestClient) -> None:
    assert ids(client, "M47 e57, S6")[:3] == ["M47", "E57", "S6"]


@pytest.mark.parametrize("query", ["C14", "c 14"])
def test_id_of_a_citation_leads_to_its_place_in_the_record(client: TestClient, query: str) -> None:
    (hit,) = found(client, query)["best"]
    assert hit["id"] == "E5" and hit["page"].endswith("#C14") and "C14" in hit["why"]
    assert 'id="C14"' in client.get("/events/E5").text


def test_citations_of_one_record_make_one_hit(client: TestClient) -> None:
    hits = found(client, "C14, S6, C15")["best"]
    assert [hit["id"] for hit in hits].count("E5") == 1
    assert found(client, "C999999")["best"] == []


def test_place_gets_a_card_with_estimate_events_and_rules(client: TestClient) -> None:
    page = client.get("/search?q=Hunchun").text
    card = page.partition('<article class="card')[2].partition("</article>")[0]
    assert 'href="/cities/hunchun"' in card and "about 6,000" in card
    assert 'href="/events?place=hunchun"' in card and 'href="/status?place=hunchun"' in card
    assert "Latest estimate for the whole place" in card and "Rules" in card


def test_city_without_events_gets_a_card(client: TestClient) -> None:
    page = client.get("/search?q=Khabarovsk").text
    assert 'href="/events?place=khabarovsk"' in page and "0 events" in page


def test_outlet_gets_a_card(client: TestClient) -> None:
    page = client.get("/search?q=Daily NK").text
    assert "Outlet" in page and 'href="/outlets/daily-nk"' in page


def test_results_are_grouped_and_lead_to_filtered_lists(client: TestClient) -> None:
    page = client.get("/search?q=Hunchun").text
    kinds = found(client, "Hunchun")["kinds"]
    assert kinds["events"]["total"] and f"Events {kinds['events']['total']}" in page
    assert 'href="/events?q=Hunchun"' in page
    assert '<span class="none">Outlets 0</span>' in page
    listed = client.get("/events.json?q=Hunchun").json()
    assert listed["total"] == kinds["events"]["total"]


def test_each_hit_says_why_it_was_found(client: TestClient) -> None:
    assert all(hit["why"] for hit in found(client, "Hunchun textile")["best"])
    assert all(hit["why"] for hit in found(client, "2397")["best"])


@pytest.mark.parametrize(
    ("query", "kind", "id"),
    [
        ("Dandong", "places", "dandong"),
        ("단둥", "places", "dandong"),
        ("Daily NK", "outlets", "daily-nk"),
        ("privacy", "help", "/privacy"),
        ("independent sources", "help", "/about#support"),
        ("conflicting estimates", "help", "/codebook#conflicts"),
    ],
)
def test_search_finds_entries_by_name(client: TestClient, query: str, kind: str, id: str) -> None:
    assert id in ids(client, query, kind)


def test_help_finds_changes_of_method_at_their_place(client: TestClient) -> None:
    changes = [
        address
        for address in ids(client, "measure can be reversed in part", "help")
        if address.startswith("/codebook/changes#")
    ]
    assert changes
    page, _hash, anchor = changes[0].partition("#")
    assert f'id="{anchor}"' in client.get(page).text


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("seafood Hunchun", "E67"),
        ("노동자들은 허룽 폭동", "E57"),
        ("рестораны Шэньян", "E36"),
        ("6,000 Hunchun", "M1"),
        ("6000 Hunchun", "M1"),
        ("six thousand Hunchun", "M1"),
        ("E57", "E57"),
        ("e 57", "E57"),
        ("www.rfa.org/english/news/korea/china-02222021120256.html", "S35"),
        ("June 2019 Dandong", "E9"),
        ("2024년 1월 허룽", "E57"),
        ("re-opened restaurants", "E36"),
        ("who ordered workers to leave China in June 2019", "E5"),
        ("6月末 帰国 中国", "E5"),
        ("6월 말 귀국 중국", "E5"),
        ("конец июня Китай", "E5"),
    ],
)
def test_query_finds_record_among_first_hits(client: TestClient, query: str, id: str) -> None:
    assert id in ids(client, query)[:8]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Hunchung", "hunchun"),
        ("Dandogn", "dandong"),
        ("블라디보스톡", "vladivostok"),
        ("晖春", "hunchun"),
        ("Хунчунь", "hunchun"),
        ("Tandong", "dandong"),
        ("Hunch'un", "hunchun"),
        ("Yeonbyeon", "yanbian"),
    ],
)
def test_misspelled_name_finds_place(client: TestClient, query: str, code: str) -> None:
    assert {"kind": "places", "id": code} in found(client, query)["cards"]


def test_correction_is_named_and_literal_search_offered(client: TestClient) -> None:
    page = client.get("/search?q=Hunchung").text
    assert "No record has “Hunchung”" in page and "%22Hunchung%22" in page
    literal = client.get('/search?q="Hunchung"').text
    assert "No results for all of these words" in literal


def test_word_that_finds_nothing_is_named(client: TestClient) -> None:
    result = found(client, "zzyzx Vladivostok")
    assert result["missing"] == ["zzyzx"] and not result["total"]
    page = client.get("/search?q=zzyzx Vladivostok").text
    assert "Results for each word" in page and "“zzyzx” has no results" in page
    assert "Remove “zzyzx”" in page and "/tell" in page
    assert "on record" not in page.partition("<main")[2].partition("</main>")[0]


def test_word_of_the_thesaurus_alone_is_no_misspelling(client: TestClient) -> None:
    result = found(client, "confiscated Vladivostok")
    assert result["missing"] == ["confiscated"] and not result["read_as"]
    page = client.get("/search?q=confiscated Vladivostok").text
    assert "No record has" not in page and "Similar words" not in page


@pytest.mark.parametrize("query", ["2397", "UNSCR 2397", "안보리 결의 2397호", "S/RES/2397 (2017)"])
def test_number_of_a_law_leads_to_its_card_and_events(client: TestClient, query: str) -> None:
    result = found(client, query)
    assert result["cards"] == [{"kind": "laws", "id": "unscr-2397"}]
    assert result["kinds"]["events"]["total"] >= 27


def test_number_of_a_law_combines_with_a_place(client: TestClient) -> None:
    assert {"E43", "E44", "E46", "E122"} <= set(ids(client, "2397 Dandong", "events"))
    page = client.get("/search?q=2397 Dandong").text
    assert "names UNSCR 2397" in page


def test_quoted_words_find_article_of_a_law(client: TestClient) -> None:
    assert "caatsa" in ids(client, '"forced labour"', "laws")


def test_hit_of_an_entry_begins_with_a_whole_word(client: TestClient) -> None:
    texts = {hit["id"]: hit["text"] for hit in found(client, "Rixin")["best"]}
    assert texts["rixin-foods"].startswith("Named in a notice")
    texts = {hit["id"]: hit["text"] for hit in found(client, "UNSCR 2375")["best"]}
    assert texts["unscr-2375"].startswith("UN Security Council resolution 2375")


def test_words_with_the_same_stem_are_no_equivalents(client: TestClient) -> None:
    assert "permit" not in str(found(client, "Chinese authorities")["also"])
    assert "days" not in found(client, "joint ventures close 120 days")["also"]
    assert "work" not in found(client, "how many North Koreans work in Dandong")["also"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Chinese authorities", "government-of-china"),
        ("North Korean authorities", "government-of-north-korea"),
        ("Chinese authorities Dandong", "government-of-china"),
    ],
)
def test_wording_of_sources_leads_to_actor(client: TestClient, query: str, code: str) -> None:
    assert found(client, query)["cards"][0] == {"kind": "actors", "id": code}
    page = client.get(f"/search?q={query}").text
    assert f"; wording in sources: “{query.removesuffix(' Dandong')}”" in page


@pytest.mark.parametrize(
    ("query", "is_short"),
    [
        ("Hunchun", False),
        ("Chinese authorities", False),
        ("2397 Russia", False),
        ("seafood Hunchun", True),
        ("Hunchun June 2019", True),
    ],
)
def test_card_is_short_where_more_is_asked(client: TestClient, query: str, is_short: bool) -> None:
    page = client.get(f"/search?q={query}").text
    assert ('class="card card-slim"' in page) == is_short and 'class="card' in page


@pytest.mark.parametrize(
    "query",
    ["how many workers are in Hunchun", "훈춘에 노동자 몇 명", "сколько рабочих в Хуньчуне"],
)
def test_question_for_a_number_is_answered_by_estimates(client: TestClient, query: str) -> None:
    assert {hit["id"] for hit in found(client, query)["best"][:2]} == {"M1", "M2"}


def test_name_of_a_country_stays_a_place(client: TestClient) -> None:
    assert found(client, "China")["cards"] == [{"kind": "places", "id": "china"}]


def test_strike_finds_events_of_the_type_protest(client: TestClient) -> None:
    assert "E57" in ids(client, "strike unpaid wages Helong", "events")


def test_equivalents_are_folded(client: TestClient) -> None:
    page = client.get("/search?q=seafood Hunchun").text
    folded = page.partition('<details class="more">')[2].partition("</details>")[0]
    assert "Also searched: equivalents of seafood, Hunchun" in folded and "수산물" in folded


def test_quoted_words_that_nothing_has_are_named_once(client: TestClient) -> None:
    page = client.get('/search?q="zzyzx people" Dandong').text
    assert "“zzyzx people” has no exact results." in page


def test_topic_out_of_scope_has_a_note(client: TestClient) -> None:
    assert (
        "Seized passports are not a type of event"
        in client.get("/search?q=confiscated passports Vladivostok").text
    )


def test_list_is_linked_only_if_it_finds_the_same(client: TestClient) -> None:
    for query in ("June 2019 Dandong", "leave China June 2019", "June 2019 restaurants"):
        for name, kind in found(client, query)["kinds"].items():
            if name in ("events", "estimates") and kind["list"]:
                address = kind["list"].partition("?")[2]
                assert client.get(f"/{name}.json?{address}").json()["total"] == kind["total"]


def test_list_finds_what_the_search_counts(client: TestClient) -> None:
    for query in ("seafood Hunchun", "рабочих", "노동자들은", "labour shortage"):
        kinds = found(client, query)["kinds"]
        for name in ("events", "estimates"):
            listed = client.get(f"/{name}.json", params={"q": query}).json()
            assert listed["total"] == kinds[name]["total"]


@pytest.mark.parametrize(
    ("query", "group"),
    [
        ("restaurant", "places"),
        ("ministry", "actors"),
        ("Ministry of Commerce", "actors"),
        ("resolution", "laws"),
        ("UNSCR", "laws"),
        ("news", "outlets"),
        ("신문", "outlets"),
    ],
)
def test_counts_of_names_lead_to_lists_that_find_as_many(
    client: TestClient, query: str, group: str
) -> None:
    kind = found(client, query)["kinds"][group]
    assert kind["total"] and kind["list"]
    page = client.get(kind["list"]).text
    assert len(re.findall(r'<th scope="row"', page)) == kind["total"]
    assert (
        f'href="{kind["list"].partition("testserver")[2]}"'.replace("&", "&amp;")
        in client.get("/search", params={"q": query}).text
    )


def test_letters_within_a_name_filter_a_list_of_names(client: TestClient) -> None:
    page = client.get("/places?q=adivosto").text
    assert "Vladivostok" in page and "Dandong" not in page.partition("<tbody>")[2]


def test_suggestions_begin_with_letters_typed(client: TestClient) -> None:
    answer = client.get("/search/suggestions?q=hunc")
    assert 'href="/cities/hunchun"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<a" not in client.get("/search/suggestions?q=hu").text
    assert "/cities/dandong" in client.get("/search/suggestions?q=단둥").text


def test_suggestions_lead_to_searches_and_to_records_of_a_sector(client: TestClient) -> None:
    html = client.get("/search/suggestions?q=seaf").text
    assert 'href="/search?q=seafood"' in html
    total = client.get("/events.json?sector=seafood-processing").json()["total"]
    assert 'href="/events?sector=seafood-processing"' in html and f"{total} events" in html
    assert 'href="/search?q=%EC%88%98%EC%82%B0' in client.get("/search/suggestions?q=수산").text


@pytest.mark.parametrize("query", ["a", "the", "of the", "и", "b", "THE?"])
def test_words_of_every_text_get_advice_and_no_results(client: TestClient, query: str) -> None:
    result = found(client, query)
    assert not result["best"] and not result["total"] and "Try a name" in result["hint"]
    page = client.get("/search", params={"q": query}).text
    assert "is in nearly every text" in page and "No results for all of these words" not in page
    assert "is in nearly every text" in client.get("/events", params={"q": query}).text


@pytest.mark.parametrize("query", ["the seafood", "5", "E5", '"out of work"', "李", "-restaurant"])
def test_words_that_tell_records_apart_are_searched(client: TestClient, query: str) -> None:
    assert found(client, query)["hint"] == ""


def test_api_answers_like_the_page(client: TestClient) -> None:
    result = client.get("/api/v1/search?q=Hunchung").json()
    assert result["read_as"] and result["cards"] == [{"kind": "places", "id": "hunchun"}]
    assert client.get("/api/v1/search").status_code == 422


def test_search_is_never_stored(client: TestClient) -> None:
    for path in ("/search?q=x", "/search.json?q=x", "/search?q=%20x"):
        response = client.get(path, follow_redirects=False)
        assert response.headers["Cache-Control"] == "no-store"


def test_empty_search_shows_only_the_field(client: TestClient) -> None:
    page = client.get("/search").text
    assert re.search(r'name="q"[^>]*value=""', page) and 'class="hit"' not in page


def test_header_leads_to_the_search_from_every_page(client: TestClient) -> None:
    for path in ("/", "/events", "/events/E5", "/about"):
        assert 'class="find" role="search" action="/search"' in client.get(path).text


@pytest.mark.parametrize(
    "query", ['"', "-", "OR", "\\", "%", "'" * 50, "\u0345", "<x>", "a" * 2000]
)
def test_strange_queries_are_answered(client: TestClient, query: str) -> None:
    assert client.get("/search", params={"q": query}).status_code == 200
