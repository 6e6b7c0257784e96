"""publish(): editions, their rows, concurrency and failures."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.record.models import Edition, EditionCounter
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import publish
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import MOST_SECONDS, desk_session
from tests.make import (
    a_small_world,
    make_estimate,
    make_event,
    publish_all,
)
from tests.support.published_rows import row, rows, written_in


def test_first_edition_adds_all_approved_forms(world: Session) -> None:
    edition = publish_all(world, make_event(), make_estimate())
    assert edition is not None
    assert edition.no == 2
    assert written_in(world, edition) == "added E1 M1, reindexed S1"
    assert (row(world, "E1").added, row(world, "E1").changed) == (2, 2)


def test_publishing_twice_makes_no_second_edition(world: Session) -> None:
    forms: list[RecordForm] = [*a_small_world(), make_event(), make_estimate()]
    publish_all(world, *forms)
    assert publish_all(world, *forms) is None
    assert publish_all(world, *forms, why=Why.CORRECTED, reason="again") is None
    assert publish(world, ()) is None
    assert world.scalars(select(Edition.no)).all() == [1, 2]


def test_changed_row_is_closed_and_opened_in_one_edition(world: Session) -> None:
    publish_all(world, make_event())
    publish_all(
        world, make_event(title="Another title"), why=Why.CORRECTED, reason="The title was wrong."
    )
    old, new = rows(world, "E1")
    assert (old.opened, old.closed, old.payload["form"]["title"]) == (2, 3, "Event 1")
    assert (new.opened, new.closed, new.payload["form"]["title"]) == (3, None, "Another title")
    assert (new.why, new.reason, new.added, new.changed) == (
        "corrected",
        "The title was wrong.",
        2,
        3,
    )


def test_clarified_row_keeps_its_changed_edition(world: Session) -> None:
    publish_all(world, make_event())
    publish_all(world, make_event(title="Event 1!"), why=Why.CLARIFIED)
    assert (row(world, "E1").opened, row(world, "E1").changed) == (3, 2)


def test_concurrent_publishers_get_consecutive_editions(database: Settings) -> None:
    with desk_session(database) as session:
        publish_all(session, *a_small_world())
    has_published, may_commit = threading.Event(), threading.Event()
    editions: dict[str, int] = {}

    def slow() -> None:
        with desk_session(database) as session:
            edition = publish_all(session, make_event(1))
            assert edition is not None
            editions["slow"] = edition.no
            has_published.set()
            assert may_commit.wait(MOST_SECONDS)

    def quick() -> None:
        assert has_published.wait(MOST_SECONDS)
        with desk_session(database) as session:
            threading.Timer(0.3, may_commit.set).start()
            edition = publish_all(session, make_event(2), make_event(1))
            assert may_commit.is_set(), "the second publisher must wait for the first to commit"
            assert edition is not None
            editions["quick"] = edition.no

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MOST_SECONDS)
    assert editions == {"slow": 2, "quick": 3}
    with desk_session(database) as session:
        assert written_in(session, session.get(Edition, 3)) == "added E2, reindexed S1"
        assert find_problems(session) == []


def test_failed_publish_leaves_no_rows(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk_session(database) as session:
        publish_all(session, *a_small_world(), make_event())

    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    monkeypatch.setattr("app.record.publishing.publish.insert_rows", fail)
    with pytest.raises(OperationalError), desk_session(database) as session:
        publish_all(
            session,
            make_event(title="Half way"),
            make_event(2, terms="place; paper student"),
        )
    with desk_session(database) as session:
        assert row(session, "E1").payload["form"]["title"] == "Event 1"
        assert session.scalars(select(Edition.no)).all() == [1]
        assert session.scalars(select(EditionCounter.edition)).one() == 1
        assert find_problems(session) == []
