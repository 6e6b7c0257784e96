"""The story of an event: each clause comes from a citation, or says what none reports."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.kinds import Citation, RecordForm
from app.site.events.independence import story
from tests.make import (
    make_citation,
    make_event,
    make_link,
    make_source,
    make_stage,
    make_step,
    make_term,
)
from tests.support.event_pages import event_in_context

COOK = [make_step("resident", "a cook")]
MINISTRY = [make_step("government-statement", "the ministry", named="yes")]
FROM_FIRST, FROM_THIRD = (
    [make_step("other-outlet", outlet=outlet)] for outlet in ("outlet-1", "outlet-3")
)
ITSELF = "It happened. So Outlet-1 reported (20 June 2019)."
ALONE = "No other report supports it."
ANNOUNCED = [make_stage("announced", "2019-06-15")]


def other(type: str, **changes: Any) -> RecordForm:
    citations = [make_citation(52), make_citation(53, about="L1")]
    link = make_link("E1", type)
    return make_event(2, title="The other", citations=citations, links=[link], **changes)


@pytest.mark.parametrize(
    ("citations", "event", "beside", "told"),
    [
        # Who says so.
        ([make_citation(1)], {}, [], [ITSELF, ALONE]),
        (
            [make_citation(1, chain=[make_step("document", "Outlet-1", named="yes")])],
            {},
            [],
            [ITSELF, ALONE],
        ),
        (
            [make_citation(1, chain=COOK)],
            {},
            [],
            ["It happened. So Outlet-1 reported (20 June 2019), from a cook, not named.", ALONE],
        ),
        (
            [make_citation(1, chain=[make_step("resident")])],
            {},
            [],
            [f"{ITSELF[:-1]}, from resident, not named.", ALONE],
        ),
        (
            [make_citation(1, 3, chain=MINISTRY)],
            {},
            [make_source(3, published="2019-06~")],
            ["It happened. So Outlet-1 reported (about June 2019), from the ministry.", ALONE],
        ),
        (
            [make_citation(1, 2, chain=FROM_FIRST)],
            {},
            [],
            ["It happened. So Outlet-2 reported (20 June 2019), repeating Outlet-1.", ALONE],
        ),
        (
            [make_citation(1, certainty="asked")],
            {},
            [],
            [f"{ITSELF} The report calls it a rumour or question.", ALONE],
        ),
        # Several, and repeats, which are not counted.
        (
            [
                make_citation(1),
                make_citation(2, 2, paraphrase="Nine left"),
                make_citation(3, 4, chain=[make_step("other-outlet", outlet="outlet-3")]),
                make_citation(4, 5, chain=[make_step("other-outlet", outlet="outlet-6")]),
            ],
            {},
            [make_source(number, outlet=f"outlet-{number}") for number in (4, 5)],
            [
                f"{ITSELF} Outlet-2 reports the event, too: Nine left. outlet-3, in "
                "outlet-4 reports the event, too: It happened."
            ],
        ),
        (
            [make_citation(2, 2, chain=FROM_FIRST, paraphrase="All left"), make_citation(1)],
            {},
            [],
            [ITSELF, "The other reports in support count as the same source."],
        ),
        # Denial and doubt.
        (
            [
                make_citation(1),
                make_citation(2, 2, stance="disputes", chain=MINISTRY, paraphrase="Fiction"),
            ],
            {},
            [],
            [ITSELF, "! Denied by the ministry, in Outlet-2: Fiction.", ALONE],
        ),
        (  # Who spoke before the report does not answer it.
            [make_citation(1), make_citation(2, 2, stance="disputes", said="2019-06-19")],
            {},
            [],
            [ITSELF, "! Said otherwise before that report, by Outlet-2: It happened.", ALONE],
        ),
        (
            [
                make_citation(1),
                make_citation(2, stance="disputes", kind="scope", paraphrase="Not all"),
            ],
            {},
            [],
            [ITSELF, "! Disputed (how far it goes) by the same report: Not all.", ALONE],
        ),
        (  # An outlet that another passes on is the one that disputes it.
            [
                make_citation(1),
                make_citation(2, 2, stance="disputes", kind="date", chain=FROM_THIRD),
            ],
            {},
            [],
            [ITSELF, "! Disputed (the date) by outlet-3, in Outlet-2: It happened.", ALONE],
        ),
        (
            [make_citation(1, stance="mentions")],
            {},
            [],
            ["No report that we read supports this entry."],
        ),
        # What became of it.
        (
            [make_citation(1)],
            {"stages": ANNOUNCED},
            [other("reverses", happened="2019-09-01")],
            [ITSELF, f"{ALONE} It was reversed (1 September 2019): The other."],
        ),
        (
            [make_citation(1)],
            {"stages": ANNOUNCED},
            [make_event(2, title="The other", links="E1 follows")],
            [ITSELF, f"{ALONE} It was followed by (15 June 2019): The other. (Our reading.)"],
        ),
        # Our own reading of what is against it is in the folds below.
        (
            [make_citation(1)],
            {},
            [make_event(2, links="E1 reverses")],
            [ITSELF, ALONE],
        ),
    ],
)
def test_story_follows_from_citations(
    citations: Sequence[Citation],
    event: dict[str, Any],
    beside: Sequence[RecordForm],
    told: Sequence[str],
) -> None:
    form = make_event(citations=list(citations), summary="Never told.", **event)
    found = story(*event_in_context(form, *beside))
    shown = [
        ("! " if is_doubt else "") + " ".join(each.striptags() for each in said)
        for is_doubt, said in found
    ]
    assert shown == told


def test_each_clause_of_a_report_links_its_citation() -> None:
    citations = [make_citation(1), make_citation(2, stance="disputes", chain=MINISTRY)]
    terms = [make_term(), make_term("actor", "", "denies", printed="the ministry")]
    (_is, reported), (_doubt, doubted), _alone = story(
        *event_in_context(make_event(citations=citations, terms=terms))
    )
    assert '<a href="#C1">Outlet-1</a>' in reported[1]
    assert '<a href="#C2">the ministry, in Outlet-1</a>' in doubted[0]
