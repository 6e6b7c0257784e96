"""A hostile server for whatever the desk fetches from outside."""

from collections.abc import Iterator

import pytest

from tests.desk.intake.hostile import Hostile, hostile_server


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with hostile_server() as server:
        yield server
