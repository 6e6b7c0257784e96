"""A report without entries, and a contributor at its page."""

import pytest
from starlette.testclient import TestClient

from app.desk.reports import texts
from app.settings import Settings
from tests.conftest import MOST_SECONDS
from tests.support.draft_pages import ReportEditor


@pytest.fixture
def editor(chidi: TestClient, desk_world: Settings, report: str) -> ReportEditor:
    return ReportEditor(chidi, desk_world, report)


@pytest.fixture(autouse=True)
def patient_marking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not fail the tests: a text that takes too long gets no marks."""
    monkeypatch.setattr(texts, "MAX_SECONDS", MOST_SECONDS)
