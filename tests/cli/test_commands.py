"""Errors of any command, caused by settings or the database: one sentence and no secret."""

import itertools
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import typer.main

from app.cli.commands import commands
from app.cli.connections import describe_details
from app.database.engines import libpq_url
from app.database.errors import describe_database_error
from app.settings import Settings
from tests.cli.conftest import COMMANDS, NOWHERE, Run
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


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("ALTER TABLE record.edition RENAME TO gone", "run `sojourn migrate`"),
        ("REVOKE ALL ON desk.record FROM sojourn_desk", "lacks a right"),
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
