"""The page of one event."""

import re
from typing import Any

import pytest
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
from tests.support.event_pages import page_of, published_as, section
from tests.support.html import words

# On the seeds -------------------------------------------------------------------------------------


def test_status_is_dated_and_hedged_step_is_marked_alleged(client: TestClient) -> None:
    """Daily NK: the limits on stay "seem to be" in force (E1); stage one is under way (E2)."""
    alleged = "In force (alleged), last reported about June 2019"
    assert f"Limit on stay {alleged}" in words(client.get("/events/E1").text)
    firm = "Limit on stay In force, last reported about 14 March 2019"
    assert firm in words(client.get("/events/E2").text)
    assert alleged in words(client.get("/events?from=2019&to=2019&place=dandong").text)


def test_page_says_how_old_its_status_is(client: TestClient) -> None:
    steps = section(client.get("/events/E52").text, "steps")
    assert "Enforced Not confirmed since about June 2022 (4 years before)." in steps
    assert "No report that we read confirms it for a later day." in steps
    until = section(client.get("/events/E50").text, "steps")
    assert "Stated end: 31 December 2020 “to the end of the year”" in until
    assert "The stated period has ended; nothing was reported since." in until


def test_links_against_a_measure_stand_at_the_top(client: TestClient) -> None:
    head = words(client.get("/events/E19").text.partition('<div class="two">')[0])
    assert "Not applied, in the editors’ reading: China said to tolerate workers" in head
    statement = words(client.get("/events/E74").text.partition('<div class="two">')[0])
    assert "Does not agree with: Russia says it missed the deadline" in statement


def test_silence_after_a_deadline_is_said_unless_a_link_shows_otherwise(
    database: Settings,
) -> None:
    silence = "No status change is reported for that day or later."
    limit = make_event(1, deadline="2019-06-20", stages=[make_stage("announced", "2019-06-15")])
    stay = make_event(
        2,
        type="repatriation",
        links=[make_link("E1", "shows-not-applied", reason="In part: some stayed.")],
    )
    assert silence in section(page_of(database, limit), "steps")
    page = page_of(database, limit, stay)
    assert silence not in page and "In part: some stayed." in words(page)


def test_page_of_june_2019_order_shows_all_facts(client: TestClient) -> None:
    page = client.get("/events/E5").text
    assert "Announced or ordered legal status About March 2019" in section(page, "steps")
    assert "No status change is reported for that day or later." not in page
    assert "Not applied, in the editors’ reading: Workers said to keep renewing" in words(page)
    says = section(page, "says")
    assert "Disputed: scope" in says
    assert says.index("Tokyo Shimbun , published 23 April 2019") < says.index(
        "Daily NK , published about June 2019"
    )
    assert "Several diplomatic sources official, not named, several speakers Tokyo Shimbun" in says
    assert (
        "with reservations: “may” Japanese published 23 April 2019 (date from URL) excerpt read"
    ) in says
    assert "Why this counts as 1 independent source" in section(page, "origins")
    assert "Only mentions it Daily NK, S1 ; Daily NK, S5" in section(page, "origins")
    assert "Implements, in the editors’ reading UN Security Council orders repatriation" in section(
        page, "links"
    )
    assert "Based on it, in the editors’ reading; “the UN date”" in words(page)
    # The wording of the source, which leads to the actor that it means in our reading.
    assert "Ordered by Chinese government , host country, according to the sources" in words(page)
    assert '<a href="/actors/government-of-china">Chinese government</a>' in page


def test_plan_after_its_day_is_not_confirmed(client: TestClient) -> None:
    page = client.get("/events/E3").text
    assert ("Planned for May or June 2019. That date has passed; start not reported.") in page
    assert "planned for May or June 2019, not confirmed" in page
    assert "<dt>When</dt>" in page and "<dt>Happened</dt>" not in page
    assert "Carried out by" not in page


def test_practice_told_by_linked_events_is_not_denied(client: TestClient) -> None:
    for id in ("E2", "E5", "E18", "E19"):
        page = client.get(f"/events/{id}").text
        assert "In practice: see the reports below" in page, id
        assert "nothing reported" not in page, id


def test_plan_without_a_day_does_not_pass(client: TestClient) -> None:
    page = words(client.get("/events/E124").text)
    assert (
        "A plan, reported 28 November 2023; planned date not stated. Start not reported."
    ) in page
    assert "Planned for" not in page and "has passed" not in page


def test_parts_are_sorted_by_date_with_current_marked(
    client: TestClient,
) -> None:
    links = section(client.get("/events/E3").text, "links")
    order = [
        "E1 2019",
        "E2 about March 2019",
        "E3 May or June 2019; this event",
        "E4 December 2019",
    ]
    assert [links.index(part) for part in order] == sorted(links.index(part) for part in order)


def test_step_links_to_citation_of_linked_event(client: TestClient) -> None:
    page = client.get("/events/E1").text
    assert '<a href="/events/E7#C20">a citation of E7</a>' in page
    assert 'id="C20"' in client.get("/events/E7").text


def test_step_with_hedged_citation_is_alleged(client: TestClient) -> None:
    assert "Alleged: the source reports it with reservations" in section(
        client.get("/events/E1").text, "steps"
    )


def test_pictured_place_is_separate_from_places_of_event(
    client: TestClient,
) -> None:
    facts = words(client.get("/events/E1").text.partition('<dl class="facts">')[2])
    assert re.search(r"Pictured only Dandong .*women workers at the customs house", facts)


def test_citation_of_link_is_shown_with_its_link(
    client: TestClient,
) -> None:
    page = client.get("/events/E16").text
    assert (
        "Supports the link “Explains” to: China limits how long North Koreans may stay"
        in section(page, "says")
    )
    assert "Citations: C38 ; C40 ; C42" in section(page, "links")
    assert '<a href="/events/E16#C38">C38</a>' in client.get("/events/E1").text


def test_error_in_source_is_shown_with_recorded_value(client: TestClient) -> None:
    page = client.get("/events/E19").text
    assert "<s>Resolution 2379</s>" in page
    values = section(page, "values")
    assert "Resolution 2379 Error in the source UNSCR 2397" in values
    assert (
        "29 November 2019 Alternative value 22 December 2017; deadline 22 December 2019" in values
    )
    assert "Disputed: date (Alexander Matsegora, Russian ambassador: 29 November 2019)" in words(
        page
    )


def test_estimates_of_event_link_to_their_pages(client: TestClient) -> None:
    page = client.get("/events/E7").text
    assert "About 50 per cent" in section(page, "figures") and 'href="/estimates/M12"' in page


def test_event_without_stages_has_no_stage_section(client: TestClient) -> None:
    assert section(client.get("/events/E8").text, "steps") == ""


def test_each_internal_link_has_exactly_one_target(client: TestClient) -> None:
    for item in client.get("/events.json?limit=1000").json()["items"]:
        page = client.get(f"/events/{item['id']}").text
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), item["id"]
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids), item["id"]


# Taken back, removed, corrected -------------------------------------------------------------------


def test_retracted_citation_is_marked_and_not_counted(
    database: Settings,
) -> None:
    taken = make_event(
        1, citations=[make_citation(1, 1), make_citation(2, 1, stance="withdraws", about="C1")]
    )
    page = page_of(database, taken)
    taken_back = "Later retracted by the source; not counted It happened."
    assert taken_back in section(page, "says")
    assert "Retracts a statement by Outlet-1: It happened." in section(page, "says")
    assert "Why this counts as no support" in section(page, "origins")


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


def test_citation_of_another_is_headed_by_its_speaker(database: Settings) -> None:
    citations = []
    for at, (first, second, source, kind, _heading) in enumerate(ABOUT_ANOTHER, 1):
        about = {"kind": kind, "about": f"C{at}", "chain": [second]}
        citations += [
            make_citation(at, 1, paraphrase=f"Said {at}.", chain=[first]),
            make_citation(at + 20, source, paraphrase="And more.", **about),
        ]
    shown = section(page_of(database, make_event(1, citations=citations)), "says")
    assert [heading for *_, heading in ABOUT_ANOTHER if heading not in shown] == []


def test_step_with_retracted_citation_is_alleged(database: Settings) -> None:
    citations = [make_citation(1, 1), make_citation(2, 1, stance="withdraws", about="C1")]
    page = page_of(
        database, make_event(1, stages=[make_stage("announced", "2019-06-15")], citations=citations)
    )
    assert "Alleged: the source later retracted it" in section(page, "steps")


def test_step_of_an_alleged_event_names_no_retraction(database: Settings) -> None:
    citations = [
        make_citation(1, 1, certainty="hedged", certainty_text="may"),
        make_citation(2, 2, reports_event="no"),
    ]
    page = page_of(
        database,
        make_event(1, stages=[make_stage("announced", "2019-06-15", "C2")], citations=citations),
    )
    steps = section(page, "steps")
    assert "Alleged, as the whole event is" in steps and "retracted it" not in steps


def test_page_survives_purge_of_cited_source(database: Settings) -> None:
    quoted = make_citation(1, 1, chain=[make_step("resident", "a cook")])
    with published_as(
        database, (make_event(1, citations=[quoted, make_citation(2, 2)]),)
    ) as client:
        with desk_session(database) as desk:
            purge(desk, "S1")
        page = client.get("/events/E1").text
    assert "A source that was removed" in section(page, "says")
    assert "Report 1" not in page and "Report 2" in page


def test_withdrawn_event_is_not_linked(database: Settings) -> None:
    forms = (make_event(1), make_event(2, title="Gone", links=[make_link("E1", "effect-of")]))
    with published_as(database, forms) as client:
        assert "Resulted, in the editors’ reading, in Gone" in section(
            client.get("/events/E1").text, "links"
        )
        with desk_session(database) as desk:
            withdraw(desk, "E2")
        assert "Gone" not in client.get("/events/E1").text


def test_history_shows_reason_and_support_per_edition(
    database: Settings,
) -> None:
    first = make_event(1, citations=[make_citation(1, 1)])
    second = make_event(1, citations=[make_citation(1, 1), make_citation(2, 2)])
    with published_as(database, (first,), (second,)) as client:
        now, then = (
            section(client.get(f"/events/E1{query}").text, "history")
            for query in ("", "?edition=1")
        )
    assert now.index("Edition 2") < now.index("Edition 1")
    assert "Corrected The report says otherwise." in now
    assert "Support: from “outlet&#39;s own report” to “independent sources”." in now
    assert "Edition 2" not in then and "Added" in then


def test_event_with_title_only_has_page(database: Settings) -> None:
    page = page_of(database, make_event(1, happened="", citations=[]))
    assert "No citations are recorded for this event." in page and "Date not known" in page


def test_step_without_date_is_listed_but_not_drawn(database: Settings) -> None:
    page = page_of(database, make_event(1, stages=[make_stage("announced", "unknown")]))
    assert "Announced or ordered legal status Date not known" in section(page, "steps")
    assert '<figure class="track">' not in page


# Terms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "told"),
    [
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
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_terms_are_listed_under_their_role(database: Settings, term: Any, told: str) -> None:
    page = page_of(database, make_event(1, terms=[make_term(), term]))
    assert told in words(page.partition('<dl class="facts">')[2])


def test_quote_has_language_and_translator(database: Settings) -> None:
    quoted = make_citation(
        1, quote="귀국했다", quote_language="ko", quote_translation="They went home."
    )
    theirs = make_citation(
        2,
        quote="Домой",
        quote_language="ru",
        quote_translation="Home.",
        quote_translator="the agency’s own",
    )
    page = page_of(database, make_event(1, citations=[quoted, theirs]))
    assert '<p lang="ko">“귀국했다”</p>' in page
    assert "“They went home.” (our translation)" in words(page)
    assert "“Home.” (the agency’s own)" in words(page)


def test_chain_shows_number_occasion_and_day_of_speakers(database: Settings) -> None:
    chain = [
        make_step("resident", "cooks", speakers=3, occasion="by telephone", said="2019-06-14"),
        make_step("other-outlet", outlet="outlet-2"),
    ]
    says = section(
        page_of(database, make_event(1, citations=[make_citation(1, chain=chain)])), "says"
    )
    assert (
        "Cooks resident, 3 speakers, by telephone, 14 June 2019 Outlet-2 another outlet Outlet-1"
        in says
    )


def test_citation_shows_copy_read_and_its_extent(database: Settings) -> None:
    copies = [
        {
            "host_kind": "republisher",
            "host": "A Reprint",
            "extent": "excerpt",
            "read_on": "2026-11-20",
        },
        {"host_kind": "own", "extent": "full", "archive": "https://archive.example/1"},
    ]
    source = make_source(1, copies=copies)
    broken = make_citation(1, locator="page", locator_text="34", breaks_off=True, credibility=2)
    says = section(page_of(database, source, make_event(1, citations=[broken])), "says")
    assert "excerpt read on 20 November 2026, as republished by A Reprint read in full" in says
    assert "page 34 the excerpt ends there; the text may continue credibility 2 of 6" in says
    assert "archived copy" in says and "no archived copy" not in says


def test_outlet_repeating_itself_is_in_chain_once(database: Settings) -> None:
    says = section(page_of(database, make_event(1)), "says")
    assert "It happened. Outlet-1 outlet&#39;s own voice Report 1" in says


def test_estimate_of_event_is_listed(database: Settings) -> None:
    page = page_of(database, make_event(1), make_estimate(1, event="E1"))
    assert "1,203" in section(page, "figures")


# Sources that were not read, relays and reserves --------------------------------------------------


def facts(page: str, label: str) -> str:
    """Return what the column of facts has under a label."""
    found = re.search(rf"<dt>{label}</dt>(.*?)</dd>", page, re.DOTALL)
    return words(found[1]) if found else ""


def test_source_that_nobody_read_is_named_but_not_counted(database: Settings) -> None:
    copy = {"host_kind": "none", "extent": "none"}
    page = page_of(
        database, make_source(3, copies=[copy]), make_event(1, citations=[make_citation(1, 3)])
    )
    head = words(page.partition("</header>")[2].partition("</h1>")[0])
    assert "Not read by us 1 source cited" in head
    origins = section(page, "origins")
    assert "The editors have not read its sources, so they are not counted." in origins
    assert "Cites a source that the editors have not read Outlet-1, S3" in origins
    assert facts(page, "Earliest report read") == ""


def test_earliest_report_is_one_that_reports_the_event(database: Settings) -> None:
    page = page_of(
        database,
        make_source(3, outlet="outlet-2", published="2019-04-01"),
        make_source(4, outlet="outlet-2", published="2019-06-18"),
        make_event(
            1,
            happened="2019-06-15",
            citations=[
                make_citation(1, 3, kind="context"),
                make_citation(2, 4, chain=[make_step("other-outlet", outlet="outlet-1")]),
            ],
        ),
    )
    first = facts(page, "Earliest report read")
    assert first.strip() == "Outlet-2 repeats Outlet-1 published 18 June 2019"
    assert "Single report, second-hand" in words(page)


def test_earliest_report_may_precede_what_it_announces(database: Settings) -> None:
    page = page_of(
        database,
        make_source(3, outlet="outlet-2", published="2019-04-01"),
        make_source(4, outlet="outlet-2", published="2019-06-18"),
        make_event(1, happened="2019-06-15", citations=[make_citation(1, 3), make_citation(2, 4)]),
    )
    assert facts(page, "Earliest report read").strip() == "Outlet-2 published 1 April 2019"


def test_numbers_of_reports_and_of_citations_agree(database: Settings) -> None:
    page = page_of(
        database,
        make_event(
            1,
            citations=[make_citation(1, 1), make_citation(2, 2, kind="number", reports_event="no")],
        ),
    )
    assert "1 report, 1 outlet" in words(page)
    says = section(page, "says")
    assert "Supports 1 citation, 1 source" in says
    assert "Agrees, without reporting the event itself 1 citation, 1 source" in says


def test_only_a_reserve_is_shown_with_a_citation(database: Settings) -> None:
    page = page_of(
        database,
        make_event(
            1,
            citations=[
                make_citation(1, 1),
                make_citation(2, 2, certainty="hedged", certainty_text="is thought to"),
            ],
        ),
    )
    says = section(page, "says")
    assert "firm" not in says and "with reservations: “is thought to”" in says


def test_word_of_a_firm_citation_is_shown(database: Settings) -> None:
    firm = make_citation(1, 1, certainty_text="分かった")
    says = section(page_of(database, make_event(1, citations=[firm])), "says")
    assert "wording: “分かった”" in says and "firm" not in says


def test_words_of_time_are_not_the_day_on_which_it_was_said(database: Settings) -> None:
    recent = make_citation(1, 1, said_text="近日")
    says = section(page_of(database, make_event(1, citations=[recent])), "says")
    assert "date in the source: “近日”" in says and "said “近日”" not in says


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"happened_text": "近日"}, "happened, according to the source: “近日”"),
        ({"happened": "2019-03~"}, "happened, according to the source: about March 2019"),
        (
            {"happened": "2019-03", "happened_text": "last month"},
            "happened, according to the source: March 2019 (“last month”)",
        ),
        (
            {"deadline": "2019-12~", "deadline_text": "by the end of 2019"},
            "deadline, according to the source: about December 2019 (“by the end of 2019”)",
        ),
        (
            {"happened_text": "until July", "kind": "forecast"},
            "planned for, according to the source: “until July”",
        ),
    ],
)
def test_time_that_a_source_gives_is_shown_with_its_citation(
    database: Settings, when: dict[str, str], words: str
) -> None:
    event = make_event(1, happened="2019-03-27", citations=[make_citation(1, 1, **when)])
    page = page_of(database, event)
    assert words in section(page, "says") and "Date disputed" not in page


def test_demand_or_objection_does_not_agree_with_the_event(database: Settings) -> None:
    demand = make_citation(2, 2, kind="statement", paraphrase="The ban should be revoked.")
    motive = make_citation(3, 2, kind="cause", paraphrase="It follows cases of abuse.")
    event = make_event(1, citations=[make_citation(1, 1), demand, motive])
    says = section(page_of(database, event), "says")
    assert "Mentions it without reporting it 2 citations, 1 source" in says
    assert "Agrees" not in says


def test_only_values_that_differ_are_set_against_the_entry(database: Settings) -> None:
    def other(number: int, **parts: str) -> Any:
        return make_citation(number, 2, stance="disputes", **parts)

    page = page_of(
        database,
        make_estimate(1, event="E1", point="40000"),
        make_event(
            1,
            citations=[
                make_citation(1, 1),
                other(2, kind="number", field="number", value="40,000", differs="rival"),
                other(3, kind="number", field="number", value="7,000", differs="rival"),
                other(4, kind="scope", field="scope", value="passes", differs="other-reading"),
            ],
        ),
    )
    values = section(page, "values")
    assert "Where sources differ from this entry" in values
    assert "7,000" in values and "passes" not in values and "40,000 Rival" not in values


def test_words_of_the_source_are_apart_from_our_note(database: Settings) -> None:
    stage = make_stage("enforced", "2019-06", date_text="in June", remark="two reports differ")
    steps = section(page_of(database, make_event(1, stages=[stage])), "steps")
    assert "“in June” Our note: two reports differ" in steps
