"""Publishing approved drafts, and what prevents it."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.draft_models import DraftState
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.record.models import Version
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.make import make_citation, make_event
from tests.support.desk_people import sign_in
from tests.support.draft_pages import begin, post, stored
from tests.support.review import WHY, decide, handed_in, published, review_of, title_now

__all__ = ["published"]


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
    assert "Two corrections" in chidi.get("/desk").text


def test_citations_in_doubt_must_be_confirmed(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi, title="Another title")
    page = basma.get(review_of(at)).text
    assert "Citations to confirm" in page and 'name="confirm.C1"' in page
    number = stored(published, at).number
    answer = basma.post(
        review_of(at), data={"number": str(number), "do": "publish", "comment": "Typed before"}
    )
    assert (
        answer.status_code == 422
        and "Confirm each citation" in answer.text
        and "Typed before" in answer.text
    )
    assert title_now(published) == "Event 1"
    decide(basma, at, "publish")
    assert title_now(published) == "Another title"


def test_draft_changed_since_the_page_is_not_published(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    seen = stored(published, at).number
    chidi.post(f"{at}/take-back")
    post(chidi, at, "submit", title="A third title")
    answer = basma.post(
        review_of(at), data={"number": str(seen), "do": "publish", "confirm.C1": "yes"}
    )
    assert answer.status_code == 422 and "changed since you opened it" in answer.text
    assert title_now(published) == "Event 1"


def test_publish_error_is_shown_and_changes_nothing(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "approve")
    with desk_session(published) as db:
        save(
            db,
            make_event(1, title="By another way", citations=[make_citation(1, paraphrase="So.")]),
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
    answer = decide(basma, event, "publish")
    said = f"E1 refers to {named}, which is not published: approve both, and publish them together"
    assert answer.status_code == 422 and said in answer.text
    # Once the source is approved it is published with the event.
    assert decide(basma, source, "approve").status_code == 303
    assert decide(basma, event, "publish").status_code == 303
    assert {stored(published, at).state for at in (source, event)} == {DraftState.PUBLISHED}


def test_draft_approved_meanwhile_is_not_published_unseen(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    seen = stored(published, at).number
    decide(basma, at, "approve")
    answer = basma.post(review_of(at), data={"number": str(seen), "do": "publish"})
    assert answer.status_code == 422 and title_now(published) == "Event 1"


def test_nul_and_invalid_values_cause_no_error(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    number = str(stored(published, at).number)
    sent = {
        "number": number,
        "comment.\0": "\0",
        "comment.nowhere.3f": "Hm.",
        "confirm.\0": "yes",
        "message": "\0",
    }
    assert basma.post(review_of(at), data={**sent, "do": "approve"}).status_code == 422
    assert basma.post(review_of(at), data={**sent, "do": "x"}).status_code == 422
    assert basma.post(review_of(at), data={**sent, "number": "x"}).status_code == 422
    assert basma.post(review_of(at), data={**sent, "do": "return"}).status_code == 303
    assert chidi.get(at).status_code == 200
    for address in ("/desk/records/E%00", "/desk/records/E%00/compare", f"{at}/update"):
        assert basma.get(address).status_code in {303, 404}
    for action in ("withdraw", "publish", "restore"):
        assert (
            basma.post(
                f"/desk/records/E%00/{action}", data={"reason": "\0", "version": "\0"}
            ).status_code
            == 404
        )
    assert (
        basma.post("/desk/review", data={"take.999999999": "yes", "message": "\0"}).status_code
        == 303
    )


def test_approved_draft_can_be_returned(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "approve")
    assert decide(basma, at, "return", comment="Wait.").status_code == 303
    assert stored(published, at).state == DraftState.RETURNED
    assert "No approved changes are waiting" in basma.get("/desk/review").text


@pytest.mark.usefixtures("one_person_desk")
def test_decisions_are_in_the_audit_log(
    chidi: TestClient, basma: TestClient, visit: Visit, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "return", comment="Hm.")
    post(chidi, at, "submit", title="Better")
    decide(basma, at, "publish")
    basma.post("/desk/records/E1/withdraw", data={"reason": "Another city."})
    basma.post("/desk/records/E1/publish", data={"reason": "It was this one."})
    amal = visit("192.0.2.1")
    sign_in(amal, "Amal")
    log = amal.get("/desk/audit").text
    for words in (
        "Returned a draft",
        "Commented on a draft",
        "Approved a draft",
        "Withdrew a record",
    ):
        assert words in log
    assert "Published again" in log and "Another city." in log
