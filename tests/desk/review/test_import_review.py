"""Drafts of an import are approved many at a time by another editor, and published together."""

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft, DraftState, RevisionCause
from app.desk.drafts import commands as drafts
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import person
from tests.support.imports import BUNDLE, SOURCES, page_text, upload_and_check, wait_until_done

MORE = SOURCES + "".join(
    f"S{number},other-{number},outlet-1,Report {number},printed,https://example.org/{number},en,news,2020,stated\n"
    for number in (902, 903)
)


@pytest.fixture
def at(published_world: Settings, basma: TestClient) -> str:
    """A submitted import of Basma's: three sources, an event citing the first, a change of E1."""
    terms = BUNDLE["terms.csv"] + "E1,place,place-1,at\n"
    citations = BUNDLE["citations.csv"] + "E1,C1,S1,supports,occurrence,It happened.\n"
    chains = BUNDLE["chains.csv"] + "C1,outlet-own-voice,\n"
    events = BUNDLE["events.csv"] + "E1,Event one,Reported.,stay-limit,2019-06\n"
    tables = {"sources.csv": MORE, "events.csv": events, "terms.csv": terms}
    at = upload_and_check(basma, {**tables, "citations.csv": citations, "chains.csv": chains})
    basma.post(
        at, data={"do": "make", "hand_in": "yes", "why": "clarified", "reason": "As printed."}
    )
    assert "Imported" in wait_until_done(basma, at)
    return at


def states(settings: Settings) -> dict[str, DraftState]:
    with desk_session(settings) as db:
        return {draft.record: DraftState(draft.state) for draft in db.scalars(select(Draft))}


def ticked(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(seen\.\d+)" value="(\d+)" checked', page))


def shown(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9 ]*)"', page)
    assert found, page
    return found[1]


def test_import_is_approved_and_published_in_few_steps(
    desk_world: Settings, at: str, amal: TestClient
) -> None:
    page = amal.get("/desk/review").text
    assert f'href="{at}/review"' in page and "Imports" in page
    page = amal.get(f"{at}/review").text
    for words in (
        "5 records are waiting for your review",
        "A first report",
        "They were told so.",
        "As printed.",
        "Event one",
    ):
        assert words in page_text(re.sub(r"</?(?:ins|del)>", "", page)), words
    assert page.index("Report 903") < page.index("Workers are told to leave"), (
        "records that others refer to must be listed first"
    )
    approved = {**ticked(page), "do": "approve"}
    assert len(approved) == 6
    answer = amal.post(f"{at}/review", data=approved)
    assert answer.status_code == 422 and "E1: confirm each citation" in answer.text, (
        "each citation of a changed record must be confirmed individually"
    )
    assert "The other 4 records were approved" in answer.text and 'name="confirm.C1"' in answer.text
    assert states(desk_world) == {
        **dict.fromkeys(["S901", "S902", "S903", "E901"], DraftState.APPROVED),
        "E1": DraftState.IN_REVIEW,
    }  # fmt: skip
    answer = amal.post(f"{at}/review", data={**approved, "confirm.C1": "yes"})
    assert answer.status_code == 303, "approving again must skip records that are approved already"
    assert "No record of this import is waiting for you" in amal.get(f"{at}/review").text
    ready = dict(re.findall(r'name="(take\.\d+)" value="(yes)"', amal.get("/desk/review").text))
    amal.post("/desk/review", data={**ready, "message": "From a bundle."})
    assert set(states(desk_world).values()) == {DraftState.PUBLISHED}
    assert "Workers are told to leave" in amal.get("/events/E901").text


def test_importer_and_authors_cannot_approve(
    desk_world: Settings, at: str, basma: TestClient, amal: TestClient, chidi: TestClient
) -> None:
    page = basma.get(f"{at}/review").text
    assert (
        "0 records are waiting for your review" in page_text(page)
        and "5 more records are yours" in page
        and not ticked(page)
    )
    assert f"{at}/review" not in basma.get("/desk/review").text
    assert chidi.get(f"{at}/review").status_code == chidi.post(f"{at}/review").status_code == 403
    seen = ticked(amal.get(f"{at}/review").text)
    answer = basma.post(f"{at}/review", data={**seen, "do": "approve"})
    assert answer.status_code == 422 and answer.text.count("Another person must review it.") >= 5
    with desk_session(desk_world) as db:
        draft = drafts.open_draft(db, "S902")
        assert draft is not None
        drafts.next_revision(
            db, draft, person(desk_world, "Amal"), RevisionCause.SAVED, sheet="another"
        )
    page = amal.get(f"{at}/review").text
    assert (
        "4 records are waiting for your review" in page
        and "1 more record is yours" in page
        and "Report 902" not in page
    )
    assert set(states(desk_world).values()) == {DraftState.IN_REVIEW}


def test_draft_with_errors_does_not_stop_the_others(
    desk_world: Settings, at: str, amal: TestClient
) -> None:
    """Invalid, changed and unticked drafts stay as they were."""
    page = amal.get(f"{at}/review").text
    seen, all_ = ticked(page), shown(page)
    with desk_session(desk_world) as db:
        by = person(desk_world, "Chidi")
        first = drafts.open_draft(db, "S901")
        second = drafts.open_draft(db, "S902")
        assert first is not None and second is not None
        first.document = {**first.document, "title": ""}
        drafts.next_revision(db, second, by, RevisionCause.SAVED, sheet="another")
        third = drafts.open_draft(db, "S903")
        assert third is not None
        not_ticked = f"seen.{third.id}"
        del seen[not_ticked]
    answer = amal.post(
        f"{at}/review", data={**seen, "shown": all_, "do": "approve", "confirm.C1": "yes"}
    )
    said = page_text(answer.text)
    assert (
        answer.status_code == 422
        and "S902: it has changed since you opened this page: check it again" in said
    )
    assert "S901: Title: Fill this in." in said and "The other 1 record was approved." in said
    assert "E901: S901 is incomplete" in said, (
        "a draft that cites an unapproved draft must not be approved"
    )
    assert states(desk_world) == {
        **dict.fromkeys(["S901", "S902", "S903", "E901"], DraftState.IN_REVIEW),
        "E1": DraftState.APPROVED,
    }  # fmt: skip
    assert f'name="{not_ticked}" value="2"' in answer.text and not_ticked not in ticked(answer.text)
    assert amal.post(f"{at}/review", data={"do": "approve"}).status_code == 422
    assert amal.post(f"{at}/review", data={**seen, "do": "nonsense"}).status_code == 422


def test_drafts_of_other_imports_are_not_approved(
    desk_world: Settings, at: str, amal: TestClient
) -> None:
    with desk_session(desk_world) as db:
        by = person(desk_world, "Chidi")
        other = drafts.begin(db, by, "other", "S")
        drafts.move(db, other, by, drafts.SUBMIT)
        seen = {f"seen.{other.id}": str(other.number)}
        record = other.record
    amal.post(f"{at}/review", data={**seen, "do": "approve"})
    assert states(desk_world)[record] == DraftState.IN_REVIEW
    assert amal.get("/desk/imports/99/review").status_code == 404
