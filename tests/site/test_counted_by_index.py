"""Every number that is a link equals the list that it leads to."""

import re
from collections import Counter, defaultdict
from html import unescape

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.record.models import Version
from app.record.names.directory import read_directory
from app.record.payloads import form_of, named_place_codes
from app.record.rules.containment import place_and_ancestors
from app.record.sql.rows import LIST_COLUMNS, ListRow, list_row
from app.site.cities import estimates_of_places, latest_of, latest_of_places
from tests.make import (
    a_small_world,
    make_estimate,
    make_event,
    make_outlet,
    make_source,
    make_term,
    publish_all,
)
from tests.support.indexed import select_indexed

PAGES = [
    *("/about", "/events?place=china", "/estimates?place=dandong", "/search?q=Hunchun"),
    *("/places", "/places/china", "/places/russia", "/cities", "/cities/dandong"),
    *("/outlets", "/outlets/daily-nk", "/outlets/yonhap", "/actors", "/laws/unscr-2397"),
    *("/actors/government-of-china", "/status", "/compare?place=dandong&place=russia"),
    *("/codebook", "/events/breakdown?rows=place", "/events/breakdown?rows=outlet&columns=month"),
]
LINK = re.compile(r'<a\b[^>]*\bhref="(/(?:events|estimates|sources)\?[^"#]*)"[^>]*>(.*?)</a>')
NUMBER = re.compile(r"(?:^|>)(\d[\d,]*)(?=<|$)|(\d[\d,]*) (?:events?|estimates?|sources?|differ)\b")


def test_every_number_equals_the_list_that_it_leads_to(client: TestClient) -> None:
    told: dict[tuple[str, int], str] = {}
    for page in PAGES:
        for address, text in LINK.findall(client.get(page).text):
            counted = NUMBER.search(text)
            if counted and "edition=" not in address:
                number = int((counted[1] or counted[2]).replace(",", ""))
                told[unescape(address), number] = page
    assert len(told) > 300
    wrong = []
    for (address, number), page in told.items():
        path, _mark, query = address.partition("?")
        total = client.get(f"{path}.json?{query}").json()["total"]
        if total != number:
            wrong.append(f"{page}: {number} leads to {total} at {address}")
    assert wrong == []


def test_places_are_counted_as_by_reading_every_record(desk: Session, reader: Session) -> None:
    """Of the estimates of a place, the index reads few candidates for the newest one."""
    whole = {"citations": [], "terms": [make_term()]}
    standings = {"2024-03": "ordinary", "2023": "preferred", "2026-06": "superseded"}
    standings |= {"2024-11-30": "rejected", "2022-12": "ordinary"}
    estimates = [
        make_estimate(number, as_of=time, role=role, role_reason="It is.", **whole)
        for number, (time, role) in enumerate(standings.items(), 1)
    ]
    low = make_estimate(8, as_of="2026-07", terms="place", citations="C8 S9 (kind=number)")
    graded = (
        make_outlet(9, reliability="d", reliability_reason="It copies."),
        make_source(9, outlet="outlet-9"),
    )
    undated = make_estimate(9, as_of="", as_of_text="some time ago", **whole)
    wider = make_event(2, terms="place province-2", citations=[])
    publish_all(desk, *a_small_world(), *graded, *estimates, low, undated, make_event(1), wider)
    for db in (desk, reader):
        edition = select_indexed(db)
        names = read_directory(db, edition)
        latest = latest_of_places(db, edition, names)
        events: Counter[str] = Counter()
        is_event = Version.kind == "E", edition.holds(), Version.is_live
        for terms in db.scalars(select(Version.payload["form"]["terms"]).where(*is_event)):
            named = named_place_codes(terms)
            around = {wide for code in named for wide in place_and_ancestors(code, names.places)}
            events.update(around)
        assert edition.indexes["E"].term_counts.of("place") == events

        by_place: dict[str, list[ListRow]] = defaultdict(list)
        is_estimate = Version.kind == "M", edition.holds(), Version.is_live
        for row in db.execute(select(*LIST_COLUMNS).where(*is_estimate)):
            for code in named_place_codes(form_of(row)["terms"]):
                by_place[code].append(list_row(row))
        counted = estimates_of_places(edition.indexes["M"])
        assert latest.keys() == counted.keys() == by_place.keys() != set()
        for code, rows in by_place.items():
            assert len(counted[code]) == len(rows), code
            assert latest[code] == latest_of(rows, code), code
