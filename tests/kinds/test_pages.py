"""Pages: links in their texts, and what the form refuses."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.vocabulary.pages import PageKind
from tests.make import make_page


def test_page_knows_the_records_that_it_links_to_and_shows() -> None:
    page = make_page(
        body="Read [one](E1) and [two](M2), or [one](E1) once more.",
        sections=[{"part": "funding", "says": "See [a report](S3)."}],
        marks=[{"event": "E4", "label": "A rule"}],
    )
    assert list(page.linked) == ["E1", "M2", "S3", "E4"]
    assert page.kind is PageKind.TEXT


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"body": "Read [this](https://example.org)."}, "is no id of an event"),
        ({"body": "Read [this](E0)."}, "is no id of an event"),
        ({"sections": [{"part": "funding", "says": "[Ours](P1)"}]}, "is no id of an event"),
        ({"sections": [{"part": "funding", "says": "A"}] * 2}, "a part twice"),
        ({"marks": [{"event": "E1", "label": "A"}] * 2}, "an event twice"),
        ({"marks": [{"event": "E1", "label": "A" * 39}]}, "at most 38"),
        ({"marks": [{"event": "S1", "label": "A"}]}, "pattern"),
        ({"places": ["a", "b", "c", "d", "e", "f", "g"]}, "at most 6"),
    ],
)
def test_page_that_the_site_cannot_show_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        make_page(**changes)
