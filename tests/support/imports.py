"""Bundles for imports, and their pages."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft
from app.desk.imports.models import ImportRow
from app.settings import Settings
from tests.conftest import desk_session, wait_until

SOURCES = """id,slug,outlet,title,title_basis,url,language,kind,published,published_basis
S901,first,outlet-1,A first report,printed,https://example.org/first,en,news,2020-01-02,stated
"""
EVENTS = """id,title,summary,type,happened
E901,Workers are told to leave,Reported in January.,stay-limit,2020-01-02
"""
TERMS = """record,key,code,role
E901,place,place-1,at
"""
CITATIONS = """record,id,source,stance,kind,paraphrase
E901,C901,S901,supports,occurrence,They were told so.
"""
CHAINS = """citation,attribution,words
C901,resident,a resident
"""
BUNDLE = {
    "sources.csv": SOURCES,
    "events.csv": EVENTS,
    "terms.csv": TERMS,
    "citations.csv": CITATIONS,
    "chains.csv": CHAINS,
}
"""A source and an event that the small world of the desk does not have."""
MAKE = {"do": "make", "hand_in": "yes"}
"""What the button sends that makes drafts and hands them in."""


def zip_of(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def send(client: TestClient, files: Mapping[str, str | bytes]) -> Any:
    sent = [
        ("files", (name, content.encode() if isinstance(content, str) else content))
        for name, content in files.items()
    ]
    return client.post("/desk/imports", files=sent)


def kept(client: TestClient, files: Mapping[str, str | bytes]) -> str:
    """Upload the files and return the address of the import."""
    answer = send(client, files)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def wait_until_done(client: TestClient, at: str) -> str:
    """Return the import's page after all background work has ended."""
    page = ""

    def is_done() -> bool:
        nonlocal page
        page = client.get(at).text
        assert "The import has stopped" not in page, page
        return "<progress" not in page and "Starting." not in page

    wait_until(is_done, "an import")
    return page


def upload_and_check(client: TestClient, files: Mapping[str, str | bytes]) -> str:
    at = kept(client, files)
    assert client.post(at, data={"do": "check"}).status_code == 303
    page = wait_until_done(client, at)
    assert "Checked" in page, page
    return at


def make_drafts(client: TestClient, at: str, **more: str) -> str:
    """Press the button that makes drafts; return the import's page after that."""
    client.post(at, data={**MAKE, **more})
    return wait_until_done(client, at)


def fates_by_row(client: TestClient, at: str) -> dict[str, str]:
    """Return the outcome of each row, by file and line."""
    table = report(client, at)
    return {f"{row['file']}:{row['line']}": row["fate"] for row in table}


def report(client: TestClient, at: str) -> list[dict[str, str]]:
    answer = client.get(f"{at}/report.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def page_text(page: str) -> str:
    """Return the text of a page without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def drafts_of(settings: Settings, at: str) -> dict[str, Draft]:
    """Return the drafts of an import, by the ids of their records."""
    with desk_session(settings) as db:
        id = int(at.rsplit("/", 1)[1])
        found = db.scalars(
            select(Draft)
            .join(ImportRow, ImportRow.draft == Draft.id)
            .where(ImportRow.import_id == id)
        )
        made = {draft.record: draft for draft in found}
        db.expunge_all()
        return made
