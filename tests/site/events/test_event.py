"""The page of one event."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.kinds import Citation, Copy, EventForm, RecordForm
from app.record.publishing.purge import purge
from app.settings import Settings
from app.site.events.independence import Origins, origins_view, story
from tests.conftest import desk_session
from tests.make import (
    make_actor,
    make_citation,
    make_code,
    make_decision,
    make_estimate,
    make_event,
    make_law,
    make_link,
    make_source,
    make_stage,
    make_step,
    make_term,
    withdraw,
)
from tests.support.event_pages import (
    Case,
    event_in_context,
    faults_of,
    page_of,
    published_as,
    section,
)
from tests.support.html import fold, words

# On the small record ------------------------------------------------------------------------------


def test_page_shows_story_sources_facts_and_folds(client: TestClient) -> None:
    page = client.get("/events/E5").text
    told = words(page)
    for part in (
        "Tightens: order to leave China About March 2019 Disputed: how far it goes",
        "Disputed (how far it goes) by the same report : China sets return dates in steps",
        "Who says so 1 independent source, 3 reports Return of North Korean workers",
        "Several diplomatic sources official, not named, several speakers Tokyo Shimbun",
        "23 April 2019, date from URL, in Japanese, excerpt read",
        "Disputes China sets return dates in steps, so this may not cover every dispatched worker.",
        "With reservations: “may”.",
        "Repeats By order of the Chinese government",
        "When About March 2019 “early March”",
        "To be done by 30 June 2019",
        "Whom North Korean, workers",
        "Ordered by Government of China , host country, according to the sources "
        "“Chinese government”",
        "Status Announced or ordered about March 2019, 7 years ago",
        "How sure One report, source not named Why this counts as 1 independent source",
        "UNSCR 2397 Based on, our reading; “the UN date”",
    ):
        assert part in told, part
    assert "Mentions: Daily NK, S1" in section(page, "why")
    assert "Reported not to be applied by Dandong factory says" in section(page, "against")
    assert "Implements UN Security Council orders repatriation" in section(page, "links")


def test_plan_is_no_fact_and_status_cites_its_report(client: TestClient) -> None:
    plan = words(client.get("/events/E3").text)
    assert "Planned for May or June 2019" in plan and "Carried out by" not in plan
    facts = client.get("/events/E1").text.partition('<dl class="fact-sheet">')[2]
    assert '<a href="/events/E7#C20">' in facts
    assert "Pictured only Dandong “women workers at the customs house, on a photo”" in words(facts)
    linked = client.get("/events/E7").text
    assert 'id="C20"' in linked and "About 50 per cent" in section(linked, "figures")


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
SAYS: list[Case] = [
    (
        by(make_citation(1), RETRACTED),
        "",
        "It happened. Later retracted (outlet&#39;s own voice); not counted|"
        "Retracts a statement by outlet&#39;s own voice, in Outlet-1: It happened.|"
        "Why this counts as no support",
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
        "in English, read in full; archived copy|Page.",
        "",
    ),
    # What it says itself, besides a speaker.
    (
        by(make_citation(1, chain=SPOKEN[:1]), make_citation(2, paraphrase="So it is.")),
        "says",
        "So it is. Outlet-1.",
        "",
    ),
    # An outlet that speaks for itself is in its chain once.
    (
        cited(),
        "says",
        "Report 1 Outlet-1 outlet&#39;s own voice 20 June 2019, in English",
        "",
    ),
    (
        (UNDATED, cited(1, 3)),
        "",
        "Not read by us|Why this counts as no support "
        "Not counted Cites a source that the editors have not read: Outlet-1, S3",
        "",
    ),
    (
        by(make_citation(1), make_citation(2, 2, kind="number", reports_event="no")),
        "says",
        "1 independent source, 2 reports|Reports It happened.|Number It happened.",
        "",
    ),
    (
        by(make_citation(1), make_citation(2, 2, certainty="hedged", certainty_text="is thought")),
        "says",
        "With reservations: “is thought”.",
        "firm",
    ),
    (cited(certainty_text="分かった"), "says", "Wording: “分かった”.", "firm"),
    # Words of time are not the day of the statement.
    (cited(said_text="近日"), "says", "Date in the source: “近日”.", "Said “近日”"),
    (
        cited(happened="2019-07", kind="forecast"),
        "says",
        "Planned for, according to the source: July 2019.",
        "",
    ),
    (
        by(
            make_citation(1),
            make_citation(2, 2, kind="statement", paraphrase="The ban should be revoked."),
            make_citation(3, 2, kind="cause", paraphrase="It follows cases of abuse."),
        ),
        "says",
        "Statement The ban should be revoked.|Reason It follows cases of abuse.",
        "Mentions",
    ),
]


def test_citations_show_what_was_read_and_how_it_counts(database: Settings) -> None:
    cook = make_citation(1, paraphrase="They stay", chain=[make_step("resident", "a cook")])
    about = make_citation(2, kind="cause", about="C1")
    heading = "Supports a statement by a cook, in Outlet-1: They stay"
    assert faults_of(database, [*SAYS, (by(cook, about), "says", heading, "")]) == []


STEPS: list[Case] = [
    (
        by(make_citation(1, certainty="hedged"), stages=[make_stage("announced", "unknown")]),
        "",
        "Status Announced or ordered (alleged)",
        "",
    ),
    (
        make_event(
            stages="announced 2019-05, enforced 2019-06 (date_text=in June, remark=reports differ)"
        ),
        "",
        "Enforced June 2019, 7 years ago ; “in June”; reports differ Announced or ordered",
        "",
    ),
]


def test_status_is_listed_newest_first_with_age_and_end(database: Settings) -> None:
    assert faults_of(database, STEPS) == []


TERMS = [
    (make_term("paper", "student", "exempt"), "Exempt Student"),
    (
        make_term("paper", "student", "to", printed="study visas"),
        "Permit received Student (“study visas”)",
    ),
    (
        make_term("actor", "", "orders", printed="the city", side="host-state"),
        "Ordered by The city, host country, according to the sources",
    ),
    (
        make_term("actor", "actor-1", "orders", printed="북한 당국"),
        "Ordered by Actor-1 , according to the sources “북한 당국”",
    ),
    (make_term("place", "", "to", printed="towns not named"), "To Towns not named"),
]


def test_terms_are_listed_under_their_role(database: Settings) -> None:
    cases: list[Case] = [
        ((make_actor(note=f"Case {number}"), make_event(terms=[make_term(), term])), "", told, "")
        for number, (term, told) in enumerate(TERMS)
    ]
    assert faults_of(database, cases) == []


def test_citation_shows_its_quotation_and_other_value(database: Settings) -> None:
    page = page_of(
        database,
        by(
            make_citation(1, 1, **QUOTE),
            make_citation(
                2, 2, stance="disputes", kind="number", field="number", value="7", differs="rival"
            ),
            make_citation(3, 1, kind="number", field="number", differs="other-reading"),
        ),
    )
    says = section(page, "says")
    assert "Alternative value, the number: 7." in says and "Other interpretation." in says
    assert '<p lang="ko">“귀국했다”</p>' in page
    assert "“They went home.” (our translation)" in words(page)


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
    forms = (make_event(1), make_event(2, title="Gone", links="E1 effect-of"))
    with published_as(database, forms) as client:
        assert "Gone" in section(client.get("/events/E1").text, "links")
        with desk_session(database) as desk:
            withdraw(desk, "E2")
        assert "Gone" not in client.get("/events/E1").text


def test_history_shows_reason_per_edition(database: Settings) -> None:
    first, second = by(make_citation(1)), by(make_citation(1), make_citation(2, 2))
    with published_as(database, (first,), (second,)) as client:
        now, then = (
            fold(client.get(f"/events/E1{query}").text, "history") for query in ("", "?edition=1")
        )
    assert now.index("Edition 2") < now.index("Edition 1")
    assert "Corrected The report says otherwise." in now
    assert "Edition 2" not in then and "Added" in then


# Terms, with the citation that alone names them ---------------------------------------------------


KP = make_code("kp", "nationality", label="North Korean")
LAW = make_law(1, "unscr-2397", names=[{"text": "Resolution 2397"}])
OF_TERMS: list[Case] = [
    (
        make_event(
            terms="place (citation=C1); actor (printed=A ministry, citation=C1); nationality kp"
        ),
        "",
        "A ministry C1|Whom North Korean|Place-1 C1",
        "",
    ),
    (make_event(no_nationality="not-stated"), "", "Whom Nationality not stated", ""),
    # Parties and speakers are not said to order.
    (
        make_event(
            terms=[
                make_term(),
                make_term("actor", role="agrees", printed="Indonesia", side="home-state"),
                make_term("actor", role="says", printed="The ministry", side="host-state"),
            ]
        ),
        "",
        "Agreed by Indonesia, home country|Said by The ministry, host country",
        "Ordered by",
    ),
    (
        make_event(
            legal=[
                {"instrument": "unscr-2397", "relation": "refers-to", "reading": "source"},
                {"relation": "to-become", "reading": "source", "printed": "a bill"},
            ]
        ),
        "",
        "Law Resolution 2397 Refers to, according to a source|"
        "“a bill” Planned law, according to a source",
        "",
    ),
]


def test_terms_laws_and_copies_are_told_as_reported(database: Settings) -> None:
    forms, *more = OF_TERMS[0]
    assert faults_of(database, [((KP, LAW, forms), *more), *OF_TERMS[1:]]) == []  # type: ignore[list-item]


def test_estimate_and_its_file_say_what_one_citation_names(database: Settings) -> None:
    terms = [make_term(), make_term("nationality", "kp", citation="C401")]
    with published_as(database, (KP, make_estimate(terms=terms))) as client:
        html = client.get("/estimates/M1").text
        assert "Citation of one value North Korean C401" in words(html) and 'href="#C401"' in html
        assert client.get("/estimates/M1.json").json()["terms"][1]["citation"] == "C401"


# Linked events ------------------------------------------------------------------------------------


OF_LINKS = [
    ("effect-of", "", True, "Resulted in", "Result of"),
    ("part-of", "Two.", False, "Has the part", "Part of"),
    ("reverses", "", False, "1 report against it Reported to be reversed by", "Reverses"),
    ("do-not-agree", "It differs.", False, "Does not agree with", "1 report against it"),
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
    measure = make_event(1, title="The measure")
    editions = [(measure, linking(2, *link[:3])) for link in OF_LINKS]
    wrong = []
    with published_as(database, *editions) as client:
        for edition, (type, reason, is_cited, end, start) in enumerate(OF_LINKS, 1):
            is_ours = bool(reason) or not is_cited
            for id, label, title in ((1, end, "Other 2."), (2, start, "The measure")):
                page = client.get(f"/events/E{id}?edition={edition}").text
                said = words(page.partition('<div class="folds">')[2])
                if not (label in said and title in said and is_ours is ("our reading" in said)):
                    wrong.append((type, label, said))
                if is_cited and id == 1 and '<a href="/events/E2#C102">C102</a>' not in page:
                    wrong.append((type, "no citation", said))
    assert wrong == []


# The story of an event: each clause comes from a citation, or says what none reports


COOK = [make_step("resident", "a cook")]
LABOUR_MINISTRY = [make_step("government-statement", "the ministry", named="yes")]
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
            [make_citation(1, 2, chain=[make_step("document", "Outlet-1"), *FROM_FIRST])],
            {},
            [],
            ["It happened. So Outlet-2 reported (20 June 2019), repeating Outlet-1.", ALONE],
        ),
        (
            [make_citation(1, 2, chain=[*COOK, *FROM_FIRST])],
            {},
            [],
            [
                "It happened. So Outlet-2 reported (20 June 2019), repeating Outlet-1, which has "
                "it from a cook.",
                ALONE,
            ],
        ),
        (
            [make_citation(1, chain=[*COOK, make_step("other-outlet", named="no")])],
            {},
            [],
            [
                "It happened. So Outlet-1 reported (20 June 2019), repeating an unnamed outlet, "
                "which has it from a cook.",
                ALONE,
            ],
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
        # Denial and doubt.
        (
            [
                make_citation(1),
                make_citation(2, 2, stance="disputes", chain=LABOUR_MINISTRY, paraphrase="Fiction"),
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
    citations = [make_citation(1), make_citation(2, stance="disputes", chain=LABOUR_MINISTRY)]
    terms = [make_term(), make_term("actor", "", "denies", printed="the ministry")]
    (_is, reported), (_doubt, doubted), _alone = story(
        *event_in_context(make_event(citations=citations, terms=terms))
    )
    assert '<a href="#C1">Outlet-1</a>' in reported[1]
    assert '<a href="#C2">the ministry, in Outlet-1</a>' in doubted[0]


# Independent sources of an event: counting, and reasons


def origins_of(
    *citations: Citation, beside: tuple[RecordForm, ...] = (), **changes: Any
) -> Origins:
    event = make_event(1, citations=list(citations), **changes)
    return origins_view(*event_in_context(event, *beside))


COPY = Copy(url="https://un.example/1", host_kind="own", extent="full")
TEXT_OF_LAW = make_source(2, outlet="outlet-2", kind="government", copies=[COPY])
RELAY = make_source(3, outlet="outlet-2", derived_from=[{"source": "S1", "how": "relay"}])
MINISTRY = [make_step("government-statement", "Ministry of Labour")]


# Words --------------------------------------------------------------------------------------------


JOINED = [make_decision("S1", "S2", "The same report, credited to two papers.")]
SPLIT = [make_decision("S2", reason="It had its own interview")]
TWO, OF_MINISTRY = (
    [make_citation(n, n, **chain) for n in (1, 2)] for chain in ({}, {"chain": MINISTRY})
)
WORDS: list[tuple[Origins, str, list[str]]] = [
    (origins_of(*TWO), "These reports differ", ["", ""]),
    (
        origins_of(make_citation(1, 1), make_citation(2, 3), beside=(make_source(3),)),
        "2 reports support it, and count once.",
        ["They have the same first outlet: Outlet-1."],
    ),
    (
        origins_of(make_citation(1, 1), make_citation(2, 3), beside=(RELAY,)),
        "2 reports support it, and count once.",
        ["They go back to the same source: S1."],
    ),
    (
        origins_of(
            make_citation(1, 1),
            make_citation(2, 2, chain=[make_step("document", "A law")]),
            type="law",
            beside=(make_code("law", is_law=True), TEXT_OF_LAW),
        ),
        "2 reports support it, and count once.",
        ["They retell the text of the law in S2."],
    ),
    (
        origins_of(*OF_MINISTRY),
        "",
        ["They have the same named speaker, body or document: Ministry of Labour."],
    ),
    (
        origins_of(*TWO, joined_sources=JOINED),
        "2 reports support it, and count once.",
        ["Counted as one source (S1, S2): “The same report, credited to two papers”."],
    ),
    (
        origins_of(*OF_MINISTRY, joined_sources=SPLIT),
        "or the editors count them apart",
        ["", "Counted as independent (S2): “It had its own interview”."],
    ),
]
"""What the page says, its sentence, and the reasons of each independent source."""


def test_count_of_independent_sources_is_explained() -> None:
    for view, sentence, reasons in WORDS:
        count = "1 independent source" if len(reasons) == 1 else "2 independent sources"
        assert view.heading == f"Why this counts as {count}", reasons
        assert sentence in view.sentence
        assert [" ".join(origin.reasons) for origin in view.rows] == reasons
    first, second = WORDS[0][0].rows
    assert [first.label, second.label] == ["Outlet-1", "Outlet-2"]
    assert [(link.label, link.address) for link in first.citations] == [("Outlet-1, S1", "#C1")]


def test_uncounted_citations_are_listed_with_reason() -> None:
    view = origins_of(
        make_citation(1, 1),
        make_citation(2, 1, stance="disputes"),
        make_citation(3, 1, stance="mentions"),
        make_citation(4, 1, kind="cause"),
        make_citation(5, 1, kind="forecast"),
        make_citation(6, 2),
        make_citation(7, 2, stance="withdraws", about="C6"),
        make_citation(8, 1, about="C2"),
        make_citation(9, 2, chain=[make_step("other-outlet", "regional radio")]),
    )
    said = {
        reason.rstrip(":"): [link.address for link in each.citations]
        for each in view.rows
        if each.label == "Not counted"
        for reason in each.reasons
    }
    assert said == {
        "Is about a link or another citation": ["#C7", "#C8"],
        "Was later retracted": ["#C6"],
        "Disputes": ["#C2"],
        "Mentions": ["#C3"],
        "Is about: cause": ["#C4"],
        "Is about: forecast": ["#C5"],
        "Repeats an unnamed report, in addition to named ones": ["#C9"],
    }
    none = origins_of(make_citation(1, 1, stance="mentions"))
    assert (none.heading, len(none.rows)) == ("Why this counts as no support", 1)
