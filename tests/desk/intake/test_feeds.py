"""Watched feeds: new entries become leads once, and errors are shown."""

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from app.desk.approved.store import save_all
from app.desk.feeds import feeds
from app.desk.intake.models import Lead, WatchedFeed
from app.settings import Settings
from tests.browser import grave_faults
from tests.conftest import desk_session, serving
from tests.make import make_source
from tests.support.desk_browser import open_page, sign_in_in_browser
from tests.support.desk_people import person
from tests.support.hostile_server import HostileServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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
    inbox = basma.get("/desk/inbox?view=mine").text
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
    b"/etc/passwd",
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    b"",
]


def test_large_feed_is_refused_with_reason(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    answer = watch(
        basma, hostile.says("/large", rss("https://a.example/1") + b" " * 5_000_000, "text/xml")
    )
    assert "The feed is larger than 5 MB." in answer.text and found(desk_world) == []


def test_page_without_feed_is_not_watched(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    for body in NO_FEEDS:
        answer = watch(basma, hostile.says("/x", body))
        assert answer.status_code == 422 and "There is no RSS or Atom feed" in answer.text, body
        assert hostile.at("/x") in answer.text and "root:" not in answer.text
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).select_from(WatchedFeed)) == 0


def test_external_entities_of_feed_are_not_resolved(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    inside = (
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "{}">]>'.format(
            hostile.at("/in")
        )
    )
    body = (
        rss("https://a.example/1")
        .replace(b"Report 0", b"&a;&b;x")
        .replace(b"?>", b"?>" + inside.encode(), 1)
    )
    watch(basma, hostile.says("/rss", body, "text/xml"))
    assert all("root:" not in title for _, title, _ in found(desk_world))
    assert not any("/in" in request for request in hostile.asked)


def test_feed_is_watched_once_and_by_editors_only(
    basma: TestClient, chidi: TestClient, hostile: HostileServer
) -> None:
    url = hostile.says("/rss", rss("https://a.example/1"), "text/xml")
    watch(basma, url)
    assert "This feed is already watched." in watch(basma, url + "/").text
    assert watch(chidi, url).status_code == chidi.get("/desk/feeds").status_code == 403
    assert "Watched feeds" not in chidi.get("/desk/inbox").text
    for address in ("/desk/feeds/99", "/desk/feeds/99999999999"):
        assert basma.post(address, data={"do": "look"}).status_code == 404
    assert basma.post("/desk/feeds/1", data={"do": "nonsense"}).status_code == 422


def test_failed_check_is_shown_until_next_success(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    watch(basma, hostile.says("/rss", rss("https://a.example/1"), "text/xml"))
    hostile.says("/rss", b"", status="503 Later")
    basma.post("/desk/feeds/1", data={"do": "look"})
    assert basma.get("/desk/feeds").text.count("The site returned the error 503") == 2
    hostile.says("/rss", rss("https://a.example/2"), "text/xml")
    basma.post("/desk/feeds/1", data={"do": "look"})
    basma.get("/desk/feeds")
    assert "error 503" not in basma.get("/desk/feeds").text


def test_feed_is_due_unless_recent_or_stopped(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    url = hostile.says("/rss", rss("https://a.example/1"), "text/xml")
    watch(basma, url)

    def due() -> list[str]:
        with desk_session(desk_world) as db:
            return [url for _id, url in feeds.feeds_to_check(db)]

    assert due() == []
    with desk_session(desk_world) as db:
        db.execute(update(WatchedFeed).values(checked_at=func.now() - feeds.CHECK_INTERVAL))
    assert due() == [url]
    basma.post("/desk/feeds/1", data={"do": "stop"})
    assert due() == [] and "not watched" in basma.get("/desk/feeds").text
    basma.post("/desk/feeds/1", data={"do": "start"})
    assert due() == [url]


def test_feed_in_browser_adds_lead_for_source(
    desk_world: Settings, reaching: Settings, browser: "Browser", hostile: HostileServer
) -> None:
    """On a phone: an invalid feed keeps the typed URL; a link of a feed becomes a source."""
    url = hostile.says(
        "/rss", rss(hostile.says("/report", b"<title>Workers leave</title>")), "text/xml"
    )
    with (
        serving(reaching) as site,
        open_page(browser, site, viewport={"width": 390, "height": 844}) as page,
    ):
        sign_in_in_browser(page, "Basma")
        page.goto("/desk/feeds")
        page.get_by_label("Address of a feed").fill(hostile.at("/nothing"))
        page.get_by_role("button", name="Watch this feed").click()
        expect(page.get_by_role("alert")).to_contain_text("The feed was not added")
        expect(page.get_by_label("Address of a feed")).to_have_value(hostile.at("/nothing"))
        page.get_by_label("Address of a feed").fill(url)
        page.get_by_role("button", name="Watch this feed").click()
        expect(page.get_by_role("status").first).to_contain_text(
            "The feed is now watched. 1 link is new."
        )
        assert grave_faults(page) == []
        page.get_by_role("button", name=re.compile("^Stop")).click()
        expect(page.get_by_role("row", name="Border news")).to_contain_text("not watched")
        page.goto("/desk/inbox")
        page.get_by_role("link", name="Report 0").first.click()
        expect(page.get_by_role("main")).to_contain_text("From a feed: Border news")
        page.get_by_role("button", name="Create a source").click()
        expect(page.get_by_label("Address", exact=True).first).to_have_value(hostile.at("/report"))


def test_long_feed_adds_only_newest_entries(
    basma: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    links = [f"https://a.example/{number}" for number in range(200)]
    watch(basma, hostile.says("/rss", rss(*links), "text/xml"))
    assert len(found(desk_world)) == feeds.MAX_ENTRIES
    with desk_session(desk_world) as db:
        owners = set(db.scalars(select(Lead.owner)))
    assert owners == {None} and person(desk_world, "Basma").id
