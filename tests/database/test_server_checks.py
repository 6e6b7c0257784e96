"""The server is new enough, and no pooler loses what a connection sets."""

import contextlib
import signal
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from app.database.cluster import Cluster
from app.database.engines import desk_engine, psycopg_url
from app.database.server_checks import (
    refuse_unfit_server,
    refuse_unfit_servers,
    seconds_alone,
)
from app.errors import CommandError
from app.settings import Settings
from tests.conftest import MOST_SECONDS, reader_session, wait_until


def test_postgresql_itself_is_fit(database: Settings) -> None:
    refuse_unfit_servers(database)


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
