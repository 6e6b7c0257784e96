"""Backup of the whole database to one file, without PostgreSQL's own programs.

The file is a zip with one member a table, as COPY writes it, and a manifest with counts and
checksums. It does not depend on the version of PostgreSQL. It contains private notes, so only its
owner may read it. `app.database.restore` reads it.
"""

import hashlib
import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

import psycopg
from psycopg import sql
from pydantic import BaseModel, ConfigDict

from app.database.engines import libpq_url, migration_engine
from app.database.migrating import (
    current_revision,
)
from app.database.roles import OWNER
from app.errors import CommandError
from app.files import sync_folder
from app.progress import Advance, stage
from app.settings import Settings

MANIFEST = "manifest.json"
CHUNK_BYTES = 1 << 20
EXCLUDED_TABLES = {
    *("attempt", "challenge", "device", "letter_count", "letter_salt", "link", "sign_in"),
    "report_text",
}
"""Desk tables without rows in a backup: sign-ins, attempts, senders' networks, one-time links, and
the private texts of reports.

They are not needed again, and some could identify a person; a text is kept for some days only.
After a restore they are emptied too, since older backups contain these rows.
"""
UNFINISHED = ".sojourn-unfinished"
LEFT_BEHIND_SECONDS = 3600
"""Without a write for this long, a file is left over from a backup that was killed."""
FORMAT_SETTINGS = (
    "datestyle = 'ISO, YMD'",
    "timezone = 'UTC'",
    "client_encoding = 'UTF8'",
    "search_path = ''",
)
"""Settings with which every server writes and reads values in the same way."""


class BackupTable(BaseModel):
    model_config = ConfigDict(frozen=True)

    schema_name: str
    name: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        return f"{self.schema_name}/{self.name}.copy"

    @property
    def quoted(self) -> sql.Identifier:
        return sql.Identifier(self.schema_name, self.name)


class Manifest(BaseModel):
    """Contents of a backup, with which a restore checks that it is complete and compatible."""

    model_config = ConfigDict(frozen=True)

    program: str = "sojourn"
    format: int = 1
    made: datetime
    edition: int
    revision: str
    tables: list[BackupTable]
    sequences: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def write_backup(settings: Settings, file: Path) -> Manifest:
    """Write one consistent snapshot of the database to a new file; the site can keep running."""
    revision = _revision(settings)
    if revision is None:
        raise CommandError("There is nothing to save: this database has no tables.")
    if file.exists():
        raise CommandError(f"{file} exists already: choose another name.")
    try:
        _remove_leftovers(file.parent)
        with _unfinished(file) as content:
            with (
                _owner(settings) as connection,
                zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                manifest = _write(connection, archive, revision)
            # On disk before it gets its name: even after a power cut a file of this name is
            # complete.
            content.flush()
            os.fsync(content.fileno())
            sync_folder(file.parent)
            Path(content.name).rename(file)
            sync_folder(file.parent)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
    return manifest


@contextmanager
def _unfinished(file: Path) -> Iterator[BinaryIO]:
    """Create a file under another name that only its owner can read."""
    with NamedTemporaryFile(
        dir=file.parent, prefix=file.name, suffix=UNFINISHED, delete=False
    ) as content:
        try:
            yield cast(BinaryIO, content)
        finally:
            Path(content.name).unlink(missing_ok=True)


def _remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files of killed backups, since they contain private notes."""
    for path in folder.glob(f"*{UNFINISHED}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                path.unlink()


def _write(connection: psycopg.Connection, archive: zipfile.ZipFile, revision: str) -> Manifest:
    tables = []
    with stage("Saving rows") as advance:
        for schema, name, columns in list_tables(connection):
            tables.append(_write_table(connection, archive, (schema, name, columns), advance))
    newest = connection.execute("SELECT no FROM record.edition ORDER BY no DESC LIMIT 1").fetchone()
    manifest = Manifest(
        made=datetime.now(UTC),
        edition=newest[0] if newest else 0,
        revision=revision,
        tables=tables,
        # Those that have been used, with their last numbers.
        sequences=dict(connection.execute(SEQUENCES, [OWNER]).fetchall()),
    )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _write_table(
    connection: psycopg.Connection,
    archive: zipfile.ZipFile,
    columns_of: tuple[str, str, list[str]],
    advance: Advance,
) -> BackupTable:
    schema, name, columns = columns_of
    table = BackupTable(schema_name=schema, name=name, columns=columns, rows=0, sha256="")
    digest, rows = hashlib.sha256(), 0
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("SELECT {} FROM {}").format(names, table.quoted)
    if schema == "desk" and name in EXCLUDED_TABLES:
        query += sql.SQL(" WHERE false")
    statement = sql.SQL("COPY ({}) TO STDOUT").format(query)
    with (
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
        archive.open(table.member, "w", force_zip64=True) as member,
    ):
        for block in copy:
            part = bytes(block)
            member.write(part)
            digest.update(part)
            # COPY writes one line a row, and a line break within a value as `\n`.
            written = part.count(b"\n")
            rows += written
            advance(written)
    return table.model_copy(update={"rows": rows, "sha256": digest.hexdigest()})


@contextmanager
def _owner(settings: Settings) -> Iterator[psycopg.Connection]:
    """Open one transaction in one snapshot, as the owner of all tables, with `FORMAT_SETTINGS`."""
    address = settings.migrate_database_url or settings.database_url
    if not address:
        raise CommandError("No database is named: set DATABASE_URL.")
    with psycopg.connect(libpq_url(address)) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        act_as_owner(connection)
        for setting in FORMAT_SETTINGS:
            connection.execute(f"SET LOCAL {setting}".encode())
        yield connection


def list_tables(connection: psycopg.Connection) -> list[tuple[str, str, list[str]]]:
    """Return schema, name and stored columns of each of our tables except Alembic's."""
    return connection.execute(
        """
        SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        WHERE c.relkind = 'r' AND pg_has_role(%s, c.relowner, 'USAGE') AND n.nspname NOT LIKE 'pg\\_%%'
          AND n.nspname <> 'information_schema' AND c.relname <> 'alembic_version'
        GROUP BY 1, 2 ORDER BY 1, 2
        """,  # noqa: E501
        [OWNER],
    ).fetchall()


SEQUENCES = """
    SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value FROM pg_sequences
    WHERE last_value IS NOT NULL AND pg_has_role(%s, sequenceowner, 'USAGE') ORDER BY 1
"""


def act_as_owner(connection: psycopg.Connection) -> None:
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))


def _revision(settings: Settings) -> str | None:
    engine = migration_engine(settings)
    try:
        with engine.connect() as connection:
            return current_revision(connection)
    finally:
        engine.dispose()
