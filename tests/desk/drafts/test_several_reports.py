"""Several open drafts of one event, one for each report that is entered."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState, Record
from app.desk.drafts import commands
from app.desk.review.commands import publish_drafts
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_event
from tests.support.desk_people import person
from tests.support.draft_pages import (
    EVENT,
    approve,
    enter,
    fields,
    last_citation,
    post,
    return_to_author,
    stored,
)
from tests.support.worlds import publish_new

WHY = {"change.why": "updated", "change.reason": "Another report."}


REPORTS = ["/desk/sources/S7", "/desk/sources/S8"]
pytestmark = pytest.mark.usefixtures("reports")


def submit_citation(client: TestClient, report: str, record: str) -> str:
    """Cite the report under a record and submit that; return the draft's URL."""
    draft = enter(client, report, record=record)
    place = last_citation(client, draft)
    typed = {f"{place}.paraphrase": f"As {report} says.", f"{place}.kind": "occurrence"}
    typed[f"{place}.chain.0.attribution"] = "outlet-own-voice"
    typed |= {f"{place}.stance": "supports", f"{place}.certainty": "firm"}
    answer = post(client, draft, "submit", **WHY, **typed)
    assert answer.headers["location"] == report, answer.headers["location"]
    return draft


def submit_event(client: TestClient, report: str) -> str:
    draft = enter(client, report, kind="E")
    answer = post(client, draft, "submit", **EVENT)
    assert answer.headers["location"] == report
    return draft


def id_of(at: str) -> int:
    return int(at.rpartition("/")[2])


def approve_as(settings: Settings, name: str, *drafts: str) -> None:
    with desk_session(settings) as db:
        for at in drafts:
            draft = commands.find(db, id_of(at))
            assert draft is not None
            approve(db, draft, person(settings, name), settings)


def publish_as(settings: Settings, name: str, *drafts: str) -> None:
    with desk_session(settings) as db:
        publish_drafts(db, [id_of(at) for at in drafts], person(settings, name), "Two reports")


def sources_of(settings: Settings, record: str) -> list[str]:
    with desk_session(settings) as db:
        row: Any = db.get_one(Record, record)
        return [citation.source for citation in row.form.citations]


def test_contributor_gets_nothing_of_an_event_that_others_introduce(
    desk_world: Settings, basma: TestClient, chidi: TestClient
) -> None:
    record = stored(desk_world, submit_event(basma, REPORTS[0])).record
    chidi.post(REPORTS[1], data={"do": "cite", "record": record})
    with desk_session(desk_world) as db:
        assert len(commands.open_drafts(db, record)) == 1


@pytest.mark.parametrize("are_published_together", [True, False])
def test_both_citations_are_published_in_any_order(
    desk_world: Settings,
    basma: TestClient,
    chidi: TestClient,
    *,
    are_published_together: bool,
) -> None:
    publish_new(desk_world, make_event(2))
    for record, order in (("E1", (0, 1)), ("E2", (1, 0))):
        drafts = [
            submit_citation(basma, REPORTS[0], record),
            submit_citation(chidi, REPORTS[1], record),
        ]
        one, other = (drafts[at] for at in order)
        approve_as(desk_world, "Amal", one)
        if not are_published_together:
            publish_as(desk_world, "Amal", one)
        approve_as(desk_world, "Amal", other)
        publish_as(desk_world, "Amal", *([one, other] if are_published_together else [other]))
        assert sorted(sources_of(desk_world, record)) == ["S1", "S7", "S8"]


def test_new_event_and_a_second_report_of_it_are_published_together(
    desk_world: Settings, basma: TestClient
) -> None:
    for order in ((0, 1), (1, 0)):
        event = submit_event(basma, REPORTS[0])
        record = stored(desk_world, event).record
        drafts = [event, submit_citation(basma, REPORTS[1], record)]
        approve_as(desk_world, "Amal", *(drafts[at] for at in order))
        publish_as(desk_world, "Amal", *drafts)
        assert sorted(sources_of(desk_world, record)) == ["S7", "S8"]


def test_change_of_the_first_in_review_reaches_the_second(
    desk_world: Settings, basma: TestClient
) -> None:
    event = submit_event(basma, REPORTS[0])
    record = stored(desk_world, event).record
    second = submit_citation(basma, REPORTS[1], record)
    with desk_session(desk_world) as db:
        draft = commands.find(db, id_of(event))
        assert draft is not None
        return_to_author(db, draft, person(desk_world, "Amal"), desk_world, "Which firms?")
    post(basma, event, "submit", title="Twelve firms were told")
    approve_as(desk_world, "Amal", second, event)
    publish_as(desk_world, "Amal", event, second)
    with desk_session(desk_world) as db:
        row: Any = db.get_one(Record, record)
        assert row.form.title == "Twelve firms were told" and len(row.form.citations) == 2


def test_deleted_event_is_introduced_by_the_second_report(
    desk_world: Settings, basma: TestClient
) -> None:
    event = submit_event(basma, REPORTS[0])
    record = stored(desk_world, event).record
    second = submit_citation(basma, REPORTS[1], record)
    approve_as(desk_world, "Amal", second)
    basma.post(f"{event}/take-back")
    basma.post(f"{event}/delete")
    with desk_session(desk_world) as db:
        draft: Draft = db.get_one(Draft, id_of(second))
        assert (draft.base, draft.why, draft.state) == (None, None, DraftState.IN_REVIEW)
    assert basma.post(f"{event}/bring-back").headers["location"] == event
    assert stored(desk_world, event).state == DraftState.DELETED


def test_source_cited_in_a_record_is_prefilled_as_another_source(basma: TestClient) -> None:
    at = enter(basma, REPORTS[0], record="E1")
    page = basma.get(at).text
    assert re.search(r'name="change.why"\s+value="updated" checked', page)
    sent = fields(page)
    assert sent["change.reason"] == "Another source: S7"
    assert sent["citations.1.source"] == "S7"
