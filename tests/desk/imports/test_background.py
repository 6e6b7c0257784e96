"""Background work of imports: crashes, errors, resuming, undo and expiry."""

import logging
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from app.database.engines import desk_engine
from app.desk.approved.draft_models import Draft, DraftState, RevisionCause
from app.desk.drafts import commands as drafts
from app.desk.imports import background, commands, draft_batches
from app.desk.imports.models import Import, ImportRow, ImportStage
from app.errors import InvalidStateError
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.desk.conftest import Visit
from tests.support.desk_people import person, sign_in
from tests.support.imports import (
    BUNDLE,
    drafts_of,
    fates_by_row,
    kept,
    make_drafts,
    page_text,
    upload_and_check,
    wait_until_done,
)


def test_undo_deletes_all_drafts_of_import(
    desk_world: Settings, basma: TestClient, visit: Visit
) -> None:
    at = upload_and_check(basma, BUNDLE)
    early = basma.post(at, data={"do": "take-back"})
    assert (
        "The import has changed since you opened this page"
        in basma.get(early.headers["location"]).text
    )
    assert "Create the drafts" in basma.get(at).text, (
        "an import without drafts must still offer to make them"
    )
    make_drafts(basma, at)
    with desk_session(desk_world) as db:
        draft = db.scalars(select(Draft).where(Draft.record == "E901")).one()
        amal = person(desk_world, "Amal")
        drafts.move(db, draft, amal, drafts.TAKE_BACK)
        drafts.next_revision(db, draft, amal, RevisionCause.SAVED, sheet="another")
    other = visit("203.0.113.9")
    sign_in(other, "Amal")
    answer = basma.post(at, data={"do": "take-back"})
    assert "2 drafts were deleted." in basma.get(answer.headers["location"]).text
    made = drafts_of(desk_world, at)
    assert {draft.state for draft in made.values()} == {DraftState.DELETED}
    with desk_session(desk_world) as db:
        for draft in made.values():
            newest = drafts.revision(db, draft, draft.number)
            assert (
                newest is not None
                and newest.saved == RevisionCause.DELETED
                and newest.document == draft.document
            )
    assert other.post(f"/desk/drafts/{made['E901'].id}/bring-back").status_code == 303, (
        "a draft deleted by undoing an import must be restorable"
    )
    assert basma.post(at, data={"do": "make"}).status_code == 303
    assert "The import has changed since you opened this page" in basma.get(at).text


def test_crashed_import_is_resumed_by_scheduler(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process ends between two batches: the scheduler resumes, and no draft is made twice."""
    at = upload_and_check(basma, BUNDLE)
    id = int(at.rsplit("/", 1)[1])
    with desk_session(desk_world) as db:
        job = db.get_one(Import, id)
        commands.start_drafts(db, job, with_twins=False, hand_in=True, why="", reason="")
        assert background.find_stopped(db) == []
    page = basma.get(at).text
    assert "The import continues in the background" in page and 'hx-trigger="every 2s"' in page
    with desk_session(desk_world) as db:
        db.execute(update(Import).values(beat=text("now() - interval '2 minutes'")))
        assert background.find_stopped(db) == [id]
    page = basma.get(at).text
    assert "The import has stopped" in page and "Continue" in page
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.background.draft_batches.make_batch", lambda *_: 1 // 0)
        ticked = tick(desk_world)
    assert ticked is not None and "1 import went on." not in ticked.done, (
        "the scheduler must not report a failed import as resumed"
    )
    with desk_session(desk_world) as db:
        db.execute(update(Import).values(problem=""))
    ticked = tick(desk_world)
    assert ticked is not None and "1 import went on." in ticked.done
    assert len(drafts_of(desk_world, at)) == 2 and "Imported" in basma.get(at).text
    engine = desk_engine(desk_world)
    background.run_import(engine, id)
    engine.dispose()
    assert len(drafts_of(desk_world, at)) == 2


def test_import_that_crashes_repeatedly_stops(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three attempts the import waits for an editor."""

    class Killed(BaseException):
        """An exception that nothing catches, as if the system killed the process."""

    def dies(*_: object) -> int:
        raise Killed

    at = kept(basma, BUNDLE)
    id, engine = int(at.rsplit("/", 1)[1]), desk_engine(desk_world)
    with desk_session(desk_world) as db:
        commands.start_check(db.get_one(Import, id))
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.background.row_check.check_batch", dies)
        for _time in range(3):
            with pytest.raises(Killed):
                background.run_import(engine, id)
            with desk_session(desk_world) as db:
                db.execute(update(Import).values(beat=text("now() - interval '2 minutes'")))
                assert background.find_stopped(db) == [id]
        assert not background.run_import(engine, id)
    engine.dispose()
    page = page_text(basma.get(at).text)
    assert (
        "The import was started 3 times" in page
        and "Upload them in smaller parts" in page
        and "Continue" in page
    )
    ticked = tick(desk_world)
    assert ticked is not None and (ticked.done, ticked.failed) == ([], [])
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).where(ImportRow.cells.is_not(None))) == 5
    basma.post(at, data={"do": "go-on"})
    assert "Checked" in wait_until_done(basma, at) and set(fates_by_row(basma, at).values()) == {
        "new"
    }


def test_failed_import_shows_error_and_can_resume(
    desk_world: Settings,
    basma: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("SECRET words of somebody")

    caplog.set_level(logging.DEBUG)
    at = kept(basma, BUNDLE)
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.background.row_check.check_batch", fails)
        basma.post(at, data={"do": "check"})
        wait_until(lambda: "The import has stopped" in basma.get(at).text, "it to fail")
    assert "RuntimeError" in basma.get(at).text and "SECRET" not in basma.get(at).text + caplog.text
    basma.post(at, data={"do": "go-on"})
    assert "Checked" in wait_until_done(basma, at)


def test_stopped_import_expires_or_is_undone(desk_world: Settings, basma: TestClient) -> None:
    """Imports stopped by an error expire; an import that waits for its process does not."""
    ended = {}
    for stage, problem in (
        (ImportStage.CHECKING, "OSError"),
        (ImportStage.MAKING, "OSError"),
        (ImportStage.MAKING, ""),
    ):
        id = int(kept(basma, BUNDLE).rsplit("/", 1)[1])
        ended[id] = (stage, problem)
        with desk_session(desk_world) as db:
            values = {
                "stage": stage,
                "problem": problem,
                "since": text("now() - interval '15 days'"),
            }
            db.execute(update(Import).where(Import.id == id).values(values))
    first, second, third = ended
    with desk_session(desk_world) as db:
        assert commands.abandon_idle(db) == 2
    with desk_session(desk_world) as db:
        found = {job.id: (job.stage, job.problem) for job in db.scalars(select(Import))}
        assert found == {
            first: (ImportStage.GIVEN_UP, ""),
            second: (ImportStage.MADE, ""),
            third: (ImportStage.MAKING, ""),
        }
        held = select(ImportRow.import_id).where(ImportRow.cells.is_not(None)).distinct()
        assert db.scalars(held).all() == [third]
        by = person(desk_world, "Basma")
        db.get_one(Import, third).beat = datetime.now(UTC)
        db.flush()
        with pytest.raises(InvalidStateError):
            draft_batches.undo_import(db, db.get_one(Import, third), by)
        db.get_one(Import, third).problem = "OSError"
        assert draft_batches.undo_import(db, db.get_one(Import, third), by) == 0
        assert db.scalars(held).all() == []
