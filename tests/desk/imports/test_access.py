"""Who may see and use imports, what stays private, and what a purge deletes."""

import csv
import io
import logging

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.desk.approved.publish import publish_approved
from app.desk.imports.models import Import, ImportRow, ImportStage
from app.desk.purges.commands import purge
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_people import person, sign_in
from tests.support.imports import (
    BUNDLE,
    SOURCES,
    drafts_of,
    kept,
    make_drafts,
    report,
    send,
    upload_and_check,
    wait_until_done,
    zip_of,
)

# Access -------------------------------------------------------------------------------------------


def test_editors_only_continue_their_own_imports(
    desk_world: Settings, basma: TestClient, chidi: TestClient, visit: Visit
) -> None:
    at = kept(basma, BUNDLE)
    for address in ("/desk/imports", at, f"{at}/report.csv"):
        assert chidi.get(address).status_code == 403
    assert (
        send(chidi, BUNDLE).status_code == chidi.post(at, data={"do": "check"}).status_code == 403
    )
    amal = visit("203.0.113.9")
    sign_in(amal, "Amal")
    assert amal.get(at).status_code == 200
    assert amal.post(at, data={"do": "check"}).status_code == 403, (
        "only the uploader may continue an import"
    )
    assert basma.post(at, data={"do": "nonsense"}).status_code == 422
    assert amal.post(at, data={"do": "give-up"}).status_code == 303
    for address in ("/desk/imports/99", "/desk/imports/99999999999", "/desk/imports/99/report.csv"):
        assert basma.get(address).status_code == 404
    assert basma.get(f"{at}?fate=nothing&after=x&rows=some").status_code == 200


def test_formula_in_report_is_escaped(desk_world: Settings, basma: TestClient) -> None:
    at = upload_and_check(basma, {"sources.csv": "id,title\n=1+1,x\n"})
    row = next(
        csv.DictReader(io.StringIO(basma.get(f"{at}/report.csv").content.decode("utf-8-sig")))
    )
    assert row["name"] == "'=1+1"


# Privacy ------------------------------------------------------------------------------------------


def test_import_secrets_are_hidden_from_readers(
    desk_world: Settings,
    basma: TestClient,
    chidi: TestClient,
    visit: Visit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Secrets are in cells, file names, column titles and ids, also of rows with errors."""
    from tests.support.routes import every_address

    caplog.set_level(logging.DEBUG)
    with desk_session(desk_world) as db:
        publish_approved(db, "The first")
    secret = {
        "SECRET.zip": zip_of(
            BUNDLE
            | {
                "SECRET.txt": "x",
                "SECRET.csv": "SECRET column\nSECRET cell\n",
                "events.csv": "id,title,summary,type,happened,note,exact_happened,SECRET\n"
                "E901,SECRET title,SECRET summary,stay-limit,2020-01,"
                "SECRET note,2020-01-02,SECRET\n"
                "SECRET id,SECRET title,x,stay-limit,2020,x,,x\n",
                "citations.csv": "record,id,source,stance,kind,paraphrase,note\n"
                "E901,C901,S901,supports,occurrence,SECRET said,SECRET\n"
                "SECRET,C902,S1,supports,occurrence,x,x\n",
                "chains.csv": "citation,attribution,words,exact_words\n"
                "C901,resident,SECRET words,SECRET exactly\n",
            }
        )
    }
    at = kept(basma, secret)
    addresses = every_address(
        {"id": at.rsplit("/", 1)[1], "token": "token", "code": "outlet-1", "record": "E1"}
    )
    reader = visit("192.0.2.2")

    def look() -> None:
        for client in (reader, chidi):
            for name, address in addresses.items():
                if name in {"sign-out", "end-sign-in", "end-other-sign-ins"}:
                    continue
                for answer in (
                    client.get(address),
                    client.post(address, data={"do": "check", "kind": "E"}),
                ):
                    assert "SECRET" not in answer.text + str(answer.headers), name
            for address in ("/", "/events", "/events.json", "/changes", "/events/E901"):
                assert "SECRET" not in client.get(address).text

    shown = {name for name, address in addresses.items() if "SECRET" in basma.get(address).text}
    assert shown == {"imports", "import", "import-review"}, (
        "the uploader must see the secrets on exactly these pages"
    )
    basma.post(at, data={"do": "check"})
    assert "SECRET" in wait_until_done(basma, at) and "SECRET" in str(report(basma, at))
    look()
    make_drafts(basma, at)
    document = drafts_of(desk_world, at)["E901"].document
    assert document["note"] == "SECRET note" and document["citations"][0]["chain"][0]["exact_words"]
    look()
    with desk_session(desk_world) as db:
        for table in ("record.version", "desk.audit"):
            assert "SECRET" not in "".join(map(str, db.execute(text(f"SELECT * FROM {table}")))), (
                table
            )
    ours = "".join(
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith(("http", "asyncio"))
    )
    assert "SECRET" not in ours


def test_purge_deletes_names_from_imports(desk_world: Settings, basma: TestClient) -> None:
    made = upload_and_check(basma, BUNDLE)
    make_drafts(basma, made)
    named = {
        name: content.replace("A first report", "Ravensworth") for name, content in BUNDLE.items()
    }
    waits = upload_and_check(
        basma, {f"{name[:-4]}-first.csv": content for name, content in named.items()}
    )
    assert "The draft S901 already has this short name" in str(report(basma, waits))
    other = kept(
        basma,
        {"sources.csv": SOURCES.replace("S901,first", "S77,other").replace("/first", "/other")},
    )
    with desk_session(desk_world) as db:
        assert purge(db, "S901", person(desk_world, "Amal"), reason="Asked for.") is not None
    with desk_session(desk_world) as db:
        rows = db.scalars(select(ImportRow)).all()
        assert "Ravensworth" not in str([row.cells for row in rows])
        assert {it.stage for it in db.scalars(select(Import))} == {
            ImportStage.MADE,
            ImportStage.GIVEN_UP,
            ImportStage.COLUMNS,
        }
        of_it = [row for row in rows if row.record == "S901"]
        assert [(row.name, row.words, row.draft) for row in of_it] == [("", "", None)]
        assert [row.cells for row in rows if row.import_id == int(other.rsplit("/", 1)[1])] != [
            None
        ]
    for address in (made, waits, other):
        assert basma.get(address).status_code == 200
