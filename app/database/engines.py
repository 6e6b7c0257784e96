"""The three ways into the database: the desk's, the reader's and the one for migrations.

Each connection sets its group role as it starts. For a login that is a member of nothing else this changes nothing;
for a login that could do more, the site still runs with the rights of the reader, and the desk with those of the desk.
"""

from collections.abc import Mapping

from pydantic_core import from_json
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from app.errors import Stop
from app.settings import Settings

# As many as Starlette has threads, so that no request waits for a connection while another holds its thread.
MOST_CONNECTIONS = 40

READER_OPTIONS = {
    "role": "sojourn_reader",
    "default_transaction_read_only": "on",
    # One snapshot for all that a page asks, so that its counts and its rows are of one edition.
    "default_transaction_isolation": "repeatable read",
    "statement_timeout": "15s",
    # Compiling a statement that counts facets takes longer than running it.
    "jit": "off",
    # Room for the places of all rows that a common word is in: without it PostgreSQL remembers pages instead, and reads
    # every word of every row on these. A statement takes no more than it needs.
    "work_mem": "32MB",
    "idle_in_transaction_session_timeout": "60s",
}
DESK_OPTIONS = {"role": "sojourn_desk", "lock_timeout": "15s"}


def desk_engine(settings: Settings) -> Engine:
    if settings.public_only or not settings.database_url:
        raise Stop("There is no desk here: set DATABASE_URL, and leave SOJOURN_PUBLIC_ONLY unset.")
    return _engine(settings.database_url, DESK_OPTIONS)


def reader_engine(settings: Settings) -> Engine:
    url = settings.reader_database_url or settings.database_url
    if not url:
        raise Stop("No database is named: set READER_DATABASE_URL or DATABASE_URL.")
    return _engine(url, READER_OPTIONS)


def migration_engine(settings: Settings) -> Engine:
    """Without a role: the migrations take `sojourn_owner` themselves, once the roles exist."""
    url = settings.migrate_database_url or settings.database_url
    if not url:
        raise Stop("No database is named: set MIGRATE_DATABASE_URL or DATABASE_URL.")
    return _engine(url, {})


def psycopg_url(address: str) -> URL:
    """A plain `postgresql://` address as the one that SQLAlchemy opens with psycopg 3."""
    return make_url(address).set(drivername="postgresql+psycopg")


def libpq_url(address: str) -> str:
    """The same address as psycopg itself and libpq's programs take it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def _engine(address: str, options: Mapping[str, str]) -> Engine:
    url = psycopg_url(address)
    asked = url.query.get("options", "")
    given = asked if isinstance(asked, str) else " ".join(asked)
    # libpq splits `options` at spaces; a backslash keeps one.
    ours = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in options.items())
    return create_engine(
        url.difference_update_query(["options"]),
        connect_args={
            "options": f"{given} {ours} -c timezone=UTC".strip(),
            "application_name": "sojourn",
            # A prepared statement's generic plan is a poor one where most of a filter is usually absent.
            "prepare_threshold": None,
        },
        # A statement's values may be what a reader typed, or a private note: never in an error message.
        hide_parameters=True,
        # Rows are documents: reading them is a good part of most pages, and pydantic's reader takes half as long.
        json_deserializer=from_json,
        pool_size=5,
        max_overflow=MOST_CONNECTIONS - 5,
        pool_pre_ping=True,
    )


def why_it_failed(error: OperationalError) -> str:
    """One sentence about a database that cannot be reached, without its password."""
    said = str(error.orig).strip().splitlines() or ["no reason given"]
    reason = next((line for line in said if "FATAL" in line), said[0]).strip().removeprefix("connection failed: ")
    if 'role "sojourn_' in reason and "does not exist" in reason:
        return "The database has no roles and tables yet: run `sojourn migrate` first."
    if "permission denied to set role" in reason:
        return f"A login lacks its role ({reason.rpartition('FATAL:')[2].strip()}): run `sojourn migrate --logins`."
    return f"The database cannot be reached: {reason}"
