"""The page of one event."""

import re
from typing import Any

from starlette.testclient import TestClient

from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_link,
    make_source,
    make_stage,
    make_step,
    make_term,
    withdraw,
)
from tests.support.event_pages import Case, faults_of, page_of, published_as, section
from tests.support.html import fold, words

# On the small record ------------------------------------------------------------------------------


def test_status_is_dated_and_hedged_step_is_marked_alleged(client: TestClient) -> None:
    """Daily NK: the limits on stay "seem to be" in force (E1); stage one is under way (E2)."""
    page = client.get("/events/E1").text
    alleged = "In force (alleged), last reported about June 2019"
    assert f"Limit on stay {alleged}" in words(page)
    assert "Alleged: the source reports it with reservations" in section(page, "steps")
    firm = "Limit on stay In force, last reported about 14 March 2019"
    assert firm in words(client.get("/events/E2").text)
    assert alleged in words(client.get("/events?from=2019&to=2019&place=dandong").text)
    steps = section(client.get("/events/E52").text, "steps")
    assert "Enforced Not confirmed since about June 2022 (4 years before)." in steps
    assert "No report that we read confirms it for a later day." in steps


def test_page_of_june_2019_order_shows_all_facts(client: TestClient) -> None:
    page = client.get("/events/E5").text
    told, says = words(page), section(page, "says")
    for part in (
        "Announced or ordered legal status About March 2019",
        "Why this counts as 1 independent source",
        "Only mentions it Daily NK, S1 ; Daily NK, S5",
        "Implements, in the editors’ reading UN Security Council orders repatriation",
        "Based on it, in the editors’ reading; “the UN date”",
        # The wording of the source, which leads to the actor that it means in our reading.
        "Ordered by Chinese government , host country, according to the sources",
        "Disputed: how far it goes",
        "Several diplomatic sources official, not named, several speakers Tokyo Shimbun",
        "with reservations: “may” Japanese published 23 April 2019 (date from URL) excerpt read",
    ):
        assert part in told, part
    assert "In practice: see the reports below" in page and "nothing reported" not in page
    assert "No status change is reported for that day or later." not in page
    order = ("Tokyo Shimbun , published 23 April 2019", "Daily NK , published about June 2019")
    assert says.index(order[0]) < says.index(order[1])
    assert '<a href="/actors/government-of-china">Chinese government</a>' in page


def test_plan_is_not_confirmed_after_its_day_or_without_one(client: TestClient) -> None:
    page = client.get("/events/E3").text
    assert "Planned for May or June 2019. That date has passed; start not reported." in page
    assert "planned for May or June 2019, not confirmed" in page
    assert "<dt>When</dt>" in page and "<dt>Happened</dt>" not in page
    assert "Carried out by" not in page
    undated = words(client.get("/events/E124").text)
    said = "A plan, reported 28 November 2023; planned date not stated. Start not reported."
    assert said in undated and "Planned for" not in undated and "has passed" not in undated


def test_parts_are_sorted_by_date_with_current_marked(client: TestClient) -> None:
    links = section(client.get("/events/E3").text, "links")
    parts = (
        "E1 some day from 28 February to June 2019",
        "E2 about March 2019",
        "E3 May or June 2019; this event",
        "E4 December",
    )
    order = [links.index(part) for part in parts]
    assert order == sorted(order)


def test_step_and_figures_lead_to_what_they_are_taken_from(client: TestClient) -> None:
    page = client.get("/events/E1").text
    assert '<a href="/events/E7#C20">a citation of E7</a>' in page
    linked = client.get("/events/E7").text
    assert 'id="C20"' in linked and "About 50 per cent" in section(linked, "figures")
    assert 'href="/estimates/M12"' in linked
    facts = words(page.partition('<dl class="facts">')[2])
    assert re.search(r"Pictured only Dandong .*women workers at the customs house", facts)


def test_error_in_source_is_shown_with_recorded_value(client: TestClient) -> None:
    page = client.get("/events/E19").text
    assert "<s>Resolution 2379</s>" in page
    values = section(page, "values")
    assert "Resolution 2379 Error in the source UNSCR 2397" in values
    assert (
        "29 November 2019 Alternative value 22 December 2017; deadline 22 December 2019" in values
    )
    assert (
        "Disputed: the date (Alexander Matsegora, Russian ambassador: 29 November 2019)"
        in words(page)
    )
    head = words(page.partition('<div class="two">')[0])
    assert "Not applied, in the editors’ reading: China said to tolerate workers" in head
    assert "2 events go against it, in the editors’ reading" in head


def test_each_internal_link_has_exactly_one_target(client: TestClient) -> None:
    for item in client.get("/events.json?limit=1000").json()["items"]:
        page = client.get(f"/events/{item['id']}").text
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), item["id"]
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids), item["id"]


# Made for it --------------------------------------------------------------------------------------


def cited(number: int = 1, source: int = 1, **changes: Any) -> Any:
    """Return E1 with this citation only."""
    return make_event(citations=[make_citation(number, source, **changes)])


def by(*citations: Any, **changes: Any) -> Any:
    return make_event(citations=list(citations), **changes)


OFFICE = [make_step("government-statement", "the labour ministry")]
RETRACTED = make_citation(2, 1, stance="withdraws", about="C1")
UNDATED = make_source(3, copies=[{"host_kind": "none", "extent": "none"}])
COPIES = [
    {"host_kind": "republisher", "host": "A Reprint", "extent": "excerpt", "read_on": "2026-11-20"},
    {"host_kind": "own", "extent": "full", "archive": "https://archive.example/1"},
]
SPOKEN = [
    make_step("resident", "cooks", speakers_text="three", occasion="by telephone"),
    make_step("other-outlet", outlet="outlet-2"),
]
QUOTE: dict[str, Any] = {
    "quote": "귀국했다",
    "quote_language": "ko",
    "quote_translation": "They went home.",
}
THEIRS: dict[str, Any] = {"quote": "Домой", "quote_language": "ru", "quote_translation": "Home."}
EARLY, LATE = (
    make_source(number, outlet="outlet-2", published=f"2019-{day}")
    for number, day in ((3, "04-01"), (4, "06-18"))
)
SAYS: list[Case] = [
    (
        by(make_citation(1), RETRACTED),
        "",
        "Later retracted by the source; not counted It happened.|"
        "Retracts a statement by Outlet-1: It happened.|Why this counts as no support",
        "",
    ),
    # An office took it back.
    (
        by(
            make_citation(1, chain=OFFICE),
            make_citation(2, 2, stance="withdraws", about="C1", chain=OFFICE),
        ),
        "says",
        "Later retracted by the speaker (the labour ministry); not counted",
        "",
    ),
    (make_event(happened="", citations=[]), "", "No citations are recorded|Date not known", ""),
    (
        cited(chain=SPOKEN),
        "says",
        "Cooks resident, three speakers, by telephone Outlet-2 another outlet Outlet-1",
        "",
    ),
    (
        (
            make_source(1, copies=COPIES),
            cited(locator="page"),
        ),
        "says",
        "excerpt read on 20 November 2026, as republished by A Reprint read in full|page|"
        "archived copy",
        "no archived copy",
    ),
    # An outlet that speaks for itself is in its chain once.
    (cited(), "says", "It happened. Outlet-1 outlet&#39;s own voice Report 1", ""),
    ((make_estimate(1, event="E1"), cited(4)), "figures", "1,203", ""),
    (
        (UNDATED, cited(1, 3)),
        "",
        "Not read by us 1 source cited|so they are not counted.|"
        "Cites a source that the editors have not read Outlet-1, S3",
        "Earliest report read",
    ),
    # The earliest report is one that reports the event; it may precede what it announces.
    (
        (
            EARLY,
            LATE,
            by(
                make_citation(1, 3, kind="context"),
                make_citation(2, 4, chain=[make_step("other-outlet", outlet="outlet-1")]),
            ),
        ),
        "",
        "Earliest report read Outlet-2 repeats Outlet-1 published 18 June 2019|"
        "One report, second-hand",
        "",
    ),
    (
        by(make_citation(1, 3), make_citation(2, 4)),
        "",
        "Earliest report read Outlet-2 published 1 April 2019",
        "",
    ),
    (
        by(make_citation(1), make_citation(2, 2, kind="number", reports_event="no")),
        "",
        "1 report, 1 outlet|Supports 1 citation, 1 source|"
        "Supports, without reporting the event itself 1 citation, 1 source",
        "",
    ),
    (
        by(make_citation(1), make_citation(2, 2, certainty="hedged", certainty_text="is thought")),
        "says",
        "with reservations: “is thought”",
        "firm",
    ),
    (cited(certainty_text="分かった"), "says", "wording: “分かった”", "firm"),
    # Words of time are not the day of the statement.
    (cited(said_text="近日"), "says", "date in the source: “近日”", "said “近日”"),
    (
        cited(happened="2019-03~"),
        "says",
        "happened, according to the source: about March 2019",
        "Date disputed",
    ),
    (
        cited(happened="2019-07", kind="forecast"),
        "says",
        "planned for, according to the source: July 2019",
        "",
    ),
    # The words are those of the stance, as in the data.
    (
        by(
            make_citation(1),
            make_citation(2, 2, kind="statement", paraphrase="The ban should be revoked."),
            make_citation(3, 2, kind="cause", paraphrase="It follows cases of abuse."),
        ),
        "says",
        "Supports, without reporting the event itself 2 citations, 1 source",
        "Mentions",
    ),
]


ANIS = make_step("ngo", "Anis Hidayah")
COOK = make_step("resident", "a cook")
NOBODY = make_step("resident")
OWN = make_step()
ABOUT_ANOTHER = [
    (ANIS, ANIS, 1, "cause", "Explains a statement by Anis Hidayah (in Outlet-1): Said 1."),
    (ANIS, ANIS, 2, "effect", "Explains a statement by Anis Hidayah (in Outlet-1): Said 2."),
    (ANIS, ANIS, 1, "statement", "Supports a statement by Anis Hidayah (in Outlet-1): Said 3."),
    (ANIS, OWN, 1, "cause", "Supports a statement by Anis Hidayah (in Outlet-1): Said 4."),
    (COOK, COOK, 1, "context", "Explains a statement by a cook (in Outlet-1): Said 5."),
    (COOK, COOK, 2, "context", "Supports a statement by a cook (in Outlet-1): Said 6."),
    (OWN, ANIS, 1, "cause", "Supports a statement by Outlet-1: Said 7."),
    (OWN, OWN, 1, "cause", "Explains a statement by Outlet-1: Said 8."),
    (NOBODY, NOBODY, 1, "cause", "Supports a statement in Outlet-1 (resident): Said 9."),
]
"""Who says the first, who says the second, its source and kind, and its heading."""


def test_citations_show_what_was_read_and_how_it_counts(database: Settings) -> None:
    citations = []
    for at, (first, second, source, kind, _heading) in enumerate(ABOUT_ANOTHER, 1):
        about = {"kind": kind, "about": f"C{at}", "chain": [second]}
        citations += [
            make_citation(at, 1, paraphrase=f"Said {at}.", chain=[first]),
            make_citation(at + 20, source, paraphrase="And more.", **about),
        ]
    headings = "|".join(heading for *_, heading in ABOUT_ANOTHER)
    assert faults_of(database, [*SAYS, (by(*citations), "says", headings, "")]) == []


SILENCE = "No status change is reported for that day or later."
ANNOUNCED = make_stage("announced", "2019-06-15")
STEPS: list[Case] = [
    (make_event(deadline="2019-06-20", stages=[ANNOUNCED]), "steps", SILENCE, ""),
    (
        make_event(
            stages=[make_stage("in-force", "2019-06-15", valid_until="2019-12-31")],
        ),
        "steps",
        "Stated end: 31 December 2019|The stated period has ended; nothing was reported since.",
        "",
    ),
    (
        by(make_citation(1), RETRACTED, stages=[ANNOUNCED]),
        "steps",
        "Alleged: the source later retracted it",
        "",
    ),
    (
        by(
            make_citation(1, certainty="hedged", certainty_text="may"),
            make_citation(2, 2, reports_event="no"),
            stages=[make_stage("effect-seen", "2019-06-15", "C2")],
        ),
        "steps",
        "Alleged, as the whole event is",
        "retracted it",
    ),
    (
        by(
            make_citation(1),
            make_citation(2, 2, reports_event="no"),
            stages=[make_stage("announced", "2019-06-15", "C2")],
        ),
        "steps",
        "Not counted: the report mentions it, and does not report the event itself",
        "",
    ),
    (
        make_event(stages=[make_stage("announced", "unknown")]),
        "steps",
        "Announced or ordered legal status Date not known",
        "",
    ),
    (
        make_event(
            stages=[
                make_stage("enforced", "2019-06", date_text="in June", remark="two reports differ")
            ]
        ),
        "steps",
        "“in June” Our note: two reports differ",
        "",
    ),
    # A link shows otherwise.
    (
        (
            make_event(deadline="2019-06-20", stages=[ANNOUNCED], title="Limit"),
            make_event(
                2,
                type="repatriation",
                links=[make_link("E1", "shows-not-applied", reason="In part: some stayed.")],
                citations=[make_citation(52)],
            ),
        ),
        "",
        "In part: some stayed.",
        SILENCE,
    ),
]


def test_steps_show_silence_ends_and_reserves(database: Settings) -> None:
    assert faults_of(database, STEPS) == []


TERMS = [
    (make_term("paper", "student", "exempt"), "Exempt Student"),
    (
        make_term("paper", "student", "until-expiry", number=35),
        "Until the permit expires Student: 35",
    ),
    (make_term("paper", "student", "from"), "Permit given up Student"),
    (
        make_term("paper", "student", "to", printed="study visas"),
        "Permit received Student (“study visas”)",
    ),
    (make_term("actor", "", "denies", printed="the ministry"), "Denied by The ministry"),
    (
        make_term("actor", "", "orders", printed="the city", side="host-state"),
        "Ordered by The city, host country, according to the sources",
    ),
    (make_term("place", "place-1", "lived"), "Housed in Place-1"),
    (make_term("place", "", "to", printed="towns not named"), "To towns not named"),
]


def test_terms_are_listed_under_their_role(database: Settings) -> None:
    cases: list[Case] = [
        (make_event(terms=[make_term(), term]), "", told, "") for term, told in TERMS
    ]
    assert faults_of(database, cases) == []


def test_only_values_that_differ_are_set_against_the_entry(database: Settings) -> None:
    def other(number: int, **parts: str) -> Any:
        return make_citation(number, 2, stance="disputes", **parts)

    page = page_of(
        database,
        make_estimate(1, event="E1", point="40000"),
        by(
            make_citation(1, 1, **QUOTE),
            other(2, kind="number", field="number", value="40,000", differs="rival"),
            other(3, kind="number", field="number", value="7,000", differs="rival"),
            other(4, kind="scope", field="scope", value="passes", differs="other-reading"),
        ),
    )
    values = section(page, "values")
    assert "Where sources differ from this entry" in values
    assert "7,000" in values and "passes" not in values and "40,000 Rival" not in values
    assert '<p lang="ko">“귀국했다”</p>' in page
    assert "“They went home.” (our translation)" in words(page)
    # An event without stages has no section of steps, and nothing is drawn.
    assert section(page, "steps") == "" and '<figure class="track">' not in page


# Taken back, removed, corrected -------------------------------------------------------------------


def test_page_survives_purge_of_cited_source(database: Settings) -> None:
    quoted = make_citation(1, 1, chain=[make_step("resident", "a cook")])
    with published_as(database, (by(quoted, make_citation(2, 2)),)) as client:
        with desk_session(database) as desk:
            purge(desk, "S1")
        page = client.get("/events/E1").text
    assert "A source that was removed" in section(page, "says")
    assert "Report 1" not in page and "Report 2" in page


def test_withdrawn_event_is_not_linked(database: Settings) -> None:
    forms = (make_event(1), make_event(2, title="Gone", links=[make_link("E1", "effect-of")]))
    with published_as(database, forms) as client:
        assert "Gone" in section(client.get("/events/E1").text, "links")
        with desk_session(database) as desk:
            withdraw(desk, "E2")
        assert "Gone" not in client.get("/events/E1").text


def test_history_shows_reason_and_support_per_edition(database: Settings) -> None:
    first, second = by(make_citation(1)), by(make_citation(1), make_citation(2, 2))
    with published_as(database, (first,), (second,)) as client:
        now, then = (
            fold(client.get(f"/events/E1{query}").text, "history") for query in ("", "?edition=1")
        )
    assert now.index("Edition 2") < now.index("Edition 1")
    assert "Corrected The report says otherwise." in now
    assert "Support: from “one outlet, in its own words” to “independent sources”." in now
    assert "Edition 2" not in then and "Added" in then
