"""Lists and counts by SQL and by the index, compared with filters in Python over the forms."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates import day_ranges, edtf
from app.dates.periods import parse_period
from app.forms import FORMS
from app.record import histogram_bins
from app.record.derivation.facts import EventFacts
from app.record.filters import EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, read_directory
from app.record.sql import conditions as queries_conditions
from app.record.sql import rows as record_rows
from app.record.sql.streaming import one_session
from app.settings import Settings
from tests.conftest import reader_session
from tests.make import a_context, a_small_world, make_event, publish_all, withdraw
from tests.support.indexed import select_indexed
from tests.support.sql_lists import use_sql

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
            day_ranges.is_certain if filters.one("match") == "certain" else day_ranges.is_possible
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


@pytest.fixture(scope="module", params=["sql", "index"])
def record(published: Settings, request: pytest.FixtureRequest) -> Iterator[Record]:
    """The published record, read by SQL and by the index."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "sql":
            use_sql(patch)
        yield from read_record(published)


def read_record(published: Settings) -> Iterator[Record]:
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


FILTERS_SETTINGS = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_tested_codes_cover_filters_and_are_present(
    record: Record,
) -> None:
    assert set(CODES) == set(KEYS)
    present = {key: {code for row in record.oracle.rows for code in row.codes[key]} for key in KEYS}
    assert all(present[key] & set(codes) for key, codes in CODES.items())


@FILTERS_SETTINGS
@given(filters=filters_of_any_kind())
@example(filters=EventFilters())
def test_list_rows_and_order_equal_oracle(record: Record, filters: EventFilters) -> None:
    page = backend.read_page(record.db, record.edition, filters, record.directory, 1_000)
    assert [row.id for row in page.rows] == record.oracle.ordered(filters)
    assert page.next is None
    seqs = backend.match(record.db, record.edition, filters, record.directory).order(
        filters.one("sort")
    )
    filed = record_rows.rows_for_file(seqs, one_session(record.db))
    assert list(filed) == [
        record_rows.FileRow(row.id, row.payload, row.sort_day, row.last_day, row.added, row.changed)
        for row in page.rows
    ]


@FILTERS_SETTINGS
@given(filters=filters_of_any_kind())
@example(filters=EventFilters())
def test_counts_equal_oracle(record: Record, filters: EventFilters) -> None:
    counted = backend.match(record.db, record.edition, filters, record.directory).counts()
    oracle, window = record.oracle, record.oracle.window(filters)
    found = oracle.found(filters)
    assert counted.total == len(found)
    in_any_window = [row for row in oracle.rows if oracle.failing(row, filters) <= {"window"}]
    assert counted.undated == sum(not row.event.spans.possible for row in in_any_window)
    assert counted.possible == sum(
        day_ranges.is_possible(row.event.spans, window) for row in in_any_window
    )
    assert counted.certain == sum(
        day_ranges.is_certain(row.event.spans, window) for row in in_any_window
    )
    assert {key: dict(codes) for key, codes in counted.facets.items()} == {
        key: dict(codes) for key, codes in oracle.facets(filters).items() if codes
    }
    within = {key: Counter(code for row in found for code in row.codes[key]) for key in KEYS}
    assert {key: dict(codes) for key, codes in counted.within.items()} == {
        k: dict(c) for k, c in within.items() if c
    }


@FILTERS_SETTINGS
@given(filters=filters_of_any_kind())
@example(filters=EventFilters())
def test_histogram_bars_equal_oracle(record: Record, filters: EventFilters) -> None:
    counted = backend.match(record.db, record.edition, filters, record.directory).counts()
    drawn = backend.match(record.db, record.edition, filters, record.directory).histogram(
        counted.extent
    )
    spans = [row.event.spans for row in record.oracle.found(filters)]
    days = [part for span in spans for part in span.possible]
    if drawn is None:
        assert not any(part.overlaps(record.oracle.window(filters)) for part in days)
        return
    for bar in drawn.bars:
        assert bar.possible == sum(day_ranges.is_possible(span, bar.days) for span in spans)
        assert bar.certain == sum(day_ranges.is_certain(span, bar.days) for span in spans)
    first, last = drawn.bars[0].days.first, drawn.bars[-1].days.last
    window = record.oracle.window(filters)
    for part in days:
        if (seen := part.common(window)) and seen.first and seen.last:
            assert first and last and first <= seen.first and seen.last <= last, (
                "the bars must cover every possible day within the window"
            )


@FILTERS_SETTINGS
@given(filters=filters_of_any_kind(), size=st.integers(1, 40))
def test_pages_contain_every_row_once(record: Record, filters: EventFilters, size: int) -> None:
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        asked_for = filters.with_(after=after)
        assert not after or asked_for["after"], "the filters must accept the start of the next page"
        page = backend.read_page(record.db, record.edition, asked_for, record.directory, size)
        assert len(page.rows) <= size
        seen += [row.id for row in page.rows]
        after = page.next
    assert seen == record.oracle.ordered(filters)


def test_relevance_pages_contain_every_match_once(record: Record) -> None:
    filters = EventFilters.made_of({"q": ["workers visa OR sanctions"], "sort": ["relevance"]}, {})
    everything = [
        row.id
        for row in backend.read_page(
            record.db, record.edition, filters, record.directory, 1_000
        ).rows
    ]
    assert len(everything) > 20
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = backend.read_page(
            record.db, record.edition, filters.with_(after=after), record.directory, 7
        )
        seen += [row.id for row in page.rows]
        after = page.next
    assert seen == everything


@FILTERS_SETTINGS
@given(filters=filters_of_any_kind())
def test_counts_without_each_key_equal_oracle(record: Record, filters: EventFilters) -> None:
    conditions = queries_conditions.conditions(filters, record.directory)
    without = backend.match(record.db, record.edition, filters, record.directory).counts_without()
    oracle = record.oracle
    assert set(without) == set(conditions)
    for key, count in without.items():
        assert count == sum(oracle.failing(row, filters) <= {key} for row in oracle.rows)


# Concurrent publishing --------------------------------------------------------------------------


@pytest.mark.parametrize("sort", SORTS)
def test_past_edition_pages_stay_equal_during_publishing(desk: Session, sort: str) -> None:
    publish_all(
        desk, *a_small_world(), *(make_event(n, happened=f"2019-{n:02}") for n in range(1, 10))
    )
    asked_for = EventFilters.made_of({"sort": [sort], "edition": ["1"]}, {})
    edition = select_indexed(desk, "1")
    names = read_directory(desk, edition)
    everything = [row.id for row in backend.read_page(desk, edition, asked_for, names, 100).rows]
    first = backend.read_page(desk, edition, asked_for, names, 4)
    publish_all(
        desk,
        make_event(10, happened="2019-01"),
        make_event(3, happened="2020"),
        make_event(8, title="Edited"),
    )
    withdraw(desk, "E5")
    assert first.next is not None
    rest = backend.read_page(
        desk, select_indexed(desk, "1"), asked_for.with_(after=first.next), names, 100
    )
    assert [row.id for row in [*first.rows, *rest.rows]] == everything


@pytest.mark.parametrize("sort", SORTS)
def test_newest_edition_pages_keep_unchanged_rows_once(desk: Session, sort: str) -> None:
    publish_all(
        desk, *a_small_world(), *(make_event(n, happened=f"2019-{n:02}") for n in range(1, 10))
    )
    asked_for = EventFilters.made_of({"sort": [sort]}, {})
    names = read_directory(desk, select_indexed(desk))
    first = backend.read_page(desk, select_indexed(desk), asked_for, names, 4)
    publish_all(desk, make_event(10, happened="2019-01"), make_event(11, happened="2021"))
    withdraw(desk, first.rows[0].id)
    assert first.next is not None
    rest = backend.read_page(
        desk, select_indexed(desk), asked_for.with_(after=first.next), names, 100
    )
    ids = [row.id for row in [*first.rows, *rest.rows]]
    assert len(ids) == len(set(ids))
    assert {f"E{n}" for n in range(1, 10)} <= set(ids)


@pytest.mark.parametrize(
    ("first", "last", "name", "count"),
    [
        ("2019-05-03", "2019-05-03", "month", 1),
        ("2019-01-01", "2021-12-31", "month", 36),
        ("2019-01-01", "2022-01-01", "quarter", 13),
        ("2019-02-01", "2019-02-28", "month", 1),
        ("2010-01-01", "2018-12-31", "quarter", 36),
        ("2010-01-01", "2019-01-01", "year", 10),
        ("2010-06-01", "2019-03-31", "quarter", 36),
        ("2010-03-01", "2019-01-31", "year", 10),
        ("1985-01-01", "2026-12-31", "two-years", 22),
        ("1905-01-01", "2026-12-31", "five-years", 25),
        ("1800-01-01", "2200-12-31", "decade", 41),
    ],
)
def test_histogram_bin_width_depends_on_extent(
    first: str, last: str, name: str, count: int
) -> None:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    bin_, bars = histogram_bins.histogram_bins(begin, end)
    assert (bin_, len(bars)) == (name, count)
    assert bars[0].first is not None
    assert bars[-1].last is not None
    assert bars[0].first <= begin
    assert bars[-1].last >= end
    for one, following in pairwise(bars):
        assert one.last is not None
        assert following.first is not None
        assert (following.first - one.last).days == 1
