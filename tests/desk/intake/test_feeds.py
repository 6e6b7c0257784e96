"""Watched feeds: new entries become leads once, and errors are shown."""

from typing import Any

from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.desk.intake import Lead, WatchedFeed
from app.desk.round import links
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import make_source
from tests.support.hostile_server import HostileServer

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
    assert "The feed is now watched. 1 link is new." in page and "Border news" in page
    assert found(desk_world) == [("https://a.example/1?utm_source=rss", "Report 0", "feed")]
    inbox = basma.get("/desk/round").text
    assert "From a feed: Border news" in inbox
    hostile.says("/rss", rss("https://a.example/1", "https://a.example/2"), "text/xml")
    basma.post("/desk/feeds/1", data={"do": "look"})
    assert "1 link is new." in basma.get("/desk/feeds").text
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
    assert basma.post("/desk/feeds/99999999999", data={"do": "look"}).status_code == 404


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
