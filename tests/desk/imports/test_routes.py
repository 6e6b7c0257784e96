"""A table becomes drafts by report; refused rows come back with the reason."""

import csv
import io
from base64 import b64decode
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.desk.approved.models import Draft, DraftState
from app.desk.imports.rows import KINDS, columns_of
from app.settings import Settings
from app.worker_pool import DESK, POOL
from tests.conftest import desk_session
from tests.support.html import first_match, words

EVENT = {
    "title": "Workers are told to leave",
    "summary": "Reported in January.",
    "type": "stay-limit",
    "happened": "2020-01-02",
    "places": "place-1",
    "no_nationality": "not-stated",
    "roles": "paper:target:student",
    "steps": "announced:2020-01-02",
    "source_url": "https://example.org/first",
    "source_outlet": "outlet-1",
    "source_title": "A first report",
    "source_title_is": "printed",
    "source_language": "en",
    "source_published": "2020-01-02",
    "source_published_is": "stated",
    "copy_extent": "full",
    "citation_paraphrase": "They were told so.",
    "speaker_attribution": "resident",
    "speaker_words": "a resident",
}
ESTIMATE = {
    **{name: EVENT[name] for name in EVENT if name.startswith(("source_", "citation_"))},
    "counts": "present",
    "point": "1,200",
    "quantifier": "about",
    "population": "workers",
    "as_of": "2019",
    "places": "Place-1",
}
Row = dict[str, str]


def table_of(*rows: Row) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def send(client: TestClient, content: bytes, name: str = "events.csv") -> Any:
    return client.post("/desk/imports", files=[("file", (name, content))])


def refused(page: str) -> list[Row]:
    found = first_match(r'href="data:text/csv;base64,([^"]*)"', page)
    return list(csv.DictReader(io.StringIO(b64decode(unescape(found)).decode("utf-8-sig"))))


def drafts_of(settings: Settings) -> list[Draft]:
    with desk_session(settings) as db:
        found = list(db.scalars(select(Draft).order_by(Draft.id)))
        db.expunge_all()
        return found


def test_rows_become_drafts_by_report(desk_world: Settings, basma: TestClient) -> None:
    """Two rows of one new report, and one of a source on record, named by its id."""
    more = {**EVENT, "title": "A second event"}
    known = {
        name: text for name, text in EVENT.items() if not name.startswith(("source_", "copy_"))
    }
    page = send(basma, table_of(EVENT, more, {**known, "source": "S1"})).text
    source, first, second, third = drafts_of(desk_world)
    assert {draft.state for draft in (source, first, second, third)} == {DraftState.DRAFT}
    assert [draft.article for draft in (source, first, second, third)] == [
        None, source.record, source.record, "S1",
    ]  # fmt: skip
    for id in (source.record, "S1"):
        assert f'href="/desk/sources/{id}"' in page
    assert "3 drafts" in words(page) and "Refused rows" not in page
    citation, stage = first.document["citations"][0], first.document["stages"][0]
    assert (citation["source"], citation["id"]) == (source.record, stage["citation"])
    assert first.document["terms"][1]["code"] == "student"
    assert source.document["copies"][0]["url"] == EVENT["source_url"]
    assert basma.get(f"/desk/sources/{source.record}").status_code == 200
    for draft in (source, first):
        submitted = basma.get(f"/desk/drafts/{draft.id}").text
        assert "All required fields are filled in." in submitted
    page = send(basma, table_of(ESTIMATE)).text
    assert "1 draft" in words(page), refused(page)
    estimate = drafts_of(desk_world)[-1]
    assert (estimate.kind, estimate.article) == ("M", source.record)


def test_refused_rows_come_back_with_the_reason(desk_world: Settings, basma: TestClient) -> None:
    wrong = {**EVENT, "title": "=1+1", "type": "unknown-type", "places": "Nowhere"}
    no_source = {**EVENT, "title": "Another", "source": "S77"}
    table = table_of(EVENT, wrong, {**EVENT, "roles": "paper"}, no_source)
    page = send(basma, table).text
    assert len(drafts_of(desk_world)) == 2
    rows = refused(page)
    assert [row["title"] for row in rows] == ["'=1+1", EVENT["title"], "Another"]
    for row, expected in zip(
        rows,
        (
            ("Place 1: No record", "Type: There is no code “unknown-type”"),
            ("key:role:code",),
            ("No source",),
        ),
        strict=True,
    ):
        assert all(each in row["problem"] for each in expected), row["problem"]
    answer = send(
        basma,
        table_of(
            *(
                {**row, "type": "stay-limit", "places": "place-1", "roles": "", "source": ""}
                for row in rows
            )
        ),
    )
    assert "3 drafts" in words(answer.text)
    assert drafts_of(desk_world)[2].document["title"] == "=1+1"


def test_row_sent_twice_becomes_one_draft(desk_world: Settings, basma: TestClient) -> None:
    for count in (2, 2):
        page = send(basma, table_of(EVENT)).text
        assert len(drafts_of(desk_world)) == count
    assert "imported before, as E2" in page


def test_templates_have_the_columns_of_the_forms(desk_world: Settings, basma: TestClient) -> None:
    for name, kind in KINDS.items():
        answer = basma.get(f"/desk/imports/{name}.csv")
        header = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert header == columns_of(kind) and len({*header}) == len(header)
        assert not {"note", "citation_note", "exact_place", "exact_as_of"} & {*header}
    assert basma.get("/desk/imports/places.csv").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"slug,title\n\xff", "not UTF-8"),
        (b"title,Titel\nx,y\n", "There is no column “Titel”"),
        (b"title,note\nx,y\n", "There is no column “note”"),
        (b"title,title\nx,y\n", "Two columns have the same name"),
    ],
)
def test_unreadable_table_makes_no_draft(
    desk_world: Settings, basma: TestClient, content: bytes, words: str
) -> None:
    answer = send(basma, content)
    assert answer.status_code == 422 and words in unescape(answer.text)
    assert drafts_of(desk_world) == []


def test_upload_over_limits_is_refused(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with patch.dict(POOL.admitted, {DESK: DESK.processes + DESK.waiting}):
        answer = send(basma, table_of(EVENT))
    assert answer.status_code == 422 and "The server is busy reading other files" in answer.text
    assert basma.post("/desk/imports", data={"file": "x"}).status_code == 422
    monkeypatch.setattr("app.web.forms.MAX_UPLOAD_BYTES", 1_000)
    answer = send(basma, b"title\n" + b"E1\n" * 500)
    assert answer.status_code == 422 and "Upload it in parts" in answer.text
    assert send(basma, b"title\n" + b"E1\n" * 5_000).status_code == 413
