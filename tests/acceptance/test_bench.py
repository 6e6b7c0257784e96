"""Benchmarks: DuckDB and Sojourn give equal answers, and judged queries name what there is."""

import csv
from pathlib import Path

import duckdb
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import paths
from app.database.engines import psycopg_url
from app.main import create_app
from app.record.editions import select_edition
from app.record.filters import EventFilters
from app.settings import Settings
from bench import with_duckdb
from bench.amplifiers import ADDRESSES, public_routes
from bench.made_up import publish_made_up_record
from bench.questions import FACETS, questions
from bench.search import read_queries
from tests.conftest import desk_session
from tests.support.oracle import Oracle

EVENTS = 400


def test_compared_programs_find_equal_events(database: Settings, tmp_path: Path) -> None:
    with desk_session(database) as desk:
        publish_made_up_record(desk, EVENTS)
    admin = create_engine(psycopg_url(str(database.migrate_database_url)))
    duck_file = with_duckdb.make_file(admin, tmp_path)
    with Session(admin) as db, duckdb.connect(duck_file, read_only=True) as duck:
        asked = questions(db)
        oracle = Oracle(db, select_edition(db), EventFilters)
        assert len({question.name for question in asked}) == len(asked)
        for question in asked:
            counted = oracle.counts(question.filters)
            found = with_duckdb.find_events(duck, question.filters, question.skipped)
            assert counted.total == found.total, question.name
            for key in FACETS:
                every = counted.facets.get(key, {}).items()
                assert set(found.facets[key]) <= set(every), (question.name, key)
    admin.dispose()


def test_amplifiers_cover_every_public_route(published: Settings) -> None:
    assert public_routes(create_app(published)) == ADDRESSES.keys()


def test_judged_queries_name_records_of_seeds() -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (paths.SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    known = {f"{row['list']}/{row['code']}" for row in rows("vocabulary")}
    known |= {f"actor/{row['code']}" for row in rows("actors")}
    known |= {f"law/{row['code']}" for row in rows("laws")}
    for name in ("events", "estimates", "sources", "places", "outlets"):
        known |= {row["id"] for row in rows(name)}
    queries = read_queries()
    for query in queries:
        assert query.answers.keys() <= known, (query.id, query.answers.keys() - known)
        assert set(query.answers.values()) <= {1, 2, 3}, query.id
        assert not query.answers or max(query.answers.values()) >= 2, query.id
    assert len({query.words for query in queries}) == len(queries)
