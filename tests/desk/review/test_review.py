"""Review: four eyes, comments on single fields, and what the door refuses comes back with nothing lost."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft, State
from app.desk.approved.models import Event
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import form_of, save
from app.desk.drafts import commands as drafts
from app.desk.records.restore import restore
from app.errors import NotNow
from app.main import create_app
from app.record.models import Version
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.desk.cast import person, sign_in
from tests.desk.conftest import Visit
from tests.desk.writing import begin, post, stored
from tests.make import make_citation, make_event

WHY = {"change.why": "corrected", "change.reason": "The report says otherwise."}


@pytest.fixture
def published(desk_world: Settings) -> Settings:
    with desk_session(desk_world) as db:
        publish_approved(db, "The first")
    return desk_world


def handed_in(client: TestClient, record: str = "E1", **typed: str) -> str:
    """A change that waits for review, as the address of its draft."""
    at = begin(client, record=record)
    answer = post(client, at, "submit", **{**WHY, **(typed or {"title": "Another title"})})
    assert answer.headers["location"] == "/desk", answer.headers["location"]
    return at


def review_of(at: str) -> str:
    return at.replace("drafts", "review")


def decide(client: TestClient, at: str, do: str, **typed: str) -> Any:
    page = client.get(review_of(at)).text
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number, page
    confirmed = dict.fromkeys(re.findall(r'name="(confirm\.C\d+)"', page), "yes")
    return client.post(review_of(at), data={"number": number[1], "do": do, **confirmed, **typed})


def read(client: TestClient, address: str) -> str:
    """A page without the marks of what differs."""
    return re.sub(r"</?(?:ins|del)>", "", client.get(address).text)


def title_now(settings: Settings) -> str:
    with desk_session(settings) as db:
        row = db.query(Version).filter(Version.id == "E1", Version.closed.is_(None)).one()
        return str(row.payload["form"]["title"])


# Looking ----------------------------------------------------------------------------------------------------------


def test_a_reviewer_sees_what_changes_beside_what_is_published(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(
        chidi, **{"title": "Another title", "citations.0.paraphrase": "It may have happened."}
    )
    queue = basma.get("/desk/review").text
    assert "Another title" in queue and "less than an hour" in queue
    page = read(basma, review_of(at))
    for words in (
        "Event 1",
        "Another title",
        "It happened.",
        "It may have happened.",
        "The report says otherwise.",
    ):
        assert words in page
    assert "Published, edition 1" in page and "A correction of our mistake" in page
    assert re.search(r"Citations, 1: Outlet-1, [^<]*, Report 1 · [^<,]*, What it says<", page), (
        "and which row it is"
    )


def test_codes_are_told_in_words(chidi: TestClient, basma: TestClient, published: Settings) -> None:
    at = handed_in(chidi, **{"type": "repatriation", "terms.0.role": "via"})
    page = read(basma, review_of(at))
    assert "Repatriation (repatriation)" in page and "Stay-limit (stay-limit)" in page
    assert "Terms, 1: Place · Place-1, Role<" in page
    history = chidi.get(f"{at}/history").text
    assert "Repatriation (repatriation)" in history and "Terms, 1: Place · Place-1, Role" in history


def test_the_words_that_differ_are_marked(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi, **{"title": "Event one", "citations.0.paraphrase": "It has happened."})
    page = basma.get(review_of(at)).text
    for marked in ("Event <del>1</del>", "Event <ins>one</ins>"):
        assert marked in page, marked
    assert re.search(r"It(?: <ins>has </ins>|<ins> has</ins> )happened\.", page)


def test_what_is_new_is_shown_whole_and_names_in_words(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = begin(chidi)
    post(chidi, at, "add citations")
    filled = {
        "title": "Workers told",
        "summary": "They were told.",
        "type": "stay-limit",
        "terms.0.code": "Place-1",
    }
    filled |= {
        "happened": "2019-04",
        "citations.0.source": "S1",
        "citations.0.paraphrase": "They must go.",
    }
    filled |= {"citations.0.stance": "supports", "citations.0.kind": "occurrence"}
    filled |= {"citations.0.chain.0.attribution": "outlet-own-voice", "note": "Ask Basma"}
    assert post(chidi, at, "submit", **filled).headers["location"] == "/desk"
    page = basma.get(review_of(at)).text
    for words in (
        "April 2019 (2019-04)",
        "Place-1 (place-1)",
        "They must go.",
        "Ask Basma",
        "stays on the desk",
    ):
        assert words in page, words
    assert "own voice" in page


@pytest.mark.parametrize(
    ("weight", "why"),
    [
        ("typo", "clarified"),
        ("clarified", "clarified"),
        ("updated", "updated"),
        ("corrected", "corrected"),
    ],
)
def test_readers_are_told_how_much_a_change_weighs(
    chidi: TestClient, basma: TestClient, published: Settings, weight: str, why: str
) -> None:
    at = handed_in(chidi, **{"title": "Another title", "change.why": weight})
    decide(basma, at, "publish")
    with desk_session(published) as db:
        assert (
            db.query(Version).filter(Version.id == "E1", Version.closed.is_(None)).one().why == why
        )


def test_only_editors_review(chidi: TestClient, visit: Visit, published: Settings) -> None:
    at = handed_in(chidi)
    assert chidi.get("/desk/review").status_code == chidi.get(review_of(at)).status_code == 403
    assert chidi.post(review_of(at), data={"number": "2", "do": "publish"}).status_code == 403
    assert chidi.post("/desk/review", data={"take.1": "yes", "message": "x"}).status_code == 403
    assert chidi.post("/desk/records/E1/withdraw", data={"reason": "x"}).status_code == 403
    assert visit("192.0.2.9").get(review_of(at)).status_code == 303


def test_who_wrote_in_it_does_not_decide(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = begin(chidi, record="E1")
    post(chidi, at, title="His title", **WHY)
    post(basma, at, "submit", title="Her title")
    assert "somebody else decides" in basma.get(review_of(at)).text
    assert basma.post(review_of(at), data={"number": "3", "do": "publish"}).status_code == 403
    assert stored(published, at).state == State.IN_REVIEW


def test_one_person_alone_may_decide_if_the_desk_is_set_so(
    basma: TestClient, published: Settings
) -> None:
    at = handed_in(basma)
    alone = published.model_copy(update={"one_person_desk": True})
    with TestClient(
        create_app(alone), follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
    ) as client:
        client.cookies.update(basma.cookies)
        assert decide(client, at, "publish").status_code == 303
    assert stored(published, at).state == State.PUBLISHED


# Returning --------------------------------------------------------------------------------------------------------


def test_a_draft_comes_back_with_comments_on_single_fields(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(
        chidi, **{"title": "Another title", "citations.0.paraphrase": "It may have happened."}
    )
    row = stored(published, at).document["citations"][0]["row"]
    said = {
        "comment.title": "More than was seen?",
        f"comment.citations.{row}.paraphrase": "In <our> words?",
    }
    assert decide(basma, at, "return", comment="Nearly there.", **said).status_code == 303
    assert "Returned to me" in chidi.get("/desk").text
    page = chidi.get(at).text
    for words in ("More than was seen?", "In &lt;our&gt; words?", "Nearly there.", 'href="#title"'):
        assert words in page, words
    assert 'href="#citations.0.paraphrase"' in page and "Citations, 1, What it says" in page
    to = re.search(r'name="to" value="(\d+)"', page)
    assert to
    assert (
        chidi.post(
            f"{at}/comments", data={"to": to[1], "words": "The caption says so."}
        ).status_code
        == 303
    )
    assert "The caption says so." in chidi.get(at).text
    chidi.post(f"{at}/comments/{to[1]}/settle")
    assert "settled by Chidi" in chidi.get(at).text
    post(chidi, at, "submit", title="Seen going")
    assert "The caption says so." in basma.get(review_of(at)).text


def test_a_comment_stays_in_sight_when_its_field_is_as_it_was(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi, title="Another title", happened_text="in June")
    decide(basma, at, "return", **{"comment.happened_text": "Is that printed?"})
    post(chidi, at, "submit", happened_text="")
    assert "Is that printed?" in basma.get(review_of(at)).text


def test_nothing_is_returned_without_a_word(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    answer = decide(basma, at, "return", comment="  ")
    assert answer.status_code == 422 and "Say what is to be done" in answer.text
    assert stored(published, at).state == State.IN_REVIEW


def test_a_comment_of_another_draft_is_not_answered(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "return", comment="Nearly.")
    other = begin(chidi)
    for id in ("1", "99", "x", ""):
        assert chidi.post(f"{other}/comments", data={"to": id, "words": "Hm"}).status_code == 404
    assert chidi.post(f"{other}/comments/1/settle").status_code == 404


# Publishing -------------------------------------------------------------------------------------------------------


def test_several_approved_drafts_come_out_in_one_edition(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    with desk_session(published) as db:
        save(db, make_event(2))
        publish_approved(db, "A second event")
    ats = [handed_in(chidi), handed_in(chidi, "E2", title="The second, too")]
    for at in ats:
        assert decide(basma, at, "approve").status_code == 303
        assert stored(published, at).state == State.APPROVED
    assert title_now(published) == "Event 1", "approved is not yet published"
    page = basma.get("/desk/review").text
    takes = dict.fromkeys(re.findall(r'name="(take\.\d+)"', page), "yes")
    nothing = basma.post("/desk/review", data=takes)
    assert nothing.status_code == 422 and "Say what this edition brings." in nothing.text
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


def test_what_puts_citations_in_doubt_is_published_once_each_is_confirmed(
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


def test_nobody_decides_on_what_they_have_not_seen(
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


def test_what_the_door_refuses_comes_back_in_words_and_nothing_is_lost(
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
        and "E1 was published anew" in answer.text
        and "A correction" in answer.text
    )
    assert (stored(published, at).state, title_now(published)) == (State.APPROVED, "By another way")


def test_an_event_and_the_new_source_that_it_names_come_out_together(
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
    said = f"E1 names {named}, which readers can’t see yet: approve both, and publish them together"
    assert answer.status_code == 422 and said in answer.text
    for at in (source, event):
        assert decide(basma, at, "approve").status_code == 303
    takes = dict.fromkeys(re.findall(r'name="(take\.\d+)"', basma.get("/desk/review").text), "yes")
    assert basma.post("/desk/review", data={**takes, "message": "What was read"}).status_code == 303
    assert stored(published, event).state == State.PUBLISHED


def test_what_was_approved_meanwhile_by_another_is_looked_at_again(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    seen = stored(published, at).number
    decide(basma, at, "approve")
    answer = basma.post(review_of(at), data={"number": str(seen), "do": "publish"})
    assert answer.status_code == 422 and title_now(published) == "Event 1"


def test_signs_that_the_database_refuses_do_no_harm(
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


def test_an_approved_draft_can_still_be_returned(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = handed_in(chidi)
    decide(basma, at, "approve")
    assert decide(basma, at, "return", comment="Wait.").status_code == 303
    assert stored(published, at).state == State.RETURNED
    assert "Nothing is approved" in basma.get("/desk/review").text


@pytest.mark.usefixtures("one_person_desk")
def test_everything_done_is_in_the_audit_log(
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
        "Withdrew from the record",
    ):
        assert words in log
    assert "Published again" in log and "Another city." in log


# Published anew meanwhile -----------------------------------------------------------------------------------------


@pytest.fixture
def behind(chidi: TestClient, published: Settings) -> str:
    """A change of a record that was published anew by another way since it was begun."""
    at = begin(chidi, record="E1")
    post(chidi, at, title="His title", summary="His summary.", **WHY)
    with desk_session(published) as db:
        save(
            db,
            make_event(
                title="Title meanwhile",
                citations=[make_citation(2, paraphrase="New."), make_citation()],
            ),
        )
        publish_approved(db, "Meanwhile")
    return at


def test_a_change_of_what_was_published_anew_is_made_one_with_it_field_by_field(
    chidi: TestClient, basma: TestClient, published: Settings, behind: str
) -> None:
    assert "Published anew since" in chidi.get(behind).text
    assert post(chidi, behind, "submit").headers["location"] == "/desk"
    assert decide(basma, behind, "publish").status_code == 422
    chidi.post(f"{behind}/take-back")
    page = chidi.get(f"{behind}/update").text
    assert "Title meanwhile" in page and "His title" in page and "His summary." in page
    number = str(stored(published, behind).number)
    names = set(re.findall(r'name="(take\.[^"]+)"', page))
    chosen = dict(re.findall(r'name="(take\.[^"]+)" value="(\w+)" checked', page))
    assert chosen["take.summary"] == "mine" and "take.title" not in chosen
    assert "theirs" in {chosen[name] for name in names if name.startswith("take.citations")}
    assert chidi.post(f"{behind}/update", data={"number": number, **chosen}).status_code == 422
    chidi.post(f"{behind}/update", data={"number": number, **chosen, "take.title": "mine"})
    document = stored(published, behind).document
    assert (document["title"], document["summary"]) == ("His title", "His summary.")
    assert [row["id"] for row in document["citations"]] == ["C2", "C1"]
    assert "Published anew since" not in chidi.get(behind).text
    assert post(chidi, behind, "submit").headers["location"] == "/desk"
    assert decide(basma, behind, "publish").status_code == 303
    assert title_now(published) == "His title"


# History, restoring, withdrawing ----------------------------------------------------------------------------------


def test_the_history_of_a_record_spans_its_drafts_and_any_two_states_compare(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    first = handed_in(chidi, title="First title")
    decide(basma, first, "publish")
    second = handed_in(chidi, **{"title": "Second title", "citations.0.paraphrase": "It may have."})
    decide(basma, second, "publish")
    page = read(chidi, "/desk/records/E1")
    for words in (
        "Event 1",
        "First title",
        "Second title",
        "It may have.",
        "edition 3",
        "Published",
    ):
        assert words in page, words
    one, two = (f"{at.rsplit('/', 1)[1]}.0" for at in (first, second))
    newest = f"{second.rsplit('/', 1)[1]}.1"
    compared = read(chidi, f"/desk/records/E1/compare?before={one}&after={newest}")
    assert "Event 1" in compared and "Second title" in compared and "It may have." in compared
    assert "First title" in read(chidi, f"/desk/records/E1/compare?before={one}&after={two}")
    assert chidi.get("/desk/records/E1/compare?before=x&after=1.0").status_code == 303


def test_any_state_is_restored_as_a_new_revision_of_a_draft(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    first = handed_in(chidi, title="First title")
    decide(basma, first, "publish")
    answer = chidi.post(
        "/desk/records/E1/restore", data={"version": f"{first.rsplit('/', 1)[1]}.0"}
    )
    at = answer.headers["location"]
    assert (
        stored(published, at).document["title"] == "Event 1" and stored(published, at).number == 1
    )
    assert title_now(published) == "First title"
    post(chidi, at, "submit", **WHY)
    decide(basma, at, "publish")
    assert title_now(published) == "Event 1"
    for version in ("9.9", "x", "", "1.x"):
        assert chidi.post("/desk/records/E1/restore", data={"version": version}).status_code == 404


def test_nothing_is_restored_into_what_was_handed_in_meanwhile(
    chidi: TestClient, published: Settings
) -> None:
    at, by = begin(chidi, record="E1"), person(published, "Chidi")
    id = stored(published, at).id
    with desk_session(published) as slower:
        draft = slower.get_one(Draft, id)
        with desk_session(published) as quicker:
            drafts.move(quicker, quicker.get_one(Draft, id), by, drafts.SUBMIT)
        with pytest.raises(NotNow):
            restore(slower, by, "E1", f"{id}.0", sheet="page")
        assert draft.state == State.IN_REVIEW and draft.number == 1


def test_a_contributor_sees_no_state_that_others_wrote(
    chidi: TestClient, basma: TestClient, published: Settings
) -> None:
    at = begin(basma, record="E1")
    post(basma, at, title="Hers alone")
    name = at.rsplit("/", 1)[1]
    assert "Hers alone" not in read(chidi, "/desk/records/E1")
    assert chidi.get(f"/desk/records/E1/compare?before={name}.0&after={name}.1").status_code == 303
    assert chidi.post("/desk/records/E1/restore", data={"version": f"{name}.1"}).status_code == 404
    assert "Hers alone" not in chidi.get("/desk").text and "Hers alone" in read(
        basma, "/desk/records/E1"
    )


@pytest.mark.usefixtures("one_person_desk")
def test_what_is_withdrawn_keeps_its_page_with_the_reason_and_can_come_back(
    basma: TestClient, published: Settings
) -> None:
    assert basma.post("/desk/records/E1/withdraw", data={"reason": " "}).status_code == 422
    assert (
        basma.post("/desk/records/E1/withdraw", data={"reason": "It was another city."}).status_code
        == 303
    )
    page = basma.get("/events/E1")
    assert page.status_code in {200, 410} and "It was another city." in page.text
    wait_until(lambda: basma.get("/events.json").json()["total"] == 0, "it to leave the lists")
    assert "Withdrawn: It was another city." in basma.get("/desk/records/E1").text
    assert (
        basma.post("/desk/records/E1/publish", data={"reason": "It was this city."}).status_code
        == 303
    )
    wait_until(lambda: basma.get("/events.json").json()["total"] == 1, "it to come back")
    with desk_session(published) as db:
        assert form_of(db.get_one(Event, "E1")) == make_event()


@pytest.mark.parametrize(
    "address", ["/desk/records/E99", "/desk/records/x", "/desk/records/V1", "/desk/review/99"]
)
def test_what_is_not_there(basma: TestClient, published: Settings, address: str) -> None:
    assert basma.get(address).status_code == 404
