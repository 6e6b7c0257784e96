"""The comparison of `make golden`: what counts as a difference, and which may be wanted."""

import json

from bench.golden import wanted
from bench.golden.answers import Answer, Difference, differences
from tests.support.tables import failing

HTML, JSON, CSV = "text/html; charset=utf-8", "application/json", "text/csv"


def seen(kind: str, old: str, new: str) -> list[tuple[str, str, str]]:
    """Return the differences of two bodies of one kind."""
    answers = [Answer(200, {"content-type": kind}, body.encode()) for body in (old, new)]
    found = differences("/events", "/events", *answers)
    return [(each.field, each.old, each.new) for each in found]


def test_differences_are_those_that_a_reader_could_see() -> None:
    rows = [{"id": "E1", "title": "One"}, {"id": "E2", "title": "Two"}]
    listed, turned = (json.dumps({"items": each}) for each in (rows, rows[::-1]))
    cases = [
        (HTML, '<p class="a" id="b">One</p>', '<p id="b"  class="a">\nOne </p>', []),
        (
            HTML,
            '<img src="/static/a.svg?v=8ea306019361">',
            '<img src="/static/a.svg?v=07cb99ef8ced">',
            [],
        ),
        (HTML, "<p>a</p><ul></ul>", "<p>b</p><ul></ul>", [("/html/body/p", "a", "b")]),
        (HTML, "<ul><li>a</ul>", "<ul><li>a<li>b</ul>", [("/html/body/ul/li", "", "b")]),
        (CSV, "id,title\nE1,One\n", "id,title\nE1,Two\n", [("title", "One", "Two")]),
    ]
    assert failing(cases, seen) == []
    assert seen(JSON, listed, turned)[0] == ("order", "items[].id: E1", "items[].id: E2")


def test_listed_difference_is_wanted_unless_it_is_protected() -> None:
    cases = [
        ("/html/body/p", "/events/{name},/html/body/p,One *,*", True),
        ("/html/body/p", "/events/{name},/html/body/p,One report,Two sources", False),
        *((each, "*,*,*,*", False) for each in ("status", "private", "items[].id", "fingerprint")),
    ]

    def is_wanted(field: str, line: str) -> bool:
        found = Difference("/events/{name}", "/events/E5", field, "One report", "One source")
        return wanted.unwanted([found], [[*line.split(","), "Plainer"]]) == []

    assert failing(cases, is_wanted) == []
