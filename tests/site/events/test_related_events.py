"""Later events in the same place, on the page of an event."""

import re
from typing import Any

import pytest

from app.forms import RecordForm
from app.settings import Settings
from tests.make import (
    make_citation,
    make_event,
    make_link,
    make_place,
    make_term,
)
from tests.support.event_pages import page_of, published_as, section
from tests.support.html import words


@pytest.mark.parametrize(
    ("happened", "shown"),
    [
        ("2019-06-14", ""),
        ("2019-06-15", "15 June 2019"),
        ("2019-09-13", "13 September 2019"),
        ("2019-09-14", ""),
        ("2019-06", "June 2019 possibly"),
        ("2019-09", "September 2019 possibly"),
        ("2019-07", "July 2019"),
        ("2019-01/2019-12", ""),
    ],
)
def test_followers_began_within_90_days(database: Settings, happened: str, shown: str) -> None:
    page = page_of(database, make_event(1), make_event(2, title="The other", happened=happened))
    followed = section(page, "followed")
    assert (
        (f"{shown} The other E2" in followed)
        if shown
        else ("The record has no events in" in followed)
    )


def elsewhere(**place: Any) -> tuple[RecordForm, ...]:
    return (
        make_place(4, "place-4", **place),
        make_event(2, title="The other", terms=[make_term(code="place-4")]),
    )


def test_followers_are_in_same_city_or_within_it(database: Settings) -> None:
    page = page_of(database, make_event(1), *elsewhere(kind="site", parent="place-1"))
    assert "The other E2 Stay-limit; Place-1" in section(page, "followed")


def test_event_in_sibling_city_is_not_follower(database: Settings) -> None:
    page = page_of(database, make_event(1), *elsewhere(parent="province-2"))
    assert "The record has no events in" in section(page, "followed")


def test_event_in_city_does_not_follow_event_in_province(
    database: Settings,
) -> None:
    event = make_event(1, terms=[make_term(code="province-2")])
    same = make_event(3, title="The same", terms=[make_term(code="province-2")])
    followed = section(page_of(database, event, make_event(2, title="The other"), same), "followed")
    assert "The same E3" in followed and "The other" not in followed


def test_linked_predecessor_is_not_follower(
    database: Settings,
) -> None:
    event = make_event(1, happened="2019", links=[make_link("E2", "effect-of")])
    page = page_of(database, event, make_event(2, title="The cause", happened="2019"))
    assert "The cause" not in section(
        page, "followed"
    ) and "Result, in the editors’ reading, of The cause" in section(page, "links")


def test_event_that_is_explained_does_not_follow_its_explanation(database: Settings) -> None:
    event = make_event(1, happened="2019", links=[make_link("E2", "explains")])
    page = page_of(database, event, make_event(2, title="The halt", happened="2019-07-01"))
    assert "The halt" not in section(page, "followed")


def test_breach_of_what_caused_it_does_not_follow(database: Settings) -> None:
    halt = make_event(
        1, happened="2019-06-01/2019-07-15", links=[make_link("E2", "effect-of", id="L1")]
    )
    breach = make_event(
        2, title="The breach", happened="2019-06", links=[make_link("E3", "evades", id="L2")]
    )
    agreed = make_event(3, title="The agreement", happened="2019-06-20")
    followed = section(page_of(database, halt, breach, agreed), "followed")
    assert "The agreement" not in followed and "The breach" not in followed


@pytest.mark.parametrize(
    ("happened", "is_shown"),
    [("2019-06-01", False), ("2019-06", True), ("2019-06-02", True)],
)
def test_one_shared_day_of_two_bounds_is_no_sequence(
    database: Settings, happened: str, is_shown: bool
) -> None:
    event = make_event(1, happened="", within="2019-06-01/2019-07-15", within_reason="So.")
    page = page_of(database, event, make_event(2, title="The other", happened=happened))
    assert ("The other" in section(page, "followed")) is is_shown


@pytest.mark.parametrize(
    ("about", "said"), [("L1", "Reportedly evades E1"), ("", "Evades E1, in the editors’ reading")]
)
def test_evasion_is_marked_among_followers(database: Settings, about: str, said: str) -> None:
    dodge = make_event(
        2,
        title="Other papers",
        happened="2019-07-01",
        links=[make_link("E1", "evades")],
        citations=[make_citation(2), make_citation(3, about=about)],
    )
    assert f"Other papers E2 Stay-limit; Place-1 {said}" in section(
        page_of(database, make_event(1), dodge), "followed"
    )


@pytest.mark.parametrize(
    "link",
    [
        ("evades", "", "L1", "Reportedly evaded by", "Reportedly evades"),
        (
            "evades",
            "",
            "",
            "Evaded, in the editors’ reading, by",
            "Evades, in the editors’ reading",
        ),
        (
            "evades",
            "In part.",
            "L1",
            "Evaded, in the editors’ reading, by",
            "Evades, in the editors’ reading",
        ),
        ("reverses", "", "L1", "Reportedly reversed by", "Reportedly reverses"),
        (
            "reverses",
            "",
            "",
            "Reversed, in the editors’ reading, by",
            "Reverses, in the editors’ reading",
        ),
        (
            "reverses-in-part",
            "",
            "L1",
            "Reportedly reversed in part by",
            "Reportedly reverses in part",
        ),
        (
            "reverses-in-part",
            "",
            "",
            "Reversed in part, in the editors’ reading, by",
            "Reverses in part, in the editors’ reading",
        ),
        (
            "implements",
            "",
            "",
            "Implemented, in the editors’ reading, by",
            "Implements, in the editors’ reading",
        ),
        ("effect-of", "", "L1", "Reportedly resulted in", "Reportedly a result of"),
        (
            "effect-of",
            "",
            "",
            "Resulted, in the editors’ reading, in",
            "Result, in the editors’ reading, of",
        ),
        ("follows", "", "L1", "Is followed by", "Follows"),
        (
            "follows",
            "",
            "",
            "Is followed by, in the editors’ reading",
            "Follows, in the editors’ reading",
        ),
        (
            "answers",
            "",
            "",
            "Has the response, in the editors’ reading",
            "Responds to, in the editors’ reading",
        ),
        (
            "part-of",
            "Two.",
            "",
            "Has the part, in the editors’ reading",
            "Part of, in the editors’ reading",
        ),
        (
            "shows-not-applied",
            "They stay.",
            "",
            "Not applied, in the editors’ reading, as shown by",
            "Shows that it was not applied, in the editors’ reading",
        ),
    ],
)
def test_link_is_listed_with_its_reserve(database: Settings, link: tuple[str, ...]) -> None:
    type, reason, about, there, here = link
    other = make_event(
        2,
        title="The other",
        links=[make_link("E1", type, reason=reason)],
        citations=[make_citation(2), make_citation(3, **({"about": about} if about else {}))],
    )
    with published_as(database, (make_event(1, title="The measure"), other)) as client:
        assert f"{there} The other" in section(client.get("/events/E1").text, "links")
        assert f"{here} The measure" in section(client.get("/events/E2").text, "links")


@pytest.mark.parametrize("about", ["L1", ""])
def test_part_that_no_source_names_is_ours(database: Settings, about: str) -> None:
    part = make_event(
        2,
        title="The part",
        links=[make_link("E1", "part-of")],
        citations=[make_citation(2), make_citation(3, **({"about": about} if about else {}))],
    )
    with published_as(database, (make_event(1, title="The whole"), part)) as client:
        for page in ("/events/E1", "/events/E2"):
            linked = section(client.get(page).text, "links")
            assert ("a part, in the editors’ reading" in linked) is (not about)


def test_followers_over_limit_are_counted_and_linked(database: Settings) -> None:
    others = [make_event(number, happened=f"2019-07-{number:02}") for number in range(2, 22)]
    with published_as(database, (make_event(1), *others)) as client:
        page = client.get("/events/E1").text
        found = re.search(r'href="(/events\?[^"]*)"[^>]*>8 more', page)
        assert found
        address = found[1].replace("&amp;", "&")
        assert "21 events" in words(client.get(address).text)


@pytest.mark.parametrize("changes", [{"happened": ""}, {"terms": [make_term(code="world")]}])
def test_event_without_date_or_place_has_no_followers(
    database: Settings, changes: dict[str, Any]
) -> None:
    world = make_place(4, "world", kind="world")
    assert (
        section(page_of(database, world, make_event(1, **changes), make_event(2)), "followed") == ""
    )
