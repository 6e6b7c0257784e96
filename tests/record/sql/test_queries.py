"""Lists and counts, compared with filters in Python over the forms."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates import day_ranges, edtf
from app.dates.periods import parse_period
from app.kinds import FORMS
from app.record.derivation.facts import EventFacts
from app.record.filters import EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, read_directory
from app.record.sql import conditions as queries_conditions
from app.record.sql import rows as record_rows
from app.record.sql.rows import one_session
from app.settings import Settings
from tests.conftest import reader_session
from tests.make import a_context, a_small_world, make_event, publish_all, withdraw
from tests.support import day_ranges as matching_days
from tests.support.indexed import select_indexed

KEYS = {key.key: key for key in EventFilters.terms()}
SORTS = ("happened", "-happened", "added", "changed", "relevance")


@dataclass(repr=False)
class Row:
    """An event with the values that the oracle filters by."""

    event: EventFacts
    codes: dict[str, set[str]]
    published: tuple[edtf.Days, ...]

    @property
    def number(self) -> int:
        return int(self.event.form.id[1:])


@dataclass(repr=False)
class Oracle:
    """Filters every event in Python."""

    rows: list[Row]

    def failing(self, row: Row, filters: EventFilters) -> set[str]:
        """Return the keys that the row fails; `x` and `not_x` are one key."""
        failed = set()
        for key in KEYS:
            wanted, unwanted = filters.included.get(key, ()), filters.excluded.get(key, ())
            if (wanted and not row.codes[key] & set(wanted)) or row.codes[key] & set(unwanted):
                failed.add(key)
        window = self.window(filters)
        matches = (
            matching_days.is_certain
            if filters.one("match") == "certain"
            else matching_days.is_possible
        )
        if window != edtf.Days() and not matches(row.event.spans, window):
            failed.add("window")
        published = parse_period(
            filters.one("published_from") or None, filters.one("published_to") or None
        )
        if published != edtf.Days() and not any(days.overlaps(published) for days in row.published):
            failed.add("published")
        return failed

    @staticmethod
    def window(filters: EventFilters) -> edtf.Days:
        return parse_period(filters.one("from") or None, filters.one("to") or None)

    def found(self, filters: EventFilters) -> list[Row]:
        return [row for row in self.rows if not self.failing(row, filters)]

    def ordered(self, filters: EventFilters) -> list[str]:
        def place(row: Row) -> tuple[Any, ...]:
            lo, day = row.event.spans.lo, day_ranges.sort_day(row.event.spans)
            width = (lo.last - lo.first).days + 1 if lo and lo.first and lo.last else 0
            return day or undated, -width, row.number

        undated = date.max if filters.one("sort") == "happened" else date.min
        if filters.one("sort") in {"happened", "-happened"}:
            rows = sorted(
                self.found(filters), key=place, reverse=filters.one("sort") == "-happened"
            )
        else:  # all seeds were added in one edition
            rows = sorted(self.found(filters), key=lambda row: row.number, reverse=True)
        return [row.event.form.id for row in rows]

    def facets(self, filters: EventFilters) -> dict[str, Counter[str]]:
        counted: dict[str, Counter[str]] = {}
        for row in self.rows:
            failed = self.failing(row, filters)
            for key in KEYS:
                if failed <= {key}:
                    counted.setdefault(key, Counter()).update(row.codes[key])
        return counted


@dataclass(repr=False)
class Record:
    db: Session
    edition: IndexedEdition
    directory: Directory
    oracle: Oracle

    def page(self, filters: EventFilters, limit: int) -> record_rows.ListPage:
        return backend.read_page(self.db, self.edition, filters, self.directory, limit)

    def paged(self, filters: EventFilters, size: int) -> list[str]:
        """Return the ids of all pages of this size."""
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            asked_for = filters.with_(after=after)
            assert not after or asked_for["after"], "the filters must accept the next page"
            page = self.page(asked_for, size)
            assert len(page.rows) <= size
            seen += [row.id for row in page.rows]
            after = page.next
        return seen


@pytest.fixture(scope="module")
def record(published: Settings) -> Iterator[Record]:
    with reader_session(published) as db:
        edition = select_indexed(db)
        live = db.execute(
            select(Version.kind, Version.payload).where(edition.holds(), Version.is_live)
        )
        forms = [FORMS[kind].model_validate(payload["form"]) for kind, payload in live]
        context = replace(a_context(*forms), day=edition.at.date())
        rows = []
        for form in context.events.values():
            event = EventFacts(form, context)
            when = [
                day_ranges.possible_days(edtf.parse(source.published))
                for source in event.cited.values()
                if source.published
            ]
            codes = {key: line.codes(event) for key, line in KEYS.items()}
            rows.append(Row(event, codes, tuple(days for possible in when for days in possible)))
        yield Record(db, edition, read_directory(db, edition), Oracle(rows))


CODES = {
    "place": ["china", "dandong", "liaoning", "jilin", "russia", "hunchun", "nowhere"],
    "type": ["stay-limit", "repatriation", "sending-home", "evasion", "no-such"],
    "stage": ["planned", "announced", "in-force", "enforced", "none"],
    "corroboration": [
        "independent",
        "relayed",
        "single-source",
        "single-named",
        "own-report",
        "single-anonymous",
        "documented",
        "none",
    ],
    "direction": ["tightens", "eases", "arrives", "leaves", "none"],
    "claim": ["firm", "alleged", "none"],
    "disputed": ["occurrence", "date", "number", "none"],
    "paper": ["student", "work-visa", "one-month-visa", "none"],
    "exempt": ["paper:student", "none"],
    "nationality": ["north-korean", "kp", "none"],
    "group": ["workers", "restaurant-staff", "none"],
    "sector": ["restaurants", "construction", "none"],
    "side": ["host-state", "home-state", "international", "none"],
    "attribution": ["resident", "anonymous-source", "government-statement", "none"],
    "outlet": ["daily-nk", "rfa", "none"],
    "origin": ["daily-nk", "rfa", "none"],
    "lang": ["en", "ko", "ja", "none"],
    "basis": ["stated", "url", "inferred", "none"],
    "precision": ["day", "month", "season", "year", "unknown"],
    "date": ["stated", "none"],
    "has": ["estimate", "quote", "archive", "deadline", "none"],
    "shown": ["dandong", "liaoning", "none"],
    "right": ["driving", "none"],
    "law": ["unscr-2397", "un-sanctions", "none"],
    "actor": ["government-of-china", "chinese-customs", "rixin-foods", "none"],
    "actor_role": ["orders:government-of-china", "affected:rixin-foods", "none"],
}
MONTHS = st.sampled_from(
    ["2010", "2017-12", "2018-06-15", "2019", "2019-03", "2019-06-20", "2020-01", "2023"]
)


@st.composite
def filters_of_any_kind(draw: st.DrawFn) -> EventFilters:
    included: dict[str, list[str]] = {}
    excluded: dict[str, list[str]] = {}
    for key in draw(st.lists(st.sampled_from(sorted(CODES)), max_size=4, unique=True)):
        some = st.lists(st.sampled_from(CODES[key]), max_size=2, unique=True)
        included[key], excluded[key] = draw(some), draw(some)
    for first, last in (("from", "to"), ("published_from", "published_to")):
        if draw(st.integers(0, 2)) == 0:
            days = sorted([draw(MONTHS), draw(MONTHS)])
            which = draw(st.sampled_from(["both", "first", "last"]))
            included |= {first: days[:1]} if which != "last" else {}
            included |= {last: days[1:]} if which != "first" else {}
    included["match"] = [draw(st.sampled_from(["possible", "certain"]))]
    included["sort"] = [draw(st.sampled_from(SORTS))]
    return EventFilters.made_of(included, excluded)


def test_tested_codes_cover_filters_and_are_present(record: Record) -> None:
    assert set(CODES) == set(KEYS)
    present = {key: {code for row in record.oracle.rows for code in row.codes[key]} for key in KEYS}
    assert [key for key, codes in CODES.items() if not present[key] & set(codes)] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=filters_of_any_kind(), size=st.integers(1, 40))
@example(filters=EventFilters(), size=7)
def test_lists_and_counts_equal_oracle(record: Record, filters: EventFilters, size: int) -> None:
    oracle, window = record.oracle, record.oracle.window(filters)
    page = record.page(filters, 1_000)
    assert [row.id for row in page.rows] == oracle.ordered(filters) == record.paged(filters, size)
    assert page.next is None
    matching = backend.match(record.db, record.edition, filters, record.directory)
    filed = record_rows.rows_for_file(matching.order(filters.one("sort")), one_session(record.db))
    assert list(filed) == [
        record_rows.FileRow(row.id, row.payload, row.sort_day, row.last_day, row.added, row.changed)
        for row in page.rows
    ]
    counted = matching.counts()
    in_any_window = [
        row.event.spans for row in oracle.rows if oracle.failing(row, filters) <= {"window"}
    ]
    assert (counted.total, counted.undated, counted.possible, counted.certain) == (
        len(page.rows),
        sum(not spans.possible for spans in in_any_window),
        sum(matching_days.is_possible(spans, window) for spans in in_any_window),
        sum(matching_days.is_certain(spans, window) for spans in in_any_window),
    )
    found = oracle.found(filters)
    within = {key: Counter(code for row in found for code in row.codes[key]) for key in KEYS}
    for mine, theirs in ((counted.facets, oracle.facets(filters)), (counted.within, within)):
        assert mine == {key: codes for key, codes in theirs.items() if codes}
    assert matching.counts_without() == {
        key: sum(oracle.failing(row, filters) <= {key} for row in oracle.rows)
        for key in queries_conditions.conditions(filters, record.directory)
    }
    drawn = matching.histogram(counted.extent)
    spans = [row.event.spans for row in found]
    seen = [shown for span in spans for part in span.possible if (shown := part.common(window))]
    if drawn is None:
        assert not seen
        return
    assert [(bar.possible, bar.certain) for bar in drawn.bars] == [
        (
            sum(matching_days.is_possible(span, bar.days) for span in spans),
            sum(matching_days.is_certain(span, bar.days) for span in spans),
        )
        for bar in drawn.bars
    ]
    whole = edtf.Days(drawn.bars[0].days.first, drawn.bars[-1].days.last)
    assert all(part.within(whole) for part in seen if part.first and part.last), (
        "the bars must cover every possible day within the window"
    )


def test_relevance_pages_contain_every_match_once(record: Record) -> None:
    query = {"q": ["workers visa OR sanctions"], "sort": ["relevance"]}
    filters = EventFilters.made_of(query, {})
    everything = [row.id for row in record.page(filters, 1_000).rows]
    assert len(everything) > 7
    assert record.paged(filters, 3) == everything


# Concurrent publishing --------------------------------------------------------------------------


@pytest.mark.parametrize("sort", SORTS)
def test_pages_stay_whole_during_publishing(desk: Session, sort: str) -> None:
    """Of a past edition equal; of the newest, each row that stays is on them once."""
    events = [make_event(n, happened=f"2019-{n:02}") for n in range(1, 10)]
    publish_all(desk, *a_small_world(), *events)

    def page(edition: str, limit: int, after: str = "") -> record_rows.ListPage:
        filters = EventFilters.made_of({"sort": [sort], "edition": [edition]}, {})
        found = select_indexed(desk, edition)
        asked_for = filters.with_(after=after) if after else filters
        return backend.read_page(desk, found, asked_for, read_directory(desk, found), limit)

    everything = [row.id for row in page("1", 100).rows]
    first = page("1", 4)
    publish_all(
        desk,
        make_event(10, happened="2019-01"),
        make_event(11, happened="2021"),
        make_event(3, happened="2020"),
        make_event(8, title="Edited"),
    )
    left = {*everything[4:]} - {"E3", "E8"}
    withdraw(desk, first.rows[0].id)
    assert first.next is not None
    assert [row.id for row in [*first.rows, *page("1", 100, first.next).rows]] == everything
    behind = [row.id for row in page("", 100, first.next).rows]
    assert len(behind) == len({*behind})
    assert left <= {*behind} <= {*everything[4:], "E3", "E8", "E10", "E11"}
