"""The search over everything: groups, cards, hits and the JSON."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.support.html import words


def found(client: TestClient, query: str, **more: str) -> Any:
    response = client.get("/search.json", params={"q": query, **more})
    assert response.status_code == 200
    return response.json()


def ids(client: TestClient, query: str, kind: str = "") -> list[str]:
    return [hit["id"] for hit in found(client, query)["best"] if kind in ("", hit["kind"])]


def test_place_without_record_of_a_year_is_no_result(client: TestClient) -> None:
    answer = found(client, "Tumen 2018")
    assert answer["total"] == 0 and [card["id"] for card in answer["cards"]] == ["tumen"]
    assert "No results for all of these words" in client.get("/search?q=Tumen 2018").text


def test_ids_find_their_records_and_citations_their_place(client: TestClient) -> None:
    for query, id in (("M47", "M47"), ("e57", "E57"), ("S 6", "S6"), ("P5", "hunchun")):
        assert ids(client, query)[:1] == [id]
    assert ids(client, "S7; S6, P5") == ["S7", "S6", "hunchun"]
    for query in ("C14", "c 14"):
        (hit,) = found(client, query)["best"]
        assert hit["id"] == "E5" and hit["page"].endswith("#C14")
    assert 'id="C14"' in client.get("/events/E5").text
    assert ids(client, "C999999") == []


def test_percent_encoded_address_finds_its_source(client: TestClient) -> None:
    sources = client.get("/sources.json?limit=1000").json()["items"]
    links = {
        item["id"]: item["address"]
        for item in sources
        if "%" in item["address"] or item["id"] < "S12"
    }
    for id, link in links.items():
        for spelled in (link, quote(link, safe=""), quote(link, safe=":/?&=%")):
            assert id in ids(client, spelled), spelled


def test_records_come_before_the_codebook(client: TestClient) -> None:
    best = [hit["kind"] for hit in found(client, "deportation")["best"]]
    first = best.index("codebook")
    assert first > 0 and set(best[first:]) <= {"codebook", "help"}


def test_place_gets_a_card_with_estimate_events_and_rules(client: TestClient) -> None:
    page = client.get("/search?q=Hunchun").text
    card = page.partition('<article class="card')[2].partition("</article>")[0]
    assert 'href="/cities/hunchun"' in card and "About 6,000 North Korean workers" in card
    assert 'href="/events?place=hunchun"' in card and 'href="/status?place=hunchun"' in card
    assert card.count("facts-line") == 3
    outlet = client.get("/search?q=Daily NK").text
    assert "Outlet" in outlet and 'href="/outlets/daily-nk"' in outlet


RFA = (
    "www.rfa.org/english/news/korea/"
    "north-korea-dispatched-workers-china-sanctions-09162024170815.html"
)
HITS = [
    ("Dandong", "places", "dandong"),
    ("Daily NK", "outlets", "daily-nk"),
    ("privacy", "help", "/privacy"),
    ("seafood Donggang", "", "E68"),
    ("노동자들은 허룽 폭동", "", "E57"),
    ("рестораны Даньдун", "", "E43"),
    ("6,000 Hunchun", "", "M1"),
    ("how many workers are in Hunchun", "", "M1"),
    ("strike unpaid wages Helong", "events", "E57"),
    (RFA, "", "S37"),
    ("June 2019 Dandong", "", "E9"),
    ("2024년 1월 허룽", "", "E57"),
    ("who ordered workers to leave China in June 2019", "", "E5"),
    ("6月末 帰国 中国", "", "E5"),
    ("6月底前离开中国", "", "E5"),
    ("2397 Dandong", "events", "E43"),
]
"""What is asked, the kind of a hit, and its id."""
MISSPELLED = [
    ("Hunchung", "hunchun"),
    ("단뚱", "단둥"),
    ("Хунчунь", "хуньчунь"),
]
OTHER_SPELLINGS = [("Tandong", "dandong"), ("Hunch'un", "hunchun"), ("Yeonbyeon", "yanbian")]


def test_query_finds_record_among_first_hits(client: TestClient) -> None:
    wrong = [case for case in HITS if case[2] not in ids(client, case[0], case[1])[:8]]
    wrong += [
        (query, "card", code)
        for query, code in OTHER_SPELLINGS
        if {"kind": "places", "id": code} not in found(client, query)["cards"]
    ]
    assert wrong == []
    assert {*ids(client, "how many workers are in Hunchun")[:2]} == {"M1", "M2"}
    assert found(client, "China")["cards"] == [{"kind": "places", "id": "china"}]


def test_misspelled_name_is_read_as_the_name(client: TestClient) -> None:
    for query, name in MISSPELLED:
        answer = found(client, query)
        assert answer["read_as"] == {query: name} and answer["missing"] == [query], query
        assert answer["total"] and answer["cards"], query
    page = words(client.get("/search?q=Hunchung seafood").text)
    assert "nothing on “Hunchung”. These are results for “hunchun”." in page


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("workers in Brazil", "Brazil"),
        ("Crocus Dandong", "Crocus"),
        ("seafuud Dandong", "seafuud"),
    ],
)
def test_other_absent_word_is_not_replaced(client: TestClient, query: str, word: str) -> None:
    answer = found(client, query)
    assert answer["missing"] == [word] and not answer["read_as"] and not answer["total"]
    page = client.get(f"/search?q={query}").text
    assert "No results for all of these words" in page
    assert f"The record has nothing on “{word}”." in page


def test_word_that_finds_nothing_is_named(client: TestClient) -> None:
    result = found(client, "zzyzx Dandong")
    assert result["missing"] == ["zzyzx"] and not result["total"]
    page = client.get("/search?q=zzyzx Dandong").text
    assert "The record has nothing on “zzyzx”." in page
    assert "on record" not in page.partition("<main")[2].partition("</main>")[0]
    # A word of the thesaurus alone is no misspelling.
    result = found(client, "confiscated Dandong")
    assert result["missing"] == ["confiscated"] and not result["nearest"]
    page = client.get("/search?q=confiscated Dandong").text
    assert page.index("The record has nothing on “confiscated”.") < page.index("Also searched")
    assert "Did you mean" not in page
    page = client.get('/search?q="zzyzx people" Dandong').text
    assert "The record has nothing on “zzyzx people”." in page
    page = client.get("/search?q=confiscated passports Dandong").text
    assert "Seized passports are not a type of event" in page


@pytest.mark.parametrize(
    ("query", "id", "begin"),
    [
        ("firms request", "E5", ". Several diplomatic sources, in Tokyo Shimbun: In early March"),
        ("rumour", "E5", ". Second China-based source, in Daily NK: Rumour among"),
    ],
)
def test_words_of_a_citation_follow_the_summary_and_begin_with_their_speaker(
    client: TestClient, query: str, id: str, begin: str
) -> None:
    (text,) = (hit["text"] for hit in found(client, query)["best"] if hit["id"] == id)
    assert text.startswith("Reported by Tokyo Shimbun in late April 2019") and begin in text
    (kick,) = (hit["what"] for hit in found(client, "M37")["best"])
    assert kick[2].startswith("by South Korean sources")


def test_question_without_answer_says_so_and_ranks_by_rare_words(client: TestClient) -> None:
    page = words(client.get("/search?q=riot Dandong").text)
    assert page.index("No results for all of these words") < page.index("Without: “Dandong”")
    assert ids(client, "riot Dandong")[0] in {"E57", "M37", "S72"}
    # A word that most records have carries no hit.
    assert {hit["kind"] for hit in found(client, "workers in Brazil")["best"]} <= {"codebook"}


@pytest.mark.parametrize(
    ("query", "link"),
    [
        ("which source should I read first on Dandong", "/sources?has=full-text&amp;place=dandong"),
        (
            "what happened in Dandong in 2019",
            "/events?from=2019-01-01&amp;to=2019-12-31&amp;place=dandong",
        ),
        ("what does China deny", "/events?place=china&amp;type=statement"),
    ],
)
def test_question_leads_to_the_list_that_it_asks_for(
    client: TestClient, query: str, link: str
) -> None:
    assert link in client.get("/search", params={"q": query}).text


def test_number_of_a_law_leads_to_its_card_and_events(client: TestClient) -> None:
    law = client.get("/events.json?law=unscr-2397").json()["total"]
    for query in ("2397", "UNSCR 2397", "안보리 결의 2397호", "S/RES/2397 (2017)"):
        result = found(client, query)
        assert result["cards"] == [{"kind": "laws", "id": "unscr-2397"}], query
        assert result["kinds"]["events"]["total"] >= law > 5, query


@pytest.mark.parametrize(
    ("query", "begin", "end"),
    [
        ("UNSCR 2375", "UN Security Council resolution 2375", "."),
        ("resolution 2375 paragraph 17", "Paragraph 17: States may give", "are not covered."),
    ],
)
def test_hit_of_a_law_is_a_whole_article(
    client: TestClient, query: str, begin: str, end: str
) -> None:
    texts = {hit["id"]: hit["text"] for hit in found(client, query)["best"]}
    assert texts["unscr-2375"].startswith(begin) and texts["unscr-2375"].endswith(end)


def test_card_says_something_only_where_nothing_else_is_asked(client: TestClient) -> None:
    """Numbers of all years and peoples are no answer to a question of one."""
    for query, is_said in [
        ("how many North Korean workers are in Hunchun", True),
        ("2397 Russia", True),
        ("seafood Donggang", False),
        ("Dandong June 2019", False),
        ("Filipino workers Hunchun", False),
        ("workers Dandong seafood Hunchun", False),
    ]:
        page = client.get(f"/search?q={query}").text
        assert ('class="facts-line"' in page) == is_said and 'class="card' in page, query
    assert "Compare Dandong and Hunchun" in page


def test_question_words_are_not_searched(client: TestClient) -> None:
    listed = client.get("/events.json?from=2019&to=2019").json()["total"]
    assert found(client, "what happened in 2019")["kinds"]["events"]["total"] == listed > 0
    assert found(client, "newest in Dandong")["total"] == found(client, "Dandong")["total"]
    newest = client.get("/events.json?place=dandong&sort=-happened&limit=1").json()["items"]
    for query in ("newest in Dandong", "Dandong now", "Dandong today"):
        assert ids(client, query, "events")[0] == newest[0]["id"], query


def test_people_of_a_country_are_not_the_country(client: TestClient) -> None:
    result = found(client, "Chinese workers in Russia")
    assert result["missing"] == ["Chinese workers"] and not result["total"]
    assert not found(client, "Chinese authorities")["missing"]
    # The name of a country is one word.
    assert found(client, "workers in Sri Lanka")["missing"] == ["Sri Lanka"]


def test_list_finds_what_the_search_counts(client: TestClient) -> None:
    for query in ("seafood Donggang", "рабочих", "노동자들은", "labour shortage", "Hunchun"):
        kinds = found(client, query)["kinds"]
        for name in ("events", "estimates"):
            listed = client.get(f"/{name}.json", params={"q": query}).json()
            assert listed["total"] == kinds[name]["total"]
    # A list is linked only if it finds the same.
    for query in ("June 2019 Dandong", "leave China June 2019", "June 2019 restaurants"):
        for name, kind in found(client, query)["kinds"].items():
            if name in ("events", "estimates") and kind["list"]:
                address = kind["list"].partition("?")[2]
                assert client.get(f"/{name}.json?{address}").json()["total"] == kind["total"]


@pytest.mark.parametrize(
    ("query", "group"),
    [
        ("Dandong", "places"),
        ("ministry", "actors"),
        ("resolution", "laws"),
        ("news", "outlets"),
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


def test_suggestions_begin_with_letters_typed(client: TestClient) -> None:
    answer = client.get("/search/suggestions?q=hunc")
    assert 'href="/cities/hunchun"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<a" not in client.get("/search/suggestions?q=h").text
    assert "/cities/dandong" in client.get("/search/suggestions?q=단둥").text
    html = client.get("/search/suggestions?q=seaf").text
    assert 'href="/codebook/sector#sector-seafood-processing"' in html


def test_words_of_every_text_get_advice_and_no_results(client: TestClient) -> None:
    for query in ("a", "the", "of the", "и", "b", "THE?"):
        result = found(client, query)
        assert not result["best"] and not result["total"] and "Try a name" in result["hint"]
        page = client.get("/search", params={"q": query}).text
        assert "is in nearly every text" in page, query
        assert "No results for all of these words" not in page
        assert "is in nearly every text" in client.get("/events", params={"q": query}).text
    for query in ("the seafood", "5", "E5", '"out of work"', "李", "-restaurant"):
        assert found(client, query)["hint"] == "", query


def test_search_is_never_stored(client: TestClient) -> None:
    for path in ("/search?q=x", "/search.json?q=x", "/search?q=%20x"):
        response = client.get(path, follow_redirects=False)
        assert response.headers["Cache-Control"] == "no-store"


def test_query_of_too_many_words_is_cut_on_pages_and_refused_in_files(client: TestClient) -> None:
    many = {"q": "中国朝鲜" * 20}
    for page in ("/search", "/events", "/places"):
        assert "Only the first ones were searched" in client.get(page, params=many).text, page
    for file in ("/search.json", "/events.csv", "/api/v1/search", "/api/v1/events"):
        refused = client.get(file, params=many)
        assert refused.status_code == 422 and "too many words" in refused.text, file


# What a list says about the words of its search field ---------------------------------------------


def results(client: TestClient, address: str) -> str:
    return client.get(address).text.partition('id="results"')[2].partition("</main>")[0]


@pytest.mark.parametrize("page", ["/events", "/estimates", "/sources"])
def test_list_tells_what_its_words_find_there(client: TestClient, page: str) -> None:
    html = results(client, f"{page}?q=seafood")
    folded = html.partition('<details class="more">')[2].partition("</details>")[0]
    assert "Also searched: equivalents of seafood" in folded and "수산물" in folded
    assert f'href="{page}?q=%22seafood%22"' in html and "Search these exact words" in html
    html = results(client, f"{page}?q=zzyzx+Dandong")
    assert "“zzyzx” has no results in this list" in html and "“Dandong” finds:" in html
    assert f'href="{page}?q=Dandong"' in html
    assert 'href="/search?q=zzyzx+Dandong"' in html and 'href="/tell"' in html
    assert "on record" not in html.partition('class="search-exact"')[0]
    assert "has no record that matches these filters" not in html


@pytest.mark.parametrize("path", ["/events.json", "/api/v1/events", "/api/v1/sources"])
def test_json_of_a_list_carries_the_hints_of_its_page(client: TestClient, path: str) -> None:
    def answer(query: str) -> Any:
        return client.get(f"{path}?q={query}").json()

    empty = answer("zzyzx resturants Dandong")
    assert (empty["total"], empty["hint"]) == (0, "")
    unknown, misspelled, place = empty["by_word"]
    assert (unknown["words"], unknown["total"]) == ("zzyzx", 0)
    assert (misspelled["total"], misspelled["nearest"][0]) == (0, "restaurants")
    assert place == {
        "words": "Dandong",
        "total": answer("Dandong")["total"],
        "nearest": [],
        "reason": "",
    }
    found = answer("seafood")
    assert found["by_word"] == [] and "수산물" in found["also"]["seafood"]
    assert "is in nearly every text" in answer("of the")["hint"]
