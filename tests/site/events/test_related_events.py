"""Later events in the same place, and linked events, on the page of an event."""

import re
from typing import Any

from app.kinds import EventForm, RecordForm
from app.settings import Settings
from tests.make import make_citation, make_event, make_link, make_place, make_term
from tests.support.event_pages import Case, faults_of, published_as, section
from tests.support.html import words

NONE = "The record has no events in"
WORLD = make_place(6, "world", kind="world")


def other(happened: str = "2019-06-15", number: int = 2, **changes: Any) -> EventForm:
    changes = {"title": "The other"} | changes
    return make_event(number, happened=happened, **changes)


def followed(
    first: EventForm, *others: RecordForm, shown: str = "", hidden: str = "", id: str = "followed"
) -> Case:
    return ((first, *others), id, shown, hidden)


def test_followers_began_within_90_days(database: Settings) -> None:
    bounded = make_event(happened="[2019-06-01..2019-07-15]")
    same_day, halt = make_event(title="A"), make_event(happened="2019", title="B")
    cases = [
        followed(same_day, other(day), shown=f"{shown} The other E2" if shown else NONE)
        for day, shown in [
            ("2019-06-14", ""),
            ("2019-06-15", "15 June 2019"),
            ("2019-09-13", "13 September 2019"),
            ("2019-09-14", ""),
            ("2019-06", "June 2019 possibly"),
            ("2019-09", "September 2019 possibly"),
            ("2019-07", "July 2019"),
            ("2019-01/2019-12", ""),
        ]
    ]
    # A day that two bounds share is no sequence.
    cases += [
        followed(bounded, other("2019-06-01"), hidden="The other"),
        followed(bounded, other("2019-06"), shown="The other"),
        followed(bounded, other("2019-06-02"), shown="The other"),
    ]
    # They are in the same city or within it.
    here, beside = make_place(4, kind="site", parent="place-1"), make_place(5, parent="province-2")
    inside, sibling = (other(terms=[make_term(code=f"place-{n}")]) for n in (4, 5))
    wide = make_event(terms=[make_term(code="province-2")])
    same = make_event(3, title="The same", terms=[make_term(code="province-2")])
    cases += [
        followed(same_day, here, inside, shown="The other E2 Stay-limit; Place-1"),
        followed(same_day, beside, sibling, shown=NONE),
        followed(wide, other(), same, shown="The same E3", hidden="The other"),
    ]
    # Evasion is marked.
    papers: dict[str, Any] = {"title": "Papers", "links": [make_link("E1", "evades")]}
    for about, said in (("L1", "Reportedly evades E1"), ("", "Evades E1, in the editors’ reading")):
        cited = [make_citation(2), make_citation(9, about=about)]
        dodge = other("2019-07-01", **papers, citations=cited)
        cases += [followed(same_day, dodge, shown=f"Papers E2 Stay-limit; Place-1 {said}")]
    # Without a date or in the whole world, there is no such section.
    cases += [
        followed(make_event(happened=""), other(), hidden="The other"),
        followed(make_event(terms=[make_term(code="world")]), WORLD, hidden=NONE),
    ]
    # What is linked as a cause, as its explanation, or as a breach of a cause does not follow.
    cases += [
        followed(
            make_event(happened="2019", links=[make_link("E2", "effect-of", 5)]),
            other("2019", title="The cause"),
            shown="Result, in the editors’ reading, of The cause",
            id="links",
        ),
        followed(
            make_event(happened="2019", title="C", links=[make_link("E2", "effect-of", 5)]),
            hidden="The cause",
        ),
        followed(
            halt.model_copy(update={"links": [make_link("E2", "explains", 5)]}),
            other("2019-07-01", title="The halt"),
            hidden="The halt",
        ),
        followed(
            make_event(happened="2019-06-01/2019-07-15", links=[make_link("E2", "effect-of", 5)]),
            other("2019-06", title="The breach", links=[make_link("E3", "evades", 2)]),
            make_event(3, title="The agreement", happened="2019-06-20"),
            hidden="The agreement|The breach",
        ),
    ]
    assert faults_of(database, cases) == []


OURS = "in the editors’ reading"
LINKS = [
    ("evades", "", True, "Reportedly evaded by", "Reportedly evades"),
    ("evades", "", False, f"Evaded, {OURS}, by", f"Evades, {OURS}"),
    ("evades", "In part.", True, f"Evaded, {OURS}, by", f"Evades, {OURS}"),
    ("reverses", "", True, "Reportedly reversed by", "Reportedly reverses"),
    ("reverses", "", False, f"Reversed, {OURS}, by", f"Reverses, {OURS}"),
    (
        *("reverses-in-part", "", True),
        *("Reportedly reversed in part by", "Reportedly reverses in part"),
    ),
    (
        *("reverses-in-part", "", False),
        *(f"Reversed in part, {OURS}, by", f"Reverses in part, {OURS}"),
    ),
    ("implements", "", False, f"Implemented, {OURS}, by", f"Implements, {OURS}"),
    ("effect-of", "", True, "Reportedly resulted in", "Reportedly a result of"),
    ("effect-of", "", False, f"Resulted, {OURS}, in", f"Result, {OURS}, of"),
    ("follows", "", True, "Is followed by", "Follows"),
    ("follows", "", False, f"Is followed by, {OURS}", f"Follows, {OURS}"),
    ("answers", "", False, f"Has the response, {OURS}", f"Responds to, {OURS}"),
    ("part-of", "Two.", False, f"Has the part, {OURS}", f"Part of, {OURS}"),
    (
        "do-not-agree",
        "It differs.",
        False,
        f"Does not agree with, {OURS}",
        f"Does not agree with, {OURS}",
    ),
    (
        *("shows-not-applied", "They stay.", False),
        *(f"Not applied, {OURS}, as shown by", f"Shows that it was not applied, {OURS}"),
    ),
]
"""Type, reason, whether a source has it, and its words at its end and at its start."""


def linking(number: int, type: str, reason: str, is_cited: bool) -> EventForm:
    about = [make_citation(100 + number, about=f"L{number}")] if is_cited else []
    return make_event(
        number,
        title=f"Other {number}.",
        links=[make_link("E1", type, number, reason=reason)],
        citations=[make_citation(number), *about],
    )


def test_link_is_listed_with_its_reserve(database: Settings) -> None:
    others = [linking(number, *link[:3]) for number, link in enumerate(LINKS, 2)]
    wrong = []
    with published_as(database, (make_event(1, title="The measure"), *others)) as client:
        there = section(client.get("/events/E1").text, "links")
        for number, (type, *_more, end, start) in enumerate(LINKS, 2):
            here = section(client.get(f"/events/E{number}").text, "links")
            if f"{start} The measure" not in here:
                wrong.append((type, start, here))
            if not re.search(rf"{end} (Other \d+\. .{{0,200}})?Other {number}\.", there):
                wrong.append((type, end, there))
        cited = section(client.get("/events/E2").text, "says")
        assert "Supports the link “Evades” to: The measure" in cited
        assert '<a href="/events/E2#C102">C102</a>' in client.get("/events/E1").text
    assert wrong == []


def test_part_that_no_source_names_is_ours(database: Settings) -> None:
    whole = make_event(1, title="The whole")
    parts = [linking(2, "part-of", "", True), linking(3, "part-of", "", False)]
    for number, part in enumerate(parts, 2):
        with published_as(database, (whole, part)) as client:
            for page in ("/events/E1", f"/events/E{number}"):
                linked = section(client.get(page).text, "links")
                assert (f"a part, {OURS}" in linked) is (part is parts[1]), page


def test_followers_over_limit_are_counted_and_linked(database: Settings) -> None:
    others = [make_event(number, happened=f"2019-07-{number:02}") for number in range(2, 22)]
    with published_as(database, (make_event(1), *others)) as client:
        page = client.get("/events/E1").text
        found = re.search(r'href="(/events\?[^"]*)"[^>]*>8 more', page)
        assert found
        address = found[1].replace("&amp;", "&")
        assert "21 events" in words(client.get(address).text)
