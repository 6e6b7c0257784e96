"""Pages of bulk edits: choose, preview, make drafts, review and undo."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState, RevisionCause
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.bulk import BulkEdit, apply_bulk_edit
from app.desk.drafts import commands as drafts
from app.documents import document_of, validate
from app.kinds import EventForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_code, make_estimate, make_event, make_place, make_term
from tests.support.desk_people import person
from tests.support.draft_pages import draft_states
from tests.support.html import sent_by
from tests.support.worlds import desk_with, publish_new

TARGET, EXEMPT = (make_term("sector", "construction", role) for role in ("target", "exempt"))
construction = desk_with(
    "construction",
    make_code("construction", "sector"),
    make_code("building", "sector"),
    make_place(4, "place-4"),
    make_event(1, terms=[make_term(), TARGET]),
    make_event(2, terms=[make_term(), TARGET], citations="S2"),
    make_event(3, terms=[make_term(), EXEMPT]),
    make_event(4),
    make_estimate(1),
)
"""Three events in construction, one of them as exempt, and one in no sector."""

REPLACE_SECTOR = {"what": "sector", "old": "Construction", "new": "building"}
WHY = {"why": "clarified", "reason": "One name for one trade."}


def preview_edit(
    client: TestClient, address: str, act: dict[str, str], *ids: str
) -> tuple[str, dict[str, str]]:
    """Return the preview for these ids, and the form that a browser would send."""
    page = client.post(address, data={**act, **{f"take.{id}": "yes" for id in ids}}).text
    return page, sent_by(page, "//form[contains(@class, 'section')]")


def undo(client: TestClient, made: str) -> str:
    """Undo an edit; return the page of bulk edits, with what was done."""
    assert client.post(made.replace("/review/edits/", "/bulk/")).status_code == 303
    return client.get("/desk/bulk").text


def approve(client: TestClient, made: str, **typed: str) -> Any:
    page = client.get(made).text
    seen = dict(re.findall(r'name="(seen\.\d+)"\s+value="(\d+)"', page))
    ticks = {name.replace("seen", "tick"): "yes" for name in seen}
    return client.post(made, data={**seen, **ticks, "do": "decide", **typed})


def test_code_is_replaced_in_all_filtered_records(
    construction: Settings, basma: TestClient, amal: TestClient
) -> None:
    page = basma.get("/desk/bulk", params={"in": "/events?sector=construction"}).text
    assert page.count('name="take.E') == 2, (
        "the filter by sector must leave out rows with the role “exempt”"
    )

    page, sent = preview_edit(basma, "/desk/bulk", REPLACE_SECTOR, "E1", "E2", "E3", "E4")
    assert "It has nothing to change" in page and "take.E4" not in sent
    assert "<del>" in page and "<ins>" in page
    del sent["take.E2"]
    answer = basma.post("/desk/bulk", data=sent)
    assert (
        answer.status_code == 422
        and "Enter a reason" in answer.text
        and "the type of change" in answer.text
    )
    assert 'name="take.E2"' in answer.text, "the error page must still list the unticked record E2"
    answer = basma.post("/desk/bulk", data={**sent, **WHY})
    assert answer.status_code == 303
    made = answer.headers["location"]

    with desk_session(construction) as db:
        found = {draft.record: draft for draft in db.scalars(select(Draft))}
        assert set(found) == {"E1", "E3"} and {draft.state for draft in found.values()} == {
            DraftState.IN_REVIEW
        }
        assert [(row["code"], row["role"]) for row in found["E3"].document["terms"]][1] == (
            "building",
            "exempt",
        )
        assert len(drafts.states(db, found["E1"])) == 3, (
            "the draft must have three states: begun, changed and submitted"
        )
        at = f"/desk/review/{found['E1'].id}"
    assert "One name for one trade." in basma.get(made).text
    assert "Undo 2 changes" in basma.get("/desk/bulk").text
    again, _sent = preview_edit(basma, "/desk/bulk", REPLACE_SECTOR, "E1")
    assert "Basma has an open draft of it" in again

    assert f'href="{made}"' in amal.get(at).text
    assert "sector: construction → building" in amal.get("/desk/bulk").text, (
        "the bulk edit page must list recent bulk edits"
    )
    page = amal.get(made).text
    assert "All 2 citations on this page still apply" in page
    (all_,) = re.findall(r'name="confirm-all" value="([^"]*)"', page)
    assert all_ == "C1 C3"
    answer = approve(amal, made, **{"confirm-all": "C1"})
    assert answer.status_code == 422 and "E3: confirm each citation" in unescape(answer.text)
    assert {*draft_states(construction).values()} == {DraftState.IN_REVIEW}, "decided in part"
    assert approve(amal, made, **{"confirm-all": all_}).status_code == 303
    assert "Undone: 0 of 2." in undo(basma, made), "what is approved stays"
    assert "Made a bulk edit" in amal.get("/desk/audit").text


def test_undo_reverts_drafts_but_not_later_edits(construction: Settings, basma: TestClient) -> None:
    _page, sent = preview_edit(basma, "/desk/bulk", REPLACE_SECTOR, "E1", "E2")
    made = basma.post("/desk/bulk", data={**sent, **WHY}).headers["location"]
    with desk_session(construction) as db:
        other = db.scalars(select(Draft).where(Draft.record == "E2")).one()
        drafts.move(db, other, person(construction, "Basma"), drafts.TAKE_BACK)
        drafts.next_revision(
            db, other, person(construction, "Basma"), RevisionCause.SAVED, sheet="another"
        )
    assert "Undone: 1 of 2." in undo(basma, made), (
        "undoing a bulk edit must leave the draft of E2, which was edited later"
    )
    assert draft_states(construction) == {"E1": DraftState.DELETED, "E2": DraftState.DRAFT}


def test_bulk_edit_with_conflict_changes_nothing(construction: Settings, basma: TestClient) -> None:
    _page, sent = preview_edit(basma, "/desk/bulk", REPLACE_SECTOR, "E1", "E2")
    with desk_session(construction) as db:
        drafts.begin_to_change(db, person(construction, "Amal"), "E2")
    answer = basma.post("/desk/bulk", data={**sent, **WHY})
    assert answer.status_code == 422 and "Amal has an open draft of it" in unescape(answer.text)
    with desk_session(construction) as db:
        assert db.scalars(select(Draft.record)).all() == ["E2"]
        save_all(
            db,
            [make_event(1, terms="place; sector construction", title="Meanwhile")],
        )
        publish_approved(db, "Meanwhile")
    del sent["take.E2"]
    answer = basma.post("/desk/bulk", data={**sent, **WHY})
    assert (
        answer.status_code == 422
        and "E1 has changed since you opened this page: check it again" in answer.text
    )
    assert "Meanwhile" in answer.text and WHY["reason"] in answer.text, (
        "the error page must show the new title and the typed reason"
    )


NONSENSE = [
    ({"what": "outlet", "old": "outlet-1", "new": "outlet-2"}, "Choose what to change"),
    ({"what": "field.note", "new": "Seen"}, "Choose what to change"),
    ({"old": " ", "new": "Seen"}, "Enter the words"),
    ({"what": "sector", "old": ""}, "Enter the words"),
]


def test_invalid_edit_shows_error_and_keeps_ticks(
    construction: Settings, basma: TestClient
) -> None:
    for act, told in NONSENSE:
        answer = basma.post("/desk/bulk", data={**act, "in": "/events", "take.E2": "yes"})
        assert answer.status_code == 422 and told in answer.text, act
        assert re.search(r'name="take.E2" value="yes" checked', answer.text), (
            "the error page must keep the tick of E2"
        )
        assert not re.search(r'name="take.E1" value="yes" checked', answer.text)


def test_broken_rule_excludes_only_its_record(construction: Settings, basma: TestClient) -> None:
    outlet = {"what": "field.outlet", "new": "outlet-1"}
    page, sent = preview_edit(basma, "/desk/bulk", outlet, "S1", "S2")
    assert "take.S2" in sent and "take.S1" not in sent, "of that outlet already"
    act = {"what": "place", "old": "place-1"}
    page, sent = preview_edit(basma, "/desk/bulk", act, "M1")
    assert "Not changed" in page and "take.M1" not in sent
    for act_ in ({"what": "sector", "new": "nowhere"}, {"what": "field.type", "new": "nothing"}):
        page, sent = preview_edit(basma, "/desk/bulk", act_, "E1")
        assert "Not changed" in page and "take.E1" not in sent, act_
    page, sent = preview_edit(basma, "/desk/bulk", {**act, "new": "place-4"}, "E1", "E4")
    assert {"take.E1", "take.E4"} <= set(sent)
    answer = basma.post("/desk/bulk", data={"what": "sector", "new": "building"})
    assert answer.status_code == 422 and "Tick the records" in answer.text


def test_few_records_are_withdrawn_by_one_person(construction: Settings, basma: TestClient) -> None:
    """The estimate names E1: it loses the reference and stays. Her own pages wait for editions."""
    publish_new(construction, make_estimate(1, event="E1"))
    page, sent = preview_edit(basma, "/desk/bulk", {"do": "withdraw"}, "E1", "E2")
    assert "loses the reference" in page and "M1" in page
    answer = basma.post("/desk/bulk", data=sent)
    assert answer.status_code == 422 and "Enter a reason" in answer.text
    answer = basma.post("/desk/bulk", data={**sent, "reason": "Of another country."})
    assert answer.headers["location"] == "/desk/bulk"
    assert "withdrawn in edition 3" in basma.get("/desk/bulk").text
    shown = {
        id: "Of another country." in basma.get(f"/events/{id}").text for id in ("E1", "E2", "E3")
    }
    assert shown == {"E1": True, "E2": True, "E3": False}
    assert 'href="/events/E1"' not in basma.get("/estimates/M1").text
    page, sent = preview_edit(basma, "/desk/bulk", {"do": "withdraw"}, "E1")
    assert "It is not published" in page and "take.E1" not in sent


def test_many_records_are_withdrawn_after_a_second_person_confirms(
    construction: Settings, basma: TestClient, amal: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.desk.identity.confirmations.FREE_RECORDS", 1)
    _page, sent = preview_edit(basma, "/desk/bulk", {"do": "withdraw"}, "E1", "E2")
    basma.post("/desk/bulk", data={**sent, "reason": "Of another country."})
    queue = amal.get("/desk/confirmations").text
    assert "Withdrawn with it: E2" in queue
    (asked,) = re.findall(r'action="(/desk/confirmations/\d+)"', queue)
    for client, status in ((basma, 422), (amal, 303)):
        assert "Of another country." not in amal.get("/events/E2").text
        assert client.post(asked, data={"do": "confirm"}).status_code == status
    assert all("Of another country." in amal.get(f"/events/{id}").text for id in ("E1", "E2"))
    basma.post("/desk/records/E2/publish", data={"reason": "It was this one."})
    assert "Of another country." in amal.get("/events/E2").text, "two people undo it, too"


# Bulk edits of one document -----------------------------------------------------------------------


def test_replaced_place_keeps_role_without_repetition() -> None:
    """If the new place has the same role already, one of the two terms is dropped."""
    event = make_event(terms="place (role=from); place place-2 (role=to); place place-2")
    act = BulkEdit("place", "place-1", "place-2")
    after = validate(EventForm, apply_bulk_edit(act, EventForm, document_of(event))).form
    assert after is not None
    assert [term.code for term in after.terms] == ["place-2"] * 3
    assert [term.role.value for term in after.terms] == ["from", "to", "at"]
    twice = make_event(terms="place; place place-2")
    assert len(apply_bulk_edit(act, EventForm, document_of(twice))["terms"]) == 1
    untouched = document_of(make_event(terms="place place-3"))
    assert apply_bulk_edit(act, EventForm, untouched) is untouched
    typed = document_of(make_event())
    added = BulkEdit("sector", new="building")
    once = apply_bulk_edit(added, EventForm, typed)
    assert [row["role"] for row in once["terms"]] == ["at", "target"]
    assert apply_bulk_edit(added, EventForm, once) is once
    removed = apply_bulk_edit(BulkEdit("sector", "building"), EventForm, once)
    assert removed["terms"] == typed["terms"]


def test_field_is_filled_in_and_words_are_replaced_in_texts_only() -> None:
    event = make_event(title="Firms in stay-limit towns", type="stay-limit")
    words = BulkEdit("", "stay-limit", "border")
    after = apply_bulk_edit(words, EventForm, document_of(event))
    assert (after["title"], after["type"]) == ("Firms in border towns", "stay-limit")
    filled = BulkEdit("field.attested", new="2024-05")
    assert apply_bulk_edit(filled, EventForm, document_of(event))["attested"] == "2024-05"


# Records that a bulk edit lists -------------------------------------------------------------------


def listed(client: TestClient, typed: str) -> list[str]:
    page = client.get("/desk/bulk", params={"in": typed}).text
    return re.findall(r'name="take\.([A-Z]\d+)"', page)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("/events?sector=construction&edition=1&sort=-happened", ["E1", "E2"]),
        ("https://sojourn.example/events?sector=construction", ["E1", "E2"]),
        ("E3, E1;E3\nE99", ["E3", "E1"]),
        ("/estimates", ["M1"]),
    ],
)
def test_records_are_named_by_list_or_ids(
    construction: Settings, basma: TestClient, typed: str, ids: list[str]
) -> None:
    assert sorted(listed(basma, typed)) == sorted(ids)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/places?q=place", "This is no list of events"),
        ("the first ten", "This is no list of events"),
        ("E1 M1", "Choose records of one kind"),
        ("X1", "There are no such records"),
        ("/events?sektor=construction", "“sektor=construction”"),
    ],
)
def test_what_names_no_records_is_refused(
    construction: Settings, basma: TestClient, typed: str, told: str
) -> None:
    answer = basma.get("/desk/bulk", params={"in": typed})
    assert answer.status_code == 422 and told in answer.text and typed in answer.text


def test_submitted_records_make_room_for_next_ones(
    construction: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next records of a longer list appear once the first are submitted."""
    monkeypatch.setattr("app.desk.bulk.MAX_RECORDS", 2)
    first = listed(basma, "/events")
    assert len(first) == 2
    act = {"what": "place", "old": "place-1", "new": "place-4"}
    for _page in range(2):
        _preview, sent = preview_edit(basma, "/desk/bulk", act, *listed(basma, "/events"))
        basma.post("/desk/bulk", data={**sent, **WHY})
    page = basma.get("/desk/bulk", params={"in": "/events"}).text
    assert "4 records were found, and all have open drafts" in page
