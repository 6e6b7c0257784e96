"""Data folders of the embedded server."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.database import embedded
from app.database.cluster import Server as Running
from tests.conftest import MOST_SECONDS
from tests.support.temporary_folders import temporary_folder

HASTY = {"fsync": "off"}


# A program that uses the data folder, prints the server's process, and runs until its input ends.
USER = """
import sys
from pathlib import Path
from app.database import cluster as cluster_module
from app.database import embedded
with embedded.running(Path(sys.argv[1]), {"fsync": "off"}) as server:
    print(server.process, flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def another_user(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another program on the same data folder. Its first line of output is the server's process."""
    command = [sys.executable, "-c", USER, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def server_process(program: "subprocess.Popen[str]") -> int:
    assert program.stdout is not None
    return int(program.stdout.readline())


def leave(program: "subprocess.Popen[str]") -> None:
    assert program.stdin is not None
    program.stdin.close()
    assert program.wait(MOST_SECONDS) == 0


def mark(server: Running, word: str) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS mark (word text)")
        connection.execute("INSERT INTO mark VALUES (%s)", [word])


def marks(server: Running) -> list[str]:
    with psycopg.connect(server.url("postgres")) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM mark ORDER BY word")]


@pytest.fixture
def new_folder() -> Iterator[Path]:
    """A path at which a data folder can be created."""
    with temporary_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="session")
def first_folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        with embedded.running(folder / "data", HASTY):
            pass
        yield folder / "data"


@pytest.fixture
def folder(new_folder: Path, first_folder: Path) -> Path:
    """A data folder of a stopped server: a copy, since making one takes a second each time."""
    subprocess.run(["cp", "-a", first_folder, new_folder], check=True)
    return new_folder
