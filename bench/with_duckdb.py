"""DuckDB in process over the same events: what a good engineer would pick instead of an index.

Set up as DuckDB's performance guide advises: one columnar file, rows loaded in the order in which
lists show them so that zone maps skip blocks, a table of terms for each key with its codes as an
ENUM, and exact counts by GROUP BY. Words are a table, too, because its full-text extension has to
be downloaded from another host; the questions' words have no endings, so that they need no stemmer.
Chinese words are found by a scan.
"""

import csv
import os
from collections.abc import Mapping, Sequence
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
    tables: dict[str, Any] = {"event": EVENTS, "word": WORDS}
    tables |= {f"term_{key}": _terms(key) for key in FACETS}
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
            found["q"] = "strpos(words, ?) > 0", [plain_text(words)]
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
    """Return a page of events and its counts; a facet counts without the filter of its own key.

    The matching events are found once, in a temporary table.
    """

    def read(statement: str, values: Sequence[Any]) -> Sequence[Any]:
        return duck.execute(statement, values).fetchall()

    by_key = conditions(filters)
    every = where, values = _where(by_key)
    if by_key:
        read(f"CREATE OR REPLACE TEMP TABLE matching AS SELECT number FROM event {where}", values)
        every = where, values = "WHERE number IN (SELECT number FROM matching)", []
    ((total,),) = read(f"SELECT count(*) FROM event {where}", values)
    years = read(
        f"SELECT extract(year FROM sort_day), count(*) FROM event {where} GROUP BY 1 ORDER BY 1",
        values,
    )
    facets = {}
    for key in FACETS:
        others = {name: each for name, each in by_key.items() if name.rpartition(" ")[2] != key}
        among, parameters = every if len(others) == len(by_key) else _where(others)
        rows = f"WHERE event IN (SELECT number FROM event {among})" if among else ""
        counted = read(
            f"SELECT code::VARCHAR, count(*) FROM term_{key} {rows} GROUP BY 1 ORDER BY 2 DESC, 1 "
            f"LIMIT {MAX_CODES_PER_FACET}",
            parameters,
        )
        facets[key] = [(code, count) for code, count in counted]
    shown = read(
        f"SELECT number, title, summary, happened FROM event {where} "
        f"ORDER BY sort_day NULLS LAST, number LIMIT {PAGE} OFFSET {skipped}",
        values,
    )
    terms: dict[int, list[str]] = {row[0]: [] for row in shown}
    numbers = ", ".join(map(str, terms)) or "0"
    for key in FACETS:
        statement = f"SELECT event, code::VARCHAR FROM term_{key} WHERE event IN ({numbers})"
        for event, code in read(statement, []):
            terms[event].append(f"{key} {code}")
    events = [
        {"title": title, "summary": summary, "happened": happened, "terms": terms[number]}
        for number, title, summary, happened in shown
    ]
    return Found(total, events, facets, years)


def _where(by_key: Mapping[str, Condition]) -> Condition:
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
    """Return a site with one page and its counts; DUCKDB_FILE is the file.

    One thread, as Sojourn has one core.
    """
    whole = duckdb.connect(os.environ["DUCKDB_FILE"], read_only=True, config={"threads": 1})
    pages = FastAPI()

    def found(request: Request) -> Found:
        pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "skipped"]
        skipped = int(request.query_params.get("skipped", 0))
        with whole.cursor() as duck:
            return find_events(duck, EventFilters.from_pairs(pairs)[0], skipped)

    @pages.get("/events")
    def events_page(request: Request) -> Response:
        return HTMLResponse(TEMPLATE.render(found=found(request)))

    @pages.get("/events.json")
    def events_json(request: Request) -> Response:
        of_all = found(request)
        facets = {key: dict(codes) for key, codes in of_all.facets.items()}
        return JSONResponse({"total": of_all.total, "facets": facets})

    return pages
