"""Lists as XLSX: the cells of the CSV file, streaming, and safety."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
from starlette.testclient import TestClient

from app.settings import Settings
from app.site.export.columns import csv_cell
from tests.make import make_event
from tests.support.event_pages import published_as
from tests.support.lists import LIST_VIEWS, csv_rows, file_address


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
