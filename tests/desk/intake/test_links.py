"""Links of the round: add them, change their state, undo, and begin reports."""

import re
from typing import Any

from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.desk.intake import Lead, WatchedFeed
from app.desk.round import links
from app.desk.round.links import FoundLink, extract_links
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_event, make_source
from tests.support.desk_people import person
from tests.support.draft_pages import stored
from tests.support.hostile_server import HostileServer

REPORT = "https://news.example.org/2019/report"


def test_links_are_extracted_from_any_text() -> None:
    for text, found in (
        (f"Workers leave – {REPORT}.", [FoundLink(REPORT, "Workers leave")]),
        (f"* [Workers leave]({REPORT})", [FoundLink(REPORT, "Workers leave")]),
        (f"<{REPORT}>, “{REPORT}?utm_source=mail”", [FoundLink(REPORT)]),
        (
            "단둥 소식 https://ko.example.org/단둥/기사",
            [FoundLink("https://ko.example.org/단둥/기사", "단둥 소식")],
        ),
        (
            "(see https://en.example.org/wiki/Order_(2019))",
            [FoundLink("https://en.example.org/wiki/Order_(2019)", "see")],
        ),
        ("javascript:alert(1) file:///etc/passwd ftp://x.example http://[", []),
    ):
        assert extract_links(text) == found, text


def add(client: TestClient, links: str = REPORT, **more: str) -> str:
    answer = client.post("/desk/round", data={"links": links, **more})
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def the_lead(settings: Settings, url: str = REPORT) -> Lead:
    with desk_session(settings) as db:
        found = db.scalars(select(Lead).where(Lead.url == url)).one()
        db.expunge(found)
        return found


def test_added_links_have_note_and_owner(
    basma: TestClient, chidi: TestClient, desk_world: Settings
) -> None:
    chidis = person(desk_world, "Chidi").id
    assert "2 links were added" in add(
        basma, f"Workers leave {REPORT}\nhttps://b.example/2", note="Which factory?"
    )
    assert "1 link was added" in add(basma, "https://c.example/3", owner=str(chidis))
    page = chidi.get("/desk/round").text
    assert "Workers leave" in page and "Which factory?" in page and "Pasted: Basma" in page
    assert re.search(r"c.example/3</a>.*?<span>Chidi</span>", page, re.DOTALL)
    assert "Workers leave" not in chidi.get("/desk/round?view=closed").text
    basma.post("/desk/round/links/1", data={"do": "set-aside", "back": "yes"})
    assert "Workers leave" not in basma.get("/desk/round").text
    assert "Workers leave" in basma.get("/desk/round?view=closed").text


def test_repeated_link_is_ignored_and_shows_owner(basma: TestClient, desk_world: Settings) -> None:
    add(basma, note="Which factory?", owner=str(person(desk_world, "Chidi").id))
    again = add(basma, REPORT.replace("https", "http") + "/?utm_source=mail#top")
    assert "0 links were added." in again
    assert "<span>Chidi</span>" in again and "Which factory?" in again
    with desk_session(desk_world) as db:
        assert len(db.scalars(select(Lead)).all()) == 1


def test_known_link_names_its_source(basma: TestClient, desk_world: Settings) -> None:
    add(basma, "https://late.example.org/x")
    with desk_session(desk_world) as db:
        source = make_source(
            7,
            title="Workers leave",
            url=REPORT,
            copies=[
                {"host_kind": "own", "extent": "full", "url": "https://copy.example.org/a"},
            ],
        )
        late = make_source(8, url="https://late.example.org/x")
        save_all(db, [source, late, make_event(7, citations="C70 S7")])
    page = add(basma, f"{REPORT}?fbclid=1\nhttps://copy.example.org/a\nhttps://new.example.org/b")
    assert "1 link was added" in page
    assert 'Already sources: <a href="/desk/records/S7">S7</a>.' in page
    assert re.search(r"Its source:\s[^S]*/S8\b", page), (
        "links must be recognised if their source was added after the lead"
    )
    known = the_lead(desk_world, "https://late.example.org/x").id
    at = basma.post(f"/desk/round/links/{known}/source").headers["location"]
    assert at == "/desk/sources/S8", "a lead of a known source leads to the source"


def test_lead_transitions_can_be_undone(
    basma: TestClient, chidi: TestClient, desk_world: Settings
) -> None:
    add(basma, note="Which factory?")
    at = f"/desk/round/links/{the_lead(desk_world).id}"

    def do(client: TestClient, what: str) -> tuple[str, int | None]:
        assert client.post(at, data={"do": what}).status_code == 303
        lead = the_lead(desk_world)
        return lead.state, lead.owner

    basmas, chidis = person(desk_world, "Basma").id, person(desk_world, "Chidi").id
    assert do(chidi, "take") == ("taken", chidis)
    assert do(basma, "take") == ("taken", basmas)
    assert do(basma, "undo") == ("taken", chidis)
    chidi.post(at, data={"do": "note", "note": "Which factory?", "owner": ""})
    assert the_lead(desk_world).state == "new", "without an owner it is new again"
    assert do(chidi, "set-aside") == ("set-aside", None)
    assert do(chidi, "done") == ("set-aside", None), (
        "a lead that was set aside must not become done"
    )
    assert do(basma, "undo") == ("new", None)
    assert do(basma, "done") == ("done", None)
    assert do(chidi, "take") == ("taken", chidis)
    chidi.post(at, data={"do": "note", "note": "The shoe factory.", "owner": str(basmas)})
    assert the_lead(desk_world).note == "The shoe factory."
    page = chidi.get(at).text
    assert page.index("The shoe factory.") < page.rindex("Which factory?"), (
        "the history of a lead must keep earlier notes"
    )


def test_lead_becomes_source_and_both_link_to_other(
    chidi: TestClient, basma: TestClient, desk_world: Settings
) -> None:
    add(chidi, f"Workers leave {REPORT}", note="Which factory?")
    lead = the_lead(desk_world)
    report = chidi.post(f"/desk/round/links/{lead.id}/source").headers["location"]
    draft = f"/desk/drafts/{the_lead(desk_world).draft}"
    record = stored(desk_world, draft).record
    assert report == f"/desk/sources/{record}"
    assert stored(desk_world, draft).document["url"] == REPORT
    assert stored(desk_world, draft).document["title"] == "Workers leave"
    assert the_lead(desk_world).state == "done"
    assert f'href="/desk/sources/{record}">' in chidi.get(f"/desk/round/links/{lead.id}").text
    page = chidi.get(draft).text
    assert f'href="/desk/round/links/{lead.id}"' in page and "Which factory?" in page
    assert f'href="/desk/round/links/{lead.id}"' in chidi.get(f"/desk/sources/{record}").text
    again = chidi.post(f"/desk/round/links/{lead.id}/source").headers["location"]
    assert again == report, "a repeated request returns the same report"
    chidi.post(f"{draft}/delete")
    assert "Begin a report" in chidi.get(f"/desk/round/links/{lead.id}").text
    chidi.post(f"/desk/round/links/{lead.id}", data={"do": "undo"})
    assert the_lead(desk_world).state == "new"
    new = chidi.post(f"/desk/round/links/{lead.id}/source").headers["location"]
    assert new != report


# Watched feeds: new entries become leads once, and errors are shown -------------------------------


ITEM = "<item><title>{title}</title><link>{link}</link></item>"
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel>'
    "<title>Border &lt;b&gt;news&lt;/b&gt;</title>{}</channel></rss>"
)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>단둥 소식</title>
<entry><title>귀국</title><link href="/2019/return"/></entry></feed>"""


def rss(*links: str) -> bytes:
    return RSS.format(
        "".join(ITEM.format(title=f"Report {n}", link=link) for n, link in enumerate(links))
    ).encode()


def watch(client: TestClient, url: str, **more: str) -> Any:
    return client.post("/desk/feeds", data={"url": url, **more})


def found(settings: Settings) -> list[tuple[str, str, str]]:
    with desk_session(settings) as db:
        return [
            (lead.url, lead.title, lead.way) for lead in db.scalars(select(Lead).order_by(Lead.id))
        ]


def test_feed_adds_each_new_page_once(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    with desk_session(desk_world) as db:
        save_all(db, [make_source(7, url="https://a.example/known")])
    url = hostile.says(
        "/rss",
        rss("https://a.example/1?utm_source=rss", "https://www.a.example/known/"),
        "text/xml",
    )
    assert watch(basma, url, mine="yes").headers["location"] == "/desk/feeds"
    page = basma.get("/desk/feeds").text
    assert "The feed is now watched." in page and "Border news" in page
    assert found(desk_world) == [("https://a.example/1?utm_source=rss", "Report 0", "feed")]
    inbox = basma.get("/desk/round").text
    assert "From a feed: Border news" in inbox
    hostile.says("/rss", rss("https://a.example/1", "https://a.example/2"), "text/xml")
    with desk_session(desk_world) as db:
        feed = db.get_one(WatchedFeed, 1)
        assert links.store_check(db, feed, links.read_feed(url, desk_world)) == 1
    assert [url for url, _, _ in found(desk_world)] == [
        "https://a.example/1?utm_source=rss",
        "https://a.example/2",
    ]


def test_atom_links_are_resolved_and_bad_links_ignored(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    watch(basma, hostile.says("/atom", ATOM.encode(), "application/atom+xml"))
    watch(
        basma,
        hostile.says(
            "/odd", rss("javascript:alert(1)", "file:///etc/passwd", "", "http://["), "text/xml"
        ),
    )
    assert found(desk_world) == [(hostile.at("/2019/return"), "귀국", "feed")]
    assert '<h3 lang="ko">' in basma.get("/desk/round").text


NO_FEEDS = [
    b'<rss version="2.0"><channel><title>&#xD800;News &amp; more</title></channel></rss>',
    b"<html><title>Not a feed</title></html>",
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    b"",
]


def test_page_without_feed_is_not_watched(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    for body in NO_FEEDS:
        answer = watch(basma, hostile.says("/x", body))
        assert answer.status_code == 422 and "There is no RSS or Atom feed" in answer.text, body
        assert hostile.at("/x") in answer.text and "root:" not in answer.text
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).select_from(WatchedFeed)) == 0


def test_feed_is_watched_once_and_by_editors_only(
    basma: TestClient, chidi: TestClient, hostile: HostileServer
) -> None:
    url = hostile.says("/rss", rss("https://a.example/1"), "text/xml")
    watch(basma, url)
    assert "This feed is already watched." in watch(basma, url + "/").text
    assert watch(chidi, url).status_code == chidi.get("/desk/feeds").status_code == 403
    assert "Watched feeds" not in chidi.get("/desk/round").text
    assert basma.post("/desk/feeds/99999999999", data={"do": "stop"}).status_code == 404


def test_feed_is_due_unless_recent_or_stopped(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    url = hostile.says("/rss", rss("https://a.example/1"), "text/xml")
    watch(basma, url)

    def due() -> list[str]:
        with desk_session(desk_world) as db:
            return [url for _id, url in links.feeds_to_check(db)]

    assert due() == []
    with desk_session(desk_world) as db:
        db.execute(update(WatchedFeed).values(checked_at=func.now() - links.CHECK_INTERVAL))
    assert due() == [url]
    basma.post("/desk/feeds/1", data={"do": "stop"})
    assert due() == [] and "not watched" in basma.get("/desk/feeds").text
    basma.post("/desk/feeds/1", data={"do": "start"})
    assert due() == [url]
