"""Reported evasion on the page of a city, with the rules that began shortly before."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.forms import EventForm
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_event,
    make_link,
    make_stage,
    make_term,
    publish_all,
)
from tests.support.html import words

RULE = make_event(
    1, title="Stays are cut", happened="2019-06-01", stages=[make_stage("announced", "2019-06-01")]
)


@pytest.fixture
def client(database: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(database)) as client:
        yield client


def report(number: int, happened: str, **changes: Any) -> EventForm:
    values: dict[str, Any] = {
        "title": f"Report {number}",
        "type": "repatriation",
        "citations": [make_citation(number)],
    }
    return make_event(number, happened=happened, **values | changes)


def section(client: TestClient, address: str = "/cities/place-1") -> str:
    _, _, after = words(client.get(address).text).partition("Reported evasion")
    return after.partition("Events in")[0]


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        ("2019-06-01", "After Stays are cut , 1 June 2019 Reportedly evades it"),
        ("2019-08-30", "After Stays are cut , 1 June 2019 Reportedly evades it"),
        ("2019-08", "After Stays are cut , 1 June 2019 possibly Reportedly evades it"),
        ("2019", "After Stays are cut , 1 June 2019 possibly Reportedly evades it"),
        ("2019-08-31", "Reportedly evades E1 , which began earlier or elsewhere"),
        ("2019-05-31", "Reportedly evades E1 , which began earlier or elsewhere"),
    ],
)
def test_report_lists_rules_of_previous_90_days(
    client: TestClient, database: Settings, happened: str, said: str
) -> None:
    link = make_link("E1", "evades")
    cited = [make_citation(2), make_citation(3, about="L1")]
    with desk_session(database) as desk:
        publish_all(
            desk, *a_small_world(), RULE, report(2, happened, links=[link], citations=cited)
        )
    assert said in section(client)


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        ("2019-06-01", "After Stays are cut , 1 June 2019 Evades it, in the editors’ reading"),
        ("2019-08-31", "Evades, in the editors’ reading, E1 , which began earlier or elsewhere"),
    ],
)
def test_evasion_that_no_source_reports_is_our_reading(
    client: TestClient, database: Settings, happened: str, said: str
) -> None:
    with desk_session(database) as desk:
        publish_all(
            desk, *a_small_world(), RULE, report(2, happened, links=[make_link("E1", "evades")])
        )
    assert said in section(client) and "Reportedly evades" not in section(client)


def test_report_lists_no_rules_of_other_city(client: TestClient, database: Settings) -> None:
    elsewhere = [make_term(code="province-2")]
    other = make_event(
        3, title="Another rule", terms=elsewhere, citations=[make_citation(3)],
        stages=[make_stage("announced", "2019-06-02", "C3")],
    )  # fmt: skip
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            RULE,
            other,
            report(2, "2019-06-20", links=[make_link("E3", "evades")]),
        )
    there = section(client)
    assert "After Stays are cut" in there and "Evades, in the editors’ reading, E3" in there
    assert "Another rule" not in there


def test_event_with_evades_link_is_report(client: TestClient, database: Settings) -> None:
    evaded = make_event(
        2, title="A later rule", happened="2019-07", citations=[make_citation(2)],
        stages=[make_stage("announced", "2019-07", "C2"), make_stage("evasion", "2019-07", "C2")],
    )  # fmt: skip
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), RULE, evaded)
    assert "A later rule E2 After Stays are cut" in section(client)


def test_parts_and_plans_are_not_evaded_rules(client: TestClient, database: Settings) -> None:
    part = make_event(
        2, title="Its first stage", citations=[make_citation(2)],
        links=[make_link("E3", "part-of")], stages=[make_stage("announced", "2019-06", "C2")],
    )  # fmt: skip
    whole = make_event(
        3, title="The measure", happened="2019-07", citations=[make_citation(3)],
        stages=[make_stage("in-force", "2019-07", "C3"), make_stage("evasion", "2019-07", "C3")],
    )  # fmt: skip
    plan = make_event(
        4,
        title="A plan",
        citations=[make_citation(4)],
        stages=[make_stage("planned", "2019-06", "C4")],
    )
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), part, whole, plan)
    assert "Reported evasion" not in client.get("/cities/place-1").text


def test_city_without_reports_has_no_evasion_section(
    client: TestClient, database: Settings
) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), RULE, report(2, "2019-06-20"))
    assert "Reported evasion" not in client.get("/cities/place-1").text
