"""Data folders of the embedded server."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database import embedded
from tests.support.embedded_server import HASTY
from tests.support.temporary_folders import temporary_folder


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
