"""`/compare`: two to four places side by side, on the same axes, with nothing summed."""

import re
from urllib.parse import quote

from starlette.testclient import TestClient

from app.site.compare import MAX_COMPARED
from tests.make import make_estimate, make_event, make_place
from tests.support.event_pages import module_site
from tests.support.html import words
from tests.support.lists import csv_rows

TWO = "/compare?place=dandong&place=hunchun"
FOUR = "/compare?place=china&place=kuwait&place=malaysia&place=russia"


# Columns ----------------------------------------------------------------------------------------


def test_charts_have_the_same_years_and_the_same_scale(client: TestClient) -> None:
    page = client.get(TWO).text
    dandong, hunchun = (
        re.findall(rf'<svg[^>]*aria-label="{label}\. .*?</svg>', page, re.DOTALL)
        for label in ("Dandong", "Hunchun")
    )
    axes = [
        re.findall(r'<text class="x-lab[^>]*>([^<]*)</text>', svg) for svg in (*dandong, *hunchun)
    ]
    assert len(axes) == 2 and axes[0] == axes[1] and "80,000" in axes[0]


def test_answers_come_first_then_newest_events(client: TestClient) -> None:
    page = words(client.get(TWO).text)
    total = client.get("/events.json?place=dandong").json()["total"]
    at = [
        page.index(part)
        for part in (
            "Up to 80,000 North Korean workers were in Dandong (2022)",
            "About 6,000 North Korean workers were in Hunchun (about June 2019)",
            "The difference between two of them is not a measurement.",
            "Newest events",
            f"All {total} events",
        )
    ]
    assert at == sorted(at)
    assert page.count("No check for news has been recorded yet.") == 2


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
    assert "/status?on=2019-12-22&amp;place=dandong" in page
    apart = words(client.get("/compare?place=dandong&place=russia").text)
    assert apart.index("rules only here:") < apart.index("rules of a larger place, but not of all")


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


def test_places_can_be_added_without_scripts(client: TestClient) -> None:
    page = client.get(FOUR).text
    assert page.count('<section aria-labelledby="place-') == MAX_COMPARED
    assert 'placeholder="Add a place"' not in page
    two = client.get(TWO).text
    assert 'placeholder="Add a place"' in two
    assert two.count('name="place"') == 3 and '<option value="Shenyang"' in two
    # They are found by any name and put in one order.
    answer = client.get(f"/compare?place=Hunchun&place={quote('丹东')}&place=")
    assert (answer.status_code, answer.headers["location"]) == (303, TWO)


def test_page_says_what_is_wrong_and_files_refuse_it(
    client: TestClient, small_site: TestClient
) -> None:
    site = {"place-1": small_site}
    for query, message in [
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
        ("place=place-1&place=place-5&place=plant", "is a workplace; compare its city instead"),
    ]:
        asked = site.get(query[6:13], client)
        answer = asked.get(f"/compare?{query}", follow_redirects=True)
        assert answer.status_code == 200 and message in words(answer.text), query
        assert 'name="place"' in answer.text
        for ending in (".csv", ".json"):
            assert asked.get(f"/compare{ending}?{query}").status_code == 422, (query, ending)


# Files, citing, links -----------------------------------------------------------------------------


def test_csv_has_the_estimates_of_each_place_with_their_letters(client: TestClient) -> None:
    rows = csv_rows(client, "/compare.csv?place=dandong&place=hunchun")
    for code in ("dandong", "hunchun"):
        own = [row for row in rows if row["compared_place"] == code]
        city = client.get(f"/cities/{code}.json").json()["figures"]
        assert own and {row["id"] for row in own} <= {figure["id"] for figure in city}
        drawn = {figure["id"] for figure in city if figure["is_drawn"]}
        for row in own:
            is_drawn = row["id"] in drawn
            assert is_drawn is (row["is_drawn"] == "true") is bool(row["key"]), row["id"]


# A record of few places ---------------------------------------------------------------------------


small_site = module_site(
    make_place(5),
    make_place(6, "plant", kind="site", parent="place-1"),
    make_event(1),
    make_estimate(1, terms="place place-5"),
)


def test_place_without_estimates_has_an_empty_column(small_site: TestClient) -> None:
    page = words(small_site.get("/compare?place=place-1&place=place-5").text)
    assert "No estimate in the record is for Place-1 itself." in page
    assert "No event recorded" in page
