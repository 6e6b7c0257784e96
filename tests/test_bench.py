"""What is measured beside Sojourn is asked the same: each question finds as much there as here."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import demo
from app.database.engines import psycopg_url
from app.record import queries
from app.record.directory import directory
from app.record.editions import reading
from app.settings import Settings
from bench import with_datasette, with_sqlalchemy
from bench.questions import FACETS, Question, questions
from tests.conftest import desk_session

EVENTS = 400


def test_all_who_are_asked_find_the_same(database: Settings, tmp_path: Path) -> None:
    with desk_session(database) as desk:
        demo.make(desk, EVENTS)
    admin = create_engine(psycopg_url(str(database.migrate_database_url)))
    with_sqlalchemy.make_tables(admin)
    with_datasette.make_file(admin, tmp_path)
    with Session(admin) as db:
        edition = reading(db)
        names = directory(db, edition)
        asked = questions(db)
        theirs = _answers(tmp_path, asked)
        assert len({question.name for question in asked}) == len(asked) == len(theirs)
        for question, lite in zip(asked, theirs, strict=True):
            counted = queries.counts(db, edition, question.filters, names)
            plain = with_sqlalchemy.events(db, question.filters, question.skipped)
            assert counted.total == plain.total == lite["filtered_table_rows_count"], question.name
            for key in FACETS:
                assert set(plain.facets[key]) <= set(counted.facets.get(key, {}).items()), (question.name, key)
    admin.dispose()


def _answers(folder: Path, asked: Sequence[Question]) -> list[dict[str, Any]]:
    async def answered() -> list[dict[str, Any]]:
        served = Datasette(immutables=[str(folder / "events.db")])
        return [(await served.client.get(with_datasette.address(each, ".json"))).json() for each in asked]

    # Beside the browser of other tests, which keeps a loop of its own running in this thread.
    with ThreadPoolExecutor() as beside:
        return beside.submit(asyncio.run, answered()).result()
