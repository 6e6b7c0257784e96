"""A report without records, and a contributor at its sheet."""

import pytest
from starlette.testclient import TestClient

from app.desk.sheets import marking
from app.settings import Settings
from tests.conftest import MOST_SECONDS
from tests.support.articles import report
from tests.support.sheet_pages import SheetEditor

__all__ = ["report"]


@pytest.fixture
def editor(chidi: TestClient, desk_world: Settings, report: str) -> SheetEditor:
    return SheetEditor(chidi, desk_world, report)


@pytest.fixture(autouse=True)
def patient_marking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not fail the tests: a text that takes too long gets no marks."""
    monkeypatch.setattr(marking, "MAX_SECONDS", MOST_SECONDS)
