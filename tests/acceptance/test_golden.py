"""The comparison of `make golden`, and the rules of its list of wanted differences.

`make golden BASE=… ARGS=--faults` tries the whole, with two running sites and three faults.
"""

import datetime
import io
import json
import zipfile
from hashlib import sha256

import openpyxl
import pytest

from bench.golden import wanted
from bench.golden.addresses import template_of
from bench.golden.answers import Answer, Difference, differences, normalised, run_days

HTML = "text/html; charset=utf-8"
TODAY = run_days()[-1]
TOKENS = [f"6b0e560{n}.47d79dd38ce7623{n}.1afb8fd8647c75ae0962e4179c72da8{n}" for n in (1, 2)]


def page(body: str | bytes, kind: str = HTML, status: int = 200, **headers: str) -> Answer:
    sent = body if isinstance(body, bytes) else body.encode()
    return Answer(status, {"content-type": kind, **headers}, sent)


def seen(old: Answer, new: Answer) -> list[tuple[str, str, str]]:
    found = differences("/events", "/events", old, new)
    return [(each.field, each.old, each.new) for each in found]


def sheet(*rows: list[object]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].title = "Events"
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<p class="a" id="b">One</p>', '<p id="b"  class="a">\nOne </p>'),
        ('<img src="/static/a.svg?v=8ea306019361">', '<img src="/static/a.svg?v=07cb99ef8ced">'),
        (f"<input value='{TOKENS[0]}'>", f"<input value='{TOKENS[1]}'>"),
        (f"<p>{TODAY}T04:18:18+00:00</p>", f"<p>{TODAY}T04:19:20.5+00:00</p>"),
        (
            f"<p>{TODAY.day} {TODAY:%B %Y}, 04:18 UTC</p>",
            f"<p>{TODAY.day} {TODAY:%B %Y}, 05:01 UTC</p>",
        ),
    ],
)
def test_difference_of_two_runs_is_not_one(old: str, new: str) -> None:
    assert seen(page(old), page(new)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>One report.</p>", "<p>One reports.</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>b<li>a</ul>"),
        ("<p>a</p><hr>", "<p>a</p>"),
        ('<a href="/events/E5">x</a>', '<a href="/events/E6">x</a>'),
        (f"<p>{'a' * 64}</p>", f"<p>{'b' * 64}</p>"),
        ("<p>2019-05-14T10:00:00</p>", "<p>2019-05-14T11:00:00</p>"),
        (f"<p>{TODAY}</p>", f"<p>{TODAY - datetime.timedelta(days=1)}</p>"),
        ("<a href='/events?v=8ea306019361'>x</a>", "<a href='/events?v=07cb99ef8ced'>x</a>"),
    ],
)
def test_difference_of_a_page_is_seen(old: str, new: str) -> None:
    assert seen(page(old), page(new))


def test_status_and_headers_are_compared() -> None:
    assert seen(page("", status=200), page("", status=404)) == [("status", "200", "404")]
    moved = seen(page("", location="/events/E5"), page("", location="/events/E6"))
    assert moved == [("header location", "/events/E5", "/events/E6")]


def test_json_differs_by_the_order_of_keys_and_rows() -> None:
    kind = "application/json"
    rows = [{"id": "E1", "title": "One"}, {"id": "E2", "title": "Two"}]
    turned = [dict(reversed(row.items())) for row in rows]
    dump = [page(json.dumps({"items": each}), kind) for each in (rows, rows[::-1], turned)]
    assert ("items[].title", "One", "Two") in seen(dump[0], dump[1])
    assert ("items[]", "keys: id, title", "keys: title, id") in seen(dump[0], dump[2])
    less = page(json.dumps({"items": rows[:1]}), kind)
    assert ("items[]", "2 rows", "1 rows") in seen(dump[0], less)


def test_cells_of_csv_and_xlsx_are_compared_by_column() -> None:
    old, new = page("id,title\nE1,One\n", "text/csv"), page("id,title\nE1,Two\n", "text/csv")
    assert seen(old, new) == [("title", "One", "Two")]
    books = [page(sheet(["id", "n"], ["E1", cell]), SHEET) for cell in (1, 2, "1")]
    assert seen(books[0], books[1]) == [("Events!n", "int 1", "int 2")]
    assert seen(books[0], books[2]) == [("Events!n", "int 1", "str 1")]
    assert seen(books[0], page(sheet(["id", "n"], ["E1", 1]), SHEET)) == []


def dump(rows: str, listed: str = "") -> Answer:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("changes.csv", rows)
        archive.writestr("SHA256SUMS", listed or sha256(rows.encode()).hexdigest())
    return page(file.getvalue(), "application/zip")


def test_hash_of_a_file_in_the_dump_is_compared_with_the_file() -> None:
    """A file that has the time of a run has another hash in each run."""
    first, later = (f"id,at\nE1,{TODAY} 04:1{minute}:00+00:00\n" for minute in (1, 2))
    assert seen(dump(first), dump(later)) == []
    other = dump(first.replace("E1", "E2"))
    assert seen(dump(first), other) == [("changes.csv: id", "E1", "E2")]
    assert [field for field, *_ in seen(dump(first), dump(later, "a" * 64))] == ["SHA256SUMS: line"]


def test_added_and_removed_elements_are_each_one_difference() -> None:
    old, new = (
        page("<ul><li>a</li><li>c</li></ul>"),
        page("<ul><li>a</li><li>b</li><li>c</li></ul>"),
    )
    assert seen(old, new) == [("/html/body/ul/li", "", "b")]
    assert seen(new, old) == [("/html/body/ul/li", "b", "")]


def test_date_of_the_record_is_never_normalised() -> None:
    for text in ("2019-05-14", "14 May 2019", "2019-05-14 10:30", "8ea306019361", "a" * 64):
        assert normalised(text) == text


def test_route_of_an_address_has_the_ending_of_its_file() -> None:
    route = template_of(["GET /events/{name}", "GET /events.json", "GET /preview/{of:path}.png"])
    assert route("/events/E5?edition=1") == "/events/{name}"
    assert route("/events/E5.json") == "/events/{name}.json"
    assert route("/events.json?place=dandong") == "/events.json"
    assert route("/preview/events/E5.png") == "/preview/{of:path}.png"
    assert route("/nothing") == "/nothing"


# The list of wanted differences -------------------------------------------------------------------

WORD = Difference("/events/{name}", "/events/E5", "/html/body/p", "One report", "One source")
HEAD = "route,field,old,new,reason\n"


def judged(*lines: str, found: tuple[Difference, ...] = (WORD,), issues: int = 1) -> wanted.Verdict:
    return wanted.judge(found, wanted.read(HEAD + "".join(f"{line}\n" for line in lines)), issues)


def test_listed_difference_is_wanted() -> None:
    verdict = judged("/events/{name},/html/body/p,One report,One source,Plainer")
    assert not verdict.unwanted and not verdict.problems
    assert not judged("/events/{name},/html/body/p,One *,One *,Plainer").unwanted


@pytest.mark.parametrize(
    "line",
    [
        "/events,/html/body/p,One report,One source,Plainer",
        "/events/{name},/html/body/b,One report,One source,Plainer",
        "/events/{name},/html/body/p,Two reports,One source,Plainer",
        "/events/{name},/html/body/p,One report,Two sources,Plainer",
    ],
)
def test_line_that_matches_nothing_fails(line: str) -> None:
    verdict = judged(line)
    assert list(verdict.unwanted) == [WORD]
    assert "it matches nothing" in verdict.problems[0]


def test_line_that_matches_two_routes_fails() -> None:
    other = Difference("/laws/{name}", "/laws/x", "/html/body/p", "One report", "One source")
    verdict = judged("*,/html/body/p,One report,One source,Plainer", found=(WORD, other))
    assert "matches two routes" in verdict.problems[0]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("status codes", Difference("/events", "/events", "status", "200", "404")),
        ("privacy", Difference("/privacy", "/privacy", "/html/body/p", "We log", "We log more")),
        ("privacy", Difference("/events.json", "/events.json", "items[].note", "", "x")),
        ("privacy", Difference("/", "/", "header content-security-policy", "a", "b")),
        ("fingerprints", Difference("/cite.json", "/cite.json", "fingerprint", "a", "b")),
        ("fingerprints", Difference("/cite", "/cite", "/html/p", "a" * 64, "b" * 64)),
        ("ids", Difference("/events.json", "/events.json", "items[].id", "E5", "E6")),
        ("ids", Difference("/events", "/events", "/html/a@href", "/events/E5", "/events/E6")),
        ("ids", Difference("/", "/", "/html/a@href", "/cities/dandong", "/cities/hunchun")),
        ("filters", Difference("/", "/", "/html/a@href", "/events?place=x", "/events?at=x")),
        ("filters", Difference("/events", "/events", "/html/form/input@name", "place", "at")),
        ("filters", Difference("/events.json", "/events.json?place=x", "total", "12", "13")),
    ],
)
def test_protected_difference_cannot_be_listed(kind: str, found: Difference) -> None:
    line = f"{found.route},{found.field},{found.old},{found.new},Because"
    verdict = judged(line, found=(found,))
    assert list(verdict.unwanted) == [found]
    assert any(f"{kind} can't be listed" in each or "nothing" in each for each in verdict.problems)


def test_protected_difference_is_not_hidden_by_a_wide_line() -> None:
    other = Difference(*("/events/{name}", "/events/E5", "/html/body/p", "See E5", "See E6"))
    verdict = judged("/events/{name},/html/body/p,*,*,All of it", found=(WORD, other))
    assert list(verdict.unwanted) == [other]


def test_more_than_forty_lines_fail() -> None:
    found = [
        Difference("/", "/", f"/html/p{number}", "a", "b")
        for number in range(wanted.MOST_LINES + 1)
    ]
    lines = [f"/,{each.field},a,b,Plainer" for each in found]
    assert "at most 40" in judged(*lines, found=tuple(found)).problems[0]
    assert not judged(*lines, found=tuple(found), issues=2).problems


def test_line_without_a_reason_fails() -> None:
    assert "no reason" in judged("/events/{name},/html/body/p,One report,One source,").problems[0]


def test_lines_of_two_issues_lead_from_old_to_new() -> None:
    lines = [
        "/events/{name},/html/body/p,One report,One paper,Plainer",
        "/events/{name},/html/body/p,One paper,One source,Plainer still",
    ]
    verdict = judged(*lines)
    assert not verdict.unwanted and not verdict.problems
    later = wanted.since(wanted.read(HEAD + "\n".join(lines)), wanted.read(HEAD + lines[0]))
    assert [each.new for each in later] == ["One source"]
