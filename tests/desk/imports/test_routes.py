"""Pages of imports: from the upload to drafts and published records."""

import re
from html import unescape

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.desk.approved import public_ids
from app.desk.approved.draft_models import Draft, DraftState, Revision, RevisionCause
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import all_forms, save_all
from app.desk.csv.reader import import_folder
from app.desk.imports.models import Import, ImportRow
from app.documents import validate
from app.kinds import FORMS, CodeForm
from app.settings import Settings
from app.worker_pool import DESK, POOL
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.database_server import SMALL_RECORD
from tests.support.desk_people import make_people, sign_in
from tests.support.imports import (
    BUNDLE,
    drafts_of,
    fates_by_row,
    kept,
    make_drafts,
    page_text,
    report,
    send,
    upload_and_check,
    wait_until_done,
    zip_of,
)

# From upload to publication -----------------------------------------------------------------------


def test_import_becomes_drafts_that_are_published(
    desk_world: Settings, basma: TestClient, visit: Visit
) -> None:
    with desk_session(desk_world) as db:
        publish_approved(db, "The first")
    at = kept(basma, {"bundle.zip": zip_of(BUNDLE)})
    page = basma.get(at).text
    assert "events.csv" in page and "Nothing is saved yet" in page
    basma.post(at, data={"do": "check"})
    page = wait_until_done(basma, at)
    assert "2 records are new or changed" in page
    assert set(fates_by_row(basma, at).values()) == {"new"}
    with desk_session(desk_world) as db:
        assert db.scalars(select(Draft)).all() == [], "checking an import must make no drafts"
        last = public_ids.lock_last_number(db, "E")
        db.rollback()
    page = make_drafts(basma, at)
    assert "Imported" in page and "Delete 2 drafts" in page
    made = drafts_of(desk_world, at)
    assert {draft.state for draft in made.values()} == {DraftState.IN_REVIEW} and last == 1
    event = made["E901"]
    assert (
        event.document["citations"][0]["source"] == "S901"
        and event.document["citations"][0]["id"] == "C901"
    )
    with desk_session(desk_world) as db:
        revisions = db.scalars(
            select(Revision).where(Revision.draft == event.id).order_by(Revision.number)
        ).all()
        assert [each.saved for each in revisions] == [
            RevisionCause.BEGUN,
            RevisionCause.IMPORTED,
            RevisionCause.SUBMITTED,
        ]
        assert db.scalar(select(func.count()).where(ImportRow.cells.is_not(None))) == 0, (
            "a finished import must keep no cells of its rows"
        )
    assert "Imported" in basma.get(f"/desk/drafts/{event.id}/history").text

    amal = visit("203.0.113.9")
    sign_in(amal, "Amal")
    for record in ("S901", "E901"):
        id = made[record].id
        seen = re.search(r'name="number" value="(\d+)"', amal.get(f"/desk/review/{id}").text)
        assert seen
        answer = amal.post(f"/desk/review/{id}", data={"number": seen[1], "do": "approve"})
        assert answer.status_code == 303, page_text(answer.text)
    ready = dict(re.findall(r'name="(take\.\d+)" value="(yes)"', amal.get("/desk/review").text))
    amal.post("/desk/review", data={**ready, "message": "From a bundle."})
    assert "Workers are told to leave" in amal.get("/events/E901").text
    page = basma.get(at).text
    assert "The whole import can’t be undone" in page and 'href="/desk/records/E901"' in page
    answer = basma.post(at, data={"do": "take-back"})
    assert answer.status_code == 422 and "E901 is published" in answer.text
    lines = {(row["file"], row["line"]): row for row in report(basma, at)}
    assert (
        lines["events.csv", "2"]["state"] == "Published"
        and lines["events.csv", "2"]["record"] == "E901"
    )
    assert lines["citations.csv", "2"]["record"] == "C901"
    again = upload_and_check(basma, {"again.zip": zip_of(BUNDLE)})
    assert set(fates_by_row(basma, again).values()) == {"same"}, (
        "every row of a repeated import must be recognised as the same by its id"
    )


def test_imported_folder_equals_that_of_the_command_line(database: Settings, visit: Visit) -> None:
    """Codes exist before, because only admins add them."""
    make_people(database, "Basma")
    with desk_session(database) as db:
        attempt = db.begin_nested()
        assert not import_folder(db, SMALL_RECORD).errors
        wanted = {form.id: form for form in all_forms(db)}
        attempt.rollback()
        db.expire_all()
        save_all(db, [form for form in wanted.values() if isinstance(form, CodeForm)])
    basma = visit()
    sign_in(basma, "Basma")
    files: dict[str, str | bytes] = {
        f"folder/{path.name}": path.read_bytes() for path in sorted(SMALL_RECORD.iterdir())
    }
    files |= {"folder/README.md": "x", "folder/statements.csv": "id,text\nT1,x\n"}
    at = upload_and_check(basma, {"folder.zip": zip_of(files)})
    assert "README.md" in basma.get(at).text
    found = fates_by_row(basma, at)
    assert {fate for row, fate in found.items() if row.startswith("vocabulary")} == {"same"}
    assert {fate for row, fate in found.items() if row.startswith("statements")} == {"left-out"}
    assert "error" not in found.values(), {
        row["reason"] for row in report(basma, at) if row["fate"] == "error"
    }
    make_drafts(basma, at, with_twins="yes")
    made = drafts_of(database, at)
    assert set(made) == {id for id, form in wanted.items() if not isinstance(form, CodeForm)}
    for id, draft in made.items():
        understood = validate(FORMS[id[0]], draft.document)
        assert understood.form == wanted[id], (id, understood.errors)


# Upload -------------------------------------------------------------------------------------------


def test_unreadable_upload_stores_nothing(desk_world: Settings, basma: TestClient) -> None:
    for files, words in (
        ({"a.csv": "id,title\n\xff".encode("latin-1")}, "is not UTF-8"),
        ({"good.csv": "id\nE1\n", "bad.csv": 'id\n"x"y\n'}, "bad.csv is not valid CSV at line 2"),
        ({"a.csv": "id,title\n"}, "The files contain no rows"),
        ({"a.zip": zip_of({"README.md": "x"})}, "The files contain no rows"),
        ({"": ""}, "Choose a file"),
        (
            {f"{number}.csv": "id\nE1\n" for number in range(41)},
            "There are more than 40 files. Upload them in parts.",
        ),
    ):
        answer = send(basma, files)
        assert answer.status_code == 422 and words in unescape(answer.text), (
            words,
            page_text(answer.text),
        )
    assert basma.post("/desk/imports", data={"files": "x"}).status_code == 422
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).select_from(Import)) == 0
        assert db.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_upload_over_limits_is_refused(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, held = POOL.admitted[DESK], 0
    try:
        while places.acquire(blocking=False):
            held += 1
        answer = send(basma, BUNDLE)
    finally:
        places.release(held)
    assert answer.status_code == 422 and "The server is busy reading other files" in answer.text
    assert kept(basma, BUNDLE)
    monkeypatch.setattr("app.desk.imports.commands.MAX_ROWS", 3)
    answer = send(basma, {"a.csv": "id\n" + "E1\n" * 4})
    assert answer.status_code == 422 and "more than 3 rows" in answer.text
    monkeypatch.setattr("app.web.uploads.MAX_UPLOAD_BYTES", 1_000)
    answer = send(basma, {"a.csv": "id\n" + "E1\n" * 500})
    assert answer.status_code == 422 and "Upload them in parts" in answer.text
    assert send(basma, {"a.csv": "id\n" + "E1\n" * 5_000}).status_code == 413


def test_editor_assigns_fields_to_unknown_columns(desk_world: Settings, basma: TestClient) -> None:
    """Titles are in another language; one is repeated and one ignored."""
    listed = (
        "Zeitung,Titel,Titel,Wie,Art,Datum,Datum sicher\n"
        "outlet-1,Ein Bericht,x,printed,news,2020,stated\n"
    )
    at = kept(basma, {"liste.csv": listed})
    page = basma.get(at).text
    assert "Leave it out" in page and "Ein Bericht" not in page, (
        "the page of a table with unknown columns must show no example values"
    )
    answer = basma.post(at, data={"do": "check"})
    assert answer.status_code == 422 and "no table of records" in answer.text
    answer = basma.post(at, data={"do": "check", "table.1": "sources.csv"})
    assert "Check its columns" in basma.get(answer.headers["location"]).text
    page = basma.get(at).text
    assert (
        "Ein Bericht" in page
        and "New records also need these columns: Outlet, Title" in page_text(page)
    )
    assert "Note (desk only)" in page
    names = ["outlet", "title", "title", "title_basis", "kind", "published", "published_basis"]
    chosen = {f"column.1.{at}": name for at, name in enumerate(names)}
    answer = basma.post(at, data={"do": "check", **chosen})
    assert (
        answer.status_code == 422
        and "two columns contain “Title”: choose another content for one of them" in answer.text
    )
    assert re.search(r'<option value="published_basis" selected', answer.text), (
        "the error page must keep the columns that were chosen"
    )
    basma.post(at, data={"do": "check", **chosen, "column.1.2": "note"})
    wait_until_done(basma, at)
    assert set(fates_by_row(basma, at).values()) == {"new"}
    basma.post(at, data={"do": "make"})
    wait_until_done(basma, at)
    (draft,) = drafts_of(desk_world, at).values()
    assert (draft.state, draft.document["title"], draft.document["note"]) == (
        DraftState.DRAFT,
        "Ein Bericht",
        "x",
    )
