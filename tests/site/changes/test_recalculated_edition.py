"""An edition that only calculates the record by newer rules: its mark, `/cite` and notices."""

from collections.abc import Iterator
from urllib.parse import quote

import feedparser
import pytest
from starlette.testclient import TestClient

from app.cli.connections import describe_outdated_rules
from app.database.engines import migration_engine
from app.main import create_app
from app.record.editions import OLDER_RULES, find_outdated_rules
from app.record.models import RULES
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import Approved, publish
from app.record.publishing.working_set import live_keys
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session, wait_until
from tests.make import a_small_world, make_event, publish_all

NO_CHANGE_OF_SOURCES = "recalculated by a new rule, with no change of sources"
CERTAIN = "/events?from=2019-04&to=2019-04&match=certain"


def change_by_migrate_login(settings: Settings, *statements: str) -> None:
    engine = migration_engine(settings)
    with engine.begin() as connection:
        for table in ("version", "edition"):
            connection.exec_driver_sql(f"ALTER TABLE record.{table} DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def older(database: Settings) -> Settings:
    """A record of an older release, by whose rules E1 was certain in April 2019."""
    with desk_session(database) as desk:
        first = make_event(1, happened="2019-04~")
        publish_all(desk, *a_small_world(), first, make_event(2))
    change_by_migrate_login(
        database,
        "UPDATE record.version SET surroundings = NULL",
        "UPDATE record.edition SET rules = NULL",
    )
    return database


@pytest.fixture
def client(older: Settings) -> Iterator[TestClient]:
    with desk_session(older) as desk:
        assert publish(desk, (), again=live_keys(desk))
    with TestClient(create_app(older), follow_redirects=True) as client:
        yield client


def test_record_of_older_rules_is_noticed_until_recalculated(older: Settings) -> None:
    with desk_session(older) as desk:
        assert find_outdated_rules(desk) == OLDER_RULES
        assert find_problems(desk) == [OLDER_RULES]
    assert "sojourn publish --again" in describe_outdated_rules(older)
    with TestClient(create_app(older)) as client:
        wait_until(lambda: "notice" in client.get("/healthz").json(), "the notice")
        with desk_session(older) as desk:
            edition = publish(desk, (), again=live_keys(desk))
            assert edition and (edition.rules, edition.is_recalculation) == (RULES, True)
        wait_until(lambda: "notice" not in client.get("/healthz").json(), "the new edition")
    assert not describe_outdated_rules(older)
    with desk_session(older) as desk:
        assert find_problems(desk) == []
        assert publish(desk, (), again=live_keys(desk)) is None


def test_recalculation_without_differences_is_an_edition(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world())
    change_by_migrate_login(database, "UPDATE record.edition SET rules = 1")
    with desk_session(database) as desk:
        edition = publish(desk, (), again=live_keys(desk))
        assert edition and edition.is_recalculation
        assert not find_outdated_rules(desk)


def test_edition_with_changed_form_is_no_recalculation(older: Settings) -> None:
    with desk_session(older) as desk:
        changed = make_event(2, title="Another title")
        edition = publish(desk, [Approved(changed, Why.CORRECTED, "x")], again=live_keys(desk))
        assert edition and (edition.rules, edition.is_recalculation) == (RULES, False)
        assert not find_outdated_rules(desk)


def test_changes_mark_recalculated_edition(client: TestClient) -> None:
    page = client.get("/changes").text
    assert "Recalculated by a new rule, with no change of sources: 1 record changed." in page
    assert "/codebook/changes" in page
    assert "Recalculated by a new rule" in client.get("/changes?since=2").text
    assert "Recalculated by a new rule" not in client.get("/changes?what=event").text
    rows = client.get("/changes.json?why=reindexed").json()["items"]
    assert [(row["id"], row["recalculated"]) for row in rows] == [("E1", True)]
    added = client.get("/api/v1/changes?why=added&limit=1").json()["items"]
    assert added[0]["recalculated"] is False
    entries = feedparser.parse(client.get("/changes.atom").text).entries
    assert entries[0].title == "Edition 2 was recalculated by new rules"
    assert not any("recalculated" in entry.title for entry in entries[1:])


def test_cite_of_recalculated_view_names_the_rule(client: TestClient) -> None:
    for view in ("/events/E1?edition=1", f"{CERTAIN}&edition=1"):
        page = client.get(f"/cite?of={quote(view)}").text
        assert NO_CHANGE_OF_SOURCES in page, view
        assert "Rows that differ" not in page and "is the same in" not in page, view
    other = client.get(f"/cite?of={quote('/events/E2?edition=1')}").text
    assert "is the same in edition" in other and NO_CHANGE_OF_SOURCES not in other


def test_banner_of_edition_before_counts_recalculated_rows(client: TestClient) -> None:
    assert "1 recalculated by a new rule" in client.get("/events/E1?edition=1").text
