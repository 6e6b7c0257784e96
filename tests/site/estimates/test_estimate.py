"""The page of one estimate: sentence, citations, conflicts and links."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.record.publishing.publish import Withdrawal, publish
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_actor,
    make_citation,
    make_code,
    make_estimate,
    make_law,
    make_link,
    make_source,
    make_term,
    publish_all,
)
from tests.support.html import words


def the_page(client: TestClient, id: str) -> str:
    answer = client.get(f"/estimates/{id}")
    assert answer.status_code == 200
    return words(answer.text)


def test_sentence_states_what_is_measured(client: TestClient) -> None:
    text = the_page(client, "M1")
    sentence = (
        "It measures people present in Hunchun (as of about June 2019): "
        "North Korean workers in the city."
    )
    assert "About 6,000" in text and sentence in text
    assert "“an estimated”" in text and "“undated; written in the present tense”" in text


@pytest.mark.parametrize(
    ("id", "sentence"),
    [
        (
            "M45",
            "It measures planned arrivals to Jilin and Liaoning together "
            "(not before about April 2013)",
        ),
        ("M12", "About 50 per cent of the North Koreans in Dandong: those who have left,"),
        ("M48", "It is a mean of people present in China (2012 to 2015)"),
        (
            "M76",
            (
                "It is a change in people present in Russia "
                "(about December 2017 to about 6 December 2019)"
            ),
        ),
        ("M38", "to Jilin through Hyesan"),
        ("M139", "The most that a rule allows is 9,264 permits: permits agreed for 2018"),
    ],
)
def test_sentence_differs_by_kind_of_number(client: TestClient, id: str, sentence: str) -> None:
    assert sentence in the_page(client, id)


def test_conflicting_estimates_are_listed_with_rule(client: TestClient) -> None:
    text = the_page(client, "M84")
    assert "In conflict with another estimate" in text
    assert "They measure the same thing over the same period, and have no value in common." in text
    assert "We do not decide between conflicting estimates." in text
    assert "compared as 13,221" in text and "compared as 7,750 to 7,850" in text


def test_stocks_at_nearby_times_differ_without_conflict(client: TestClient) -> None:
    text = the_page(client, "M66")
    assert "Differs from another estimate" in text and "Both may be true on their day" in text
    assert "In conflict with another estimate" not in text


def test_marked_conflict_gives_its_reason(client: TestClient) -> None:
    for id in ("M69", "M70"):
        text = the_page(client, id)
        assert "Conflicts, in the editors’ judgement, with another estimate" in text
        assert "More workers are given than people of that nationality in all" in text
        assert "Both may be true." in text and "can’t be true" not in text


@pytest.mark.parametrize("id", ["M42", "M54", "M56", "M90", "M91", "M101", "M102"])
def test_figures_that_may_both_be_true_are_not_marked(client: TestClient, id: str) -> None:
    """Of other days, plans that may shrink, or equal when unrounded."""
    assert client.get(f"/estimates/{id}.json").json()["conflicts"] == []


def test_figures_of_a_denied_event_are_disputed(client: TestClient) -> None:
    for id in ("M36", "M37"):
        assert "Disputed: occurrence" in the_page(client, id)
    assert "Superseded" in the_page(client, "M37")


def test_sum_of_parts_is_compared_with_the_whole(client: TestClient) -> None:
    text = the_page(client, "M22")
    assert "The sum of its parts Together they are 502." in text
    assert "This estimate may be the same, higher or lower." in text


def test_sectors_are_added_and_compared_with_the_whole(database: Settings) -> None:
    def part(number: int, sector: str, **changes: Any) -> Any:
        terms = [make_term(), make_term("sector", sector, scope="restricts")]
        return make_estimate(number, terms=terms, **changes)

    with desk_session(database) as desk:
        sectors = [make_code("seafood", "sector"), make_code("garments", "sector")]
        parts = [part(2, "seafood", point=700), part(3, "garments", point=300, quantifier="about")]
        publish_all(desk, *a_small_world(), *sectors, make_estimate(1, point=1_500), *parts)
    with _reading(database) as client:
        text = the_page(client, "M1")
        assert "All industries together Together they are about 1,000." in text
        assert "This estimate is higher by about 500." in text
        assert "Industries that the source does not count are missing." in text
        assert "Covers The whole" in text and "Covers A part" in the_page(client, "M2")


def test_links_are_shown_at_both_ends(client: TestClient) -> None:
    assert "Is part of 500 , arrivals, Hunchun" in the_page(client, "M4")
    assert "Includes 150 , arrivals, Hunchun" in the_page(client, "M3")
    assert "Is compared with about 40,000 visas" in the_page(client, "M50")
    assert "Another newspaper has this figure" in the_page(client, "M51")
    assert "Is compared with “fell from” 30,023" in the_page(client, "M65")


def test_comparison_shows_factor(database: Settings) -> None:
    with desk_session(database) as desk:
        link = make_link("M1", "compared-with", factor=2, sense="more than")
        publish_all(
            desk, *a_small_world(), make_estimate(1), make_estimate(2, as_of="2020", links=[link])
        )
    with _reading(database) as client:
        assert "Is compared with “more than” 2 times 1,203" in the_page(client, "M2")
        assert "Is compared with 1,203" in the_page(client, "M1")


def test_comparable_estimates_are_listed_once(client: TestClient) -> None:
    text = client.get("/estimates/M68").text
    table = text[text.index('id="series"') :]
    for id in ("M66", "M67", "M68", "M69", "M77", "M86", "M136"):
        assert table.count(f'<tr id="{id}"') == 1, id
    assert "M64" not in table  # holders of permits are counted apart
    assert "M87" not in table  # those who were sent: a movement


def test_calculated_estimate_is_marked(client: TestClient) -> None:
    text = the_page(client, "M39")
    assert "Calculated by us" in text and "Is what remains of more than 150" in text
    shenyang = words(client.get("/cities/shenyang").text)
    assert "calculated by us from:" in shenyang
    exact = the_page(client, "M25")
    assert "Reported as Calculated by us" in exact and "As reported" not in exact
    assert "calculated by Sojourn from: source in North" in exact


def test_outlets_of_supporting_sources_are_named_beside_a_disputing_one(client: TestClient) -> None:
    assert "via NHK Korea JoongAng Daily" in the_page(client, "M90")
    for id, source in (("M84", "S107"), ("M97", "S126")):
        assert f"read in {source}" not in the_page(client, id)


def test_chain_of_one_report_is_not_given_to_the_others(client: TestClient) -> None:
    """Another outlet has M46 from elsewhere; one chain is not that of both."""
    china = words(client.get("/places/china").text)
    assert "in the first of 2 reports: SBS , Yonhap" in china
    assert "the first of 2 reports:" in the_page(client, "M46")


def test_outlet_that_changed_a_number_is_its_speaker(client: TestClient) -> None:
    """UPI passes on a report of Radio Free Asia, and has another number for another place."""
    page = the_page(client, "M35")
    assert "said by UPI, quoting Radio Free Asia, read in UPI" in page
    assert "Repeated with a change" in page and "Repeats, with a change, about 400" in page
    assert "said by Radio Free Asia" not in page
    assert "Is repeated, with a change, as more than 400" in the_page(client, "M34")


def test_speaker_that_no_source_names_did_not_say_it(client: TestClient) -> None:
    for id, words_of_chain in (("M57", "some"), ("M97", "learnt by the outlet")):
        page = the_page(client, id)
        assert f", not attributed (“{words_of_chain}”), read in" in page
        assert f"said by {words_of_chain}" not in page


def test_body_is_named_though_its_speaker_is_not(client: TestClient) -> None:
    russia = words(client.get("/places/russia").text)
    assert "National Intelligence Service Intelligence service, person not named" in russia


def test_world_is_no_place_that_people_are_in(client: TestClient) -> None:
    assert "It measures people present worldwide" in the_page(client, "M129")


def test_rejected_estimate_has_page_with_reason(client: TestClient) -> None:
    assert "Rejected Stands in a poor rewrite of the Associated Press report" in the_page(
        client, "M108"
    )


def test_supporting_and_disputing_citations_are_separate(client: TestClient) -> None:
    html = client.get("/estimates/M84").text
    supports, disputes = (
        html.index('class="stance stance-for"'),
        html.index('class="stance stance-against"'),
    )
    assert "Euromaidan Press" in words(html[supports:disputes])
    assert "FSB border statistics" in words(html[disputes:])


def test_estimate_links_to_its_event(client: TestClient) -> None:
    assert 'href="/events/E62"' in client.get("/estimates/M3").text


def test_address_with_title_redirects_and_json_has_row(client: TestClient) -> None:
    answer = client.get("/estimates/est-hunchun-01")
    assert (answer.status_code, answer.headers["location"]) == (301, "/estimates/M1")
    body = client.get("/estimates/M1.json").json()
    assert (body["id"], body["point"], body["counts"]) == ("M1", 6000, "present")
    assert client.get("/estimates/M99999").status_code == 404


def test_withdrawn_estimate_is_not_listed_as_conflict(database: Settings) -> None:
    """The page of the other estimate does not list it; its own page shows the reason."""
    other = make_estimate(2, point=4_000, citations=[make_citation(402, source=2, kind="number")])
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_estimate(1), other)
    with _reading(database) as client:
        assert "In conflict with another estimate" in the_page(client, "M1")
    with desk_session(database) as desk:
        publish(desk, (), withdrawn=[Withdrawal("M2", "It was another city.")])
    with _reading(database) as client:
        assert "In conflict" not in the_page(client, "M1")
        assert "It was another city." in words(client.get("/estimates/M2").text)
        assert "In conflict with another estimate" in words(
            client.get("/estimates/M1?edition=1").text
        )


def test_estimate_without_source_or_place_code_has_page(database: Settings) -> None:
    bare = make_estimate(
        1, citations=[], terms=[make_term(printed="another town", code="")], as_of="", period=""
    )
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_source(3), bare)
    with _reading(database) as client:
        text = the_page(client, "M1")
        assert (
            "another town" in text
            and "Date not known" in text
            and "No citations are recorded" in text
        )


def test_estimate_under_a_law_is_found_by_it(database: Settings) -> None:
    law = make_law(1, "act-2004", names=[{"text": "Act of 2004"}])
    legal = [{"instrument": "act-2004", "relation": "counted-under", "reading": "source"}]
    with desk_session(database) as db:
        publish_all(db, *a_small_world(), law, make_estimate(legal=legal), make_estimate(2))
    with _reading(database) as client:
        assert "Counted under Act of 2004, according to a source" in words(the_page(client, "M1"))
        [found] = client.get("/estimates.json?law=act-2004").json()["items"]
    assert (found["id"], found["laws"]) == ("M1", ["counted-under:act-2004:source"])
    assert found["legal"] == legal


def _reading(settings: Settings) -> TestClient:
    from app.main import create_app

    return TestClient(create_app(settings))


def test_sentence_leads_to_actors_and_laws(database: Settings) -> None:
    """Also where a place has the name of an actor: the place is no link to it."""
    actor = make_actor(1, "ministry", names=[{"text": "Place-1"}])
    law = make_law(1, "act-2004", names=[{"text": "Act of 2004"}])
    legal = [{"instrument": "act-2004", "relation": "counted-under", "reading": "source"}]
    terms = [make_term(), make_term("actor", code="ministry", printed="the authorities")]
    with desk_session(database) as db:
        publish_all(db, *a_small_world(), actor, law, make_estimate(legal=legal, terms=terms))
    with _reading(database) as client:
        page = client.get("/estimates/M1").text
    lede = page.partition('<p class="lede">')[2].partition("</p>")[0]
    assert " in Place-1 " in lede
    assert '<a href="/actors/ministry">Place-1</a> (“the authorities”)' in lede
    assert '<a href="/laws/act-2004">Act of 2004</a>, according to a source' in lede
    assert '<meta name="description" content="It measures' in page
