"""`/events/breakdown`: counts of events by two keys, each equal to the list that it leads to."""

import random
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from starlette.testclient import TestClient

from app.record.filters import EstimateFilters, EventFilters, ListFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.lists.backend import ListSession, select_edition
from app.record.names.directory import Directory, read_directory
from app.site.events import breakdown
from app.site.events.breakdown import (
    EARLIER,
    MAX_COLUMNS,
    OTHERS,
    UNDATED,
    VAGUE,
    Breakdown,
    CountedTable,
    EstimateBreakdown,
)
from app.vocabulary.support import SUCCESSORS
from tests.support.html import words
from tests.support.index_queries import random_filters
from tests.support.lists import csv_rows

PAGE = "/events/breakdown"
Read = tuple[ListSession, IndexedEdition, Directory]


@pytest.fixture(scope="module")
def read(client: TestClient) -> Iterator[Read]:
    state = client.app.state  # type: ignore[attr-defined]
    with ListSession(state.reader_engine, state.indexes) as db:
        edition = select_edition(db)
        yield db, edition, read_directory(db, edition)


def listed(address: str, read: Read) -> int:
    """Return the total of the list at an address."""
    path, _mark, query = address.partition("?")
    lists = {"/events": EventFilters, "/estimates": EstimateFilters}[path]
    filters, dropped = lists.from_pairs(parse_qsl(query))
    assert not dropped, address
    db, edition, directory = read
    return backend.match(db, edition, filters, directory).total


def table_of(read: Read, listed: ListFilters, rows: str, columns: str) -> CountedTable:
    is_of_events = listed.KIND == EventFilters.KIND
    table: type[CountedTable] = Breakdown if is_of_events else EstimateBreakdown
    included = {**listed.narrowing.included, "rows": [rows], "columns": [columns]}
    return table(*read, table.filter_class.made_of(included, listed.excluded))


# Counts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("table", [Breakdown, EstimateBreakdown])
def test_every_count_equals_the_list_it_leads_to(
    read: Read, table: type[CountedTable], seed: int
) -> None:
    db, edition, _directory = read
    chance = random.Random(f"breakdown {seed}")
    for events in random_filters(db, edition, table.filter_class.LIST, chance):
        rows, columns = chance.sample([*table.filter_class.ROWS.choices], 2)
        if {rows, columns} <= {"year", "half-year", "month"}:
            columns = table.filter_class.FIRST
        cells = table_of(read, events, rows, columns).file_rows()
        checked = [each for each in cells if each.number]
        for cell in chance.sample(checked, min(len(checked), 40)):
            codes = {cell.row.code, cell.column.code}
            asked = (events.query_string(), rows, columns, codes)
            # No filter of estimates finds what has no certain date.
            has_no_list = {OTHERS, *((VAGUE, UNDATED) if table is EstimateBreakdown else ())}
            assert cell.address or codes & has_no_list, asked
            if cell.address:
                assert listed(cell.address, read) == cell.number, (*asked, cell)


def test_totals_count_each_event_once(read: Read) -> None:
    (everything, *_heads), *lines = table_of(read, EventFilters(), "place", "year").counts.lines
    totals = {line[0].row.code: line[0].number for line in lines}
    assert totals["china"] >= totals["liaoning"] >= totals["dandong"] > 0
    assert sum(totals.values()) > everything.number
    # A date that spans units is counted as vague.
    everything, *heads = table_of(read, EventFilters(), "type", "month").counts.lines[0]
    assert sum(head.number for head in heads) >= everything.number
    vague = next(head for head in heads if head.column.code == VAGUE)
    assert vague.number > 0 and "vague=month" in vague.address


# Shape ------------------------------------------------------------------------------------------


def test_rows_and_columns_that_do_not_fit_are_counted_together(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breakdown, "MAX_COLUMNS", 8)
    monkeypatch.setattr(breakdown, "MAX_ROWS", 5)
    table = table_of(read, EventFilters(), "type", "outlet")
    heads = table.counts.lines[0][1:]
    assert len(heads) <= 8 and "counted under “Others”" in table.notes[0]
    assert len(table.counts.lines) == 1 + 5 and table.counts.lines[-1][0].row.code == OTHERS
    others = next(head for head in heads if head.column.code == OTHERS)
    assert others.number > 0 and not others.address
    # A long axis of dates begins with what was before.
    monkeypatch.undo()
    before, *months = table_of(read, EventFilters(), "type", "month").counts.lines[0][1:]
    assert len(months) < MAX_COLUMNS
    assert before.column.code == EARLIER and listed(before.address, read) == before.number > 0


def test_filtered_key_has_rows_within_the_selected_code_only(client: TestClient) -> None:
    page = client.get(f"{PAGE}.json?rows=place&place=liaoning").json()
    codes = [item["code"] for item in page["items"]]
    assert "dandong" in codes and "liaoning" in codes and "china" not in codes
    halves = client.get(f"{PAGE}.json?rows=half-year").json()["items"]
    assert {item["code"][-3:] for item in halves} >= {"-H1", "-H2"}
    # A retired code has no row beside its successors.
    codes = [item["code"] for item in client.get(f"{PAGE}.json?rows=corroboration").json()["items"]]
    offered = client.get("/events.json?limit=1").json()["facets"]["corroboration"]
    assert len(codes) > 2 and set(codes) <= {each["code"] for each in offered}
    assert not set(codes) & dict(SUCCESSORS).keys()


# Page and files ---------------------------------------------------------------------------------


def test_columns_of_the_same_kind_as_rows_are_refused(client: TestClient) -> None:
    for query in ("rows=type&columns=type", "rows=year&columns=month"):
        answer = client.get(f"{PAGE}?{query}", follow_redirects=True)
        assert "must be another key than that of the rows" in words(answer.text)
        assert client.get(f"{PAGE}.csv?{query}").status_code == 422


def test_page_files_and_json_have_the_same_counts(client: TestClient) -> None:
    query = "place=china&rows=corroboration"
    page = client.get(f"{PAGE}?rows=corroboration&place=china").text
    rows = csv_rows(client, f"{PAGE}.csv?{query}")
    body = client.get(f"{PAGE}.json?{query}").json()
    counted = {(row["row"], row["column"]): int(row["events"]) for row in rows}
    assert counted["", ""] == body["total"] > 0
    columns = [head["code"] for head in body["column_totals"]]
    for item in body["items"]:
        assert counted[item["code"], ""] == item["total"]
        assert [counted[item["code"], code] for code in columns] == item["events"]
    for row in rows:
        if int(row["events"]) and row["row"]:
            assert f'href="{row["list"].replace("&", "&amp;")}"' in page


def test_estimates_are_counted_by_two_keys(client: TestClient) -> None:
    listed = client.get("/estimates?place=china").text
    assert 'href="/estimates/breakdown?place=china"' in listed
    page = words(client.get("/estimates/breakdown?rows=counts&place=china").text)
    assert "Number of estimates: Measures by Year" in page and "All estimates" in page
    head = client.get("/estimates/breakdown.csv").text.partition("\r\n")[0]
    assert head == "\ufeffrow,row_label,column,column_label,estimates,list"
