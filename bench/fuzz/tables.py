"""Fuzzes uploads of the desk and folders of `sojourn import`: CSV, archives and workbooks."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from openpyxl import Workbook
from pydantic import ValidationError

from app import paths
from app.desk.csv import reader
from app.desk.csv.reader import ImportReport, form_values
from app.desk.csv.tables import NOUNS, ROWS
from app.desk.imports.columns import guess_columns, guess_table_by_header, guess_table_by_name
from app.desk.imports.file_reader import UnreadableUploadError
from app.desk.imports.table_reader import write_tables
from app.kinds.base import Entry
from bench.fuzz.inputs import changed_bytes, changed_texts

ROWS_OF_SAMPLE = 5
FILES = {table.file: table for table in [*NOUNS, *ROWS]}
ENTRY = Entry(lambda: date(2030, 1, 1))


def _samples() -> dict[str, str]:
    """Return the first rows of each file of the seeds."""
    found = {}
    for name in FILES:
        path = paths.SEEDS / name
        if path.exists():
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            found[name] = "".join(lines[: ROWS_OF_SAMPLE + 1])
    return found


SAMPLES = _samples()
NAMES = sorted(SAMPLES)
CELLS = (
    *("2019-05-01", "yes", "no", "E1", "S1", "dandong", "a; b; c", '"', '""', '"a\nb"', "=1+1"),
    *("\r", ";", "\t", ",", "NaN", "1e309", "1,000", "-5", "http://[", "unknown", "\ufeff"),
)


def _workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Events"
    for number, line in enumerate(SAMPLES["events.csv"].splitlines()):
        sheet.append([*line.split(","), number, date(2019, 5, 1), 1.5, True, None])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WORKBOOK = _workbook()


def _parts(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


PARTS = _parts(WORKBOOK)


def _packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@st.composite
def _changed_workbooks(draw: st.DrawFn) -> bytes:
    """Draw a whole archive with damaged XML in it."""
    name = draw(st.sampled_from(sorted(PARTS)))
    text = PARTS[name].decode()
    pieces = ['t="s"', 't="e"', 't="d"', 't="b"', "<v>", "</c>", 'r="XFD1048576"', "<f>1/0</f>"]
    changed = draw(changed_texts([text], pieces)).encode("utf-8", "replace")
    return _packed({**PARTS, name: changed})


@st.composite
def _archives(draw: st.DrawFn) -> bytes:
    names = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    parts = {name: draw(changed_texts([SAMPLES[name]], CELLS)).encode() for name in names}
    parts[draw(st.sampled_from(["notes.txt", "../events.csv", "a/.b.csv", "x.tsv", "x\0.csv"]))] = (
        b"a,b\n1,2"
    )
    return draw(changed_bytes([_packed(parts)], most=2))


CSV = st.sampled_from(NAMES).flatmap(
    lambda name: st.tuples(st.just(name), changed_texts([SAMPLES[name]], CELLS).map(str.encode))
)
INPUTS = st.one_of(
    CSV,
    CSV.flatmap(lambda file: st.tuples(st.just(file[0]), changed_bytes([file[1]]))),
    st.tuples(st.just("book.xlsx"), _changed_workbooks()),
    st.tuples(st.just("book.xlsx"), changed_bytes([WORKBOOK])),
    st.tuples(st.just("all.zip"), _archives()),
)


def check(given: tuple[str, bytes]) -> str:
    name, content = given
    outcome = _check_upload(name, content)
    if name in FILES:
        _check_folder(name, content)
    return outcome


def _check_upload(name: str, content: bytes) -> str:
    with tempfile.TemporaryFile() as output:
        try:
            write_tables([name], io.BytesIO(content), output)
        except UnreadableUploadError as error:
            assert str(error).isprintable(), "the message is not one printable line"
            return "refused"
        output.seek(0)
        for sheet in reader_of(output.read()):
            _check_rows(name, *sheet)
    return "read"


def reader_of(output: bytes) -> Sequence[tuple[str, list[str], list[list[str]]]]:
    """Return the name, header and rows of each table, as the desk reads them back."""
    import json

    sheets: list[tuple[str, list[str], list[list[str]]]] = []
    for line in output.splitlines():
        value = json.loads(line)
        if isinstance(value, dict):
            sheets.append((value["name"], value["header"], []))
        elif value is not None:
            sheets[-1][2].append(value[1])
    return sheets


def _check_rows(name: str, sheet: str, header: list[str], rows: list[list[str]]) -> None:
    assert "\0" not in "".join([sheet, *header, *(cell for row in rows for cell in row)])
    file = guess_table_by_name(sheet) or guess_table_by_header(header) or "events.csv"
    columns = guess_columns(file, header)
    table = FILES[file]
    for row in rows:
        cells = {
            column["field"]: cell
            for column, cell in zip(columns, row, strict=False)
            if column["field"]
        }
        values = form_values(table, cells)
        for form in table.forms:
            try:
                form.model_validate(values, context=ENTRY)
            except ValidationError as error:
                assert error.errors(include_url=False), name


@cache
def _folder() -> Path:
    """Return a folder with the first rows of each file, in which one file is changed at a time."""
    folder = Path(tempfile.mkdtemp(prefix="sojourn-fuzz-"))
    for name, text in SAMPLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _check_folder(name: str, content: bytes) -> None:
    file = _folder() / name
    file.write_bytes(content)
    report = ImportReport()
    try:
        reader._read_forms(_folder(), report, ENTRY)
        for problem in report.errors:
            assert problem.line >= 0 and problem.reason
    finally:
        file.write_text(SAMPLES[name], encoding="utf-8")
