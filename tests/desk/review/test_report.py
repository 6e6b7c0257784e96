"""A report is submitted, reviewed, returned and approved as one thing."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft, DraftState
from app.desk.drafts.comment_models import Comment
from app.desk.sheets.models import ReportSheet, ReportText
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import person
from tests.support.draft_pages import post, stored
from tests.support.reports import (
    REPORT,
    REVIEW,
    decide,
    reports,
    row_ids,
    submit,
    write_citation,
    write_event,
    written,
)

__all__ = ["reports"]


@pytest.fixture
def handed_in(reports: Settings, basma: TestClient) -> dict[str, int]:
    """Basma's report: a citation of E1, an event and a figure in review. Ids of drafts by kind."""
    drafts = written(basma)
    ids = {"C": stored(reports, drafts[0]).id, **row_ids(reports, drafts[1:])}
    assert submit(basma).headers["location"] == REPORT
    return ids


def states(settings: Settings) -> dict[int, str]:
    with desk_session(settings) as db:
        return {draft.id: draft.state for draft in db.scalars(select(Draft))}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_one_press_submits_the_report(
    reports: Settings, basma: TestClient, handed_in: dict[str, int]
) -> None:
    assert set(states(reports).values()) == {DraftState.IN_REVIEW}
    assert "3 records of this report were submitted for review." in basma.get(REPORT).text


def test_submitting_names_row_and_field_and_submits_nothing(
    reports: Settings, basma: TestClient
) -> None:
    good, bad = write_citation(basma), write_event(basma, title="", happened="sometime")
    answer = basma.get(submit(basma).headers["location"])
    assert "Row 2, Statement: Fill this in" in words(answer.text)
    assert "Row 2, When: " in words(answer.text)
    link = re.search(r'<a href="([^"#]+)#[^"]+">Row 2, When: ', answer.text)
    assert link
    assert 'aria-invalid="true"' in basma.get(f"{REPORT}{unescape(link[1])}").text
    assert {stored(reports, at).state for at in (good, bad)} == {DraftState.DRAFT}


def test_change_without_a_reason_is_not_submitted(reports: Settings, basma: TestClient) -> None:
    at = write_citation(basma)
    post(basma, at, **{"change.reason": ""})
    page = basma.get(submit(basma).headers["location"])
    assert "The reason for the change is missing." in words(page.text)
    assert stored(reports, at).state == DraftState.DRAFT


def test_contributor_submits_own_rows_only(
    reports: Settings, basma: TestClient, chidi: TestClient
) -> None:
    hers, his = write_event(basma), write_citation(chidi)
    assert submit(chidi).status_code == 303
    assert stored(reports, his).state == DraftState.IN_REVIEW
    assert stored(reports, hers).state == DraftState.DRAFT


def test_queue_has_one_entry_for_a_report(amal: TestClient, handed_in: dict[str, int]) -> None:
    page = amal.get("/desk/review").text
    assert page.count(f'href="{REVIEW}"') == 1 and "report, 3 rows" in words(page)
    assert "Waiting for review 1" in words(page)
    assert "/desk/review/1" not in page


def test_page_shows_totals_effects_and_the_page_for_readers(
    amal: TestClient, handed_in: dict[str, int]
) -> None:
    page = words(amal.get(REVIEW).text)
    assert "New records 2 New citations 3 Records that change 1" in page
    assert "E1 gains 1 report; its support" in page
    assert "Citation of E1" in page and "New event E" in page and "New estimate M" in page
    assert "They were told to go." in page and "Firms were told" in page
    assert "1 report, 1 outlet 2 reports, 2 outlets" in page


def test_approving_all_empties_the_queue(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    assert decide(amal).headers["location"] == "/desk/review"
    assert set(states(reports).values()) == {DraftState.APPROVED}
    assert "3 rows were approved." in amal.get("/desk/review").text


def test_unticked_row_is_returned_with_its_comment(
    reports: Settings, amal: TestClient, basma: TestClient, handed_in: dict[str, int]
) -> None:
    event = handed_in["E"]
    typed: Any = {f"comment.{event}": "Which firms?", f"field.{event}": "title"}
    assert decide(amal, unticked=event, **typed).status_code == 303
    assert states(reports) == {
        handed_in["C"]: DraftState.APPROVED,
        event: DraftState.RETURNED,
        handed_in["M"]: DraftState.APPROVED,
    }
    assert "Which firms?" in basma.get(f"/desk/drafts/{event}").text


def test_row_without_comment_is_not_returned_and_nothing_is_decided(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    answer = decide(amal, unticked=handed_in["E"], comment="General.")
    assert answer.status_code == 422
    event = handed_in["E"]
    linked = rf'<a href="#comment-{event}">Row \d \(E\d+\) is not ticked. Say in a comment'
    assert re.search(linked, answer.text)
    field = answer.text[answer.text.index(f'<textarea id="comment-{event}"') :].split(">")[0]
    assert f'aria-describedby="comment-{event}-error" aria-invalid="true"' in field
    assert "General." in answer.text
    assert set(states(reports).values()) == {DraftState.IN_REVIEW}
    with desk_session(reports) as db:
        assert not db.scalars(select(Comment)).all()
    # What was unticked stays unticked.
    assert f'name="tick.{handed_in["E"]}" value="yes" data-tick>' in answer.text


def test_stored_comment_is_enough_to_return_the_row(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    event = handed_in["E"]
    typed: Any = {f"comment.{event}": "Which firms?"}
    decide(amal, "save", **typed)
    assert set(states(reports).values()) == {DraftState.IN_REVIEW}
    assert "Which firms?" in amal.get(REVIEW).text
    assert decide(amal, unticked=event).status_code == 303
    assert states(reports)[event] == DraftState.RETURNED


def test_comment_is_answered_and_settled_on_the_page(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    row = handed_in["E"]
    first: dict[str, Any] = {f"comment.{row}": "Which firms?"}
    decide(amal, "save", **first)
    with desk_session(reports) as db:
        comment = db.scalars(select(Comment)).one().id
    typed: dict[str, Any] = {
        f"answer.{comment}": "All of them.",
        f"comment.{handed_in['M']}": "Not sent yet.",
    }
    answered = decide(amal, f"answer {comment}", **typed)
    assert answered.status_code == 200
    assert "The answer is stored." in answered.text and "All of them." in answered.text
    assert "Not sent yet." in answered.text, "what else was typed is lost"
    settled = decide(amal, f"settle {comment}")
    assert "resolved by Amal" in words(settled.text)
    assert f'value="settle {comment}"' not in settled.text
    with desk_session(reports) as db:
        assert {each.words for each in db.scalars(select(Comment))} == {
            "Which firms?",
            "All of them.",
        }


def test_comment_of_another_report_is_not_settled_here(
    reports: Settings, amal: TestClient, basma: TestClient, handed_in: dict[str, int]
) -> None:
    other = write_event(basma, "/desk/sources/S8")
    draft = stored(reports, other).id
    with desk_session(reports) as db:
        by = person(reports, "Amal").id
        db.add(comment := Comment(draft=draft, number=1, place="", by=by, words="Why?"))
        db.flush()
        id = comment.id
    assert decide(amal, f"settle {id}").status_code == 404
    assert decide(amal, "settle 999999").status_code == 404


def test_single_row_is_returned_alone(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    event = handed_in["E"]
    typed: Any = {f"comment.{event}": "Which firms?"}
    answer = decide(amal, f"return {event}", **typed)
    assert answer.headers["location"] == REVIEW
    assert states(reports)[event] == DraftState.RETURNED
    assert states(reports)[handed_in["M"]] == DraftState.IN_REVIEW


def test_row_is_not_returned_alone_without_a_comment(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    event = handed_in["E"]
    answer = decide(amal, f"return {event}")
    assert answer.status_code == 422
    assert re.search(rf'<a href="#comment-{event}">Row \d \(E\d+\) is to be returned', answer.text)
    details = answer.text[: answer.text.index(f'<textarea id="comment-{event}"')]
    assert details.rindex("<details") == details.rindex('<details class="say of-row" open>')
    assert set(states(reports).values()) == {DraftState.IN_REVIEW}


def test_saving_without_a_comment_leads_to_its_field(
    amal: TestClient, handed_in: dict[str, int]
) -> None:
    answer = decide(amal, "save")
    assert '<a href="#whole">There is no comment to save. Write one first.</a>' in answer.text
    assert 'aria-describedby="whole-hint whole-error" aria-invalid="true"' in answer.text


def test_error_of_one_row_decides_nothing_and_names_the_row(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    with desk_session(reports) as db:
        draft = db.get_one(Draft, handed_in["E"])
        draft.document = {**draft.document, "title": ""}
    answer = decide(amal)
    assert answer.status_code == 422
    linked = re.search(r'<a href="#row-(\d)">Row (\d) \(E\d+\): Title: Fill this in', answer.text)
    assert linked and linked[1] == linked[2]
    assert set(states(reports).values()) == {DraftState.IN_REVIEW}


def test_row_changed_meanwhile_stops_the_decision(
    reports: Settings, amal: TestClient, basma: TestClient, handed_in: dict[str, int]
) -> None:
    at = f"/desk/drafts/{handed_in['E']}"
    sent = amal.get(REVIEW).text
    basma.post(f"{at}/take-back")
    post(basma, at, "submit", title="Another title")
    seen = re.findall(r'name="(seen\.\d+)"\s+value="(\d+)"', sent)
    ticks = {name.replace("seen", "tick"): "yes" for name, _number in seen}
    answer = amal.post(REVIEW, data={**dict(seen), **ticks, "do": "decide"})
    assert answer.status_code == 422 and "It has changed since you opened it" in answer.text
    assert set(states(reports).values()) == {DraftState.IN_REVIEW}


def test_author_does_not_decide(basma: TestClient, handed_in: dict[str, int]) -> None:
    page = basma.get(REVIEW).text
    assert "You edited every row" in page and 'value="decide"' not in page
    assert (
        basma.post(REVIEW, data={"do": "decide", f"seen.{handed_in['E']}": "2"}).status_code == 422
    )


def test_contributor_may_not_review(chidi: TestClient, handed_in: dict[str, int]) -> None:
    assert chidi.get(REVIEW).status_code == 403


def test_publishing_at_once_makes_one_edition(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    decide(amal, publish="yes", message="Firms were told to go.")
    assert set(states(reports).values()) == {DraftState.PUBLISHED}
    assert "Published as edition 2." in amal.get("/desk").text
    assert "Firms were told" in amal.get("/events").text


@pytest.mark.parametrize("at", ["S99", "E1", "x", "S8"])
def test_report_without_rows_in_review_has_no_page(
    amal: TestClient, reports: Settings, at: str
) -> None:
    answer = amal.get(f"/desk/review/reports/{at}")
    if at == "S8":
        assert answer.headers["location"] == "/desk/sources/S8"
    else:
        assert answer.status_code == 404


def test_sentence_of_the_private_text_stands_beside_its_row(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    with desk_session(reports) as db:
        by = person(reports, "Basma").id
        record = db.get_one(Draft, handed_in["E"]).record
        row = {"row": "1", "record": record, "state": "accepted", "sentences": "2", "links": []}
        db.merge(ReportSheet(source="S7", owner=by, number=0, document={"rows": [row]}, synced={}))
        text = "회사들은 조용했다. 회사들은 떠나라는 말을 들었다."
        db.add(ReportText(source="S7", language="ko", text=text, by=by, delete_after="2099-01-01"))
    page = words(amal.get(REVIEW).text)
    assert "회사들은 떠나라는 말을 들었다." in page and "회사들은 조용했다." not in page
    decide(amal, publish="yes")
    assert "떠나라는" not in amal.get(f"/events/{record}").text


def test_sentence_shows_its_marks_and_the_row_that_has_each(
    reports: Settings, amal: TestClient, handed_in: dict[str, int]
) -> None:
    text = "Firms were told to leave by 30 April 2019."
    mark = {"start": 28, "end": 41, "kind": "date", "value": "2019-04-30", "reason": "written-date"}
    mark |= {"also": [], "figure": None}
    sentence = {"start": 0, "end": len(text), "marks": [mark]}
    marks = {"language": "en", "published": "", "sentences": [sentence]}
    with desk_session(reports) as db:
        by, record = person(reports, "Basma").id, db.get_one(Draft, handed_in["E"]).record
        row = {"row": "1", "record": record, "state": "accepted", "sentences": "1", "links": []}
        row |= {"kind": "event", "when": "2019-04-30"}
        db.merge(ReportSheet(source="S7", owner=by, number=0, document={"rows": [row]}, synced={}))
        kept = {"source": "S7", "language": "en", "text": text, "by": by, "marks": marks}
        db.add(ReportText(**kept, delete_after="2099-01-01"))
    html = amal.get(REVIEW).text
    number = re.search(
        rf'id="row-([0-9])">(?:(?!id="row-).)*data-draft="{handed_in["E"]}"', html, re.S
    )
    assert number is not None
    marked = re.search(r'<a class="mk mk-date"\s+href="#([^"]+)">(.*?)</a>', html, re.S)
    assert marked is not None
    assert marked[1] == f"row-{number[1]}"
    assert words(marked[2]).startswith("30 April 2019 (Date: 30 Apr")
