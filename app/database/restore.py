"""Restore of a backup into an empty database, in one transaction.

`app.database.backup` writes it.
"""

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.database.backup import (
    CHUNK_BYTES,
    EXCLUDED_TABLES,
    FORMAT_SETTINGS,
    MANIFEST,
    BackupTable,
    Manifest,
    act_as_owner,
    list_tables,
)
from app.database.errors import describe_database_error
from app.database.migrating import (
    make_roles,
    migration_lock,
    refuse_unknown,
    refuse_unknown_tables,
    upgrade_in_transaction,
)
from app.database.roles import OWNER
from app.errors import CommandError
from app.progress import stage
from app.settings import Settings

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    # A missing member, an unknown compression or encryption, or a manifest in another format.
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


def restore(
    settings: Settings,
    file: Path,
    logins: bool = False,
    *,
    before_commit: Callable[[Connection], None] | None = None,
) -> Manifest:
    """Check the whole file, create the tables of its revision, fill them, and migrate them.

    All of it is one transaction: a failure leaves the database unchanged. `before_commit` is called
    in this transaction, as the owner of all tables.
    """
    with _open_archive(file) as archive:
        with _describe_damage(file):
            manifest = _read_manifest(archive, file)
        refuse_unknown(manifest.revision, str(file))
        try:
            with migration_lock(settings) as connection:
                refuse_unknown_tables(connection)
                make_roles(connection, settings, logins)
                _restore(connection, archive, manifest, before_commit)
        except (psycopg.Error, DBAPIError) as error:
            raise CommandError(f"Nothing was restored: {describe_database_error(error)}") from error
    return manifest


def verify_backup(file: Path) -> Manifest:
    """Read the whole file and compare it with its manifest; raise CommandError if they differ."""
    with _open_archive(file) as archive, _describe_damage(file):
        return _read_manifest(archive, file)


def _open_archive(file: Path) -> zipfile.ZipFile:
    with _describe_damage(file):
        return zipfile.ZipFile(file)


@contextmanager
def _describe_damage(file: Path) -> Iterator[None]:
    """Turn the errors of reading a missing or damaged file into a CommandError."""
    try:
        yield
    except FileNotFoundError:
        raise CommandError(f"There is no file {file}.") from None
    except (OSError, *DAMAGED) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        raise CommandError(
            f"{file} is not a backup, or is damaged: restore another one."
        ) from error


def _restore(
    connection: Connection,
    archive: zipfile.ZipFile,
    manifest: Manifest,
    before_commit: Callable[[Connection], None] | None,
) -> None:
    database = cast(psycopg.Connection, connection.connection.driver_connection)
    transaction = connection.begin()
    try:
        # A login's limits for statements and idle sessions must not end this long transaction.
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            database.execute(f"SET LOCAL {limit} = 0".encode())
        for setting in FORMAT_SETTINGS:
            database.execute(f"SET LOCAL {setting}".encode())
        act_as_owner(database)
        _refuse_rows(database)
        _drop_schemas(database)
        upgrade_in_transaction(connection, manifest.revision)
        act_as_owner(database)
        _fill(database, archive, manifest)
        upgrade_in_transaction(connection, "head")
        act_as_owner(database)
        # Backups of older releases contain these rows; a sign-in in them may have ended since.
        excluded = sql.SQL(", ").join(
            sql.Identifier("desk", name) for name in sorted(EXCLUDED_TABLES)
        )
        database.execute(sql.SQL("TRUNCATE {}").format(excluded))
        if before_commit:
            before_commit(connection)
    except BaseException:
        # The server rolls back a lost connection itself.
        with suppress(DBAPIError, psycopg.Error):
            transaction.rollback()
        raise
    try:
        transaction.commit()
    except (DBAPIError, psycopg.Error) as error:
        if not isinstance(
            error.orig if isinstance(error, DBAPIError) else error, psycopg.OperationalError
        ):
            raise
        raise CommandError(
            "The connection was lost while the restore was being completed: run `sojourn doctor`, "
            "which says whether the record is there, before you restore again."
        ) from error


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """Return the manifest after checking every table against it."""
    manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    if (manifest.program, manifest.format) != ("sojourn", 1):
        raise CommandError(f"{file} was made by a newer Sojourn: install that release first.")
    with stage("Checking rows", manifest.rows) as advance:
        for table in manifest.tables:
            digest, rows = hashlib.sha256(), 0
            for part in _read_parts(archive, table):
                digest.update(part)
                rows += part.count(b"\n")
                advance(part.count(b"\n"))
            if (rows, digest.hexdigest()) != (table.rows, table.sha256):
                raise CommandError(f"{file} is damaged: {table.member} is not what was saved.")
    return manifest


def _fill(connection: psycopg.Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    present = {(schema, name) for schema, name, _ in list_tables(connection)}
    if present != {(table.schema_name, table.name) for table in manifest.tables}:
        raise CommandError(
            "The backup does not hold the tables that its own version of Sojourn has."
        )
    # Foreign keys may be circular, and triggers refuse some inserts, so both are off while filling.
    # PostgreSQL checks every foreign key when it is added again.
    foreign_keys = connection.execute(FOREIGN_KEYS, [OWNER]).fetchall()
    for drop, _add in foreign_keys:
        connection.execute(drop.encode())
    for table in manifest.tables:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table.quoted))
    # Migrations insert rows into new tables; the backup contains these rows too.
    tables = sql.SQL(", ").join(table.quoted for table in manifest.tables)
    connection.execute(sql.SQL("TRUNCATE {}").format(tables))
    with stage("Restoring rows", manifest.rows) as advance:
        for table in manifest.tables:
            names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table.quoted, names)
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for part in _read_parts(archive, table):
                    copy.write(part)
                    advance(part.count(b"\n"))
    for sequence, value in manifest.sequences.items():
        connection.execute("SELECT setval(%s::regclass, %s)", [sequence, value])
    for _drop, add in foreign_keys:
        connection.execute(add.encode())
    for table in manifest.tables:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table.quoted))
    connection.execute(sql.SQL("ANALYZE {}").format(tables))  # tells common words


FOREIGN_KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND connamespace IN (
        SELECT oid FROM pg_namespace WHERE nspowner = %s::regrole) ORDER BY conrelid::regclass::text, conname
"""  # noqa: E501
"""The statements that drop and add each foreign key of our schemas."""


def _refuse_rows(connection: psycopg.Connection) -> None:
    """Raise CommandError if anything was entered or published. Empty tables may exist.

    Locks the tables, so that nobody enters anything from here on.
    """
    present = [(schema, name) for schema, name, _ in list_tables(connection)]
    tables = [
        sql.Identifier(schema, name)
        for schema, name in present
        if schema == "desk" or name == "edition"
    ]
    if tables:
        connection.execute(
            sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(tables))
        )
    for table in tables:
        if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table)).rowcount:
            raise CommandError(
                "This database is in use, and restoring would replace what it holds: name an "
                "empty one with DATABASE_URL, or a new folder with SOJOURN_DATA_DIR."
            )


def _drop_schemas(connection: psycopg.Connection) -> None:
    """Drop the empty tables, which may be of any revision."""
    owned = "SELECT nspname FROM pg_namespace WHERE nspowner = %s::regrole ORDER BY 1"
    for (schema,) in connection.execute(owned, [OWNER]).fetchall():
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _read_parts(archive: zipfile.ZipFile, table: BackupTable) -> Iterator[bytes]:
    with _describe_damage(Path(archive.filename or "")), archive.open(table.member) as member:
        while part := member.read(CHUNK_BYTES):
            yield part
