"""One change in many records: found by the readers' filters, looked at, made as drafts, reviewed, and taken back."""

import re
from collections.abc import Iterable
from html import unescape

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft, Saved, State
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.bulk.acts import Act, Do, done
from app.desk.bulk.finding import filters_of, found
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document, check, document_of
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import SUBMIT
from app.desk.identity.audit_log import Action, entries
from app.forms import EventForm, PlaceForm, RecordForm
from app.record.derivation.context import Context
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.cast import person, sign_in
from tests.desk.conftest import Visit
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
    make_place,
    make_source,
    make_term,
)

SECTORS = [
    make_code("construction", "sector"),
    make_code("building", "sector"),
    make_code("old", "sector"),
]


@pytest.fixture
def world(desk_world: Settings) -> Settings:
    """Three events in construction, of which one says so of those who are exempt, and one about something else."""
    with desk_session(desk_world) as db:
        save_all(
            db,
            [
                *SECTORS[:2],
                SECTORS[2].model_copy(update={"successor": "building"}),
                make_place(4, "place-4"),
            ],
        )
        works, spared = (make_term("sector", "construction", role) for role in ("target", "exempt"))
        events = [
            make_event(1, terms=[make_term(), works]),
            make_event(2, terms=[make_term(), works], citations=[make_citation(2, 2)]),
            make_event(3, terms=[make_term(), spared], citations=[make_citation(3)]),
            make_event(4, citations=[make_citation(4)]),
        ]
        save_all(db, [*events, make_estimate(1)])
        publish_approved(db, "The first")
    return desk_world


ACT = {"what": "sector", "do": "replace", "old": "Construction", "new": "building"}
WHY = {"why": "clarified", "reason": "One name for one trade."}


def looked_at(
    client: TestClient, address: str, act: dict[str, str], *ids: str
) -> tuple[str, dict[str, str]]:
    """The preview of these, and what a browser would send of it."""
    page = client.post(address, data={**act, **{f"take.{id}": "yes" for id in ids}}).text
    inputs = re.findall(r"<input [^>]*>", page)
    sent = {}
    for tag in inputs:
        name, value = (re.search(rf' {each}="([^"]*)"', tag) for each in ("name", "value"))
        if name and ("checkbox" not in tag or " checked" in tag) and "radio" not in tag:
            sent[name[1]] = unescape(value[1]) if value else ""
    return page, sent


def test_one_code_for_another_in_all_that_a_filter_finds(
    world: Settings, basma: TestClient, visit: Visit
) -> None:
    page = basma.get("/desk/bulk?kind=event&sector=construction").text
    assert page.count('name="take.E') == 2, "who is exempt is found by its own key only"
    assert 'value="construction"' in page and "Sector: Construction" in page

    page, sent = looked_at(
        basma, "/desk/bulk?kind=event&sector=construction", ACT, "E1", "E2", "E3", "E4"
    )
    assert "There is nothing to change in it" in page and "take.E4" not in sent
    assert "<del>" in page and "<ins>" in page
    del sent["take.E2"]
    answer = basma.post("/desk/bulk?kind=event&sector=construction", data=sent)
    assert (
        answer.status_code == 422
        and "needs a reason" in answer.text
        and "how much the change weighs" in answer.text
    )
    assert 'name="take.E2"' in answer.text, "what was not ticked is still there to be ticked"
    answer = basma.post("/desk/bulk?kind=event&sector=construction", data={**sent, **WHY})
    assert answer.status_code == 303
    made = answer.headers["location"]

    with desk_session(world) as db:
        found = {draft.record: draft for draft in db.scalars(select(Draft))}
        assert set(found) == {"E1", "E3"} and {draft.state for draft in found.values()} == {
            State.IN_REVIEW
        }
        assert [(row["code"], row["role"]) for row in found["E3"].document["terms"]][1] == (
            "building",
            "exempt",
        )
        assert len(drafts.states(db, found["E1"])) == 3, "begun, changed, handed in"
        at = f"/desk/review/{found['E1'].id}"
    page = basma.get(made).text
    assert "Take 2 back" in page and "One name for one trade." in page and "Approve" not in page
    again, _sent = looked_at(basma, "/desk/bulk?kind=event", ACT, "E1")
    assert "You have an open draft of it" in again

    amal = visit("203.0.113.9")
    sign_in(amal, "Amal")
    review = amal.get(at).text
    assert "The same was changed in other records." in review and f'href="{made}"' in review
    assert "sector: construction → building" in amal.get("/desk/bulk").text, "it is found again"
    page = amal.get(made).text
    assert "Approve 2 for the next edition" in page
    seen = dict(re.findall(r'name="(seen\.\d+)" value="(\d+)"', page))
    answer = amal.post(made, data={**seen, "do": "approve", "confirm.C1": "yes"})
    assert answer.status_code == 422 and "E3: confirm each citation" in unescape(answer.text)
    assert "1 is approved all the same." in answer.text, "what was done is told beside what was not"
    with desk_session(world) as db:
        states = {draft.record: draft.state for draft in db.scalars(select(Draft))}
        assert states == {"E1": State.APPROVED, "E3": State.IN_REVIEW}, (
            "who is exempt is looked at like any other"
        )
    assert "Approve 1 for the next edition" in answer.text and 'name="confirm.C3"' in answer.text
    assert amal.post(made, data={**seen, "do": "approve", "confirm.C3": "yes"}).status_code == 303
    assert "Changed many records together" in amal.get("/desk/audit").text


def test_it_is_published_as_any_other_change_is(
    world: Settings, basma: TestClient, visit: Visit
) -> None:
    """A code that puts no citation in doubt, so that all are approved at once."""
    act = {"what": "outlet", "do": "replace", "old": "outlet-2", "new": "outlet-1"}
    page, sent = looked_at(basma, "/desk/bulk?kind=source", act, "S1", "S2")
    assert 'name="take.S2"' in page and 'name="take.S1"' not in page
    made = basma.post("/desk/bulk?kind=source", data={**sent, **WHY}).headers["location"]
    amal = visit("203.0.113.9")
    sign_in(amal, "Amal")
    seen = dict(re.findall(r'name="(seen\.\d+)" value="(\d+)"', amal.get(made).text))
    assert amal.post(made, data={**seen, "do": "approve"}).status_code == 303
    ready = dict(re.findall(r'name="(take\.\d+)" value="(yes)"', amal.get("/desk/review").text))
    amal.post("/desk/review", data={**ready, "message": "One outlet for one publisher."})
    assert amal.get("/sources?outlet=outlet-2").text.count('id="S2"') == 0
    assert "S2" in amal.get("/sources.csv?outlet=outlet-1").text
    assert "One name for one trade." in amal.get("/changes.csv").text
    answer = basma.post(made, data={"do": "take-back"})
    assert "1 stays as it is" in basma.get(made).text, (
        "what readers see is not taken back by deleting a draft"
    )
    assert answer.status_code == 303


def test_what_waits_makes_room_for_the_next(
    world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a longer list the next come up once the first are handed in, and not only once they are published."""
    address = "/desk/bulk?kind=event"
    monkeypatch.setattr("app.desk.bulk.finding.MOST", 2)

    def listed() -> list[str]:
        return re.findall(r'name="take\.(E\d+)"', basma.get(address).text)

    first = listed()
    assert len(first) == 2 and "left out" not in basma.get(address).text
    act = {"what": "place", "do": "replace", "old": "place-1", "new": "place-4"}
    made = ""
    for _page in range(2):
        _preview, sent = looked_at(basma, address, act, *listed())
        made = basma.post(address, data={**sent, **WHY}).headers["location"]
    assert listed() == [] and "4 are found, and all have an open draft" in basma.get(address).text
    basma.post(made, data={"do": "take-back"})
    assert len(listed()) == 2 and not set(listed()) & set(first)
    page = basma.get(address).text
    assert "2 have an open draft and are left out" in page


def test_all_citations_of_a_page_are_confirmed_with_one_tick(
    world: Settings, basma: TestClient, visit: Visit
) -> None:
    _page, sent = looked_at(basma, "/desk/bulk?kind=event", ACT, "E1", "E2")
    made = basma.post("/desk/bulk?kind=event", data={**sent, **WHY}).headers["location"]
    amal = visit("203.0.113.9")
    sign_in(amal, "Amal")
    page = amal.get(made).text
    assert "All 2 citations on this page still say so" in page
    seen = dict(re.findall(r'name="(seen\.\d+)" value="(\d+)"', page))
    (all_,) = re.findall(r'name="confirm-all" value="([^"]*)"', page)
    assert all_ == "C1 C2"
    answer = amal.post(made, data={**seen, "do": "approve", "confirm-all": "C1"})
    assert answer.status_code == 422 and "E2: confirm each citation" in unescape(answer.text)
    assert "citations on this page still say so" not in answer.text, (
        "of one alone its own box is enough"
    )
    assert amal.post(made, data={**seen, "do": "approve", "confirm-all": all_}).status_code == 303
    with desk_session(world) as db:
        assert {draft.state for draft in db.scalars(select(Draft))} == {State.APPROVED}


def test_all_of_it_is_taken_back_at_once(world: Settings, basma: TestClient) -> None:
    with desk_session(world) as db:
        new = make_event(9, terms=[make_term(), make_term("sector", "construction")])
        document = document_of(new) | {"id": ""}
        draft = drafts.begin(db, person(world, "Basma"), "mine", "E", document=document)
        mine = draft.record
    page = basma.get("/desk/bulk?kind=event&sector=construction").text
    assert f'name="take.{mine}"' in page and "Your draft" in page
    assert f'name="take.{mine}"' not in basma.get("/desk/bulk?kind=event&sector=building").text
    _page, sent = looked_at(basma, "/desk/bulk?kind=event", ACT, mine, "E1", "E2")
    made = basma.post("/desk/bulk?kind=event", data={**sent, **WHY}).headers["location"]
    with desk_session(world) as db:
        draft = db.scalars(select(Draft).where(Draft.record == mine)).one()
        assert (draft.state, draft.document["terms"][1]["code"]) == (State.DRAFT, "building")
        other = db.scalars(select(Draft).where(Draft.record == "E2")).one()
        drafts.move(db, other, person(world, "Basma"), drafts.TAKE_BACK)
        drafts.next_revision(db, other, person(world, "Basma"), Saved.SAVED, sheet="another")
    basma.post(made, data={"do": "take-back"})
    assert "2 are taken back. 1 stays as it is." in basma.get(made).text, (
        "somebody went on writing in E2"
    )
    with desk_session(world) as db:
        states = {draft.record: draft for draft in db.scalars(select(Draft))}
        assert states["E1"].state == State.DELETED and states["E2"].state == State.DRAFT
        assert states[mine].document["terms"][1]["code"] == "construction"


def test_whoever_locks_a_draft_sees_what_others_wrote_meanwhile(
    world: Settings, basma: TestClient
) -> None:
    """By its number whoever is slower is told so, also if the draft was read before."""
    _page, sent = looked_at(basma, "/desk/bulk?kind=event", ACT, "E1")
    basma.post("/desk/bulk?kind=event", data={**sent, **WHY})
    of_e1 = select(Draft).where(Draft.record == "E1")
    with desk_session(world) as slower:
        read = slower.scalars(of_e1).one()
        number = read.number
        with desk_session(world) as quicker:
            draft = quicker.scalars(of_e1).one()
            drafts.move(quicker, draft, person(world, "Basma"), drafts.TAKE_BACK)
        locked = drafts.find(slower, read.id)
        assert locked is read and (locked.number, locked.state) == (number + 1, State.DRAFT)


def own_drafts(settings: Settings, first: int, last: int) -> list[str]:
    """Basma's own drafts of new events in construction, each from a source of its own, which is a draft too."""
    by, made = person(settings, "Basma"), []
    with desk_session(settings) as db:
        for number in range(first, last + 1):
            source = drafts.begin(
                db, by, f"source {number}", "S", document=document_of(make_source(number))
            )
            terms = [make_term(), make_term("sector", "construction")]
            said = make_event(
                number,
                title=f"Mine {number}",
                terms=terms,
                citations=[make_citation(1, source.record)],
            )
            made.append(
                drafts.begin(db, by, f"event {number}", "E", document=document_of(said)).record
            )
    return made


def test_of_own_drafts_the_first_are_listed_and_all_are_counted(
    world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that is not handed in makes thousands: only what is listed gets a title."""
    made = own_drafts(world, 11, 15)
    titled: list[object] = []
    title = Catalogue.title

    def counted(self: Catalogue, kind: str, document: Document) -> str:
        titled.append(document)
        return title(self, kind, document)

    monkeypatch.setattr("app.desk.bulk.finding.MOST", 3)
    monkeypatch.setattr(Catalogue, "title", counted)
    for asked, total in (("", 9), ("&sector=construction", 7), ("&q=mine", 5)):
        titled.clear()
        page = basma.get(f"/desk/bulk?kind=event{asked}").text
        assert (
            re.findall(r'name="take\.(E\d+)"', page) == made[:3]
            and f"The first 3 of {total}" in page
        ), asked
        assert len(titled) <= 3 + 3, "own drafts, and what readers see"
    assert "Mine" not in basma.get("/desk/bulk?kind=event&changed_since=2000-01-01").text
    with desk_session(world) as db:
        drafts.move(
            db,
            db.scalars(select(Draft).where(Draft.record == made[0])).one(),
            person(world, "Basma"),
            SUBMIT,
        )
        drafts.begin_to_change(db, person(world, "Basma"), "E1")
        of_amal = Catalogue(db, person(world, "Amal")).own_new_drafts("E")
        of_basma = Catalogue(db, person(world, "Basma")).own_new_drafts("E")
        assert db.scalars(of_amal).all() == []
        assert [draft.record for draft in db.scalars(of_basma)] == made[1:], (
            "neither handed in nor approved"
        )


def test_many_own_drafts_cost_what_one_does(
    world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many statements, and the names from which terms are derived are put together once."""
    filters, _dropped = filters_of("event").from_pairs([("sector", "construction")])

    def cost() -> tuple[int, int]:
        of = Context.of
        names: list[PlaceForm] = []
        seen: list[str] = []

        def gathered(forms: Iterable[RecordForm]) -> Context:
            forms = list(forms)
            names.extend(form for form in forms if isinstance(form, PlaceForm))
            return of(forms)

        with desk_session(world) as db, monkeypatch.context() as patch:
            patch.setattr(Context, "of", gathered)
            by = person(world, "Basma")
            event.listen(
                db.get_bind(), "before_cursor_execute", lambda *given: seen.append(given[2])
            )
            assert found(db, Catalogue(db, by), filters).total == 2 + made
            return len(seen), len(names)

    made = len(own_drafts(world, 11, 11))
    before = cost()
    made += len(own_drafts(world, 12, 16))
    assert cost() == before and before[1] == 4


def test_where_somebody_is_quicker_nothing_is_taken_back(
    world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even of those that were looked at before theirs."""
    _page, sent = looked_at(basma, "/desk/bulk?kind=event", ACT, "E1", "E2")
    made = basma.post("/desk/bulk?kind=event", data={**sent, **WHY}).headers["location"]
    find = drafts.find

    def find_after_somebody_else(db: Session, id: int) -> Draft | None:
        with desk_session(world) as quicker:
            draft = quicker.get_one(Draft, id)
            if draft.record == "E2":
                drafts.move(quicker, draft, person(world, "Basma"), drafts.TAKE_BACK)
        return find(db, id)

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "find", find_after_somebody_else)
        assert basma.post(made, data={"do": "take-back"}).status_code == 303
    assert "Somebody else was quicker" in basma.get(made).text
    with desk_session(world) as db:
        states = {draft.record: draft.state for draft in db.scalars(select(Draft))}
        assert states == {"E1": State.IN_REVIEW, "E2": State.DRAFT}
        assert Action.TOOK_TOGETHER_BACK not in {entry.action for entry in entries(db, None, 10)}


def test_who_unticks_all_keeps_what_was_typed(world: Settings, basma: TestClient) -> None:
    _page, sent = looked_at(basma, "/desk/bulk?kind=event", ACT, "E1", "E2")
    kept = {name: value for name, value in sent.items() if not name.startswith("take.")}
    answer = basma.post("/desk/bulk?kind=event", data={**kept, **WHY})
    assert answer.status_code == 422 and "No record is ticked" in answer.text
    assert WHY["reason"] in answer.text and 'name="take.E1"' in answer.text


def test_nothing_is_half_done(world: Settings, basma: TestClient) -> None:
    _page, sent = looked_at(basma, "/desk/bulk?kind=event", ACT, "E1", "E2")
    with desk_session(world) as db:
        drafts.begin_to_change(db, person(world, "Amal"), "E2")
    answer = basma.post("/desk/bulk?kind=event", data={**sent, **WHY})
    assert answer.status_code == 422 and "Amal has an open draft of it" in unescape(answer.text)
    with desk_session(world) as db:
        assert db.scalars(select(Draft.record)).all() == ["E2"]
        save_all(
            db,
            [
                make_event(
                    1, terms=[make_term(), make_term("sector", "construction")], title="Meanwhile"
                )
            ],
        )
        publish_approved(db, "Meanwhile")
    del sent["take.E2"]
    answer = basma.post("/desk/bulk?kind=event", data={**sent, **WHY})
    assert answer.status_code == 422 and "E1 was changed since this page was opened" in answer.text
    assert "Meanwhile" in answer.text and WHY["reason"] in answer.text, (
        "it is shown anew, with what was typed"
    )


NONSENSE = [
    ({"what": "sector", "do": "replace", "old": "construction", "new": "old"}, "was retired"),
    (
        {"what": "sector", "do": "replace", "old": "nowhere", "new": "building"},
        "Nothing here has this name",
    ),
    ({"what": "sector", "do": "replace", "old": "building", "new": "building"}, "This is the same"),
    (
        {"what": "sector", "do": "add", "new": "building", "role": "orders"},
        "This part does not fit",
    ),
    ({"what": "outlet", "do": "remove", "old": "outlet-1"}, "only codes of terms"),
    ({"what": "nothing", "do": "replace"}, "Choose what is to be changed"),
    ({"what": "sector", "do": "remove", "old": ""}, "Fill this in"),
]


def test_what_makes_no_sense_is_said_beside_it(world: Settings, basma: TestClient) -> None:
    for act, told in NONSENSE:
        answer = basma.post("/desk/bulk?kind=event", data={**act, "take.E2": "yes"})
        assert answer.status_code == 422 and told in answer.text, act
        assert re.search(r'name="take.E2" value="yes" checked', answer.text), (
            "what was ticked stays so"
        )
        assert not re.search(r'name="take.E1" value="yes" checked', answer.text)


def test_a_rule_that_would_break_is_told_of_its_record_alone(
    world: Settings, basma: TestClient
) -> None:
    act = {"what": "place", "do": "remove", "old": "place-1"}
    page, sent = looked_at(basma, "/desk/bulk?kind=estimate", act, "M1")
    assert "Not changed" in page and "take.M1" not in sent
    page, sent = looked_at(
        basma, "/desk/bulk?kind=event", {**act, "do": "replace", "new": "place-4"}, "E1", "E4"
    )
    assert {"take.E1", "take.E4"} <= set(sent)
    answer = basma.post(
        "/desk/bulk?kind=event", data={"what": "sector", "do": "add", "new": "building"}
    )
    assert answer.status_code == 422 and "Tick the records" in answer.text


def test_only_editors(world: Settings, chidi: TestClient, basma: TestClient) -> None:
    for address in ("/desk/bulk", "/desk/bulk/0123456789abcdef"):
        assert chidi.get(address).status_code == chidi.post(address).status_code == 403
    assert basma.get("/desk/bulk/0123456789abcdef").status_code == 404
    assert basma.get("/desk/bulk/%00").status_code == 404


def test_a_place_keeps_its_part_and_stands_once() -> None:
    """Where the new one was named already in the same part, one of the two is enough."""
    event = make_event(
        terms=[
            make_term(role="from"),
            make_term(role="to", code="place-2"),
            make_term(code="place-2"),
        ]
    )
    act = Act("place", Do.REPLACE, "place-1", "place-2")
    after = check(EventForm, done(act, EventForm, document_of(event))).form
    assert after is not None
    assert [(term.code, term.role.value) for term in after.terms] == [
        (c, r) for c, r in zip(["place-2"] * 3, ["from", "to", "at"], strict=True)
    ]
    twice = make_event(terms=[make_term(), make_term(code="place-2")])
    assert len(done(act, EventForm, document_of(twice))["terms"]) == 1
    untouched = document_of(make_event(terms=[make_term(code="place-3")]))
    assert done(act, EventForm, untouched) is untouched
    typed = document_of(make_event())
    assert (
        done(Act("type", Do.REPLACE, "stay-limit", "repatriation"), EventForm, typed)["type"]
        == "repatriation"
    )
    added = Act("sector", Do.ADD, new="building", role="target")
    once = done(added, EventForm, typed)
    assert len(once["terms"]) == 2 and done(added, EventForm, once) is once


def test_what_has_an_open_draft_is_no_next_record(
    world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/desk/bulk?kind=event"
    _page, sent = looked_at(
        basma, address, {"what": "place", "do": "replace", "old": "place-1", "new": "place-4"}, "E1"
    )
    basma.post(address, data={**sent, **WHY})
    page = basma.get(address).text
    assert "1 has an open draft" in page and "The first" not in page
    monkeypatch.setattr("app.desk.bulk.finding.MOST", 1)
    page = basma.get(address).text
    assert "The first 1 of 4" in page and re.findall(r'name="take\.(E\d+)"', page) == ["E2"]
