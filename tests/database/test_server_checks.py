"""The server is new enough, and no pooler loses what a connection sets."""

import contextlib
import signal
from pathlib import Path
from typing import Self, cast

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from app.database.cluster import Cluster
from app.database.engines import READER_OPTIONS, desk_engine, reader_engine
from app.database.server_checks import (
    describe_pooler,
    refuse_unfit_servers,
    seconds_alone,
)
from app.settings import Settings
from tests.conftest import MOST_SECONDS, reader_session, wait_until


class FakeConnection:
    """A connection that answers each statement with the next of these values."""

    def __init__(self, *values: object) -> None:
        self.values = list(values)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def execution_options(self, **_: object) -> "FakeConnection":
        return self

    def scalar(self, _statement: object) -> object:
        return self.values.pop(0)

    def rollback(self) -> None: ...


class FakeEngine:
    """Hands out these connections, one after the other."""

    def __init__(self, *connections: FakeConnection) -> None:
        self.connections = list(connections)

    def connect(self) -> FakeConnection:
        return self.connections.pop(0)


def engine(idle: list[object], busy: list[object]) -> Engine:
    return cast(Engine, FakeEngine(FakeConnection(*idle), FakeConnection(*busy)))


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
        server = cluster.account.start(command, log, start_new_session=True)
    try:
        wait_until(is_alone, "the replica to answer")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(MOST_SECONDS)


@pytest.mark.parametrize(
    ("idle", "busy"),
    [(["none", 7, 7], [7]), (["none", 7, 8], [9])],
    ids=["both share a process", "the process changes"],
)
def test_transaction_pooling_is_noticed(idle: list[object], busy: list[object]) -> None:
    assert "in transaction mode" in describe_pooler(engine(idle, busy))


def test_role_arrives_without_a_pooler(database: Settings) -> None:
    readers = reader_engine(database)
    try:
        assert describe_pooler(readers, READER_OPTIONS["role"]) == ""
        assert "instead of" in describe_pooler(readers, "another_role")
    finally:
        readers.dispose()


def test_read_only_setting_is_enforced_by_the_database(database: Settings) -> None:
    desk = desk_engine(database.model_copy(update={"read_only": True}))
    try:
        with desk.connect() as connection:
            assert connection.scalar(text("SHOW transaction_read_only")) == "on"
    finally:
        desk.dispose()
