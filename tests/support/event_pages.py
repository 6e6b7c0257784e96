"""Pages of events on a small record, and their sections."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient

from app.forms import RecordForm
from app.main import create_app
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    publish_all,
)
from tests.support.html import words


@contextmanager
def published_as(settings: Settings, *editions: tuple[RecordForm, ...]) -> Iterator[TestClient]:
    """Run a site with its own record: the small world, and one edition for each group of forms."""
    with desk_session(settings) as desk:
        publish_all(desk, *a_small_world(), *editions[0])
        for forms in editions[1:]:
            publish_all(desk, *forms, why=Why.CORRECTED, reason="The report says otherwise.")
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


def page_of(settings: Settings, *forms: RecordForm, of: str = "E1") -> str:
    with published_as(settings, forms) as client:
        answer = client.get(f"/events/{of}")
    assert answer.status_code == 200
    return answer.text


def section(page: str, id: str) -> str:
    """Return the text of one section; empty if the page does not have it."""
    found = re.search(rf'<section[^>]*aria-labelledby="{id}".*?</section>', page, re.DOTALL)
    return words(found[0]) if found else ""
