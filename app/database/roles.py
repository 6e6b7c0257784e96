"""Database roles: four groups with the rights, and logins that are their members.

Groups are created if missing and never dropped: they belong to the whole server, and another
database may need them. Only `sojourn migrate --logins` creates logins, since their names and
passwords differ from one installation to the next.
"""

from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.errors import CommandError

OWNER, DESK, READER, PURGER = "sojourn_owner", "sojourn_desk", "sojourn_reader", "sojourn_purger"
GROUPS = (OWNER, DESK, READER, PURGER)
TEMPORARY_TABLES = (
    f"GRANT TEMPORARY ON DATABASE {{}} TO {DESK}",
    "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC",
)
"""Lets the desk, but not the readers, create temporary tables: PostgreSQL lets everybody."""
MAY_ALL_MAKE_TABLES = "SELECT has_database_privilege('public', current_database(), 'TEMPORARY')"


def create_group_roles(connection: Connection) -> None:
    """Create the groups, and let the migrating login act as the owner of all tables."""
    for group in GROUPS:
        _create_group(connection, group)
    me = connection.scalar(text("SELECT current_user"))
    for group in (OWNER, PURGER):
        if not _may_act_as(connection, me, group):
            # Since PostgreSQL 16 the creator of a role may grant its membership, but has it not.
            grant = sql.SQL("GRANT {} TO {}")
            _run(connection, grant.format(sql.Identifier(group), sql.Identifier(me)))
    # PostgreSQL requires that a function's old owner may act as the new one.
    if not _may_act_as(connection, OWNER, PURGER):
        _attempt(
            connection,
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(PURGER), sql.Identifier(OWNER)),
        )
    _let_owner_create_schemas(connection, me)
    if connection.scalar(text(MAY_ALL_MAKE_TABLES)):
        name = sql.Identifier(connection.scalar(text("SELECT current_database()")))
        for change in TEMPORARY_TABLES:
            # Without the right, `sojourn doctor` names the statement for the database's owner.
            _attempt(connection, sql.SQL(change).format(name))


def create_login(connection: Connection, name: str, password: str | None, member_of: str) -> None:
    """Create or update a login, and make it a member of one group."""
    login = sql.Identifier(name)
    if not _exists(connection, name):
        make = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE").format(login)
        _run(connection, make)
    if password is not None:
        # Sent as a SCRAM verifier, since the server may log the statement.
        server = _psycopg(connection).pgconn
        verifier = server.encrypt_password(
            password.encode(), name.encode(), b"scram-sha-256"
        ).decode()
        change = sql.SQL("ALTER ROLE {} PASSWORD {}").format(login, sql.Literal(verifier))
        _run(connection, change)
    if not _may_act_as(connection, name, member_of):
        grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(member_of), login)
        _run(connection, grant)
    if member_of == READER:
        for limit in ("default_transaction_read_only = on", "statement_timeout = '15s'"):
            change = sql.SQL("ALTER ROLE {} SET {}").format(login, sql.SQL(limit))
            _run(connection, change)


def _create_group(connection: Connection, group: str) -> None:
    if _exists(connection, group):
        return
    # Another database of the server may be migrated at the same moment.
    make = sql.SQL(
        "DO $$ BEGIN CREATE ROLE {} NOLOGIN; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    ).format(sql.Identifier(group))
    _run(connection, make)


def _let_owner_create_schemas(connection: Connection, me: str) -> None:
    database = connection.scalar(text("SELECT current_database()"))
    may_create = text("SELECT has_database_privilege(:role, current_database(), 'CREATE')")
    if connection.scalar(may_create, {"role": OWNER}):
        return
    grant = sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(
        sql.Identifier(database), sql.Identifier(OWNER)
    )
    _attempt(connection, grant)
    if not connection.scalar(may_create, {"role": OWNER}):
        raise CommandError(
            f"The login {me} may not let {OWNER} make schemas: let the owner of the database say "
            f"`GRANT CREATE ON DATABASE {database} TO {OWNER};`."
        )


def _exists(connection: Connection, role: str) -> bool:
    return bool(
        connection.scalar(
            text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role}
        )
    )


def _may_act_as(connection: Connection, role: str, group: str) -> bool:
    """Whether `role` may `SET ROLE group`."""
    # PostgreSQL 15 has no privilege of its own for this.
    privilege = "SET" if _psycopg(connection).info.server_version >= 160000 else "MEMBER"
    query = text("SELECT pg_has_role(:role, :group, :privilege)")
    return bool(connection.scalar(query, {"role": role, "group": group, "privilege": privilege}))


def _run(connection: Connection, statement: sql.Composable) -> None:
    # Names can't be parameters here, so psycopg quotes them. `%` is doubled, as it starts a
    # placeholder.
    connection.exec_driver_sql(statement.as_string(_psycopg(connection)).replace("%", "%%"))


def _attempt(connection: Connection, statement: sql.Composable) -> None:
    """Run a statement and ignore a missing right: the caller checks whether it had an effect."""
    try:
        with connection.begin_nested():
            _run(connection, statement)
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise


def _psycopg(connection: Connection) -> psycopg.Connection:
    return cast(psycopg.Connection, connection.connection.driver_connection)
