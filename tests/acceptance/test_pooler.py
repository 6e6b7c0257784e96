"""A connection pooler between Sojourn and PostgreSQL is refused in one sentence."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.settings import Settings
from tests.acceptance.programs import path_of
from tests.conftest import wait_until
from tests.support.environment import environment_of
from tests.support.processes import free_port
from tests.support.serving import run
from tests.support.temporary_folders import temporary_folder

IGNORING = {"ignore_startup_parameters": "options"}


@contextlib.contextmanager
def pooler(settings: Settings, **options: str) -> Iterator[Settings]:
    """Run PgBouncer before the database; yield settings whose addresses name the pooler."""
    urls = {
        name: make_url(str(getattr(settings, name)))
        for name in ("database_url", "reader_database_url", "migrate_database_url")
    }
    server = urls["database_url"]
    sockets = Path(str(server.query.get("host") or server.host))
    port = free_port()
    with temporary_folder() as folder:
        users = folder / "users"
        users.write_text("".join(f'"{url.username}" ""\n' for url in urls.values()))
        given = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(port),
            "unix_socket_dir": "",
            "auth_type": "trust",
            "auth_file": str(users),
            **options,
        }
        lines = [f"{name} = {value}" for name, value in given.items()]
        configuration = folder / "pgbouncer.ini"
        configuration.write_text(
            "\n".join(["[databases]", f"* = host={sockets}", "[pgbouncer]", *lines, ""])
        )
        # The embedded server lets in its own account, and PgBouncer does not run as root.
        owner = next(sockets.glob(".s.PGSQL.*")).stat().st_uid if sockets.is_dir() else None
        folder.chmod(0o755)
        with subprocess.Popen(
            [str(path_of("pgbouncer")), str(configuration)],
            user=owner if os.geteuid() == 0 else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                pooled = {
                    name: url.difference_update_query(["host"])
                    .set(host="127.0.0.1", port=port)
                    .render_as_string(hide_password=False)
                    for name, url in urls.items()
                }
                wait_until(lambda: _listens(port), "PgBouncer")
                yield settings.model_copy(update={**pooled, "port": free_port()})
            finally:
                process.terminate()


def _listens(port: int) -> bool:
    try:
        psycopg.connect(f"host=127.0.0.1 port={port} user=nobody dbname=none").close()
    except psycopg.OperationalError as error:
        return "refused" not in str(error)
    return True


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("serve", {"pool_mode": "transaction"}, "refuses the settings of our connections"),
        ("serve", {"pool_mode": "session", **IGNORING}, "drops the settings of our connections"),
        ("migrate", {"pool_mode": "transaction", **IGNORING}, "drops the settings of our"),
    ],
)
def test_pooler_is_refused_in_one_sentence(
    database: Settings, command: str, options: dict[str, str], sentence: str
) -> None:
    with pooler(database, **options) as pooled:
        done = run(command, **environment_of(pooled))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert sentence in done.stderr
