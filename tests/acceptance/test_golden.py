"""The comparison of `make golden`: what counts as a difference, and which may be wanted."""

import datetime
import io
import json
import zipfile

from bench.golden import wanted
from bench.golden.addresses import Routes
from bench.golden.answers import Answer, Difference, differences

HTML, JSON, CSV = "text/html; charset=utf-8", "application/json", "text/csv"
NOW = datetime.datetime.now(datetime.UTC)
TODAY = f"{NOW.day} {NOW:%B %Y}"
TOKENS = [f"6b0e560{n}.47d79dd38ce7623{n}.1afb8fd8647c75ae0962e4179c72da8{n}" for n in (1, 2)]


def page(body: str | bytes, kind: str = HTML, status: int = 200, **headers: str) -> Answer:
    sent = body if isinstance(body, bytes) else body.encode()
    return Answer(status, {"content-type": kind, **headers}, sent)


def seen(old: Answer, new: Answer) -> list[tuple[str, str, str]]:
    found = differences("/events", "/events", old, new)
    return [(each.field, each.old, each.new) for each in found]


def test_difference_of_two_runs_is_not_one() -> None:
    for old, new in (
        ('<p class="a" id="b">One</p>', '<p id="b"  class="a">\nOne </p>'),
        ('<img src="/static/a.svg?v=8ea306019361">', '<img src="/static/a.svg?v=07cb99ef8ced">'),
        (f"<input value='{TOKENS[0]}'>", f"<input value='{TOKENS[1]}'>"),
        (f"<p>{NOW:%Y-%m-%d}T04:18:18+00:00</p>", f"<p>{NOW:%Y-%m-%d}T04:19:20.5+00:00</p>"),
        (f"<p>{TODAY}, 04:18 UTC</p>", f"<p>{TODAY}, 05:01 UTC</p>"),
    ):
        assert seen(page(old), page(new)) == []


def test_difference_of_a_page_is_seen() -> None:
    for old, new in (
        ("<p>One report.</p>", "<p>One reports.</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>b<li>a</ul>"),
        ("<p>a</p><hr>", "<p>a</p>"),
        ('<a href="/events/E5">x</a>', '<a href="/events/E6">x</a>'),
        ("<p>2019-05-14T10:00:00</p>", "<p>2019-05-14T11:00:00</p>"),
        (f"<p>{TODAY}</p>", "<p>14 May 2019</p>"),
    ):
        assert seen(page(old), page(new))


def test_status_and_headers_are_compared() -> None:
    assert seen(page("", status=200), page("", status=404)) == [("status", "200", "404")]
    moved = seen(page("", location="/events/E5"), page("", location="/events/E6"))
    assert moved == [("header location", "/events/E5", "/events/E6")]


def test_rows_are_compared_by_their_keys_and_order() -> None:
    rows = [{"id": "E1", "title": "One"}, {"id": "E2", "title": "Two"}]
    items, turned, less = (
        page(json.dumps({"items": each}), JSON) for each in (rows, rows[::-1], rows[:1])
    )
    assert seen(items, turned)[0] == ("order", "items[].id: E1", "items[].id: E2")
    assert ("items[]", "2 rows", "1 rows") in seen(items, less)
    tables = [page(f"id,title\nE1,{title}\n", CSV) for title in ("One", "Two")]
    assert seen(*tables) == [("title", "One", "Two")]


def test_files_of_an_archive_are_compared() -> None:
    def archive(text: str) -> Answer:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as written:
            written.writestr("changes.csv", text)
        return page(file.getvalue(), "application/zip")

    first, later = (f"id,at\nE1,{NOW:%Y-%m-%d} 04:1{n}:00+00:00\n" for n in (1, 2))
    assert seen(archive(first), archive(later)) == []
    other = archive(first.replace("E1", "E2"))
    assert seen(archive(first), other) == [("changes.csv: id", "E1", "E2")]


def test_added_and_removed_elements_are_each_one_difference() -> None:
    old, new = (page(f"<ul><li>a</li>{more}<li>c</li></ul>") for more in ("", "<li>b</li>"))
    assert seen(old, new) == [("/html/body/ul/li", "", "b")]
    assert seen(new, old) == [("/html/body/ul/li", "b", "")]


def test_route_of_an_address_has_the_ending_of_its_file() -> None:
    routes = Routes(["GET /events/{name}", "GET /events.json", "GET /preview/{of:path}.png"])
    for address, route in {
        "/events/E5?edition=1": "/events/{name}",
        "/events/E5.json": "/events/{name}.json",
        "/events.json?place=dandong": "/events.json",
        "/preview/events/E5.png": "/preview/{of:path}.png",
        "/nothing": "/nothing",
    }.items():
        assert routes.of(address) == route


def test_listed_difference_is_wanted_unless_it_is_protected() -> None:
    protected = "status", "private", "items[].id", "items[].note", "fingerprint"
    for field, line, is_wanted in (
        ("/html/body/p", "/events/{name},/html/body/p,One report,One source", True),
        ("/html/body/p", "/events/{name},/html/body/p,One *,*", True),
        ("items[].title", "/events/{name},items[].title,*,*", True),
        ("/html/body/p", "/events,/html/body/p,One report,One source", False),
        ("/html/body/p", "/events/{name},/html/body/p,One report,Two sources", False),
        *((each, "*,*,*,*", False) for each in (*protected, "header content-security-policy")),
    ):
        found = Difference("/events/{name}", "/events/E5", field, "One report", "One source")
        left = wanted.unwanted([found], [[*line.split(","), "Plainer"]])
        assert left == ([] if is_wanted else [found]), field
