"""A restore is one transaction: all of it becomes visible at once, or none of it."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.cli import database as cli_database
from app.database.backup import write_backup
from app.database.engines import libpq_url
from app.database.migrating import migrate
from app.database.restore import restore
from app.database.roles import GROUPS
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.purges import purge, purge_restored, read_list
from app.errors import CommandError
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.make import a_small_world, make_event
from tests.support.database_server import RUN, Server
from tests.support.environment import environment_of
from tests.support.processes import running_command

# Ends its own connection at the first change of tables for which `moment` is true, once: the
# sequence survives the rollback, so the next restore succeeds.
END_AT = """
    CREATE SEQUENCE public.ends;
    CREATE FUNCTION public.end_once() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        IF {moment} THEN
            IF nextval('public.ends') = 1 THEN
                PERFORM pg_terminate_backend(pg_backend_pid());
            END IF;
        END IF;
    END $$;
    CREATE EVENT TRIGGER end_once ON ddl_command_end EXECUTE FUNCTION public.end_once();
"""
AMONG_MIGRATIONS = "to_regclass('desk.comment') IS NOT NULL"
ROWS_ARE_IN = "pg_relation_size(to_regclass('record.edition')) > 0"

# Restores, says when all of it is done but the commit, and waits until its input ends.
RESTORE_AND_WAIT = """
import sys
from pathlib import Path
from app.database.restore import restore
from app.settings import Settings
def wait(connection):
    print("done", flush=True)
    sys.stdin.read()
restore(Settings.from_environment(), Path(sys.argv[1]), before_commit=wait)
"""


@pytest.fixture
def saved() -> Path:
    """A small backup of an earlier release: restoring it also migrates."""
    return Path(__file__).parents[1] / "releases" / "0.1.0" / "backup.zip"


def admin(settings: Settings) -> psycopg.Connection:
    return psycopg.connect(libpq_url(settings.migrate_database_url or ""), autocommit=True)


def is_empty(settings: Settings) -> bool:
    """Whether a stranger to the restore sees none of our tables."""
    with admin(settings) as connection:
        rows = connection.execute("SELECT FROM pg_tables WHERE schemaname IN ('desk', 'record')")
        return rows.rowcount == 0


def waits_for_lock(settings: Settings) -> bool:
    with admin(settings) as connection:
        asked = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
        found = connection.execute(
            f"{asked} (SELECT oid FROM pg_database WHERE datname = current_database())".encode()
        )
        return found.rowcount > 0


@contextlib.contextmanager
def restoring(settings: Settings, file: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that has restored everything but not committed. It commits when its input ends."""
    program = [sys.executable, "-c", RESTORE_AND_WAIT, str(file)]
    environment = environment_of(settings) | {"PATH": "/usr/bin:/bin"}
    with subprocess.Popen(
        program,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path.cwd(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("moment", [AMONG_MIGRATIONS, ROWS_ARE_IN])
def test_interrupted_restore_leaves_empty_database(
    saved: Path, empty_database: Settings, moment: str
) -> None:
    end_at(empty_database, moment)
    with pytest.raises(CommandError, match=r"^Nothing was restored: .*connection"):
        restore(empty_database, saved, logins=True)
    assert is_empty(empty_database)
    assert restore(empty_database, saved, logins=True).edition == 5


def end_at(settings: Settings, moment: str) -> None:
    """Ends the next restore of this database at that moment."""
    with admin(settings) as connection:
        connection.execute(END_AT.format(moment=moment).encode())


def test_interrupted_restore_leaves_tables_empty(saved: Path, database: Settings) -> None:
    end_at(database, ROWS_ARE_IN)
    with pytest.raises(CommandError, match="Nothing was restored"):
        restore(database, saved)
    with reader_session(database) as session:
        assert session.scalar(text("SELECT count(*) FROM record.edition")) == 0
    assert restore(database, saved).edition == 5


def test_second_restore_waits_and_then_refuses(saved: Path, empty_database: Settings) -> None:
    command = ["sojourn", "restore", str(saved)]
    with (
        restoring(empty_database, saved) as first,
        running_command(command, environment_of(empty_database)) as second,
    ):
        wait_until(lambda: waits_for_lock(empty_database), "the second restore to wait")
        assert is_empty(empty_database)
        first.communicate()
        _said, complaint = second.communicate(timeout=120)
    assert first.returncode == 0
    assert second.returncode == 1
    assert (
        complaint.endswith("or a new folder with SOJOURN_DATA_DIR.\n")
        and "This database is in use" in complaint
    )


def test_migration_waits_for_a_restore(saved: Path, empty_database: Settings) -> None:
    with restoring(empty_database, saved) as first:
        migrating = threading.Thread(target=migrate, args=(empty_database,))
        migrating.start()
        wait_until(lambda: waits_for_lock(empty_database), "the migration to wait")
        first.communicate()
    migrating.join(120)
    with reader_session(empty_database) as session:
        assert session.scalar(text("SELECT max(no) FROM record.edition")) == 5


# Purging again ------------------------------------------------------------------------------------


@pytest.fixture
def older(database: Settings, tmp_path: Path) -> Path:
    """A backup made before two events, their source and its outlet were purged; a purge list."""
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1)])
        publish_approved(db)
    write_backup(database, tmp_path / "older.zip")
    return tmp_path / "older.zip"


def restore_by_command(settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    cli_database.restore(file, None)


def test_restore_without_writable_list_restores_nothing(
    older: Path, empty_database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Purged rows stay invisible even if the restore fails after filling the tables."""
    (tmp_path / "purged.txt").write_text("E1\n")
    (tmp_path / "no-folder").touch()
    settings = empty_database.model_copy(
        update={"purge_list": tmp_path / "no-folder" / "purged.txt"}
    )
    with pytest.raises((CommandError, OSError)):
        restore_by_command(settings, older, monkeypatch)
    assert is_empty(empty_database)


def test_restore_purges_users_of_a_name_before_the_name(
    older: Path,
    database: Settings,
    empty_database: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with desk_session(database) as db:
        ids = [
            *db.scalars(text("SELECT id FROM desk.record WHERE kind = 'E'")),
            *db.scalars(text("SELECT id FROM desk.record WHERE kind = 'S'")),
        ]
        outlets = db.scalars(text("SELECT id FROM desk.record WHERE kind = 'O'")).all()
        for id in [*ids, *outlets]:
            purge(db, id, None)
    (tmp_path / "purged.txt").write_text("\n".join(sorted([*ids, *outlets])))
    settings = empty_database.model_copy(update={"purge_list": tmp_path / "kept" / "purged.txt"})
    migrate(settings, logins=True)
    restore_by_command(settings, older, monkeypatch)
    with desk_session(settings) as db:
        left = db.scalars(text("SELECT id FROM desk.record WHERE kind IN ('E', 'S', 'O')"))
        assert left.all() == []
    assert read_list(tmp_path / "kept" / "purged.txt") == sorted([*ids, *outlets])


def test_restore_refuses_a_damaged_purge_list(
    older: Path, empty_database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "purged.txt").write_bytes(b"E1\n\x00\xff\n")
    with pytest.raises(CommandError, match=r"purged\.txt is damaged"):
        restore_by_command(empty_database, older, monkeypatch)
    assert is_empty(empty_database)


def test_purge_list_without_final_newline_is_kept(tmp_path: Path) -> None:
    from app.desk.purges import add_to_list

    (tmp_path / "purged.txt").write_text("E1\nE2")
    add_to_list(tmp_path / "purged.txt", ["E28", "E1"])
    assert read_list(tmp_path / "purged.txt") == ["E1", "E2", "E28"]


def test_restore_without_superuser_purges_again(
    saved: Path, server: Server, empty_database: Settings, tmp_path: Path
) -> None:
    """As on a hosted database: an owner with CREATEROLE, and roles made by another login."""
    name, owner = str(make_url(str(empty_database.database_url)).database), f"{RUN}_restoring"
    with admin(empty_database) as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'hosted'".encode())
        connection.execute(f"GRANT {owner} TO CURRENT_USER".encode())
        connection.execute(f"ALTER DATABASE {name} OWNER TO {owner}".encode())
        # On PostgreSQL 16 and later, the login that made the groups has to grant them, as the error
        # message says.
        for group in GROUPS:
            connection.execute(f"GRANT {group} TO {owner} WITH ADMIN OPTION".encode())
    server.logins["hosted"] = (owner, "hosted")
    try:
        hosted = empty_database.model_copy(
            update={"migrate_database_url": server.url(name, "hosted")}
        )
        again: list[str] = []
        list_file = tmp_path / "purged.txt"
        restore(
            hosted,
            saved,
            before_commit=lambda c: again.extend(purge_restored(c, ["E1", "E44"], list_file)),
        )
        assert again == ["E1"] and read_list(list_file) == ["E1", "E44"]
        with reader_session(hosted) as session:
            assert session.scalars(
                text("SELECT DISTINCT state FROM record.version WHERE id = 'E1'")
            ).all() == ["purged"]
    finally:
        del server.logins["hosted"]
        server.drop(name)
        with psycopg.connect(libpq_url(server.admin_url), autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {owner}".encode())
            connection.execute(f"DROP ROLE {owner}".encode())
