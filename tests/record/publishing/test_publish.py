"""publish(): editions, their rows, concurrency and failures."""

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kinds import RecordForm
from app.record.models import Edition, EditionCounter
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import Merge, Withdrawal, publish
from app.record.publishing.validation import PublishError
from app.record.reads.coverage import find_page_gaps
from app.settings import Settings
from app.vocabulary.record import Why
from tests.conftest import MOST_SECONDS, desk_session
from tests.make import (
    a_small_world,
    make_estimate,
    make_event,
    make_page,
    publish_all,
    withdraw,
)
from tests.support.published_rows import row, rows, written_by, written_in


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


# publish(): withdrawn, restored and merged records ------------------------------------------------


def test_withdrawn_record_keeps_form_and_reason(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2, links="E3 follows"), make_event(3))
    edition = withdraw(world, "E2", "It was reported twice.")
    assert written_in(world, edition) == "reindexed E3 S1, withdrawn E2"
    gone = row(world, "E2")
    assert (gone.state, gone.reason, gone.payload["form"]["title"]) == (
        "withdrawn",
        "It was reported twice.",
        "Event 2",
    )
    assert (gone.terms, gone.plain, gone.sort_day, list(gone.span)) == ([], "", None, [])
    assert rows(world, "E2")[0].state == "live"
    assert row(world, "E3").payload["links_from"] == []


def test_second_withdrawal_needs_new_reason_for_edition(world: Session) -> None:
    publish_all(world, make_event())
    withdraw(world, "E1", "A mistake.")
    assert withdraw(world, "E1", "A mistake.") is None
    assert withdraw(world, "E1", "A mistake of ours.") is not None


def test_withdrawal_without_reason_or_record_is_refused(world: Session) -> None:
    publish_all(world, make_event())
    with pytest.raises(PublishError, match="without a reason"):
        withdraw(world, "E1", " ")
    with pytest.raises(PublishError, match="E9 is not in the record"):
        withdraw(world, "E9")


def test_withdrawn_record_can_be_published_again(world: Session) -> None:
    publish_all(world, make_event())
    withdraw(world, "E1")
    assert (
        written_by(world, make_event(), reason="It was this city after all.")
        == "reindexed S1, updated E1"
    )
    assert (row(world, "E1").state, row(world, "E1").added) == ("live", 2)


def test_merge_into_missing_or_removed_record_is_refused(world: Session) -> None:
    publish_all(world, make_event(1), make_event(2), make_event(3))
    with pytest.raises(PublishError, match="can't be merged into E9"):
        publish(world, (), merged=[Merge("E1", "E9")])
    with pytest.raises(PublishError, match="can't be merged into E1"):
        publish(world, (), merged=[Merge("E1", "E1")])
    with pytest.raises(PublishError, match="can't be merged into E2"):
        publish(world, (), merged=[Merge("E1", "E2"), Merge("E2", "E1")])
    with pytest.raises(PublishError, match="can't be merged into E2"):
        publish(world, (), withdrawn=[Withdrawal("E2", "gone")], merged=[Merge("E1", "E2")])


# publish(): pages must link to records that are published -----------------------------------------


def test_page_is_published_and_keeps_its_former_texts(world: Session) -> None:
    publish_all(world, make_event(), make_page(body="First: [it](E1)."))
    assert written_by(world, make_page(body="Then: [it](E1).")) == "updated U1"
    bodies = [version.payload["form"]["body"] for version in rows(world, "U1")]
    assert bodies == ["First: [it](E1).", "Then: [it](E1)."]
    assert "then: [it](e1)" in row(world, "U1").plain


def test_gaps_name_missing_pages_and_parts(world: Session) -> None:
    assert [gap for gap in find_page_gaps(world) if "Overview" in gap and "Picture" in gap]
    publish_all(
        world,
        make_event(),
        make_page(1, kind="subject", names=[{"text": "Subject"}]),
        make_page(2, kind="picture", places=["place-1"]),
        make_page(3, kind="overview", names=[{"text": "Overview"}]),
        make_page(
            4,
            kind="about",
            names=[{"text": "About us"}],
            sections=[{"part": "publisher", "says": "A foundation."}],
        ),
    )
    [about] = find_page_gaps(world)
    assert about.startswith("“About us” (U4) lacks these parts: Editors, Funding, Contact,")
    assert "Publisher" not in about
