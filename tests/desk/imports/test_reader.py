"""Uploaded files are read as rows; unreadable files are refused with a reason."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.desk.imports.reader import UnreadableUploadError, UploadedTable, cell_as_text, read_table


def read(name: str, content: bytes) -> UploadedTable:
    return read_table(name, io.BytesIO(content))


def zip_of(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(*sheets: list[list[object]]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


def locked() -> bytes:
    """Return an archive whose file needs a password."""
    content = bytearray(zip_of({"[Content_Types].xml": "<x"}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def test_csv_variants_are_read_alike() -> None:
    for content in (
        b"slug,title\nS1,One\n",
        b"\xef\xbb\xbfslug,title\r\nS1,One\r\n\r\n",
        b"slug;title\nS1;One\n",
        b"slug\ttitle\nS1\tOne\n",
        b'slug,title,,\n"S1","One",,\n',
    ):
        assert read("a.csv", content) == UploadedTable(["slug", "title"], [(2, ["S1", "One"])])


def test_rows_keep_number_of_first_line_and_lose_escapes() -> None:
    table = read("a.csv", b'slug,title\n"S1","two\nlines"\n\nS2,\'=x\nS3,\'s\n')
    assert table.lines == [(2, ["S1", "two\nlines"]), (5, ["S2", "=x"]), (6, ["S3", "'s"])]


def test_workbook_is_read_as_typed(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["slug", "published", "point", "printed", "title"],
        ["S1", datetime(2020, 1, 2), 1203.0, True, None],
        [],
        ["S2", date(2020, 1, 3), 0.25, False, "단둥"],
    ]
    table = read("a.xlsx", workbook(rows, []))
    assert table.header == rows[0]
    assert table.lines == [
        (2, ["S1", "2020-01-02", "1203", "yes"]),
        (4, ["S2", "2020-01-03", "0.25", "no", "단둥"]),
    ]
    assert [cell_as_text(value) for value in (12, 0.1, 1e21)] == ["12", "0.1", f"1{'0' * 21}"]
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["slug", "point"])
    sheet.write_formula(1, 1, "=600*2+3", value=1203)
    book.close()
    assert read("a.xlsx", (tmp_path / "a.xlsx").read_bytes()).lines == [(2, ["", "1203"])]


CONTENT = {"[Content_Types].xml": "<x"}
REFUSED = [
    ("a.csv", b"", "no column names"),
    ("a.csv", b"slug\n" + b"x\n" * 201, "more than 200 rows"),
    ("a.csv", b"slug\n" + b"\n" * 10_001 + b"x\n", "more than 200 rows"),
    ("a.csv", "slug\nZürich\n".encode("latin-1"), "not UTF-8. Save it as “CSV UTF-8”"),
    ("a.csv", b'slug,title\n"S1"x,y\n', "not valid CSV at line 2"),
    ("a.csv", b"slug\n" + b"x" * 200_000 + b"\n", "not valid CSV at line 2: field larger"),
    ("a.csv", b"slug\n" + (b"x" * 90_000 + b",") * 71, "Line 2 has too much text"),
    ("a.csv", ",".join(f"c{n}" for n in range(201)).encode(), "Line 1 has too much text, or more"),
    ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not a table. Upload a CSV or .xlsx file"),
    ("a.xlsx", locked(), "can’t be read as a workbook"),
    ("a.xlsx", zip_of(CONTENT | {"x": "0" * 100_000_001}), "workbook is too large"),
    ("a.xlsx", workbook([["slug"], ["x"]], [["more"]]), "several sheets"),
    ("a.xlsx", workbook([["slug"], *([] for _ in range(10_001)), ["x"]]), "more than 200 rows"),
]


@pytest.mark.parametrize(("name", "content", "words"), REFUSED)
def test_unreadable_file_is_refused_with_reason(name: str, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableUploadError, match=words):
        read(name, content)
