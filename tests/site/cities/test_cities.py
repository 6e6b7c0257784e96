"""The table of cities: newest estimate, age, range, filters and map."""

import re
from typing import Any

from starlette.testclient import TestClient

from app.record.sql.rows import ListRow
from app.settings import Settings
from app.site.cities import COLUMNS
from app.site.components.headcounts import newest_wholes, of_same_month
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_place,
    make_term,
)
from tests.support.event_pages import published_as
from tests.support.html import words
from tests.support.lists import csv_rows


def rows(html: str) -> dict[str, str]:
    """Return the text of each row by place name."""
    found = re.findall(r'<tr><th scope="row"[^>]*><a [^>]*><b>([^<]+)</b>(.*?)</tr>', html, re.S)
    return {name: words(row) for name, row in found}


def items(client: TestClient, query: str = "") -> dict[str, dict[str, Any]]:
    return {item["code"]: item for item in client.get(f"/cities.json{query}").json()["items"]}


def test_table_begins_with_the_number_of_cities_that_have_one(client: TestClient) -> None:
    page = client.get("/cities").text
    assert "have a number for all workers or nationals there." in words(page)


def test_city_shows_newest_stock_with_age_and_speaker(client: TestClient) -> None:
    cities = rows(client.get("/cities").text)
    for part in (
        *("About 6,000", "About June 2019 (7 years ago)", "Daily NK"),
        "2,000–5,000 , North Korean workers at several factories in the city",
    ):
        assert part in cities["Hunchun"], part
    item = items(client)["hunchun"]
    assert (item["newest"], item["parts"]) == ("M1", ["M2"])
    assert "None for the whole place" in cities["Sinuiju"] and "Newest" not in cities["Sinuiju"]


def test_province_has_no_city_row_and_no_dot(client: TestClient) -> None:
    text = client.get("/cities").text
    table, areas = text.split('id="areas"')
    assert {"China", "Russia"} <= rows(areas).keys()
    assert not {"Jilin", "China", "Russia"} & rows(table).keys()
    drawn = re.findall(r'class="m-link" href="([^"]+)"', text)
    assert drawn and all(address.startswith("/cities/") for address in drawn)
    # A dot has a stock estimate, a ring has none.
    dots = re.findall(
        r'class="m-link" href="/cities/([^"]+)"[^>]*><circle class="(m-dot|m-ring)"', text
    )
    found = items(client)
    assert {"m-dot", "m-ring"} == {shape for _code, shape in dots}
    for code, shape in dots:
        assert shape == ("m-dot" if found[code]["newest"] else "m-ring"), code


def test_table_is_filtered_by_query(client: TestClient) -> None:
    for query, codes in [
        ("?place=jilin", {"helong", "hunchun", "tumen"}),
        ("?has=stock", {"dandong", "hunchun"}),
        ("?place=jilin&has=stock", {"hunchun"}),
        ("?place=liaoning&not_has=figures", {"donggang"}),
    ]:
        assert items(client, query).keys() == codes, query
        text = client.get(f"/cities{query}").text.split('id="areas"')[0]
        assert len(rows(text)) == len(codes), query


def test_page_and_files_are_sorted_by_query(client: TestClient) -> None:
    keys: dict[str, Any] = {
        "name": lambda item: item["name"].casefold(),
        "figures": lambda item: -item["figures"],
        "events": lambda item: -item["events"],
    }
    for sort, key in keys.items():
        found = list(items(client, f"?sort={sort}").values())
        assert [key(item) for item in found] == sorted(key(item) for item in found)
        text = client.get(f"/cities?sort={sort}").text
        assert text.count('aria-sort="descending"') + text.count('aria-sort="ascending"') == 1
        names = list(rows(text.split('id="areas"')[0]))
        table = csv_rows(client, f"/cities.csv?sort={sort}")
        assert list(table[0]) == [column.name for column in COLUMNS]
        assert names == [item["name"] for item in found] == [row["name"] for row in table]


# Cities made for it -------------------------------------------------------------------------------

WORDS = {"quantifier": "words", "point": None}
RANGE = {"point": None, "low": 1_000, "high": 3_000}
MORE = {"point": None, "low": 10_000, "quantifier": "more-than"}
CITIES: list[tuple[list[dict[str, Any]], str, str]] = [
    # The range covers two years of the same population.
    (
        [
            {"nationality": "kp", "point": 100, "as_of": "2016-05"},
            {"nationality": "kp", "point": 700, "as_of": "2018-07"},
            {"nationality": "ph", "point": 9_000, "as_of": "2018-08", "coverage": "part"},
            {"nationality": "kp", "point": 8_000, "as_of": "2018-09", "population": "nationals"},
            {"nationality": "kp", "point": 500, "as_of": "2020-06"},
        ],
        "500 Workers|500 to 700|For a part,|9,000",
        " 100 | 8,000 ",
    ),
    # Each nationality has a headline, which keeps its reserve.
    (
        [
            {"nationality": "ph", "point": 250_000, "as_of": "2019", "remark": "AP differs."},
            {"nationality": "kp", "point": 2_000, "as_of": "2018", "as_of_text": "used to"},
        ],
        "250,000 Workers|AP differs.|Separate estimate: 2,000",
        "",
    ),
    ([{"point": 2_000, "as_of_text": "used to"}], "2,000|“used to”", ""),
    ([{"point": 2_000}, MORE], "2,000 to more than 10,000", ""),
    (
        [{"point": 9_000}, {"point": None, "high": 300, "quantifier": "up-to"}],
        "up to 300, and 9,000",
        "",
    ),
    (
        [{"point": 2_000, "quantifier": "nearly"}, {"point": 300, "quantifier": "about"}],
        "about 300 to nearly 2,000",
        "",
    ),
    ([{**RANGE, "quantifier": "range"}, {"point": 2_000}], "1,000 to 3,000", ""),
    ([{**RANGE, "quantifier": "more-than"}, {"point": 2_000}], "1,000 to more than 3,000", ""),
    ([{"point": 2_000}, {"point": 2_000, "quantifier": "about"}], "2,000", ""),
    (
        [{"point": 20}, {"point": 30}, {**WORDS, "printed_words": "scores"}],
        "20 to 30; in words: “scores”",
        "",
    ),
    # A figure up to a day is not newer than one of that month.
    (
        [
            {"point": 6_000, "as_of": "../2017-09"},
            {"point": 2_000, "as_of": "2017-09-27~"},
            {"point": 9_000, "as_of": "2016"},
        ],
        "2,000 Workers About 27 September 2017|2,000 to 9,000",
        "",
    ),
    # Plans, rates, shares, groups and what was rejected are never newest.
    (
        [
            {"as_of": "2015"},
            {"nature": "planned", "period": "2018"},
            {"as_of": "2018", "form": "share", "unit": "ratio", "point": 0.5},
            {"as_of": "2018", "per": "group", "point": 20},
            {"as_of": "2018", "role": "rejected", "role_reason": "A slip."},
            {"as_of": "2018", "population": "one-group", "population_text": "one plant"},
        ],
        "1,203|2015 (at least 10 years ago)",
        "",
    ),
    ([{**WORDS, "printed_words": "dozens"}], "“dozens”|words only", ""),
    ([{}, {"point": 4_000, "source": 2}], "2 in conflict", ""),
    (
        [
            {"point": 300, "quantifier": "about"},
            {"point": None, "high": 300, "quantifier": "up-to"},
        ],
        "about 300, and up to 300",
        "",
    ),
]
"""The estimates of a city, and what its row says and does not say."""
ENDS = {4: (2_000, None), 5: (None, 9_000), 6: (300, 2_000), 7: (1_000, 3_000), 8: (1_000, None)}
"""The ends of a range in the files, by the number of the city."""


def test_row_of_city_says_what_is_newest_and_between_what(database: Settings) -> None:
    world: list[Any] = [make_code(code, "nationality") for code in ("kp", "ph")]
    number = 0
    for at, (figures, *_said) in enumerate(CITIES, 1):
        world.append(make_place(100 + at, parent="country-3"))
        for figure in figures:
            number += 1
            changes = dict(figure)
            terms = [make_term(code=f"place-{100 + at}")]
            if nationality := changes.pop("nationality", ""):
                terms.append(make_term("nationality", nationality))
            cited = make_citation(number, source=changes.pop("source", 1), kind="number")
            world.append(make_estimate(number, terms=terms, citations=[cited], **changes))
    # What is at a workplace counts only on the page of its city.
    at_plant = [make_term(code="plant")]
    world += [
        make_place(4, "plant", kind="site", parent="place-1"),
        make_estimate(90, terms=at_plant),
        make_event(91, terms=at_plant),
    ]
    with published_as(database, (*world,)) as client:
        found, listed = rows(client.get("/cities").text), items(client)
    for at, (_figures, shown, hidden) in enumerate(CITIES, 1):
        row = found[f"Place-{100 + at}"]
        assert [part for part in shown.split("|") if part not in row] == [], row
        assert [part for part in hidden.split("|") if part and part in row] == [], row
        if at in ENDS:
            item = listed[f"place-{100 + at}"]
            ends = item["lowest"], item["highest"]
            assert (item["lowest_and_highest"], ends) == (shown, ENDS[at])
    plant = found["Place-1"]
    assert "None for the whole place" in plant and "1" in plant.split()[-2]


UP_TO = {"as_of": "2023-12", "point": None, "high": 5_000, "quantifier": "up-to"}
PREFERRED = {"as_of": "2018", "role": "preferred", "role_reason": "Good."}
NEWEST: list[tuple[Any, Any]] = [
    ("2018-01-03", "2017-08/2018-01"),
    ("2018-02", "2018-01-03"),
    ("2018-01-31", "2018"),
    ("2019", "2018-12-31"),
    ("2023", UP_TO),
    ("2023-12", {"as_of": "2023-12~", **WORDS}),
    ("2023-12", "2014/2024"),
    (PREFERRED, "2018-01-31"),
]
"""Two estimates, or their days: the first of each two is the headline."""


def test_newest_is_later_in_all_its_days_or_better_known() -> None:
    for pair in NEWEST:
        changes = [{"as_of": each} if isinstance(each, str) else each for each in pair]
        for numbers in ((1, 2), (2, 1)):
            forms = [
                make_estimate(number, printed_words="dozens", **each)
                for number, each in zip(numbers, changes, strict=True)
            ]
            found = newest_wholes([as_row(form) for form in forms], "place-1")
            assert [row.id for row in found] == [f"M{numbers[0]}"], pair
    # An alleged one is not newest of its time.
    rows = [as_row(make_estimate(1)), as_row(make_estimate(2), certainty="alleged")]
    assert [row.id for row in newest_wholes(rows, "place-1")] == ["M1"]


def test_outlet_of_low_grade_heads_a_place_only_alone() -> None:
    low = as_row(make_estimate(2, as_of="2024"), is_of_low_grade=True)
    assert newest_wholes([as_row(make_estimate(1)), low], "place-1")[0].id == "M1"
    assert [row.id for row in newest_wholes([low], "place-1")] == ["M2"]


def test_headline_is_the_range_of_its_month() -> None:
    bound = {"quantifier": "up-to", "high": 100_000, "point": None}
    forms = [
        make_estimate(1, as_of="2024-07-09", **bound),
        make_estimate(2, as_of="2024-07", quantifier="about", point=100_000),
        make_estimate(3, as_of="2024-07", quantifier="words", point=None, printed_words="tens"),
        make_estimate(4, as_of="2024", point=7),
        make_estimate(5, as_of="2024-07", population="nationals", point=8),
    ]
    rows = [as_row(form) for form in forms]
    month = of_same_month(rows[0], rows, "place-1")
    assert [row.id for row in month] == ["M1", "M2", "M3"]
    assert of_same_month(rows[3], rows, "place-1") == [rows[3]], "a year is no month"


def as_row(form: Any, **payload: Any) -> ListRow:
    stored = {"form": form.model_dump(mode="json"), "whole_at": ["place-1"], **payload}
    return ListRow(None, form.id, int(form.id[1:]), stored, (), None, None, None, None, 0, 0)
