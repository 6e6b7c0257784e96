"""The PostgreSQL server of a test run, and the secrets of its installations."""

import base64
import itertools
import os
import secrets
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from app.database.engines import libpq_url
from app.settings import Settings

# Names of databases and roles start with this, so that several runs can share a server.
RUN = f"sojourn_test_{secrets.token_hex(3)}"
SECRET_KEY, HASH_SECRET = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
GIVEN_DATABASE_URL = os.environ.get("DATABASE_URL")


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
        return name

    def drop(self, name: str) -> None:
        with self._admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

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
