"""Publishing approved drafts, and what prevents it."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.approved.models import DraftState
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.record.models import Version
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_event
from tests.support.desk_people import email
from tests.support.draft_pages import (
    WHY,
    begin,
    decide,
    handed_in,
    post,
    review_of,
    stored,
    title_now,
)


def test_approved_drafts_are_published_in_one_edition(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    with desk_session(published) as db:
        save(db, make_event(2))
        publish_approved(db, "A second event")
    ats = [handed_in(chidi), handed_in(chidi, "E2", title="The second, too")]
    for at in ats:
        assert decide(basma, at, "approve").status_code == 303
        assert stored(published, at).state == DraftState.APPROVED
    assert title_now(published) == "Event 1", (
        "an approved draft must stay unpublished until the next edition"
    )
    page = basma.get("/desk/review").text
    takes = dict.fromkeys(re.findall(r'name="(take\.\d+)"', page), "yes")
    nothing = basma.post("/desk/review", data=takes)
    assert nothing.status_code == 422 and "Enter a summary of this edition." in nothing.text
    assert (
        basma.post("/desk/review", data={**takes, "message": "Two corrections"}).status_code == 303
    )
    assert "Published as edition 3" in basma.get("/desk/review").text
    with desk_session(published) as db:
        rows = db.query(Version).filter(Version.opened == 3, Version.why == "corrected").all()
        assert sorted((row.id, row.reason) for row in rows) == [
            ("E1", WHY["change.reason"]),
            ("E2", WHY["change.reason"]),
        ]
    assert "Two corrections" in chidi.get("/changes").text


def test_citation_in_doubt_is_confirmed_before_approval(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    assert 'name="confirm.C1"' in basma.get(review_of(at)).text
    draft = stored(published, at)
    sent = {f"tick.{draft.id}": "yes", f"seen.{draft.id}": str(draft.number), "do": "decide"}
    answer = basma.post(review_of(at), data={**sent, "message": "Typed before"})
    assert answer.status_code == 422 and "E1: confirm each citation" in answer.text
    assert "Typed before" in answer.text
    assert stored(published, at).state == DraftState.IN_REVIEW


def test_publish_error_is_shown_and_changes_nothing(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "approve")
    with desk_session(published) as db:
        save(
            db,
            make_event(1, title="By another way", citations="S1 (paraphrase=So.)"),
        )
        publish_approved(db, "By another way")
    page = basma.get("/desk/review").text
    takes = dict.fromkeys(re.findall(r'name="(take\.\d+)"', page), "yes")
    answer = basma.post("/desk/review", data={**takes, "message": "A correction"})
    assert (
        answer.status_code == 422
        and "E1 was published again" in answer.text
        and "A correction" in answer.text
    )
    assert (stored(published, at).state, title_now(published)) == (
        DraftState.APPROVED,
        "By another way",
    )


def test_event_is_published_together_with_its_new_source(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    source = begin(chidi, "S", "source")
    read_there = {
        "outlet": "outlet-1",
        "title": "They must go",
        "title_basis": "printed",
        "language": "en",
    }
    read_there |= {
        "kind": "news",
        "published": "2019-04",
        "published_basis": "stated",
        "copies.0.extent": "full",
    }
    read_there |= {"copies.0.host_kind": "own", "copies.0.url": "https://example.org/they-must-go"}
    post(chidi, source, "add copies")
    handed = post(chidi, source, "submit", **read_there)
    assert "check" not in handed.headers["location"], chidi.get(handed.headers["location"]).text
    named = stored(published, source).record
    event = handed_in(chidi, "E1", **{"citations.0.source": named})
    assert f'href="{review_of(source)}"' in basma.get(review_of(event)).text
    answer = decide(basma, event, "publish")
    said = f"E1 needs another draft, of {named}: approve both, and publish them together"
    assert answer.status_code == 422 and said in answer.text
    # Once the source is approved it is published with the event.
    assert decide(basma, source, "approve").status_code == 303
    assert decide(basma, event, "publish").status_code == 303
    assert {stored(published, at).state for at in (source, event)} == {DraftState.PUBLISHED}


def test_approved_draft_can_be_returned(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "approve")
    assert decide(basma, at, "return", comment="Wait.").status_code == 303
    assert stored(published, at).state == DraftState.RETURNED
    assert not re.search(r'name="take', basma.get("/desk/review").text)


@pytest.mark.usefixtures("one_person_desk")
def test_decisions_are_in_the_audit_log(
    chidi: TestClient, basma: TestClient, amal: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "return", comment="Hm.")
    post(chidi, at, "submit", title="Better")
    decide(basma, at, "publish")
    basma.post("/desk/records/E1/withdraw", data={"reason": "Another city."})
    basma.post("/desk/records/E1/publish", data={"reason": "It was this one."})
    log = amal.get("/desk/audit").text
    for action in ("Returned", "Commented on", "Approved"):
        assert f"{action} a draft" in log
    for words in ("Withdrew a record", "Published again", "Another city."):
        assert words in log


# The signature of an edition ----------------------------------------------------------------------


def published_by(client: TestClient) -> list[str]:
    items: list[dict[str, Any]] = client.get("/changes.json?id=E1").json()["items"]
    return [item["published_by"] for item in items]


def sign_as(client: TestClient, name: str) -> Any:
    return client.post("/desk/account/signature", data={"signs_as": name})


def test_signature_is_the_role_unless_a_name_is_chosen(
    chidi: TestClient, basma: TestClient, published_world: Settings
) -> None:
    decide(basma, handed_in(chidi, title="Once more"), "publish")
    assert published_by(basma) == ["editor", ""]

    assert sign_as(basma, "B. Karimova").status_code == 303
    assert 'value="B. Karimova"' in basma.get("/desk/account").text
    decide(basma, handed_in(chidi, title="And again"), "publish")
    assert sign_as(basma, "").status_code == 303
    decide(basma, handed_in(chidi, title="At last"), "publish")
    assert published_by(basma) == ["editor", "B. Karimova", "editor", ""]
    for address in ("/changes", "/events/E1"):
        text = basma.get(address).text
        assert "Basma" not in text and "Chidi" not in text and email("Basma") not in text, address
        assert text.count("by B. Karimova") == 1 and text.count("by editor") == 2
