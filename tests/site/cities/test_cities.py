"""The table of cities: newest estimate, age, range, filters and map."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.record.sql.rows import ListRow
from app.settings import Settings
from app.site.cities.city_rows import COLUMNS, rows_of
from app.site.cities.latest_estimates import count_places
from app.site.components.headcounts import newest_wholes
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_place,
    make_term,
)
from tests.make import publish_all as publish
from tests.support.html import words
from tests.support.publisher import Publisher


def rows(html: str) -> dict[str, str]:
    """Return the text of each row by place name."""
    found = re.findall(r'<tr><th scope="row"[^>]*><a [^>]*><b>([^<]+)</b>(.*?)</tr>', html, re.S)
    return {name: words(row) for name, row in found}


def items(client: TestClient, query: str = "") -> dict[str, dict[str, Any]]:
    return {item["code"]: item for item in client.get(f"/cities.json{query}").json()["items"]}


def test_city_shows_newest_stock_with_age_and_speaker(
    client: TestClient,
) -> None:
    hunchun = rows(client.get("/cities").text)["Hunchun"]
    assert "About 6,000" in hunchun and "as of about June 2019" in hunchun
    assert "Daily NK" in hunchun and "only one estimate" in hunchun


def test_figure_for_some_plants_is_named_as_a_part(client: TestClient) -> None:
    hunchun = rows(client.get("/cities").text)["Hunchun"]
    part = "2,000–5,000 , North Korean workers at several factories in the city"
    assert part in hunchun
    item = items(client)["hunchun"]
    assert (item["newest"], item["parts"]) == ("M1", ["M2"])


def test_each_nationality_has_a_headline_that_names_it(client: TestClient) -> None:
    """Of Kuwait there are figures for Filipino workers (M132) and for North Koreans (M100)."""
    row = rows(client.get("/cities").text.split('id="areas"')[1])["Kuwait"]
    newest, other = row.split("Separate estimate:")
    assert "More than 250,000 Filipino workers" in newest
    assert "about 2,000 , workers who are still there (North Korean), as of" in other


@pytest.mark.parametrize(
    ("area", "amount", "reserve"),
    [
        ("China", "Up to 100,000", "as of 9 July 2024"),
        ("Oman", "0", "A report of the Associated Press in 2017 speaks of workers in Oman."),
        ("Middle East", "Up to 10,000", "“used to”"),
    ],
)
def test_headline_keeps_its_reserve(
    client: TestClient, area: str, amount: str, reserve: str
) -> None:
    row = rows(client.get("/cities").text.split('id="areas"')[1])[area]
    assert amount in row and reserve in row


@pytest.mark.parametrize(
    ("area", "words"),
    [
        ("China", "about 100,000, and up to 100,000; in words: “tens of thousands”"),
        ("Qatar", "fewer than 1,000, and about 1,000"),
        ("Poland", "about 400, and up to 800"),
        ("Oman", "0, and up to 300"),
    ],
)
def test_bounds_are_printed_as_bounds(client: TestClient, area: str, words: str) -> None:
    row = rows(client.get("/cities").text.split('id="areas"')[1])[area]
    assert words in row


def test_estimate_of_one_workplace_is_not_stock(client: TestClient) -> None:
    row = rows(client.get("/cities").text)["Saint Petersburg"]
    assert "None for the whole place" in row
    assert "at least 110 , workers at the stadium site" in row


def test_estimate_of_part_population_is_not_stock(client: TestClient) -> None:
    """On the same day there are 969 nationals (M137), of whom 619 are students (M138)."""
    row = rows(client.get("/cities").text.split('id="areas"')[1])["Primorsky Krai"]
    newest, part = row.split("For a part,", 1)
    assert "969" in newest and "619" not in newest and "only one estimate" in row
    assert "619" in part


def test_city_without_estimates_says_none(client: TestClient) -> None:
    row = rows(client.get("/cities").text)["Sinuiju"]
    assert "None for the whole place" in row and "Newest" not in row


def test_counts_match_linked_lists(client: TestClient) -> None:
    text = client.get("/cities").text
    links = re.findall(
        r'class="num"[^>]*><a href="(/(?:estimates|events)\?[^"]+)"[^>]*>(\d+)</a>', text
    )
    assert len(links) > 40
    for address, count in links:
        path, _, query = address.replace("&amp;", "&").partition("?")
        assert client.get(f"{path}.json?{query}&limit=1").json()["total"] == int(count), address


def test_province_has_no_city_row_and_no_dot(client: TestClient) -> None:
    text = client.get("/cities").text
    table, areas = text.split('id="areas"')
    assert {"Jilin", "China", "Russia"} <= rows(areas).keys()
    assert not {"Jilin", "China", "Russia"} & rows(table).keys()
    drawn = re.findall(r'class="m-link" href="([^"]+)"', text)
    assert drawn and all(address.startswith("/cities/") for address in drawn)


def test_dot_has_stock_estimate_and_ring_has_none(client: TestClient) -> None:
    text = client.get("/cities").text
    dots = dict(
        re.findall(
            r'class="m-link" href="/cities/([^"]+)"[^>]*><circle class="(m-dot|m-ring)"', text
        )
    )
    for code, item in items(client).items():
        if code in dots:
            assert dots[code] == ("m-dot" if item["newest"] else "m-ring"), code
    assert {"m-dot", "m-ring"} == set(dots.values())


def test_events_without_city_are_listed_by_map(client: TestClient) -> None:
    """Every event counts for a city or in this list: China's events here name no smaller place."""
    text = client.get("/cities").text
    beside = words(text[text.index('id="elsewhere"') :].split("</section>")[0])
    count = re.search(r"China\D+(\d+) events", beside)
    inside_china = client.get("/events.json?place=china&limit=1").json()["total"]
    assert count and 0 < int(count[1]) < inside_china


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?place=primorsky", {"vladivostok"}),
        ("?has=stock", {"dandong", "hunchun"}),
        ("?place=jilin&has=stock", {"hunchun"}),
        ("?place=sarawak&not_has=figures", {"bintulu"}),
    ],
)
def test_table_is_filtered_by_query(client: TestClient, query: str, codes: set[str]) -> None:
    assert items(client, query).keys() == codes
    text = client.get(f"/cities{query}").text.split('id="areas"')[0]
    assert len(rows(text)) == len(codes)


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("name", lambda item: item["name"].casefold()),
        ("figures", lambda item: -item["figures"]),
        ("events", lambda item: -item["events"]),
    ],
)
def test_table_is_sorted_by_query(client: TestClient, sort: str, key: Any) -> None:
    found = list(items(client, f"?sort={sort}").values())
    assert [key(item) for item in found] == sorted(key(item) for item in found)
    text = client.get(f"/cities?sort={sort}").text
    assert text.count('aria-sort="descending"') + text.count('aria-sort="ascending"') == 1
    names = list(rows(text.split('id="areas"')[0]))
    assert names == [item["name"] for item in found]


def test_empty_or_default_value_redirects_to_canonical(client: TestClient) -> None:
    answer = client.get("/cities?place=&has=stock&sort=newest")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cities?has=stock")


def test_unknown_value_has_notice_on_page_and_error_in_files(client: TestClient) -> None:
    assert "“Place: atlantis” is not in this edition" in words(
        client.get("/cities?place=atlantis").text
    )
    assert "colour" in words(client.get("/cities?colour=red").text)
    for suffix in ("json", "csv"):
        answer = client.get(f"/cities.{suffix}?place=atlantis")
        assert answer.status_code == 422 and answer.json()["errors"][0]["key"] == "place"


def test_page_and_files_have_same_cities_in_same_order(client: TestClient) -> None:
    answer = client.get("/cities.csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert list(table[0]) == [column.name for column in COLUMNS]
    page = list(rows(client.get("/cities").text.split('id="areas"')[0]))
    assert (
        [row["name"] for row in table] == [item["name"] for item in items(client).values()] == page
    )
    assert (
        answer.headers["x-sojourn-edition"] == "1"
        and answer.headers["x-sojourn-licence"] == "CC BY 4.0"
    )


def test_a_part_is_not_printed_as_part_of_the_number_above(client: TestClient) -> None:
    row = rows(client.get("/cities").text.split('id="areas"')[1])["Russia"]
    assert "A part:" not in row and "For a part, 10 March 2020: 511" in row


# In a small world ---------------------------------------------------------------------------------


def the_row(settings: Settings, *forms: Any, name: str = "Place-1", query: str = "") -> str:
    with desk_session(settings) as desk:
        publish(desk, *a_small_world(), *forms)
    with TestClient(create_app(settings)) as client:
        return rows(client.get(f"/cities{query}").text)[name]


def test_range_covers_two_years_of_same_population(database: Settings) -> None:
    def figure(number: int, point: int, as_of: str, nationality: str, **changes: Any) -> Any:
        terms = [make_term(), make_term("nationality", nationality)]
        return make_estimate(number, point=point, as_of=as_of, terms=terms, **changes)

    row = the_row(
        database,
        make_code("kp", "nationality"),
        make_code("ph", "nationality"),
        figure(1, 100, "2016-05", "kp"),
        figure(2, 700, "2018-07", "kp"),
        figure(3, 9_000, "2018-08", "ph", coverage="part"),
        figure(5, 8_000, "2018-09", "kp", population="nationals"),
        figure(4, 500, "2020-06", "kp"),
    )
    newest, parts = row.split("For a part,", 1)
    assert "500" in newest and "500 to 700" in parts and "9,000" in parts
    assert not {"100", "8,000"} & set(row.split())


RANGE = {"point": None, "low": 1_000, "high": 3_000}
LOWEST_AND_HIGHEST: list[tuple[dict[str, Any], dict[str, Any], tuple[str, Any, Any]]] = [
    (
        {"point": 2_000},
        {"point": None, "low": 10_000, "quantifier": "more-than"},
        ("2,000 to more than 10,000", 2_000, None),
    ),
    (
        {"point": 9_000},
        {"point": None, "high": 300, "quantifier": "up-to"},
        ("up to 300, and 9,000", None, 9_000),
    ),
    (
        {"point": 2_000, "quantifier": "nearly"},
        {"point": 300, "quantifier": "about"},
        ("about 300 to nearly 2,000", 300, 2_000),
    ),
    ({**RANGE, "quantifier": "range"}, {"point": 2_000}, ("1,000 to 3,000", 1_000, 3_000)),
    (
        {**RANGE, "quantifier": "more-than"},
        {"point": 2_000},
        ("1,000 to more than 3,000", 1_000, None),
    ),
    ({"point": 2_000}, {"point": 2_000, "quantifier": "about"}, ("2,000 only", 2_000, 2_000)),
]


@pytest.mark.parametrize(("one", "other", "expected"), LOWEST_AND_HIGHEST, ids=str)
def test_lowest_and_highest_are_printed_as_reported(
    database: Settings,
    one: dict[str, Any],
    other: dict[str, Any],
    expected: tuple[str, int | None, int | None],
) -> None:
    assert expected[0] in the_row(database, make_estimate(1, **one), make_estimate(2, **other))
    with TestClient(create_app(database)) as client:
        item = items(client)["place-1"]
    found = tuple(item[name] for name in ("lowest_and_highest", "lowest", "highest"))
    assert found == expected


def test_figure_up_to_a_day_is_not_newer_than_one_of_that_month(database: Settings) -> None:
    row = the_row(
        database,
        make_estimate(1, point=6_000, as_of="../2017-09"),
        make_estimate(2, point=2_000, as_of="2017-09-27~"),
        make_estimate(3, point=9_000, as_of="2016"),
    )
    assert "2,000 Workers as of about 27 September 2017" in row
    assert "2,000 to 9,000" in row


NEWEST: list[tuple[dict[str, Any], dict[str, Any]]] = [
    # The first of each two is the headline.
    ({"as_of": "2018-01-03"}, {"as_of": "2017-08/2018-01"}),
    ({"as_of": "2018-02"}, {"as_of": "2018-01-03"}),
    ({"as_of": "2018-01-31"}, {"as_of": "2018"}),
    ({"as_of": "2019"}, {"as_of": "2018-12-31"}),
    (
        {"as_of": "2023"},
        {"as_of": "2023-12", "point": None, "high": 5_000, "quantifier": "up-to"},
    ),
    ({"as_of": "2023-12"}, {"as_of": "2023-12~", "quantifier": "words", "point": None}),
    ({"as_of": "2023-12"}, {"as_of": "2014/2024"}),
    ({"as_of": "2018", "role": "preferred", "role_reason": "Good."}, {"as_of": "2018-01-31"}),
]


@pytest.mark.parametrize(("one", "other"), NEWEST, ids=str)
@pytest.mark.parametrize("is_first", [True, False])
def test_newest_is_later_in_all_its_days_or_better_known(
    one: dict[str, Any], other: dict[str, Any], is_first: bool
) -> None:
    numbers = (1, 2) if is_first else (2, 1)
    forms = [
        make_estimate(number, printed_words="dozens", **changes)
        for number, changes in zip(numbers, (one, other), strict=True)
    ]
    found = newest_wholes([as_row(form) for form in forms], "place-1")
    assert [row.id for row in found] == [f"M{numbers[0]}"]


def test_alleged_is_not_newest_of_its_time() -> None:
    rows = [as_row(make_estimate(1)), as_row(make_estimate(2), certainty="alleged")]
    assert [row.id for row in newest_wholes(rows, "place-1")] == ["M1"]


def as_row(form: Any, **payload: Any) -> ListRow:
    stored = {"form": form.model_dump(mode="json"), "whole_at": ["place-1"], **payload}
    return ListRow(None, form.id, int(form.id[1:]), stored, (), None, None, None, None, 0, 0)


def test_plans_rates_shares_and_rejected_are_never_newest(database: Settings) -> None:
    row = the_row(
        database,
        make_estimate(1, as_of="2015"),
        make_estimate(2, nature="planned", period="2018"),
        make_estimate(3, as_of="2018", form="share", unit="ratio", point=0.5),
        make_estimate(4, as_of="2018", per="group", point=20),
        make_estimate(5, as_of="2018", role="rejected", role_reason="A slip."),
        make_estimate(6, as_of="2018", population="one-group", population_text="one plant"),
    )
    assert "1,203" in row and "as of 2015" in row


def test_estimate_in_words_is_shown_as_words(database: Settings) -> None:
    row = the_row(
        database, make_estimate(1, quantifier="words", point=None, printed_words="dozens")
    )
    assert "“dozens”" in row and "words only" in row


def test_conflicting_estimates_are_marked(database: Settings) -> None:
    other = make_estimate(2, point=4_000, citations=[make_citation(402, source=2, kind="number")])
    assert "2 in conflict" in the_row(database, make_estimate(1), other)


def test_workplace_counts_only_on_page_of_city(database: Settings) -> None:
    plant = make_place(4, "plant", kind="site", parent="place-1")
    at_plant = [make_term(code="plant")]
    row = the_row(database, plant, make_estimate(1, terms=at_plant), make_event(1, terms=at_plant))
    assert "None for the whole place" in row and "1" in row.split()[-2]


def test_empty_record_has_empty_table(database: Settings) -> None:
    with desk_session(database) as desk:
        publish(desk, *a_small_world())
    with TestClient(create_app(database)) as client:
        text = words(client.get("/cities").text)
        assert "No city or town matches." in text
        assert client.get("/cities.json").json()["items"] == []


def test_cached_rows_equal_recomputed_rows(database: Settings) -> None:
    with desk_session(database) as desk:
        publisher = Publisher(desk, 9)
        acts = [
            publisher.add,
            publisher.add,
            publisher.correct,
            publisher.withdraw,
            publisher.add,
            publisher.purge,
        ]
        for edition, names in publisher.editions(
            [*acts, publisher.rename, publisher.merge, publisher.add]
        ):
            told = count_places(desk, edition, names)
            recalculated = rows_of(edition, told, names)
            caching = replace(edition, is_cacheable=True)
            assert rows_of(caching, told, names) == recalculated, edition.no
        assert len(recalculated) > 1
