"""The list of changes: editions, changed fields, reasons, filters and files."""

import re
from collections.abc import Iterator
from typing import Any

import feedparser
import pytest
from starlette.testclient import TestClient

from app.record.publishing.publish import Approved, Merge, publish
from app.record.publishing.purge import purge
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import (
    make_citation,
    make_estimate,
    make_event,
    make_outlet,
    make_place,
    publish_all,
    withdraw,
)
from tests.support.event_pages import published_as
from tests.support.html import words
from tests.support.lists import csv_rows


@pytest.fixture
def history(database: Settings) -> Iterator[TestClient]:
    """Publish seven editions: added, corrected, clarified, moved, withdrawn, merged, purged."""
    events = [make_event(n, citations=[make_citation(n)]) for n in (1, 2, 3, 4)]
    reworded = make_citation(1, paraphrase="It was said to happen.")
    mended = make_event(
        1,
        happened="2019-07",
        stages="announced 2019-07 (planned_for=2019-08-01)",
        citations=[reworded, make_citation(9, source=2)],
    )
    moved = make_event(2, terms="place elsewhere")
    with published_as(database, (make_place(4, "elsewhere"), *events, make_estimate(1))) as client:
        with desk_session(database) as desk:
            wrong = Approved(mended, Why.CORRECTED, "The month was wrong.")
            publish(desk, [wrong], message="Read again")
            publish(desk, [Approved(make_outlet(2, kind="agency"), Why.CLARIFIED)])
            publish_all(desk, moved)
            withdraw(desk, "E3", "It was another city.")
            publish(desk, [], merged=[Merge("E4", "E1", "The same buses.")])
            purge(desk, "E2")
        yield client


def asked(client: TestClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/changes.json?{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def told(client: TestClient, query: str = "") -> list[tuple[str, str]]:
    return [(item["id"], item["why"]) for item in asked(client, query)]


def test_edition_lists_changes_with_reason(history: TestClient) -> None:
    assert told(history, "since=2") == [
        ("E4", "merged"),
        ("E3", "withdrawn"),
        ("O2", "clarified"),
        ("E1", "corrected"),
    ]
    page = history.get("/changes?since=2&edition=2").text
    answer = r"Edition 2, published \d+ \w+ \d{4}: corrected 1, recalculated 1\."
    assert re.search(answer, words(page))
    page = history.get("/changes?since=2").text
    said = ["The month was wrong.", "It was another city.", "The same buses.", "Read again"]
    assert [words for words in (*said, "Merged into") if words not in page] == []
    assert ("E1", "added") in told(history) and "Edition 1" in history.get("/changes").text


def test_changed_fields_show_old_and_new_value(history: TestClient) -> None:
    [change] = asked(history, "id=E1&why=corrected")
    assert {each["field"]: (each["before"], each["after"]) for each in change["differences"]} == {
        "happened": ("15 June 2019", "July 2019"),
        "stages": ("", "Announced or ordered · July 2019 · 1 August 2019 · C1"),
        "citations.C1.paraphrase": ("It happened.", "It was said to happen."),
        "citations.C9": (
            "",
            "S2 · Supports · Whether it happened · It happened. · Outlet's own voice",
        ),
        "corroboration": ("One outlet, in its own words", "Independent sources"),
    }
    page = history.get("/changes?id=E1").text
    assert "<del>15 June 2019</del>" in page and "<ins>July 2019</ins>" in page


def test_change_matches_filters_of_old_and_new_values(history: TestClient) -> None:
    """E2 was purged from every edition; the estimate of place-1 remains."""
    assert {id for id, _ in told(history, "place=place-1&what=event")} == {"E1", "E3", "E4"}
    assert told(history, "place=elsewhere&what=event") == []
    assert told(history, "q=buses") == []
    assert told(history, "what=outlet&since=2") == [("O2", "clarified")]
    assert told(history, "why=withdrawn&place=place-1") == [("E3", "withdrawn")]


def test_change_of_place_is_found_in_both_places(database: Settings) -> None:
    moved = make_event(1, terms="place elsewhere")
    with published_as(database, (make_place(4, "elsewhere"), make_event(1)), (moved,)) as client:
        for place in ("place-1", "elsewhere"):
            assert told(client, f"place={place}&since=2") == [("E1", "corrected")], place


def test_purge_shows_only_the_id(history: TestClient) -> None:
    for query in ("", "since=2", "what=event", "id=E2", "why=reindexed"):
        assert "E2" not in {id for id, _ in told(history, query)}
        assert "Event 2" not in history.get(f"/changes?{query}").text
    assert "Removed from every edition" in history.get("/changes").text


def test_recalculated_records_are_behind_link(history: TestClient) -> None:
    assert not [why for _, why in told(history) if why == "reindexed"]
    again = told(history, "why=reindexed")
    assert again and history.get("/changes.json").json()["derived_again"] == len(again)
    assert 'href="/changes?why=reindexed"' in history.get("/changes").text


def test_past_edition_has_no_later_changes(history: TestClient) -> None:
    assert told(history, "since=2&edition=2") == [("E1", "corrected")]


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_show_every_change_once(history: TestClient, sort: str) -> None:
    address, seen = f"/changes.json?limit=3&sort={sort}", []
    while address:
        body = history.get(address).json()
        seen += [(item["edition"], item["id"]) for item in body["items"]]
        address = body["next"]
    assert len(seen) == len(set(seen)) == body["total"]
    editions = [no for no, _ in seen]
    assert editions == sorted(editions, reverse=sort == "newest")
    whole = asked(history, f"limit=1000&sort={sort}")
    assert [(item["edition"], item["id"]) for item in whole] == seen


def test_page_json_csv_and_feed_have_same_changes(history: TestClient) -> None:
    expected = told(history, "since=2")
    ids = [id for id, _why in expected]
    table = csv_rows(history, "/changes.csv?since=2")
    assert [(row["id"], row["why"]) for row in table] == expected
    feed = feedparser.parse(history.get("/changes.atom?since=2").content)
    entries = [entry.id for entry in feed.entries]
    assert not feed.bozo and len(set(entries)) == len(expected)
    assert [entry.partition("?id=")[2].partition("&")[0] for entry in entries] == ids
    summary = feed.entries[-1].summary
    assert "The month was wrong.\nHappened: 15 June 2019 → July 2019" in summary
    page = history.get("/changes?since=2").text
    assert re.findall(r'href="/changes\?id=([A-Z0-9]+)"', page) == ids
