"""Lists as XLSX: the cells of the CSV file, streaming, and safety."""

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from zipfile import ZIP_DEFLATED

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.site.export.column_types import Column, ColumnType, csv_cell
from app.site.export.xlsx import BOOK_FILE, MAX_WIDTH, ROWS_FILE, as_xlsx
from tests.conftest import desk_session
from tests.make import a_small_world, make_event, publish_all
from tests.support.lists import LIST_VIEWS, file_address


def workbook(client: TestClient, view: str) -> openpyxl.Workbook:
    answer = client.get(file_address(view, ".xlsx"))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


@pytest.mark.parametrize("view", LIST_VIEWS)
def test_workbook_has_the_cells_of_the_csv_file(client: TestClient, view: str) -> None:
    table = list(
        csv.reader(io.StringIO(client.get(file_address(view, ".csv")).content.decode("utf-8-sig")))
    )
    sheet = workbook(client, view)["Rows"]
    rows = [
        [as_in_csv(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()
    ]
    assert rows == table and len(rows) > 1


def as_in_csv(value: object, number_format: str) -> str:
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC).isoformat()
        return moment if "hh" in number_format else moment.partition("T")[0]
    return csv_cell("" if value is None else value)


@pytest.mark.parametrize("view", LIST_VIEWS)
def test_workbook_has_filter_over_all_rows_and_readable_widths(
    client: TestClient, view: str
) -> None:
    answer = client.get(file_address(view, ".xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Rows"]
    assert sheet.auto_filter.ref == sheet.dimensions
    # Excel wants the range twice; openpyxl reads it once.
    book = zipfile.ZipFile(io.BytesIO(answer.content)).read(BOOK_FILE).decode()
    assert f">Rows!{sheet.dimensions}<" in book.replace("$", "")
    names = [str(cell.value) for cell in sheet[1]]
    widths = [
        sheet.column_dimensions[get_column_letter(place)].width
        for place in range(1, len(names) + 1)
    ]
    assert all(width > len(name) for width, name in zip(widths, names, strict=True))
    assert max(widths) <= MAX_WIDTH


def test_days_in_workbook_are_dates(client: TestClient) -> None:
    sheet = workbook(client, "/events?from=2019&to=2019")["Rows"]
    names = [cell.value for cell in sheet[1]]
    column = names.index("earliest") + 1
    cells = [sheet.cell(line, column) for line in range(2, sheet.max_row + 1)]
    dated = [cell for cell in cells if cell.value is not None]
    assert len(dated) > 1
    assert all(cell.is_date and cell.number_format == "yyyy-mm-dd" for cell in dated)


@pytest.mark.parametrize(
    ("holds", "value", "read"),
    [
        (ColumnType.DAY, "2019-12-22", datetime(2019, 12, 22)),
        (ColumnType.DAY, "1900-03-01", datetime(1900, 3, 1)),
        (ColumnType.DAY, "1899-05-01", "1899-05-01"),
        (ColumnType.DAY, None, None),
        (ColumnType.MOMENT, "2026-11-27T08:20:05+00:00", datetime(2026, 11, 27, 8, 20, 5)),
        (ColumnType.MOMENT, "2026-11-27T08:20:05+08:00", datetime(2026, 11, 27, 0, 20, 5)),
    ],
)
def test_day_in_workbook_is_read_back_as_written(
    holds: ColumnType, value: str | None, read: object
) -> None:
    column: Column[str | None] = Column("day", "A day.", lambda row: row, holds)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(as_xlsx([column], [value], ABOUT, DAY))))[
        "Rows"
    ]
    found = sheet["A2"].value
    assert found == read and type(found) is type(read)


@pytest.mark.parametrize("view", LIST_VIEWS)
def test_workbook_has_sheet_on_filter_edition_and_licence(client: TestClient, view: str) -> None:
    about = {
        str(row[0]): str(row[1])
        for row in workbook(client, view)["About"].iter_rows(values_only=True)
    }
    assert (
        about["Licence"] == "CC BY 4.0" and about["Edition"].startswith("1, 20") and about["Filter"]
    )
    page = about["Address"].removeprefix("http://testserver")
    assert page.endswith("edition=1") and client.get(page).status_code == 200
    header = next(
        csv.reader(io.StringIO(client.get(file_address(view, ".csv")).content.decode("utf-8-sig")))
    )
    assert all(about[name].endswith(".") for name in header)


def test_same_query_gives_identical_workbook(client: TestClient) -> None:
    assert (
        client.get("/cities.xlsx?place=china").content
        == client.get("/cities.xlsx?place=china").content
    )


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "https://evil.example"]
)
def test_workbook_has_no_formulas_and_no_links(database: Settings, title: str) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1, title=title))
    with TestClient(create_app(database)) as client:
        sheet = workbook(client, "/events")["Rows"]
        here = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "E1")[1]
        assert (here.value, here.data_type, here.hyperlink) == (title, "s", None)
        [row] = csv.DictReader(io.StringIO(client.get("/events.csv").content.decode("utf-8-sig")))
        assert row["title"][0] not in "=+-@"


ABOUT = [("Filter", "All")]
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def test_workbook_memory_does_not_grow_with_rows() -> None:
    columns: list[Column[int]] = [
        Column(name, "A text.", lambda n: f"{n} {'x' * 200}") for name in ("id", "a", "b")
    ]

    def peak(rows: int) -> int:
        tracemalloc.start()
        for _piece in as_xlsx(columns, range(rows), ABOUT, DAY):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(8_000) < peak(1_000) + 500_000


def test_workbook_is_streamed_while_rows_are_read() -> None:
    waiting = iter(range(8_000))
    column: Column[int] = Column("id", "Noise.", lambda n: sha256(str(n).encode()).hexdigest())
    pieces = as_xlsx([column], waiting, ABOUT, DAY)
    begun = next(pieces)
    assert begun.startswith(b"PK") and next(waiting) == 0
    assert next(pieces) and next(waiting) < 4_000


def test_workbook_cut_off_by_error_is_invalid() -> None:
    def rows() -> Iterator[int]:
        yield from range(5_000)
        raise ConnectionError

    column: Column[int] = Column("id", "A number.", lambda n: n)
    sent: list[bytes] = []
    with pytest.raises(ConnectionError):
        sent.extend(as_xlsx([column], rows(), ABOUT, DAY))
    assert sum(map(len, sent)) > 10_000 and not zipfile.is_zipfile(io.BytesIO(b"".join(sent)))


def test_streamed_workbook_has_sizes_strict_readers_accept() -> None:
    """LibreOffice rejects uncompressed files followed by their length; Excel, 64-bit lengths."""
    column: Column[int] = Column("id", "A number.", lambda n: n)
    workbook = zipfile.ZipFile(io.BytesIO(b"".join(as_xlsx([column], range(10), ABOUT, DAY))))
    files = workbook.infolist()
    assert workbook.testzip() is None and len(files) > 5
    assert {(file.compress_type, file.extract_version, file.extra) for file in files} == {
        (ZIP_DEFLATED, 20, b"")
    }


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *(
            (text, text)
            for text in [
                " in front",
                "behind ",
                "two\nlines",
                "<b>&amp;</b>",
                "韓國",
                "😀",
                '"',
                "'",
            ]
        ),
        *((number, number) for number in [0, -1, 1.5, 1e20, True, False]),
        *[("", None), (None, None), ([], None), (["a", "b"], "a;b")],
        ("x" * 40_000, "x" * 32_766 + "…"),
    ],
)
def test_workbook_cell_is_read_back_as_written(value: object, read: object) -> None:
    columns: list[Column[object]] = [
        Column("id", "A.", lambda _row: "E1"),
        Column("it", "B.", lambda row: row),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(as_xlsx(columns, [value], ABOUT, DAY))))[
        "Rows"
    ]
    found = sheet["B2"].value
    assert found == read and type(found) is type(read) and sheet["A2"].value == "E1"


def test_text_that_looks_like_an_escape_stays_text() -> None:
    column: Column[str] = Column("id", "A text.", lambda text: text)
    sheet = zipfile.ZipFile(
        io.BytesIO(b"".join(as_xlsx([column], ["_x0041_ _x_"], ABOUT, DAY)))
    ).read(ROWS_FILE)
    assert b">_x005F_x0041_ _x_<" in sheet
