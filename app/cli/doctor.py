"""The checks of `sojourn doctor`: each problem is one sentence with a remedy.

`app.record.publishing.integrity` checks the record itself.
"""

import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app import paths
from app.cli.connections import open_desk, open_reader
from app.database.embedded import data_folder
from app.database.engines import desk_engine, migration_engine, reader_engine
from app.database.errors import describe_database_error
from app.database.migrating import (
    current_revision,
    refuse_unknown,
    refuse_unknown_database,
)
from app.database.roles import DESK, GROUPS, MAY_ALL_MAKE_TABLES, READER
from app.database.server_checks import (
    describe_old_server,
    newest_revision,
    refuse_unfit_servers,
    seconds_alone,
)
from app.database.upkeep import newest_age_seconds
from app.errors import CommandError
from app.settings import Settings

MIN_FREE_BYTES = 500_000_000


def find_problems(settings: Settings) -> list[str]:
    found = [*_check_files(), *_check_disk_space(settings), *_check_backups(settings)]
    if settings.public_only:
        return [
            *found,
            *(
                _attempt(lambda: refuse_unknown_database(settings))
                or _check_login(reader_engine(settings), READER)
            ),
        ]
    database: list[str] = []
    database += _attempt(lambda: database.extend(_check_database(migration_engine(settings))))
    found += database
    if not database:
        found += _check_login(reader_engine(settings), READER)
        found += _check_login(desk_engine(settings), DESK)
        found += _attempt(lambda: refuse_unfit_servers(settings))
        found += _check_deployment(settings)
        found += _check_second_factors(settings)
        found += _check_purge_list(settings)
        found += _attempt(settings.require_hash_secret)
    # The record can be checked only if its tables are those of this release.
    return found or _check_record(settings)


def find_page_gaps(settings: Settings) -> list[str]:
    """Return what the site does not tell its readers, such as who publishes it."""
    from app.record.reads import coverage

    with open_reader(settings) as session:
        gaps = coverage.find_page_gaps(session)
    if settings.public_url and not settings.security_contact:
        gaps.append(
            "Nobody is named who takes reports of holes in security: set SOJOURN_SECURITY_CONTACT. "
            "Until then, /.well-known/security.txt is missing."
        )
    return gaps


def _check_files() -> Iterator[str]:
    for path in (paths.TEMPLATES, paths.STATIC, paths.MIGRATIONS):
        if not path.is_dir():
            yield f"The folder {path} is missing: install Sojourn again."
    for path in (paths.HTMX, *paths.FONTS):
        if not path.is_file():
            yield (
                f"{path.relative_to(paths.ROOT)} is missing: run `npm ci --omit=dev`, or "
                "`make serve`, which runs it."
            )


def _check_disk_space(settings: Settings) -> Iterator[str]:
    try:
        folder = data_folder(settings)
    except CommandError:
        return
    if folder.is_dir() and (free := shutil.disk_usage(folder).free) < MIN_FREE_BYTES:
        yield (
            f"Only {free // 1_000_000} MB are free on the disk of {folder}: free some "
            "space before it is full."
        )


def _check_backups(settings: Settings) -> Iterator[str]:
    folder = settings.backup_dir
    if folder is None:
        return
    age = newest_age_seconds(folder)
    if age is None:
        yield f"There is no backup in {folder}: run `sojourn backup {folder}`."
    elif age > 2 * settings.backup_hours * 3600:
        yield (
            f"The newest backup in {folder} is {age / 3600:.0f} hours old: run `sojourn tick`, "
            "which reports the reason."
        )


def _attempt(check: Callable[[], object]) -> list[str]:
    """Return the problem with which a check fails; none if it succeeds."""
    try:
        check()
    except CommandError as stop:
        return [str(stop)]
    except OperationalError as error:
        return [describe_database_error(error)]
    return []


def _check_database(engine: Engine) -> Iterator[str]:
    try:
        with engine.connect() as connection:
            yield from _check_server(connection)
            yield from _check_tables(connection)
    finally:
        engine.dispose()


def _check_server(connection: Connection) -> Iterator[str]:
    if old := describe_old_server(connection):
        yield old
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        yield (
            f"The database stores text as {encoding}, which lacks most scripts: create one "
            "with ENCODING 'UTF8'."
        )
    missing = [
        group
        for group in GROUPS
        if not connection.scalar(text("SELECT to_regrole(:g) IS NOT NULL"), {"g": group})
    ]
    if missing:
        yield f"These roles are missing: {', '.join(missing)}. Run `sojourn migrate`."


def _check_tables(connection: Connection) -> Iterator[str]:
    try:
        present, newest = current_revision(connection), newest_revision()
    except DBAPIError:
        yield (
            "The login of MIGRATE_DATABASE_URL cannot read the tables: run "
            "`sojourn migrate` with it."
        )
        return
    if present is None:
        yield "The database has no tables yet: run `sojourn migrate`."
    elif present != newest:
        refuse_unknown(present, "The database")
        yield f"The tables are at {present}, this release needs {newest}: run `sojourn upgrade`."


def _check_login(engine: Engine, group: str) -> Iterator[str]:
    """Check that the login can connect and has no more rights than its group."""
    try:
        with engine.connect() as connection:
            is_superuser, may_be_others = connection.execute(
                text(
                    "SELECT rolsuper, (SELECT count(*) FROM pg_roles g "
                    "WHERE g.rolname LIKE 'sojourn\\_%' "
                    "AND NOT g.rolcanlogin AND g.rolname <> :group "
                    "AND pg_has_role(session_user, g.oid, 'MEMBER')) "
                    "FROM pg_roles WHERE rolname = session_user"
                ),
                {"group": group},
            ).one()
            if group == READER and connection.scalar(
                text("SELECT has_schema_privilege(:g, 'desk', 'USAGE')"), {"g": group}
            ):
                yield (
                    "The readers' role can read the desk: run `REVOKE ALL ON SCHEMA desk FROM "
                    "sojourn_reader, PUBLIC;`."
                )
            if group == READER and (seconds := seconds_alone(connection)):
                yield (
                    f"This replica has had nothing from the main server for {seconds:.0f} s: start "
                    "the main server, mend `primary_conninfo` on the replica, or resume its replay."
                )
            if group == READER and connection.scalar(text(MAY_ALL_MAKE_TABLES)):
                name = connection.scalar(text("SELECT current_database()"))
                yield (
                    "The readers' login can fill the disk with temporary tables: let the owner of "
                    f"the database run `REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC;`."
                )
    except OperationalError as error:
        yield describe_database_error(error)
        return
    finally:
        engine.dispose()
    if is_superuser or may_be_others:
        setting = "READER_DATABASE_URL" if group == READER else "DATABASE_URL"
        yield (
            f"The login of {setting} has more rights than {group}: name a separate login there, "
            "which `sojourn migrate --logins` creates, and the present one in MIGRATE_DATABASE_URL."
        )


def _check_deployment(settings: Settings) -> Iterator[str]:
    if settings.host not in ("127.0.0.1", "localhost", "::1") and not settings.public_url:
        yield (
            "The site listens to other machines, but SOJOURN_PUBLIC_URL is not set, so "
            "links in feeds will be wrong. Set it."
        )
    public = urlsplit(settings.public_url or "")
    if public.scheme == "http" and public.hostname not in ("127.0.0.1", "localhost", "::1"):
        yield (
            "SOJOURN_PUBLIC_URL is not https, so passwords of editors can be read on the "
            "network. Set up https."
        )


def _check_second_factors(settings: Settings) -> Iterator[str]:
    """Check that the key decrypts all authenticator secrets, and that nobody is locked out."""
    from app.desk.identity.commands import list_people
    from app.desk.identity.second_factor import is_missing, is_readable

    with open_desk(settings) as session:
        people = list_people(session)
        unreadable = [person.email for person in people if not is_readable(settings, person)]
        locked_out = [
            person.email
            for person in people
            if person.disabled_at is None and is_missing(session, settings, person)
        ]
    if locked_out and settings.secret_key is None:
        yield (
            f"{', '.join(locked_out)} can't add the authenticator app that they need at the desk: "
            "set SOJOURN_SECRET_KEY to the output of `openssl rand -base64 32`, and keep a copy."
        )
    if unreadable:
        yield (
            f"The key does not decrypt the authenticator app of {', '.join(unreadable)}: restore "
            "the earlier SOJOURN_SECRET_KEY or file `secret-key`. If it is lost, these people sign "
            "in with recovery codes, or you run `sojourn editor remove-factor`."
        )


def _check_purge_list(settings: Settings) -> Iterator[str]:
    """Check that the purge list is complete, and that none of its records has come back."""
    from app.desk.purges import find_remaining, purged_ids, read_list

    file = settings.purge_list
    if file is None:
        return
    try:
        ids = read_list(file)
    except (CommandError, OSError) as error:
        yield (
            str(error)
            if isinstance(error, CommandError)
            else f"The purge list {file} can't be read: {error.strerror}."
        )
        return
    with open_desk(settings) as session:
        remaining = find_remaining(session, ids)
        missing = sorted(set(purged_ids(session)) - set(ids))
    yield from (
        f"{id} is in the purge list {file}, but exists again: run `sojourn purge {id}`."
        for id in remaining
    )
    if missing:
        yield (
            f"The purge list {file} lacks {', '.join(missing)}: add them, one a line. Otherwise "
            "an older backup restores them."
        )


def _check_record(settings: Settings) -> list[str]:
    from app.record.publishing import integrity

    with open_reader(settings) as session:
        # Deriving the whole record takes longer than the time limit of pages.
        session.execute(text("SET LOCAL statement_timeout = 0"))
        return integrity.find_problems(session)
