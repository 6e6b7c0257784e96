"""`/compare`: two to four places side by side, on the same axes, with nothing summed."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.record.compare_filters import MAX_COMPARED
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import a_small_world, make_estimate, make_event, make_place, make_term, publish_all
from tests.support.html import words

TWO = "/compare?place=dandong&place=hunchun"
FOUR = "/compare?place=china&place=kuwait&place=malaysia&place=russia"


def panels(page: str, label: str) -> list[str]:
    """Return the drawings of a place's estimates."""
    return re.findall(rf'<svg[^>]*aria-label="{label}, .*?</svg>', page, re.DOTALL)


def axis_of(svg: str) -> tuple[str, ...]:
    """Return the years and the numbers of the scale, in order."""
    return tuple(re.findall(r'<text class="x-lab[^>]*>([^<]*)</text>', svg))


# Columns ----------------------------------------------------------------------------------------


def test_two_places_have_the_same_axes_for_each_kind(client: TestClient) -> None:
    page = client.get(TWO).text
    dandong, hunchun = panels(page, "Dandong"), panels(page, "Hunchun")
    kinds = {re.search('aria-label="Hunchun, ([^.]*)', svg)[1]: svg for svg in hunchun}  # type: ignore[index]
    compared = 0
    for svg in dandong:
        kind = re.search('aria-label="Dandong, ([^.]*)', svg)[1]  # type: ignore[index]
        if kind in kinds and svg[:40] == kinds[kind][:40]:
            assert axis_of(svg) == axis_of(kinds[kind]) != ()
            compared += 1
    assert compared >= 3


def test_parts_are_on_another_scale_than_the_whole(client: TestClient) -> None:
    page = client.get(TWO).text
    assert "People present: parts of a place" in words(page)
    whole, parts = (
        next(svg for svg in panels(page, "Dandong") if f"Dandong, {kind}." in svg)
        for kind in ("People present", "People present: parts of a place")
    )
    assert axis_of(whole) != axis_of(parts)


def test_page_has_headline_with_age_source_and_newest_events(client: TestClient) -> None:
    page = words(client.get(TWO).text)
    assert "up to 80,000" in page and "about 6,000" in page
    assert "Age: at least 3 years." in page and "The Outlaw Ocean Project" in page
    assert "Newest events" in page and "All 35 events" in page
    assert "two places in an address mean “either place”" in page


def test_page_without_a_check_says_that_nobody_may_have_looked(client: TestClient) -> None:
    page = words(client.get(TWO).text)
    assert page.count("No check recorded") == 2
    assert "A gap means that nothing changed or that nobody looked." in page


def test_rules_are_compared_on_the_chosen_day(client: TestClient) -> None:
    page = client.get(f"{TWO}&date=2019-12-22").text
    assert "Rules last reported for 22 December 2019" in words(page)
    status = client.get("/status.json?on=2019-12-22&place=dandong").json()
    body = client.get(f"{TWO.replace('/compare', '/compare.json')}&date=2019-12-22").json()
    dandong, hunchun = body["places"]
    for group in ("recent", "law", "unconfirmed", "planned"):
        named = {m["id"] for m in status["measures"] if m["group"] == group and not m["covers"]}
        assert set(dandong["rules"][group]) == named, group
    wider = {m["id"] for m in status["measures"] if m["covers"] and m["group"] != "done"}
    assert set(dandong["rules"]["larger"]) == wider
    assert hunchun["rules"] != dandong["rules"]
    assert "/status?on=2019-12-22&amp;place=dandong#" in page


def test_estimates_are_never_summed(client: TestClient) -> None:
    """Each number with a thousands separator outside the charts is that of one estimate."""
    page = client.get(TWO).text
    text = words(re.sub("<svg.*?</svg>", "", page, flags=re.DOTALL))
    body = client.get("/compare.json?place=dandong&place=hunchun").json()
    known = {
        f"{int(float(figure[end])):,}"
        for place in body["places"]
        for figure in place["figures"]
        for end in ("low", "point", "high")
        if figure[end] is not None
    }
    for number in re.findall(r"\b[0-9]{1,3}(?:,[0-9]{3})+\b", text):
        assert number in known or number in " ".join(
            event["title"] for place in body["places"] for event in place["newest_events"]
        ), number


def test_four_places_fit_and_can_be_removed(client: TestClient) -> None:
    page = client.get(FOUR).text
    assert page.count("cmp-head") == MAX_COMPARED
    assert 'href="/compare?place=china&amp;place=kuwait&amp;place=malaysia"' in page
    assert 'placeholder="Add a place"' not in page
    two = client.get(TWO).text
    assert 'placeholder="Add a place"' in two and "Remove Dandong" not in two


# Queries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Choose two to four places to compare."),
        ("place=dandong", "Add a second place to compare this one with."),
        ("place=dandong&place=Nowhere", "is not a place in the record"),
        ("place=dandong&place=nowhere-at-all", "is not a place in the record"),
        (
            "place=china&place=dandong&place=hunchun&place=jilin&place=russia",
            "is a fifth place; at most four can be compared",
        ),
        ("place=dandong&not_place=hunchun", "can’t be used here"),
        ("place=dandong&place=hunchun&date=soon", "“date=soon” was ignored"),
        ("place=dandong&place=hunchun&from=2019", "“from=2019” was ignored"),
    ],
)
def test_page_says_what_is_wrong_and_files_refuse_it(
    client: TestClient, query: str, message: str
) -> None:
    answer = client.get(f"/compare?{query}", follow_redirects=True)
    assert answer.status_code == 200 and message in words(answer.text), words(answer.text)
    assert 'name="place"' in answer.text
    for ending in (".csv", ".json"):
        assert client.get(f"/compare{ending}?{query}").status_code == 422, ending


def test_workplace_is_refused_with_a_reason(client: TestClient) -> None:
    query = "place=dandong&place=hunchun&place=ryu-gyong"
    page = words(client.get(f"/compare?{query}", follow_redirects=True).text)
    assert "is a workplace; compare its city instead" in page
    assert "Dandong and Hunchun compared" in page
    assert client.get(f"/compare.json?{query}").status_code == 422


def test_places_are_found_by_any_name_and_put_in_one_order(client: TestClient) -> None:
    answer = client.get(f"/compare?place=Hunchun&place={quote('丹东')}&place=")
    assert (answer.status_code, answer.headers["location"]) == (303, TWO)


def test_form_works_without_scripts_and_suggests_names(client: TestClient) -> None:
    page = client.get(TWO).text
    assert page.count('name="place"') == 3 and '<option value="Shenyang"' in page
    assert re.search('href="/compare\\?place=dandong&amp;place=hunchun&amp;place=[a-z]+"', page)


# Files, citing, links -----------------------------------------------------------------------------


def test_csv_has_the_estimates_of_each_place_with_their_letters(client: TestClient) -> None:
    text = client.get("/compare.csv?place=dandong&place=hunchun").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    page = client.get(TWO).text
    for code in ("dandong", "hunchun"):
        own = [row for row in rows if row["compared_place"] == code]
        city = client.get(f"/cities/{code}.json").json()["figures"]
        assert {row["id"] for row in own} <= {figure["id"] for figure in city}
        for row in own:
            is_listed = f'id="{code}-{row["id"]}"' in page
            assert is_listed is (row["is_drawn"] == "true") is bool(row["key"]), row["id"]
    assert client.get("/compare.xlsx?place=dandong&place=hunchun").status_code == 200
    metadata = client.get("/compare.csv-metadata.json?place=dandong&place=hunchun").json()
    assert metadata["tableSchema"]["primaryKey"] == ["compared_place", "id"]


def test_page_is_cited_and_shared(client: TestClient) -> None:
    page = client.get(TWO).text
    assert "Dandong and Hunchun compared" in words(page)
    assert "place=dandong&amp;place=hunchun&amp;edition=1" in page and "Share" in page
    cited = client.get(f"/cite.txt?of={quote(TWO)}", follow_redirects=True)
    assert "Dandong and Hunchun compared" in cited.text and "sha256" in cited.text
    preview = re.search('property="og:image" content="http://testserver([^"]*)"', page)
    assert preview and client.get(preview[1].replace("&amp;", "&")).status_code == 200


def test_city_page_and_list_of_cities_lead_to_comparisons(client: TestClient) -> None:
    city = client.get("/cities/dandong").text
    assert f'href="{TWO.replace("&", "&amp;")}"' in city and "Compare with Hunchun" in words(city)
    assert "Compare places" in words(client.get("/cities").text)


# A record of few places ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_site(server: "object", template: str) -> Iterator[TestClient]:
    name = server.create(template)  # type: ignore[attr-defined]
    settings: Settings = server.settings(name)  # type: ignore[attr-defined]
    with desk_session(settings) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_place(5),
            make_event(1),
            make_estimate(1, terms=[make_term(code="place-5")]),
        )
    app = create_app(settings)
    with TestClient(app, follow_redirects=True) as client:
        wait_until(lambda: app.state.indexes.serving is not None, "the index to be ready")
        yield client
    server.drop(name)  # type: ignore[attr-defined]


def test_place_without_estimates_has_an_empty_column(small_site: TestClient) -> None:
    page = words(small_site.get("/compare?place=place-1&place=place-5").text)
    assert "No estimate for the whole" in page
    assert "No estimate of this kind recorded" in page and "No event recorded" in page


def test_neighbours_are_of_the_same_kind(small_site: TestClient) -> None:
    page = small_site.get("/compare?place=place-1").text
    offered = re.findall(r'href="/compare\?([^"]*)"', page)
    assert any("place-5" in query for query in offered)
    assert not any("province" in query or "country" in query for query in offered)
