"""Merging two records: references are rewritten, and everything can be undone; also as pages."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import merges_involving
from app.desk.identity.models import Person
from app.desk.removals import merge, undo, withdraw
from app.errors import InvalidStateError
from app.kinds import RecordForm
from app.record.models import Edition, Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.validation import PublishError
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_actor,
    make_estimate,
    make_event,
    make_law,
    make_outlet,
    make_place,
    make_source,
)
from tests.support.desk_people import make_people, person
from tests.support.merges import approved, sent
from tests.support.worlds import WORLDS, World, desk_with, publish_new

pytestmark = pytest.mark.usefixtures("one_person_desk")

TWINS: list[RecordForm] = [
    *a_small_world(),
    make_place(8, code="place-8", names=[{"text": "Place eight"}], geonames=88),
    make_outlet(8, code="outlet-8"),
    make_actor(1),
    make_actor(8, names=[{"text": "Actor eight"}], wikidata="Q8", note="SECRET A8"),
    make_actor(7, parent="actor-8"),
    make_law(1),
    make_law(8, names=[{"text": "Law eight"}]),
    make_source(7, outlet="outlet-8", url="https://example.org/7"),
    make_source(8, outlet="outlet-1", derived_from=[{"source": "S7", "how": "relay"}]),
    make_event(
        1,
        slug="one",
        title="The night",
        links="E2 same-as",
    ),
    make_event(
        2,
        slug="two",
        title="That night",
        note="SECRET two",
        terms="place; place place-8; actor actor-8 (printed=the eighth)",
        legal=[{"instrument": "law-8", "relation": "based-on", "reading": "source"}],
        citations="S7; S2 via outlet-8",
        stages="announced 2019-06 C2",
    ),
    make_event(
        3,
        links="L2 E2 follows; L3 E1 follows",
        citations="C4 S7",
    ),
    make_estimate(1, event="E2"),
    make_estimate(
        2,
        event="E2",
        point=1_100,
        citations="S2 (kind=number)",
    ),
]

ALL = frozenset(f"C{number}" for number in range(1, 9))
IDS = [form.id for form in TWINS if form.id[1:].isdigit()]


def publish_twins(settings: Settings) -> None:
    make_people(settings, "Amal", "Basma", "Chidi")
    publish_new(settings, *TWINS)


WORLDS["twins"] = World(publish_twins)


@pytest.fixture
def twins(database: Settings) -> Settings:
    return database


@pytest.fixture
def editor(twins: Settings) -> Person:
    return person(twins, "Basma")


def open_version(db: DeskSession, id: str) -> Version:
    return db.scalars(select(Version).where(Version.id == id, Version.closed.is_(None))).one()


def merge_with_all(
    db: DeskSession, editor: Person, gone: str, kept: str, reason: str = "The same, told twice."
) -> Edition:
    return merge(db, editor, gone, kept, reason, confirmed=ALL)


def test_merged_event_gets_citations_and_references(twins: Settings, editor: Person) -> None:
    with desk_session(twins) as db:
        assert merge_with_all(db, editor, "E2", "E1").no == 2
        event = approved(db, "E1")
        assert event.title == "The night"
        assert [citation.id for citation in event.citations] == ["C1", "C2", "C3"]
        assert {term.code for term in event.terms} == {"place-1", "place-8", "actor-8"}
        assert [stage.citation for stage in event.stages] == ["C2"]
        assert event.links == [], "a merged event must not be linked to itself"
        assert [(link.id, link.to) for link in approved(db, "E3").links] == [("L2", "E1")], (
            "links from E3 to both merged events must become one link"
        )
        assert (approved(db, "M1").event, approved(db, "E2")) == ("E1", None)
        row = open_version(db, "E2")
        assert (row.state, row.reason, row.payload["into"]) == (
            "merged",
            "The same, told twice.",
            "E1",
        )
        assert open_version(db, "E1").payload["estimates"] == ["M1", "M2"]
        assert (open_version(db, "E1").why, open_version(db, "E3").why) == ("updated", "clarified")
        assert find_problems(db) == []


def test_undo_restores_both_and_keeps_later_changes(twins: Settings, editor: Person) -> None:
    with desk_session(twins) as db:
        was = {id: approved(db, id) for id in ("E1", "E2", "E3", "M1", "M2")}
        merge_with_all(db, editor, "E2", "E1")
    with desk_session(twins) as db:
        event = approved(db, "E1")
        citations = [
            citation.model_copy(update={"paraphrase": f"Said since: {citation.id}."})
            for citation in event.citations
        ]
        save_all(
            db, [event.model_copy(update={"summary": "Written since.", "citations": citations})]
        )
        publish_approved(db, "Since")
    with desk_session(twins) as db:
        undo(db, editor, merges_involving(db, "E2")[0], "They were two nights.")
        assert approved(db, "E1") == was["E1"].model_copy(
            update={"summary": "Written since.", "citations": [citations[0]]}
        )
        assert approved(db, "E2") == was["E2"].model_copy(update={"citations": citations[1:]})
        assert [approved(db, id) for id in ("E3", "M1", "M2")] == [
            was[id] for id in ("E3", "M1", "M2")
        ]
        assert [open_version(db, id).state for id in ("E1", "E2")] == ["live", "live"]
        assert find_problems(db) == []
        with pytest.raises(InvalidStateError):
            undo(db, editor, merges_involving(db, "E2")[0], "Again.")


EIGHTH = ("actor-1", "the eighth")
"""A term keeps the words of the source when its actor is merged."""
OTHERS: list[tuple[str, str, str, Any]] = [
    ("S7", "S1", "E3", lambda form: form.citations[0].source == "S1"),
    ("S7", "S1", "S8", lambda form: form.derived_from[0].source == "S1"),
    ("O8", "O1", "E2", lambda form: form.citations[1].chain[0].outlet == "outlet-1"),
    (
        "P8",
        "P1",
        "E2",
        lambda form: [term.code for term in form.terms if term.key == "place"] == ["place-1"],
    ),
    ("A8", "A1", "E2", lambda form: (form.terms[2].code, form.terms[2].printed) == EIGHTH),
    ("A8", "A1", "A7", lambda form: form.parent == "actor-1"),
    ("N8", "N1", "E2", lambda form: form.legal[0].instrument == "law-1"),
    ("M2", "M1", "M1", lambda form: {c.id for c in form.citations} == {"C401", "C402"}),
]


def test_all_kinds_of_records_can_be_merged(twins: Settings, editor: Person) -> None:
    for gone, kept, who, is_led_on in OTHERS:
        with desk_session(twins) as db:
            was = {id: approved(db, id) for id in IDS}
            merge_with_all(db, editor, gone, kept)
            assert is_led_on(approved(db, who)), approved(db, who)
            assert (approved(db, gone), open_version(db, gone).payload["into"]) == (None, kept)
            assert find_problems(db) == []
            undo(db, editor, merges_involving(db, gone)[0], "They were two.")
            assert {id: approved(db, id) for id in IDS} == was
            assert find_problems(db) == []


def test_unique_values_move_to_a_record_without_one(twins: Settings, editor: Person) -> None:
    with desk_session(twins) as db:
        merge_with_all(db, editor, "P8", "P1", "One town.")
        assert approved(db, "P1").geonames == 88


def test_chain_of_merges_is_undone_from_the_last(twins: Settings, editor: Person) -> None:
    with desk_session(twins) as db:
        merge_with_all(db, editor, "E1", "E2")
        merge_with_all(db, editor, "E2", "E3")
        assert Catalogue(db, editor).meant("event", "E1") == "E3", (
            "drafts that name a merged record must refer to the last record of the chain"
        )
        with pytest.raises(PublishError, match="E1 is not published"):
            merge(db, editor, "E3", "E1", "The same.")
        first, second = merges_involving(db, "E1")[0], merges_involving(db, "E3")[0]
        with pytest.raises(PublishError, match="E2 was later withdrawn, merged"):
            undo(db, editor, first, "They were two.")
        undo(db, editor, second, "They were two.")
        undo(db, editor, first, "They were two.")
        assert [approved(db, f"E{n}") for n in (1, 2, 3)] == [
            form for form in TWINS if form.id in {"E1", "E2", "E3"}
        ]
        assert find_problems(db) == []


def test_merge_reports_what_prevents_it(twins: Settings, editor: Person) -> None:
    def refused(gone: str, kept: str) -> str:
        with desk_session(twins) as db, pytest.raises(PublishError) as error:
            merge(db, editor, gone, kept, "The same.", confirmed=ALL)
        return "; ".join(error.value.reasons)

    assert "not records of the same kind" in refused("E1", "E1")
    assert "not records of the same kind" in refused("E1", "S1")
    assert "E9 is not published" in refused("E9", "E1")
    with desk_session(twins) as db, pytest.raises(PublishError, match="confirm each citation"):
        merge(db, editor, "E2", "E1", "The same.", confirmed={"C1", "C2"})
    with desk_session(twins) as db:
        drafts.begin_to_change(db, person(twins, "Chidi"), "E2")
    assert "Chidi has an open draft of E2" in refused("E2", "E1")
    with desk_session(twins) as db:
        later = make_event(3, summary="Approved meanwhile.", citations="C4 S7")
        save_all(db, [later])
    said = refused("E1", "E3")
    assert "Chidi" not in said
    assert "E3 has an approved change that is not published yet" in said


def test_withdrawn_record_is_rewritten_and_stays_withdrawn(twins: Settings, editor: Person) -> None:
    with desk_session(twins) as db:
        withdraw(db, ["E3"], editor, "It was not so.")
        merge_with_all(db, editor, "S7", "S1")
        assert approved(db, "E3").citations[0].source == "S1"
        assert open_version(db, "E3").state == "withdrawn"
        assert not db.get_one(models.Record, "E3").is_pending
        assert find_problems(db) == []


def test_import_does_not_restore_a_merged_record(twins: Settings, editor: Person) -> None:
    with desk_session(twins) as db:
        merge_with_all(db, editor, "E2", "E1")
    with desk_session(twins) as db:
        save_all(db, [make_event(2, citations="C9 S1")])
        with pytest.raises(PublishError, match="E2 was merged into E1; undo that first"):
            publish_approved(db, "Imported")


# Pages, without scripts ---------------------------------------------------------------------------


TWIN = make_event(2, title="Event 1, told again", note="SECRET note", citations="S2")
two_events = desk_with(
    "two_events",
    TWIN,
    make_event(3),
)


def test_two_events_are_merged_and_separated_again(two_events: Settings, basma: TestClient) -> None:
    assert "Merge with another record" in basma.get("/desk/records/E2").text
    for other in ("", "E2", "S1", "nonsense"):
        answer = basma.get(f"/desk/records/E2/merge?with={other}")
        assert answer.headers["location"] == "/desk/records/E2"
    page = basma.get("/desk/records/E2/merge?with=E1").text
    assert "Keep E2 instead" in page and "SECRET note" in page
    assert basma.post("/desk/records/E1/merge", data=sent(page)).status_code == 422

    at = "/desk/records/E2/merge"
    values = {
        **sent(basma.get("/desk/records/E1/merge?with=E2&keep=E2").text),
        "reason": "One night, told twice.",
    }
    assert values["with"] == "E1"
    answer = basma.post(at, data=values)
    assert answer.status_code == 422 and "Citations to confirm" in answer.text
    assert '<a href="#confirm.C1">' in answer.text and 'id="confirm.C1-error"' in answer.text
    values = sent(answer.text)
    assert values["reason"] == "One night, told twice."
    assert not [name for name in values if name.startswith("confirm.")]
    answer = basma.post(at, data={**values, "confirm.C1": "yes"})
    assert answer.headers["location"] == "/desk/records/E2"
    done = re.sub("<[^>]*>", "", basma.get("/desk/records/E2").text)
    assert "E1 now redirects to E2" in done

    assert basma.get("/events/E1").headers["location"] == "/events/E2"
    assert basma.get("/events/E1.json").headers["location"] == "/events/E2.json"
    assert basma.get("/events/E1?edition=1").status_code == 200
    public = basma.get("/events/E2").text
    assert "told again" in public and public.count('id="C1"') == 1 and "SECRET" not in public
    assert "One night, told twice." in basma.get("/changes.csv").text
    assert "Undo the merge" in basma.get("/desk/records/E1").text

    assert basma.post("/desk/merges/1/undo", data={"reason": " "}).status_code == 422
    basma.post("/desk/merges/1/undo", data={"reason": "They were two."})
    assert "The merge was undone" in basma.get("/desk/records/E2").text
    assert basma.get("/events/E1").status_code == basma.get("/events/E2").status_code == 200
    assert 'id="C1"' not in basma.get("/events/E2").text
    steps = basma.get("/desk/records/E1").text
    assert "Merge undone" in steps and "undone in edition 3" in steps


def test_number_is_not_mixed_from_two_estimates(two_events: Settings, basma: TestClient) -> None:
    left = make_estimate(
        2,
        counts="departures",
        period="2019",
        point=None,
        low=2,
        high=5,
        quantifier="range",
        event="E1",
    )
    publish_new(two_events, make_estimate(1, point=3000), left)
    at = "/desk/records/M1/merge"
    values = sent(basma.get(f"{at}?with=M2").text) | {"reason": "One figure."}
    assert basma.post(at, data=values).status_code == 303
    with desk_session(two_events) as db:
        merged = approved(db, "M1")
    assert (merged.point, merged.low, merged.high, merged.event) == (3000, None, None, "E1")


def test_record_changed_or_being_changed_is_not_merged(
    two_events: Settings, basma: TestClient
) -> None:
    values = sent(basma.get("/desk/records/E1/merge?with=E2").text) | {"reason": "The same."}
    publish_new(two_events, make_event(2, title="Quite another", citations="S2"))
    answer = basma.post("/desk/records/E1/merge", data=values)
    assert (
        answer.status_code == 422 and "One of the two records has changed since then" in answer.text
    )
    assert "Quite another" in answer.text and sent(answer.text)["reason"] == "The same."
    with desk_session(two_events) as db:
        drafts.begin_to_change(db, person(two_events, "Chidi"), "E2")
    page = basma.get("/desk/records/E1/merge?with=E2").text
    answer = basma.post("/desk/records/E1/merge", data=sent(page) | {"reason": "The same."})
    assert answer.status_code == 422
    assert "Chidi has an open draft of E2: the draft must be published" in answer.text


def test_only_existing_records_are_merged(two_events: Settings, basma: TestClient) -> None:
    for nothing in ("E99", "nonsense"):
        assert basma.get(f"/desk/records/{nothing}/merge").status_code == 404
        assert basma.post("/desk/records/E1/merge", data={"with": nothing}).status_code == 404
    assert basma.post("/desk/records/E1/merge", data={"with": "S1"}).status_code == 404
    assert basma.post("/desk/merges/99999999999/undo", data={}).status_code == 404
