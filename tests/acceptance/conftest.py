"""Fixtures of whole sites: data folders of `sojourn serve`."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.serving import Start, start_and_stop
from tests.support.temporary_folders import temporary_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="session")
def first_start() -> Iterator[Start]:
    with temporary_folder() as folder:
        yield start_and_stop(folder / "data", signal.SIGINT)


@pytest.fixture
def filled(folder: Path, first_start: Start) -> Path:
    """A data folder with the seeds: a copy of the folder that the first start made."""
    subprocess.run(["cp", "-a", first_start.folder, folder], check=True)
    return folder
