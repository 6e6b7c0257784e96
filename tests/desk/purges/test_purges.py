"""A purge leaves nothing: in tables, cached responses and logs, and after a restore."""

import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.cli import database as cli_database
from app.cli import record as cli_record
from app.database.backup import write_backup
from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.approved.models import DeskBase, Draft
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.drafts import commands as drafts
from app.desk.drafts import comments
from app.desk.drafts.commands import PostedDraft
from app.desk.intake import Capture, IntakeStep, Lead, ReaderMessage
from app.desk.purges import (
    FUNCTIONS_BY_TABLE,
    PurgeCause,
    purge,
    purge_again,
    purged_ids,
    read_list,
)
from app.desk.removals import merge, republish, withdraw
from app.documents import blank_row
from app.kinds import Citation, EventForm, public
from app.record.derivation.rows import public_fields
from app.record.models import Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.validation import PublishError
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.desk.conftest import Visit
from tests.make import (
    a_small_world,
    make_citation,
    make_estimate,
    make_event,
    make_source,
    make_step,
)
from tests.support.desk_people import person
from tests.support.environment import environment_of
from tests.support.worlds import publish_new, world_of

pytestmark = pytest.mark.usefixtures("one_person_desk")

SECRET = "Ravensworth"
HIDDEN = re.compile(rf"{SECRET}|{SECRET.encode().hex()}|리경희|(?<![\d.])1987(?!\d)", re.IGNORECASE)


def add_intake(db: DeskSession, draft: Draft, address: str) -> None:
    """Add a lead, a capture and a reader's message about the source."""
    by = draft.owner
    lead = Lead(
        url=address,
        url_normalised=address,
        title=SECRET,
        way="pasted",
        added_by=by,
        draft=draft.id,
        note=SECRET,
    )
    letter = ReaderMessage(
        key="key",
        kind="removal",
        about="/events/E1",
        words=f"{SECRET} is in danger.",
        reach="",
        note=SECRET,
    )
    db.add_all([lead, letter])
    db.flush()
    db.add_all(
        [
            IntakeStep(lead=lead.id, by=by, state="new", note=SECRET),
            IntakeStep(letter=letter.id, by=by, state="taken", note=SECRET),
            Capture(
                source="S7", url=address, address=address, at=datetime.now(UTC), by=by,
                media_type="text/html", sha256="0" * 64,
                size_bytes=len(SECRET), warc=SECRET.encode(),
            ),
        ]
    )  # fmt: skip


def plant_secrets(settings: Settings) -> None:
    """Add records, drafts, comments and reasons that contain the secrets to be purged."""
    secret = {
        "title": f"{SECRET} 리경희",
        "slug": f"{SECRET}-one".lower(),
        "note": f"{SECRET} note",
    }
    told = make_citation(
        1,
        7,
        paraphrase=f"{SECRET} said so.",
        note=SECRET,
        chain=[make_step("resident", SECRET, exact_words=SECRET)],
    )
    address = f"https://example.org/{SECRET}"
    publish_new(
        settings,
        make_source(7, title=f"{SECRET} on the bridge", url=address, author=SECRET, note=SECRET),
        make_source(8, derived_from=[{"source": "S7", "how": "relay"}]),
        make_event(1, summary=SECRET, exact_happened="2019-06-15", citations=[told], **secret),
        make_event(
            2,
            citations="S7 (paraphrase=Also said.)",
            links="E1 follows",
            stages="planned 2019-06",
        ),
        make_estimate(1, event="E1", point=1987, remark=SECRET),
    )
    with desk_session(settings) as db:
        chidi, basma = person(settings, "Chidi"), person(settings, "Basma")
        draft = drafts.begin_to_change(db, chidi, "E1")
        assert draft is not None
        typed = {**draft.document, "summary": f"{SECRET} again"}
        drafts.save(
            db,
            draft,
            PostedDraft(typed, draft.number, "page", "updated", f"{SECRET} reason"),
            chidi,
        )
        comments.comment(db, draft, basma, f"Is {SECRET} named?", place="summary")
        withdraw(db, ["M1"], basma, f"{SECRET} asked.")
        republish(db, "M1", basma, f"{SECRET} agreed.")
        other = drafts.begin(db, chidi, "another", "E")
        cited = [blank_row(Citation, source=address)]
        drafts.save(
            db, other, PostedDraft({**other.document, "citations": cited}, 0, "page"), chidi
        )
        new = drafts.begin(db, chidi, "never published", "S")
        add_intake(db, new, address)
        drafts.save(db, new, PostedDraft({**new.document, "title": SECRET}, 0, "page"), chidi)


desk_with_secrets = world_of("desk_with_secrets", plant_secrets)


def dump(settings: Settings, file: Path) -> str:
    """Return every cell of every table, as COPY writes them."""
    write_backup(settings, file)
    with zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def purge_all(settings: Settings) -> None:
    with desk_session(settings) as db:
        admin = person(settings, "Amal")
        new = db.scalars(select(Draft.record).where(Draft.key.endswith("never published"))).one()
        for id in ("E1", "S7", "M1", new):
            assert purge(db, id, admin, PurgeCause.SAFETY, "Asked for.") is not None


def test_purge_leaves_nothing_in_a_database_dump(
    desk_with_secrets: Settings, tmp_path: Path
) -> None:
    assert len(HIDDEN.findall(dump(desk_with_secrets, tmp_path / "before.zip"))) > 30
    purge_all(desk_with_secrets)
    assert HIDDEN.findall(dump(desk_with_secrets, tmp_path / "after.zip")) == []
    with desk_session(desk_with_secrets) as db:
        assert find_problems(db) == []
        assert purged_ids(db) == ["E1", "M1", "S7", "S9"]


def test_reference_to_purged_record_stays_readable(desk_with_secrets: Settings) -> None:
    purge_all(desk_with_secrets)
    with desk_session(desk_with_secrets) as db:
        forms = {id: db.get_one(models.Record, id).form for id in ("E2", "S8")}
        for id, form in forms.items():
            shown = db.scalars(
                select(Version).where(Version.id == id, Version.closed.is_(None))
            ).one()
            assert public_fields(public(form)) == shown.payload["form"]
        event = forms["E2"]
        assert isinstance(event, EventForm)
        assert [c.source for c in event.citations] == ["S7"] and [
            s.citation for s in event.stages
        ] == ["C1"]
        document = db.scalars(select(Draft.document).where(Draft.key.endswith("another"))).one()
        assert document["citations"][0]["source"] == "S7", (
            "a draft that cited the source by its address must refer to it by its id"
        )


def addresses() -> Iterator[str]:
    yield from (
        f"/events{ending}" for ending in ("", ".json", ".csv", ".atom", "?edition=1", "?q=asked")
    )
    yield from ("/events/E1", "/events/E1?edition=1", "/events/E1.json", "/events/E2")
    yield from (
        "/sources",
        "/sources/S7",
        "/sources.csv?edition=1",
        "/sources/S8",
        "/estimates.json?edition=1",
    )
    yield from (
        "/estimates/M1",
        "/changes",
        "/changes.csv",
        "/changes.atom",
        "/cities/place-1",
        "/outlets/outlet-1",
    )
    yield from ("/desk", "/desk/records/E1", "/desk/records/E2", "/desk/audit", "/desk/review", "/")


def test_purge_clears_caches_and_leaves_no_log(
    desk_with_secrets: Settings, visit: Visit, amal: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Workers cache responses and an index in memory, and drop both after a purge."""
    caplog.set_level(logging.DEBUG)
    reader = visit("203.0.113.50")
    seen = {address for address in addresses() if HIDDEN.search(_text(reader, amal, address))}
    assert {"/events", "/sources", "/events/E1", "/changes", "/desk/records/E1"} <= seen
    answer = amal.post(
        "/desk/records/E1/purge", data={"typed": "E1", "reason": "Asked for.", "cause": "request"}
    )
    assert answer.status_code == 303
    purge_all_but_first(desk_with_secrets)
    wait_until(lambda: not HIDDEN.search(reader.get("/sources").text), "the worker to hear of it")
    for address in addresses():
        assert not HIDDEN.search(_text(reader, amal, address)), address
    assert (
        reader.get("/events/E1").status_code
        == reader.get("/events/E1?edition=1").status_code
        == 410
    )
    assert reader.get(f"/events.json?q={SECRET}&edition=1").json()["total"] == 0
    assert reader.get(f"/events/{SECRET.lower()}-one").status_code == 404
    assert "Removed on request" in reader.get("/changes").text
    assert "No event or estimate cites it" in reader.get("/sources/S1?edition=1").text
    # The client of this test logs its own requests.
    assert not [
        record
        for record in caplog.records
        if record.name[:5] != "httpx" and HIDDEN.search(record.getMessage())
    ]


def purge_all_but_first(settings: Settings) -> None:
    with desk_session(settings) as db:
        for id in ("S7", "M1", "S9"):
            purge(db, id, None)


def _text(reader: TestClient, amal: TestClient, address: str) -> str:
    answer = (amal if address.startswith("/desk") else reader).get(address)
    return answer.text + str(answer.headers)


def test_restore_of_older_backup_purges_again(
    desk_with_secrets: Settings,
    empty_database: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment_of(desk_with_secrets).items():
        monkeypatch.setenv(name, value)
    older = tmp_path / "older.zip"
    cli_database.backup(older)
    assert not (tmp_path / "purged.txt").exists(), (
        "a backup before any purge must write no list of purged records"
    )
    monkeypatch.setenv("SOJOURN_PURGE_LIST", str(tmp_path / "list.txt"))
    cli_record.purge("E1", "Asked for.", yes=True)
    assert read_list(tmp_path / "list.txt") == ["E1"]
    purge_all_but_first(desk_with_secrets)
    cli_database.backup(tmp_path / "newer.zip")
    assert read_list(tmp_path / "purged.txt") == ["E1", "M1", "S7", "S9"]
    for name, value in environment_of(empty_database).items():
        monkeypatch.setenv(name, value)
    cli_database.restore(older, None)
    assert "Purged again: E1, M1, S7, S9." in capsys.readouterr().out
    assert HIDDEN.findall(dump(empty_database, tmp_path / "again.zip")) == []
    with desk_session(empty_database) as db:
        assert purge_again(db, ["E1", "E99"]) == []
        assert find_problems(db) == []


def test_only_admin_purges_after_typing_the_id(
    desk_with_secrets: Settings, amal: TestClient, basma: TestClient
) -> None:
    at = "/desk/records/E1/purge"
    assert "Remove it permanently" not in basma.get("/desk/records/E1").text
    assert at in amal.get("/desk/records/E1").text
    page = amal.get(at).text
    assert (
        "These records refer to it" in page
        and "/desk/records/E2" in page
        and "6 published versions" not in page
    )
    answer = amal.post(at, data={"typed": "E2", "reason": "Asked for."})
    assert (
        answer.status_code == 422
        and '<a href="#typed">Type the id, E1' in answer.text
        and "Asked for." in answer.text
    )
    answer = amal.post(at, data={"typed": "E1", "reason": " "})
    assert answer.status_code == 422 and '<a href="#reason">Enter a reason for the' in answer.text
    assert (
        amal.post(at, data={"typed": "E1", "reason": "Asked for."}).headers["location"] == "/desk"
    )
    assert "E1</a> was removed permanently, in edition" in amal.get("/desk").text
    assert "The record was removed permanently" in amal.get(at).text
    assert amal.get("/desk/records/E99/purge").status_code == 404
    log = amal.get("/desk/audit").text
    assert "Removed permanently" in log and "Asked for." in log


def test_merge_with_purged_record_cannot_be_undone(
    desk_with_secrets: Settings, amal: TestClient
) -> None:
    with desk_session(desk_with_secrets) as db:
        merge(db, person(desk_with_secrets, "Basma"), "S8", "S2", "One report.")
    assert "/desk/records/S8/purge" in amal.get("/desk/records/S2/purge").text
    with desk_session(desk_with_secrets) as db:
        purge(db, "S8", None)
    answer = amal.post("/desk/merges/1/undo", data={"reason": "They were two."})
    assert answer.status_code == 422 and "S8 is no longer merged into S2" in answer.text


def test_purge_of_unknown_id_fails_and_repetition_does_nothing(desk_with_secrets: Settings) -> None:
    with desk_session(desk_with_secrets) as db:
        with pytest.raises(PublishError, match="there is no record E99"):
            purge(db, "E99", None)
        purge(db, "E1", None)
        assert purge(db, "E1", None) is None
        with pytest.raises(PublishError, match="E1 was removed for good"):
            save_all(db, [make_event(1)])
            publish_approved(db)


def test_published_record_is_not_deleted_from_the_desk(database: Settings) -> None:
    publish_new(database, *a_small_world(), make_event(1))
    forget = "SELECT desk.forget('E1', '{}')"
    for statement in (forget, "DELETE FROM desk.revision", "UPDATE desk.audit SET words = NULL"):
        refused = r"readers still see it|permission denied"
        with (
            desk_session(database) as db,
            pytest.raises(DBAPIError, match=refused),
            db.begin_nested(),
        ):
            db.execute(text(statement))
    with reader_session(database) as reader, pytest.raises(DBAPIError, match="permission denied"):
        reader.execute(text(forget))


OF_FUNCTION = """
    record reference known draft revision comment merging audit lead step letter capture
"""
"""Tables from which `desk.forget` deletes."""
IDS_AND_PEOPLE = """
    number purge person sign_in link attempt passkey challenge feed letter_count letter_salt
    opened_record device notice alembic_version
"""


def test_every_desk_table_is_listed_for_purges() -> None:
    known = {*OF_FUNCTION.split(), *IDS_AND_PEOPLE.split(), *FUNCTIONS_BY_TABLE}
    assert {table.name for table in DeskBase.metadata.tables.values()} - known == set()
