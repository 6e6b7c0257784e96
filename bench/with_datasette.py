"""The events of the DuckDB file in Datasette.

It has an immutable file with JSON arrays as facets, full-text search and no time limits.
"""

import sqlite3
from pathlib import Path
from urllib.parse import urlencode

import duckdb

from app.record.search import CJK_RUN, plain_text
from bench.questions import FACETS, PAGE, Question
from bench.with_duckdb import conditions

LIMITS = {"sql_time_limit_ms": 600_000, "facet_time_limit_ms": 600_000, "suggest_facets": 0}


def make_file(duck_file: Path, folder: Path) -> Path:
    file = folder / "events.db"
    file.unlink(missing_ok=True)
    arrays = ", ".join(
        f"coalesce((SELECT to_json(list(code)) FROM term_{key} WHERE event = number), '[]') {key}"
        for key in FACETS
    )
    with duckdb.connect(duck_file, read_only=True) as duck, sqlite3.connect(file) as lite:
        tables = {"event": f"SELECT *, {arrays} FROM event"}
        tables |= {f"term_{key}": f"SELECT event, code FROM term_{key}" for key in FACETS}
        for name, statement in tables.items():
            found = duck.execute(f"SELECT COLUMNS(*)::VARCHAR FROM ({statement})")
            columns = [column for column, *_ in found.description or ()]
            typed = [f"{each} {KEYS.get(each, 'TEXT')}" for each in columns]
            lite.execute(f"CREATE TABLE {name} ({', '.join(typed)})")
            marks = ", ".join("?" for _column in columns)
            while rows := found.fetchmany(10_000):
                lite.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        lite.executescript(SQLITE_INDEXES + "".join(map(TERM_INDEX.format, FACETS)))
    lite.close()
    return file


KEYS = {"number": "INTEGER PRIMARY KEY", "event": "INTEGER"}
TERM_INDEX = "CREATE INDEX {0}_code ON term_{0} (code, event);"
SQLITE_INDEXES = """
CREATE INDEX event_order ON event (sort_day);
CREATE VIRTUAL TABLE event_fts USING fts5 (words, content="event", content_rowid="number", tokenize="porter unicode61");
INSERT INTO event_fts (event_fts) VALUES ('rebuild');
"""  # noqa: E501


def command(file: Path) -> list[str]:
    """Return the command that starts Datasette, without the port."""
    limits = [word for name, most in LIMITS.items() for word in ("--setting", name, str(most))]
    return ["datasette", "serve", "-i", str(file), *limits]


def address_of(question: Question, ending: str = "") -> str:
    pairs = [
        ("_sort", "sort_day"),
        ("_size", str(PAGE)),
        *(("_facet_array", key) for key in FACETS),
    ]
    for name, (sql, values) in conditions(question.filters).items():
        words = question.filters.one("q")
        if name == "q" and words:
            # FTS5 does not split Chinese text into words, so every row is read.
            is_cjk = CJK_RUN.search(words)
            pairs.append(("words__contains", plain_text(words)) if is_cjk else ("_search", words))
            continue
        quoted = sql.replace("::VARCHAR", "").replace("?", "'{}'").format(*values)
        pairs.append(("_where", quoted))
    if question.after:
        day, _width, number = question.after.replace("_", ".").split(".")
        pairs.append(("_where", f"(sort_day, number) > ('{day}', {number})"))
    return f"/events/event{ending}?{urlencode(pairs)}"
