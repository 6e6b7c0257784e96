"""Review: a second person decides, with comments on single fields."""

import re

from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState
from app.desk.review.commands import authors
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import person
from tests.support.draft_pages import (
    WHY,
    ReportEditor,
    begin,
    decide,
    handed_in,
    post,
    read,
    review_of,
    stored,
)
from tests.support.html import first_match

# The review page ----------------------------------------------------------------------------------


def test_reviewer_sees_changes_beside_published_version(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    typed = {"title": "Event one", "citations.0.paraphrase": "It has happened."}
    at = handed_in(chidi, **typed, **{"type": "repatriation", "terms.0.role": "via"})
    queue = basma.get("/desk/review").text
    assert "Event one" in queue
    page = basma.get(review_of(at)).text
    assert "Event <del>1</del>" in page and "Event <ins>one</ins>" in page
    assert re.search(r"It(?: <ins>has </ins>|<ins> has</ins> )happened\.", page)
    page = read(basma, review_of(at))
    for words in ("Event 1", "It happened.", "It has happened.", WHY["change.reason"]):
        assert words in page
    assert "A correction of our mistake" in page and "Change of event E1" in page
    assert re.search(r"Citation 1: Outlet-1, [^<]*, Report 1 · [^<,]*, What it says<", page), (
        "the review must name the outlet and title of the changed citation"
    )
    for shown in (page, chidi.get("/desk/records/E1").text):
        assert "Repatriation" in shown
        assert "Place 1: Place · Place-1, Role" in shown
    assert "Stay-limit" in page


def test_author_of_a_draft_does_not_decide(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = begin(chidi, record="E1")
    post(chidi, at, title="His title", **WHY)
    post(basma, at, "submit", title="Her title")
    assert "another person must review it" in basma.get(review_of(at)).text
    draft = stored(published, at)
    sent = {f"seen.{draft.id}": str(draft.number), f"tick.{draft.id}": "yes", "do": "decide"}
    answer = basma.post(review_of(at), data=sent)
    assert answer.status_code == 422 and "Another person must review it" in answer.text
    assert stored(published, at).state == DraftState.IN_REVIEW


# Returning ----------------------------------------------------------------------------------------


def test_returned_draft_shows_comments_at_their_fields(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(
        chidi, **{"title": "Another title", "citations.0.paraphrase": "It may have happened."}
    )
    row = stored(published, at).document["citations"][0]["row"]
    for field, words in (
        ("title", "More than was seen?"),
        (f"citations.{row}.paraphrase", "In <our> words?"),
    ):
        assert decide(basma, at, "save", comment=words, field=field).status_code == 303
    assert decide(basma, at, "return", comment="Nearly there.").status_code == 303
    assert "Returned to me" in chidi.get("/desk").text
    page = chidi.get(at).text
    for words in ("More than was seen?", "In &lt;our&gt; words?", "Nearly there.", 'href="#title"'):
        assert words in page, words
    assert 'href="#citations.0.paraphrase"' in page and "Citation 1, What it says" in page
    to = first_match(r'name="do"\s+value="settle (\d+)"', page)
    for id in ("99", "x"):
        assert post(chidi, at, f"settle {id}").status_code == 404
    assert post(chidi, begin(chidi), f"settle {to}").status_code == 404, "of another draft"
    # What was typed before is saved with the press.
    post(chidi, at, f"settle {to}", title="Seen going")
    page = chidi.get(at).text
    assert "resolved by Chidi" in page and 'value="Seen going"' in page
    post(chidi, at, "submit")
    assert "resolved by Chidi" in basma.get(review_of(at)).text


# Authors ------------------------------------------------------------------------------------------


def test_editor_who_wrote_in_an_entry_or_its_speaker_is_an_author(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    hers, his = (ReportEditor(client, desk_world, report) for client in (basma, chidi))
    his.press("add speakers")
    typed = {"card.statement": "Firms were told", "type": "stay-limit"}
    for letter in "AOO":
        his.add("E", **typed, **{"card.says": letter})
    spoken, own, changed = (draft.id for draft in his.drafts())
    hers.press("save", **{"speakers.0.words": "a trader"})
    hers.on_card(basma.get(f"{report}?open={changed}"), "done", type="removal")
    names = {person(desk_world, name).id: name for name in ("Chidi", "Basma")}
    with desk_session(desk_world) as db:
        wrote = {
            id: {names[by] for by in authors(db, db.get_one(Draft, id))}
            for id in (spoken, own, changed)
        }
    both = {"Chidi", "Basma"}
    assert wrote == {spoken: both, own: {"Chidi"}, changed: both}
