"""Page of a source's draft: its details, captures, and requests to a web archive."""

import gzip
import hashlib
import io
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient
from warcio.archiveiterator import ArchiveIterator

from app.desk.captures import fetched as reading
from app.desk.identity.audit_log import AuditEntry
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.articles import PAGE
from tests.support.draft_pages import begin, post, stored
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
    html = PAGE.replace('"datePublished": "2019-06-20"', '"datePublished": "2019-06-21"')
    at = begun_report(chidi, hostile.says("/report", PAGE.encode()), do="read-page")
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
    body = gzip.compress(PAGE.encode())
    there = hostile.says("/there", body, Content_Encoding="gzip", X_Own="yes")
    at = draft_of(chidi, hostile.leads("/report?a=b", there))
    post(chidi, at, "capture")
    sha256 = hashlib.sha256(PAGE.encode()).hexdigest()
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
    with desk_session(desk_world) as db:
        assert db.scalars(
            select(AuditEntry.action).where(AuditEntry.action == "captured")
        ).all() == ["captured"]
    assert basma.get("/desk/captures/9999999999").status_code == 404


# Web archive --------------------------------------------------------------------------------------


def test_archive_is_asked_on_click_and_returns_url(
    chidi: TestClient, hostile: HostileServer, desk_world: Settings
) -> None:
    url = hostile.says("/report?a=b&c=d", PAGE.encode())
    asked = (
        "/save?page=http%3A%2F%2F" + hostile.here.replace(":", "%3A") + "%2Freport%3Fa%3Db%26c%3Dd"
    )
    hostile.leads(asked, hostile.says("/kept/20261124/report", PAGE.encode()))
    at = begun_report(chidi, url, do="read-page")
    post(chidi, at, "capture")
    page = chidi.get(at).text
    assert "can see that someone archived this page" in page
    assert not any("/save" in request for request in hostile.asked), (
        "reading and capturing a page must not contact the archive"
    )
    post(chidi, at, "archive")
    (copy,) = stored(desk_world, at).document["copies"]
    assert copy["archive"] == hostile.at("/kept/20261124/report")
