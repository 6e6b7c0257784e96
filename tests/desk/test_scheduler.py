"""Scheduled jobs: one run at a time, safe to repeat, and a failing job stops no other."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from app import scheduler
from app.cli.serve import running_jobs
from app.database.engines import advisory_lock, desk_engine
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.identity import sign_ins
from app.desk.identity.models import FailedAttempt, PasswordLink, Person, SignIn
from app.desk.intake import Lead, ReaderMessage, WatchedFeed
from app.desk.purges import purge, read_list
from app.main import create_app
from app.record.models import Edition
from app.scheduler import tick
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import a_small_world, make_event
from tests.support.desk_accounts import as_owner
from tests.support.desk_people import make_people
from tests.support.hostile_server import hostile_server
from tests.support.worlds import publish_new


def done(settings: Settings) -> list[str]:
    ticked = tick(settings)
    assert ticked is not None and ticked.failed == []
    return ticked.done


def test_expired_rows_are_deleted(database: Settings) -> None:
    amal = make_people(database, "Amal", "Basma")["Amal"]
    with desk_session(database) as db:
        people = db.scalars(select(Person).order_by(Person.id)).all()
        for person in people:
            sign_ins.make_link(db, person, None)
        db.add_all([SignIn(token_hash=str(n), person=amal, browser="A browser") for n in range(2)])
        db.add_all([FailedAttempt(key="a"), FailedAttempt(key="b")])
        db.add(
            ReaderMessage(
                key="k", kind="other", about="", words="x", reach="me@example.org", state="done"
            )
        )
        db.flush()
        db.execute(
            update(PasswordLink).where(PasswordLink.person == amal).values(expires_at=func.now())
        )
        db.execute(
            update(SignIn)
            .where(SignIn.token_hash == "0")
            .values(seen_at=text("now() - interval '4 days'"))
        )
        db.execute(update(ReaderMessage).values(since=text("now() - interval '31 days'")))
    as_owner(database, "UPDATE desk.attempt SET at = at - interval '1 hour' WHERE key = 'a'")
    assert done(database) == [
        "3 keys that had run out are gone.",
        "How to reach 1 person is forgotten.",
    ]
    with desk_session(database) as db:
        left = [
            db.scalar(select(func.count()).select_from(table))
            for table in (PasswordLink, SignIn, FailedAttempt)
        ]
    assert left == [1, 1, 1]
    assert done(database) == []


RSS = (
    '<rss version="2.0"><channel><title>News</title>'
    "<item><title>A</title><link>{}</link></item></channel></rss>"
)


def test_due_feeds_are_fetched_although_one_fails(
    database: Settings,
) -> None:
    amal = make_people(database, "Amal")["Amal"]
    with hostile_server() as server:
        settings = database.model_copy(update={"fetch_also_from": [server.here]})
        good = server.says("/good", RSS.format("https://a.example/1").encode(), "text/xml")
        with desk_session(database) as db:
            for url in (server.at("/missing"), good):
                db.add(WatchedFeed(url=url, url_normalised=url, title=url, added_by=amal))
        assert done(settings) == ["2 feeds were looked at.", "1 link is new."]
        assert done(settings) == [], "feeds that were just fetched must not be due again"
    with desk_session(database) as db:
        assert db.scalars(select(Lead.url)).all() == ["https://a.example/1"]
        assert db.scalars(select(WatchedFeed.problem).order_by(WatchedFeed.id)).all() == [
            "The site returned the error 404. Check the address, or try again later.",
            "",
        ]


def test_concurrent_run_does_nothing(database: Settings) -> None:
    engine = desk_engine(database)
    with advisory_lock(engine, scheduler.LOCK_NUMBER) as is_alone:
        assert is_alone
        assert tick(database) is None
    assert tick(database) is not None, "the scheduler must run once the lock is released"
    engine.dispose()


def test_failing_job_is_reported_and_others_run(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> list[str]:
        raise RuntimeError("SECRET words")

    duties: dict[str, Callable[..., list[str]]] = {"First": fail, "Second": lambda *_: ["Done."]}
    monkeypatch.setattr(scheduler, "JOBS", duties)
    ticked = tick(database)
    assert ticked is not None
    assert (ticked.done, ticked.failed) == (["Done."], ["First: RuntimeError"])


# The edition of the day ---------------------------------------------------------------------------


@pytest.fixture
def yesterday(database: Settings) -> Settings:
    """A record whose only edition is dated the day before."""
    publish_new(database, *a_small_world(), make_event())
    as_owner(database, "UPDATE record.edition SET at = at - interval '1 day'")
    return database


def editions(settings: Settings) -> list[int]:
    with desk_session(settings) as db:
        return list(db.scalars(select(Edition.no).order_by(Edition.no)))


def test_quiet_day_gets_one_edition_if_configured(yesterday: Settings) -> None:
    assert done(yesterday) == [] and editions(yesterday) == [1]
    daily = yesterday.model_copy(update={"daily_edition": True})
    with TestClient(create_app(daily)) as client:
        before = client.get("/status").text
        assert done(daily) == ["Edition 2 was published for today."]
        assert done(daily) == [] and editions(daily) == [1, 2]
        wait_until(
            lambda: client.get("/events").headers["x-sojourn-edition"] == "2", "the site to see it"
        )
        assert client.get("/events.json").json()["total"] == 1
        assert client.get("/status").text != before, (
            "the daily edition must change the status page, whose day is the edition's"
        )
        for address in ("/", "/changes", "/changes.atom", "/events/E1?edition=1", "/events/E1"):
            assert client.get(address).status_code == 200, address


# The thread of a site --------------------------------------------------------------------------


def test_thread_runs_after_an_error_until_the_site_stops(
    yesterday: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick_once, failures = scheduler.tick, iter([RuntimeError("unexpected")])

    def fail_first(settings: Settings) -> Any:
        if error := next(failures, None):
            raise error
        return tick_once(settings)

    monkeypatch.setattr(scheduler, "tick", fail_first)
    daily = yesterday.model_copy(update={"daily_edition": True})
    with running_jobs(daily, seconds_between=0.05):
        wait_until(lambda: editions(daily) == [1, 2], "the day's edition", seconds=20)
    wait_until(
        lambda: "tick" not in {thread.name for thread in threading.enumerate()}, "its thread to end"
    )


def test_tick_completes_the_purge_list(database: Settings, tmp_path: Path) -> None:
    """An id that is missing in the list would be restored with an old backup."""
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1), make_event(2)])
        publish_approved(db)
        purge(db, "E2", None)
    settings = database.model_copy(update={"purge_list": tmp_path / "purged.txt"})
    assert done(settings) == ["1 id was missing in the purge list."]
    assert read_list(tmp_path / "purged.txt") == ["E2"]
    assert done(settings) == []
