"""Past editions stay as they were at every address, and their banner links to the newest one."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.record.editions import select_edition
from app.record.publishing.publish import Approved, Merge, Withdrawal, publish
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import (
    make_citation,
    make_code,
    make_estimate,
    make_event,
)
from tests.support.event_pages import published_as
from tests.support.publisher import Publisher
from tests.support.routes import get_paths

COMPARED_EVERY = 8
"""Editions between two that are compared."""

NOT_COMPARED = re.compile(
    r"/(desk|healthz|tell|sitemap|static|oembed|cite|bibliography|data\.zip|favicon)|\.png$"
)
"""Routes without an edition, and what takes long: tests of the dump compare its bytes."""
QUERIES = [
    "/events.json?place=province-2&from=2019",
    "/events.json?q=Renamed",
    "/events.json?type=dispatch",
    "/events.json?changed_since=3&sort=changed&limit=2",
    "/events.json?disputed=none&not_outlet=outlet-2",
    "/events.csv?sort=-happened",
    "/events.atom?place=place-1",
    "/events?view=table",
    "/events?view=map",
    "/estimates.csv?place=country-3",
    "/sources.json?outlet=outlet-2",
    "/cities.csv?place=province-2",
    "/changes.json?place=place-4",
    "/events/breakdown.json?rows=place",
    "/events/breakdown.csv?rows=corroboration&columns=month",
    "/compare.csv?place=place-1&place=place-4",
    "/status.json?on=2020-01-01",
    "/embed/events?place=place-1",
    "/api/v1/changes?since=2",
]
"""Besides every route without a query."""
RECORDS = [
    *(f"/events/E{n}.json" for n in range(1, 9)),
    *(f"/estimates/M{n}.json" for n in range(1, 9)),
    *("/cities/place-1.csv", "/cities/place-1.svg", "/outlets/outlet-2.json", "/codebook/stage"),
    *("/events/E1", "/estimates/M1", "/sources/S1", "/outlets/outlet-1", "/places/country-3"),
    *("/cities/place-1", "/embed/cities/place-1", "/embed/places/country-3"),
    *("/api/v1/events/E1", "/api/v1/estimates/M1", "/api/v1/sources/S1"),
    *("/api/v1/outlets/outlet-1", "/api/v1/places/country-3", "/api/v1/cities/place-1"),
]
CITED = [
    "cite.json?of=/events?",
    "cite.bib?of=/cities/place-1?",
    "bibliography.json?of=/events?place=province-2%26",
]


def words_of(page: str) -> str:
    """Return the text of a page without banner and foot, which name the newest edition."""
    page = re.sub(r'<div class="banner">.*?</div></div>', "", page, flags=re.DOTALL)
    page = re.sub(r"Edition [0-9]+ is newer[.]", "", page)
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def seen(client: TestClient, no: int) -> Iterator[tuple[str, Any]]:
    """Yield what every address answers; errors without the id of the request, which is random."""
    paths = [path for path in get_paths() if "{" not in path and not NOT_COMPARED.search(path)]
    addresses = [f"{path}?edition={no}" for path in paths]
    addresses += [f"{address}&edition={no}" for address in QUERIES]
    addresses += [f"{address}?edition={no}" for address in RECORDS]
    addresses += [f"/{address}edition={no}" for address in CITED]
    for address in addresses:
        answer = client.get(address)
        content: object = answer.content.replace(answer.headers["x-request-id"].encode(), b"")
        if answer.headers.get("content-type", "").startswith("text/html"):
            content = words_of(answer.text)
        yield address, (answer.status_code, answer.url, content)


def follow(client: TestClient, address: str, copy: dict[str, Any]) -> str:
    """Apply all pages of changes to a copy of the record; return the address of later ones."""
    following: str | None = address
    while following:
        page = client.get(following).json()
        for change in page["items"]:
            if change["record"]:
                copy[change["id"]] = change["record"]
            else:
                assert change["state"] in {"withdrawn", "merged"}
                copy.pop(change["id"], None)
        following = page["next"]
    return str(page["follow"])


def current_record(client: TestClient) -> dict[str, Any]:
    """Return all records of the lists."""
    found: dict[str, Any] = {}
    for name in ("events", "estimates", "sources", "places", "outlets"):
        address: str | None = f"/api/v1/{name}?limit=3"
        while address:
            page = client.get(address).json()
            found |= {item["id"]: item for item in page["items"]}
            address = page["next"]
    return found


def test_past_editions_stay_equal_and_changes_lead_to_the_newest(database: Settings) -> None:
    """Files are equal to the byte, pages to the word, a copy that follows changes to the record."""
    then = dict[int, dict[str, Any]]()
    copy = dict[str, Any]()
    late = dict[str, Any]()
    changes = "/api/v1/changes?since=0&limit=3"
    with desk_session(database) as desk:
        publisher = Publisher(desk, 20261124, is_purging=False)
    for _ in range(3):
        with desk_session(database) as publisher.db:
            for _edition in range(COMPARED_EVERY):
                publisher.act()
            no = select_edition(publisher.db).no
        with TestClient(create_app(database)) as client:
            then[no] = dict(seen(client, no))
            changes = follow(client, changes, copy)
            # Codes are in the vocabulary, and in no list.
            assert current_record(client) == {id: copy[id] for id in copy if ":" not in id}
    statuses = [answer[0] for answer in then[no].values()]
    assert {*statuses} <= {200, 404, 422} and statuses.count(200) > 100
    assert len({then[no][f"/events.json?edition={no}"][2] for no in then}) == len(then)
    with TestClient(create_app(database)) as client:
        follow(client, "/api/v1/changes?since=0", late)
        assert late == copy and client.get(changes).json()["total"] == 0
        for no, looks in then.items():
            now = dict(seen(client, no))
            assert [address for address in looks if now[address] != looks[address]] == [], no


# Banner -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history(module_database: Settings) -> Iterator[TestClient]:
    """Five editions of four events: one moves, one is withdrawn, one merged; a fifth is added."""
    events = [make_event(n, citations=[make_citation(n)]) for n in (1, 2, 3, 4)]
    moved = make_event(1, terms="place country-3")
    wrong = Approved(moved, Why.CORRECTED, "It was elsewhere.")
    with published_as(module_database, (*events, make_estimate(1))) as client:
        with desk_session(module_database) as desk:
            publish(desk, [wrong, Approved(make_code(label="Limit"))])
            publish(desk, [], withdrawn=[Withdrawal("E2", "It was another city.")])
            publish(desk, [], merged=[Merge("E3", "E4", "The same buses.")])
            publish(desk, [Approved(make_event(5))])
        yield client


def banner(client: TestClient, address: str) -> str:
    found = re.search(
        r'<div class="banner">(.*?)</div></div>', client.get(address).text, flags=re.DOTALL
    )
    return html.unescape(found[1]) if found else ""


def test_past_edition_banner_says_what_changed_since(history: TestClient) -> None:
    all_rows, here = "1 row added, 1 changed, 2 removed", "1 row added, 3 removed"
    for address, said, changes in (
        ("/events?", all_rows, "what=event&since=2"),
        ("/events?place=place-1&", here, "what=event&since=2&place=place-1"),
        ("/estimates?", "no change", "what=estimate&since=2"),
        ("/cities/place-1?", here, "since=2&place=place-1"),
        ("/events/E1?", "1 changed", "id=E1&since=2"),
    ):
        shown = banner(history, f"{address}edition=1")
        assert f"Since then: {said}" in shown and f'href="/changes?{changes}"' in shown, address
        assert history.get(f"/changes?{changes}").status_code == 200, address
        total = history.get(f"/changes.json?{changes}").json()["total"]
        assert (total > 0) == (said != "no change"), address
    assert 'href="/changes?since=2"' in banner(history, "/?edition=1")
    later = banner(history, "/events?place=place-1&edition=4")
    assert "1 row added." in later and "since=5&place=place-1" in later


def test_past_page_of_removed_record_has_a_note(history: TestClient) -> None:
    shown = banner(history, "/events/E2?edition=1")
    assert 'href="/events/E2">E2</a> was withdrawn in edition 3: It was another city.' in shown
    assert "Event 2" in history.get("/events/E2?edition=1").text
    assert "E3</a> was merged into E4 in edition 4: The same buses." in banner(
        history, "/events/E3?edition=2"
    )
    both = banner(history, "/events?edition=2")
    assert "E2</a> was withdrawn" in both and "E3</a> was merged" in both
    assert "withdrawn" not in banner(history, "/events?edition=3")


def test_banner_link_keeps_the_whole_query(history: TestClient) -> None:
    shown = banner(history, "/events?place=country-3&place=place-1&edition=1")
    assert 'href="/events?place=country-3&place=place-1"' in shown
    for newest in ("/events", "/events?edition=5", "/cite?of=/events?edition=5"):
        assert banner(history, newest) == "", newest
