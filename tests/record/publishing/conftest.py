"""Fixtures of tests of publishing."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.record.publishing.integrity import find_problems
from tests.make import a_small_world, publish_all


@pytest.fixture
def world(desk: Session) -> Iterator[Session]:
    """A small world, published as edition 1. Each test must leave no integrity problem."""
    publish_all(desk, *a_small_world())
    yield desk
    assert find_problems(desk) == []
