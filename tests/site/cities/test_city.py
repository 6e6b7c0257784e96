"""The page of a city: estimates, chart, workplaces and addresses."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.site.place_estimates import at_place
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_link,
    make_place,
    make_term,
)
from tests.support.charts import forty
from tests.support.event_pages import module_site
from tests.support.html import rows_on, words

WORDS: dict[str, Any] = {"point": None, "quantifier": "words", "printed_words": "dozens"}
PART: dict[str, Any] = {"coverage": "part", "population_text": "workers of the zone"}


def in_city(city: int, number: int, nationality: str = "", **changes: Any) -> Any:
    terms = [make_term(code=f"place-{city}")]
    terms += [make_term("nationality", nationality)] if nationality else []
    cited = [make_citation(1000 + number, kind="number")]
    return make_estimate(number, **{"terms": terms, "citations": cited} | changes)


def at(code: str) -> dict[str, Any]:
    return {"terms": [make_term(code=code)]}


made = module_site(
    *(make_place(number, parent="province-2") for number in range(11, 20)),
    make_place(4, "the-plant", kind="site", parent="place-14"),
    *(make_code(code, "nationality") for code in ("kp", "ph")),
    in_city(
        *(11, 1),
        point=204,
        population="overstayers",
        terms=[make_term(code="place-11", role="from"), make_term(code="country-3")],
    ),
    in_city(12, 2, point=2_000),
    in_city(12, 3, point=None, low=10_000, quantifier="more-than"),
    in_city(13, 4, point=160, quantifier="about", **PART),
    in_city(14, 5, links=[make_link("M8", "part-of", 5)]),
    in_city(14, 6, point=77, **at("the-plant")),
    make_event(1, **at("the-plant")),
    in_city(15, 7, **WORDS),
    in_city(15, 8, point=9_000, **at("province-2")),
    in_city(16, 9, "kp", point=6_000, as_of="2019"),
    in_city(16, 10, "ph", point=250_000, as_of="2018"),
    in_city(16, 11, point=7_000, as_of="2017"),
    in_city(
        16,
        12,
        population="nationals",
        as_of="2017",
        links=[make_link("M11", "conflicts-with", 12, reason="More study than live there.")],
    ),
    *(
        form.model_copy(update={"id": f"M{100 + n}", "terms": [make_term(code="place-17")]})
        for n, form in enumerate(forty())
    ),
    *(in_city(18, 200 + n, as_of=f"201{n}") for n in range(3)),
)
"""A site with a city for each case, `place-11` and so on."""


# What it says -------------------------------------------------------------------------------------


def test_city_shows_newest_stock_with_age_source_and_parts(client: TestClient) -> None:
    text = words(client.get("/cities/dandong").text)
    assert (
        "Latest estimate for the whole place Up to 80,000 2022 (at least 3 years ago) : "
        "workers in the city (North Korean)." in text
    )
    assert "Chinese government count, published by accident" in text
    assert "No two estimates on this page conflict." in text
    text = words(client.get("/cities/hunchun").text)
    assert "Latest estimate for the whole place About 6,000" in text
    assert "Newest for some of the people 2,000–5,000, people present:" in text
    assert "North Korean workers at several factories in the city," in text


def test_people_from_here_are_not_present(made: TestClient) -> None:
    text = words(made.get("/cities/place-11").text)
    assert "No estimate is of people present" in text
    assert "newest for some of the people" not in text.lower()
    assert (
        "Newest for people from here who are elsewhere "
        "204, Overstayers, from Place-11, Country-3, June 2019." in text
    )
    assert "Latest of any kind" not in text
    row = words(made.get("/cities").text.partition("<b>Place-11</b>")[2].partition("</tr>")[0])
    assert "Latest of another kind: 204 , people from here, elsewhere" in row
    assert "For a part" not in row, "they are in the country, not here"


def test_city_shows_names_and_containing_places(client: TestClient) -> None:
    html = client.get("/cities/hunchun").text
    assert '<span lang="ko">훈춘</span>' in html and '<span lang="zh-Hans">珲春</span>' in html
    for address in ("/places/china", "/places/jilin", "/places/yanbian", "/cities"):
        assert f'href="{address}"' in html


def test_summary_says_ranges_parts_words_and_nationalities(made: TestClient) -> None:
    for city, said in [
        (12, ("2,000 to more than 10,000", "not the ends of a range")),
        (
            13,
            (
                "of people present, all or some of them.",
                "None for the whole",
                "About 160, people present: workers of the zone",
            ),
        ),
        (15, ("Latest estimate for the whole place “dozens”",)),
        (16, ("6,000 2019", "Workers (Kp)", "Separate estimate: 250,000, Workers (Ph), 2018.")),
        (19, ("The record has no estimate for it.", "The record has no events here.")),
    ]:
        text = words(made.get(f"/cities/place-{city}").text)
        assert [part for part in said if part not in text] == [], text
    assert 'class="e-word"' in made.get("/cities/place-15").text
    # A search finds it also without events.
    card = made.get("/search?q=Place-19").text
    assert 'href="/events?place=place-19"' in card and "0 events" in card


def test_each_mark_links_to_one_row_with_wording(client: TestClient) -> None:
    for code in ("dandong", "hunchun", "shenyang", "helong", "tumen"):
        html = client.get(f"/cities/{code}").text
        plain = html.replace("&#39;", "'").replace("&#34;", '"')
        listed = client.get(f"/estimates.json?place={code}&level=city").json()["items"]
        expected = sorted(item["id"] for item in listed)
        assert sorted(rows_on(html)) == expected
        drawn = re.findall(r'<a href="#(M[0-9]+)"><title>', html)
        assert set(drawn) <= {*expected} and len(drawn) == 3 * len(set(drawn))  # in each drawing
        assert sorted(re.findall(r'<li id="(M[0-9]+)"', html)) == sorted(set(drawn))
        for item in listed:
            assert item["citations"][0]["paraphrase"] in plain, item["id"]


def test_estimates_not_drawn_are_counted_by_letter(client: TestClient) -> None:
    html = client.get("/cities/dandong").text
    drawn = set(re.findall(r'<a href="#(M[0-9]+)"><title>', html))
    assert f"{len(rows_on(html)) - len(drawn)} are not in the chart" in html
    assert not {"M12", "M13", "M16"} & drawn
    assert {"M7", "M8", "M9", "M17", "M22"} <= drawn


def test_wholes_parts_and_conflicts_are_linked(client: TestClient, made: TestClient) -> None:
    hunchun = client.get("/cities/hunchun").text
    assert re.search(r'Is part of <a href="#M3">b \(500\)</a>', hunchun)
    assert re.search(r'Includes <a href="#M4">', hunchun)
    beyond = r'Is part of <a href="/estimates/M8">9,000, Province-2, June 2019</a>'
    assert re.search(beyond, made.get("/cities/place-14").text)
    html = client.get("/places/russia").text
    letters = dict(
        re.findall(r'<li id="(M[0-9]+)"> ?<span class="key[a-z -]*">([a-z]+)</span>', html)
    )
    one, other = letters["M84"], letters["M141"]
    assert f"{one} and {other}" in words(html)
    assert "Each pair measures the same thing at the same time" in words(html)
    assert f'<a href="#M141">{other}</a>' in html and f'<a href="#M84">{one}</a>' in html
    marked = words(made.get("/cities/place-16").text).split("The editors judge that these conflict")
    assert "More study than live there." in marked[1]


def test_workplaces_are_listed_but_give_city_no_estimate(made: TestClient) -> None:
    html = made.get("/cities/place-14").text
    assert rows_on(html) == ["M5"]
    workplaces = words(html[html.index('id="sites"') :])
    for part in ("The-plant", "77 people present, June 2019", "1 event"):
        assert part in workplaces, part
    for address in ("/places/the-plant", "/cities/the-plant"):
        answer = made.get(address)
        assert (answer.status_code, answer.headers["location"]) == (301, "/cities/place-14")


def test_newest_events_are_listed_with_link_to_all(client: TestClient) -> None:
    html = client.get("/cities/dandong").text
    total = client.get("/events.json?place=dandong").json()["total"]
    assert html.count(f">All {total} events</a>") == 2
    newest = [
        item["id"]
        for item in client.get("/events.json?place=dandong&sort=-happened&limit=5").json()["items"]
    ]
    assert re.findall(r'<article class="event" id="(E[0-9]+)"', html) == newest
    order = ["Latest estimate", 'id="chart"', 'id="events"', 'id="parts"', 'id="wording"']
    positions = [html.index(each) for each in order]
    assert positions == sorted(positions)


def test_city_without_estimates_explains_absence(client: TestClient) -> None:
    html = client.get("/cities/donggang").text
    assert "does not mean that nobody works there" in html and 'id="timeline"' in html
    assert not rows_on(html) and "<table" not in html and 'href="/cities/donggang.png' not in html


def test_city_shows_many_estimates_and_the_newest_of_too_many(
    made: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = made.get("/cities/place-17").text
    assert len(rows_on(many)) == 40
    assert len(re.findall(r'<a href="#M[0-9]+"><title>', many)) == 120
    monkeypatch.setattr(at_place, "MAX_ESTIMATES", 2)
    html = made.get("/cities/place-18").text
    assert rows_on(html) == ["M201", "M202"] and "The newest estimates, with their wording" in html
    assert 'href="/estimates?place=place-18"' in html


def test_table_stands_in_place_of_the_chart(client: TestClient) -> None:
    chart, table = (client.get(f"/cities/dandong{q}").text for q in ("", "?view=table"))
    assert 'href="/cities/dandong?view=table#chart"' in chart
    assert rows_on(table) == rows_on(chart)
    assert "<svg width=" not in table.split('id="chart"')[1].split("Newest events")[0]
    assert re.findall(r'<tr id="(M[0-9]+)"', table) == rows_on(table)
    for html in (chart, table, client.get("/places/russia").text):
        found = re.findall(r' id="([^"]+)"', html)
        assert len(found) == len(set(found))


def test_rules_are_bars_with_letters_that_lead_to_events(client: TestClient) -> None:
    html = client.get("/cities/dandong").text
    listed = re.findall(
        r'<li id="rule-(E[0-9]+)"> ?<span class="key">([A-Z])</span>.*?<a href="/events/(E[0-9]+)"',
        html,
    )
    assert listed and all(id == target for id, _letter, target in listed)
    drawn = re.findall(r'<a href="#rule-(E[0-9]+)"> ?<title>([A-Z]):', html)
    assert len(drawn) == 3 * len(listed)
    assert set(drawn) == {(id, letter) for id, letter, _target in listed}
    reported = {
        rule["id"]: rule["group"]
        for rule in client.get("/status.json?place=dandong").json()["measures"]
    }
    assert {reported[id] for id, _letter in set(drawn)} <= {"recent", "law", "ended", "unconfirmed"}


# Addresses ----------------------------------------------------------------------------------------


def test_other_address_of_place_redirects_to_own(client: TestClient) -> None:
    for address, to in [
        ("/cities/jilin", "/places/jilin"),
        ("/cities/jilin.svg", "/places/jilin.svg"),
        ("/cities/china?edition=1", "/places/china?edition=1"),
        ("/places/dandong", "/cities/dandong"),
    ]:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (301, to), address
    json = client.get("/cities/P1.json", follow_redirects=True)
    assert json.url.path == "/cities/dandong.json" and json.json()["id"] == "P1"
    answer = client.get("/cities/dandon")
    assert answer.status_code == 404 and 'href="/cities/dandong"' in answer.text
    for name in ("dandong.pdf", "dandong.svg.png", "x" * 500, "%00", "..%2Fetc", "단둥.svg"):
        assert client.get(f"/cities/{name}").status_code in {200, 301, 404}, name
        assert client.get(f"/cities/{name}?edition=zzz").status_code in {301, 404, 422}, name
