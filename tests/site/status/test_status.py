"""The status page: what was last reported of measures by a date, in groups that add up."""

import itertools
import re
from datetime import date
from html import unescape
from typing import Any

from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.kinds import EventForm, RecordForm
from app.record.filters import StatusFilters
from app.record.names.directory import read_directory
from app.record.publishing.purge import purge
from app.site.status.entries import MeasureEntry
from app.site.status.status import Status
from tests.make import (
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_link,
    make_place,
    make_stage,
    make_term,
    publish_all,
)
from tests.support.indexed import select_indexed

DANDONG = "/status?on=2019-12-22&place=dandong"
TODAY = "/status?on=2026-11-27&place=china"


def words(client: TestClient, address: str) -> str:
    """Return the text of the page, without tags and repeated spaces."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def body(client: TestClient, address: str) -> Any:
    return client.get(address.replace("/status", "/status.json")).json()


def entry_of(client: TestClient, address: str, id: str) -> str:
    """Return the text of a measure's entry that is shown in full."""
    articles = client.get(address).text.split('<article class="rule">')[1:]
    entry = next(text for text in articles if f'href="/events/{id}"' in text.partition("</h3>")[0])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", entry.partition("</article>")[0])).split())


def test_groups_add_up_to_the_total(client: TestClient) -> None:
    for address in (DANDONG, TODAY, "/status?on=2018-01-31", "/status?on=2023-05-01&place=russia"):
        told, file = words(client, address), body(client, address)
        assert sum(file["groups"].values()) == file["total"] == len(file["measures"])
        total = re.search(r"the record has (\d+) measures?", told)
        larger = re.search(r" in it, and (\d+) for (a )?larger place", told)
        assert total, address
        rules = file["total"] - file["groups"]["done"]
        assert int(total[1]) + (int(larger[1]) if larger else 0) == rules, address
        page = client.get(address).text
        rows = len(re.findall(r'<article class="rule"', page))
        rows += len(re.findall(r'<th scope="row" class="full">', page))
        assert rows == file["total"], address
        lines = client.get(address.replace("?", ".csv?")).text.splitlines()
        assert lines[0].lstrip("\ufeff").split(",")[:4] == ["id", "title", "type", "group"]
        assert len(lines) == 1 + file["total"]
    covers = [row["covers"] for row in body(client, DANDONG)["measures"] if row["group"] != "done"]
    here = covers.count("")
    assert 0 < here < len(covers)
    told = words(client, DANDONG)
    assert f"has {here} measures for Dandong or a place in it, and {len(covers) - here} for" in told
    assert "Measures for a larger place are included and marked: Liaoning" in told
    assert "The day is the one that a report is about, not its publication" in told


def test_acts_old_reports_and_laws_stand_apart(client: TestClient) -> None:
    page, told = client.get(TODAY).text, words(client, TODAY)
    rules, _heading, acts = page.partition('id="acts-done"')
    act = "Dandong restaurant staff reported sent home"
    assert act not in rules and act in acts
    assert "1 single act is listed separately." in told
    assert "Done once Reported for about 21 December 2019" in told
    event = words(client, "/events/E43")
    assert "Done once, about 21 December 2019" in event and "Not confirmed" not in event
    open_part, _fold, folded = page.partition('<details class="fold" id="old">')
    assert "Pandemic lockdown" not in open_part and "Pandemic lockdown" in folded
    assert "Not confirmed since about June 2022" in told
    assert re.findall(r'<details class="fold" id="(\w+)">', page) == ["old", "plans", "done"]
    assert '<details class="fold" id="old" open' not in page
    for part in ("for certain", "in force today", "never reported", "Nothing says"):
        assert part not in told, part
    # Where no row of the group says so, its head does not either.
    assert "Some were reported as eased" not in told
    assert "Since 22 December 2017" in entry_of(client, TODAY, "E19")
    # A report that came after the selected day is not part of it.
    assert "China said to tolerate workers" in told
    assert "China said to tolerate workers" not in words(client, DANDONG)


def test_end_that_was_reported_is_not_a_stated_end_that_passed(client: TestClient) -> None:
    now = entry_of(client, TODAY, "E47")
    assert "Its end or easing was reported." in now and "Last reported: 27 August 2023" in now
    assert "Stated end" not in now and "nothing was reported since" not in now
    # On a past day, no source had stated the end of which later ones tell.
    past = "/status?on=2020-06-01"
    then = entry_of(client, f"{past}&place=china", "E47")
    assert "Stated end" not in then
    assert "Reported later: 28 August 2023" in entry_of(client, past, "E47")
    assert re.search(
        r"For 1 June 2020, the record has \d+ measures, according to reports known today\.",
        words(client, past),
    )
    now = words(client, f"/status?on={body(client, '/status')['on']}")
    assert "known today" not in now and "Reported later" not in now


def test_title_names_day_and_place(client: TestClient) -> None:
    title = client.get(DANDONG).text.partition("<title>")[2].partition("</title>")[0]
    assert (
        "Rules last reported for 22\N{NO-BREAK SPACE}December\N{NO-BREAK SPACE}2019: Dandong"
        in title
    )
    assert "Rules last reported for 22 December 2019" in words(client, "/status?on=2019-12-22")


def test_plan_after_its_day_is_still_planned(client: TestClient) -> None:
    told = words(client, DANDONG)
    assert "Planned for May or June 2019. That date has passed; start not reported" in told
    assert "Planned for December 2019; not confirmed." in told
    later = words(client, "/status?on=2020-01-01&place=dandong")
    assert "Planned for December 2019. That date has passed;" in later
    # A plan without a day is not said to have passed.
    russia = "/status?on=2026-11-27&place=russia&type=status-restriction"
    undated = "A plan, reported 28 November 2023; planned date not stated."
    assert undated in words(client, russia)
    rows = {row["id"]: row for row in body(client, russia)["measures"]}
    assert rows["E124"]["planned_for"] == ""


def test_hedged_step_is_alleged_beside_the_firm_one(client: TestClient) -> None:
    stood, told = body(client, DANDONG), words(client, DANDONG)
    steps = {(item["id"], item["step"], item["reading"]) for item in stood["items"]}
    assert {("E1", "announced", "certain"), ("E1", "in-force", "possible")} <= steps
    row = next(row for row in stood["measures"] if row["id"] == "E1")
    assert (row["law_step"], row["law_alleged"]) == ("in-force", True)
    assert "In force (alleged)" in told and "Stated firmly: Announced or ordered" in told
    assert "With reservations: “seem to be”" in told


def test_step_shows_speaker_and_links_to_citation(client: TestClient) -> None:
    # The effect of E69 has a citation of another event.
    proofs: set[tuple[str, str]] = set()
    for address in (DANDONG, "/status?on=2019-12-22&place=russia"):
        page = client.get(address).text
        proofs |= set(re.findall(r'href="(/events/E\d+)#(C\d+)"', page))
    assert {("/events/E44", "C117"), ("/events/E70", "C180")} <= proofs
    for address, citation in proofs:
        assert f'id="{citation}"' in client.get(address).text, (address, citation)


def test_place_is_found_by_any_name(client: TestClient) -> None:
    for place, address in [
        *((name, DANDONG) for name in ("단둥", "丹东", "Tandong", "DANDONG")),
        ("단둥, Hunchun", f"{DANDONG}&place=hunchun"),
        ("Atlantis, Hunchun", "/status?on=2019-12-22&place=hunchun&place=Atlantis"),
    ]:
        answer = client.get("/status", params={"on": "2019-12-22", "place": place})
        assert (answer.status_code, answer.headers["location"]) == (303, address), place
    assert 'value="Hunchun, Atlantis"' in client.get(answer.headers["location"]).text


def test_invalid_query_has_notice_on_page_and_error_in_files(client: TestClient) -> None:
    for query, said in [
        ("place=Atlantis+City", "“place=Atlantis City” was ignored: it is not a place in"),
        ("place=atlantis", "“place=atlantis” was ignored"),
        ("on=2019-13-01", "“on=2019-13-01” was ignored"),
        ("on=2019-12", "it is not a single day; write one as 2019-12-22"),
        ("on=2019-12-22%7E", "was ignored"),
        ("when=2019", "is not something this page can be filtered by"),
    ]:
        assert said in words(client, f"/status?{query}"), query
        refused = client.get(f"/status.json?{query}")
        assert refused.status_code == 422 and refused.json()["errors"], query
        assert client.get(f"/status.csv?{query}").status_code == 422, query


def test_default_day_is_day_of_edition(client: TestClient) -> None:
    on = body(client, "/status")["on"]
    page = client.get("/status").text
    assert f'name="on" type="date" value="{on}"' in page
    assert f"/status?on={on}&amp;edition=1" in page  # the lasting address names the day
    # The first and the last day lead no further; a day after the edition has a notice.
    assert "One day earlier" not in words(client, "/status?on=1800-01-01")
    assert "One day later" not in words(client, "/status?on=2200-12-31")
    assert "has no later reports" in words(client, "/status?on=2150-01-01")


def test_nearby_deadlines_show_distance(client: TestClient) -> None:
    for day, said in [
        ("2019-12-22", "Deadline 22 December 2019 that day"),
        ("2019-06-20", "Deadline 30 June 2019 10 days later"),
        ("2019-07-05", "Deadline 30 June 2019 5 days before"),
    ]:
        assert said in words(client, f"/status?on={day}&place=dandong"), day
    assert "Deadlines near" not in words(client, "/status?on=2019-09-15&place=dandong")


def test_other_events_are_counted_and_linked(client: TestClient) -> None:
    address = "/status?on=2019-06-01&place=china"
    told = body(client, address)["other_events"]
    assert told["count"] > 0
    assert client.get(told["list"]).json()["total"] == told["count"]
    assert f"The record has {told['count']} events of these kinds within 30 days" in words(
        client, address
    )


def test_day_without_measures_says_so(client: TestClient) -> None:
    told = words(client, "/status?on=1990-01-01&place=dandong")
    assert "For 1 January 1990, the record has 0 measures for Dandong or a place in it" in told
    assert "No entry does not mean that nothing happened." in told
    assert "Next change: about" not in told and "Next change: 5 August 2017" in told


def test_page_files_and_lanes_say_who_is_exempt(client: TestClient) -> None:
    exempt = "Exempt: “irregular workers in plants”, Manufacturing"
    told = words(client, DANDONG)
    assert exempt in told and "Nationality: North Korean; groups: Restaurant staff" in told
    row = next(row for row in body(client, DANDONG)["measures"] if row["id"] == "E43")
    assert row["exempt"] == ["group:irregular workers in plants", "sector:manufacturing"]
    assert row["exempt_words"] == ["sector:manufacturing:plants"]
    assert row["covers_words"] == []
    assert row["nationalities"] == ["kp"] and row["groups"] == ["restaurant-staff"]
    lanes = words(client, "/events?from=2019-12&to=2019-12&place=dandong&view=lanes")
    # A lane has who acted, by whatever order: nobody may have ordered it.
    assert exempt in lanes and "events ordered" not in lanes


# A record made for it -----------------------------------------------------------------------------


def told(db: Session, query: list[tuple[str, str]]) -> Status:
    edition = select_indexed(db)
    filters, dropped = StatusFilters.from_pairs(query)
    return Status(db, edition, read_directory(db, edition), filters, dropped)


def entries(page: Status) -> dict[str, MeasureEntry]:
    return {
        entry.id: entry
        for group in (*page.open_groups, *page.folded_groups)
        for entry in group.entries
    }


def on(day: str = "2019-07-01", place: str = "place-1") -> list[tuple[str, str]]:
    return [("on", day), ("place", place)]


def entries_on(
    db: Session, *forms: RecordForm, day: str = "2019-07-01", place: str = "place-1"
) -> dict[str, MeasureEntry]:
    """Publish the forms beside a small world; return the measures of a day and place."""
    publish_all(db, *a_small_world(), *forms)
    return entries(told(db, on(day, place)))


def limit(
    number: int = 1,
    stages: tuple[tuple[str, str], ...] = (("in-force", "2019-06-01"),),
    cited: dict[str, Any] | None = None,
    also: tuple[Any, ...] = (),
    **changes: Any,
) -> EventForm:
    """Return a measure whose steps are from its first citation."""
    steps = [make_stage(step, day, f"C{number}") for step, day in stages]
    citations = [make_citation(number, **cited or {}), *also]
    return make_event(number, **{"stages": steps, "citations": citations} | changes)


def test_alleged_step_shows_reason(desk: Session) -> None:
    back = make_citation(13, 1, stance="withdraws", about="C3")
    seen = make_event(5, type="repatriation", links=[make_link("E4", "effect-of")])
    effect = [make_stage("effect-seen", "2019-06-01", "C5")]
    found = entries_on(
        desk,
        limit(1, cited={"certainty": "hedged"}),
        limit(2, cited={"stance": "disputes"}),
        limit(3, also=(back,)),
        limit(4, cited={"certainty": "hedged", "certainty_text": "may"}, stages=(), title="A"),
        seen,
    )
    for id, reason in [
        ("E1", "The source reports it with reservations."),
        ("E2", "The source does not confirm it."),
        ("E3", "The source later retracted it."),
    ]:
        assert found[id].main.step.label == "In force (alleged)", id
        assert [proof.reason for proof in found[id].evidence] == [reason], id
    # The steps of an alleged event are alleged.
    alleged = limit(4, cited={"certainty": "hedged", "certainty_text": "may"}, stages=())
    publish_all(desk, alleged.model_copy(update={"stages": effect}))
    assert entries(told(desk, on()))["E4"].main.step.label == "Effect reported (alleged)"


def test_step_of_open_date_may_be_reached_later(desk: Session) -> None:
    found = entries_on(desk, limit(stages=(("in-force", "2019-06/2019-08"),)))
    assert found["E1"].main.note == "Its date may be later than that day."


def test_stated_end_that_passed_is_said(desk: Session) -> None:
    def until(number: int) -> EventForm:
        stage = make_stage("in-force", "2019-06-01", f"C{number}", valid_until="2019-06-10")
        said = [make_citation(number, said="2019-06-01")]
        return make_event(number, stages=[stage], citations=said)

    back = make_event(2, happened="2019-06-20", links=[make_link("E1", "reverses")])
    found = entries_on(desk, until(1), until(3), back)
    # A reversal since is not called silence.
    end = "Stated end: 10 June 2019."
    silence = "The stated period has ended; nothing was reported since."
    for id, label, note, reported in [
        ("E1", "In force", f"{end} Later reports exist.", "Last reported: 1 June 2019"),
        ("E3", "Stated end passed", silence, "In force, last reported 1 June 2019"),
    ]:
        main = found[id].main
        assert (main.step.label, main.reported) == (label, reported)
        assert note in main.note, main.note
    assert entries(told(desk, on("2019-06-05")))["E3"].main.note == end


def test_links_without_a_source_of_their_own_are_our_reading(desk: Session) -> None:
    labels = {
        "evades": ("Reportedly evaded:", "Evaded, in the editors’ reading:"),
        "reverses": ("Reportedly reversed:", "Reversed, in the editors’ reading:"),
        "reverses-in-part": (
            "Reportedly reversed in part:",
            "Reversed in part, in the editors’ reading:",
        ),
        "do-not-agree": ("Does not agree, in the editors’ reading, with:",) * 2,
    }
    forms, expected = [limit()], {}
    for number, (type, said) in enumerate(itertools.product(labels, (True, False)), 2):
        more = [make_citation(100 + number, about=f"L{number}")] if said else []
        link = make_link("E1", type, number, reason="So." if type == "do-not-agree" else "")
        forms.append(limit(number, (), also=(*more,), links=[link]))
        expected[f"E{number}"] = labels[type][not said]
    found = entries_on(desk, *forms)["E1"].objections
    assert {line.id: line.label for line in found} == expected


def test_head_of_unconfirmed_says_that_some_were_eased(desk: Session) -> None:
    publish_all(desk, *a_small_world(), limit(stages=(("in-force", "2015"), ("eased", "2016"))))
    notes = {str(group.code): group.note for group in told(desk, on()).folded_groups}
    assert notes["unconfirmed"].endswith("Some were reported as eased or reversed.")


def notes_by_track(entry: MeasureEntry) -> dict[str, str]:
    return {line.track: line.note for line in (entry.main, entry.other) if line}


def test_note_of_one_track_takes_the_other_into_account(desk: Session) -> None:
    unconfirmed = "No report that we read confirms"
    later = [
        ("enforced", "2018-06-01", "In practice, a later day is reported."),
        ("effect-seen", "2018-06-01", "In practice, a later day is reported."),
        ("not-enforced", "2018-06-01", unconfirmed),
        ("enforced", "2018-01", unconfirmed),
    ]
    ended = [
        ("2019-04", "2019-05-01", "a later day"),
        ("2019-05-01", "2019-05-01", "the same day"),
        ("[..2019-05-01]", "[..2019-05-01]", "a day that may be later"),
        ("2019-05", "2019-05", "a day that may be later"),
    ]
    forms = [
        limit(n, (("announced", "2018-01-10"), (step, day)), happened="2018-01-10")
        for n, (step, day, _note) in enumerate(later, 1)
    ]
    forms += [
        limit(n, (("enforced", practice), ("ended", end)), happened="")
        for n, (practice, end, _when) in enumerate(ended, 11)
    ]
    found = entries_on(desk, *forms, day="2026-06-19")
    for n, (step, day, note) in enumerate(later, 1):
        assert notes_by_track(found[f"E{n}"])["Legal status"].startswith(note), (step, day)
    found = entries(told(desk, on()))
    for n, (practice, end, when) in enumerate(ended, 11):
        note = f"The rule was reported as ended or eased on {when}."
        assert notes_by_track(found[f"E{n}"])["In practice"] == note, (practice, end)


def test_entry_has_wording_of_nationals_and_groups_covered(desk: Session) -> None:
    terms = [
        make_term(),
        make_term("nationality", "", printed="African countries", number=25),
        make_term("nationality", "kp", printed="women from there"),
        make_term("group", "restaurant-staff", printed="of twelve countries"),
    ]
    codes = [make_code("kp", "nationality"), make_code("restaurant-staff", "group")]
    entry = entries_on(desk, *codes, limit(terms=terms))["E1"]
    assert entry.nationals == ["“African countries”: 25", "Kp (“women from there”)"]
    assert entry.groups == ["Restaurant-staff (“of twelve countries”)"]


def test_step_cited_in_purged_event_says_citation_is_gone(desk: Session) -> None:
    stages = [make_stage("enforced", "2019-06-01", "C2")]
    follows = make_event(stages=stages, links=[make_link("E2", "follows")])
    publish_all(desk, *a_small_world(), follows, make_event(2, type="repatriation"))
    purge(desk, "E2")
    proof = entries(told(desk, on()))["E1"].evidence[0]
    assert (proof.says, proof.address) == ("Its citation was removed.", "")


def test_link_against_a_measure_is_told_from_its_day_on(desk: Session) -> None:
    stay = make_event(
        2,
        type="repatriation",
        happened="2019-06-25",
        links=[make_link("E1", "shows-not-applied", reason="In part: some stayed.")],
    )
    # A planned act is no measure.
    visit = limit(3, (("planned", "2019-06-01"),), type="repatriation")
    announced = limit(stages=(("announced", "2019-06-01"),), deadline="2019-06-20")
    found = entries_on(desk, announced, stay, visit)
    assert found.keys() == {"E1"}
    lines = [(line.id, line.reason) for line in found["E1"].objections]
    assert lines == [("E2", "In part: some stayed.")]
    assert entries(told(desk, on("2019-06-21")))["E1"].objections == []


def test_age_in_words(desk: Session) -> None:
    ages = [
        ("2019-07-01", "that day"),
        ("2019-06-30", "1 day before"),
        ("2019-06-01", "1 month before"),
        ("2017-07-01", "24 months before"),
        ("2017-06-30", "2 years before"),
        ("2019-05", "2 months before"),
        ("2018", "up to 18 months before"),
        # Rounded up: "up to 17 months" would be too little.
        ("2018-01-15/2018-12", "less than 18 months before"),
        ("2009-09/2018", "less than 10 years before"),
        ("2009-07/2018", "up to 10 years before"),
        ("2017-06-15/2018", "less than 3 years before"),
    ]
    forms = [
        limit(n, (("enforced", day),), {"said": "2019-07-01"})
        for n, (day, _age) in enumerate(ages, 1)
    ]
    found = entries_on(desk, *forms)
    told = [(day, found[f"E{n}"].main.age) for n, (day, _age) in enumerate(ages, 1)]
    assert told == ages


def test_two_reports_of_same_day_are_both_shown(desk: Session) -> None:
    stages = [make_stage("enforced", "2019-06-01", f"C{n}") for n in (1, 2)]
    both = limit(also=(make_citation(2, 2, paraphrase="Another saw it."),), stages=())
    proofs = entries_on(desk, both.model_copy(update={"stages": stages}))["E1"].evidence
    assert [proof.says for proof in proofs] == ["It happened.", "Another saw it."]


def test_measure_of_other_or_pictured_place_is_not_listed(desk: Session) -> None:
    """A measure whose larger place is only pictured is not listed either."""
    here, there, around = (make_term(code=code) for code in ("place-1", "place-4", "province-2"))
    found = entries_on(
        desk,
        make_place(4, parent="province-2"),
        limit(1, terms=[there]),
        limit(2, terms=[there, make_term(code="place-1", role="shown-only")]),
        limit(3, terms=[there, make_term(code="province-2", role="shown-only")]),
        limit(4, terms=[around]),
        limit(5, terms=[here]),
    )
    assert found.keys() == {"E4", "E5"}
    assert found["E4"].covers == "in Province-2, no more precise place given"
    assert not found["E5"].covers
    # A province's status holds what lies inside it, as everywhere.
    inside = entries(told(desk, on(place="province-2")))
    assert set(inside) == {"E1", "E2", "E3", "E4", "E5"}
    assert not any(entry.covers for entry in inside.values())


def test_entry_names_the_place_asked_for_and_counts_others(desk: Session) -> None:
    places = [make_place(number, parent="province-2") for number in range(11, 16)]
    many = limit(terms=[make_term(code=place.code) for place in places])
    found = entries_on(desk, *places, many, place="place-15")["E1"]
    assert [place.label for place in found.places] == ["Place-15", "Place-11", "Place-12"]
    assert found.more_places == "and 2 more places"


def test_movement_to_the_world_is_no_rule_of_every_place(desk: Session) -> None:
    """A region's ban is found in its members; “to the world” of one country is not."""
    away = make_term(code="myanmar", role="from")
    found = entries_on(
        desk,
        make_place(4, "world", kind="world"),
        make_place(5, "gulf-states", kind="region", parent="world"),
        make_place(6, "kuwait", kind="country", parent="world", regions=["gulf-states"]),
        make_place(7, "myanmar", kind="country", parent="world"),
        limit(1, terms=[away, make_term(code="world", role="to")]),
        limit(2, terms=[away, make_term(code="gulf-states", role="to")]),
        limit(3, terms=[make_term(code="world")]),
        place="kuwait",
    )
    assert {id: entry.covers for id, entry in found.items()} == {
        "E2": "to Gulf-states, no more precise place given",
        "E3": "worldwide",
    }
    found = entries(told(desk, on(place="myanmar")))
    covers = {id: entry.covers for id, entry in found.items()}
    assert covers == {"E1": "", "E2": "", "E3": "worldwide"}


def test_law_for_a_larger_place_holds_for_it(desk: Session) -> None:
    """A law says where it holds; of other measures only the larger place may be known."""
    law = limit(type="a-decree", terms=[make_term(code="province-2")])
    found = entries_on(
        desk,
        make_place(4, parent="province-2"),
        make_code("a-decree", is_law=True),
        law,
        place="place-4",
    )
    assert found["E1"].covers == "for Province-2"


def test_entry_shows_other_track(desk: Session) -> None:
    history = (("announced", "2019-04"), ("in-force", "2019-05-01"), ("not-enforced", "2019-06-01"))
    # A measure without a dated step is listed separately.
    undated = limit(2, (("in-force", "unknown"),), happened="", title="Undated")
    entry = entries_on(desk, limit(stages=history), undated)["E1"]
    assert entry.main.step.code == "not-enforced"
    assert entry.other and entry.other.step.code == "in-force"
    assert entry.other.reported == "Reported for 1 May 2019 (report of 20 June 2019)"
    page = told(desk, on())
    assert page.on == date(2019, 7, 1)
    assert [title for _steps, title, _address in page.undated] == ["Undated"]


def test_rules_are_those_about_the_people_of_the_record(desk: Session) -> None:
    def of(number: int, nationality: str, type: str = "stay-limit") -> EventForm:
        terms = [make_term(), *([make_term("nationality", nationality)] if nationality else [])]
        return make_event(
            number,
            type=type,
            terms=terms,
            stages=[make_stage("in-force", "2019-06-15", f"C{number}")],
        )

    goods = make_code("import-detention", group="international", nature="measure")
    events = of(1, "kp"), of(2, "kp"), of(3, "kp"), of(4, "ph"), of(5, ""), of(6, "kp", goods.code)
    publish_all(
        desk,
        *a_small_world(),
        goods,
        make_code("kp", "nationality"),
        make_code("ph", "nationality"),
        *events,
    )
    shown = {
        ("on", "2019-07-01"): ({"E1", "E2", "E3"}, 3),
        ("place", "place-1"): ({"E1", "E2", "E3"}, 3),
        ("nationality", "ph"): ({"E4"}, 0),
        ("nationality", "kp"): ({"E1", "E2", "E3"}, 1),
        ("type", "import-detention"): ({"E6"}, 0),
    }
    for query, (ids, further) in shown.items():
        page = told(desk, [query])
        assert ({*entries(page)}, page.result.further) == (ids, further), query
