"""Datasette over the same events, set up as its documentation advises.

Filtered columns have indexes, lists of codes are JSON arrays with facets, and full-text search
uses FTS5. The file is immutable with precomputed counts, and time limits are lifted. Where the
array filter would read every row, an indexed join table is used instead.
"""

import json
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine, select

from app.record.filters import EventFilters, window_of
from app.record.search import CJK_RUN, plain_text
from bench.questions import FACETS, PAGE, Question
from bench.with_sqlalchemy import Event, EventTerm

SCALAR = ("type",)
"""Keys with one code a row, stored as a column. All others are arrays."""
ARRAYS = tuple(key for key in FACETS if key not in SCALAR)
_FACETS = ", ".join(f"{key} TEXT" for key in FACETS)
TABLES = f"""
CREATE TABLE event (
    number INTEGER PRIMARY KEY, title TEXT, summary TEXT, happened TEXT, sort_day TEXT, first TEXT, last TEXT,
    whole_first TEXT, whole_last TEXT, sure_first TEXT, sure_last TEXT, words TEXT, {_FACETS}
);
CREATE TABLE event_term (key TEXT, code TEXT, event INTEGER REFERENCES event, PRIMARY KEY (key, code, event))
    WITHOUT ROWID;
"""  # noqa: E501
INDEXES = """
CREATE INDEX event_type ON event (type);
CREATE INDEX event_order ON event (sort_day);
CREATE INDEX event_days ON event (first, last);
CREATE VIRTUAL TABLE event_fts USING fts5 (words, content="event", content_rowid="number", tokenize="porter unicode61");
INSERT INTO event_fts (event_fts) VALUES ('rebuild');
ANALYZE;
"""  # noqa: E501
SETTINGS = {
    "sql_time_limit_ms": 600_000,
    "facet_time_limit_ms": 600_000,
    "suggest_facets": 0,
    "default_page_size": PAGE,
    "default_cache_ttl": 0,
    "max_csv_mb": 0,
}


def make_file(engine: Engine, folder: Path) -> Path:
    """Copy the plain tables into one SQLite file with indexes and counts."""
    file = folder / "events.db"
    if file.exists():
        return file
    draft = folder / "draft.db"
    draft.unlink(missing_ok=True)
    lite = sqlite3.connect(draft)
    lite.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES)
    with engine.connect().execution_options(yield_per=5_000) as connection:
        columns = [column for column in Event.__table__.columns if column.name != "search"]
        for rows in connection.execute(select(*columns).order_by(Event.number)).partitions():
            codes = _codes(engine, rows[0].number, rows[-1].number)
            values = [(*_as_text(row), *_facets(codes[row.number])) for row in rows]
            names = [column.name for column in columns] + list(FACETS)
            lite.executemany(
                f"INSERT INTO event ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
                values,
            )
        for rows in connection.execute(select(EventTerm.__table__)).partitions():
            lite.executemany(
                "INSERT INTO event_term (event, key, code) VALUES (?, ?, ?)",
                [tuple(row) for row in rows],
            )
    lite.executescript(INDEXES)
    lite.commit()
    lite.close()
    draft.rename(file)
    counted = subprocess.run(
        [sys.executable, "-m", "datasette", "inspect", file], check=True, capture_output=True
    )
    (folder / "counts.json").write_bytes(counted.stdout)
    return file


def _codes(engine: Engine, first: int, last: int) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with engine.connect() as connection:
        for term in connection.execute(
            select(EventTerm.__table__).where(EventTerm.event.between(first, last))
        ):
            found[term.event][term.key].append(term.code)
    return found


def _facets(codes: dict[str, list[str]]) -> list[str | None]:
    return [codes[key][0] if key in SCALAR else json.dumps(sorted(codes[key])) for key in FACETS]


def _as_text(row: Sequence[object]) -> list[object]:
    return [
        value if value is None or isinstance(value, int | str | float) else str(value)
        for value in row
    ]


def command(folder: Path) -> list[str]:
    """Return the command that starts Datasette, without the port."""
    settings = [
        word for name, value in SETTINGS.items() for word in ("--setting", name, str(value))
    ]
    files = ["-i", str(folder / "events.db"), "--inspect-file", str(folder / "counts.json")]
    return ["datasette", "serve", *files, *settings]


# URLs -------------------------------------------------------------------------------------------


def address(question: Question, ending: str = "") -> str:
    pairs = [*conditions(question.filters), ("_sort", "sort_day")]
    pairs += [("_facet" if key in SCALAR else "_facet_array", key) for key in FACETS]
    if question.skipped:
        day, number = question.last_seen
        pairs.append(("_next", f"{day},{number}"))
    return f"/events/event{ending}?{urlencode(pairs)}"


def conditions(filters: EventFilters) -> list[tuple[str, str]]:
    found = []
    for codes_of, word in ((filters.included, "in"), (filters.excluded, "not in")):
        for key in FACETS:
            if codes := codes_of.get(key):
                if key in SCALAR and len(codes) == 1 and word == "in":
                    found.append((key, codes[0]))
                    continue
                quoted = ", ".join(f"'{code}'" for code in codes)
                rows = f"SELECT event FROM event_term WHERE key = '{key}' AND code IN ({quoted})"
                found.append(("_where", f"number {word} ({rows})"))
    if words := filters.one("q"):
        # FTS5 does not split Chinese, Japanese or Korean text into words, so every row is read.
        found.append(
            ("words__contains", plain_text(words)) if CJK_RUN.search(words) else ("_search", words)
        )
    window = window_of(filters)
    if window.first and window.last:
        if filters.one("match") == "certain":
            whole = f"whole_first >= '{window.first}' AND whole_last <= '{window.last}'"
            sure = f"sure_first <= '{window.last}' AND sure_last >= '{window.first}'"
            found.append(("_where", f"({whole}) OR ({sure})"))
        else:
            found.append(
                (
                    "_where",
                    f"first <= '{window.last}' AND coalesce(last, '9999') >= '{window.first}'",
                )
            )
    return found
