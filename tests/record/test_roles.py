"""Permissions of the database logins of desk and readers, tried on every table and column."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.record.models import RecordBase
from app.settings import Settings
from tests.conftest import desk_session, reader_session
from tests.make import a_small_world, make_event, publish_all

TABLES = {
    table.name: [column.name for column in table.columns]
    for table in RecordBase.metadata.sorted_tables
}
COLUMNS = [(table, column) for table, columns in TABLES.items() for column in columns]
DENIED = r"permission denied|must be owner|read-only"

DESK_MAY = {("version", "closed"), ("counter", "edition"), ("checked", "closed")}
"""The columns that the desk's login may update; triggers check the values."""


@pytest.fixture
def record(database: Settings) -> Settings:
    with desk_session(database) as session:
        publish_all(session, *a_small_world(), make_event())
    return database


def refused(session: Session, statement: str, why: str = DENIED) -> None:
    with pytest.raises(DBAPIError, match=why), session.begin_nested():
        session.execute(text(statement))


def test_record_schema_has_only_tested_tables(record: Settings) -> None:
    with desk_session(record) as session:
        found = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'record'"))
        assert (
            set(found)
            == set(TABLES)
            == {"edition", "counter", "term", "version", "purged", "checked"}
        )


def test_desk_login_updates_only_three_columns(record: Settings) -> None:
    with desk_session(record) as session:
        for table, column in COLUMNS:
            if (table, column) not in DESK_MAY:
                refused(session, f"UPDATE record.{table} SET {column} = DEFAULT")


def test_desk_login_can_not_delete_or_truncate(record: Settings) -> None:
    with desk_session(record) as session:
        for table in TABLES:
            refused(session, f"DELETE FROM record.{table}")
            refused(session, f"TRUNCATE record.{table} CASCADE")
            refused(session, f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
            refused(session, f"DROP TABLE record.{table}")
        refused(session, "CREATE TABLE record.more (id int)")


def test_desk_login_inserts_only_into_four_tables(record: Settings) -> None:
    with desk_session(record) as session:
        may = {
            table
            for table in TABLES
            if session.scalar(
                text("SELECT has_table_privilege('record.' || :table, 'INSERT')"), {"table": table}
            )
        }
        assert may == {"edition", "term", "version", "checked"}
        refused(session, "INSERT INTO record.counter VALUES (true, 9)")
        refused(session, "INSERT INTO record.purged VALUES ('E1', 1)")
        refused(session, "SET ROLE sojourn_purger")


def test_row_is_closed_once_by_newest_edition(record: Settings) -> None:
    with desk_session(record) as session:
        close = "UPDATE record.version SET closed = {} WHERE id = 'E1'"
        once = "is closed once"
        refused(session, close.format(1), once + "|closed_after_opened")
        refused(session, close.format(9), once)
        session.execute(text("UPDATE record.counter SET edition = 2"))
        session.execute(
            text("INSERT INTO record.edition (no, message, release) VALUES (2, '', '')")
        )
        session.execute(text(close.format(2)))
        refused(session, close.format(2), once)
        refused(session, close.format("NULL"), once)
        refused(
            session,
            "UPDATE record.version SET closed = 2, title = '' WHERE id = 'S1'",
            "does not exist|denied",
        )
        refused(session, "UPDATE record.version SET closed = 2, payload = '{}' WHERE id = 'S1'")
        session.rollback()


def test_edition_counter_rejects_gaps_and_decrements(record: Settings) -> None:
    with desk_session(record) as session:
        for number in (0, 1, 3):
            refused(session, f"UPDATE record.counter SET edition = {number}", "without gaps")


def test_owner_can_not_update_version(record: Settings) -> None:
    from app.database.engines import migration_engine

    engine = migration_engine(record)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET ROLE sojourn_owner")
        for change in (
            "payload = '{}'",
            "plain = ''",
            "state = 'purged', payload = '{}', plain = ''",
            "opened = 0",
        ):
            with pytest.raises(DBAPIError, match="never changed"), connection.begin_nested():
                connection.exec_driver_sql(f"UPDATE record.version SET {change}")
        connection.rollback()
    engine.dispose()


def test_purger_role_can_only_empty_rows(record: Settings) -> None:
    from app.database.engines import migration_engine

    engine = migration_engine(record)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET ROLE sojourn_purger")
        emptied = "plain = '', search = '', cjk = ''"
        for change, why in (
            ("payload = '{\"form\": {}}'", "never changed"),
            ("plain = 'other'", "never changed"),
            (f"{emptied}, payload = '{{}}'", "never changed"),  # not marked as purged
            (f"{emptied}, state = 'purged'", "never changed"),  # marked, and the content kept
            (f"{emptied}, slug = 'other'", "never changed"),
            ("closed = 1", "permission denied"),
            ("id = 'E9'", "permission denied"),
            ("opened = 1", "permission denied"),
        ):
            with pytest.raises(DBAPIError, match=why), connection.begin_nested():
                connection.exec_driver_sql(f"UPDATE record.version SET {change}")
        for statement in (
            "DELETE FROM record.version",
            "SELECT * FROM desk.person",
            "UPDATE desk.record SET document = '{}'",
            "INSERT INTO record.term (key, code) VALUES ('a', 'b')",
        ):
            with pytest.raises(DBAPIError, match="permission denied"), connection.begin_nested():
                connection.exec_driver_sql(statement)
        connection.rollback()
    engine.dispose()


# Readers ----------------------------------------------------------------------------------------

BEYOND_READERS = [
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT * FROM desk.alembic_version",
    "COPY record.version TO '/tmp/stolen'",
    "COPY record.version TO PROGRAM 'cat'",
    "CREATE TABLE record.mine (id int)",
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE TEMPORARY TABLE mine (id int)",
    "SELECT record.purge('E1', '')",
    "SELECT setval('record.term_no_seq', 1)",
    "SELECT nextval('record.version_seq_seq')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
    "CREATE ROLE mine",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SET ROLE sojourn_desk",
    "SET ROLE sojourn_owner",
    "SET ROLE sojourn_purger",
    "SET SESSION AUTHORIZATION postgres",
]


def test_reader_login_is_denied(record: Settings) -> None:
    with reader_session(record) as session:
        for statement in BEYOND_READERS:
            refused(
                session,
                statement,
                f"{DENIED}|only roles with|does not exist|must have|must be (a )?superuser",
            )


def test_reader_login_reads_record_but_not_desk(record: Settings) -> None:
    with reader_session(record) as session:
        named = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('desk', 'record')"
        tables = session.execute(text(named)).all()
        assert {name for schema, name in tables if schema == "record"} == {*TABLES}
        for table in TABLES:
            session.execute(text(f"SELECT * FROM record.{table}"))
        for before in ("SELECT 1", "RESET ROLE", "SET ROLE NONE"):
            session.execute(text(before))
            for schema, name in tables:
                if schema != "record":
                    refused(session, f"SELECT * FROM {schema}.{name}")


def test_reader_login_can_not_write_after_changing_mode(record: Settings) -> None:
    for before in ("SELECT 1", "SET TRANSACTION READ WRITE", "RESET ROLE", "SET ROLE NONE"):
        with reader_session(record) as session:
            session.execute(text(before))
            refused(session, "CREATE TEMPORARY TABLE mine (id int)")
            for table, columns in TABLES.items():
                refused(session, f"UPDATE record.{table} SET {columns[0]} = DEFAULT")
                refused(session, f"DELETE FROM record.{table}")
                refused(session, f"INSERT INTO record.{table} DEFAULT VALUES")
                refused(session, f"TRUNCATE record.{table} CASCADE")
            session.rollback()


def test_statement_of_a_reader_is_ended_after_its_time(record: Settings) -> None:
    with reader_session(record) as session:
        session.execute(text("SET LOCAL statement_timeout = '50ms'"))
        refused(session, "SELECT pg_sleep(5)", "statement timeout")
