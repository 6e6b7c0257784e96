"""Answers of two sides, made comparable: what each part of an answer says, by a stable name.

An answer is turned into pairs of a field and its text, in order. A field names no row: the third
row's `title` is `[].title`, as is the fourth's. Only what differs between two runs of one commit is
replaced: `normalised` is the whole list of it. Workbooks and Parquet are compared by their status
and headers: the tests of the site hold them to the rows of CSV.
"""

import csv
import datetime
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]

HEADERS = (
    *("content-type", "content-disposition", "location", "link", "cache-control", "x-robots-tag"),
    *("x-sojourn-edition", "referrer-policy", "content-security-policy", "set-cookie"),
)
"""Headers that are compared. The others are times, lengths, and marks of a request."""
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


def _times_of_run() -> str:
    """Match a time of today or yesterday (UTC), in the notations of pages, files and headers."""
    today = datetime.datetime.now(datetime.UTC).date()
    return "|".join(
        form
        for day in (today - datetime.timedelta(days=1), today)
        for form in (
            rf"{day:%Y-%m-%d}[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?",
            rf"(?:{day:%a}, )?{day:%d} {day:%b} {day:%Y} \d\d:\d\d:\d\d(?: GMT)?",
            rf"{day.day} {day:%B} {day:%Y},? (?:at )?\d\d:\d\d(?: UTC)?",
        )
    )


PASSING = re.compile(
    r"(?<=\?v=)[0-9a-f]{8,64}\b"  # the hash of a static file
    r"|\b[0-9a-f]{8}\.[0-9a-f]{16}\.[0-9a-f]{32}\b"  # the token of a form to readers
    rf"|{_times_of_run()}"
)


def normalised(text: str) -> str:
    """Replace what differs between two runs of one commit. A date without a time stays."""
    return PASSING.sub("…", " ".join(text.split()))


def fields(answer: Answer) -> list[Field]:
    heads = [
        (f"header {name}", normalised(answer.headers[name]))
        for name in HEADERS
        if name in answer.headers
    ]
    return [*heads, *_of_body(answer.kind, answer.body)]


def _of_body(kind: str, body: bytes, at: str = "") -> Iterator[Field]:
    if kind == "text/html":
        yield from _of_tree(html.document_fromstring(body.decode() or "<html></html>"), at)
    elif kind.endswith("json"):
        yield from _of_json(json.loads(body), at)
    elif kind.endswith("csv"):
        yield from _of_table([*csv.reader(io.StringIO(body.decode("utf-8-sig")))], at)
    elif kind.endswith("xml"):
        yield from _of_tree(etree.fromstring(body), at)
    elif kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            yield f"{at}files", ", ".join(archive.namelist())
            for name in archive.namelist():
                # A file with a time of this run has another hash in each run.
                text = re.sub(rb"\b[0-9a-f]{64}\b", "…".encode(), archive.read(name))
                if name.endswith((".csv", ".json", ".md")):
                    yield from _of_body(name.rpartition(".")[2], text, f"{name}: ")
    elif kind.startswith("text/") or kind.endswith(("javascript", "bibtex", "systems", "md")):
        for line in body.decode().splitlines():
            yield f"{at}line", normalised(line)


def _of_tree(element: Any, at: str) -> Iterator[Field]:
    """Yield the texts and attributes of a tree, by a path of tags with their ids or classes."""
    if not isinstance(element.tag, str):
        return
    # Ids of rows are of the record. A path must be the same for each of them.
    name, classes = element.get("id") or "", element.get("class", "").split()
    mark = f"#{name}" if re.fullmatch(r"[a-z]+(-[a-z]+)*", name) else ""
    path = f"{at}/{_local(element.tag)}{mark or ''.join(f'.{c}' for c in classes[:1])}"
    yield path, normalised(element.text or "")
    for key in sorted(element.attrib):
        yield f"{path}@{_local(key)}", normalised(element.get(key))
    for child in element:
        yield from _of_tree(child, path)
        if tail := normalised(child.tail or ""):
            yield path, tail


def _local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def _of_json(value: Any, at: str) -> Iterator[Field]:
    if isinstance(value, dict):
        yield at or ".", f"keys: {', '.join(value)}"
        for key, inside in value.items():
            # Keys of a dictionary of ids are rows, too.
            named = "{}" if re.fullmatch(r"[A-Z][0-9]+(\.\d+)?", key) else key
            yield from _of_json(inside, f"{at}.{named}" if at else named)
    elif isinstance(value, list):
        yield f"{at}[]", f"{len(value)} rows"
        for inside in value:
            yield from _of_json(inside, f"{at}[]")
    else:
        yield at, normalised(value if isinstance(value, str) else json.dumps(value))


def _of_table(rows: Sequence[Sequence[str]], at: str) -> Iterator[Field]:
    columns = rows[0] if rows else []
    yield f"{at}columns", ", ".join(columns)
    yield f"{at}rows", str(len(rows))
    for row in rows[1:]:
        for column, cell in zip(columns, row, strict=True):
            yield f"{at}{column}", normalised(cell)


def differences(route: str, address: str, old: Answer, new: Answer) -> list[Difference]:
    if old.status != new.status:
        return [Difference(route, address, "status", str(old.status), str(new.status))]
    if old.body == new.body and old.headers == new.headers:
        return []
    return [Difference(route, address, *each) for each in _changes(fields(old), fields(new))]


def _changes(before: Sequence[Field], after: Sequence[Field]) -> Iterator[tuple[str, str, str]]:
    """Yield field, old and new of what differs; "order" if only the order differs.

    What went and what came are counted, not aligned: rebuilt pages differ in thousands.
    """
    gone = Counter(before) - Counter(after)
    come = Counter(after) - Counter(before)
    if not gone and not come:
        moved = (pair for pair in zip(before, after, strict=True) if pair[0] != pair[1])
        yield from (("order", f"{old[0]}: {old[1]}", f"{new[0]}: {new[1]}") for old, new in moved)
        return
    left: dict[str, list[str]] = {}
    for name, text in come.elements():
        left.setdefault(name, []).append(text or "(empty)")
    for name, text in gone.elements():
        yield name, text or "(empty)", left[name].pop(0) if left.get(name) else ""
    for name, texts in left.items():
        yield from ((name, "", text) for text in texts)
