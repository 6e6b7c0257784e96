"""The PostgreSQL server of a test run, its two template databases, and its secrets.

Making the templates takes half a minute, so a data folder with both is kept in `build/` and copied
by each process. It is made again when anything that it depends on changes.
"""

import base64
import contextlib
import fcntl
import hashlib
import itertools
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from app import paths
from app.database import embedded
from app.database.cluster import DATA, DESK_LOGIN, READER_LOGIN, SUPERUSER
from app.database.engines import desk_engine, libpq_url
from app.database.migrating import migrate
from app.database.roles import TEMPORARY_TABLES
from app.database.sessions import DeskSession
from app.settings import Settings
from tests.support.temporary_folders import temporary_folder

# Names of databases and roles start with this, so that several runs can share a server.
RUN = f"sojourn_test_{secrets.token_hex(3)}"
SECRET_KEY, HASH_SECRET = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
GIVEN_DATABASE_URL = os.environ.get("DATABASE_URL")

SMALL_RECORD = paths.ROOT / "tests/small_record"
EMPTY, SMALL = "sojourn_empty", "sojourn_small"
"""Databases with roles and tables, and with the small record as edition 1."""
KEPT = paths.ROOT / "build/test-database"
NOT_STORED = {"site", "web", "cli"}
"""Packages of `app` on which nothing in the databases depends."""
# Test data need not survive a power cut.
UNSAFE_BUT_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass
class Server:
    """A PostgreSQL server on which the tests create databases."""

    admin_url: str
    logins: dict[str, tuple[str, str | None]]
    names = itertools.count(1)

    def create(self, template: str | None = None) -> str:
        name = f"{RUN}_{next(self.names)}"
        with self._admin() as connection:
            source = sql.Identifier(template or "template0")
            # Half the tests create a database. Without fsync, copying files takes half the time of
            # writing a log.
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(statement.format(sql.Identifier(name), source))
            if template:  # whose rights a copy does not have
                for change in TEMPORARY_TABLES:
                    connection.execute(sql.SQL(change).format(sql.Identifier(name)))
        return name

    def drop(self, name: str) -> None:
        with self._admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    @contextlib.contextmanager
    def database(self, template: str | None = None) -> Iterator[Settings]:
        """Yield the settings of an installation on a new database, which is dropped at the end."""
        name = self.create(template)
        yield self.settings(name)
        self.drop(name)

    def settings(self, name: str) -> Settings:
        """Return the settings of an installation on this database, with its three logins."""
        return Settings(
            database_url=self.url(name, "desk"),
            reader_database_url=self.url(name, "reader"),
            migrate_database_url=self.url(name),
            secret_key=SECRET_KEY,
            hash_secret=HASH_SECRET,
        )

    def url(self, name: str, login: str | None = None) -> str:
        url = make_url(libpq_url(self.admin_url)).set(database=name)
        if login:
            user, password = self.logins[login]
            url = url.set(username=user, password=password)
        return url.render_as_string(hide_password=False)

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(libpq_url(self.admin_url), autocommit=True)


@contextlib.contextmanager
def embedded_server() -> Iterator[Server]:
    """Run PostgreSQL on a copy of the kept data folder."""
    logins: dict[str, tuple[str, str | None]] = {
        "desk": (DESK_LOGIN, None),
        "reader": (READER_LOGIN, None),
    }
    kept = KEPT / _fingerprint()
    with temporary_folder() as folder:
        KEPT.mkdir(parents=True, exist_ok=True)
        with (KEPT / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                _keep_templates(kept, logins)
            subprocess.run(["cp", "-a", kept, folder / "server"], check=True)
        with embedded.running(folder / "server", UNSAFE_BUT_FAST) as running:
            # Tests make logins of their own, and connect with them.
            rules = folder / "server" / DATA / "pg_ident.conf"
            rules.write_text(rules.read_text().replace(f" {SUPERUSER}\n", " all\n"))
            with psycopg.connect(running.url("postgres")) as connection:
                connection.execute("SELECT pg_reload_conf()")
            yield Server(running.url("postgres"), logins)


def _fingerprint() -> str:
    """Return a hash of the code and data that the templates are made of."""
    app = paths.ROOT / "app"
    files = [*SMALL_RECORD.iterdir(), *(paths.ROOT / "migrations").rglob("*.py")]
    files += [
        file for file in app.rglob("*.py") if file.relative_to(app).parts[0] not in NOT_STORED
    ]
    files += (paths.ROOT / "requirements").glob("*.txt")
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(paths.ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _keep_templates(kept: Path, logins: dict[str, tuple[str, str | None]]) -> None:
    for old in KEPT.glob("*/"):
        shutil.rmtree(old)
    with temporary_folder() as folder:
        with embedded.running(folder / "server", UNSAFE_BUT_FAST) as running:
            server = Server(running.url("postgres"), logins)
            running.create_database(EMPTY)
            migrate(server.settings(EMPTY), logins=True)
            running.create_database(SMALL, EMPTY)
            publish_small_record(server.settings(SMALL))
        # Renamed when it is complete: a killed run leaves no half of it.
        subprocess.run(["cp", "-a", folder / "server", KEPT / "incomplete"], check=True)
        (KEPT / "incomplete").rename(kept)


def publish_small_record(settings: Settings) -> None:
    from app.desk.approved.publish import publish_approved
    from app.desk.csv import import_folder

    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as session, session.begin():
            report = import_folder(session, SMALL_RECORD, False)
            assert not report.errors, "\n".join(str(problem) for problem in report.errors)
            publish_approved(session, "The first reports")
    finally:
        engine.dispose()
