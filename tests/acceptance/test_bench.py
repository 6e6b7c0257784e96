"""Benchmarks: DuckDB and Sojourn give equal answers."""

from pathlib import Path

import duckdb
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.database.engines import psycopg_url
from app.record.editions import select_edition
from app.record.filters import EventFilters
from app.settings import Settings
from bench import with_duckdb
from bench.made_up import publish_made_up_record
from bench.questions import FACETS, questions
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
