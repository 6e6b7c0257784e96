"""Compared programs give equal answers, and the Keystroke-Level Model counts correctly."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import duckdb
import pytest
from datasette.app import Datasette
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.database.engines import psycopg_url
from app.main import create_app
from app.record.editions import select_edition
from app.record.filters import EventFilters
from app.record.names.directory import read_directory
from app.settings import Settings
from bench import with_datasette, with_duckdb, with_sqlalchemy
from bench.amplifiers import ADDRESSES, public_routes
from bench.hand import KEY, Hand
from bench.made_up import publish_made_up_record
from bench.questions import FACETS, Question, questions
from bench.report_texts import REPORTS
from bench.seed_rows import Seeds
from tests.conftest import desk_session
from tests.support.oracle import Oracle

EVENTS = 400


def test_compared_programs_find_equal_events(database: Settings, tmp_path: Path) -> None:
    with desk_session(database) as desk:
        publish_made_up_record(desk, EVENTS)
    admin = create_engine(psycopg_url(str(database.migrate_database_url)))
    with_sqlalchemy.make_tables(admin)
    with_datasette.make_file(admin, tmp_path)
    duck_file = with_duckdb.make_file(admin, tmp_path)
    with Session(admin) as db, duckdb.connect(duck_file, read_only=True) as duck:
        edition = select_edition(db)
        names = read_directory(db, edition)
        asked = questions(db)
        theirs = _answers(tmp_path, asked)
        oracle = Oracle(db, edition, EventFilters, [each.filters for each in asked], names)
        assert len({question.name for question in asked}) == len(asked) == len(theirs)
        for question, lite in zip(asked, theirs, strict=True):
            counted = oracle.counts(question.filters)
            plain = with_sqlalchemy.events(db, question.filters, question.skipped)
            quick = with_duckdb.events(duck, question.filters, question.skipped)
            assert (
                counted.total == plain.total == quick.total == lite["filtered_table_rows_count"]
            ), question.name
            assert [each.title for each in plain.events] == [each.title for each in quick.events]
            for key in FACETS:
                assert set(plain.facets[key]) <= set(counted.facets.get(key, {}).items()), (
                    question.name,
                    key,
                )
                assert quick.facets[key] == plain.facets[key], (question.name, key)
    admin.dispose()


def _answers(folder: Path, asked: Sequence[Question]) -> list[dict[str, Any]]:
    async def answered() -> list[dict[str, Any]]:
        served = Datasette(immutables=[str(folder / "events.db")])
        return [
            (await served.client.get(with_datasette.address(each, ".json"))).json()
            for each in asked
        ]

    # In another thread, because the browser of other tests runs an event loop in this one.
    with ThreadPoolExecutor() as beside:
        return beside.submit(asyncio.run, answered()).result()


def test_amplifiers_cover_every_public_route(published: Settings) -> None:
    assert public_routes(create_app(published)) == ADDRESSES.keys()


def test_keystrokes_and_clicks_follow_the_model() -> None:
    hand = Hand(page=MagicMock())
    hand.is_at_mouse = False
    hand.think()
    hand.type("A b")
    hand.keys("Control+Enter")
    assert (hand.counts["M"], hand.counts["K"]) == (1, 6), (
        "a capital letter and a key combination must count as two keys"
    )
    assert hand.seconds() == pytest.approx(1.35 + 6 * KEY)
    hand.point_at(MagicMock())
    assert hand.seconds() == pytest.approx(1.35 + 6 * KEY + 0.4 + 1.1 + 2 * 0.1)


def test_entered_reports_state_what_the_seeds_have() -> None:
    seeds = Seeds()
    assert {report.language for report in REPORTS} == {"en", "ko", "zh", "ja", "ru"}
    for report in REPORTS:
        wanted = [*report.wanted(seeds)]
        assert {each.citation["paraphrase"] for each in wanted}
        for each in wanted:
            cited = seeds.citations_of(each.record, report.source)
            stated = [one for one in wanted if one.record == each.record]
            assert len(stated) == len(cited), (report.source, each.record)


def test_keys_are_told_apart_by_what_they_were_spent_on() -> None:
    hand = Hand(page=MagicMock())
    hand.purpose = "rows.statement"
    hand.type("Ab")
    hand.purpose = "press a"
    hand.keys("a")
    assert hand.spent_on("K", 5) == [("rows.statement", 3), ("press a", 1)]
    assert hand.spent_on("K", 1) == [("rows.statement", 3)]
