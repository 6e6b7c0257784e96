"""Whatever is wrong with a file, a setting or the database: one sentence, an exit code, and no secret."""

import os
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer.main
from sqlalchemy.engine import make_url

from app.cli import connections
from app.cli import main as cli
from app.cli.error_report import describe_details
from app.database.backup import write_backup
from app.database.engines import libpq_url
from app.database.errors import describe_database_error
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.csv.writer import export_folder
from app.desk.purges.commands import purge
from app.errors import CommandError
from app.secret_key import read_keys
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_event
from tests.support.database_server import Server
from tests.support.environment import environment_of
from tests.support.processes import free_port

BACKUP = Path(__file__).parents[1] / "releases" / "0.1.0" / "backup.zip"
NOWHERE = "postgresql://desk:hunter2@127.0.0.1:1/sojourn"

COMMANDS = [
    ["serve"],
    ["migrate"],
    ["migrate", "--logins"],
    ["import", "."],
    ["export", "{new}"],
    ["export", "{new}", "--edition", "1"],
    ["publish"],
    ["backup", "{new}"],
    ["restore", str(BACKUP)],
    ["purge", "E1", "--reason", "x", "--yes"],
    ["tick"],
    ["doctor"],
    ["check"],
    ["demo"],
    ["editor", "list"],
    ["editor", "add", "a@example.org"],
    ["editor", "link", "a@example.org"],
    ["editor", "disable", "a@example.org"],
    ["editor", "remove-factor", "a@example.org"],
    ["keys", "begin"],
    ["keys", "finish"],
]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: object
    output: str
    complaint: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command as `main` does, with these settings; fails on anything but a sentence."""

    def run(command: list[str], **settings: str) -> Ended:
        with monkeypatch.context() as patch:
            # The tests' own process must not leave root with them; `test_privileges.py` tries that in another.
            patch.setattr(connections, "leave_root", lambda *_: "")
            for name, value in settings.items():
                patch.setenv(name, value)
            new = tmp_path / f"new-{len(list(tmp_path.iterdir()))}"
            with pytest.raises(SystemExit) as ended:
                cli.main([word.format(new=new) if word == "{new}" else word for word in command])
        written = capsys.readouterr()
        for text in (written.out, written.err):
            assert "Traceback" not in text and "hunter2" not in text
        if "--verbose" not in command:
            assert "wrong in Sojourn itself" not in written.err
        return Ended(ended.value.code or 0, written.out, written.err)

    return run


def damaged(content: bytes, how_many: int) -> list[bytes]:
    """Copies with some bytes changed, cut out or put in; the same each time."""
    chance = random.Random(14)
    found = []
    for _ in range(how_many):
        bytes_ = bytearray(content)
        # The end of a zip says where everything is.
        limit = len(bytes_) if chance.random() < 0.5 else min(len(bytes_), 2000)
        for _ in range(chance.choice((1, 1, 3, 20))):
            at = len(bytes_) - 1 - chance.randrange(limit)
            match chance.randrange(4):
                case 0:
                    bytes_[at] = chance.randrange(256)
                case 1:
                    del bytes_[at : at + chance.choice((1, 4, 500))]
                case 2:
                    bytes_[at:at] = chance.randbytes(chance.choice((1, 4, 500)))
                case _:
                    bytes_[at : at + 4] = chance.choice(
                        (b"\xff" * 4, b"\0" * 4, b"PK\1\2", b"PK\3\4")
                    )
            limit = min(limit, len(bytes_))
        found.append(bytes(bytes_))
    return found


def test_every_command_is_tried() -> None:
    names = set(names_below(typer.main.get_command(cli.commands)))
    assert names == {
        " ".join(command[: 2 if command[0] in {"editor", "keys"} else 1]) for command in COMMANDS
    }


def names_below(command: Any, path: str = "") -> Iterator[str]:
    if not hasattr(command, "commands"):
        yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from names_below(each, f"{path} {name}".strip())


# Files --------------------------------------------------------------------------------------------


def test_restore_of_damaged_backups_is_one_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "damaged.zip"
    for content in [b"", b"PK", BACKUP.read_bytes()[:50], *damaged(BACKUP.read_bytes(), 120)]:
        file.write_bytes(content)
        ended = run(["restore", str(file)], DATABASE_URL=NOWHERE)
        assert ended.code == 1
        # What is left as it was gets as far as the database.
        assert re.fullmatch(
            r"sojourn: [^\n]*(damaged|newer Sojourn|cannot be reached)[^\n]*\n", ended.complaint
        )


@pytest.mark.parametrize("file", ["folder", "missing.zip", "secret.zip"])
def test_restore_of_unreadable_files_is_one_sentence(run: Run, tmp_path: Path, file: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "secret.zip").symlink_to("secret.zip")
    ended = run(["restore", str(tmp_path / file)], DATABASE_URL=NOWHERE)
    assert ended.code == 1 and ended.complaint.count("\n") == 1 and file in ended.complaint


def test_import_of_damaged_files_is_sentences(run: Run, database: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    with desk_session(database) as session:
        save_all(session, [*a_small_world(), make_event(1)])
        export_folder(session, folder)
    for file in ("places.csv", "sources.csv", "citations.csv"):
        content = (folder / file).read_bytes()
        for changed in [b"\xff\xfe\0\0", b"a\0b,c", b'"', *damaged(content[:4000], 4)]:
            (folder / file).write_bytes(changed)
            ended = run(["import", str(folder), "--dry-run"], **environment_of(database))
            assert all(
                re.match(r"[\w-]+\.csv:\d+:|sojourn: ", line)
                for line in ended.complaint.splitlines()
            )
            assert ended.code == (1 if ended.complaint else 0)
        (folder / file).write_bytes(content)


def test_damaged_purge_list_is_one_sentence(run: Run, database: Settings, tmp_path: Path) -> None:
    (tmp_path / "purged.txt").write_bytes(b"E1\n\xff\0E2")
    settings = environment_of(database) | {"SOJOURN_PURGE_LIST": str(tmp_path / "purged.txt")}
    for command in (["restore", str(BACKUP)], ["doctor"]):
        ended = run(command, **settings)
        assert ended.code == 1 and "purged.txt is damaged" in ended.output + ended.complaint


@pytest.mark.parametrize("name", ["secret-key", "hash-secret"])
def test_damaged_key_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe\0")
    with pytest.raises(CommandError, match=f"{name} must be 32 random bytes"):
        read_keys(tmp_path, name)


# Settings -----------------------------------------------------------------------------------------

WRONG = [
    {"DATABASE_URL": NOWHERE},
    {"DATABASE_URL": "postgresql://desk:hunter2@127.0.0.1:abc/sojourn"},
    {"DATABASE_URL": "postgresql://desk:hunter2@[::1/sojourn"},
    {"DATABASE_URL": "postgresql://desk:hunter2@127.0.0.1:1/sojourn?no_such_option=1"},
    {"DATABASE_URL": "postgresql://desk:hunter2@/sojourn?host=/no/such/folder"},
    {"DATABASE_URL": "postgresql://desk:hunter2@127.0.0.1:1/sojourn?sslmode=perhaps"},
    {"DATABASE_URL": "mysql://desk:hunter2@127.0.0.1/sojourn"},
    {"DATABASE_URL": NOWHERE, "PORT": "many"},
    {"DATABASE_URL": NOWHERE, "HOST": "no host"},
    {"DATABASE_URL": NOWHERE, "SOJOURN_SECRET_KEY": "hunter2"},
    {"DATABASE_URL": NOWHERE, "SOJOURN_PURGE_LIST": "/dev/null/purged.txt"},
    {"READER_DATABASE_URL": NOWHERE},
    {"READER_DATABASE_URL": NOWHERE, "SOJOURN_PUBLIC_ONLY": "1"},
    {"SOJOURN_DATA_DIR": "/dev/null/data"},
    {"SOJOURN_DATA_DIR": "/proc/no/such"},
    {"SOJOURN_DATA_DIR": "/tmp/" + "long" * 100},
]


@pytest.mark.parametrize("settings", WRONG, ids=lambda settings: " ".join(settings)[-60:])
def test_wrong_settings_are_one_sentence(run: Run, settings: dict[str, str]) -> None:
    for command in COMMANDS:
        ended = run(command, **settings)
        assert ended.code == 1, command
        lines = (ended.output + ended.complaint).splitlines()
        assert ended.complaint.startswith("sojourn: ") and len(lines) <= (
            3 if command == ["doctor"] else 1
        ), command


def test_closed_folder_is_one_sentence(tmp_path: Path) -> None:
    """As somebody who is not root, which may enter any folder."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        sys.stderr = os.fdopen(write, "w", buffering=1)
        if os.geteuid() == 0:
            tmp_path.chmod(0o755)
            os.setresuid(65534, 65534, 65534)
        os.environ["SOJOURN_DATA_DIR"] = str(closed / "data")
        try:
            cli.main(["publish"])
        except SystemExit as ended:
            os._exit(int(str(ended.code or 0)))
        os._exit(99)
    os.close(write)
    with os.fdopen(read) as complaint:
        said = complaint.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert said.count("\n") == 1 and "SOJOURN_DATA_DIR" in said


# The database -------------------------------------------------------------------------------------


def execute(settings: Settings, *statements: str) -> None:
    with psycopg.connect(
        libpq_url(settings.migrate_database_url or ""), autocommit=True
    ) as connection:
        for statement in statements:
            connection.execute(statement.encode())


USE_A_NAMED_DATABASE = [command for command in COMMANDS if command != ["keys", "begin"]]


@pytest.mark.parametrize("command", USE_A_NAMED_DATABASE, ids=" ".join)
def test_newer_database_is_refused_in_one_sentence(
    run: Run, database: Settings, command: list[str]
) -> None:
    execute(database, "UPDATE desk.alembic_version SET version_num = '9999'")
    ended = run(command, **environment_of(database.model_copy(update={"port": free_port()})))
    assert ended.code == 1
    assert "migrated by a newer Sojourn (its tables are at 9999" in ended.output + ended.complaint
    assert (ended.output + ended.complaint).count("\n") <= (2 if command == ["doctor"] else 1)


@pytest.mark.parametrize(
    "command", [["serve"], ["doctor"], ["export", "{new}", "--edition", "1"]], ids=" ".join
)
def test_newer_database_is_refused_by_readers_alone(
    run: Run, database: Settings, command: list[str]
) -> None:
    execute(database, "UPDATE desk.alembic_version SET version_num = '9999'")
    reader = str(database.reader_database_url)
    ended = run(command, READER_DATABASE_URL=reader, SOJOURN_PUBLIC_ONLY="1", PORT=str(free_port()))
    assert ended.code == 1 and "migrated by a newer Sojourn" in ended.output + ended.complaint


@pytest.fixture
def weak(server: Server, empty_database: Settings) -> Iterator[Settings]:
    """An installation whose migrating login may log in and nothing else."""
    login = f"{server.logins['desk'][0]}_weak"
    execute(empty_database, f"CREATE ROLE {login} LOGIN PASSWORD 'hunter2'")
    server.logins["weak"] = (login, "hunter2")
    url = server.url(name_of(empty_database), "weak")
    yield empty_database.model_copy(update={"migrate_database_url": url})
    del server.logins["weak"]
    server.drop(name_of(empty_database))
    with psycopg.connect(libpq_url(server.admin_url), autocommit=True) as connection:
        connection.execute(f"DROP ROLE {login}".encode())


def name_of(settings: Settings) -> str:
    return str(make_url(str(settings.database_url)).database)


@pytest.mark.parametrize("command", [["restore", str(BACKUP)], ["migrate"]], ids=" ".join)
def test_login_without_rights_is_one_sentence(run: Run, weak: Settings, command: list[str]) -> None:
    ended = run(command, **environment_of(weak))
    assert ended.code == 1 and ended.complaint.count("\n") == 1
    assert (
        "may not act as sojourn_owner" in ended.complaint and "let a superuser" in ended.complaint
    )


def test_login_without_createrole_is_one_sentence(
    run: Run, empty_database: Settings, weak: Settings, server: Server
) -> None:
    login = server.logins["weak"][0]
    execute(
        empty_database,
        f"GRANT sojourn_owner, sojourn_purger TO {login}",
        f"ALTER DATABASE {name_of(empty_database)} OWNER TO {login}",
    )
    other = server.url(name_of(empty_database), "weak").replace(login, f"{login}_new")
    ended = run(
        ["migrate", "--logins"], **environment_of(weak.model_copy(update={"database_url": other}))
    )
    assert ended.code == 1 and ended.complaint.count("\n") == 1
    assert (
        f"may not create the login {login}_new" in ended.complaint
        and "CREATEROLE" in ended.complaint
    )


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("ALTER TABLE record.edition RENAME TO gone", "run `sojourn migrate`"),
        ("REVOKE ALL ON desk.event FROM sojourn_desk", "lacks a right"),
    ],
)
def test_broken_tables_are_one_sentence(
    run: Run, database: Settings, statement: str, sentence: str
) -> None:
    execute(database, statement)
    for command in (["publish"], ["check"], ["backup", "{new}"], ["export", "{new}"]):
        ended = run(command, **environment_of(database))
        if ended.code:
            assert ended.complaint.count("\n") == 1 and sentence in ended.complaint, command


def test_database_errors_never_quote_a_value(database: Settings) -> None:
    """Not in the sentence, and not in the details."""
    with psycopg.connect(
        libpq_url(database.migrate_database_url or ""), autocommit=True
    ) as connection:
        for statement in (
            "SELECT 'private note'::integer",
            "INSERT INTO desk.known (id) VALUES ('private note'), ('private note')",
            "SELECT 'private note'::date",
        ):
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(statement.encode())
            shown = [describe_database_error(caught.value), *describe_details(caught.value)]
            assert "private note" not in "\n".join(
                line for line in shown if "connection.execute" not in line
            )


def test_verbose_shows_traceback(run: Run) -> None:
    for command in (["--verbose", "publish"], ["publish", "--verbose"]):
        ended = run(command, DATABASE_URL=NOWHERE)
        first, *details = ended.complaint.splitlines()
        assert first.startswith("sojourn: The database cannot be reached")
        assert any("app/cli/record.py" in line and "in publish" in line for line in details)


# Backups ------------------------------------------------------------------------------------------


def test_backup_is_on_disk_before_it_gets_its_name(
    database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def synced(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        fsync(descriptor)

    def renamed(self: Path, to: Path) -> Path:
        done.append("renamed")
        return rename(self, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    write_backup(database, tmp_path / "sojourn.zip")
    assert done == ["sojourn.zip.sojourn-unfinished", tmp_path.name, "renamed", tmp_path.name]


def test_backup_removes_leftovers_of_killed_one(database: Settings, tmp_path: Path) -> None:
    """It holds private notes. One that is still being written is left alone."""
    (tmp_path / "monday.zip.sojourn-unfinished").write_bytes(b"private")
    (tmp_path / "mine.unfinished").write_bytes(b"not ours")
    program = (
        "import fcntl, sys; f = open(sys.argv[1], 'wb'); fcntl.flock(f, 2); print(1, "
        "flush=True); input()"
    )
    at_work = tmp_path / "tuesday.zip.sojourn-unfinished"
    with subprocess.Popen(
        [sys.executable, "-c", program, at_work],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout and other.stdout.readline() == "1\n"
        write_backup(database, tmp_path / "wednesday.zip")
        with pytest.raises(CommandError, match="Another backup is being written"):
            write_backup(database, tmp_path / "tuesday.zip")
        other.communicate("\n")
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["mine.unfinished", "tuesday.zip.sojourn-unfinished", "wednesday.zip"]


def test_backup_without_room_is_one_sentence_and_leaves_nothing(
    run: Run, database: Settings, tmp_path: Path
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    folder = tmp_path / "backups"
    folder.mkdir()
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        ended = run(["backup", str(folder / "sojourn.zip")], **environment_of(database))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (
        ended.code == 1 and ended.complaint.count("\n") == 1 and "File too large" in ended.complaint
    )
    assert list(folder.iterdir()) == []


# Doctor -------------------------------------------------------------------------------------------


def test_doctor_compares_with_the_purge_list(run: Run, database: Settings, tmp_path: Path) -> None:
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1), make_event(2)])
        publish_approved(db)
        purge(db, "E2", None)
    (tmp_path / "purged.txt").write_text("E1\nE99\n")
    ended = run(
        ["doctor"], **environment_of(database), SOJOURN_PURGE_LIST=str(tmp_path / "purged.txt")
    )
    assert "E1 was purged, says" in ended.output and "run `sojourn purge E1`" in ended.output
    assert "lacks E2: add them" in ended.output and "E99" not in ended.output
