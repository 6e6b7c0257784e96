"""Feeds of lists as Atom: records last added, materially changed or withdrawn."""

from typing import Any

import feedparser
from starlette.testclient import TestClient

from app.record.publishing.publish import Approved, Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from app.site.export.feeds import MAX_ENTRIES
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import (
    make_estimate,
    make_event,
    make_place,
    make_source,
    publish_all,
    withdraw,
)
from tests.support.event_pages import published_as

LISTS = ["/events", "/estimates", "/sources"]


def atom(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(answer.content)
    assert not found.bozo and found.version == "atom10", found.get("bozo_exception")
    return found


def entries_of(client: TestClient, address: str) -> list[tuple[str, str]]:
    found = atom(client, address).entries
    return [(entry.id.rpartition("/")[2], entry.title) for entry in found]


def test_feeds_are_valid_and_have_newest_records_of_list(client: TestClient) -> None:
    for at, query in [(at, query) for at in LISTS for query in ("?", "?place=china")]:
        view = f"http://testserver{at}{query.rstrip('?')}"
        feed = atom(client, f"{at}.atom{query}")
        assert feed.feed.id == view == feed.feed.link
        assert (feed.feed.rights, feed.feed.author) == ("CC BY 4.0", "Sojourn")
        assert feed.feed.updated_parsed
        [own] = [link.href for link in feed.feed.links if link.rel == "self"]
        assert own == view.replace(at, f"{at}.atom")
        ids = [entry.id.rpartition("/")[2] for entry in feed.entries]
        newest = client.get(f"{at}.json{query}&sort=changed&limit={MAX_ENTRIES}").json()["items"]
        assert ids == [item["id"] for item in newest] != [] and len(ids) == len(set(ids))
        for entry in feed.entries:
            assert entry.title and entry.summary and entry.updated_parsed >= entry.published_parsed
        first = feed.entries[0].link.removeprefix("http://testserver")
        assert client.get(first).status_code == 200


def test_feed_lists_newest_changes_first_with_stable_ids(database: Settings) -> None:
    events = [make_event(n, citations=[]) for n in (1, 2, 3, 4, 5)]
    with published_as(database, tuple(events)) as client:
        mended = Approved(make_event(1, title="Mended"), Why.CORRECTED, "The month was wrong.")
        with desk_session(database) as desk:
            publish(desk, [mended])
            withdraw(desk, "E2", "It was another city.")
            publish(desk, [], merged=[Merge("E3", "E4", "The same buses.")])
            publish_all(desk, make_event(5, title="Put better", citations=[]), why=Why.CLARIFIED)
            purge(desk, "E4")
        feed = atom(client, "/events.atom")
        assert entries_of(client, "/events.atom") == [
            ("E3", "Merged into another: Event 3"),
            ("E2", "Withdrawn: Event 2"),
            ("E1", "Corrected: Mended"),
            ("E5", "Put better"),
        ]
        reasons = ["The same buses.\nIts id is now E4.", "It was another city.", mended.reason]
        for entry, reason in zip(feed.entries, reasons, strict=False):
            assert entry.summary.startswith(reason)
        moments = [entry.updated_parsed for entry in feed.entries]
        assert moments == sorted(moments, reverse=True) and feed.feed.updated_parsed == moments[0]
        before = [id for id, _title in entries_of(client, "/events.atom?edition=1")]
        assert before == ["E5", "E3", "E2", "E1"]


def test_feed_lists_records_that_left_its_filter(database: Settings) -> None:
    elsewhere = make_event(2, terms="place country-3", citations=[])
    forms = make_event(1), elsewhere, make_estimate(1), make_source(3)
    with published_as(database, forms) as client:
        with desk_session(database) as desk:
            withdraw(desk, "E1")
            withdraw(desk, "E2")
        left = entries_of(client, "/events.atom?place=place-1")
        assert left == [("E1", "Withdrawn: Event 1")]
        assert len(entries_of(client, "/events.atom?place=country-3")) == 2
        assert entries_of(client, "/events.atom?q=nothing") == []


def test_record_moved_out_by_correction_is_listed_once(database: Settings) -> None:
    """Recalculated and returning records are left out; records that moved in are changed."""
    moved = make_event(1, terms="place place-4", citations=[])
    other = make_place(4, "place-4", parent="country-3")
    with published_as(database, (other, make_event(1), make_event(2)), (moved,)) as client:
        here, there = "/events.atom?place=place-1", "/events.atom?place=place-4"
        removed, stays = ("E1", "Removed from this list: Event 1"), ("E2", "Event 2")
        assert entries_of(client, here) == [removed, stays]
        assert "It does not match this filter since" in atom(client, here).entries[0].summary
        assert entries_of(client, there) == [("E1", "Corrected: Event 1")]
        assert entries_of(client, f"{here}&edition=1") == [stays, ("E1", "Event 1")]
        assert "E1" not in dict(entries_of(client, f"{here}&type=repatriation"))
        with desk_session(database) as desk:
            publish_all(desk, make_place(4, "place-4", parent="province-2"))
        first, *_ = entries_of(client, "/events.atom?place=country-3")
        assert first == ("E1", "Corrected: Event 1")
        with desk_session(database) as desk:
            publish_all(desk, make_place(4, "place-4", kind="site", parent=""), make_event(1))
        assert entries_of(client, here) == [("E1", "Updated: Event 1"), stays]
        assert entries_of(client, there) == [removed]
