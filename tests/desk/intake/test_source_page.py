"""Page of a source's draft: its details, captures, and requests to a web archive."""

import gzip
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import Workbook
from starlette.testclient import TestClient
from warcio.archiveiterator import ArchiveIterator

from app.desk.captures import fetched
from app.desk.captures import fetched as reading
from app.desk.captures.captures import BYTES_PER_MB
from app.desk.captures.fetch import fetch_page
from app.desk.captures.fetched import HTML_TYPES, find_details, find_text
from app.desk.imports.reader import UnreadableUploadError, read_table
from app.desk.intake import Capture
from app.desk.round.links import parse_feed
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_accounts import as_owner, logged
from tests.support.desk_people import person
from tests.support.draft_pages import ARTICLE_PAGE, begin, post, stored
from tests.support.hostile_server import HostileServer
from tests.support.html import first_match

# Details ----------------------------------------------------------------------------------------


def draft_of(client: TestClient, url: str) -> str:
    draft = begin(client, "S", key=url)
    post(client, draft, url=url)
    return draft


def begun_report(client: TestClient, url: str, do: str = "", key: str = "k") -> str:
    """Begin the report at an address, and return the draft of its source."""
    begun = client.post("/desk/sources", data={"key": key, "url": url, "do": do})
    number = first_match(r"open=(\d+)", begun.headers["location"])
    return f"/desk/drafts/{number}"


def test_page_fills_in_the_fields_that_it_tells_once(
    chidi: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    html = ARTICLE_PAGE.replace('"datePublished": "2019-06-20"', '"datePublished": "2019-06-21"')
    at = begun_report(chidi, hostile.says("/report", ARTICLE_PAGE.encode()), do="read-page")
    filled = stored(desk_world, at).document
    names = ("title", "outlet", "author", "language", "published", "title_basis")
    # The date is the printed one, whatever its time zone.
    found = [filled[name] for name in names]
    assert found == ["귀국 지시", "outlet-2", "Kim Seul", "ko", "2019-06-20", ""]
    assert "Check each of them." in chidi.get(at).text
    # Of values that contradict each other none is taken.
    at = begun_report(chidi, hostile.says("/other", html.encode()), do="read-page", key="other")
    assert stored(desk_world, at).document["published"] == ""


def test_failed_fetch_shows_reason_and_keeps_draft(
    chidi: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    words = "This did not work. The address is in a private network. Only public pages can be read."
    at = begun_report(chidi, "http://127.0.0.1:1/inside", do="read-page")
    assert words in chidi.get(at).text
    post(chidi, at, "capture", remark="Typed.")
    assert words in chidi.get(at).text
    assert stored(desk_world, at).document["remark"] == "Typed."
    post(chidi, at, url="")
    assert "Enter an address to save a copy" in chidi.get(at).text


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_PARSE_SECONDS", 1)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><body>" + b"<p>" * 330_000, "Reading the page took too long"),
        (
            b"<title>Report</title>" + b"x" * reading.MAX_PARSED_BYTES,
            "The page is larger than 5 MB, the limit",
        ),
    ],
    ids=["hostile", "large"],
)
def test_hostile_page_shows_reason_and_can_be_captured(
    chidi: TestClient, hostile: HostileServer, body: bytes, words: str
) -> None:
    at = begun_report(chidi, hostile.says("/report", body), do="read-page")
    assert words in chidi.get(at).text
    post(chidi, at, "capture")
    assert "A private copy was saved" in chidi.get(at).text


# Captures -----------------------------------------------------------------------------------------


def test_capture_holds_response_and_is_for_editors_only(
    chidi: TestClient, basma: TestClient, hostile: HostileServer, desk_world: Settings, visit: Any
) -> None:
    body = gzip.compress(ARTICLE_PAGE.encode())
    there = hostile.says("/there", body, Content_Encoding="gzip", X_Own="yes")
    at = draft_of(chidi, hostile.leads("/report?a=b", there))
    post(chidi, at, "capture")
    sha256 = hashlib.sha256(ARTICLE_PAGE.encode()).hexdigest()
    page = chidi.get(at).text
    assert sha256 in page and "/desk/captures/" not in page, (
        "contributors must see the hash of a capture but no link to it"
    )
    link = first_match(r'href="(/desk/captures/\d+)"', basma.get(at).text)
    for client in (chidi, visit("192.0.2.3")):
        assert client.get(link).status_code in {403, 303}
    answer = basma.get(link)
    assert answer.headers["content-disposition"].startswith('attachment; filename="S')
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "frame-ancestors" in policy
    records = {}
    for record in ArchiveIterator(io.BytesIO(answer.content), verify_http=False):
        key = (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
        records[key] = (record.http_headers, record.raw_stream.read())
    assert list(records) == [
        ("response", hostile.at("/report?a=b")),
        ("request", hostile.at("/report?a=b")),
        ("response", there),
        ("request", there),
    ]
    headers, kept = records["response", there]
    assert (
        kept == body and headers.get_header("X-Own") == "yes" and headers.get_statuscode() == "200"
    )
    sent, _ = records["request", there]
    assert "Cookie" not in str(sent) and "sojourn" not in str(sent).lower()
    assert len(logged(desk_world, "captured")) == 1
    assert basma.get("/desk/captures/9999999999").status_code == 404


# Odd pages ----------------------------------------------------------------------------------------


def read(
    hostile: HostileServer, html: str | bytes, kind: str = "text/html; charset=utf-8"
) -> dict[str, list[str]]:
    body = html.encode() if isinstance(html, str) else html
    page = fetch_page(hostile.says("/page", body, kind), HTML_TYPES, [hostile.here])
    return fetched.read_details(page)


def test_malformed_page_proposes_no_odd_values(hostile: HostileServer) -> None:
    for html in (
        "",
        "<title></title><meta name=author><time>",
        (
            '<script type="application/ld+json">{"@type": "Article", '
            '"headline": ["a", 1, null, {"name": 5}]</script>x'
        ),
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>x",
        "<html lang='"
        + "x" * 5_000
        + "'><meta name=date content='9999-99-99'><meta name=date content='3019-01-01'>x",
        "<div>" * 3_000 + "deep",
    ):
        assert not {"published", "language"} & set(read(hostile, html))


# Files of others that name entities outside of themselves -----------------------------------------


OF_MACHINE = "a secret of this machine"


@pytest.fixture
def doctype(tmp_path: Path) -> str:
    """Return a document type whose entity `x` is a file with `OF_MACHINE`."""
    file = tmp_path / "secret"
    file.write_text(OF_MACHINE)
    return f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{file}">]>'


def test_feed_reads_no_file(doctype: str) -> None:
    feed = (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>&x;</title><item>'
        "<title>&x;</title><link>https://example.org/a</link></item></channel></rss>"
    )
    assert OF_MACHINE not in repr(parse_feed(feed.encode(), "https://example.org/feed"))


def test_page_reads_no_file(doctype: str) -> None:
    page = f"{doctype}<html><title>&x;</title><body><article><p>Words. &x;</p></article></body>"
    assert OF_MACHINE not in repr(find_details(page.encode())) + find_text(page.encode())


def test_workbook_reads_no_file(doctype: str) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["id", "title"])
    book.active.append(["E1", "PLACE"])
    plain, changed = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if "PLACE" in text:
                begin = text.index("?>") + 2 if text.startswith("<?xml") else 0
                text = text[:begin] + doctype + text[begin:].replace("PLACE", "&x;")
                assert "&x;" in text
            new.writestr(name, text)
    changed.seek(0)
    try:
        found = read_table("a.xlsx", changed).lines
    except UnreadableUploadError:
        return
    assert found and OF_MACHINE not in repr(found)


# Limits of what the desk fetches: pages by person and time, copies also in total ------------------


SHORT_PAGE = b"<!doctype html><title>Workers leave</title>"


def add_capture(settings: Settings, by: int, size_mb: int) -> None:
    size = size_mb * BYTES_PER_MB
    as_owner(
        settings,
        "INSERT INTO desk.capture "
        "(source, url, address, at, by, media_type, sha256, size_bytes, warc) "
        f"""VALUES ('S9', 'u', 'u', now(), {by}, 'text/html', '{"0" * 64}', {size}, """
        f"""convert_to(repeat('x', {size}), 'UTF8'))""",
    )


def count_captures(settings: Settings) -> int:
    with desk_session(settings) as db:
        return db.query(Capture).count()


def test_daily_quota_of_one_person_does_not_block_another(
    database: Settings, hostile: HostileServer, app: FastAPI, chidi: TestClient, basma: TestClient
) -> None:
    app.state.settings = database.model_copy(update={"capture_daily_mb": 2})
    hostile.says("/a", SHORT_PAGE)
    add_capture(database, person(database, "Chidi").id, 2)
    chidis_draft, basmas_draft = begin(chidi, "S", key="one"), begin(basma, "S", key="two")
    post(chidi, chidis_draft, "capture", url=hostile.at("/a"))
    page = chidi.get(chidis_draft).text
    assert "you can save only 2 MB within 24 hours" in page and hostile.at("/a") in page
    assert hostile.asked == [] and count_captures(database) == 1
    post(basma, basmas_draft, "capture", url=hostile.at("/a"))
    assert (
        "A private copy was saved" in basma.get(basmas_draft).text and count_captures(database) == 2
    )
    as_owner(database, "UPDATE desk.capture SET at = now() - interval '25 hours'")
    post(chidi, chidis_draft, "capture")
    assert "A private copy was saved: 1 kB" in chidi.get(chidis_draft).text


def test_pages_of_one_person_are_limited_in_a_quarter_of_an_hour(
    database: Settings, hostile: HostileServer, app: FastAPI, chidi: TestClient, basma: TestClient
) -> None:
    app.state.settings = database.model_copy(update={"pages_per_quarter_hour": 2})
    hostile.says("/a", SHORT_PAGE)
    chidis_draft, basmas_draft = begin(chidi, "S", key="one"), begin(basma, "S", key="two")
    for _time in range(3):
        post(chidi, chidis_draft, "capture", url=hostile.at("/a"))
    assert "at most 2 pages within 15 minutes" in chidi.get(chidis_draft).text
    report = stored(database, chidis_draft).record
    answer = chidi.post(f"/desk/sources/{report}", data={"number": "0", "do": "read-text"})
    assert "at most 2 pages within 15 minutes" in answer.text
    assert len(hostile.asked) == 2
    post(basma, basmas_draft, "capture", url=hostile.at("/a"))
    assert len(hostile.asked) == 3
    as_owner(database, "UPDATE desk.attempt SET at = now() - interval '16 minutes'")
    post(chidi, chidis_draft, "capture")
    assert len(hostile.asked) == 4


def test_total_quota_blocks_captures(
    database: Settings, hostile: HostileServer, app: FastAPI, basma: TestClient
) -> None:
    small = database.model_copy(update={"capture_total_mb": 10})
    app.state.settings = small
    hostile.says("/a", SHORT_PAGE)
    add_capture(small, person(small, "Basma").id, 9)
    draft = begin(basma, "S", key="one")
    post(basma, draft, "capture", url=hostile.at("/a"))
    assert "A private copy was saved: 1 kB" in basma.get(draft).text
    add_capture(small, person(small, "Basma").id, 1)
    post(basma, draft, "capture")
    assert (
        "this installation’s limit of 10 MB" in basma.get(draft).text and count_captures(small) == 3
    )
