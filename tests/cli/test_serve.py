"""`sojourn serve` and the other commands, and their errors as one sentence."""

import contextlib
import json
import os
import pickle
import re
import shutil
import signal
import socket
import stat
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner

from app import paths, secret_key
from app.cli import desk as cli_desk
from app.cli import main as cli
from app.database import embedded
from app.database.cluster import Cluster
from app.database.machine import is_alive
from app.desk.identity.models import Person
from app.desk.identity.sealing import encrypt
from app.desk.identity.second_factor import hash_recovery_code
from app.errors import CommandError
from app.settings import Settings
from tests.conftest import MOST_SECONDS, desk_session, wait_until
from tests.support.environment import environment_of
from tests.support.processes import free_port, running_command
from tests.support.temporary_folders import temporary_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder / "data"


def answer(port: int, path: str = "/healthz") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
        body: bytes = response.read()
    return body.decode()


def answers(port: int) -> bool:
    try:
        answer(port)
    except OSError:
        return False
    return True


def server_is_running(folder: Path) -> bool:
    return Cluster(folder, {}).running_process() is not None


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """One `sojourn` command from beginning to end."""
    with running_command(["sojourn", *words], environment) as program:
        said, complaint = program.communicate(timeout=120)
    return subprocess.CompletedProcess(words, program.returncode, said, complaint)


# Serving


@dataclass(frozen=True)
class Start:
    """What was seen of one start, from an empty folder to the end."""

    folder: Path
    health: dict[str, object]
    had_a_server: bool
    said: str
    complaint: str


@pytest.fixture(scope="module")
def first_start() -> Iterator[Start]:
    with temporary_folder() as folder:
        yield start_and_stop(folder / "data", signal.SIGINT)


@pytest.fixture
def filled(folder: Path, first_start: Start) -> Path:
    """A data folder that holds the seeds: a copy of the one that the first start made."""
    subprocess.run(["cp", "-a", first_start.folder, folder], check=True)
    return folder


def start_and_stop(folder: Path, how: signal.Signals) -> Start:
    port = free_port()
    with running_command(
        ["sojourn", "serve"], {"SOJOURN_DATA_DIR": str(folder), "PORT": str(port)}
    ) as program:
        wait_until(lambda: answers(port) or program.poll() is not None, "the site")
        health, had_a_server = json.loads(answer(port)), server_is_running(folder)
        program.send_signal(how)
        said, complaint = program.communicate(timeout=120)
    assert f"Sojourn is at http://127.0.0.1:{port}" in said
    assert not answers(port)
    return Start(folder, health, had_a_server, said, complaint)


def test_first_start_publishes_seeds_and_ctrl_c_stops_all(
    first_start: Start,
) -> None:
    assert (first_start.health["status"], first_start.health["edition"]) == ("ok", 1)
    assert "Published edition 1." in first_start.said
    assert first_start.said.count("Nobody works at the desk yet") == 1
    assert first_start.had_a_server
    assert not server_is_running(first_start.folder)
    assert first_start.complaint == ""
    for name in (secret_key.FILE, secret_key.HASH_FILE):
        file = first_start.folder / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert secret_key.read_keys(first_start.folder, name) == [file.read_text().strip()], (
            "each start finds the same"
        )


def test_invalid_key_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / secret_key.FILE).write_text("a password\n")
    with pytest.raises(CommandError, match="secret-key must be 32 random bytes in base64"):
        secret_key.read_keys(tmp_path)
    assert (tmp_path / secret_key.FILE).read_text() == "a password\n"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_sigterm_and_sighup_stop_everything(filled: Path, how: signal.Signals) -> None:
    start = start_and_stop(filled, how)
    assert start.had_a_server
    assert not server_is_running(filled)
    assert start.complaint == ""


def test_second_start_publishes_nothing(filled: Path) -> None:
    start = start_and_stop(filled, signal.SIGINT)
    assert start.health["edition"] == 1
    assert "Publish" not in start.said


def test_port_in_use_is_one_sentence_and_starts_nothing(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("serve", SOJOURN_DATA_DIR=str(folder), PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Cannot listen on 127.0.0.1, port {port}: address already in use." in done.stderr
    assert f"PORT={port + 1 if port < 65535 else 8000} make serve" in done.stderr
    assert not folder.exists()


def test_broken_data_folder_is_one_sentence(folder: Path) -> None:
    (folder / "postgres-18").mkdir(parents=True)
    (folder / "postgres-18" / "PG_VERSION").write_text("17\n")
    if os.geteuid() == 0:
        shutil.chown(folder / "postgres-18", "daemon")
    done = run("serve", SOJOURN_DATA_DIR=str(folder), PORT=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "is broken" in done.stderr


def test_unmigrated_database_is_one_sentence(empty_database: Settings) -> None:
    done = run(
        "serve", PORT=str(free_port()), DATABASE_URL=empty_database.migrate_database_url or ""
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "run `sojourn migrate` first" in done.stderr


def test_missing_hash_secret_is_one_sentence_before_start(published: Settings) -> None:
    environment = {**environment_of(published), "PORT": str(free_port())}
    del environment["SOJOURN_HASH_SECRET"]
    done = run("serve", **environment)
    assert done.returncode == 1
    assert "Sojourn is at" not in done.stdout
    assert done.stderr.startswith("sojourn: SOJOURN_HASH_SECRET is not set")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("PORT", "http", "PORT: Input should be a valid integer"),
        ("PORT", "70000", "PORT: Input should be less than or equal to 65535"),
        ("DATABASE_URL", "mysql://me:hidden@x/y", "DATABASE_URL: must begin with postgresql://"),
        (
            "SOJOURN_PUBLIC_URL",
            "example.org",
            "SOJOURN_PUBLIC_URL: must begin with https:// or http://",
        ),
        ("SOJOURN_SECRET_KEY", "hidden", "SOJOURN_SECRET_KEY: must be 32 random bytes in base64"),
        ("SOJOURN_PUBLIC_ONLY", "1", "SOJOURN_PUBLIC_ONLY needs READER_DATABASE_URL"),
    ],
)
def test_invalid_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(setting, value)
    with pytest.raises(CommandError, match=re.escape(sentence)) as stopped:
        Settings.from_environment()
    assert "hidden" not in str(stopped.value)


def test_reading_process_gets_no_secret() -> None:
    secrets = {name: "hidden" for name, field in Settings.model_fields.items() if not field.repr}
    lists = {"old_secret_keys": ["hidden"], "old_hash_secrets": ["hidden"]}
    given = Settings(public_url="https://a.example").model_copy(update={**secrets, **lists})
    assert b"hidden" not in pickle.dumps(
        given.model_copy(update={"reader_database_url": "reader's"}).for_reading()
    )
    assert (
        given.model_copy(update={"reader_database_url": "reader's"})
        .for_reading()
        .reader_database_url
        == "reader's"
    )
    assert given.for_reading().public_url == "https://a.example"


def test_urls_with_passwords_are_never_shown() -> None:
    settings = Settings(database_url="postgresql://me:hidden@example.org/x")
    assert "hidden" not in f"{settings!r} {settings}"


def test_host_of_public_url_is_trusted() -> None:
    assert (
        "sojourn.example.org" in Settings(public_url="https://sojourn.example.org/").trusted_hosts
    )
    both = Settings(public_url="https://a.example", trusted_hosts="b.example, c.example")
    assert both.trusted_hosts == ["b.example", "c.example", "a.example"]


# The other commands


def test_command_help_has_example_and_next_step() -> None:
    runner = CliRunner()
    overview = runner.invoke(cli.commands, ["--help"]).output
    command: Any = typer.main.get_command(cli.commands)
    names = [name for name, each in command.commands.items() if not hasattr(each, "commands")]
    assert names == [
        *("serve", "migrate", "backup", "restore", "doctor"),
        *("import", "export", "publish", "purge", "tick", "check", "demo"),
    ]
    of_people = [f"editor {info.name}" for info in cli_desk.editor.registered_commands]
    assert of_people == [
        "editor add",
        "editor link",
        "editor list",
        "editor disable",
        "editor remove-factor",
    ]
    for name in [*names, *of_people]:
        assert name.split()[0] in overview
        told = runner.invoke(cli.commands, [*name.split(), "--help"]).output
        assert f"sojourn {name}" in told, name
        assert "Example:" in told, name
        assert "Next:" in told, name


def test_import_publish_export_and_doctor_work_in_sequence(
    empty_database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way that the help describes, on a database of one's own."""
    for name in ("database_url", "reader_database_url", "migrate_database_url"):
        monkeypatch.setenv(name.upper(), str(getattr(empty_database, name)))
    monkeypatch.setenv("SOJOURN_HASH_SECRET", str(empty_database.hash_secret))

    def done(*words: str) -> str:
        result = CliRunner().invoke(cli.commands, list(words), catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    assert "up to date" in done("migrate", "--logins")
    done("import", str(paths.SEEDS), "--dry-run")
    assert "Nothing has changed" in done("publish"), "a dry run stores nothing"
    assert "Published edition 1." in done("import", str(paths.SEEDS), "--publish")
    assert "Nothing has changed" in done("import", str(paths.SEEDS), "--publish")
    done("export", str(tmp_path / "out"))
    assert "Nothing has changed" in done("import", str(tmp_path / "out"), "--publish")
    assert "Nothing is wrong." in done("doctor")
    done("backup", str(tmp_path / "saved.zip"))
    with pytest.raises(CommandError, match="in use"):
        done("restore", str(tmp_path / "saved.zip"))
    with pytest.raises(CommandError, match="holds a record"):
        done("demo", "--events", "5")
    with pytest.raises(CommandError, match="is not an empty folder"):
        done("export", str(tmp_path / "out"))
    with pytest.raises(CommandError, match="There is no folder"):
        done("import", str(tmp_path / "nowhere"))


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
    with pytest.raises(CommandError, match="is there already"):
        done("add", "amal@example.org")
    with pytest.raises(CommandError, match="This is not an e-mail address"):
        done("add", "amal@")
    with pytest.raises(CommandError, match="Choose one of these"):
        done("add", "basma@example.org", "--role", "owner")
    with pytest.raises(CommandError, match="is the only admin"):
        done("disable", "amal@example.org")
    with desk_session(database) as db:
        amal = db.scalars(select(Person)).one()
        amal.factor_secret, amal.recovery_hashes = (
            encrypt(database, "a secret", amal.id),
            [hash_recovery_code("x")],
        )
    assert done("remove-factor", "amal@example.org") == (
        "amal@example.org has no second factor any more, and is signed out everywhere."
    )
    with desk_session(database) as db:
        amal = db.scalars(select(Person)).one()
        assert amal.factor_secret is None and amal.recovery_hashes == []
    done("add", "basma@example.org")
    assert done("disable", "basma@example.org") == "basma@example.org is disabled."
    assert "basma@example.org\teditor\tdisabled" in done("list")
    with pytest.raises(CommandError, match="Nobody at the desk has the address"):
        done("disable", "nobody@example.org")


def test_first_link_is_printed_until_used(filled: Path) -> None:
    port = free_port()
    settings = {"SOJOURN_DATA_DIR": str(filled), "PORT": str(port)}
    with running_command(["sojourn", "serve"], settings) as program:
        wait_until(lambda: answers(port) or program.poll() is not None, "the site")
        assert program.stdout is not None
        link = re.search(r"http://\S+/desk/welcome/\S+", program.stdout.readline())
        assert link
        form = b"email=amal%40example.org&name=Amal&password=four+words+and+a+horse"
        posting = urllib.request.Request(link[0], form, {"Sec-Fetch-Site": "same-origin"})  # noqa: S310
        with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(
            posting, timeout=30
        ) as answer:
            assert "/desk/account/second-factor" in answer.url, (
                "an admin first adds a second factor"
            )
    assert "Nobody works at the desk yet" not in start_and_stop(filled, signal.SIGINT).said


def test_demo_makes_requested_number_of_events(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import text

    from tests.conftest import reader_session

    monkeypatch.setenv("DATABASE_URL", str(database.database_url))
    monkeypatch.setenv("READER_DATABASE_URL", str(database.reader_database_url))
    assert "Made 30 events." in CliRunner().invoke(cli.commands, ["demo", "--events", "30"]).output
    with reader_session(database) as session:
        assert (
            session.scalar(
                text("SELECT count(*) FROM record.version WHERE kind = 'E' AND closed IS NULL")
            )
            == 30
        )


def test_doctor_names_problem_and_remedy(
    empty_database: Settings, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli.doctor import find_problems

    missing = find_problems(empty_database)
    assert any("run `sojourn migrate`" in problem for problem in missing)
    wrong = database.model_copy(update={"reader_database_url": database.database_url})
    assert any(
        "A login lacks its role" in problem and "migrate --logins" in problem
        for problem in find_problems(wrong)
    )
    strong = database.model_copy(update={"reader_database_url": database.migrate_database_url})
    assert any(
        "READER_DATABASE_URL may do more than sojourn_reader" in problem
        for problem in find_problems(strong)
    )
    for address, is_told in (
        ("http://sojourn.example.org", True),
        ("https://sojourn.example.org", False),
    ):
        told = find_problems(database.model_copy(update={"public_url": address}))
        assert (
            any("passwords of editors cross the network" in problem for problem in told) is is_told
        )
    nowhere = database.model_copy(
        update={"migrate_database_url": "postgresql://x:hidden@127.0.0.1:9/x"}
    )
    unreachable = find_problems(nowhere)
    assert any(problem.startswith("The database cannot be reached: ") for problem in unreachable)
    assert "hidden" not in str(unreachable)
    monkeypatch.setattr(paths, "HTMX", paths.NODE_MODULES / "gone.js")
    assert (
        "node_modules/gone.js is missing: run `npm ci --omit=dev`, or `make serve`, which does."
        in find_problems(database)
    )


def test_log_has_no_address_and_query_of_readers(filled: Path) -> None:
    port = free_port()
    with running_command(
        ["sojourn", "serve"], {"SOJOURN_DATA_DIR": str(filled), "PORT": str(port)}
    ) as program:
        wait_until(lambda: answers(port) or program.poll() is not None, "the site")
        for path in (
            "/events?q=typed-by-a-reader",
            "/nowhere?typed-by-a-reader",
            "/events.json?typed-by-a-reader=1",
        ):
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(
                    f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
                )
                while line.recv(65536):
                    pass
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET /typed-by-a-reader\x00 HTTP/9\r\n\r\n")
            line.recv(65536)
        program.send_signal(signal.SIGINT)
        said = "".join(program.communicate(timeout=120))
    said += (filled / "postgres.log").read_text()
    assert "typed-by-a-reader" not in said
    assert "127.0.0.1:" not in said.replace(f"http://127.0.0.1:{port}", "")


BUSY = """
import os, pathlib, sys, time
if any("spawn_main" in word for word in sys.orig_argv):
    pathlib.Path(__file__).with_name(f"{os.getpid()}.begun").touch()
    time.sleep(6)
"""
"""A `sitecustomize.py` that delays the start of workers, as on a busy machine, and leaves a file."""


def test_workers_answer_are_replaced_and_stop_together(published: Settings, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)  # Started by root, the workers run under another account.
    (folder / "sitecustomize.py").write_text(BUSY)
    port, found_first = (
        free_port(),
        os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")])),
    )
    environment = {**environment_of(published), "PORT": str(port), "PYTHONPATH": found_first}
    with running_command(["sojourn", "serve", "--workers", "2"], environment) as run:
        wait_until(lambda: answers(port) and len(_workers_of(run.pid)) == 2, "both workers")
        assert len([*folder.glob("*.begun")]) == 2, (
            "none is replaced because it takes long to begin"
        )
        workers = _workers_of(run.pid)
        # Stopped first, so that it is asked whether it lives and dies before it answers.
        os.kill(workers[0], signal.SIGSTOP)
        time.sleep(1.5)
        os.kill(workers[0], signal.SIGKILL)
        wait_until(
            lambda: len(set(_workers_of(run.pid)) - {workers[0]}) == 2, "another worker", seconds=40
        )
        wait_until(lambda: answers(port), "the site to answer")
        workers = _workers_of(run.pid)
        run.send_signal(signal.SIGINT)
        assert run.wait(MOST_SECONDS) == 0
        wait_until(
            lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers),
            "the workers to stop",
        )


def _workers_of(pid: int) -> list[int]:
    """The processes that serve, known by their command line; the others only keep count of others."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            with contextlib.suppress(OSError):  # It has ended meanwhile.
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return sorted(found)


@pytest.mark.parametrize(
    "name", ["public_only", "trusted_hosts", "port", "database_url", "public_url"]
)
def test_settings_pass_to_process_by_environment(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Settings(
        database_url="postgresql://desk@/x",
        reader_database_url="postgresql://reader@/x",
        public_only=True,
        trusted_hosts=["example.org", "*.example.org"],
        port=9,
        public_url="https://example.org",
    )
    for variable, value in environment_of(given).items():
        monkeypatch.setenv(variable, value)
    assert getattr(Settings.from_environment(), name) == getattr(given, name)


def test_workers_end_when_their_parent_is_killed(published: Settings) -> None:
    environment = {**environment_of(published), "PORT": str(port := free_port())}
    with running_command(["sojourn", "serve", "--workers", "2"], environment) as run:
        wait_until(lambda: answers(port) and len(_workers_of(run.pid)) == 2, "both workers")
        workers = _workers_of(run.pid)
        run.kill()
        run.wait()
        try:
            wait_until(
                lambda: not any(is_alive(worker) for worker in workers),
                "the workers to end",
                seconds=20,
            )
        finally:
            for worker in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)


def test_postgres_stays_while_orphaned_worker_uses_it(filled: Path) -> None:
    environment = {"SOJOURN_DATA_DIR": str(filled), "PORT": str(port := free_port())}
    with running_command(["sojourn", "serve"], environment) as run:
        wait_until(lambda: answers(port), "the site")
        (worker,) = _workers_of(run.pid)
        # Stopped, it can't end with its parent, as one that is in the middle of something.
        os.kill(worker, signal.SIGSTOP)
        run.kill()
        run.wait()
    assert not embedded.stop_if_unused(filled)
    assert server_is_running(filled)
    os.kill(worker, signal.SIGCONT)
    wait_until(lambda: not is_alive(worker), "the worker to end")
    assert embedded.stop_if_unused(filled)
