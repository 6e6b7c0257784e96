"""Saving the whole database to one file and filling an empty one from it, without PostgreSQL's own programs.

The file is a zip: one member a table, as COPY writes it, and a manifest with counts and checksums. So it can be taken
from one version of PostgreSQL to another, and looked into. It holds private notes: it is for its owner alone.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.database.engines import libpq_url, migration_engine
from app.database.migrating import (
    current_revision,
    known_revisions,
    make_roles,
    migration_lock,
    refuse_newer_tables,
    upgrade_in_transaction,
)
from app.database.roles import OWNER
from app.errors import Stop
from app.settings import Settings

MANIFEST = "manifest.json"
CHUNK_BYTES = 1 << 20
LEFT_OUT = frozenset({"attempt", "challenge", "letter_count", "letter_salt", "link", "sign_in"})
"""Tables of the desk whose rows are left out of a backup and emptied after restoring an older one: who signs in or
tries to, from where letters came, and links that work once. Nobody needs them back, and some could tell of a person."""
FORMAT_SETTINGS = ("datestyle = 'ISO, YMD'", "timezone = 'UTC'", "client_encoding = 'UTF8'", "search_path = ''")
"""Values are written and read the same way on every server."""


class Table(BaseModel):
    """One table of the backup."""

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
    """What a backup holds: enough to know that all of it is there, and where it can be restored."""

    model_config = ConfigDict(frozen=True)

    program: str = "sojourn"
    format: int = 1
    made: datetime
    edition: int
    revision: str
    tables: list[Table]
    sequences: dict[str, int]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def save(settings: Settings, file: Path) -> Manifest:
    """Writes everything as it is at one moment; the site may go on meanwhile."""
    revision = _revision(settings)
    if revision is None:
        raise Stop("There is nothing to save: this database has no tables.")
    if file.exists():
        raise Stop(f"{file} exists already: choose another name.")
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        unfinished.touch(mode=0o600)
        with _owner(settings) as connection, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            manifest = _write(connection, archive, revision)
        unfinished.rename(file)
    except OSError as error:
        raise Stop(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def restore(
    settings: Settings,
    file: Path,
    logins: bool = False,
    *,
    before_commit: Callable[[Connection], None] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Manifest:
    """Checks the whole file, then makes the tables as they were, fills them, and brings them up to date.

    All of it is one transaction: until it is committed nobody sees anything of it, and whatever ends it leaves the
    database as it was. `before_commit` is called in this transaction, as the owner of all tables. `on_wait` is called
    before waiting for another program that restores or migrates.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _checked(archive, file)
            if manifest.revision not in known_revisions():
                raise Stop(f"{file} was made by a newer Sojourn: install that release first.")
            with migration_lock(settings, on_wait) as connection:
                refuse_newer_tables(connection)
                make_roles(connection, settings, logins)
                _restore(connection, settings, archive, manifest, before_commit)
    except FileNotFoundError:
        raise Stop(f"There is no file {file}.") from None
    except (psycopg.Error, DBAPIError) as error:
        raise Stop(f"Nothing was restored: {_briefly(error)}.") from error
    except (OSError, zipfile.BadZipFile, KeyError, ValidationError) as error:
        raise Stop(f"{file} is not a backup, or is damaged: {_briefly(error)}.") from None
    return manifest


def _restore(
    connection: Connection,
    settings: Settings,
    archive: zipfile.ZipFile,
    manifest: Manifest,
    before_commit: Callable[[Connection], None] | None,
) -> None:
    database = cast(psycopg.Connection, connection.connection.driver_connection)
    with connection.begin():
        # However long it takes: no server's habit of ending long or idle transactions may end this one.
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            database.execute(f"SET LOCAL {limit} = 0".encode())
        for setting in FORMAT_SETTINGS:
            database.execute(f"SET LOCAL {setting}".encode())
        _act_as_owner(database)
        _refuse_rows(database)
        _drop_schemas(database)
        upgrade_in_transaction(connection, settings, manifest.revision)
        _act_as_owner(database)
        _fill(database, archive, manifest)
        upgrade_in_transaction(connection, settings, "head")
        _act_as_owner(database)
        # Backups of older releases hold these rows; whoever was signed in then may have been signed out since.
        left_out = sql.SQL(", ").join(sql.Identifier("desk", name) for name in sorted(LEFT_OUT))
        database.execute(sql.SQL("TRUNCATE {}").format(left_out))
        if before_commit:
            before_commit(connection)


def _write(connection: psycopg.Connection, archive: zipfile.ZipFile, revision: str) -> Manifest:
    tables = []
    for schema, name, columns in _tables(connection):
        table = Table(schema_name=schema, name=name, columns=columns, rows=0, sha256="")
        digest, rows = hashlib.sha256(), 0
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        rows_of = sql.SQL("SELECT {} FROM {}").format(names, table.quoted)
        if schema == "desk" and name in LEFT_OUT:
            rows_of += sql.SQL(" WHERE false")
        statement = sql.SQL("COPY ({}) TO STDOUT").format(rows_of)
        with (
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
            archive.open(table.member, "w", force_zip64=True) as member,
        ):
            for block in copy:
                part = bytes(block)
                member.write(part)
                digest.update(part)
                # COPY's text has one line a row; a line break within a value is written as `\n`.
                rows += part.count(b"\n")
        tables.append(table.model_copy(update={"rows": rows, "sha256": digest.hexdigest()}))
    manifest = Manifest(
        made=datetime.now(UTC),
        edition=_number(connection, "SELECT coalesce(max(no), 0) FROM record.edition"),
        revision=revision,
        tables=tables,
        sequences=dict(_sequences(connection)),
    )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _checked(archive: zipfile.ZipFile, file: Path) -> Manifest:
    manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    if (manifest.program, manifest.format) != ("sojourn", 1):
        raise Stop(f"{file} was made by a newer Sojourn: install that release first.")
    for table in manifest.tables:
        digest, rows = hashlib.sha256(), 0
        for part in _parts(archive, table):
            digest.update(part)
            rows += part.count(b"\n")
        if (rows, digest.hexdigest()) != (table.rows, table.sha256):
            raise Stop(f"{file} is damaged: {table.member} is not what was saved.")
    return manifest


def _fill(connection: psycopg.Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    present = {(schema, name) for schema, name, _ in _tables(connection)}
    if present != {(table.schema_name, table.name) for table in manifest.tables}:
        raise Stop("The backup does not hold the tables that its own version of Sojourn has.")
    # References may form circles, and triggers guard what may happen to rows one by one. Both are put aside while the
    # tables are filled, and every reference is checked when its constraint comes back.
    references = _references(connection)
    triggers = _triggers(connection)
    for of, name, _ in references:
        _do(connection, "ALTER TABLE {} DROP CONSTRAINT {}", of, name)
    for of, name in triggers:
        _do(connection, "ALTER TABLE {} DISABLE TRIGGER {}", of, name)
    # What a migration puts into new tables is in the backup as well.
    tables = sql.SQL(", ").join(table.quoted for table in manifest.tables)
    connection.execute(sql.SQL("TRUNCATE {}").format(tables))
    for table in manifest.tables:
        names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.quoted, names)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for part in _parts(archive, table):
                copy.write(part)
    for sequence, value in manifest.sequences.items():
        connection.execute("SELECT setval(%s::regclass, %s)", [sequence, value])
    for of, name, definition in references:
        _do(
            connection, "ALTER TABLE {} ADD CONSTRAINT {} " + definition.replace("{", "{{").replace("}", "}}"), of, name
        )
    for of, name in triggers:
        _do(connection, "ALTER TABLE {} ENABLE TRIGGER {}", of, name)


@contextmanager
def _owner(settings: Settings, access: str = "READ ONLY") -> Iterator[psycopg.Connection]:
    """One transaction of the owner of all tables, in one snapshot, with values written the same way everywhere."""
    address = settings.migrate_database_url or settings.database_url
    if not address:
        raise Stop("No database is named: set DATABASE_URL.")
    with psycopg.connect(libpq_url(address)) as connection, connection.transaction():
        connection.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, {access}".encode())
        _act_as_owner(connection)
        for setting in FORMAT_SETTINGS:
            connection.execute(f"SET LOCAL {setting}".encode())
        yield connection


def _tables(connection: psycopg.Connection) -> list[tuple[str, str, list[str]]]:
    """Every table of ours with the columns that are stored rather than computed, other than Alembic's own."""
    return connection.execute(
        """
        SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        WHERE c.relkind = 'r' AND pg_has_role(%s, c.relowner, 'USAGE') AND n.nspname NOT LIKE 'pg\\_%%'
          AND n.nspname <> 'information_schema' AND c.relname <> 'alembic_version'
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        [OWNER],
    ).fetchall()


def _sequences(connection: psycopg.Connection) -> list[tuple[str, int]]:
    """Sequences that have given out a number, and the last one."""
    return connection.execute(
        """
        SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value FROM pg_sequences
        WHERE last_value IS NOT NULL AND pg_has_role(%s, sequenceowner, 'USAGE') ORDER BY 1
        """,
        [OWNER],
    ).fetchall()


def _references(connection: psycopg.Connection) -> list[tuple[sql.Identifier, str, str]]:
    rows = connection.execute(
        """
        SELECT n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE k.contype = 'f' AND c.relkind = 'r' AND pg_has_role(%s, c.relowner, 'USAGE') ORDER BY 1, 2, 3
        """,
        [OWNER],
    )
    return [(sql.Identifier(schema, table), name, definition) for schema, table, name, definition in rows]


def _triggers(connection: psycopg.Connection) -> list[tuple[sql.Identifier, str]]:
    rows = connection.execute(
        """
        SELECT n.nspname, c.relname, t.tgname
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND pg_has_role(%s, c.relowner, 'USAGE') ORDER BY 1, 2, 3
        """,
        [OWNER],
    )
    return [(sql.Identifier(schema, table), name) for schema, table, name in rows]


def _act_as_owner(connection: psycopg.Connection) -> None:
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))


def _refuse_rows(connection: psycopg.Connection) -> None:
    """Tables may be there, as after `sojourn migrate`, but nothing that anybody entered or published.

    They are locked, so that nobody enters anything from here on.
    """
    tables = [
        sql.Identifier(schema, name) for schema, name, _ in _tables(connection) if schema == "desk" or name == "edition"
    ]
    if tables:
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(tables)))
    for table in tables:
        if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table)).rowcount:
            raise Stop(
                "This database is in use, and restoring would replace what it holds: name an empty one with "
                "DATABASE_URL, or a new folder with SOJOURN_DATA_DIR."
            )


def _drop_schemas(connection: psycopg.Connection) -> None:
    """Removes tables without rows, of whatever revision they are."""
    owned = "SELECT nspname FROM pg_namespace WHERE nspowner = %s::regrole ORDER BY 1"
    for (schema,) in connection.execute(owned, [OWNER]).fetchall():
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _revision(settings: Settings) -> str | None:
    engine = migration_engine(settings)
    try:
        with engine.connect() as connection:
            return current_revision(connection)
    finally:
        engine.dispose()


def _parts(archive: zipfile.ZipFile, table: Table) -> Iterator[bytes]:
    with archive.open(table.member) as member:
        while part := member.read(CHUNK_BYTES):
            yield part


def _do(connection: psycopg.Connection, statement: str, table: sql.Identifier, name: str) -> None:
    connection.execute(sql.SQL(statement).format(table, sql.Identifier(name)))


def _number(connection: psycopg.Connection, question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0


def _briefly(error: Exception) -> str:
    return str(error).splitlines()[0].strip("'\".") if str(error) else type(error).__name__
