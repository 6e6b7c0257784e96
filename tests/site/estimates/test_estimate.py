"""The page of one estimate: sentence, citations, conflicts and links."""

import re
from typing import Any

from starlette.testclient import TestClient

from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    make_actor,
    make_citation,
    make_code,
    make_estimate,
    make_link,
    make_place,
    make_step,
    make_term,
    withdraw,
)
from tests.support.event_pages import module_site, published_as
from tests.support.html import rows_on, words


def the_page(client: TestClient, id: str) -> str:
    answer = client.get(f"/estimates/{id}")
    assert answer.status_code == 200
    return words(answer.text)


def of(city: int, number: int, *terms: Any, source: int = 1, chain: Any = None, **more: Any) -> Any:
    """Return an estimate of its own city, so that cases do not conflict."""
    cited = {"chain": chain} if chain else {}
    return make_estimate(
        number,
        terms=[make_term(code=f"place-{city}"), *terms],
        citations=[make_citation(400 + number, source, kind="number", **cited)],
        **more,
    )


def linked(to: str, type: str, number: int, **more: Any) -> dict[str, Any]:
    return {"links": [make_link(to, type, number, **more)]}


SECTORS = [make_code("seafood", "sector"), make_code("garments", "sector")]
SEAFOOD, GARMENTS = (make_term("sector", each.code, scope="restricts") for each in SECTORS)


made = module_site(
    *SECTORS,
    *(make_place(number, parent="province-2") for number in range(11, 22)),
    make_place(30, "world", kind="world"),
    make_actor(1, "ministry", names=[{"text": "Place-19"}]),
    of(11, 1, point=1_500),
    of(21, 90, nature="forecast", as_of="2025-12", point=20),
    of(11, 2, SEAFOOD, point=700),
    of(11, 3, GARMENTS, point=300, quantifier="about"),
    of(12, 4, as_of="2020", **linked("M1", "compared-with", 4, sense="more than twice")),
    of(13, 5, counts="departures", point=250, period="2024"),
    of(
        13, 6, counts="departures", point=None, low=200, quantifier="more-than", period="2024"
    ).model_copy(update=linked("M5", "sum-of", 6)),
    of(14, 7),
    of(
        14,
        8,
        population="nationals",
        as_of="2019",
        **linked("M7", "conflicts-with", 8, reason="More workers than people in all."),
    ),
    of(15, 9, counts="arrivals", period="2018", point=400, quantifier="about"),
    of(
        16,
        10,
        source=2,
        counts="arrivals",
        period="2018",
        chain=[make_step("other-outlet", outlet="outlet-1")],
        **linked("M9", "alters", 10, reason="For another place."),
    ),
    of(17, 11, chain=[make_step("unattributed", "some", named="no")]),
    of(18, 12, role="rejected", role_reason="It stands in a poor rewrite."),
    of(20, 20),
    of(20, 21, point=900, **linked("M20", "corrects", 21)),
    of(21, 22),
    of(21, 23, point=900, **linked("M22", "revises", 23)),
    make_estimate(13, terms="place world", citations=[]),
    make_estimate(
        14, citations=[], terms=[make_term(printed="another town", code="")], as_of="", period=""
    ),
    of(19, 15, make_term("actor", code="ministry", printed="the authorities")),
    of(
        18,
        16,
        population="one-group",
        population_text="ill workers",
        **linked("M12", "remainder-of", 16),
    ),
)


def test_forecast_is_for_its_time(made: TestClient) -> None:
    page = the_page(made, "M90")
    assert "for December 2025" in page and "reported December" not in page
    assert "For December 2025" in page


def test_page_says_what_is_measured_and_by_whom(client: TestClient) -> None:
    text = the_page(client, "M1")
    assert "North Korean workers in the city, as of about June 2019, by Daily NK." in text
    for part in ("About 6,000", "“an estimated”", "“undated; written in the present tense”"):
        assert part in text, part
    share = "hose who have left, of the North Koreans in Dandong, as of about May 2019, by"
    assert share in the_page(client, "M12")
    html = client.get("/estimates/M13").text
    assert 'href="/events/E44"' in html


def test_conflicting_estimates_are_listed_with_rule(client: TestClient) -> None:
    text = the_page(client, "M84")
    for part in (
        "Conflicting estimates",
        "They measure the same thing, possibly at the same time, and have no value in common.",
        "We do not decide between conflicting estimates.",
    ):
        assert part in text, part
    # The outlet that supports it is no speaker; the one that disputes it is apart.
    assert "read in S107" not in text
    html = client.get("/estimates/M84").text
    said = html[html.index('<article class="report">') :]
    supports, _disputed, disputes = said.partition('<b class="disputed">Disputes</b>')
    assert "Euromaidan Press" in words(supports) and disputes
    # Stocks at nearby times differ without a conflict, and may both be true.
    text = the_page(client, "M66")
    assert "Estimates that differ" in text and "Both may be true on their day" in text
    assert "Conflicting estimates" not in text
    assert rows_on(client.get("/estimates/M66").text) == ["M69", "M66"]  # newest first
    for id in ("M101", "M102"):
        assert client.get(f"/estimates/{id}.json").json()["conflicts"] == [], id


def test_marked_conflict_gives_its_reason(made: TestClient) -> None:
    for id in ("M7", "M8"):
        text = the_page(made, id)
        assert "Conflicting estimates, in the editors’ judgement" in text
        assert "More workers than people in all." in text
        assert "Both may be true." in text and "can’t be true" not in text


def test_figures_of_a_denied_event_are_disputed(client: TestClient) -> None:
    for id in ("M36", "M37"):
        assert "Disputed: China denies it" in the_page(client, id)
    assert "Superseded" in the_page(client, "M37")


def test_parts_are_listed_and_not_added_up(made: TestClient) -> None:
    """A sum that no source prints is ours, and a part that nobody counted is missing from it."""
    for id in ("M1", "M6"):
        assert "ogether" not in the_page(made, id), id
    page = the_page(made, "M6")
    assert "Sum of 250 , departures" in page and "Period 2024" in page
    assert "Covers The whole" in the_page(made, "M1") and "Covers A part" in the_page(made, "M2")


def test_links_are_shown_at_both_ends(client: TestClient, made: TestClient) -> None:
    assert "Part of 500 , arrivals, Hunchun" in the_page(client, "M4")
    assert "Includes 150 , arrivals, Hunchun" in the_page(client, "M3")
    assert "Compared with “more than twice” 1,500" in the_page(made, "M4")
    assert "Is compared with 1,203" in the_page(made, "M1")
    for id, said in [
        ("M21", "Corrects its own report 1,203"),
        ("M20", "Is corrected by the same source to 900"),
        ("M23", "Revises its own number 1,203"),
        ("M22", "Is replaced by the same speaker with 900"),
    ]:
        assert said in the_page(made, id), id
        assert made.get(f"/estimates/{id}.json").json()["conflicts"] == []
    # An outlet that changed the number of another is its speaker.
    page = the_page(made, "M10")
    assert "by Outlet-2, quoting Outlet-1" in page
    assert "Repeated with a change" in page and "Repeats with a change about 400" in page
    assert "Is repeated, with a change, as 1,203" in the_page(made, "M9")


def test_page_says_how_the_number_came_about(client: TestClient, made: TestClient) -> None:
    assert "Remainder of 1,203" in the_page(made, "M16")
    # A speaker that no source names did not say it.
    page = the_page(made, "M11")
    assert ", which names nobody for it" in page and "by some" not in page
    assert "Workers, as of June 2019. " in the_page(made, "M13")
    assert "Rejected It stands in a poor rewrite." in the_page(made, "M12")
    text = the_page(made, "M14")
    for part in ("another town", "Date not known", "No citations are recorded"):
        assert part in text, part


def test_withdrawn_estimate_is_not_listed_as_conflict(database: Settings) -> None:
    """The page of the other estimate does not list it; its own page shows the reason."""
    other = make_estimate(2, point=4_000, citations="S2 (kind=number)")
    with published_as(database, (make_estimate(1), other)) as client:
        assert "Conflicting estimates" in the_page(client, "M1")
        with desk_session(database) as desk:
            withdraw(desk, "M2")
        assert "Conflicting estimates" not in the_page(client, "M1")
        assert "It was another city." in words(client.get("/estimates/M2").text)
        assert "Conflicting estimates" in the_page(client, "M1?edition=1")


# The list -----------------------------------------------------------------------------------------


def ids(client: TestClient, query: str) -> set[str]:
    return {row["id"] for row in client.get(f"/estimates.json?{query}").json()["items"]}


def row_of(html: str, id: str) -> str:
    return html[html.index(f'id="{id}"') :].partition("</tr>")[0]


def test_row_shows_value_population_place_time_and_speaker(client: TestClient) -> None:
    text = client.get("/estimates?place=hunchun&sort=as-of").text
    line = words(row_of(text, "M5"))
    for said in (
        *("About 3,000", "Arrivals", "Hunchun", "January to March 2025", "via Yomiuri Shimbun"),
        "KBS World",
    ):
        assert said in line, said
    # They are grouped by their first year, unless they are not sorted by date.
    headings = re.findall(r'scope="rowgroup">([^<]*?) <', text)
    assert headings == ["2019", "2024", "2025"]
    assert 'scope="rowgroup"' not in client.get("/estimates?place=hunchun&sort=added").text
