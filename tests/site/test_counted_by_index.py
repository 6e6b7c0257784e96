"""Pages counted by the index equal pages counted by SQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app import demo
from app.demo.bulk_load import fill_record
from app.record.filters import StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory, read_directory
from app.record.publishing.publish import Approved, publish
from app.record.reads.event_context import (
    _earlier_at_two_removes,
    _share_one_day_of_a_bound,
    _statement,
    event_context,
    read_context_rows,
)
from app.record.reads.outlet_roles import events_by_role
from app.record.sql.by_name import find_by_name
from app.record.sql.rows import list_row
from app.settings import Settings
from app.site.about.page import about
from app.site.cities.latest_estimates import count_places
from app.site.codebook.page import as_json
from app.site.outlets.page import outlet_page
from app.site.place_estimates.at_place import estimates_at, events_in
from app.site.place_estimates.rules import newest_events_and_rules
from app.site.status.on_day import day_status
from tests.conftest import desk_session, reader_session
from tests.make import a_small_world, make_estimate, make_event, make_place, make_term, publish_all
from tests.support import sql_pages
from tests.support.database_server import Server
from tests.support.indexed import select_indexed

TIMES = ["2024-03", "2023", "2026-06", "", "2024-11-30", "2022-12"]
ROLES = ["ordinary", "preferred", "superseded", "ordinary", "rejected", "ordinary"]


@pytest.fixture(scope="module")
def db(server: Server, template: str) -> Iterator[Session]:
    """A session on a demo record with many estimates of one town.

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
    with reader_session(settings) as db:
        yield db
    server.drop(name)


@pytest.fixture(scope="module")
def edition(db: Session) -> IndexedEdition:
    return select_indexed(db)


@pytest.fixture
def names(db: Session, edition: IndexedEdition) -> Directory:
    return read_directory(db, edition)


@pytest.fixture
def by_sql() -> Iterator[pytest.MonkeyPatch]:
    """Lets pages count and read by SQL inside `with by_sql.context() as patch: use_sql(patch)`."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_index_and_sql_agree_on_table_of_cities(
    db: Session, edition: IndexedEdition, names: Directory
) -> None:
    by_index = count_places(db, edition, names)
    assert by_index == sql_pages.count_places(db, edition, names)
    figures = by_index.figures["town-1"]
    assert (
        figures.newest and figures.newest.id == "M900" and figures.extremes and figures.count >= 3
    )
    assert any(figures.other for figures in by_index.figures.values()) and by_index.elsewhere


def test_index_and_sql_agree_on_place_and_home_page(
    db: Session, edition: IndexedEdition, names: Directory, by_sql: pytest.MonkeyPatch
) -> None:
    for code in names.places:
        inside = names.children.get(code, ())
        days = events_in(db, edition, names, code, inside)
        in_sql = sql_pages.events_in(db, edition, code, inside)
        assert (days.total, days.at) == (in_sql.total, in_sql.at), code
        assert sorted(days.acts, key=str) == sorted(in_sql.acts, key=str), code
        newest = newest_events_and_rules(db, edition, names, code, 3)
        assert newest == sql_pages.newest_events_and_rules(db, edition, code, 3), code
        assert [row.id for row in estimates_at(db, edition, names, [code])] == [
            row.id for row in sql_pages.estimates_at(db, edition, [code])
        ]
    _newest, rules = newest_events_and_rules(db, edition, names, "country-1", 3)
    assert rules
    by_index = about(db, edition, names)
    sql_pages.use_sql(by_sql)
    assert by_index == about(db, edition, names)


@pytest.mark.parametrize(
    "asked", [{}, {"place": ["city-1"]}, {"place": ["country-1"], "type": ["stay-limit"]}]
)
def test_index_and_sql_agree_on_status_page(
    db: Session,
    edition: IndexedEdition,
    names: Directory,
    asked: dict[str, list[str]],
    by_sql: pytest.MonkeyPatch,
) -> None:
    filters = StatusFilters.made_of({"on": ["2025-09-15"], **asked}, {})
    by_index = day_status(db, edition, filters, names)
    sql_pages.use_sql(by_sql)
    assert by_index == day_status(db, edition, filters, names)
    assert by_index.measures


def test_index_and_sql_agree_on_events_that_followed(
    db: Session,
    edition: IndexedEdition,
    names: Directory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.record.reads.event_context.MAX_FOLLOWERS", 3)
    monkeypatch.setattr("app.record.reads.event_context._statement", _statement.__wrapped__)
    followed = 0
    for number in range(1, 151):
        row = find_by_name(db, edition, "E", f"E{number}")
        assert row
        context = event_context(row, read_context_rows(db, edition, row, names))
        in_sql = sql_pages.events_that_followed(db, edition, row, names)
        shown = [follower.id for follower in context.followers]
        left_out = [id for id in in_sql[:3] if id not in shown]
        assert shown == [id for id in in_sql[:3] if id not in left_out], row.id
        assert context.followed == len(in_sql) - len(left_out), row.id
        earlier, days = _earlier_at_two_removes(row, context.events), list_row(row).lo
        for id in left_out:
            other = find_by_name(db, edition, "E", id)
            assert other and days
            other_days = list_row(other).lo
            assert id in earlier or (other_days and _share_one_day_of_a_bound(days, other_days)), id
        followed = max(followed, context.followed)
    assert followed > 3


def test_index_and_sql_agree_on_codebook(
    db: Session, edition: IndexedEdition, names: Directory, by_sql: pytest.MonkeyPatch
) -> None:
    by_index = as_json(db, edition, names)
    why = {code["code"]: code["uses"] for code in by_index["lists"]["why"]["codes"]}
    assert why["added"][:2] == ["150 events", "36 estimates"]
    sql_pages.use_sql(by_sql)
    assert by_index == as_json(db, edition, names)


def test_index_and_sql_agree_on_outlets(
    db: Session, edition: IndexedEdition, names: Directory, by_sql: pytest.MonkeyPatch
) -> None:
    rows = {code: find_by_name(db, edition, "O", code) for code in names.outlets}
    by_index = {
        code: outlet_page(db, edition, row, names) for code, row in rows.items() if row is not None
    }
    assert len(by_index) == len(rows)
    for code in rows:
        assert events_by_role(db, edition, names, code, most=2) == sql_pages.events_by_role(
            db, edition, names, code, 2
        ), code
    sql_pages.use_sql(by_sql)
    for code, row in rows.items():
        assert row and by_index[code] == outlet_page(db, edition, row, names), code


def test_edition_recalculates_places_of_changed_estimates(database: Settings) -> None:
    with desk_session(database) as desk:
        cities = [
            make_estimate(n, terms=[make_term(code=f"place-{place}")])
            for n, place in ((1, 1), (4, 4))
        ]
        publish_all(desk, *a_small_world(), make_place(4, parent="province-2"), *cities)
    with reader_session(database) as db:
        names = read_directory(db, select_indexed(db))
        before = count_places(db, select_indexed(db), names)
    with desk_session(database) as desk:
        publish_all(
            desk,
            make_estimate(5, as_of="2020", terms=[make_term(code="place-4")]),
            make_event(1, citations=[]),
        )
    with reader_session(database) as db:
        after = count_places(db, select_indexed(db), names)
        assert after == count_places(db, select_indexed(db), read_directory(db, select_indexed(db)))
    assert after.figures["place-1"].newest is before.figures["place-1"].newest is not None
    newest = after.figures["place-4"].newest
    assert newest and newest.id == "M5" and after.figures["place-4"].count == 2
