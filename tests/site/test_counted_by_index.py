"""Pages counted by the index equal pages counted by SQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app import demo
from app.demo.bulk_load import fill_record
from app.record.editions import SelectedEdition, select_edition
from app.record.filters import StatusFilters
from app.record.names.directory import Directory, read_directory
from app.record.publishing.publish import Approved, publish
from app.record.reads.event_context import _statement, event_context, read_context_rows
from app.record.reads.outlet_roles import events_by_role
from app.record.sql.by_name import find_by_name
from app.settings import Settings
from app.site.about.page import about
from app.site.cities.latest_estimates import count_places
from app.site.cities.reported_evasion import newest_events_and_rules
from app.site.codebook.page import as_json
from app.site.outlets.page import outlet_page
from app.site.place_estimates.at_place import estimates_at, events_in
from app.site.status.on_day import day_status
from tests.conftest import desk_session, reader_session
from tests.make import a_small_world, make_estimate, make_event, make_place, make_term, publish_all
from tests.support.database_server import Server
from tests.support.record_queries import ready_indexes

TIMES = ["2024-03", "2023", "2026-06", "", "2024-11-30", "2022-12"]
ROLES = ["ordinary", "preferred", "superseded", "ordinary", "rejected", "ordinary"]


@pytest.fixture(scope="module")
def both(server: Server, template: str) -> Iterator[tuple[Session, Session]]:
    """Sessions with and without index, on a demo record with many estimates of one town.

    The estimates differ in everything that decides which one is the newest.
    """
    name = server.create(template)
    settings: Settings = server.settings(name)
    with desk_session(settings) as desk:
        fill_record(desk, demo.demo_forms(150))
        figures = [
            make_estimate(
                900 + number,
                as_of=time,
                as_of_text="" if time else "some time ago",
                role=role,
                role_reason="" if role == "ordinary" else "It is.",
                point=1_000 + number,
                terms=[make_term(code=f"town-{number % 2 + 1}")],
                citations=[],
            )
            for number, (time, role) in enumerate(zip(TIMES, ROLES, strict=True))
        ]
        publish(desk, [Approved(figure) for figure in figures])
    with reader_session(settings) as one, reader_session(settings) as other:
        one.indexes = ready_indexes(settings)
        yield one, other
    server.drop(name)


@pytest.fixture
def edition(both: tuple[Session, Session]) -> SelectedEdition:
    return select_edition(both[0])


@pytest.fixture
def names(both: tuple[Session, Session], edition: SelectedEdition) -> Directory:
    return read_directory(both[0], edition)


def test_index_and_sql_agree_on_table_of_cities(
    both: tuple[Session, Session], edition: SelectedEdition
) -> None:
    # Separate directories, because they are part of the cache key.
    by_index, by_rows = (count_places(db, edition, read_directory(db, edition)) for db in both)
    assert by_index == by_rows
    figures = by_index.figures["town-1"]
    assert (
        figures.newest and figures.newest.id == "M900" and figures.extremes and figures.count >= 3
    )
    assert any(figures.other for figures in by_index.figures.values()) and by_index.elsewhere


def test_index_and_sql_agree_on_place_and_home_page(
    both: tuple[Session, Session], edition: SelectedEdition, names: Directory
) -> None:
    for code in names.places:
        days = [events_in(db, edition, names, code, names.children.get(code, ())) for db in both]
        assert days[0].total == days[1].total and days[0].at == days[1].at, code
        assert sorted(days[0].acts, key=str) == sorted(days[1].acts, key=str), code
        newest = [newest_events_and_rules(db, edition, names, code, 3) for db in both]
        assert newest[0] == newest[1], code
        assert [row.id for row in estimates_at(both[0], edition, names, [code])] == [
            row.id for row in estimates_at(both[1], edition, names, [code])
        ]
    assert any(
        rules
        for _newest, rules in [newest_events_and_rules(both[0], edition, names, "country-1", 3)]
    )
    by_index, by_rows = (about(db, edition, names) for db in both)
    assert by_index == by_rows


@pytest.mark.parametrize(
    "asked", [{}, {"place": ["city-1"]}, {"place": ["country-1"], "type": ["stay-limit"]}]
)
def test_index_and_sql_agree_on_status_page(
    both: tuple[Session, Session],
    edition: SelectedEdition,
    names: Directory,
    asked: dict[str, list[str]],
) -> None:
    filters = StatusFilters.made_of({"on": ["2025-09-15"], **asked}, {})
    by_index, by_rows = (day_status(db, edition, filters, names) for db in both)
    assert by_index == by_rows
    assert by_index.measures


def test_index_and_sql_agree_on_events_that_followed(
    both: tuple[Session, Session],
    edition: SelectedEdition,
    names: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.record.reads.event_context.MAX_FOLLOWERS", 3)
    monkeypatch.setattr("app.record.reads.event_context._statement", _statement.__wrapped__)
    followed = 0
    for number in range(1, 151):
        row = find_by_name(both[0], edition, "E", f"E{number}")
        assert row
        by_index, by_rows = (
            event_context(row, read_context_rows(db, edition, row, names)) for db in both
        )
        assert by_index == by_rows, row.id
        followed = max(followed, by_index.followed)
    assert followed > 3


def test_index_and_sql_agree_on_codebook(
    both: tuple[Session, Session], edition: SelectedEdition, names: Directory
) -> None:
    by_index, by_rows = (as_json(db, edition, names) for db in both)
    assert by_index == by_rows
    why = {code["code"]: code["uses"] for code in by_index["lists"]["why"]["codes"]}
    assert why["added"][:2] == ["150 events", "36 figures"]


def test_index_and_sql_agree_on_outlets(
    both: tuple[Session, Session], edition: SelectedEdition, names: Directory
) -> None:
    for code in names.outlets:
        row = find_by_name(both[0], edition, "O", code)
        assert row
        by_index, by_rows = (outlet_page(db, edition, row, names) for db in both)
        assert by_index == by_rows, code
        played = [events_by_role(db, edition, names, code, most=2) for db in both]
        assert played[0] == played[1], code


def test_edition_recalculates_places_of_changed_estimates(database: Settings) -> None:
    with desk_session(database) as desk:
        cities = [
            make_estimate(n, terms=[make_term(code=f"place-{place}")])
            for n, place in ((1, 1), (4, 4))
        ]
        publish_all(desk, *a_small_world(), make_place(4, parent="province-2"), *cities)
    with reader_session(database) as db:
        db.indexes, names = ready_indexes(database), read_directory(db, select_edition(db))
        before = count_places(db, select_edition(db), names)
    with desk_session(database) as desk:
        publish_all(
            desk,
            make_estimate(5, as_of="2020", terms=[make_term(code="place-4")]),
            make_event(1, citations=[]),
        )
    with reader_session(database) as db:
        db.indexes = ready_indexes(database)
        after = count_places(db, select_edition(db), names)
        assert after == count_places(db, select_edition(db), read_directory(db, select_edition(db)))
    assert after.figures["place-1"].newest is before.figures["place-1"].newest is not None
    newest = after.figures["place-4"].newest
    assert newest and newest.id == "M5" and after.figures["place-4"].count == 2
