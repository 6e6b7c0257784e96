"""Errors of any command, caused by settings or the database: one sentence and no secret."""

import itertools
import random
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer.main
from sqlalchemy import select, text
from typer.testing import CliRunner

from app import paths
from app.cli import commands as cli
from app.cli import serve
from app.cli.commands import commands
from app.cli.connections import describe_details
from app.cli.doctor import find_problems
from app.database.engines import libpq_url, migration_engine
from app.database.errors import describe_database_error
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.identity.models import Person
from app.desk.identity.second_factor import encrypt, hash_recovery_code
from app.desk.purges import purge
from app.errors import CommandError
from app.settings import Settings
from tests.cli.conftest import BACKUP, COMMANDS, NOWHERE, Run
from tests.conftest import desk_session, newest_edition_number
from tests.make import a_small_world, make_event
from tests.support.database_server import SMALL_RECORD
from tests.support.environment import environment_of
from tests.support.processes import free_port


def test_every_command_is_tried() -> None:
    names = set(names_below(typer.main.get_command(commands)))
    assert names == {
        " ".join(command[: 2 if command[0] in {"editor", "keys"} else 1]) for command in COMMANDS
    } | {"settings"}


def names_below(command: Any, path: str = "") -> Iterator[str]:
    if not hasattr(command, "commands"):
        yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from names_below(each, f"{path} {name}".strip())


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


def test_wrong_settings_are_one_sentence(run: Run) -> None:
    for settings, command in itertools.product(WRONG, COMMANDS):
        ended = run(command, **settings)
        assert ended.code == 1, (command, settings)
        lines = (ended.output + ended.complaint).splitlines()
        assert ended.complaint.startswith("sojourn: "), (command, settings)
        assert len(lines) <= (3 if command == ["doctor"] else 1), (command, settings)


def execute(settings: Settings, *statements: str) -> None:
    with psycopg.connect(
        libpq_url(settings.migrate_database_url or ""), autocommit=True
    ) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.mark.parametrize(
    ("revision", "refusal"),
    [
        ("9999", "was made by a newer Sojourn (its tables are at 9999"),
        ("0041", "was made by an unreleased state of Sojourn (its tables are at 0041)"),
    ],
)
def test_unknown_database_is_refused_in_one_sentence(
    run: Run, database: Settings, revision: str, refusal: str
) -> None:
    execute(database, f"UPDATE desk.alembic_version SET version_num = '{revision}'")
    environment = environment_of(database.model_copy(update={"port": free_port()}))
    for command in COMMANDS:
        if command == ["keys", "begin"]:  # uses no database
            continue
        ended = run(command, **environment)
        said = ended.output + ended.complaint
        assert ended.code == 1, command
        assert refusal in said, command
        assert said.count("\n") <= (2 if command == ["doctor"] else 1), command
    reader = {"READER_DATABASE_URL": str(database.reader_database_url)}
    for command in (["serve"], ["doctor"], ["export", "{new}", "--edition", "1"]):
        ended = run(command, **reader, SOJOURN_PUBLIC_ONLY="1", PORT=str(free_port()))
        assert ended.code == 1, command
        assert refusal in ended.output + ended.complaint
    with psycopg.connect(libpq_url(database.migrate_database_url or "")) as connection:
        left = connection.execute("SELECT version_num FROM desk.alembic_version").fetchall()
    assert left == [(revision,)]


def test_broken_tables_are_one_sentence(run: Run, database: Settings) -> None:
    for statement, command, sentence in (
        ("ALTER TABLE record.edition RENAME TO gone", "check", "run `sojourn upgrade`"),
        ("REVOKE ALL ON desk.record FROM sojourn_desk", "check", "lacks a right"),
    ):
        execute(database, statement)
        complaint = run([command], **environment_of(database)).complaint
        assert complaint.count("\n") == 1 and sentence in complaint


def test_database_errors_never_quote_a_value(database: Settings) -> None:
    """Neither in the sentence nor in the details."""
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


# Damaged backups, tables, purge lists and keys: one sentence and an exit code ---------------------


def damaged(content: bytes, how_many: int) -> list[bytes]:
    """Return copies with some bytes replaced, lost or added; the same on each run."""
    chance = random.Random(14)
    found = []
    for _ in range(how_many):
        # The directory of a zip is at its end.
        at = len(content) - 1 - chance.randrange(chance.choice((len(content), 500)))
        length = chance.choice((0, 1, 4, 500))
        new = chance.choice((b"", b"\xff" * 4, b"PK\1\2", chance.randbytes(length)))
        found.append(content[:at] + new + content[at + length :])
    return found


def test_restore_of_damaged_backups_is_one_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "damaged.zip"
    for content in [b"", b"PK", BACKUP.read_bytes()[:50], *damaged(BACKUP.read_bytes(), 120)]:
        file.write_bytes(content)
        ended = run(["restore", str(file)], DATABASE_URL=NOWHERE)
        assert ended.code == 1
        # Unchanged copies get as far as the database.
        assert re.fullmatch(
            r"sojourn: [^\n]*(damaged|newer Sojourn|cannot be reached)[^\n]*\n", ended.complaint
        )


# `sojourn doctor`: each problem and its remedy ----------------------------------------------------


def test_doctor_compares_with_the_purge_list(run: Run, database: Settings, tmp_path: Path) -> None:
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1), make_event(2)])
        publish_approved(db)
        purge(db, "E2", None)
    (tmp_path / "purged.txt").write_text("E1\nE99\n")
    ended = run(
        ["doctor"], **environment_of(database), SOJOURN_PURGE_LIST=str(tmp_path / "purged.txt")
    )
    assert "E1 is in the purge list" in ended.output and "run `sojourn purge E1`" in ended.output
    assert "lacks E2: add them" in ended.output and "E99" not in ended.output


def test_doctor_names_problem_and_remedy(
    empty_database: Settings, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = find_problems(empty_database)
    assert any("run `sojourn migrate`" in problem for problem in missing)
    wrong = database.model_copy(update={"reader_database_url": database.database_url})
    assert any(
        "A login lacks its role" in problem and "migrate --logins" in problem
        for problem in find_problems(wrong)
    )
    strong = database.model_copy(update={"reader_database_url": database.migrate_database_url})
    assert any(
        "READER_DATABASE_URL has more rights than sojourn_reader" in problem
        for problem in find_problems(strong)
    )
    engine = migration_engine(database)
    with engine.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.exec_driver_sql(f"GRANT TEMPORARY ON DATABASE {name} TO PUBLIC")
    assert ["REVOKE TEMPORARY ON DATABASE" in one for one in find_problems(database)] == [True]
    engine.dispose()
    plain = database.model_copy(update={"public_url": "http://sojourn.example.org"})
    told = find_problems(plain)
    assert any("passwords of editors can be read on the network" in problem for problem in told)
    nowhere = database.model_copy(
        update={"migrate_database_url": "postgresql://x:hidden@127.0.0.1:9/x"}
    )
    unreachable = find_problems(nowhere)
    assert any(problem.startswith("The database cannot be reached: ") for problem in unreachable)
    assert "hidden" not in str(unreachable)
    monkeypatch.setattr(paths, "HTMX", paths.NODE_MODULES / "gone.js")
    assert (
        "node_modules/gone.js is missing: run `npm ci --omit=dev`, or `make serve`, which runs it."
        in find_problems(database)
    )


# Help, and the commands for the record: import, publish, export -----------------------------------


def test_import_publish_export_and_doctor_work_in_sequence(
    empty_database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sequence that the help describes, on a separate database."""
    for name in ("database_url", "reader_database_url", "migrate_database_url"):
        monkeypatch.setenv(name.upper(), str(getattr(empty_database, name)))
    monkeypatch.setenv("SOJOURN_HASH_SECRET", str(empty_database.hash_secret))

    def done(*words: str) -> str:
        result = CliRunner().invoke(cli.commands, list(words), catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    assert "up to date" in done("migrate", "--logins")
    done("import", str(SMALL_RECORD), "--dry-run")
    assert "Nothing has changed" in done("publish"), (
        "publishing after a dry run must find nothing to publish"
    )
    assert "Published edition 1." in done("import", str(SMALL_RECORD), "--publish")
    assert "Nothing has changed" in done("import", str(SMALL_RECORD), "--publish")
    done("export", str(tmp_path / "out"))
    assert "Nothing has changed" in done("import", str(tmp_path / "out"), "--publish")
    assert "No problems found." in done("doctor")
    done("backup", str(tmp_path / "saved.zip"))
    with pytest.raises(CommandError, match="in use"):
        done("restore", str(tmp_path / "saved.zip"))
    with pytest.raises(CommandError, match="is not an empty folder"):
        done("export", str(tmp_path / "out"))
    with pytest.raises(CommandError, match="There is no folder"):
        done("import", str(tmp_path / "nowhere"))


# `sojourn serve` in process: what it does before it serves, and errors as one sentence ------------


def test_first_start_publishes_the_seeds_and_prints_a_link(
    database: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "SEEDS", SMALL_RECORD)
    for _ in range(2):
        serve._publish_seeds_if_empty(database)
        serve._print_first_link(database)
    said = capsys.readouterr().out
    assert said.count("Published edition") == 1 and said.count("/desk/welcome/") == 2
    with desk_session(database) as desk:
        assert newest_edition_number(desk) == 1


def test_ports_in_use_are_one_sentence_and_start_nothing(
    run: Run, published: Settings, folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run(["serve"], SOJOURN_DATA_DIR=str(folder), PORT=str(port))
    assert (ended.code, ended.complaint.count("\n")) == (1, 1)
    assert f"Cannot listen on 127.0.0.1, port {port}: address already in use." in ended.complaint
    assert f"PORT={port + 1 if port < 65535 else 8000} make serve" in ended.complaint
    assert not folder.exists()
    port = free_port()
    settings = published.model_copy(update={"port": port, "metrics_address": f"127.0.0.1:{port}"})
    ended = run(["serve"], **environment_of(settings))
    assert ended.code == 1 and "Change SOJOURN_METRICS_ADDRESS." in ended.complaint


def test_database_or_secret_that_is_missing_is_one_sentence(
    run: Run, empty_database: Settings, published: Settings
) -> None:
    unmigrated = {"DATABASE_URL": empty_database.migrate_database_url or ""}
    ended = run(["serve"], PORT=str(free_port()), **unmigrated)
    assert (ended.code, ended.output) == (1, "")
    assert "run `sojourn migrate` first" in ended.complaint
    environment = {**environment_of(published), "PORT": str(free_port())}
    del environment["SOJOURN_HASH_SECRET"]
    ended = run(["serve"], **environment)
    assert (ended.code, ended.complaint.count("\n")) == (1, 1)
    assert "Sojourn is at" not in ended.output
    assert ended.complaint.startswith("sojourn: SOJOURN_HASH_SECRET is not set")


# `sojourn editor`: adds, lists and disables people ------------------------------------------------


def test_people_are_added_listed_and_disabled_by_command(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.testclient import TestClient

    from app.main import create_app

    monkeypatch.setenv("DATABASE_URL", str(database.database_url))
    monkeypatch.setenv("SOJOURN_PUBLIC_URL", "https://testserver")

    def done(*words: str) -> str:
        result = CliRunner().invoke(cli.commands, ["editor", *words], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output.strip()

    def joins(link: str) -> int:
        path = link.removeprefix("https://testserver")
        site = TestClient(
            create_app(database), headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
        )
        return site.post(
            path, data={"name": "Amal", "password": "four words and a horse"}
        ).status_code

    link = done("add", "Amal@example.org", "--role", "admin")
    assert re.fullmatch(r"https://testserver/desk/welcome/[\w-]{43}", link)
    assert done("list") == "amal@example.org\tadmin\tinvited"
    newer = done("link", "amal@example.org")
    assert (joins(link), joins(newer)) == (404, 303)
    assert done("list") == "amal@example.org\tadmin\tAmal"
    with pytest.raises(CommandError, match="already has an account"):
        done("add", "amal@example.org")
    with pytest.raises(CommandError, match="is the only admin"):
        done("disable", "amal@example.org")
    with desk_session(database) as db:
        amal = db.scalars(select(Person)).one()
        amal.factor_secret, amal.recovery_hashes = (
            encrypt(database, "a secret", amal.id),
            [hash_recovery_code("x")],
        )
    assert done("remove-factor", "amal@example.org") == (
        "The second factor of amal@example.org was removed, and all their sessions have ended."
    )
    with desk_session(database) as db:
        amal = db.scalars(select(Person)).one()
        assert amal.factor_secret is None and amal.recovery_hashes == []
    done("add", "basma@example.org")
    assert done("disable", "basma@example.org") == "basma@example.org is disabled."
    assert "basma@example.org\teditor\tdisabled" in done("list")
    with pytest.raises(CommandError, match="No account has the address"):
        done("disable", "nobody@example.org")
