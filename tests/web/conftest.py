"""A site with a response cache on the shared record, for tests that only read it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from tests.support.cached_site import client_and_statements


@pytest.fixture(scope="module")
def cached_site(published: Settings) -> Iterator[tuple[TestClient, list[str]]]:
    """A client and the statements that the site ran for its requests."""
    with client_and_statements(published) as found:
        yield found


@pytest.fixture
def cached(cached_site: tuple[TestClient, list[str]]) -> TestClient:
    return cached_site[0]
