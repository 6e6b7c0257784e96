"""Uploaded files are read as rows; unreadable files are refused with a reason."""

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from app.desk.imports.columns import (
    column_errors,
    guess_columns,
    guess_table_by_header,
    guess_table_by_name,
)
from app.desk.imports.file_reader import UnreadableUploadError, Upload, cell_as_text, read_tables
from tests.support.imports import zip_of

Table = tuple[str, list[str], list[tuple[int, list[str]]]]


def read(*files: tuple[str, bytes]) -> tuple[list[Table], list[str]]:
    ignored: list[str] = []
    uploads = [Upload(name, io.BytesIO(content)) for name, content in files]
    return [
        (sheet.name, list(sheet.header), list(sheet.lines))
        for sheet in read_tables(uploads, ignored)
    ], ignored


def test_csv_variants_are_read_alike() -> None:
    for content in (
        b"id,title\nS1,One\n",
        b"\xef\xbb\xbfid,title\r\nS1,One\r\n\r\n",
        b"id;title\nS1;One\n",
        b"id\ttitle\nS1\tOne\n",
        b'id,title,,\n"S1","One",,\n',
    ):
        (name, header, lines), *others = read(("sources.csv", content))[0]
        assert (name, header, others) == ("sources.csv", ["id", "title"], [])
        assert [(line, cells[:2]) for line, cells in lines] == [(2, ["S1", "One"])]


def test_row_over_two_lines_has_number_of_first() -> None:
    ((_name, _header, lines),) = read(("a.csv", b'id,title\n"S1","two\nlines"\nS2,x\n'))[0]
    assert lines == [(2, ["S1", "two\nlines"]), (4, ["S2", "x"])]


def test_zip_of_folder_yields_its_csv_files() -> None:
    files: dict[str, str | bytes] = {
        "seeds/events.csv": "id\nE1\n", "seeds/README.md": "x",
        "__MACOSX/seeds/._events.csv": b"\0\1", "seeds/": b"",
    }  # fmt: skip
    tables, ignored = read(("seeds.zip", zip_of(files)))
    assert tables == [("events.csv", ["id"], [(2, ["E1"])])]
    assert ignored == ["README.md"]


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sources"
    sheet.append(["id", "published", "point", "printed", "title"])
    sheet.append(["S1", datetime(2020, 1, 2), 1203.0, True, None])
    sheet.append([])
    sheet.append(["S2", date(2020, 1, 3), 0.25, False, "단둥"])
    book.create_sheet("Empty")
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_workbook_yields_one_table_a_sheet() -> None:
    (name, header, lines), *others = read(("bundle.xlsx", saved(workbook())))[0]
    assert (name, others) == ("Sources", [])
    assert header == ["id", "published", "point", "printed", "title"]
    assert lines == [
        (2, ["S1", "2020-01-02", "1203", "yes"]),
        (4, ["S2", "2020-01-03", "0.25", "no", "단둥"]),
    ]


def test_xlsx_formula_is_read_as_its_value(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Estimates")
    sheet.write_row(0, 0, ["id", "point"])
    sheet.write_string(1, 0, "M1")
    sheet.write_formula(1, 1, "=600*2+3", value=1203)
    book.close()
    ((_name, _header, lines),) = read(("a.xlsx", (tmp_path / "a.xlsx").read_bytes()))[0]
    assert lines == [(2, ["M1", "1203"])]
    broken = workbook()
    broken["Sources"]["C2"] = "#N/A"
    broken["Sources"]["C2"].data_type = "e"
    with pytest.raises(UnreadableUploadError, match="line 2: a formula results in #N/A"):
        read(("a.xlsx", saved(broken)))


def bomb() -> bytes:
    return zip_of({"events.csv": b"id\n" + b"E" * 20_000_000})


def locked() -> bytes:
    """Return a ZIP archive marked as encrypted."""
    content = bytearray(zip_of({"events.csv": "id\nE1\n"}))
    for signature in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.index(signature) + (6 if signature == b"PK\x03\x04" else 8)
        content[at] |= 1
    return bytes(content)


def distant_row() -> bytes:
    """Return a workbook of 1.6 kB whose second row has the number 2,000,000,000."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["id", "title"])
    book.active.append(["S1", "One"])
    with zipfile.ZipFile(io.BytesIO(saved(book))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'"([AB]?)2"', rb'"\g<1>2000000000"', parts[sheet])
    return zip_of(parts)


REFUSED = [
    ("a.xlsx", distant_row(), "has more than 100,000 rows, including blank ones"),
    ("a.csv", b"id,title\n" + b"\n" * 200_000, "has more than 100,000 rows, including blank ones"),
    (
        "a.csv",
        "id,title\nS1,Zürich\n".encode("latin-1"),
        "is not UTF-8 near line 1. Save it as “CSV UTF-8”",
    ),
    ("a.csv", "id,title\n".encode("utf-16"), "is not UTF-8"),
    ("a.csv", b'id,title\n"S1"x,y\n', "is not valid CSV at line 2"),
    ("a.csv", b"id\n" + b"x" * 200_000 + b"\n", "is not valid CSV at line 2: field larger"),
    ("a.csv", b"\n\n", "no column names"),
    ("a.csv", b"x" * 1_100_000, "line 1: the row is too long"),
    ("a.csv", b"id\n" + b'"\n",' * 300_000, "the row is too long"),
    ("a.csv", ",".join(f"c{n}" for n in range(101)).encode(), "more than 100 columns"),
    ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "in the old format"),
    ("setup.exe", b"id,title\nS1,One\n", "setup.exe is not a table. Upload CSV files"),
    ("setup.exe", zip_of({"a.csv": "id\n1\n"}), "setup.exe is not a table"),
    ("csv", b"id,title\nS1,One\n", "csv is not a table"),
    ("a.csv", zip_of({"a.csv": "id\n1\n"}), "The content of a.csv does not match its name"),
    ("a.xlsx", b"id,title\nS1,One\n", "The content of a.xlsx does not match its name"),
    ("a.zip", b"PK\x03\x04 and no more", "can’t be unpacked"),
    ("a.zip", bomb(), "a.zip is too large"),
    ("a.zip", locked(), "can’t be unpacked"),
    ("a.zip", zip_of({f"{n}.csv": "id\n1\n" for n in range(41)}), "more than 40 files"),
    ("a.xlsx", zip_of({"[Content_Types].xml": "<x"}), "can’t be read as a workbook"),
]


def test_unreadable_file_is_refused_with_reason() -> None:
    for name, content, words in REFUSED:
        with pytest.raises(UnreadableUploadError, match=words):
            read((name, content))


def test_workbook_with_large_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for part, limit in (
        ("xl/sharedStrings.xml", "MAX_SHARED_STRINGS_BYTES"),
        ("xl/styles.xml", "MAX_WORKBOOK_PART_BYTES"),
    ):
        content = zip_of({"[Content_Types].xml": "<x", part: "x" * 101})
        with pytest.raises(UnreadableUploadError, match="can’t be read as a workbook"):
            read(("a.xlsx", content))
        with monkeypatch.context() as patch:
            patch.setattr(f"app.desk.imports.file_reader.{limit}", 100)
            with pytest.raises(UnreadableUploadError, match="too many words or styles"):
                read(("a.xlsx", content))


def test_unpacked_limit_covers_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.desk.imports.file_reader.MAX_UNPACKED_BYTES", 1_000)
    half = zip_of({"events.csv": "id\n" + "E1\n" * 200})
    assert len(read(("a.zip", half))[0]) == 1
    with pytest.raises(UnreadableUploadError, match="Uncompressed, the files are larger"):
        read(("a.zip", half), ("b.zip", half))


def test_workbook_cells_are_read_as_typed() -> None:
    values = [None, True, 3.0, 0.1, 12, datetime(2020, 1, 2, 3, 4), date(2020, 1, 2), "a\0b", 1e21]
    typed = ["", "yes", "3", "0.1", "12", "2020-01-02", "2020-01-02", "a\N{REPLACEMENT CHARACTER}b"]
    assert [cell_as_text(value) for value in values] == [*typed, "1000000000000000000000"]


def test_tables_and_columns_are_guessed_from_names() -> None:
    names = ("events.csv", "Events", "EVENTS.CSV", "x.csv", "statements.csv")
    assert [guess_table_by_name(name) for name in names] == [
        "events.csv", "events.csv", "events.csv", "", "",
    ]  # fmt: skip
    header = ["Titel", "outlet", "Title", "title_basis", "Kind", "published_basis", "URL"]
    assert guess_table_by_header(header) == "sources.csv"
    assert [column["field"] for column in guess_columns("sources.csv", [*header, "title"])] == [
        "", "outlet", "title", "title_basis", "kind", "published_basis", "url", "",
    ]  # fmt: skip
    assert guess_table_by_header(["a", "b"]) == ""
    twice = [{"title": "a", "field": "code"}, {"title": "b", "field": "code"}]
    assert column_errors("terms.csv", twice) == [
        "two columns contain “Code”: choose another content for one of them",
        "no column contains “Belongs to”: choose a column for it",
    ]
