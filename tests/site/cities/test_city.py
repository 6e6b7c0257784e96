"""The page of a city: estimates, chart, workplaces and addresses."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.database.sessions import ReaderSession
from app.main import create_app
from app.record.models import Version
from app.record.names.directory import read_directory
from app.settings import Settings
from app.site.cities.city import city_page
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_place,
    make_term,
    publish_all,
)
from tests.support.charts import forty
from tests.support.html import rows_on, words
from tests.support.indexed import select_indexed

if TYPE_CHECKING:
    pass


@pytest.fixture
def city(database: Settings) -> Iterator[Any]:
    """Return the page of a city with only these records."""
    with TestClient(create_app(database), follow_redirects=False) as client:

        def of(*forms: Any, address: str = "/cities/place-1") -> Any:
            with desk_session(database) as desk:
                publish_all(desk, *a_small_world(), *forms)
            return client.get(address)

        yield of


# What it says -------------------------------------------------------------------------------------


def test_city_shows_newest_stock_with_age_and_source(
    client: TestClient, reader: ReaderSession
) -> None:
    text = words(client.get("/cities/dandong").text)
    assert (
        "Latest estimate for the whole place Up to 80,000 2022 (at least 3 years ago) : "
        "workers in the city (North Korean)." in text
    )
    assert "Chinese government count, published by accident" in text
    edition = select_indexed(reader)
    figures = city_page(reader, edition, "dandong", read_directory(reader, edition)).figures
    assert figures.chart.headline == "M17"


def test_people_from_here_are_not_present(city: Any) -> None:
    away = make_estimate(
        1,
        point=204,
        population="overstayers",
        terms=[make_term(role="from"), make_term(code="country-3")],
    )
    text = words(city(away).text)
    assert "No estimate is of people present" in text
    assert "newest for some of the people" not in text.lower()
    assert (
        "Newest for people from here who are elsewhere "
        "204, Overstayers, from Place-1, Country-3, June 2019." in text
    )
    assert "Latest of any kind" not in text
    rows = words(city(away, address="/cities").text)
    assert "Latest of another kind: 204 , people from here, elsewhere" in rows
    here = rows.partition("Estimates for whole areas")[0]
    assert "For a part" not in here, "they are in the country, not here"


def test_city_shows_names_and_containing_places(client: TestClient) -> None:
    html = client.get("/cities/hunchun").text
    assert '<span lang="ko">훈춘</span>' in html and '<span lang="zh-Hans">珲春</span>' in html
    for address in ("/places/china", "/places/jilin", "/places/yanbian", "/cities"):
        assert f'href="{address}"' in html


def test_range_is_two_numbers_with_warning(city: Any) -> None:
    text = words(
        city(
            make_estimate(1, point=2_000),
            make_estimate(2, point=None, low=10_000, quantifier="more-than"),
        ).text
    )
    assert "2,000 to more than 10,000" in text and "not the ends of a range" in text


def test_parts_are_named_below_the_whole(client: TestClient) -> None:
    text = words(client.get("/cities/hunchun").text)
    assert "Latest estimate for the whole place About 6,000" in text
    assert "Newest for some of the people 2,000–5,000, people present:" in text
    assert "North Korean workers at several factories in the city," in text


def test_place_with_parts_only_says_none_for_the_whole(client: TestClient) -> None:
    text = words(client.get("/cities/tumen").text)
    assert "of people present, all or some of them." in text
    assert "None for the whole" in text
    assert "About 160, people present: workers placed in firms of the development zone" in text


@pytest.mark.parametrize(
    "code", ["dandong", "hunchun", "tumen", "vladivostok", "kaishantun", "shanghai"]
)
def test_each_mark_links_to_one_row_with_wording(
    client: TestClient, reader: ReaderSession, code: str
) -> None:
    html = client.get(f"/cities/{code}").text
    forms = [
        row.payload["form"] for row in reader.scalars(select(Version).where(Version.kind == "M"))
    ]
    expected = {
        form["id"]
        for form in forms
        if code in {t.get("code") for t in form["terms"] if t["key"] == "place"}
    }
    assert sorted(rows_on(html)) == sorted(expected)
    drawn = re.findall(r'<a href="#(M[0-9]+)"><title>', html)
    assert set(drawn) <= expected
    assert len(drawn) == 3 * len(set(drawn))  # in each of the three drawings
    lists = re.findall(r'<li id="(M[0-9]+)"', html)
    assert sorted(lists) == sorted(set(drawn))
    for form in forms:
        if form["id"] in expected:
            assert form["citations"][0]["paraphrase"] in html.replace("&#39;", "'").replace(
                "&#34;", '"'
            )


def test_estimates_not_drawn_are_counted_by_letter(client: TestClient) -> None:
    html = client.get("/cities/dandong").text
    drawn = set(re.findall(r'<a href="#(M[0-9]+)"><title>', html))
    assert f"{len(rows_on(html)) - len(drawn)} are not in the chart" in html
    assert not {"M10", "M13", "M16", "M28", "M12", "M26", "M27"} & drawn
    assert {"M7", "M8", "M9", "M17", "M19", "M22"} <= drawn


def test_wholes_and_parts_are_linked_across_places(client: TestClient) -> None:
    hunchun, china = client.get("/cities/hunchun").text, client.get("/places/china").text
    assert re.search(r'Is part of <a href="#M3">b \(500\)</a>', hunchun)
    assert re.search(r'Includes <a href="#M4">', hunchun)
    assert re.search(
        r'Is part of <a href="/estimates/M125">about 100,000, Worldwide, December 2019</a>', china
    )


def test_conflicting_estimates_link_to_each_other(client: TestClient) -> None:
    html = client.get("/places/russia").text
    letters = dict(
        re.findall(r'<li id="(M[0-9]+)"> ?<span class="key[a-z -]*">([a-z]+)</span>', html)
    )
    one, other = letters["M84"], letters["M141"]
    assert f"{one} and {other}" in words(
        html
    ) and "Each pair measures the same thing at the same time" in words(html)
    marked = words(html).split("The editors judge that these conflict")
    assert f"{one} and {other}" in marked[0] and "The entries for study exceed" in marked[1]
    assert f'<a href="#M141">{other}</a>' in html and f'<a href="#M84">{one}</a>' in html
    assert "No two estimates on this page conflict." in client.get("/cities/dandong").text


def test_workplaces_are_listed_but_give_city_no_estimate(city: Any) -> None:
    site = make_place(4, "the-plant", kind="site", parent="place-1")
    there = make_estimate(
        2,
        point=77,
        terms=[make_term(code="the-plant")],
        citations=[make_citation(9, kind="number")],
    )
    happened = make_event(1, terms=[make_term(code="the-plant")])
    html = city(site, make_estimate(1), there, happened).text
    assert rows_on(html) == ["M1"]
    workplaces = words(html[html.index('id="sites"') :])
    assert (
        "The-plant" in workplaces
        and "77 people present, June 2019" in workplaces
        and "1 event" in workplaces
    )


def test_workplace_in_dandong_is_listed_with_events(client: TestClient) -> None:
    text = words(client.get("/cities/dandong").text)
    assert re.search(r"Ryu ?gyong.{0,80}1 event", text, re.IGNORECASE)
    assert client.get("/places/ryu-gyong").headers["location"] == "/cities/dandong"


def test_newest_events_are_listed_with_link_to_all(client: TestClient) -> None:
    html = client.get("/cities/dandong").text
    total = client.get("/events.json?place=dandong").json()["total"]
    assert html.count(f">All {total} events</a>") == 2
    newest = [
        item["id"]
        for item in client.get("/events.json?place=dandong&sort=-happened&limit=5").json()["items"]
    ]
    assert re.findall(r'<article class="ev" id="(E[0-9]+)"', html) == newest


# Little, nothing, much ----------------------------------------------------------------------------


def test_city_without_estimates_explains_absence(client: TestClient) -> None:
    html = client.get("/cities/beijing").text
    assert "does not mean that nobody works there" in html
    assert not rows_on(html) and "<table" not in html and 'href="/cities/beijing.png' not in html
    assert 'id="timeline"' in html


def test_city_with_estimate_in_words_shows_words(city: Any) -> None:
    html = city(make_estimate(point=None, quantifier="words", printed_words="dozens")).text
    text = words(html)
    assert "Latest estimate for the whole place “dozens”" in text
    assert 'class="e-word"' in html


def test_city_without_events_and_estimates_has_page(city: Any) -> None:
    answer = city()
    assert answer.status_code == 200
    assert (
        "The record has no estimate for it." in answer.text
        and "The record has no events here. No entry does not mean that nothing happened."
        in answer.text
    )


def test_city_with_forty_estimates_shows_all(city: Any) -> None:
    answer = city(*forty())
    assert answer.status_code == 200
    assert len(rows_on(answer.text)) == 40
    assert len(re.findall(r'<a href="#M[0-9]+"><title>', answer.text)) == 120


def test_city_with_too_many_estimates_shows_newest(city: Any) -> None:
    figures = [make_estimate(n, as_of=f"{1900 + n // 12}-{n % 12 + 1:02}") for n in range(1, 206)]
    html = city(*figures).text
    assert len(rows_on(html)) == 200 and "The newest estimates, with their wording" in html
    assert {"M1", "M5"} & set(rows_on(html)) == set() and "M205" in rows_on(html)
    assert 'href="/estimates?place=place-1"' in html


def test_each_nationality_has_its_newest_estimate(city: Any) -> None:
    def of(number: int, code: str, **changes: Any) -> Any:
        said = [make_citation(number, kind="number")]
        return make_estimate(
            number, terms=[make_term(), make_term("nationality", code)], citations=said, **changes
        )

    codes = [make_code("kp", "nationality"), make_code("ph", "nationality")]
    text = words(
        city(
            *codes, of(1, "kp", point=6_000, as_of="2019"), of(2, "ph", point=250_000, as_of="2018")
        ).text
    )
    assert re.search(
        r"Latest estimate for the whole place 6,000 2019 .{0,40}: Workers \(Kp\)", text
    )
    assert "Separate estimate: 250,000, Workers (Ph), 2018." in text


def test_table_stands_in_place_of_the_chart(client: TestClient) -> None:
    chart, table = (client.get(f"/cities/dandong{q}").text for q in ("", "?view=table"))
    assert 'href="/cities/dandong?view=table#chart"' in chart
    assert rows_on(table) == rows_on(chart)
    assert "<svg width=" not in table.split('id="chart"')[1].split("Newest events")[0]
    assert re.findall(r'<tr id="(M[0-9]+)"', table) == rows_on(table)


def test_page_has_each_id_once(client: TestClient) -> None:
    for address in ("/cities/dandong", "/cities/dandong?view=table", "/places/russia"):
        found = re.findall(r' id="([^"]+)"', client.get(address).text)
        assert len(found) == len(set(found)), address


def test_events_come_before_all_estimates(client: TestClient) -> None:
    html = client.get("/cities/dandong").text
    order = ["Latest estimate", 'id="chart"', 'id="events"', 'id="parts"', 'id="wording"']
    positions = [html.index(each) for each in order]
    assert positions == sorted(positions)


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


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/cities/jilin", "/places/jilin"),
        ("/cities/jilin.svg", "/places/jilin.svg"),
        ("/cities/china?edition=1", "/places/china?edition=1"),
        ("/places/dandong", "/cities/dandong"),
        ("/cities/moran", "/cities/shenyang"),
    ],
)
def test_other_address_of_place_redirects_to_own(client: TestClient, address: str, to: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["location"]) == (301, to)


@pytest.mark.parametrize("ending", ["", ".json"])
def test_id_of_city_redirects_to_code(client: TestClient, ending: str) -> None:
    found = client.get("/cities/dandong.json").json()["id"]
    assert found.startswith("P")
    address = f"/cities/{found}{ending}"
    for _hop in range(2):
        answer = client.get(address)
        assert answer.status_code == 301
        address = answer.headers["location"]
        if client.get(address).status_code == 200:
            break
    assert address == f"/cities/dandong{ending}"


def test_unknown_city_gets_suggestions(client: TestClient) -> None:
    answer = client.get("/cities/dandon")
    assert answer.status_code == 404
    assert 'href="/cities/dandong"' in answer.text


@pytest.mark.parametrize(
    "name", ["dandong.pdf", "dandong.svg.png", "x" * 500, "%00", "..%2Fetc", "dandong.", "단둥.svg"]
)
def test_malformed_name_is_404(client: TestClient, name: str) -> None:
    assert client.get(f"/cities/{name}").status_code in {200, 301, 404}
    assert client.get(f"/cities/{name}?edition=zzz").status_code in {301, 404, 422}


def test_past_edition_of_city_is_unchanged(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_estimate(1, point=1_111))
    with desk_session(database) as desk:
        publish_all(desk, make_estimate(1, point=2_222))
    with TestClient(create_app(database)) as client:
        now, then = client.get("/cities/place-1").text, client.get("/cities/place-1?edition=1").text
        assert "2,222" in now and "1,111" not in now
        assert "1,111" in then and "2,222" not in then
        assert 'href="/cities/place-1.svg?edition=1"' in then
        assert "1,111" in client.get("/cities/place-1.svg?edition=1").text
