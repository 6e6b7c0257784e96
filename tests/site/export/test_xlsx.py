"""Lists as XLSX: the cells of the CSV file, streaming, and safety."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
from starlette.testclient import TestClient

from app.settings import Settings
from app.site.export.columns import Column, ColumnType, csv_cell
from app.site.export.responses import as_xlsx
from tests.make import make_event
from tests.support.event_pages import published_as
from tests.support.lists import LIST_VIEWS, csv_rows, file_address

ABOUT = {"edition": 1, "filter": "All", "licence": "CC BY 4.0", "page": "/events"}
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def workbook(client: TestClient, view: str) -> openpyxl.Workbook:
    answer = client.get(file_address(view, ".xlsx"))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_workbook_has_the_cells_of_the_csv_file(client: TestClient) -> None:
    """And a filter over all rows, and a sheet on filter, edition and licence."""
    for view in LIST_VIEWS:
        text = client.get(file_address(view, ".csv")).content.decode("utf-8-sig")
        # A workbook knows numbers, not whether they were written with a decimal.
        table = [[cell.removesuffix(".0") for cell in row] for row in csv.reader(io.StringIO(text))]
        book = workbook(client, view)
        sheet = book["Rows"]
        rows = [
            [as_in_csv(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()
        ]
        assert rows == table and len(rows) > 1, view

        assert sheet.auto_filter.ref == sheet.dimensions, view

        about = {str(row[0]): str(row[1]) for row in book["About"].iter_rows(values_only=True)}
        assert about["Licence"] == "CC BY 4.0" and about["Filter"], view
        assert about["Edition"].startswith("1, 20"), view
        page = about["Address"].removeprefix("http://testserver")
        assert page.endswith("edition=1") and client.get(page).status_code == 200, view
        assert all(about[name].endswith(".") for name in table[0]), view


def as_in_csv(value: object, number_format: str) -> str:
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC).isoformat()
        return moment if "hh" in number_format else moment.partition("T")[0]
    return csv_cell("" if value is None else value)


def test_workbook_has_no_formulas_and_no_links(database: Settings) -> None:
    titles = ['=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "https://evil.example"]
    events = [make_event(n, title=title, citations=[]) for n, title in enumerate(titles, 1)]
    with published_as(database, tuple(events)) as client:
        lines = list(workbook(client, "/events")["Rows"].iter_rows(min_row=2))
        here = {line[0].value: line[1] for line in lines}
        rows = csv_rows(client, "/events.csv")
    for event in events:
        cell = here[event.id]
        assert (cell.value, cell.data_type, cell.hyperlink) == (event.title, "s", None)
    assert len(rows) == len(titles) and not [row for row in rows if row["title"][0] in "=+-@"]


def test_workbook_cell_is_read_back_as_written() -> None:
    texts = [
        " in front",
        "behind ",
        "two\nlines",
        "<b>&amp;</b>",
        "韓國",
        "😀",
        '"',
        "'",
    ]
    same: list[object] = [*texts, 0, -1, 1.5, 1e20, True, False]
    others = {"": None, "x" * 40_000: "x" * 32_766 + "…"}
    values: list[tuple[object, object]] = [
        *((each, each) for each in same),
        *others.items(),
        *[(None, None), ([], None), (["a", "b"], "a;b")],
    ]
    days: list[tuple[object, object]] = [
        ("2019-12-22", datetime(2019, 12, 22)),
        ("1900-03-01", datetime(1900, 3, 1)),
        ("1899-05-01", "1899-05-01"),
        (None, None),
    ]
    moments: list[tuple[object, object]] = [
        ("2026-11-27T08:20:05+00:00", datetime(2026, 11, 27, 8, 20, 5)),
        ("2026-11-27T08:20:05+08:00", datetime(2026, 11, 27, 0, 20, 5)),
    ]
    for holds, pairs in (
        (ColumnType.TEXT, values),
        (ColumnType.DAY, days),
        (ColumnType.MOMENT, moments),
    ):
        column: Column[Any] = Column("it", "A.", lambda row: row, holds)
        made = b"".join(as_xlsx([column], [value for value, _read in pairs], ABOUT, DAY))
        rows = openpyxl.load_workbook(io.BytesIO(made))["Rows"]
        for line, (value, read) in enumerate(pairs, 2):
            found = rows.cell(line, 1).value
            assert found == read and type(found) is type(read), value
