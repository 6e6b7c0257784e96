"""Answers of two sides, made comparable: what each part of an answer says, by a stable name.

An answer is turned into pairs of a field and its text, in order. A field names no row: the
third row's `title` is `rows[].title`, as is the fourth's. Only what differs between two runs of one
commit is replaced: `normalised` is the whole list of it.
"""

import csv
import datetime
import difflib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import openpyxl
from lxml import etree, html  # type: ignore[import-untyped]
from pyarrow import parquet

HEADERS = (
    *("content-type", "content-disposition", "location", "link", "cache-control", "x-robots-tag"),
    *("x-sojourn-edition", "referrer-policy", "content-security-policy", "set-cookie"),
)
"""Headers that are compared. The others are times, lengths, and marks of a request."""
BINARY = ("sheet", "zip", "png", "icon")
"""How the content types of bodies end that are no text."""
Field = tuple[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip()


@dataclass(frozen=True)
class Difference:
    """What one address says otherwise in one field. A missing text is empty."""

    route: str
    address: str
    field: str
    old: str
    new: str


# What may differ between two runs of one commit ---------------------------------------------------

STATIC = re.compile(r"(/static/[\w./-]+\?v=)[0-9a-f]{8,64}\b")
TOKEN = re.compile(r"\b[0-9a-f]{8}\.[0-9a-f]{16}\.[0-9a-f]{32}\b")
"""Of a form to readers: its time, a number by chance, and a signature."""


def _times_of_days(days: Sequence[datetime.date]) -> re.Pattern[str]:
    """Match a time of day on one of these days, in the notations of pages, files and headers."""
    forms = "|".join(
        form
        for day in days
        for form in (
            rf"{day:%Y-%m-%d}[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?",
            rf"(?:{day:%a}, )?{day:%d} {day:%b} {day:%Y} \d\d:\d\d:\d\d(?: GMT)?",
            rf"{day.day} {day:%B} {day:%Y},? (?:at )?\d\d:\d\d(?: UTC)?",
        )
    )
    return re.compile(rf"(?:{forms})")


def run_days() -> list[datetime.date]:
    """Return the days (UTC) on which this run's sites can have published: today and yesterday."""
    today = datetime.datetime.now(datetime.UTC).date()
    return [today - datetime.timedelta(days=1), today]


TIMES = _times_of_days(run_days())


def normalised(text: str) -> str:
    """Replace hashes in addresses of static files, times of this run, and tokens of forms.

    A date without a time stays, even today's; so does every time of another day.
    """
    text = STATIC.sub(r"\1HASH", text)
    return TIMES.sub("TIME", TOKEN.sub("TOKEN", text))


# Fields of an answer ------------------------------------------------------------------------------


def header_fields(answer: Answer) -> Iterator[Field]:
    for name in HEADERS:
        if name in answer.headers:
            yield f"header {name}", normalised(answer.headers[name])


def body_fields(kind: str, body: bytes, at: str = "") -> Iterator[Field]:
    if kind == "text/html":
        yield from _tree_fields(_html(body), at)
    elif kind.endswith(("/json", "+json")):
        yield from _json_fields(json.loads(body), at)
    elif kind == "text/csv":
        yield from _csv_fields(body.decode("utf-8-sig"), at)
    elif kind.endswith(("/xml", "+xml")):
        yield from _tree_fields(etree.fromstring(body), at)
    elif kind.endswith("spreadsheetml.sheet"):
        yield from _sheet_fields(body, at)
    elif kind == "application/zip":
        yield from _zip_fields(body, at)
    elif kind.startswith("text/") or kind.endswith(("javascript", "bibtex", "systems")):
        for line in body.decode().splitlines():
            yield f"{at}line", normalised(line)
    elif body:
        yield f"{at}bytes", f"{len(body)} bytes, sha256 {sha256(body).hexdigest()}"


def _html(body: bytes) -> Any:
    return html.document_fromstring(body.decode() or "<html></html>")


def _tree_fields(element: Any, at: str) -> Iterator[Field]:
    """Yield the texts and attributes of a tree, by a path of tags with their ids or classes."""
    if not isinstance(element.tag, str):
        return
    tag = element.tag.rpartition("}")[2]
    # Ids of rows are of the record. A path must be the same for each of them.
    name = element.get("id") or ""
    mark = f"#{name}" if re.fullmatch(r"[a-z]+(-[a-z]+)*", name) else ""
    classes = element.get("class", "").split()
    path = f"{at}/{tag}{mark or ('.' + classes[0] if classes else '')}"
    # Each element is a field, so that one without text or attributes is missed, too.
    yield path, _folded(element.text)
    for key in sorted(element.attrib):
        yield f"{path}@{key.rpartition('}')[2]}", normalised(element.get(key))
    for child in element:
        yield from _tree_fields(child, path)
        if tail := _folded(child.tail):
            yield path, tail


def _folded(text: str | None) -> str:
    return normalised(" ".join((text or "").split()))


def _json_fields(value: Any, at: str) -> Iterator[Field]:
    if isinstance(value, dict):
        yield at or ".", f"keys: {', '.join(value)}"
        for key, inside in value.items():
            # Keys of a dictionary of ids are rows, too.
            named = "{}" if re.fullmatch(r"[A-Z][0-9]+(\.\d+)?", key) else key
            yield from _json_fields(inside, f"{at}.{named}" if at else named)
    elif isinstance(value, list):
        yield f"{at}[]", f"{len(value)} rows"
        for inside in value:
            yield from _json_fields(inside, f"{at}[]")
    else:
        yield at, normalised(value if isinstance(value, str) else json.dumps(value))


def _csv_fields(text: str, at: str) -> Iterator[Field]:
    rows = [*csv.reader(io.StringIO(text))]
    yield from _table_fields(rows, at)


def _table_fields(rows: Sequence[Sequence[str]], at: str) -> Iterator[Field]:
    columns = rows[0] if rows else []
    yield f"{at}columns", ", ".join(columns)
    yield f"{at}rows", str(len(rows))
    for row in rows[1:]:
        for number, cell in enumerate(row):
            yield f"{at}{columns[number] if number < len(columns) else number}", normalised(cell)


def _sheet_fields(body: bytes, at: str) -> Iterator[Field]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    for sheet in book.worksheets:
        rows = [
            ["" if cell is None else f"{type(cell).__name__} {cell}" for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        # Of the head only the text is a name.
        rows[:1] = [[cell.removeprefix("str ") for cell in row] for row in rows[:1]]
        yield from _table_fields(rows, f"{at}{sheet.title}!")


KINDS_OF_FILES = {
    ".json": "application/json",
    ".csv": "text/csv",
    ".md": "text/plain",
    ".txt": "text/plain",
    "SHA256SUMS": "text/plain",
    ".parquet": "parquet",
}


def _zip_fields(body: bytes, at: str) -> Iterator[Field]:
    """Yield the fields of each file, in which the hash of another file is its name.

    A file with a time of this run has another hash in each run, and is compared itself.
    """
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    hashes = {sha256(inside).hexdigest(): name for name, inside in files.items()}
    yield f"{at}files", ", ".join(files)
    for name, inside in files.items():
        kind = next((kind for end, kind in KINDS_OF_FILES.items() if name.endswith(end)), "")
        if kind == "parquet":
            table = parquet.read_table(io.BytesIO(inside))
            yield f"{at}{name}: types", ", ".join(map(str, table.schema))
            rows = [[str(cell) for cell in row.values()] for row in table.to_pylist()]
            yield from _table_fields([table.column_names, *rows], f"{at}{name}: ")
            continue
        named = re.sub(
            rb"\b[0-9a-f]{64}\b",
            lambda found: hashes.get(found[0].decode(), found[0].decode()).encode(),
            inside,
        )
        yield from body_fields(kind, named if kind else inside, f"{at}{name}: ")


# Comparison ---------------------------------------------------------------------------------------

JUNK_ROWS = 20_000
"""Above this number of fields, two answers are compared field by field, not aligned."""


def differences(route: str, address: str, old: Answer, new: Answer) -> list[Difference]:
    if old.status != new.status:
        found = (str(old.status), str(new.status))
        return [Difference(route, address, "status", *found)]
    before, after = [*header_fields(old)], [*header_fields(new)]
    # Most answers differ in times alone; that is seen without taking them apart.
    if not is_alike(old, new):
        before += body_fields(old.kind, old.body)
        after += body_fields(new.kind, new.body)
    return [Difference(route, address, *each) for each in changes(before, after)]


def is_alike(old: Answer, new: Answer) -> bool:
    if old.body == new.body or old.kind != new.kind or old.kind.endswith(BINARY):
        return old.body == new.body
    first, second = (normalised(each.body.decode("utf-8", "replace")) for each in (old, new))
    return first == second


def changes(before: Sequence[Field], after: Sequence[Field]) -> Iterator[tuple[str, str, str]]:
    """Yield field, old and new of what differs. Removed and added fields have one empty text."""
    if before == after:
        return
    if len(before) == len(after) and [name for name, _ in before] == [name for name, _ in after]:
        for (name, old), (_name, new) in zip(before, after, strict=True):
            if old != new:
                yield name, old, new
        return
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) > JUNK_ROWS)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = [*before[start:end]], [*after[first:last]]
        # In a replaced run, fields of one name belong together in their order.
        for name, old in gone:
            at = next((n for n, (other, _) in enumerate(come) if other == name), None)
            yield name, old or "(empty)", (come.pop(at)[1] or "(empty)") if at is not None else ""
        for name, new in come:
            yield name, "", new or "(empty)"
