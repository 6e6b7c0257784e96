"""What the page of a place says of the number of people there, and what it lists."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.site.places import page
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_link,
    make_place,
    make_step,
    make_term,
)
from tests.support.charts import forty
from tests.support.event_pages import module_site
from tests.support.html import rows_on, words

SAID: dict[str, Any] = {"point": None, "quantifier": "words", "printed_words": "dozens"}
PART: dict[str, Any] = {"coverage": "part", "population_text": "workers of the zone"}


def in_city(city: int, number: int, nationality: str = "", who: str = "", **changes: Any) -> Any:
    terms = [make_term(code=f"place-{city}")]
    terms += [make_term("nationality", nationality)] if nationality else []
    chain = [make_step("document", who or f"speaker {number}")]
    cited = [make_citation(1000 + number, number % 2 + 1, kind="number", chain=chain)]
    form = {"as_of": "2026-06", "terms": terms, "citations": cited}
    return make_estimate(number, **form | changes)


def at(code: str) -> dict[str, Any]:
    return {"terms": [make_term(code=code)]}


made = module_site(
    *(
        make_place(number, parent="province-2")
        for number in range(11, 27)
        if number not in (19, 21)
    ),
    make_place(19, parent="province-2", names=[{"text": "Netherlands"}]),
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
    in_city(13, 20, point=30, as_of="2026-07", **PART),
    in_city(
        *(26, 21),
        point=50,
        remark="No source prints this number: it is our sum of 20 and 30.",
        citations=[
            make_citation(60 + n, n, kind="number", chain=[make_step("document", f"list {n}")])
            for n in (1, 2)
        ],
    ),
    in_city(14, 5, links=[make_link("M8", "part-of", 5)]),
    in_city(14, 6, point=77, **at("the-plant")),
    make_event(1, **at("the-plant")),
    in_city(15, 7, **SAID),
    in_city(15, 8, point=9_000, **at("province-2")),
    in_city(16, 9, "kp", point=6_000, as_of="2019"),
    in_city(16, 10, "ph", point=250_000, as_of="2018~"),
    in_city(20, 12, point=40, as_of="2026-06-07"),
    in_city(
        *(23, 15),
        citations=[
            make_citation(15, kind="number", chain=[make_step("document", "A list")]),
            make_citation(16, 2, stance="disputes", kind="number"),
        ],
    ),
    in_city(24, 22, point=0, population_text="workers who stay officially"),
    in_city(24, 23, point=7, as_of="2024"),
    in_city(25, 18, point=10, as_of="2026"),
    in_city(25, 19, point=900, as_of="2026-06-01"),
    make_event(
        2,
        title="Stays are cut",
        happened="2019-06-01",
        stages="announced 2019-06-01 C2",
        **at("place-12"),
    ),
    make_event(
        3,
        title="Workers cross as students",
        happened="2019-08-01",
        links="L3 E2 evades",
        **at("place-12"),
    ),
    *(
        form.model_copy(update={"id": f"M{100 + n}", "terms": [make_term(code="place-17")]})
        for n, form in enumerate(forty())
    ),
    *(in_city(18, 200 + n, as_of=f"201{n}") for n in range(3)),
)
"""A site with a city for each case, `place-11` and so on."""

OLD = "The record has no newer number for the whole place."


def answer(client: TestClient, address: str) -> str:
    html = " ".join(
        re.findall('<p class="answer-lead">(.*?)</p>', client.get(address).text, re.DOTALL)
    )
    return re.sub(r" ([,.:;])", r"\1", words(html))


@pytest.mark.parametrize(
    ("city", "said"),
    [
        (20, "40 workers were in Place-20 (7 June 2026), by speaker 12, in Outlet-1."),
        (15, "was reported in words only: “dozens” (June 2026), by speaker 7"),
        # Others of its month are in the answer, and what they say is no range of one number.
        (
            12,
            "In June 2026, reports put the number of workers in Place-12 at 2,000 or more than "
            "10,000: speaker 2, in Outlet-1 (2,000); speaker 3, in Outlet-2 (more than 10,000).",
        ),
        # Of different people, no number is the other one's.
        (
            16,
            "6,000 Kp workers were in Place-16 (2019), by speaker 9, in Outlet-2. The record has "
            "no newer number for the whole place. Counted apart: 250,000, Workers (Ph), "
            "about 2018, by speaker 10",
        ),
        # Who is not counted may be there.
        (
            24,
            "0 workers who stay officially were in Place-24 (June 2026), by speaker 22, in "
            "Outlet-1. The last number above zero: 7, Workers, 2024, by speaker 23",
        ),
        (
            23,
            "in Place-23 (June 2026), by A list, in Outlet-1. Disputed: the number.",
        ),
        (25, "In conflict with it: 10, Workers, 2026, by speaker 18"),
        # A part is never the number of the place.
        (
            13,
            "No estimate in the record counts all workers in Place-13. For Province-2 as a whole: "
            "9,000, Workers, June 2026, by speaker 8, in Outlet-1. The newest number of some of "
            "them: 30, workers of the zone, July 2026",
        ),
        (
            11,
            "The newest number of another kind: people from here, elsewhere: 204, Overstayers",
        ),
        # Of two independent sources, the outlet is that of the speaker.
        (26, "50 (our sum) workers were in Place-26 (June 2026), by list 1, in Outlet-1, and 1 "),
        (
            19,
            "No estimate in the record is for the Netherlands itself. For Province-2 as a whole: ",
        ),
        (19, "That does not mean that nobody works there."),
    ],
)
def test_answer_says_no_more_than_the_estimates(made: TestClient, city: int, said: str) -> None:
    assert said in answer(made, f"/cities/place-{city}")


def test_answer_of_the_seeds(client: TestClient) -> None:
    text = answer(client, "/cities/dandong")
    said = "Up to 80,000 North Korean workers were in Dandong (2022), by Chinese government count"
    assert said in text and OLD in text
    html = client.get("/cities/hunchun").text
    assert '<b lang="ko">훈춘</b>' in html and '<b lang="zh-Hans">珲春</b>' in html
    for address in ("/places/china", "/places/jilin", "/places/yanbian", "/cities"):
        assert f'href="{address}"' in html


def test_every_estimate_is_a_row_and_marks_lead_to_estimates(client: TestClient) -> None:
    for code in ("dandong", "hunchun", "shenyang", "helong", "tumen"):
        html = client.get(f"/cities/{code}").text
        listed = client.get(f"/estimates.json?place={code}&level=city").json()["items"]
        assert sorted(rows_on(html)) == sorted(item["id"] for item in listed)
        drawn = re.findall(r'<a href="/estimates/(M[0-9]+)"><title>', html)
        assert set(drawn) <= {*rows_on(html)} and len(drawn) == 2 * len(set(drawn))
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids))


def test_workplaces_are_listed_but_give_the_city_no_estimate(made: TestClient) -> None:
    html = made.get("/cities/place-14").text
    assert rows_on(html) == ["M5"]
    workplaces = words(html[html.index("Workplaces named") :])
    for part in ("The-plant", "77 people present, June 2026", "1 event"):
        assert part in workplaces, part


def test_way_around_a_rule_names_the_rule_and_whose_reading_it_is(made: TestClient) -> None:
    text = words(made.get("/cities/place-12").text)
    assert "1 August 2019 Workers cross as students A way around E2 · our reading" in text


def test_page_shows_newest_estimates_and_says_so(
    made: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(rows_on(made.get("/cities/place-17").text)) == 40
    monkeypatch.setattr(page, "MAX_FIGURES", 2)
    html = made.get("/cities/place-18").text
    assert rows_on(html) == ["M201", "M202"]
    assert "These are the newest 2; the CSV has the newest 3." in words(html)
    assert 'href="/estimates?place=place-18"' in html


def test_other_address_of_place_redirects_to_own(client: TestClient, made: TestClient) -> None:
    for address, to in [
        ("/cities/jilin", "/places/jilin"),
        ("/cities/jilin.svg", "/places/jilin.svg"),
        ("/places/dandong?edition=1", "/cities/dandong?edition=1"),
        ("/places/P17", "/places/jilin"),
        # A workplace leads to its city.
        ("/places/the-plant", "/cities/place-14"),
    ]:
        answer = (made if "plant" in address else client).get(address)
        assert (answer.status_code, answer.headers["location"]) == (301, to), address
    json = client.get("/cities/P1.json", follow_redirects=True)
    assert json.url.path == "/cities/dandong.json" and json.json()["id"] == "P1"
    for name in ("dandong.pdf", "dandong.svg.png", "단둥.svg"):
        assert client.get(f"/cities/{name}").status_code == 404, name
