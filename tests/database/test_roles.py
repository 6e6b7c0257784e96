"""Who may do what: the border between desk and readers is the server's, not the application's."""

import contextlib
import os
import pwd
import re
import signal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, event, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.database.cluster import Cluster
from app.database.engines import desk_engine, migration_engine, psycopg_url, reader_engine
from app.database.errors import describe_database_error
from app.database.migrating import migrate
from app.database.privileges import _give_data
from app.database.roles import GROUPS, READER, create_group_roles, create_login
from app.database.server_checks import (
    refuse_unfit_server,
    seconds_alone,
)
from app.desk.purges import add_to_list
from app.errors import CommandError
from app.secret_key import read_keys, write_keys
from app.settings import Settings
from tests.conftest import MOST_SECONDS, desk_session, reader_session, wait_until
from tests.support.database_server import RUN, Server


def test_reader_session_has_snapshot_timeout_and_read_only(database: Settings) -> None:
    with reader_session(database) as session:
        asked = "transaction_isolation", "statement_timeout", "transaction_read_only", "role"
        assert [session.scalar(text(f"SHOW {setting}")) for setting in asked] == [
            "repeatable read",
            "15s",
            "on",
            "sojourn_reader",
        ]


def test_single_login_serves_readers_with_readers_rights(
    database: Settings,
) -> None:
    everything = database.migrate_database_url
    alone = Settings(database_url=everything)
    with reader_session(alone) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text("SELECT * FROM desk.record"))
        session.rollback()
    with desk_session(alone) as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text("DELETE FROM record.version"))
        session.rollback()


def test_roles_and_logins_can_be_created_twice(database: Settings) -> None:
    migrate(database, logins=True)
    engine = migration_engine(database)
    with engine.begin() as connection:
        # As in a database that an earlier release has made.
        connection.exec_driver_sql(
            f"GRANT TEMPORARY ON DATABASE {database_name(database)} TO PUBLIC"
        )
        create_group_roles(connection)
        makes_tables = connection.scalars(
            text(
                "SELECT has_database_privilege(r, current_database(), 'TEMPORARY') "
                "FROM unnest(ARRAY['sojourn_reader', 'sojourn_desk']) r"
            )
        ).all()
        logs_in = connection.execute(
            text(
                "SELECT rolname, rolcanlogin, rolsuper FROM pg_roles "
                "WHERE rolname = ANY(:groups) ORDER BY rolname"
            ),
            {"groups": list(GROUPS)},
        ).all()
    engine.dispose()
    assert makes_tables == [False, True]
    assert [tuple(row) for row in logs_in] == [(group, False, False) for group in sorted(GROUPS)]


def test_reader_login_has_limits_in_any_program(database: Settings, server: Server) -> None:
    with psycopg.connect(server.url(database_name(database), "reader")) as connection:
        shown = [
            connection.execute(f"SHOW {name}".encode()).fetchone()
            for name in ("default_transaction_read_only", "statement_timeout")
        ]
    assert shown == [("on",), ("15s",)]


def test_password_is_sent_as_verifier(database: Settings) -> None:
    engine = migration_engine(database)
    name = f"{RUN}_verified"
    statements: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda _, __, statement, *___: statements.append(statement)
    )
    with engine.connect() as connection:
        create_login(connection, name, "per%cent'secret", READER)
        assert not any("secret" in statement for statement in statements)
        assert any(re.search(r"PASSWORD 'SCRAM-SHA-256\$", statement) for statement in statements)
        connection.rollback()
    engine.dispose()


def test_login_without_rights_gets_reason(database: Settings, server: Server) -> None:
    weak = database.model_copy(
        update={"migrate_database_url": server.url(database_name(database), "desk")}
    )
    with pytest.raises(ProgrammingError) as caught:
        migrate(weak)
    sentence = describe_database_error(caught.value)
    # PostgreSQL 15 says it in other words than 16.
    assert 'role "sojourn_owner"' in sentence and "MIGRATE_DATABASE_URL" in sentence


def test_damaged_files_at_sign_in_name_the_backup() -> None:
    """PostgreSQL's words when a page of a catalog is overwritten."""
    refused = psycopg.OperationalError(
        'connection failed: connection to server on socket "/x/.s.PGSQL.5432" failed: '
        'FATAL:  4 invalid pages among blocks 3..6 of relation "base/16384/1249"'
    )
    sentence = describe_database_error(refused)
    assert sentence.startswith("The files of the database are damaged")
    assert "restore a backup" in sentence


def test_missing_server_is_one_sentence_without_password() -> None:
    nowhere = Settings(
        database_url="postgresql://someone:hidden@127.0.0.1:9/none?connect_timeout=2"
    )
    for build in (desk_engine, reader_engine):
        engine = build(nowhere)
        with pytest.raises(OperationalError) as caught:
            engine.connect()
        sentence = describe_database_error(caught.value)
        assert sentence.startswith("The database cannot be reached: ")
        assert "hidden" not in sentence
        assert "\n" not in sentence
    with pytest.raises(CommandError, match="cannot be reached"):
        migrate(nowhere)


def test_error_shows_statement_without_values(database: Settings) -> None:
    with reader_session(database) as session:
        with pytest.raises(ProgrammingError) as caught:
            session.execute(text("SELECT :typed FROM no_such_table"), {"typed": "a-readers-words"})
        assert "a-readers-words" not in str(caught.value)
        session.rollback()


def database_name(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.split("?", maxsplit=1)[0].rpartition("/")[2]


# What a site that was started by root gives to the account under which it answers


SERVANT = "daemon"
"""An account that is on every system where these tests run as root."""


def test_only_own_files_of_the_data_folder_change_their_owner(tmp_path: Path) -> None:
    account = pwd.getpwnam(SERVANT) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    data = tmp_path / "data"
    data.mkdir()
    others = [tmp_path / "linked", tmp_path / "hard"]
    for file in (*others, data / "secret-key"):
        file.write_text("x")
    (data / "link").symlink_to(others[0])
    (data / "hard-link").hardlink_to(others[1])
    _give_data(data, account)
    assert (data.stat().st_uid, (data / "secret-key").stat().st_uid) == (
        account.pw_uid,
        account.pw_uid,
    )
    assert {file.stat().st_uid for file in others} == {os.geteuid()}


def test_file_made_by_root_belongs_to_owner_of_folder(tmp_path: Path) -> None:
    """For example the purge list: root runs `sojourn purge`, the site's account appends to it."""
    account = pwd.getpwnam(SERVANT) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(tmp_path, account.pw_uid, account.pw_gid)
    add_to_list(tmp_path / "purged.txt", ["E1"])
    keys = read_keys(tmp_path)
    write_keys(tmp_path, keys)
    assert {path.name: path.stat().st_uid for path in tmp_path.iterdir()} == {
        "purged.txt": account.pw_uid,
        "secret-key": account.pw_uid,
    }


# The server is new enough, and no pooler loses what a connection sets


def test_replica_without_main_server_is_alone(folder: Path, published: Settings) -> None:
    with reader_session(published) as session:
        assert seconds_alone(session.connection()) == 0
    cluster = Cluster(folder, {})
    (cluster.files / "standby.signal").touch()
    sockets = cluster._socket_folder()
    command = [str(cluster.binaries / "postgres"), "-D", str(cluster.files), "-k", str(sockets)]
    command += ["-c", "listen_addresses="]
    url = f"postgresql+psycopg://postgres@/postgres?host={sockets}"
    engine = create_engine(url, poolclass=NullPool)

    def is_alone() -> bool:
        with contextlib.suppress(OperationalError), engine.connect() as connection:
            return seconds_alone(connection) > 0
        return False

    with cluster.log.open("ab") as log:
        server = cluster.account.start(command, log)
    try:
        wait_until(is_alone, "the replica to answer")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(MOST_SECONDS)


def test_lost_settings_are_noticed(database: Settings) -> None:
    assert database.database_url
    plain = create_engine(psycopg_url(database.database_url))
    with plain.connect() as connection, pytest.raises(CommandError, match="drops the settings"):
        refuse_unfit_server(connection)
    plain.dispose()


def test_read_only_setting_is_enforced_by_the_database(database: Settings) -> None:
    desk = desk_engine(database.model_copy(update={"read_only": True}))
    try:
        with desk.connect() as connection:
            assert connection.scalar(text("SHOW transaction_read_only")) == "on"
    finally:
        desk.dispose()
