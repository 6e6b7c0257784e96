"""DuckDB in process over the same events: what a good engineer would pick instead of an index.

Set up as DuckDB's performance guide advises: one columnar file, rows loaded in the order in which
lists show them so that zone maps skip blocks, a table of terms for each key with its codes as an
ENUM, and exact counts by GROUP BY. Words are a table, too, because its full-text extension has to
be downloaded from another host; the questions' words have no endings, so that they need no stemmer.
Chinese words are found by a scan.
"""

import csv
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from fastapi import FastAPI, Request
from jinja2 import Environment
from sqlalchemy import Engine, func, select, true
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.record.filters import EventFilters, window_of
from app.record.index.build import WHOLE_TIME
from app.record.models import FilterTerm, Version
from app.record.search import CJK_RUN, plain_text
from bench.questions import FACETS, PAGE

MAX_CODES_PER_FACET = 20
_NEWEST_EVENTS = (Version.kind == "E", Version.closed.is_(None), Version.state == "live")
_SPAN = func.range_merge(Version.span)
EVENTS = (
    select(
        Version.number,
        Version.payload["form"]["title"].astext.label("title"),
        Version.payload["form"]["summary"].astext.label("summary"),
        Version.payload["happened_words"].astext.label("happened"),
        Version.sort_day,
        func.lower(_SPAN).label("first"),
        (func.upper(_SPAN) - 1).label("last"),
        func.lower(WHOLE_TIME).label("whole_first"),
        (func.upper(WHOLE_TIME) - 1).label("whole_last"),
        func.lower(Version.sure).label("sure_first"),
        (func.upper(Version.sure) - 1).label("sure_last"),
        Version.plain.label("words"),
    )
    .where(*_NEWEST_EVENTS)
    .order_by(Version.sort_day.nulls_last(), Version.number)
)
WORDS = select(
    func.unnest(func.tsvector_to_array(Version.search)).label("word"), Version.number.label("event")
).where(*_NEWEST_EVENTS)
TABLES = """
CREATE TABLE event AS SELECT * FROM read_csv('{folder}/event.csv', quote = '"', nullstr = '',
    types = {{
    'happened': 'VARCHAR', 'title': 'VARCHAR', 'summary': 'VARCHAR', 'words': 'VARCHAR',
    'sort_day': 'DATE', 'first': 'DATE', 'last': 'DATE', 'whole_first': 'DATE',
    'whole_last': 'DATE', 'sure_first': 'DATE', 'sure_last': 'DATE'}});
CREATE TABLE word AS SELECT * FROM read_csv('{folder}/word.csv', types = {{'word': 'VARCHAR'}})
    ORDER BY word, event;
"""
TERM_TABLE = """
CREATE TYPE code_{key} AS ENUM (
    SELECT DISTINCT code FROM read_csv('{folder}/term_{key}.csv', types = {{'code': 'VARCHAR'}}) ORDER BY 1);
CREATE TABLE term_{key} AS SELECT event, code::code_{key} AS code
    FROM read_csv('{folder}/term_{key}.csv', types = {{'code': 'VARCHAR'}}) ORDER BY event;
"""  # noqa: E501


def make_file(engine: Engine, folder: Path) -> Path:
    """Copy the published events into one DuckDB file. PostgreSQL's lexemes are the words."""
    file = folder / "events.duckdb"
    if file.exists():
        return file
    draft = folder / "draft.duckdb"
    draft.unlink(missing_ok=True)
    tables = published_tables()
    for name, statement in tables.items():
        with engine.connect() as connection, (folder / f"{name}.csv").open("w", newline="") as out:
            rows = connection.execution_options(yield_per=10_000).execute(statement)
            writer = csv.writer(out)
            writer.writerow(rows.keys())
            writer.writerows(rows)
    with duckdb.connect(draft) as duck:
        duck.execute(TABLES.format(folder=folder))
        for key in FACETS:
            duck.execute(TERM_TABLE.format(folder=folder, key=key))
        duck.execute("CHECKPOINT")
    for name in tables:
        (folder / f"{name}.csv").unlink()
    draft.rename(file)
    return file


def published_tables() -> dict[str, Any]:
    """Return the statement that reads each table from the record."""
    return {"event": EVENTS, "word": WORDS} | {f"term_{key}": _terms(key) for key in FACETS}


def _terms(key: str) -> Any:
    used = func.unnest(Version.terms).table_valued("no").render_derived().lateral("used")
    return (
        select(Version.number.label("event"), FilterTerm.code)
        .select_from(Version)
        .join(used, true())
        .join(FilterTerm, FilterTerm.no == used.c.no)
        .where(*_NEWEST_EVENTS, FilterTerm.key == key)
    )


# Queries ----------------------------------------------------------------------------------------

Condition = tuple[str, list[Any]]
"""SQL over the table `event`, and its parameters."""


class Found(NamedTuple):
    total: int
    events: Sequence[Mapping[str, Any]]
    facets: Mapping[str, Sequence[tuple[str, int]]]
    years: Sequence[tuple[int, int]]


def conditions(filters: EventFilters) -> Mapping[str, Condition]:
    found: dict[str, Condition] = {}
    for codes_of, word in ((filters.included, "IN"), (filters.excluded, "NOT IN")):
        for key in FACETS:
            if codes := codes_of.get(key):
                marks = ", ".join("?" for _code in codes)
                having = f"SELECT event FROM term_{key} WHERE code::VARCHAR IN ({marks})"
                found[f"{word} {key}"] = f"number {word} ({having})", list(codes)
    if words := filters.one("q"):
        if CJK_RUN.search(words):
            found["q"] = "contains(words, ?)", [plain_text(words)]
        else:
            found["q"] = "number IN (SELECT event FROM word WHERE word = ?)", [words.lower()]
    window = window_of(filters)
    if window.first and window.last:
        days = [window.first, window.last]
        if filters.one("match") == "certain":
            whole = "whole_first >= ? AND whole_last <= ?"
            sure = "sure_first <= ? AND sure_last >= ?"
            found["window"] = f"(({whole}) OR ({sure}))", [*days, *reversed(days)]
        else:
            found["window"] = "first <= ? AND (last IS NULL OR last >= ?)", [*reversed(days)]
    return found


def find_events(duck: duckdb.DuckDBPyConnection, filters: EventFilters, skipped: int) -> Found:
    by_key = conditions(filters)
    where, values = where_of(by_key)
    duck.execute(
        f"CREATE OR REPLACE TEMP TABLE matching AS SELECT number FROM event {where}", values
    )
    ((total,),) = duck.execute("SELECT count(*) FROM matching").fetchall()
    years = duck.execute(
        "SELECT year(sort_day), count(*) FROM event SEMI JOIN matching USING (number) "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    facets = {key: _facet(duck, key, by_key) for key in FACETS}
    rows = duck.execute(
        "SELECT number, title, summary, happened FROM event SEMI JOIN matching USING (number) "
        f"ORDER BY sort_day NULLS LAST, number LIMIT {PAGE} OFFSET {skipped}"
    ).fetchall()
    events = events_with_terms(rows, lambda statement: duck.execute(statement).fetchall())
    return Found(total, events, facets, years)


def events_with_terms(
    rows: Sequence[Any], read: Callable[[str], Iterable[Any]]
) -> list[Mapping[str, Any]]:
    """Return the events of a page for the template; `read` runs a statement."""
    terms: dict[int, list[str]] = {row[0]: [] for row in rows}
    numbers = ", ".join(map(str, terms)) or "0"
    for key in FACETS:
        for event, code in read(f"SELECT event, code FROM term_{key} WHERE event IN ({numbers})"):
            terms[event].append(f"{key} {code}")
    return [
        {"title": title, "summary": summary, "happened": happened, "terms": terms[number]}
        for number, title, summary, happened in rows
    ]


def _facet(
    duck: duckdb.DuckDBPyConnection, key: str, by_key: Mapping[str, Condition]
) -> Sequence[tuple[str, int]]:
    """Count the codes of a key among the rows that match all other keys."""
    others = without_key(by_key, key)
    rows = ""
    values: list[Any] = []
    if others == by_key and by_key:
        rows = "SEMI JOIN matching ON number = event"
    elif others:
        where, values = where_of(others)
        rows = f"SEMI JOIN (SELECT number FROM event {where}) ON number = event"
    return duck.execute(
        f"SELECT code::VARCHAR, count(*) AS rows FROM term_{key} {rows} GROUP BY code "
        f"ORDER BY rows DESC, 1 LIMIT {MAX_CODES_PER_FACET}",
        values,
    ).fetchall()


def without_key(by_key: Mapping[str, Condition], key: str) -> Mapping[str, Condition]:
    return {name: each for name, each in by_key.items() if name.rpartition(" ")[2] != key}


def where_of(by_key: Mapping[str, Condition]) -> tuple[str, list[Any]]:
    if not by_key:
        return "", []
    values = [value for _sql, values in by_key.values() for value in values]
    return "WHERE " + " AND ".join(sql for sql, _values in by_key.values()), values


# Pages ------------------------------------------------------------------------------------------

TEMPLATE = Environment(autoescape=True).from_string(
    """<!doctype html><title>Events</title><h1>{{ found.total }} events</h1>
    {% for key, codes in found.facets.items() %}<h2>{{ key }}</h2><ul>{% for code, count in codes %}
    <li><a href="?{{ key }}={{ code }}">{{ code }}</a> {{ count }}</li>{% endfor %}</ul>{% endfor %}
    <p>{% for year, count in found.years %}{{ year }}: {{ count }} {% endfor %}</p>
    {% for event in found.events %}<article><h2>{{ event.title }}</h2><p>{{ event.happened }}</p>
    <p>{{ event.summary }}</p><p>{{ event.terms|join(" ") }}</p></article>
    {% endfor %}"""
)


def app() -> FastAPI:
    """Return the site; DUCKDB_FILE is the file. One thread, as Sojourn has one core."""
    whole = duckdb.connect(os.environ["DUCKDB_FILE"], read_only=True, config={"threads": 1})

    def read(filters: EventFilters, skipped: int) -> Found:
        with whole.cursor() as duck:
            return find_events(duck, filters, skipped)

    return site(read)


def site(read: Callable[[EventFilters, int], Found]) -> FastAPI:
    """Return a site with one page, of what `read` finds, and its counts."""
    pages = FastAPI()

    def found(request: Request) -> Found:
        pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "skipped"]
        skipped = int(request.query_params.get("skipped", 0))
        return read(EventFilters.from_pairs(pairs)[0], skipped)

    @pages.get("/events")
    def events_page(request: Request) -> Response:
        return HTMLResponse(TEMPLATE.render(found=found(request)))

    @pages.get("/events.json")
    def events_json(request: Request) -> Response:
        of_all = found(request)
        facets = {key: dict(codes) for key, codes in of_all.facets.items()}
        return JSONResponse({"total": of_all.total, "facets": facets})

    return pages
