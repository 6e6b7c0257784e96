"""DuckDB and Sojourn give equal answers, and the Keystroke-Level Model counts correctly."""

from pathlib import Path
from unittest.mock import MagicMock

import duckdb
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.database.engines import psycopg_url
from app.main import create_app
from app.record.editions import select_edition
from app.record.filters import EventFilters
from app.settings import Settings
from bench import with_duckdb, with_others
from bench.amplifiers import ADDRESSES, public_routes
from bench.hand import KEY, Hand, keys_of
from bench.made_up import publish_made_up_record
from bench.questions import FACETS, questions
from bench.report_texts import REPORTS, Seeds
from tests.conftest import desk_session
from tests.support.oracle import Oracle

EVENTS = 400


def test_compared_programs_find_equal_events(database: Settings, tmp_path: Path) -> None:
    with desk_session(database) as desk:
        publish_made_up_record(desk, EVENTS)
    options = {"options": "-c search_path=plain,public"}
    url = psycopg_url(str(database.migrate_database_url))
    admin = create_engine(url, connect_args=options)
    duck_file = with_duckdb.make_file(admin, tmp_path)
    with_others.make_plain_tables(admin)
    with Session(admin) as db, duckdb.connect(duck_file, read_only=True) as duck:
        edition = select_edition(db)
        asked = questions(db)
        oracle = Oracle(db, edition, EventFilters)
        assert len({question.name for question in asked}) == len(asked)
        for question in asked:
            counted = oracle.counts(question.filters)
            found, plain = (
                with_duckdb.find_events(
                    read, question.filters, question.skipped, keeps_matching=keeps_matching
                )
                for read, keeps_matching in (
                    (with_duckdb.read_with(duck), True),
                    (with_others.read_with(db.connection()), False),
                )
            )
            assert counted.total == found.total == plain.total, question.name
            assert plain.events == found.events
            for key in FACETS:
                every = counted.facets.get(key, {}).items()
                assert set(found.facets[key]) <= set(every), (question.name, key)
                assert plain.facets[key] == found.facets[key], (question.name, key)
    admin.dispose()


def test_amplifiers_cover_every_public_route(published: Settings) -> None:
    assert public_routes(create_app(published)) == ADDRESSES.keys()


def test_keystrokes_and_clicks_follow_the_model() -> None:
    hand = Hand(page=MagicMock())
    hand.is_at_mouse = False
    hand.think()
    hand.count_keys(keys_of("A b"))
    assert (hand.counts["M"], hand.counts["K"]) == (1, 4), "a capital letter must count as two keys"
    assert hand.own_minutes * 60 == pytest.approx(1.35 + 4 * KEY)
    hand.count_click()
    assert hand.own_minutes * 60 == pytest.approx(1.35 + 4 * KEY + 0.4 + 1.1 + 2 * 0.1)


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
