"""Pages of events on a small record, and their sections."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.kinds import EventForm, RecordForm
from app.main import create_app
from app.record.derivation.rows import derive_row
from app.record.names.directory import Directory
from app.record.reads.event_context import EventContext
from app.record.sql.rows import ListRow
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import (
    a_context,
    a_small_world,
    publish_all,
)
from tests.support.html import fold, words


@contextmanager
def published_as(settings: Settings, *editions: tuple[RecordForm, ...]) -> Iterator[TestClient]:
    """Run a site with its own record: the small world, and one edition for each group of forms."""
    with desk_session(settings) as desk:
        publish_all(desk, *a_small_world(), *editions[0])
        for forms in editions[1:]:
            publish_all(desk, *forms, why=Why.CORRECTED, reason="The report says otherwise.")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


def module_site(*forms: RecordForm) -> Any:
    """Return a fixture: a site on a database of its own, for all tests of a module."""

    @pytest.fixture(scope="module")
    def made(module_database: Settings) -> Iterator[TestClient]:
        with published_as(module_database, forms) as client:
            yield client

    return made


def page_of(settings: Settings, *forms: RecordForm, of: str = "E1") -> str:
    with published_as(settings, forms) as client:
        answer = client.get(f"/events/{of}")
    assert answer.status_code == 200
    return answer.text


Case = tuple[RecordForm | Sequence[RecordForm], str, str, str]
"""Records, the id of a section (or "" for all), and what it says and does not say, apart by `|`."""


def faults_of(settings: Settings, cases: Sequence[Case]) -> list[str]:
    """Publish each case as an edition that changes E1; return what its page says wrongly."""
    editions = [(forms,) if isinstance(forms, RecordForm) else (*forms,) for forms, *_ in cases]
    faults = []
    with published_as(settings, *editions) as client:
        for edition, (_forms, id, shown, hidden) in enumerate(cases, 1):
            answer = client.get(f"/events/E1?edition={edition}")
            assert answer.status_code == 200, "a case changes nothing, so it is no edition"
            text = section(answer.text, id) if id else words(answer.text)
            faults += [f"case {edition} lacks “{p}”" for p in shown.split("|") if p not in text]
            faults += [f"case {edition} has “{p}”" for p in hidden.split("|") if p and p in text]
    return faults


def section(page: str, id: str) -> str:
    """Return the text of one section or fold; empty if the page does not have it."""
    found = re.search(rf'<section[^>]*aria-labelledby="{id}".*?</section>', page, re.DOTALL)
    return words(found[0]) if found else fold(page, id)


def event_in_context(event: EventForm, *beside: RecordForm) -> tuple[EventContext, Directory]:
    """Return an event with what is around it in the small world, without a database."""
    forms = [*a_small_world(), *beside]
    context = a_context(*forms, event)
    rows = {}
    for number, form in enumerate([event, *beside]):
        if isinstance(form, EventForm):
            payload = derive_row(form, context).payload
            at = (None, None, None, None)
            rows[form.id] = ListRow(number, form.id, number, payload, (), *at, 1, 1)
    row = rows.pop(event.id)
    return EventContext(event, row, context.sources, rows, ()), Directory.of(forms)
