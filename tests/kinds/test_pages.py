"""Pages: links in their texts, and what the form refuses."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.vocabulary.named import PageKind
from tests.make import make_page

ANSWER: dict[str, Any] = {"kind": "answer", "places": ["place-1"], "body": "It closed [C1]."}


def test_page_knows_the_records_that_it_links_to_and_shows() -> None:
    page = make_page(
        body="Read [one](E1) and [two](M2), or [one](E1) once more.",
        sections=[{"part": "funding", "says": "See [a report](S3)."}],
        marks=[{"event": "E4", "label": "A rule"}],
    )
    assert list(page.linked) == ["E1", "M2", "S3", "E4"]
    assert page.kind is PageKind.TEXT


def test_page_that_the_site_cannot_show_is_refused() -> None:
    for changes, words in (
        ({"body": "Read [this](https://example.org)."}, "is no id of an event"),
        ({"body": "Read [this](E0)."}, "is no id of an event"),
        ({"sections": [{"part": "funding", "says": "[Ours](P1)"}]}, "is no id of an event"),
        ({"sections": [{"part": "funding", "says": "A"}] * 2}, "a part twice"),
        ({"marks": [{"event": "E1", "label": "A"}] * 2}, "an event twice"),
        ({"marks": [{"event": "E1", "label": "A" * 39}]}, "at most 38"),
        ({"marks": [{"event": "S1", "label": "A"}]}, "pattern"),
        ({"places": ["a", "b", "c", "d", "e", "f", "g"]}, "at most 6"),
        (ANSWER | {"places": []}, "name the one place"),
        (ANSWER | {"places": ["a", "b"]}, "name the one place"),
        (ANSWER | {"kind": "row", "body": "word " * 46 + "[C1]"}, "at most 45 words"),
    ):
        with pytest.raises(ValidationError, match=words):
            make_page(**changes)


def test_each_clause_of_an_editors_sentence_has_a_citation() -> None:
    for body, cited in (
        ("It closed [C1].", ["C1"]),
        ("It closed [C1], opened [C2][C30] and closed again [C1]", ["C1", "C2", "C30"]),
        ("It closed [C1]; did it open [C2]? About 1,200.5 left [C3]!", ["C1", "C2", "C3"]),
        ("国境が閉じた[C1]。開いた[C2]。", ["C1", "C2"]),
        *((body, None) for body in ("", "It closed.", "It closed. [C1]", "[C1].", "It closed [C1")),
        *((body, None) for body in ("It closed [E1].", "It closed [C0].", "[It](E1) closed [C1].")),
        *((body, None) for body in ("It closed [C1]. It opened.", "It closed [C1] and opened.")),
        ("It closed [C1].\n\nIt opened [C2].", None),
    ):
        if cited is None:
            with pytest.raises(ValidationError, match=r"such as \[C156\]|one paragraph"):
                make_page(**ANSWER | {"body": body})
        else:
            assert make_page(**ANSWER | {"body": body}).cited == cited, body
        assert make_page(body=body).cited == [], "another text may have brackets"
