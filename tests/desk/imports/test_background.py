"""The work of an import: who dies at it leaves it to the next, what fails is told, and all of it can be taken back."""

import logging
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from app.database.engines import desk_engine
from app.desk.approved.draft_models import Draft, Saved, State
from app.desk.drafts import commands as drafts
from app.desk.imports import commands, making, working
from app.desk.imports.models import Import, ImportRow, Stage
from app.errors import NotNow
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.desk.cast import person, sign_in
from tests.desk.conftest import Visit
from tests.desk.importing import BUNDLE, MAKE, SOURCES, checked, done, drafts_of, fates, kept, told


def test_all_of_it_is_taken_back_at_once(
    desk_world: Settings, basma: TestClient, visit: Visit
) -> None:
    at = checked(basma, BUNDLE)
    early = basma.post(at, data={"do": "take-back"})
    assert "It has gone on meanwhile" in basma.get(early.headers["location"]).text
    assert "Make the drafts" in basma.get(at).text, "nothing is made that could be taken back"
    basma.post(at, data=MAKE)
    done(basma, at)
    with desk_session(desk_world) as db:
        draft = db.scalars(select(Draft).where(Draft.record == "E901")).one()
        amal = person(desk_world, "Amal")
        drafts.move(db, draft, amal, drafts.TAKE_BACK)
        drafts.next_revision(db, draft, amal, Saved.SAVED, sheet="another")
    other = visit("203.0.113.9")
    sign_in(other, "Amal")
    answer = basma.post(at, data={"do": "take-back"})
    assert "2 drafts are taken back." in basma.get(answer.headers["location"]).text
    made = drafts_of(desk_world, at)
    assert {draft.state for draft in made.values()} == {State.DELETED}
    with desk_session(desk_world) as db:
        for draft in made.values():
            newest = drafts.revision(db, draft, draft.number)
            assert (
                newest is not None
                and newest.saved == Saved.DELETED
                and newest.document == draft.document
            )
    assert other.post(f"/desk/drafts/{made['E901'].id}/bring-back").status_code == 303, (
        "nothing is lost"
    )
    assert basma.post(at, data={"do": "make"}).status_code == 303
    assert "It has gone on meanwhile" in basma.get(at).text


def test_pages_name_the_first_of_many_drafts(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of them would keep everybody from their desk."""
    for at in ("app.desk.home.my_drafts", "app.desk.review.queues"):
        monkeypatch.setattr(f"{at}.MOST_LISTED", 1)
    for made in ({"do": "make"}, MAKE):
        at = checked(basma, BUNDLE)
        basma.post(at, data=made)
        done(basma, at)
        home = told(basma.get("/desk").text)
        assert "My drafts 2" in home and "and 1 more" in home
        if made is MAKE:
            page = told(basma.get("/desk/review").text)
            assert "Waiting for review 2, oldest" in page and page.count("and 1 more") == 1
        basma.post(at, data={"do": "take-back"})


def test_who_dies_at_it_leaves_it_to_the_next(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ended between two parts: what it made is made once, and a tick goes on."""
    at = checked(basma, BUNDLE)
    id = int(at.rsplit("/", 1)[1])
    with desk_session(desk_world) as db:
        it = db.get_one(Import, id)
        commands.make(db, it, with_twins=False, hand_in=True, why="", reason="")
        assert working.missed(db) == []
    page = basma.get(at).text
    assert "It goes on by itself" in page and 'hx-trigger="every 2s"' in page
    with desk_session(desk_world) as db:
        db.execute(update(Import).values(beat=text("now() - interval '2 minutes'")))
        assert working.missed(db) == [id]
    page = basma.get(at).text
    assert "Nobody is at work on it any more" in page and "Go on" in page
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.working.making.make_some", lambda *_: 1 // 0)
        ticked = tick(desk_world)
    assert ticked is not None and "1 import went on." not in ticked.done, "it failed again"
    with desk_session(desk_world) as db:
        db.execute(update(Import).values(problem=""))
    ticked = tick(desk_world)
    assert ticked is not None and "1 import went on." in ticked.done
    assert len(drafts_of(desk_world, at)) == 2 and "Imported" in basma.get(at).text
    engine = desk_engine(desk_world)
    working.work(engine, id)
    engine.dispose()
    assert len(drafts_of(desk_world, at)) == 2


def test_what_ends_its_process_each_time_is_not_begun_for_ever(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left to say why: it is begun three times, then said so, and somebody must press a button."""

    class Killed(BaseException):
        """As where the system ends a process: nothing catches it."""

    def dies(*_: object) -> int:
        raise Killed

    at = kept(basma, BUNDLE)
    id, engine = int(at.rsplit("/", 1)[1]), desk_engine(desk_world)
    with desk_session(desk_world) as db:
        commands.check(db.get_one(Import, id))
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.imports.working.checking.check_some", dies)
        for _time in range(3):
            with pytest.raises(Killed):
                working.work(engine, id)
            with desk_session(desk_world) as db:
                db.execute(update(Import).values(beat=text("now() - interval '2 minutes'")))
                assert working.missed(db) == [id]
        assert not working.work(engine, id)
    engine.dispose()
    page = told(basma.get(at).text)
    assert (
        "It was begun 3 times" in page and "send them in smaller parts" in page and "Go on" in page
    )
    ticked = tick(desk_world)
    assert ticked is not None and (ticked.done, ticked.failed) == ([], [])
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).where(ImportRow.cells.is_not(None))) == 5
    basma.post(at, data={"do": "go-on"})
    assert "Looked at" in done(basma, at) and set(fates(basma, at).values()) == {"new"}


def test_what_gets_on_may_be_begun_more_often(
    desk_world: Settings, basma: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafts that are made stay made, so that it comes to its end."""
    at = checked(
        basma,
        {"sources.csv": SOURCES + SOURCES.splitlines()[1].replace("S901,first", "S902,") + "\n"},
    )
    id, engine = int(at.rsplit("/", 1)[1]), desk_engine(desk_world)
    with desk_session(desk_world) as db:
        it = db.get_one(Import, id)
        commands.make(db, it, with_twins=True, hand_in=True, why="", reason="")
        it.starts = 2
    monkeypatch.setattr("app.desk.imports.making.AT_ONCE", 1)
    assert working.work(engine, id)
    engine.dispose()
    with desk_session(desk_world) as db:
        it = db.get_one(Import, id)
        assert (it.stage, it.starts) == (Stage.MADE, 0)


def test_what_fails_is_told_and_can_go_on(
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
        patch.setattr("app.desk.imports.working.checking.check_some", fails)
        basma.post(at, data={"do": "check"})
        wait_until(lambda: "Nobody is at work" in basma.get(at).text, "it to fail")
    assert "RuntimeError" in basma.get(at).text and "SECRET" not in basma.get(at).text + caplog.text
    basma.post(at, data={"do": "go-on"})
    assert "Looked at" in done(basma, at)


def test_what_nobody_goes_on_with_is_given_up(desk_world: Settings, basma: TestClient) -> None:
    first, second = kept(basma, BUNDLE), kept(basma, BUNDLE)
    assert (
        "It is given up"
        in basma.get(basma.post(first, data={"do": "give-up"}).headers["location"]).text
    )
    with desk_session(desk_world) as db:
        assert commands.give_up_old(db) == 0
        db.execute(update(Import).values(since=text("now() - interval '15 days'")))
        assert commands.give_up_old(db) == 1
    with desk_session(desk_world) as db:
        assert db.scalar(select(func.count()).where(ImportRow.cells.is_not(None))) == 0
        assert {it.stage for it in db.scalars(select(Import))} == {Stage.GIVEN_UP}
    assert "Given up" in basma.get(second).text


def test_of_what_stopped_nothing_is_kept_without_end(
    desk_world: Settings, basma: TestClient
) -> None:
    """Somebody takes it back, or nobody goes on with it; what only waits for its process is not ended."""
    ended = {}
    for stage, problem in (
        (Stage.CHECKING, "OSError"),
        (Stage.MAKING, "OSError"),
        (Stage.MAKING, ""),
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
        assert commands.give_up_old(db) == 2
    with desk_session(desk_world) as db:
        found = {it.id: (it.stage, it.problem) for it in db.scalars(select(Import))}
        assert found == {
            first: (Stage.GIVEN_UP, ""),
            second: (Stage.MADE, ""),
            third: (Stage.MAKING, ""),
        }
        held = select(ImportRow.import_id).where(ImportRow.cells.is_not(None)).distinct()
        assert db.scalars(held).all() == [third]
        by = person(desk_world, "Basma")
        db.get_one(Import, third).beat = datetime.now(UTC)
        db.flush()
        with pytest.raises(NotNow):
            making.take_back(db, db.get_one(Import, third), by)
        db.get_one(Import, third).problem = "OSError"
        assert making.take_back(db, db.get_one(Import, third), by) == 0
        assert db.scalars(held).all() == []
