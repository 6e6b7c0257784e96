"""A report is submitted, reviewed, returned and approved as one thing."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState
from app.desk.drafts.comments import Comment
from app.desk.drafts.report_settings import ReportText
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import person
from tests.support.draft_pages import (
    REVIEW,
    begin,
    decide,
    decide_report,
    post,
    stored,
    submit,
    write_citation,
    write_event,
)

WAITS = {DraftState.IN_REVIEW}


@pytest.fixture
def rows(report_in_review: Settings) -> dict[str, int]:
    """The ids of the drafts in review: of a citation of E1, an event and an estimate."""
    with desk_session(report_in_review) as db:
        ids = {draft.record: draft.id for draft in db.scalars(select(Draft))}
        return {"C" if record == "E1" else record[0]: id for record, id in ids.items()}


def states(settings: Settings) -> dict[int, str]:
    with desk_session(settings) as db:
        return {draft.id: draft.state for draft in db.scalars(select(Draft))}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_contributor_submits_own_rows_only(
    reports: Settings, basma: TestClient, chidi: TestClient
) -> None:
    hers, his = write_event(basma), write_citation(chidi)
    assert submit(chidi).status_code == 303
    assert stored(reports, his).state == DraftState.IN_REVIEW
    assert stored(reports, hers).state == DraftState.DRAFT


def test_submitted_report_is_one_entry_and_shows_its_effects(
    report_in_review: Settings, amal: TestClient, basma: TestClient, chidi: TestClient
) -> None:
    assert set(states(report_in_review).values()) == WAITS
    queue = amal.get("/desk/review").text
    assert queue.count(f'href="{REVIEW}"') == 1 and "/desk/review/1" not in queue
    assert "report, 3 rows" in words(queue) and "Waiting for review 1" in words(queue)
    page = words(amal.get(REVIEW).text)
    for said in (
        "New records 2 New citations 3 Records that change 1",
        *("Change of event E1", "New event E", "New estimate M"),
        *("They were told to go.", "Firms were told"),
        "1 report, 1 outlet → 2 reports, 2 outlets",
    ):
        assert said in page, said
    assert chidi.get(REVIEW).status_code == 403
    for at, status in {"S99": 404, "E1": 404, "x": 404, "S8": 303}.items():
        answer = amal.get(f"/desk/review/reports/{at}")
        assert answer.status_code == status, at
    assert answer.headers["location"] == "/desk/review"
    # The author is not offered the review, has no buttons, and is refused without them.
    for client, is_offered in ((amal, True), (basma, False)):
        assert (f'href="{REVIEW}"' in client.get("/desk/sources/S7").text) is is_offered
    assert 'value="decide"' not in basma.get(REVIEW).text
    seen = dict(re.findall(r'name="(seen\.\d+)"\s+value="(\d+)"', amal.get(REVIEW).text))
    assert len(seen) == 3 and basma.post(REVIEW, data={"do": "decide", **seen}).status_code == 422
    assert set(states(report_in_review).values()) == WAITS


def test_report_is_decided_row_by_row(
    report_in_review: Settings, amal: TestClient, basma: TestClient, rows: dict[str, int]
) -> None:
    event, estimate = rows["E"], rows["M"]
    answer = decide_report(amal, unticked=event, message="General.")
    assert answer.status_code == 422, "a row is returned with a comment only"
    assert re.search(rf'<a href="#row-{event}">E\d+ is not approved', answer.text)
    assert "General." in answer.text
    assert f'name="tick.{event}" value="yes" data-tick>' in answer.text, "it stays unticked"

    alone = decide(amal, f"/desk/drafts/{estimate}", "return", comment="How many?")
    assert alone.status_code == 303
    assert states(report_in_review) == {
        rows["C"]: DraftState.IN_REVIEW,
        event: DraftState.IN_REVIEW,
        estimate: DraftState.RETURNED,
    }
    typed: Any = {f"comment.{event}": "Which firms?", f"field.{event}": "title"}
    assert decide_report(amal, unticked=event, **typed).status_code == 303
    assert states(report_in_review) == {
        rows["C"]: DraftState.APPROVED,
        event: DraftState.RETURNED,
        estimate: DraftState.RETURNED,
    }
    assert "Which firms?" in basma.get(f"/desk/drafts/{event}").text


def test_stored_comment_is_settled_and_enough_to_return(
    report_in_review: Settings, amal: TestClient, basma: TestClient, rows: dict[str, int]
) -> None:
    event, estimate = rows["E"], rows["M"]
    typed: Any = {f"comment.{event}": "Which firms?", f"comment.{estimate}": "How many?"}
    decide_report(amal, "save", **typed)
    assert set(states(report_in_review).values()) == WAITS
    with desk_session(report_in_review) as db:
        ids = {each.words: each.id for each in db.scalars(select(Comment))}
    settle = f"settle {ids['How many?']}"
    typed = {f"comment.{rows['C']}": "Not sent yet."}
    settled = decide_report(amal, settle, **typed)
    assert "resolved by Amal" in words(settled.text) and "Which firms?" in settled.text
    assert f'value="{settle}"' not in settled.text
    assert "Not sent yet." in settled.text, "what else was typed is lost"
    draft = stored(report_in_review, write_event(basma, "/desk/sources/S8")).id
    with desk_session(report_in_review) as db:
        by = person(report_in_review, "Amal").id
        db.add(other := Comment(draft=draft, number=1, place="", by=by, words="Why?"))
        db.flush()
        of_other_report = other.id
    for id in (of_other_report, 999_999):
        assert decide_report(amal, f"settle {id}").status_code == 404
    assert decide_report(amal, unticked=estimate).status_code == 422, (
        "a resolved comment explains nothing"
    )
    assert decide_report(amal, unticked=event).status_code == 303
    assert states(report_in_review)[event] == DraftState.RETURNED


def test_changed_or_wrong_row_stops_the_decision(
    report_in_review: Settings, amal: TestClient, basma: TestClient, rows: dict[str, int]
) -> None:
    at = f"/desk/drafts/{rows['E']}"
    seen = dict(re.findall(r'name="(seen\.\d+)"\s+value="(\d+)"', amal.get(REVIEW).text))
    ticks = {name.replace("seen", "tick"): "yes" for name in seen}
    basma.post(f"{at}/take-back")
    post(basma, at, "submit", title="Another title")
    answer = amal.post(REVIEW, data={**seen, **ticks, "do": "decide"})
    assert answer.status_code == 422 and re.search(
        r"E\d+ has changed since you opened this page", answer.text
    )
    with desk_session(report_in_review) as db:
        draft = db.get_one(Draft, rows["E"])
        draft.document = {**draft.document, "title": ""}
    answer = decide_report(amal)
    assert answer.status_code == 422
    assert re.search(rf'<a href="#row-{rows["E"]}">E\d+: Title: Fill this in', answer.text)
    assert set(states(report_in_review).values()) == WAITS


def add_text(settings: Settings, draft: int, **text: Any) -> str:
    """Add the text of S7; return the record of a draft."""
    with desk_session(settings) as db:
        by, record = person(settings, "Basma").id, db.get_one(Draft, draft).record
        db.add(ReportText(source="S7", by=by, delete_after="2099-01-01", **text))
    return record


def test_text_of_a_report_is_not_published(
    report_in_review: Settings, amal: TestClient, rows: dict[str, int]
) -> None:
    text = "회사들은 조용했다. 회사들은 떠나라는 말을 들었다."
    record = add_text(report_in_review, rows["E"], language="ko", text=text)
    assert text in amal.get(REVIEW).text, "the reviewer reads it"
    decide_report(amal, publish="yes", message="Firms were told to go.")
    assert set(states(report_in_review).values()) == {DraftState.PUBLISHED}
    notice = amal.get("/desk").text
    assert "Published as edition 2: " in notice
    assert f'<a href="/desk/records/{record}">{record}</a>' in notice
    assert "Firms were told" in amal.get("/events").text
    assert "떠나라는" not in amal.get(f"/events/{record}").text


def test_new_place_is_approved_with_the_report_that_names_it(
    report_in_review: Settings, amal: TestClient, basma: TestClient, rows: dict[str, int]
) -> None:
    at = begin(basma, "P", key="place")
    named = {"code": "newtown", "kind": "city", "names.0.text": "Newtown"}
    post(basma, at, "submit", **named)
    place = stored(report_in_review, at)
    with desk_session(report_in_review) as db:
        event = db.get_one(Draft, rows["E"])
        term = {**event.document["terms"][0], "key": "place", "role": "at", "code": "newtown"}
        event.document = {**event.document, "terms": [term]}
    page = words(amal.get(REVIEW).text)
    assert f"New place {place.record}" in page
    assert "E1 , Support:" in page, "the effects name what rises"
    decide_report(amal, publish="yes")
    assert set(states(report_in_review).values()) == {DraftState.PUBLISHED}
