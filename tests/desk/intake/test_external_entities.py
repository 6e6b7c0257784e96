"""Files of others that name entities outside of themselves: nothing is read from this machine."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.desk.captures.fetched import find_details, find_text
from app.desk.imports.reader import UnreadableUploadError, read_table
from app.desk.round.links import parse_feed

SECRET = "a secret of this machine"


@pytest.fixture
def doctype(tmp_path: Path) -> str:
    """Return a document type whose entity `x` is a file with `SECRET`."""
    file = tmp_path / "secret"
    file.write_text(SECRET)
    return f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{file}">]>'


def test_feed_reads_no_file(doctype: str) -> None:
    feed = (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>&x;</title><item>'
        "<title>&x;</title><link>https://example.org/a</link></item></channel></rss>"
    )
    assert SECRET not in repr(parse_feed(feed.encode(), "https://example.org/feed"))


def test_page_reads_no_file(doctype: str) -> None:
    page = f"{doctype}<html><title>&x;</title><body><article><p>Words. &x;</p></article></body>"
    assert SECRET not in repr(find_details(page.encode())) + find_text(page.encode())


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
    assert found and SECRET not in repr(found)
