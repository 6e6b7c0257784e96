"""A page is written, reviewed and published as any other record, and follows a merge."""

import re

import pytest
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.drafts.references import referring_ids, rewrite_references
from app.documents import document_of
from app.kinds import PageForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_event, make_page
from tests.support.draft_pages import begin, decide, post
from tests.support.html import words

TYPED = {
    "names.0.text": "What the record shows",
    "code": "overview",
    "kind": "overview",
    "language": "en",
    "body": "China set [a limit](E1).",
}


@pytest.fixture
def published(desk_world: Settings) -> Settings:
    with desk_session(desk_world) as db:
        publish_approved(db, "The first")
    return desk_world


def test_page_goes_through_review_to_the_front_page(
    published: Settings, chidi: TestClient, basma: TestClient
) -> None:
    at = begin(chidi, "U")
    post(chidi, at, **TYPED)
    preview = words(chidi.get(f"{at}/preview").text)
    assert "China set a limit ." in preview
    assert post(chidi, at, "submit").headers["location"] == "/desk"
    assert "What the record shows" not in basma.get("/").text
    decide(basma, at, "approve")
    takes = dict.fromkeys(re.findall(r'name="(take\.\d+)"', basma.get("/desk/review").text), "yes")
    publishing = basma.post("/desk/review", data={**takes, "message": "An overview"})
    assert publishing.status_code == 303
    page = basma.get("/").text
    assert '<a href="/pages/overview">What the record shows</a>' in page
    assert "What the record shows" not in basma.get("/?edition=1").text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("It closed.", "“It closed.” does not end with a citation: write its id in brackets"),
        ("It closed [C99].", "C99 is no citation of a published event or estimate: copy the id"),
        ("It closed [C1].", ""),
    ],
)
def test_editors_sentence_needs_citations_of_the_record(
    published: Settings, chidi: TestClient, body: str, said: str
) -> None:
    at = begin(chidi, "U")
    post(chidi, at, **TYPED | {"kind": "answer", "places": "place-1", "body": body})
    preview = words(chidi.get(f"{at}/preview").text)
    assert ("It closed [C1] . written by an editor" in preview) is not bool(said)
    answer = post(chidi, at, "submit")
    assert (answer.headers.get("location") == "/desk") is not bool(said)
    assert said in words(chidi.get(f"{at}?check=1").text)


def test_page_follows_an_event_that_is_merged(desk_world: Settings) -> None:
    page = make_page(
        body="Read [this](E1), [that](E11) and [more](E2).",
        sections=[{"part": "funding", "says": "By [those](E1)."}],
        marks=[{"event": "E1", "label": "One"}, {"event": "E2", "label": "Two"}],
    )
    with desk_session(desk_world) as db:
        save_all(db, [make_event(2), make_event(11), page])
        db.flush()
        assert referring_ids(db, "E", "E1") == ["U1"] == referring_ids(db, "E", "E11")
        assert referring_ids(db, "E", "E12") == []
    after = rewrite_references(PageForm, document_of(page), "event", "E1", "E2")
    assert after["body"] == "Read [this](E2), [that](E11) and [more](E2)."
    assert after["sections"][0]["says"] == "By [those](E2)."
    assert [row["label"] for row in after["marks"]] == ["One"]


def test_desk_names_what_the_site_does_not_say_yet(
    published: Settings, basma: TestClient, chidi: TestClient
) -> None:
    said = words(basma.get("/desk").text)
    assert "The site does not tell its readers everything yet." in said
    assert "There is no page yet for: Subject of the site, Picture on the front page" in said
    assert "readers everything yet" not in chidi.get("/desk").text
