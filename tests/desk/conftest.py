"""The desk's application on a database of its own, and browsers that visit it from where the test says."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.desk.cast import FIREFOX


class Visit(Protocol):
    """Opens a browser at an address, with nothing remembered. It follows no redirects: where they lead is tested."""

    def __call__(self, address: str = "198.51.100.1", user_agent: str = FIREFOX) -> TestClient: ...


@pytest.fixture
def app(database: Settings) -> Iterator[FastAPI]:
    with TestClient(create_app(database)) as running:
        assert isinstance(running.app, FastAPI)
        yield running.app


@pytest.fixture
def visit(app: FastAPI) -> Visit:
    def visit(address: str = "198.51.100.1", user_agent: str = FIREFOX) -> TestClient:
        headers = {"sec-fetch-site": "same-origin", "user-agent": user_agent}
        return TestClient(app, follow_redirects=False, client=(address, 50_000), headers=headers)

    return visit
