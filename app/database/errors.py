"""Database errors as one sentence for the person who runs a command, without stored values."""

import psycopg
from sqlalchemy.exc import DBAPIError

# SQLSTATE classes whose primary message quotes no stored value, but only names of tables, roles,
# constraints or files (https://www.postgresql.org/docs/current/errcodes-appendix.html). Values are
# in the detail, which is never shown.
CLASSES_WITHOUT_VALUES = {
    "08",
    "0A",
    "23",
    "25",
    "28",
    "2B",
    "3D",
    "40",
    "42",
    "53",
    "54",
    "55",
    "57",
    "58",
}


def describe_database_error(error: DBAPIError | psycopg.Error) -> str:
    """Return one sentence with the failure and the remedy, without passwords and stored values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return f"The database could not be used ({type(cause).__name__}): see its log."
    if cause.sqlstate is None:
        return _describe_connection_error(cause)
    return _describe_state(cause.sqlstate, database_reason(cause))


def _describe_state(state: str, reason: str) -> str:
    what, remedy = WORDS_OF_STATE.get(
        state, ("The database refused what was asked", "nothing of it was kept")
    )
    return f"{what} ({reason}): {remedy}."


WORDS_OF_STATE = {
    state: words
    for states, *words in (
        (
            "57P01 57P02 57P03",
            "The database ended the connection",
            "run the command again once it is back",
        ),
        ("53100", "The disk of the database is full", "make room, and run the command again"),
        (
            "53300",
            "The database has no connection left",
            "raise max_connections, or try again later",
        ),
        (
            "55P03 57014 25P03 25P04",
            "The database gave up waiting",
            "see what else uses it, and run the command again",
        ),
        (
            "40001 40P01",
            "Somebody else changed the same rows at the same moment",
            "run the command again",
        ),
        (
            "25006",
            "This database can only be read",
            "unset SOJOURN_READ_ONLY if it is set, or name the main server, not a replica",
        ),
        (
            "42501",
            "The login lacks a right",
            "run `sojourn migrate --logins`, with MIGRATE_DATABASE_URL set to a login that may "
            "create roles",
        ),
        (
            "42P01 42703 42883 3F000 42704",
            "The tables are not those of this release",
            "run `sojourn upgrade`, or `sojourn migrate` on a new database",
        ),
        (
            "XX001 XX002",
            "The files of the database are damaged",
            "restore a backup into a new database, as docs/operate.md explains",
        ),
    )
    for state in states.split()
}
"""What SQLSTATEs mean, and what to do."""


def database_reason(error: DBAPIError | psycopg.Error) -> str:
    """Return the server's message, or the error's name if the message could quote a value."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return type(cause).__name__
    if cause.sqlstate is None:
        return _connection_reason(cause)
    if cause.sqlstate[:2] in CLASSES_WITHOUT_VALUES and cause.diag.message_primary:
        return cause.diag.message_primary
    table = f" in {cause.diag.table_name}" if cause.diag.table_name else ""
    return f"{type(cause).__name__}, SQLSTATE {cause.sqlstate}{table}"


def _describe_connection_error(error: psycopg.Error) -> str:
    reason = _connection_reason(error)
    if 'role "sojourn_' in reason and "does not exist" in reason:
        return "The database has no roles and tables yet: run `sojourn migrate` first."
    if "permission denied to set role" in reason:
        return (
            f"A login lacks its role ({reason.rpartition('FATAL:')[2].strip()}): run "
            "`sojourn migrate --logins`."
        )
    if "unsupported startup parameter" in reason:
        return (
            "A connection pooler such as PgBouncer refuses the settings of our connections: name "
            "PostgreSQL itself in the addresses of the database, since Sojourn has a pool of its "
            "own."
        )
    if any(
        words in reason
        for words in ("closed the connection", "connection is lost", "connection is closed")
    ):
        return _describe_state("57P01", reason)
    # While it connects, psycopg tells no SQLSTATE. These are PostgreSQL's words for damaged files.
    if any(words in reason for words in ("invalid page", "could not read block", "corrupted")):
        return _describe_state("XX001", reason)
    return f"The database cannot be reached: {reason}"


def _connection_reason(error: psycopg.Error) -> str:
    """Return the line of libpq's message that contains the reason. No line has a password."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    reason = next((line for line in lines if "FATAL" in line), lines[0])
    return (
        reason.strip().removeprefix("connection failed: ").removeprefix("consuming input failed: ")
    )
