"""Search at the desk: by id, address and words, with the state of each record."""

from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_estimate, make_event, make_source, make_term
from tests.support.draft_pages import DANDONG, begin, post
from tests.support.worlds import publish_new, world_of

THERE = [make_term(code="dandong")]


def publish_found(settings: Settings) -> None:
    publish_new(
        settings,
        DANDONG,
        make_source(7, title="단둥 노동자", language="ko", url="https://news.example.org/7"),
        make_event(5, title="Workers leave", terms=THERE, citations="S7"),
        make_estimate(5, terms=THERE),
    )
    with desk_session(settings) as db:
        save_all(db, [make_event(6, title="Approved, and waiting")])


found_here = world_of("found_here", publish_found)


def ids(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split('<span class="pid">')[1:]]


FINDS: dict[str, set[str]] = {
    "e5": {"E5"},
    "https://www.news.example.org/7?utm_source=x": {"S7", "E5"},
    "단둥": {"E5", "M5", "S7", "P4"},
    "丹东": {"E5", "M5", "P4"},
    "dandong leave": {"E5"},
    "waiting": {"E6"},
    "Outlet-1": {"O1"},
    **{nothing: set() for nothing in ("E999", "nothing of the kind", "%", "\0")},
}


def test_id_address_or_words_find_the_record(chidi: TestClient, found_here: Settings) -> None:
    for asked, finds in FINDS.items():
        answer = chidi.get("/desk/search", params={"q": asked})
        assert answer.status_code == 200
        assert finds <= set(ids(answer.text)), asked
        if not finds:
            assert "No record or draft has that" in answer.text, asked
        if asked in {"e5", "waiting"}:
            assert set(ids(answer.text)) == finds


def test_hit_shows_state_author_and_change_button(
    chidi: TestClient, basma: TestClient, found_here: Settings
) -> None:
    page = chidi.get("/desk/search?q=E5").text
    assert "Published" in page and 'href="/events/E5"' in page and "no open draft" in page
    assert "Not published yet" in chidi.get("/desk/search?q=E6").text
    at = chidi.post("/desk/drafts", data={"record": "E5"}).headers["location"]
    assert f'href="{at}"' in chidi.get("/desk/search?q=E5").text
    assert "Draft, Chidi" in basma.get("/desk/search?q=E5").text
    begin(basma, record="M5")
    page = chidi.get("/desk/search?q=M5").text
    assert ">Draft<" in page and "Basma" not in page and "Edit" not in page


def test_new_draft_of_somebody_else_is_not_found(
    chidi: TestClient, basma: TestClient, found_here: Settings
) -> None:
    at = begin(basma)
    post(basma, at, title="SECRET of Basma")
    assert "SECRET of Basma</a>" in basma.get("/desk/search?q=SECRET").text
    assert "SECRET of Basma" not in chidi.get("/desk/search?q=SECRET").text
