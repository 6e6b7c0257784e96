"""Feeds of lists as Atom and JSON Feed: records last added, materially changed or withdrawn."""

import re
from typing import Any

import feedparser
import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.record.publishing.publish import Approved, Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from app.site.export.feeds import MAX_ENTRIES
from app.vocabulary.record import Why
from tests.conftest import desk_session, wait_until
from tests.make import (
    a_small_world,
    make_citation,
    make_estimate,
    make_event,
    make_place,
    make_source,
    make_term,
    publish_all,
    withdraw,
)

LISTS = ["/events", "/estimates", "/sources"]


def atom(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert (
        answer.status_code == 200
        and answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    )
    found = feedparser.parse(answer.content)
    assert not found.bozo and found.version == "atom10", found.get("bozo_exception")
    return found


def entries_of(feed: Any) -> list[tuple[str, str]]:
    return [(entry.id.rpartition("/")[2], entry.title) for entry in feed.entries]


@pytest.mark.parametrize("query", ["", "?place=china"])
@pytest.mark.parametrize("at", LISTS)
def test_feed_is_valid_and_has_newest_records_of_list(
    client: TestClient, at: str, query: str
) -> None:
    feed = atom(client, f"{at}.atom{query}")
    assert feed.feed.id == f"http://testserver{at}{query}" == feed.feed.link
    assert (
        feed.feed.rights == "CC BY 4.0"
        and feed.feed.author == "Sojourn"
        and feed.feed.updated_parsed
    )
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [
        f"http://testserver{at}.atom{query}"
    ]
    ids = [entry.id for entry in feed.entries]
    assert len(ids) == len(set(ids)) == MAX_ENTRIES
    newest = client.get(f"{at}.json{query or '?'}&sort=changed&limit=50").json()["items"]
    assert [id.rpartition("/")[2] for id in ids] == [item["id"] for item in newest]
    for entry in feed.entries:
        assert entry.title and entry.summary and entry.updated_parsed >= entry.published_parsed
        assert client.get(entry.link.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("at", LISTS)
def test_atom_and_json_feed_have_equal_entries(client: TestClient, at: str) -> None:
    answer = client.get(f"{at}.feed.json?place=china")
    assert answer.headers["content-type"] == "application/feed+json"
    said, feed = answer.json(), atom(client, f"{at}.atom?place=china")
    assert (
        said["version"] == "https://jsonfeed.org/version/1.1" and said["title"] == feed.feed.title
    )
    assert (
        said["home_page_url"] == feed.feed.link and said["_sojourn"]["licence"] == feed.feed.rights
    )
    keys = ("id", "title", "content_text", "date_published", "date_modified", "tags")
    assert [tuple(item[key] for key in keys) for item in said["items"]] == [
        (
            entry.id,
            entry.title,
            entry.summary,
            entry.published,
            entry.updated,
            [tag.term for tag in entry.tags],
        )
        for entry in feed.entries
    ]


@pytest.mark.parametrize(
    "page", [*LISTS, "/events?place=china&sort=added&view=table", "/cities", "/cities/dandong"]
)
def test_page_links_to_its_feeds(client: TestClient, page: str) -> None:
    offered = re.findall(
        r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', client.get(page).text
    )
    found = [(kind, address) for kind, address in offered if "oembed" not in kind]
    assert {kind for kind, _ in found} == {"application/atom+xml", "application/feed+json"}
    for _, address in found:
        assert client.get(address.replace("&amp;", "&")).status_code == 200
        assert "sort" not in address and "view" not in address


def test_feed_lists_newest_changes_first_with_stable_ids(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), *(make_event(n, citations=[]) for n in (1, 2, 3, 4, 5)))
        publish(
            desk, [Approved(make_event(1, title="Mended"), Why.CORRECTED, "The month was wrong.")]
        )
        withdraw(desk, "E2", "It was another city.")
        publish(desk, [], merged=[Merge("E3", "E4", "The same buses.")])
        publish_all(desk, make_event(5, title="Put better", citations=[]), why=Why.CLARIFIED)
        purge(desk, "E4")
    with TestClient(create_app(database)) as client:
        feed = atom(client, "/events.atom")
        assert entries_of(feed) == [
            ("E3", "Merged into another: Event 3"),
            ("E2", "Withdrawn: Event 2"),
            ("E1", "Corrected: Mended"),
            ("E5", "Put better"),
        ]
        reasons = [
            "The same buses.\nIts id is now E4.",
            "It was another city.",
            "The month was wrong.",
        ]
        assert [
            entry.summary.startswith(reason)
            for entry, reason in zip(feed.entries, reasons, strict=False)
        ] == [True] * 3
        moments = [entry.updated_parsed for entry in feed.entries]
        assert moments == sorted(moments, reverse=True) and feed.feed.updated_parsed == moments[0]
        assert [id for id, _ in entries_of(atom(client, "/events.atom?edition=1"))] == [
            "E5",
            "E3",
            "E2",
            "E1",
        ]


def test_feed_lists_records_that_left_its_filter(database: Settings) -> None:
    elsewhere = [make_term(code="country-3")]
    with desk_session(database) as desk:
        publish_all(
            desk, *a_small_world(), make_event(1), make_event(2, terms=elsewhere, citations=[])
        )
        publish_all(desk, make_estimate(1), make_source(3))
        withdraw(desk, "E1")
        withdraw(desk, "E2")
    with TestClient(create_app(database)) as client:
        assert entries_of(atom(client, "/events.atom?place=place-1")) == [
            ("E1", "Withdrawn: Event 1")
        ]
        assert len(entries_of(atom(client, "/events.atom?place=country-3"))) == 2
        assert entries_of(atom(client, "/events.atom?q=nothing")) == []


def test_record_moved_out_by_correction_is_listed_once(database: Settings) -> None:
    """Recalculated and returning records are left out; records that moved in are changed."""
    elsewhere = make_event(1, terms=[make_term(code="place-4")], citations=[])
    with desk_session(database) as desk:
        publish_all(
            desk,
            *a_small_world(),
            make_place(4, "place-4", parent="country-3"),
            make_event(1),
            make_event(2),
        )
        publish(desk, [Approved(elsewhere, Why.CORRECTED, "It was another city.")])
    with TestClient(create_app(database)) as client:
        here, there = "/events.atom?place=place-1", "/events.atom?place=place-4"
        assert entries_of(atom(client, here)) == [
            ("E1", "Removed from this list: Event 1"),
            ("E2", "Event 2"),
        ]
        [entry, _] = atom(client, here).entries
        assert entry.summary.startswith(
            "It was another city.\nIt does not match this filter since the change"
        )
        assert entries_of(atom(client, there)) == [("E1", "Corrected: Event 1")]
        assert entries_of(atom(client, f"{here}&edition=1")) == [
            ("E2", "Event 2"),
            ("E1", "Event 1"),
        ]
        assert "E1" not in {
            id
            for id, _title in entries_of(
                atom(client, "/events.atom?place=place-1&type=repatriation")
            )
        }
        with desk_session(database) as desk:
            publish_all(desk, make_place(4, "place-4", parent="province-2"))
        assert entries_of(atom(client, "/events.atom?place=country-3"))[0] == (
            "E1",
            "Corrected: Event 1",
        )
        with desk_session(database) as desk:
            publish_all(desk, make_place(4, "place-4", kind="site", parent=""), make_event(1))
        assert entries_of(atom(client, here)) == [("E1", "Updated: Event 1"), ("E2", "Event 2")]
        assert entries_of(atom(client, there)) == [("E1", "Removed from this list: Event 1")]


def test_feed_of_cities_has_their_estimates_and_events(database: Settings) -> None:
    province = [make_term(code="province-2")]
    with desk_session(database) as desk:
        publish_all(
            desk, *a_small_world(), make_event(1), make_event(2, terms=province, citations=[])
        )
        publish_all(
            desk, make_estimate(1), make_estimate(2, terms=province, citations=[make_citation(402)])
        )
        withdraw(desk, "E1")
    with TestClient(create_app(database)) as client:

        def ids(query: str) -> list[str]:
            return [id for id, _title in entries_of(atom(client, f"/cities.atom?{query}"))]

        assert ids("") == ids("place=province-2") == ["E1", "M1"] and ids("place=place-1") == [
            "E1",
            "M1",
        ]
        assert ids("has=stock") == ids("has=figures") == ["M1"] and ids("has=events") == ["E1"]
        assert (
            atom(client, "/cities.atom?place=province-2").feed.link
            == "http://testserver/cities?place=province-2"
        )
        items = client.get("/cities.feed.json").json()["items"]
        assert [item["id"].rpartition("/")[2] for item in items] == ["E1", "M1"]
        assert client.get("/cities.atom?place=atlantis").status_code == 422


def test_unchanged_feed_is_304_until_next_edition(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1))
    with TestClient(create_app(database)) as client:
        wait_until(
            lambda: "etag" in client.get("/events.atom").headers, "the site to know its edition"
        )
        first = client.get("/events.atom")
        again = client.get("/events.atom", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        with desk_session(database) as desk:
            publish_all(desk, make_event(2, citations=[]))
        wait_until(lambda: len(atom(client, "/events.atom").entries) == 2, "the news")


@pytest.mark.parametrize("ending", [".atom", ".feed.json"])
def test_feed_with_invalid_query_is_422_naming_the_key(client: TestClient, ending: str) -> None:
    answer = client.get(f"/events{ending}?place=atlantis&colour=red")
    assert answer.status_code == 422 and {error["key"] for error in answer.json()["errors"]} == {
        "place",
        "colour",
    }
